//! Direct, indirect and total effects along the paths of a recursive model.

use nalgebra::DMatrix;

use crate::error::{ErrorKind, Result};
use crate::numeric::number::Number;
use crate::numeric::rounding::settled;
use crate::structural::model::{Model, Shape};

/// What total effects are calculated along: the constructs in the order of causes, each with its predecessors and the
/// numbers of the paths from them.
pub(crate) struct Causes(Vec<(usize, Vec<(usize, usize)>)>);

impl Causes {
    pub(crate) fn of(model: &Model) -> Self {
        let path = |from: usize, to: usize| model.paths().iter().position(|path| *path == (from, to));
        let before = |to: usize| model.predecessors(to).filter_map(|from| Some((from, path(from, to)?))).collect();
        Self(model.order().iter().map(|&to| (to, before(to))).collect())
    }

    /// Total effects T = (I − B)⁻¹ − I of every construct on every other, given the path coefficients in the order of the
    /// model: in `total`, those on one construct after those on another. Effects that cancel are 0. `sizes` is as long, and
    /// holds what the terms add up to without their signs.
    ///
    /// Along the order of causes each row is T_i = b_i + Σ b_ik T_k, so nothing is inverted.
    #[inline(always)]
    pub(crate) fn total_effects<N: Number>(&self, paths: &[N], total: &mut [N], sizes: &mut [N]) {
        let (constructs, zero) = (self.0.len(), total[0].zero());
        total.fill(zero);
        sizes.fill(zero);
        for (to, before) in &self.0 {
            for &(through, path) in before {
                let (coefficient, size) = (paths[path], paths[path].abs());
                for from in 0..constructs {
                    let (onward, sizes_onward) =
                        (total[through * constructs + from], sizes[through * constructs + from]);
                    total[to * constructs + from] += coefficient * onward;
                    sizes[to * constructs + from] += size * sizes_onward;
                }
                total[to * constructs + through] += coefficient;
                sizes[to * constructs + through] += size;
            }
        }
        for (total, size) in total.iter_mut().zip(sizes) {
            *total = settled(*total, *size);
        }
    }
}

/// The total effects of every construct (column) on every other (row), given the path coefficients in the same arrangement.
pub(crate) fn total_effects(model: &Model, paths: &DMatrix<f64>) -> DMatrix<f64> {
    let size = paths.nrows();
    let coefficients: Vec<f64> = model.paths().iter().map(|&(from, to)| paths[(to, from)]).collect();
    let (mut total, mut sizes) = (vec![0.0; size * size], vec![0.0; size * size]);
    Causes::of(model).total_effects(&coefficients, &mut total, &mut sizes);
    DMatrix::from_row_slice(size, size, &total)
}

/// The part of a total effect that does not go along the path itself; 0 where that is rounding.
#[inline(always)]
pub(crate) fn indirect<N: Number>(total: N, direct: N) -> N {
    settled(total - direct, total.abs() + direct.abs())
}

/// What the path coefficients (row acted on, column cause) carry of the correlations of two constructs' causes to a
/// construct: Σ β_to,from r_from,other.
pub(crate) fn carried(
    shape: &Shape,
    paths: &DMatrix<f64>,
    correlations: &DMatrix<f64>,
    (to, other): (usize, usize),
) -> f64 {
    shape.predecessors[to].iter().map(|from| paths[(to, *from)] * correlations[(*from, other)]).sum()
}

/// The correlations of all constructs that follow from those of the exogenous ones by the paths, in the order of causes.
/// `variance` gives that of a construct whose correlations with its causes are known by then.
pub(crate) fn implied_correlations(
    shape: &Shape,
    paths: &DMatrix<f64>,
    exogenous: DMatrix<f64>,
    variance: impl Fn(&DMatrix<f64>, usize) -> f64,
) -> DMatrix<f64> {
    let mut implied = exogenous;
    let (mut known, explained): (Vec<usize>, Vec<usize>) =
        shape.order.iter().partition(|at| shape.predecessors[**at].is_empty());
    for to in explained {
        for other in &known {
            let correlation = carried(shape, paths, &implied, (to, *other));
            implied[(to, *other)] = correlation;
            implied[(*other, to)] = correlation;
        }
        implied[(to, to)] = variance(&implied, to);
        known.push(to);
    }
    implied
}

/// How many directed routes lead from a construct to each construct, those of a single path included.
fn routes(model: &Model, from: usize) -> Vec<f64> {
    let mut count = vec![0.0; model.constructs().len()];
    for &to in model.order() {
        let through: f64 = model.predecessors(to).map(|before| if before == from { 1.0 } else { count[before] }).sum();
        count[to] = through;
    }
    count
}

/// Which pairs (from, to) are joined by a route of two paths or more.
pub(crate) fn indirect_pairs(model: &Model) -> Vec<(usize, usize)> {
    let size = model.constructs().len();
    let mut pairs = Vec::new();
    for from in 0..size {
        let count = routes(model, from);
        let direct = |to| f64::from(u8::from(model.successors(from).any(|after| after == to)));
        pairs.extend((0..size).filter(|to| count[*to] > direct(*to)).map(|to| (from, to)));
    }
    pairs
}

/// Which pairs (from, to) are joined by a route of any length.
pub(crate) fn joined_pairs(model: &Model) -> Vec<(usize, usize)> {
    let size = model.constructs().len();
    (0..size)
        .flat_map(|from| {
            let count = routes(model, from);
            (0..size).filter(move |to| count[*to] > 0.0).map(move |to| (from, to))
        })
        .collect()
}

/// More routes than this say nothing to a reader; a dense model of 30 constructs has over 10⁸.
const MOST_ROUTES: f64 = 10_000.0;

/// Every route of two paths or more, as the constructs that it passes.
///
/// # Errors
///
/// When there are more than 10,000.
pub(crate) fn indirect_routes(model: &Model) -> Result<Vec<Vec<usize>>> {
    let size = model.constructs().len();
    let count: f64 = (0..size).map(|from| routes(model, from).iter().sum::<f64>()).sum();
    if count > MOST_ROUTES {
        return Err(ErrorKind::Domain {
            place: "the number of routes through the model is".into(),
            value: count,
            expected: format!("at most {MOST_ROUTES} for effects route by route"),
        }
        .into());
    }
    let mut found = Vec::new();
    for from in 0..size {
        let mut open = vec![vec![from]];
        while let Some(route) = open.pop() {
            let Some(&last) = route.last() else { continue };
            let onward: Vec<usize> = model.successors(last).collect();
            for after in onward.into_iter().rev() {
                let mut longer = route.clone();
                longer.push(after);
                open.push(longer);
            }
            if route.len() > 2 {
                found.push(route);
            }
        }
    }
    Ok(found)
}
