//! The serialised form of [`Moments`], checked when read.

use serde::{Deserialize, Serialize};

use super::{Moments, published};
use crate::error::{Error, Faults, Result};
use crate::numeric::check;
use crate::numeric::moments::CentredSums;
use crate::survey::indicator::{self, Indicator};

/// The sums as they are; of the symmetric cross-products the lower triangle, row by row.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMoments {
    indicators: Vec<Indicator>,
    rows: usize,
    #[serde(default)]
    rows_dropped: usize,
    #[serde(default)]
    answers_filled: usize,
    #[serde(default)]
    answers_passed_over: usize,
    n: f64,
    means: Option<Vec<f64>>,
    /// What rounding took off the means.
    #[serde(default)]
    remainders: Option<Vec<f64>>,
    cross_products: Vec<f64>,
}

impl From<Moments> for RawMoments {
    fn from(moments: Moments) -> Self {
        let products = &moments.sums.products;
        let triangle = (0..products.nrows()).flat_map(|i| (0..=i).map(move |j| (i, j)));
        Self {
            cross_products: triangle.map(|place| products[place]).collect(),
            rows: moments.rows,
            rows_dropped: moments.rows_dropped,
            answers_filled: moments.answers_filled,
            answers_passed_over: moments.answers_passed_over,
            n: moments.n(),
            means: moments.means_known.then_some(moments.sums.means),
            remainders: moments.means_known.then_some(moments.sums.remainders),
            indicators: moments.indicators,
        }
    }
}

impl TryFrom<RawMoments> for Moments {
    type Error = Error;

    fn try_from(raw: RawMoments) -> Result<Self> {
        let indicators = indicator::distinct(raw.indicators)?;
        let size = indicators.len();
        let means_known = raw.means.is_some();
        let means = raw.means.unwrap_or_else(|| vec![0.0; size]);
        let remainders = raw.remainders.unwrap_or_else(|| vec![0.0; size]);
        check::length(means.len(), size, || "the list of means".into())?;
        check::length(remainders.len(), size, || "the list of remainders".into())?;
        check::length(raw.cross_products.len(), size * (size + 1) / 2, || "the list of cross-products".into())?;
        check::non_negative(raw.n, || "n".into())?;
        let expected = if raw.rows == 0 { "0, as no row was used" } else { "above 0, as rows were used" };
        check::domain(raw.n, (raw.n > 0.0) == (raw.rows > 0), || "n".into(), expected)?;

        let mut sums = CentredSums::new(size);
        sums.weight = raw.n;
        (0..size).for_each(|at| sums.set_mean(at, means[at], remainders[at]));
        let triangle = (0..size).flat_map(|i| (0..=i).map(move |j| (i, j)));
        for ((i, j), product) in triangle.zip(raw.cross_products) {
            sums.products[(i, j)] = product;
            sums.products[(j, i)] = product;
        }
        check_products(&indicators, &sums, raw.rows)?;
        let counts = [raw.rows, raw.rows_dropped, raw.answers_filled, raw.answers_passed_over];
        Self { means_known, ..Self::from_answers(indicators, sums, counts)? }.on_scale()
    }
}

/// Checks that this many rows can have these cross-products.
fn check_products(indicators: &[Indicator], sums: &CentredSums, rows: usize) -> Result<()> {
    let size = indicators.len();
    let mut faults = Faults::default();
    for (i, j) in (0..size).flat_map(|i| (0..=i).map(move |j| (i, j))) {
        let product = sums.products[(i, j)];
        let most = sums.products[(i, i)].max(0.0).sqrt() * sums.products[(j, j)].max(0.0).sqrt();
        let possible = match rows {
            0 | 1 => product == 0.0,
            _ if i == j => product >= 0.0,
            _ => product.abs() <= most * (1.0 + 2.0 * published::ROUNDING),
        };
        let place = || format!("the cross-product of `{}` and `{}`", indicators[i].name(), indicators[j].name());
        faults.check(check::domain(product, possible, place, "what answers can give"));
    }
    faults.or(())
}
