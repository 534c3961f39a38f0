//! Which judgements to change, so that they are few.

use crate::ahp::judgement::{Judgements, cells, index_pairs};
use crate::ahp::revision::search::Search;
use crate::error::Result;
use crate::numeric::parallel;

/// Sets of judgements that are tried for one size of set.
const SETS: usize = 6_000;

/// Arithmetic that is spent on one size of set, in units of n³: the cost of one completion.
const WORK: u64 = 5_000_000_000;

/// Sets whose least change in logs is worked out, of those that reach the target.
const COMPARED: usize = 16;

/// How many completions are affordable.
fn affordable(n: usize) -> usize {
    usize::try_from(WORK / (n as u64).pow(3)).map_or(SETS, |count| SETS.min(count + 1))
}

/// The upper triangle after changing the fewest cells, and whether fewer are ruled out.
pub(super) fn fewest(judgements: &Judgements, ci: f64) -> Result<(Vec<f64>, bool)> {
    let all = cells(judgements.len());
    let affordable = affordable(judgements.len());
    let sizes = (1..=all).take_while(|size| combinations(all, *size).is_some_and(|count| count <= affordable));
    for size in sizes {
        let sets = subsets(all, size);
        let searches = parallel::map(sets.len(), |set| Search::of(judgements, sets[set].clone()).ok());
        let mut reaching: Vec<Search> = searches.into_iter().flatten().filter(|search| search.reaches(ci)).collect();
        if reaching.is_empty() {
            continue;
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
    if high > affordable(judgements.len()) {
        return Ok(found);
    }
    // The better a judgement fits, the likelier it can stay.
    for cell in order[..high].iter().rev() {
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
fn subsets(all: usize, size: usize) -> Vec<Vec<usize>> {
    let mut sets = vec![(0..size).collect::<Vec<usize>>()];
    while let Some(last) = sets.last() {
        let mut next = last.clone();
        let Some(place) = (0..size).rev().find(|place| next[*place] < all - size + place) else { break };
        let start = next[place] + 1;
        for (offset, cell) in next[place..].iter_mut().enumerate() {
            *cell = start + offset;
        }
        sets.push(next);
    }
    sets
}
