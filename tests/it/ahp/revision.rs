//! The judgements that fit least, and how little must change.

use approx::assert_relative_eq;
use satindex::ahp::{Judgements, LeastChange, Method, RandomIndex};

fn labelled(upper: &[&str]) -> Judgements {
    let n = (1..100).find(|n| n * (n - 1) / 2 >= upper.len()).unwrap();
    Judgements::from_text((0..n).map(|i| format!("c{i}")), upper).unwrap()
}

/// Judgements, the least distance in logs to CR ≤ 0.1 by Saaty's table of 2005, and the fewest cells that reach it with
/// the distance and the values then: scipy 1.16, SLSQP with analytic gradients; for the cells over all sets of the size.
struct Least {
    upper: &'static [&'static str],
    distance: f64,
    cells: &'static [(&'static str, &'static str, f64)],
    cell_distance: f64,
}

const LEAST: [Least; 4] = [
    // Saaty (1977), optics, first trial.
    Least {
        upper: &["5", "6", "7", "4", "6", "4"],
        distance: 0.207_979_625_39,
        cells: &[("c0", "c3", 10.562_455_83)],
        cell_distance: 0.411_395_662_12,
    },
    // Johnson, Beine & Wang (1979).
    Least {
        upper: &["3", "1/3", "1/2", "1/6", "2", "1"],
        distance: 0.765_997_666_35,
        cells: &[("c1", "c3", 0.661_444_027)],
        cell_distance: 1.106_477_094_60,
    },
    // Tekile et al. (2023), participant 10.
    Least {
        upper: &["1/2", "3", "2", "5", "5", "4", "2", "2", "2", "4"],
        distance: 0.213_170_160_89,
        cells: &[("c1", "c4", 2.810_603_43)],
        cell_distance: 0.340_252_023_72,
    },
    // Made up, by a rule; no single judgement would do.
    Least {
        upper: &[
            "2", "1", "1", "3", "1/2", "2", "6", "9", "1/2", "1", "1", "3", "3", "1/3", "9", "2", "1", "1", "3", "4",
            "6", "2", "2", "1", "4", "6", "2", "2", "2", "1/6", "2", "2", "3", "1/3", "3", "3",
        ],
        distance: 1.505_244_075_18,
        cells: &[("c1", "c7", 1.193_742_677), ("c4", "c8", 1.450_946_547)],
        cell_distance: 2.512_014_254_99,
    },
];

#[test]
fn the_least_change_is_least() {
    for least in LEAST {
        let judgements = labelled(least.upper);
        let revise = |least| judgements.revised(0.1, RandomIndex::Saaty, least).unwrap();
        let logs = revise(LeastChange::Logs);
        // The optimum is flat: SLSQP stops within 1e-8 of it.
        assert_relative_eq!(logs.distance(), least.distance, max_relative = 1e-7);
        assert!(logs.cr_after() <= 0.1 && logs.cr_after() > 0.1 - 1e-8);
        let cells = revise(LeastChange::Cells);
        assert!(cells.is_fewest());
        assert_relative_eq!(cells.distance(), least.cell_distance, max_relative = 1e-7);
        let found: Vec<_> = cells.changes().iter().map(|change| (change.row(), change.column())).collect();
        assert_eq!(found, least.cells.iter().map(|cell| (cell.0, cell.1)).collect::<Vec<_>>());
        for (change, cell) in cells.changes().iter().zip(least.cells) {
            assert_relative_eq!(change.revised(), cell.2, max_relative = 1e-7);
        }
        let before = judgements.priorities(Method::Eigenvector).unwrap().ci();
        for misfit in judgements.misfits(usize::MAX).unwrap() {
            assert!(misfit.ci() <= before * (1.0 + 1e-12));
        }
    }
}

/// Judgements thrown by dice.
fn thrown(n: usize, seed: u64) -> Judgements {
    let mut state = seed;
    let upper = (0..n * (n - 1) / 2).map(|_| {
        state = 48_271 * state % 2_147_483_647;
        let grade = (state % 17) as f64 - 8.0;
        if grade < 0.0 { 1.0 / (1.0 - grade) } else { 1.0 + grade }
    });
    Judgements::from_upper((0..n).map(|i| format!("c{i}")), &upper.collect::<Vec<f64>>()).unwrap()
}

/// Where no few judgements would do, those that fit least are freed: the target is met, and not one of them could stay.
#[test]
fn many_judgements_are_freed_and_each_is_needed() {
    for (n, seed) in [(9, 5), (11, 6)] {
        let judgements = thrown(n, seed);
        let revision = judgements.revised(0.1, RandomIndex::Saaty, LeastChange::Cells).unwrap();
        assert!(revision.cr_after() <= 0.1 && revision.cr_before() > 0.5);
        assert!(!revision.is_fewest() && revision.changes().len() > 3);
        for kept in revision.changes() {
            let freed = revision.changes().iter().filter(|change| *change != kept);
            let rest =
                freed.fold(judgements.clone(), |rest, change| rest.without(change.row(), change.column()).unwrap());
            let least = rest.priorities(Method::MinimalEigenvalue).unwrap().ci();
            assert!(least > 0.1 * RandomIndex::Saaty.value(n), "{} against {} could stay", kept.row(), kept.column());
        }
    }
}

/// Three contradictions at nine things: 7,140 sets of three, which were not gone through before.
#[test]
fn three_wrong_judgements_are_found() {
    let weights: Vec<f64> = (1..=9).map(f64::from).collect();
    let wrong = [("c0", "c8", 9.0), ("c1", "c6", 7.0), ("c3", "c5", 0.1)];
    let right = Judgements::consistent((0..9).map(|i| format!("c{i}")), &weights).unwrap();
    let judgements = wrong.iter().fold(right, |all, (row, column, ratio)| all.with(row, column, *ratio).unwrap());
    let revision = judgements.revised(0.0, RandomIndex::Saaty, LeastChange::Cells).unwrap();
    assert!(revision.is_fewest());
    let found: Vec<_> = revision.changes().iter().map(|change| (change.row(), change.column())).collect();
    assert_eq!(found, wrong.map(|(row, column, _)| (row, column)));
    for change in revision.changes() {
        let at = |name: &str| weights[name[1..].parse::<usize>().unwrap()];
        assert_relative_eq!(change.revised(), at(change.row()) / at(change.column()), max_relative = 1e-6);
    }
}
