//! Satisfaction index models: survey answers in; a 0–100 index, its weights and its uncertainty out.
//!
//! Every model here turns *what people answered* into *a 0–100 index* through *weights*: experts give the weights
//! ([`ahp`]), the data give them ([`structural`], [`weights`]), or graded opinions are carried through them ([`fuzzy`]).
//!
//! ```
//! use satindex::structural::{Model, Pls};
//! use satindex::survey::{Responses, Scale};
//!
//! let model: Model = "
//!     Satisfaction =~ overall + expectations
//!     Loyalty      =~ again
//!     Loyalty ~ Satisfaction
//! ".parse()?;
//! let answers = [[8, 7, 9], [5, 6, 4], [9, 9, 8], [3, 5, 2], [7, 6, 8]].map(|row| row.map(|a| Some(f64::from(a))));
//! let responses = Responses::from_rows(["overall", "expectations", "again"], &answers)?.with_scale(Scale::ONE_TO_TEN)?;
//!
//! let fit = Pls::new().fit(&model, &responses)?;
//! assert!(fit.path("Satisfaction", "Loyalty")? > 0.8);
//! println!("{:.1}", fit.index("Satisfaction")?);
//! # Ok::<(), satindex::Error>(())
//! ```
//!
//! # Which type answers which question?
//!
//! | question | start from |
//! |---|---|
//! | What is the index of a survey, and what drives it? | [`structural::Pls`] on [`survey::Responses`] |
//! | How sure is that? | [`inference::Bootstrap`]; between groups [`inference::Permutation`] |
//! | May the model be trusted? | [`structural::Fit::report`], [`structural::Fit::verify`] |
//! | Which published model is there ready to use? | [`structural::template`] |
//! | What do experts' judgements weigh? | [`ahp::Judgements`], with groups [`ahp::GroupJudgements`] |
//! | What do the data weigh, or a mere order? | [`weights`] |
//! | What is the index under weights that are given? | [`survey::Hierarchy`] |
//! | What do graded opinions come to? | [`fuzzy::FuzzyEvaluation`] |
//! | How many gave a top answer, how many would recommend? | [`survey::Counts`] |
//! | How many were asked, how many answered? | [`survey::accounting`] |
//! | Which alternative is best under given weights? | [`weights::ranking`] |
//! | What is the index of every question, in every place, period and channel? | [`aggregate::cube`] |
//! | What is the index of an industry, of a nation? | [`aggregate::Aggregation`]; from the interviews on [`aggregate::Programme`] |
//! | What changed, who is ahead, where does one stand? | [`aggregate::Comparison`], [`aggregate::Ranking`] |
//! | Do the satisfied stay? | [`monitoring::loyalty`] |
//! | How do many tests at once go together? | [`Adjustment`] |
//!
//! # The rooms
//!
//! - [`survey`]: what was asked and what was answered.
//! - [`structural`]: cause and effect between constructs; estimation, assessment, simulation.
//! - [`inference`]: how far every number of a fit is known, by resampling.
//! - [`ahp`]: weights from judgements, and how far to trust them.
//! - [`fuzzy`]: graded opinions carried through a hierarchy of weights.
//! - [`aggregate`]: from organisations to a national index, and from period to period.
//! - [`monitoring`]: whether the satisfied stay.
//! - [`weights`]: weights from ranks, from best and worst, from data, from other weights; rankings under weights.
//!
//! They trade in [`Weights`], [`Index`], [`Table`] and [`Error`]. In each room a specification has options, an act
//! (`fit`, `run` or the method's verb) takes the data, and the result answers questions, prints its tables and is written
//! by serde.
//!
//! # Saving and scoring
//!
//! A fit is written with the moments that it is made of. When it is read, it is made of them again, and a file whose figures
//! differ from that is refused. So a fit that was read scores the answers that come later as before:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use satindex::structural::{Fit, IndexWeights, Pls, template};
//!
//! let acsi = template::acsi();
//! let population = acsi.population().build()?;
//! let fit = Pls::new().fit(&acsi.model(), &population.likert(&acsi.likert(), 250, 1)?)?;
//! let saved = serde_json::to_string(&fit)?;
//!
//! let again: Fit = serde_json::from_str(&saved)?;
//! assert_eq!(again.index("Satisfaction")?, fit.index("Satisfaction")?);
//! let new = population.likert(&acsi.likert(), 3, 2)?;
//! let indices: Vec<Option<f64>> = again.index_scores("Satisfaction", IndexWeights::default(), &new)?;
//! assert_eq!(indices.len(), 3);
//! # Ok(())
//! # }
//! ```
//!
//! With `serde_json`, the feature `float_roundtrip` gives the same bits.
//!
//! # Features
//!
//! All are on by default; without them the models remain.
//!
//! - `serde`: every result and specification is written, and every valid one read back.
//! - `parallel`: independent work on all cores, by rayon, with the same bits.
//! - `csv`: answers and judgements from CSV readers.
//! - `dates`: calendar dates among the answers, and the periods that they lie in.

#[macro_use]
mod serial;

mod adjustment;
pub mod aggregate;
pub mod ahp;
mod error;
pub mod fuzzy;
mod index;
pub mod inference;
pub mod monitoring;
mod numeric;
pub mod structural;
pub mod survey;
mod table;
#[cfg(feature = "csv")]
mod text;
mod tree;
pub mod weights;

pub use adjustment::Adjustment;
pub use error::{Error, ErrorKind, Result};
pub use index::{Confidence, Index, Interval};
pub use table::{Column, Table};
pub use weights::Weights;

/// The README's example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
