//! Which judgements to change, so that they are few.

use crate::ahp::judgement::{Judgements, cells, index_pairs};
use crate::ahp::revision::search::{CONSISTENT, Search};
use crate::error::Result;
use crate::numeric::{parallel, rounding};

/// Sets of judgements that are looked at for one size of set.
const SETS: usize = 200_000;

/// Sets of one size whose completion is worked out.
const COMPLETED: usize = 6_000;

/// Arithmetic that is spent on completions, in units of n³: the cost of one. The limit falls smoothly with n, so that no
/// more than a few seconds are spent at any n.
const WORK: u64 = 400_000_000;

/// Sets whose least change in logs is worked out, of those that reach the target.
const COMPARED: usize = 16;

/// How many completions are affordable.
fn affordable(n: usize) -> usize {
    usize::try_from(WORK / (n as u64).pow(3)).map_or(COMPLETED, |count| COMPLETED.min(count + 1))
}

/// The upper triangle after changing the fewest cells, and whether fewer are ruled out.
pub(super) fn fewest(judgements: &Judgements, ci: f64) -> Result<(Vec<f64>, bool)> {
    let all = cells(judgements.len());
    let screen = Screen::of(judgements)?;
    let sizes = (1..=all).take_while(|size| combinations(all, *size).is_some_and(|count| count <= SETS));
    for size in sizes {
        let candidates = subsets(all, size).map(|set| (screen.least_ci(&set), set));
        let mut sets: Vec<(f64, Vec<usize>)> = candidates.filter(|(least, _)| *least <= ci.max(CONSISTENT)).collect();
        sets.sort_by(|a, b| a.0.total_cmp(&b.0));
        let tried = sets.len().min(affordable(judgements.len()));
        let searches = parallel::map(tried, |set| Search::of(judgements, sets[set].1.clone()).ok());
        let mut reaching: Vec<Search> = searches.into_iter().flatten().filter(|search| search.reaches(ci)).collect();
        if reaching.is_empty() && tried == sets.len() {
            continue;
        }
        if reaching.is_empty() {
            break;
        }
        reaching.sort_by(|a, b| a.expected_change(ci).total_cmp(&b.expected_change(ci)));
        let revised = reaching.iter().take(COMPARED).map(|search| search.least_change(ci));
        let distance = |upper: &Vec<f64>| -> f64 {
            upper.iter().zip(judgements.raw_upper()).map(|(revised, given)| (revised / given).ln().powi(2)).sum()
        };
        let nearest = revised.min_by(|a, b| distance(a).total_cmp(&distance(b)));
        return Ok((nearest.unwrap_or_default(), true));
    }
    Ok((few(judgements, ci)?.least_change(ci), false))
}

/// A bound for what freeing a set of cells can achieve, without a completion.
///
/// With ε = aᵢⱼwⱼ/wᵢ, n(λ − n) is Σ(ε + 1/ε − 2) over the pairs, and x + 1/x − 2 ≥ ln²x. So whatever the values of the
/// free cells and the weights, n(λ − n) is at least the residual sum of squares of the other cells in logs,
/// RSS − rᵀ(I − H)⁻¹r with r and H the residuals and the hat matrix of the free cells among all.
struct Screen {
    n: usize,
    pairs: Vec<(usize, usize)>,
    residuals: Vec<f64>,
    total: f64,
}

impl Screen {
    fn of(judgements: &Judgements) -> Result<Self> {
        let residuals = Search::all(judgements)?.into_farthest();
        let total = residuals.iter().map(|r| r * r).sum();
        Ok(Self { n: judgements.len(), pairs: index_pairs(judgements.len()).collect(), residuals, total })
    }

    /// A lower bound for the consistency index when the cells of a set are free.
    fn least_ci(&self, set: &[usize]) -> f64 {
        let size = set.len();
        let mut rest: Vec<f64> = set.iter().map(|cell| self.residuals[*cell]).collect();
        let entry = |at: usize| f64::from(at / size == at % size) - self.hat(set[at / size], set[at % size]);
        let mut matrix: Vec<f64> = (0..size * size).map(entry).collect();
        let mut left = self.total;
        for p in 0..size {
            let pivot = matrix[p * size + p];
            if pivot < 1e-9 {
                // The set cuts something off: nothing is known of its completion.
                return 0.0;
            }
            left -= rest[p] * rest[p] / pivot;
            for q in p + 1..size {
                let factor = matrix[q * size + p] / pivot;
                rest[q] -= factor * rest[p];
                for t in p + 1..size {
                    matrix[q * size + t] -= factor * matrix[p * size + t];
                }
            }
        }
        let n = self.n as f64;
        // Sums of squares are rounded: what is left of them is no proof.
        (left - rounding::ROUNDING * self.total).max(0.0) / (n * (n - 1.0))
    }

    /// The entry of the hat matrix for two pairs of a complete graph.
    fn hat(&self, one: usize, other: usize) -> f64 {
        let ((i, j), (k, l)) = (self.pairs[one], self.pairs[other]);
        let same = |a: usize, b: usize| f64::from(a == b);
        (same(i, k) - same(i, l) - same(j, k) + same(j, l)) / self.n as f64
    }
}

/// The judgements that the geometric mean fits least, as many as reach the target, less those that are not needed.
fn few(judgements: &Judgements, ci: f64) -> Result<Search<'_>> {
    let order = worst_first(judgements)?;
    let search = |count: usize| Search::of(judgements, order[..count].to_vec());
    // λ falls with every cell that is freed; with all but a spanning tree the judgements are consistent.
    let (mut low, mut high) = (0, order.len());
    while high - low > 1 {
        let middle = low.midpoint(high);
        if search(middle)?.reaches(ci) { high = middle } else { low = middle }
    }
    let mut found = search(high)?;
    // The better a judgement fits, the likelier it can stay.
    for cell in order[..high].iter().rev().take(affordable(judgements.len())) {
        let fewer: Vec<usize> = found.free().iter().copied().filter(|free| free != cell).collect();
        let without = Search::of(judgements, fewer)?;
        if without.reaches(ci) {
            found = without;
        }
    }
    Ok(found)
}

/// The cells by how far the geometric mean is off, without those of the spanning tree that it fits best: with these
/// alone everything stays connected.
fn worst_first(judgements: &Judgements) -> Result<Vec<usize>> {
    let n = judgements.len();
    let residuals = Search::all(judgements)?.into_farthest();
    let mut order: Vec<(usize, (usize, usize))> = index_pairs(n).enumerate().collect();
    order.sort_by(|a, b| residuals[a.0].abs().total_cmp(&residuals[b.0].abs()));
    let mut part: Vec<usize> = (0..n).collect();
    order.retain(|(_, (i, j))| {
        let (from, to) = (part[*i], part[*j]);
        for part in part.iter_mut().filter(|part| from != to && **part == from) {
            *part = to;
        }
        from == to
    });
    Ok(order.into_iter().rev().map(|(cell, _)| cell).collect())
}

/// How many subsets of a size there are, where that is a number.
fn combinations(all: usize, size: usize) -> Option<usize> {
    (0..size).try_fold(1_usize, |count, k| Some(count.checked_mul(all - k)? / (k + 1)))
}

/// Every subset of a size, in lexicographic order.
fn subsets(all: usize, size: usize) -> impl Iterator<Item = Vec<usize>> {
    std::iter::successors(Some((0..size).collect::<Vec<usize>>()), move |last| {
        let mut next = last.clone();
        let place = (0..size).rev().find(|place| next[*place] < all - size + place)?;
        let start = next[place] + 1;
        for (offset, cell) in next[place..].iter_mut().enumerate() {
            *cell = start + offset;
        }
        Some(next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_subset_comes_once() {
        assert_eq!(subsets(4, 2).collect::<Vec<_>>(), [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
        assert_eq!(subsets(5, 5).count(), 1);
        assert_eq!(combinations(45, 3), Some(subsets(45, 3).count()));
    }

    #[test]
    fn the_limit_of_work_has_no_jump() {
        for n in 3..400 {
            let (before, after) = (affordable(n), affordable(n + 1));
            assert!(after <= before && 2 * after >= before, "{n}");
        }
    }

    proptest! {
        /// No set is ruled out that a completion would show to reach the target.
        #[test]
        fn the_screen_is_a_lower_bound(
            grades in prop::collection::vec(-8..=8_i32, 15),
            set in prop::sample::subsequence((0..15).collect::<Vec<usize>>(), 1..5),
        ) {
            let ratio = |grade: &i32| if *grade < 0 { 1.0 / f64::from(1 - grade) } else { f64::from(1 + grade) };
            let upper: Vec<f64> = grades.iter().map(ratio).collect();
            let judgements = Judgements::from_upper(["a", "b", "c", "d", "e", "f"], &upper).unwrap();
            let bound = Screen::of(&judgements).unwrap().least_ci(&set);
            if let Ok(search) = Search::of(&judgements, set) {
                prop_assert!(bound == 0.0 || !search.reaches(bound * (1.0 - 1e-9)));
            }
        }
    }
}
