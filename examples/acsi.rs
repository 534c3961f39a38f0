//! From a survey to its satisfaction index in four lines: the shortest complete use of the library.
//!
//! The 250 customers are simulated.
#![allow(clippy::print_stdout, reason = "a program's output")]

use satindex::structural::{Pls, template};

fn main() -> satindex::Result<()> {
    let acsi = template::acsi();
    let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 42)?;
    let fit = Pls::new().fit(&acsi.model(), &responses)?;
    println!("American Customer Satisfaction Index: {:.1}\n", fit.index("Satisfaction")?);
    println!("{}", fit.index_table());
    println!("{}", fit.path_table());
    Ok(())
}
