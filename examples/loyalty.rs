//! Do the satisfied stay? The share of customers who intend to buy again by band of satisfaction, the threshold at which it
//! turns, and the loyalty curve.
//!
//! The 1,500 customers are simulated.

use std::io::Write;
use std::process::ExitCode;

use satindex::Confidence;
use satindex::monitoring::loyalty::{Bands, Isotonic, LogisticCurve, Pairs, ThresholdSearch, TopBoxes};
use satindex::structural::{IndexWeights, Pls, template};
use satindex::survey::{Scale, ThousandPoints};

mod common;

const USAGE: &str = "\
usage: loyalty

Simulates 1,500 customers and prints, by their satisfaction, the share who intend to buy again: in bands, on both sides
of the threshold that separates best, and as a curve.";

fn main() -> ExitCode {
    common::main(USAGE, |arguments, output| {
        common::no_arguments(arguments, USAGE)?;
        loyalty(output)
    })
}

fn loyalty(output: &mut dyn Write) -> common::Outcome {
    let acsi = template::acsi();
    let responses = acsi.population().build()?.likert(&acsi.likert(), 1500, 42)?;
    let fit = Pls::new().fit(&acsi.model(), &responses)?;

    // A customer intends to stay who answers 8, 9 or 10 on how likely another purchase is.
    let satisfaction = fit.index_scores("Satisfaction", IndexWeights::Unstandardised, &responses)?;
    let again = TopBoxes::new(Scale::ONE_TO_TEN, 3)?.read(responses.column("LOY1")?)?;
    let pairs = Pairs::new(satisfaction, again)?;

    let names = ["up to 793", "794 to 853", "854 and above"];
    let shares = Bands::in_points(ThousandPoints::Rescaled, names, [794.0, 854.0])?.shares(&pairs);
    writeln!(output, "{shares}")?;
    for step in shares.differences(Confidence::P95) {
        writeln!(output, "{} less {}: {:.3} {:.3}", step.upper(), step.lower(), step.difference(), step.interval())?;
    }

    writeln!(output, "\n{}", ThresholdSearch::new().step(1.0).seed(1).fit(&pairs)?)?;
    writeln!(output, "{}", Isotonic::new().seed(1).fit(&pairs)?)?;
    let curve = LogisticCurve::fit(&pairs)?;
    writeln!(output, "{curve}")?;
    let (needed, interval) = curve.satisfaction_for(0.7, Confidence::P95)?;
    let interval = interval.map_or_else(String::new, |interval| format!(" {interval:.1}"));
    writeln!(output, "For 70 % to intend to buy again, satisfaction needs to be {needed:.1}{interval}.")?;
    Ok(())
}
