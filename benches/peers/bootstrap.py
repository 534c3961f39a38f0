#!/usr/bin/env python3
"""The bootstrap beside other software, on the same answers, in one run.

    python3 benches/peers/bootstrap.py [RESAMPLES]

Installs plspm 0.5.7 (which needs pandas below 3) into a throw-away environment, takes seminr and cSEM where an R with
them is present, and times each with the mobile-phone model (250 x 24 simulated answers, 7 constructs, 12 paths) and the
same number of resamples (200 unless told otherwise; plspm takes about a tenth of a second for each). plspm runs in one
process, because with several it repeats resamples. Ours is timed as a whole process, reading the file included.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = {
    "Image": ["IMAG1", "IMAG2", "IMAG3", "IMAG4", "IMAG5"],
    "Expectation": ["CUEX1", "CUEX2", "CUEX3"],
    "Quality": ["PERQ1", "PERQ2", "PERQ3", "PERQ4", "PERQ5", "PERQ6", "PERQ7"],
    "Value": ["PERV1", "PERV2"],
    "Satisfaction": ["CUSA1", "CUSA2", "CUSA3"],
    "Complaints": ["CUSCO"],
    "Loyalty": ["CUSL1", "CUSL2", "CUSL3"],
}
PATHS = {
    "Expectation": ["Image"],
    "Quality": ["Expectation"],
    "Value": ["Expectation", "Quality"],
    "Satisfaction": ["Image", "Expectation", "Quality", "Value"],
    "Complaints": ["Satisfaction"],
    "Loyalty": ["Image", "Satisfaction", "Complaints"],
}

PLSPM = """
import json, sys, time
import pandas
from importlib.metadata import version
import plspm.config as config
from plspm.mode import Mode
from plspm.plspm import Plspm
from plspm.scheme import Scheme

blocks, paths, data, resamples = json.load(open(sys.argv[1]))
frame = pandas.read_csv(data)
structure = config.Structure()
for to, causes in paths.items():
    structure.add_path(causes, [to])
model = config.Config(structure.path(), scaled=True)
for name, items in blocks.items():
    model.add_lv(name, Mode.A, *[config.MV(item) for item in items])
start = time.perf_counter()
Plspm(frame, model, Scheme.PATH, 100, 1e-7, bootstrap=True, bootstrap_iterations=resamples, processes=1)
print(json.dumps([version("plspm"), time.perf_counter() - start]))
"""

R = """
blocks <- list({blocks})
data <- read.csv("{data}")
timed <- function(f) {{ s <- proc.time()[["elapsed"]]; f(); proc.time()[["elapsed"]] - s }}
if (requireNamespace("seminr", quietly = TRUE)) {{
  library(seminr)
  mm <- do.call(constructs, lapply(names(blocks), function(n) composite(n, blocks[[n]])))
  sm <- relationships({paths})
  fit <- estimate_pls(data, mm, sm)
  cat("seminr", as.character(packageVersion("seminr")), timed(function() bootstrap_model(fit, nboot = {resamples}, cores = 1)), "\\n")
}}
if (requireNamespace("cSEM", quietly = TRUE)) {{
  fit <- cSEM::csem(data, "{syntax}", .PLS_modes = "modeA", .disattenuate = FALSE)
  cat("cSEM", as.character(packageVersion("cSEM")), timed(function() cSEM::resamplecSEMResults(fit, .R = {resamples})), "\\n")
}}
"""


def simulate(file: Path) -> None:
    """Answers from 1 to 10 that follow the model, by a small generator of our own so that no package is needed."""
    import random

    numbers = random.Random(1)
    rows = []
    for _ in range(250):
        scores = {"Image": numbers.gauss(0, 1)}
        for to, causes in PATHS.items():
            scores[to] = sum(0.6 / len(causes) ** 0.5 * scores[cause] for cause in causes) + numbers.gauss(0, 0.7)
        answers = [7 + 1.8 * (0.8 * scores[name] + 0.6 * numbers.gauss(0, 1)) for name, items in BLOCKS.items() for _ in items]
        rows.append(",".join(str(min(10, max(1, round(answer)))) for answer in answers))
    header = ",".join(item for items in BLOCKS.values() for item in items)
    file.write_text("\n".join([header, *rows]) + "\n")


def syntax() -> str:
    measured = [f"{name} =~ {' + '.join(items)}" for name, items in BLOCKS.items()]
    return "\n".join(measured + [f"{to} ~ {' + '.join(causes)}" for to, causes in PATHS.items()])


def ours(data: Path, model: Path, resamples: int) -> float:
    build = ["cargo", "build", "--release", "--quiet", "--example", "estimate"]
    subprocess.run(build, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    command = [target / "release" / "examples" / "estimate", data, model, "--scale", "1,10", "--seed", "1", "--json"]
    command += ["--bootstrap", str(resamples)]
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    return best


def plspm(folder: Path, data: Path, resamples: int) -> tuple[str, float]:
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    python = folder / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "plspm==0.5.7", "pandas<3"], check=True)
    (folder / "task.json").write_text(json.dumps([BLOCKS, PATHS, str(data), resamples]))
    (folder / "peer.py").write_text(PLSPM)
    done = subprocess.run([python, folder / "peer.py", folder / "task.json"], check=True, capture_output=True, text=True)
    version, seconds = json.loads(done.stdout.splitlines()[-1])
    return f"plspm {version} (Python, one process)", seconds


def with_r(folder: Path, data: Path, resamples: int) -> list[tuple[str, float]]:
    if shutil.which("Rscript") is None:
        return []
    blocks = ", ".join(f"{name} = c({', '.join(map(repr, items))})" for name, items in BLOCKS.items())
    paths = ", ".join(f"paths(from = c({', '.join(map(repr, causes))}), to = {to!r})" for to, causes in PATHS.items())
    script = R.format(blocks=blocks, paths=paths, data=data, resamples=resamples, syntax=syntax().replace("=~", "<~"))
    (folder / "peers.R").write_text(script)
    done = subprocess.run(["Rscript", folder / "peers.R"], check=True, capture_output=True, text=True)
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith(("seminr ", "cSEM "))]
    return [(f"{name} {version}", float(seconds)) for name, version, seconds in lines]


def main() -> None:
    resamples = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, model = folder / "data.csv", folder / "model.txt"
        simulate(data)
        model.write_text(syntax() + "\n")
        own = ours(data, model, resamples)
        rows = [plspm(folder, data, resamples), *with_r(folder, data, resamples)]
    print(f"{resamples} resamples, {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}\n")
    print("| software | seconds | times ours |\n|---|---:|---:|")
    print(f"| satindex (whole process, all cores) | {own:.4f} | 1 |")
    for software, seconds in rows:
        print(f"| {software} | {seconds:.2f} | {seconds / own:.0f} |")


if __name__ == "__main__":
    main()
