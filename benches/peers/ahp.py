#!/usr/bin/env python3
"""Judgements to weights and consistency ratios beside other software, on the same kinds of judgements, in one run.

    python3 benches/peers/ahp.py [RESPONDENTS]

Installs AHPy 2.1 and numpy 2.4.6 into a throw-away environment and times, for 15 x 15 matrices on one thread: AHPy (weights
and CR of each matrix, from its dictionary of pairs), numpy's batched eigenvectors, a batched power iteration in numpy to a
residual of 1e-14, and numpy's batched geometric mean; then `cargo bench --bench ahp`. The peers are timed for RESPONDENTS
matrices (10,000 unless told otherwise), ours for 10,000; all are given per 10,000. Each figure is the least of several runs,
except AHPy's, which is of one.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZE = 15

PEERS = """
import json, sys, time
from importlib.metadata import version
import ahpy
import numpy as np

n, respondents = int(sys.argv[1]), int(sys.argv[2])
rows, columns = np.triu_indices(n, 1)

def matrices(kind):
    numbers = np.random.default_rng(1)
    if kind == "random":
        grades = numbers.integers(-8, 9, size=(respondents, len(rows)))
        upper = np.where(grades < 0, 1 / (1.0 + np.abs(grades)), 1.0 + np.abs(grades))
    else:
        logs = 0.7 * numbers.standard_normal((respondents, n))
        ratio = np.exp(logs[:, rows] - logs[:, columns] + 0.3 * numbers.standard_normal((respondents, len(rows))))
        down = 1 / np.minimum(np.round(np.maximum(1 / ratio, 1)), 9)
        upper = np.where(ratio < 1, down, np.minimum(np.round(ratio), 9))
    full = np.ones((respondents, n, n))
    full[:, rows, columns] = upper
    full[:, columns, rows] = 1 / upper
    return full

def eigenvectors(full):
    values, vectors = np.linalg.eig(full)
    largest = values.real.argmax(axis=1)
    each = np.arange(len(full))
    weights = np.abs(vectors[each, :, largest].real)
    return weights / weights.sum(axis=1, keepdims=True), (values.real[each, largest] - n) / (n - 1) / 1.59

def power_iteration(full):
    x = np.full((len(full), n), 1 / n)
    while True:
        y = (full @ x[:, :, None])[:, :, 0]
        ratio = y.sum(axis=1, keepdims=True)
        if np.all(np.abs(y - ratio * x) <= 1e-14 * ratio * x):
            return x, (ratio[:, 0] - n) / (n - 1) / 1.59
        x = y / ratio

def geometric_mean(full):
    weights = np.exp(np.log(full).mean(axis=2))
    return weights / weights.sum(axis=1, keepdims=True)

def with_ahpy(full):
    names = [str(at) for at in range(n)]
    for matrix in full:
        pairs = {(names[i], names[j]): matrix[i, j] for i, j in zip(rows, columns)}
        solved = ahpy.Compare("judgements", pairs, random_index="saaty")
        solved.target_weights, solved.consistency_ratio

def timed(work, runs):
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best

for kind in ["careful", "random"]:
    full = matrices(kind)
    for name, work, runs in [
        (f"AHPy {version('ahpy')}, weights and CR", with_ahpy, 1),
        (f"numpy {version('numpy')} eigenvectors and CR", eigenvectors, 3),
        (f"numpy {version('numpy')} power iteration and CR", power_iteration, 5),
        (f"numpy {version('numpy')} geometric mean", geometric_mean, 20),
    ]:
        print(json.dumps([kind, name, timed(lambda: work(full), runs) * 10_000 / respondents]), flush=True)
"""


def peers(folder: Path, respondents: int) -> list[tuple[str, str, float]]:
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    python = folder / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "ahpy==2.1", "numpy==2.4.6"], check=True)
    (folder / "peers.py").write_text(PEERS)
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [python, folder / "peers.py", str(SIZE), str(respondents)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True, env=one_thread).stdout.splitlines()
    return [tuple(json.loads(line)) for line in lines]


def ours() -> dict[tuple[str, str], float]:
    command = ["cargo", "bench", "--quiet", "--bench", "ahp", "--", "--json"]
    lines = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    figures = [json.loads(line) for line in lines if line.startswith("{")]
    on_one = [figure for figure in figures if figure["n"] == SIZE and figure["threads"] == "one thread"]
    return {(figure["kind"], figure["what"]): figure["seconds"] for figure in on_one}


def main() -> None:
    respondents = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    found = ours()
    with tempfile.TemporaryDirectory() as folder:
        others = peers(Path(folder), respondents)
    # Once more, lest one of the two had the quieter machine.
    again = ours()
    for kind in ["careful", "random"]:
        mine = {what: min(found[kind, what], again[kind, what]) for (of, what) in found if of == kind}
        print(f"10,000 matrices of {SIZE} x {SIZE}, {kind} respondents, one thread")
        for what in ["eigenvector with CR", "geometric mean with CR", "geometric mean"]:
            print(f"  {'satindex ' + what:45} {1e3 * mine[what]:10.2f} ms")
        for of, name, seconds in others:
            if of == kind:
                against = "geometric mean" if "geometric mean" in name else "eigenvector with CR"
                print(f"  {name:45} {1e3 * seconds:10.2f} ms  {seconds / mine[against]:8.1f} times our {against}")


if __name__ == "__main__":
    main()
