//! The random index: the mean consistency index of judgements made by rolling dice.

use std::fmt;
use std::str::FromStr;

use rand::RngExt;

use crate::ahp::excess::excess;
use crate::ahp::judgement::{cells, index_pairs};
use crate::ahp::priority;
use crate::error::{Error, Result};
use crate::numeric::random::stream;
use crate::numeric::{check, parallel};
use crate::serial;

/// A table of random indices RI(n), by which CR = CI / RI judges a consistency index.
///
/// The tables differ because they were simulated with a few hundred to a few hundred thousand matrices; the ratios
/// differ by up to a fifth at n = 3. Beyond its last entry every table goes on with
/// [`RandomIndex::Regression`], which holds for any n.
///
/// # Examples
///
/// ```
/// use satindex::ahp::RandomIndex;
///
/// assert_eq!(RandomIndex::Saaty.value(5), 1.11);
/// assert_eq!("donegan-dodd".parse::<RandomIndex>()?.value(22), 1.5371 + 0.4 * (1.5619 - 1.5371));
/// assert_eq!(RandomIndex::Saaty.value(2), 0.0);
/// assert_eq!(format!("{:.4}", RandomIndex::Saaty.value(400)), "1.7634");
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case", deny_unknown_fields)
)]
#[non_exhaustive]
#[doc(alias = "RI")]
pub enum RandomIndex {
    /// Saaty (2005), *Theory and Applications of the Analytic Network Process*, p. 31: to n = 15.
    #[default]
    Saaty,
    /// Saaty (1980), *The Analytic Hierarchy Process*: to n = 15. Its value for 12 is below that for 11, as printed.
    #[cfg_attr(feature = "serde", serde(rename = "saaty_1980"))]
    Saaty1980,
    /// Alonso & Lamata (2006), doi:10.1142/S0218488506004114, 100,000 matrices: to n = 15.
    AlonsoLamata,
    /// Alonso & Lamata's regression of the mean λ, 2.7699n − 4.3513, for any n: RI = (1.7699n − 4.3513)/(n − 1).
    Regression,
    /// Donegan & Dodd (1991), doi:10.1016/0895-7177(91)90098-R: to n = 20 and in steps to 100, linear in between.
    DoneganDodd,
    /// Tummala & Ling (1998), Theory and Decision 44, 221–230: to n = 15.
    TummalaLing,
    /// The exact mean over all 17^(n(n−1)/2) matrices on Saaty's scale for n = 3 and 4, Alonso & Lamata's table from 5 on.
    Exact,
    /// A simulation of one's own: see [`Simulation`]. The value is computed anew at every call.
    Simulated {
        /// How many matrices; 0 counts as 1.
        samples: u32,
        /// The seed of the random numbers.
        seed: u64,
    },
}

const SAATY: [f64; 13] = [0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59];
const SAATY_1980: [f64; 13] = [0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59];
const ALONSO_LAMATA: [f64; 13] =
    [0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854, 1.5141, 1.5365, 1.5551, 1.5713, 1.5838];
const TUMMALA_LING: [f64; 13] =
    [0.5799, 0.8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537, 1.4882, 1.5117, 1.5356, 1.5571, 1.5714, 1.5831];
const DONEGAN_DODD: [f64; 18] = [
    0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213, 1.4497, 1.4643, 1.4822, 1.4969, 1.5078,
    1.5153, 1.5262, 1.5313, 1.5371,
];
/// From n = 20 on: (n, RI).
const DONEGAN_DODD_STEPS: [(usize, f64); 10] = [
    (20, 1.5371),
    (25, 1.5619),
    (30, 1.5772),
    (40, 1.5976),
    (50, 1.6102),
    (60, 1.6178),
    (70, 1.6237),
    (80, 1.6277),
    (90, 1.6213),
    (100, 1.6339),
];
/// n = 3 by enumeration of 17³ matrices, n = 4 of 17⁶.
const EXACT: [f64; 2] = [0.524_457_454_291_228_6, 0.884_158_000_696_941_7];

impl RandomIndex {
    const NAMED: [(Self, &'static str); 7] = [
        (Self::Saaty, "saaty"),
        (Self::Saaty1980, "saaty_1980"),
        (Self::AlonsoLamata, "alonso_lamata"),
        (Self::Regression, "regression"),
        (Self::DoneganDodd, "donegan_dodd"),
        (Self::TummalaLing, "tummala_ling"),
        (Self::Exact, "exact"),
    ];

    /// RI(n); 0 for n < 3, where nothing can be inconsistent.
    pub fn value(self, n: usize) -> f64 {
        if n < 3 {
            return 0.0;
        }
        let from_3 = |table: &[f64]| table.get(n - 3).copied();
        let known = match self {
            Self::Saaty => from_3(&SAATY),
            Self::Saaty1980 => from_3(&SAATY_1980),
            Self::AlonsoLamata => from_3(&ALONSO_LAMATA),
            Self::TummalaLing => from_3(&TUMMALA_LING),
            Self::Exact => from_3(&EXACT).or(from_3(&ALONSO_LAMATA)),
            Self::DoneganDodd => from_3(&DONEGAN_DODD).or(interpolated(&DONEGAN_DODD_STEPS, n)),
            Self::Simulated { samples, seed } => Some(Simulation::of(n, samples, seed).random_index),
            Self::Regression => None,
        };
        let size = n as f64;
        known.unwrap_or_else(|| (1.7699 * size - 4.3513) / (size - 1.0))
    }

    /// RI(n) for judgements of which `unknown` are missing, completed so that λ is least:
    /// RI(n)·(1 − 2·unknown / ((n − 1)(n − 2))), 0 where the judgements have no circle.
    ///
    /// Ágoston & Csató (2022), doi:10.1016/j.omega.2021.102576, who found the dependence on the gaps nearly linear.
    pub fn value_with_gaps(self, n: usize, unknown: usize) -> f64 {
        if n < 3 {
            return 0.0;
        }
        let circles = (n - 1) * (n - 2) / 2;
        self.value(n) * (circles.saturating_sub(unknown) as f64 / circles as f64)
    }
}

/// The value at n between two steps.
pub(super) fn interpolated(steps: &[(usize, f64)], n: usize) -> Option<f64> {
    let above = steps.iter().position(|(size, _)| *size >= n)?;
    let (high, at_high) = steps[above];
    let (low, at_low) = steps[above.saturating_sub(1)];
    let share = if high > low { (n.max(low) - low) as f64 / (high - low) as f64 } else { 1.0 };
    Some(at_low + share * (at_high - at_low))
}

impl fmt::Display for RandomIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Simulated { samples, seed } => write!(f, "simulated ({samples} matrices, seed {seed})"),
            table => {
                let name = Self::NAMED.iter().find(|(named, _)| named == table).map_or("", |(_, name)| name);
                f.pad(&name.replace('_', " "))
            }
        }
    }
}

impl FromStr for RandomIndex {
    type Err = Error;

    /// The name of a table in any case, with underscores, hyphens, spaces or nothing between its words; `saaty_2005` for
    /// [`RandomIndex::Saaty`]; `simulated` for 100,000 matrices and seed 1.
    fn from_str(text: &str) -> Result<Self> {
        let more = [(Self::Saaty, "saaty_2005"), (Self::Simulated { samples: 100_000, seed: 1 }, "simulated")];
        let (tables, names): (Vec<Self>, Vec<&str>) = Self::NAMED.into_iter().chain(more).unzip();
        serial::find(text, "random index", &names).map(|at| tables[at])
    }
}

/// Judgements drawn at random from Saaty's scale, 1/9, …, 1/2, 1, 2, …, 9, and how consistent they come out.
///
/// # Examples
///
/// ```
/// use satindex::ahp::random_index::Simulation;
///
/// let simulation = Simulation::run(3, 2_000, 7)?;
/// let exact = 0.524_457;
/// assert!((simulation.random_index() - exact).abs() < 3.0 * simulation.std_error());
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Simulation {
    n: usize,
    samples: u32,
    seed: u64,
    random_index: f64,
    std_error: f64,
}

checked_when_read!(Simulation);

/// Matrices drawn from one stream of random numbers, so that the result does not depend on the number of threads.
const BLOCK: usize = 1024;

impl Simulation {
    /// Draws `samples` matrices of size n.
    ///
    /// # Errors
    ///
    /// No sample; n above 2000.
    pub fn run(n: usize, samples: u32, seed: u64) -> Result<Self> {
        check::domain(f64::from(samples), samples > 0, || "the number of samples".into(), "at least 1")?;
        check::domain(n as f64, n <= 2000, || "the size of the matrices".into(), "at most 2000")?;
        Ok(Self::of(n, samples, seed))
    }

    fn of(n: usize, samples: u32, seed: u64) -> Self {
        let samples = samples.max(1);
        let count = samples as usize;
        let sums = parallel::map(count.div_ceil(BLOCK), |block| {
            sample(n, BLOCK.min(count - block * BLOCK), seed, block as u64)
        });
        let (sum, squares) = sums.iter().fold((0.0, 0.0), |sum, block| (sum.0 + block.0, sum.1 + block.1));
        let count = f64::from(samples);
        let mean = sum / count;
        let variance = if samples > 1 { (squares - sum * mean).max(0.0) / (count - 1.0) } else { 0.0 };
        Self { n, samples, seed, random_index: mean, std_error: (variance / count).sqrt() }
    }

    /// The mean consistency index; 0 for n < 3.
    pub fn random_index(&self) -> f64 {
        self.random_index
    }

    /// The standard error of that mean.
    pub fn std_error(&self) -> f64 {
        self.std_error
    }

    /// The size of the matrices.
    pub fn n(&self) -> usize {
        self.n
    }

    /// How many there were.
    pub fn samples(&self) -> u32 {
        self.samples
    }

    /// The seed of the random numbers.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    fn check(&self) -> Result<()> {
        check::domain(f64::from(self.samples), self.samples > 0, || "the number of samples".into(), "at least 1")?;
        serial::not_negative("a figure", &[self.random_index, self.std_error])
    }
}

/// Sum and sum of squares of the consistency indices of random matrices.
fn sample(n: usize, samples: usize, seed: u64, number: u64) -> (f64, f64) {
    if n < 3 {
        return (0.0, 0.0);
    }
    let mut random = stream(seed, number);
    let mut upper = vec![1.0; cells(n)];
    let mut matrix = vec![1.0; n * n];
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..samples {
        for ((i, j), ratio) in index_pairs(n).zip(&mut upper) {
            let grade: i32 = random.random_range(-8..=8);
            let step = f64::from(grade.abs() + 1);
            *ratio = if grade < 0 { 1.0 / step } else { step };
            matrix[i * n + j] = *ratio;
            matrix[j * n + i] = 1.0 / *ratio;
        }
        // Entries from 1/9 to 9 always converge.
        let Ok(w) = priority::eigenvector(&matrix, n) else { continue };
        let size = n as f64;
        let index = excess(&upper, &w) / (size * (size - 1.0));
        sum += index;
        squares += index * index;
    }
    (sum, squares)
}
