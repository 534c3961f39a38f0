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
