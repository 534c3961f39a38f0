//! From a survey to its satisfaction index in four lines: the shortest complete use of the library.
//!
//! The 250 customers are simulated.

use std::process::ExitCode;

use satindex::structural::{Pls, template};

mod common;

const USAGE: &str = "\
usage: acsi

Simulates 250 customers, fits the model of the American Customer Satisfaction Index to their answers, and prints the
index and the path coefficients.";

fn main() -> ExitCode {
    common::main(USAGE, |arguments, output| {
        common::no_arguments(arguments, USAGE)?;
        let acsi = template::acsi();
        let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 42)?;
        let fit = Pls::new().fit(&acsi.model(), &responses)?;
        writeln!(output, "American Customer Satisfaction Index: {:.1}\n", fit.index("Satisfaction")?)?;
        writeln!(output, "{}", fit.index_table())?;
        writeln!(output, "{}", fit.path_table())?;
        Ok(())
    })
}
