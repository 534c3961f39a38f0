//! The best division of the cells into runs of neighbours.

use crate::monitoring::loyalty::cells::Cells;
use crate::monitoring::loyalty::threshold::Criterion;

/// Sums over the cells before each place.
struct Sums {
    weights: Vec<f64>,
    yes: Vec<f64>,
}

impl Sums {
    fn new(cells: &Cells) -> Self {
        Self { weights: sums(&cells.weights), yes: sums(&cells.yes) }
    }

    fn weight(&self) -> f64 {
        self.weights.last().copied().unwrap_or_default()
    }

    fn all_yes(&self) -> f64 {
        self.yes.last().copied().unwrap_or_default()
    }
}

fn sums(values: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let running = values.iter().map(|value| {
        sum += value;
        sum
    });
    std::iter::once(0.0).chain(running).collect()
}

/// What a run of cells adds to the criterion.
fn gain(criterion: Criterion, sums: &Sums, from: usize, to: usize) -> f64 {
    let weight = sums.weights[to] - sums.weights[from];
    let yes = (sums.yes[to] - sums.yes[from]).clamp(0.0, weight);
    match criterion {
        Criterion::Variance => yes * (yes / weight),
        Criterion::Likelihood => entropy(yes) + entropy(weight - yes) - entropy(weight),
        // J = P(below the cut | no) − P(below the cut | yes): all of it is in the lower run.
        Criterion::Youden if from == 0 => (weight - yes) / (sums.weight() - sums.all_yes()) - yes / sums.all_yes(),
        Criterion::Youden => 0.0,
    }
}

/// x·ln x
fn entropy(x: f64) -> f64 {
    if x > 0.0 { x * x.ln() } else { 0.0 }
}

/// Where the best division cuts (each run begins at the cell of this number) and the value of the criterion, from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Partition {
    pub(super) starts: Vec<usize>,
    pub(super) value: f64,
}

/// The best division into one run more than there are `cuts`, each with at least this share of the weight; `None` where
/// there is no such division or everybody has the same intention.
///
/// By dynamic programming over the cell at which a run ends (Bellman 1961; Fisher 1958): exact, in time of the order of
/// cuts × cells². Of divisions that are equally good it is the one with the lowest cuts.
pub(super) fn best(cells: &Cells, criterion: Criterion, cuts: usize, least_share: f64) -> Option<Partition> {
    let (sums, count) = (Sums::new(cells), cells.len());
    if sums.all_yes() <= 0.0 || sums.all_yes() >= sums.weight() || cuts >= count {
        return None;
    }
    // A run that has its share but for rounding has it.
    let least = least_share * sums.weight() * (1.0 - 1e-12);
    let enough = |from: usize, to: usize| sums.weights[to] - sums.weights[from] >= least;
    // The best value of the cells before each place, and where the last run before it begins.
    let mut values: Vec<f64> = (0..=count)
        .map(|to| if to > 0 && enough(0, to) { gain(criterion, &sums, 0, to) } else { f64::NEG_INFINITY })
        .collect();
    let mut begins = Vec::with_capacity(cuts);
    for cut in 1..=cuts {
        let mut begin = vec![0; count + 1];
        let mut next = vec![f64::NEG_INFINITY; count + 1];
        // Only the last run must end at the last cell.
        let ends = if cut == cuts { count..=count } else { cut + 1..=count };
        for to in ends {
            let from = (cut..to).take_while(|from| enough(*from, to)).filter(|from| values[*from].is_finite());
            for from in from {
                let value = values[from] + gain(criterion, &sums, from, to);
                if value > next[to] {
                    (next[to], begin[to]) = (value, from);
                }
            }
        }
        values = next;
        begins.push(begin);
    }
    let value = values[count];
    if !value.is_finite() {
        return None;
    }
    let mut starts = vec![count];
    for begin in begins.iter().rev() {
        starts.push(begin[starts[starts.len() - 1]]);
    }
    starts.reverse();
    starts.pop();
    Some(Partition { starts, value: share(criterion, &sums, value) })
}

/// The criterion as a share of what a perfect division would reach.
fn share(criterion: Criterion, sums: &Sums, value: f64) -> f64 {
    let (weight, yes) = (sums.weight(), sums.all_yes());
    let share = match criterion {
        Criterion::Variance => (value - yes * (yes / weight)) / (yes * (1.0 - yes / weight)),
        Criterion::Likelihood => {
            let none = entropy(yes) + entropy(weight - yes) - entropy(weight);
            (none - value) / none
        }
        Criterion::Youden => value,
    };
    // Youden's index may be negative: those below the cut say yes more often.
    share.clamp(if criterion == Criterion::Youden { -1.0 } else { 0.0 }, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(counts: &[(u8, u8)]) -> Cells {
        Cells {
            values: (0..counts.len()).map(|at| at as f64).collect(),
            weights: counts.iter().map(|(no, yes)| f64::from(*no) + f64::from(*yes)).collect(),
            yes: counts.iter().map(|(_, yes)| f64::from(*yes)).collect(),
            ..Cells::default()
        }
    }

    /// Every division into runs of at least the least weight.
    fn all(cells: &Cells, cuts: usize, least: f64, from: usize) -> Vec<Vec<usize>> {
        let weight = |from: usize, to: usize| cells.weights[from..to].iter().sum::<f64>();
        if cuts == 0 {
            return if weight(from, cells.len()) >= least { vec![Vec::new()] } else { Vec::new() };
        }
        let mut found = Vec::new();
        for cut in (from + 1..cells.len()).filter(|cut| weight(from, *cut) >= least) {
            for rest in all(cells, cuts - 1, least, cut) {
                found.push([vec![cut], rest].concat());
            }
        }
        found
    }

    /// The criterion from its definition, run by run.
    fn by_definition(cells: &Cells, criterion: Criterion, starts: &[usize]) -> f64 {
        let bounds: Vec<usize> = [0].into_iter().chain(starts.iter().copied()).chain([cells.len()]).collect();
        let total: f64 = cells.weights.iter().sum();
        let p = cells.yes.iter().sum::<f64>() / total;
        let deviance = |p: f64| if p > 0.0 && p < 1.0 { p * p.ln() + (1.0 - p) * (1.0 - p).ln() } else { 0.0 };
        let mut runs = bounds.windows(2).map(|pair| {
            let weight: f64 = cells.weights[pair[0]..pair[1]].iter().sum();
            (weight, cells.yes[pair[0]..pair[1]].iter().sum::<f64>() / weight)
        });
        match criterion {
            Criterion::Variance => runs.map(|(w, q)| w * (q - p) * (q - p)).sum::<f64>() / (total * p * (1.0 - p)),
            Criterion::Likelihood => 1.0 - runs.map(|(w, q)| w * deviance(q)).sum::<f64>() / (total * deviance(p)),
            Criterion::Youden => {
                let (w, q) = runs.next_back().unwrap();
                w * q / (total * p) - w * (1.0 - q) / (total * (1.0 - p))
            }
        }
    }

    proptest! {
        #[test]
        fn the_best_division_is_found(
            counts in proptest::collection::vec((0_u8..4, 0_u8..4), 2..9),
            cuts in 1_usize..4,
            least in 0.0..0.4,
        ) {
            let counts: Vec<(u8, u8)> = counts.into_iter().map(|(no, yes)| if no + yes == 0 { (1, 0) } else { (no, yes) }).collect();
            let cells = cells(&counts);
            let (total, yes) = (cells.weights.iter().sum::<f64>(), cells.yes.iter().sum::<f64>());
            for criterion in [Criterion::Variance, Criterion::Likelihood, Criterion::Youden] {
                if criterion == Criterion::Youden && cuts > 1 {
                    continue;
                }
                let divisions = if yes > 0.0 && yes < total { all(&cells, cuts, least * total, 0) } else { Vec::new() };
                let values = divisions.iter().map(|starts| by_definition(&cells, criterion, starts));
                let expected = values.reduce(f64::max);
                let found = best(&cells, criterion, cuts, least);
                prop_assert_eq!(found.is_some(), expected.is_some());
                if let (Some(found), Some(expected)) = (found, expected) {
                    prop_assert!((found.value - expected).abs() < 1e-12);
                    prop_assert!((by_definition(&cells, criterion, &found.starts) - expected).abs() < 1e-12);
                }
            }
        }
    }
}
