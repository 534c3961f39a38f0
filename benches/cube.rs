//! A cube of indices: `cargo bench --bench cube`.
//!
//! 1,000,000 answer sheets with 40 indicators, in 500 shops (50 cities, 10 regions), 8 periods and 3 channels, in no order.
//! The cube with all nodes of a tree of three levels in all cells of all levels, beside one pass over the same answers
//! (their moments), by turns; `RAYON_NUM_THREADS=1` has the figures of one thread. Memory is the peak of the process.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark prints, and fails by panicking"
)]

mod common;

use std::hint::black_box;

use satindex::Weights;
use satindex::aggregate::Structure;
use satindex::aggregate::cube::CubeSpec;
use satindex::survey::{Hierarchy, Indicator, Missing, Questionnaire, Responses, Scale};

const INDICATORS: usize = 40;
const SHOPS: usize = 500;
const PERIODS: usize = 8;
const CHANNELS: usize = 3;

fn main() {
    let (rows, runs) = if common::full() { (1_000_000, 5) } else { (5_000, 1) };
    let responses = answers(rows);
    let spec = spec();
    println!("memory of the answers: {:.0} MiB", memory());
    let mut figures = 0;
    let (pass, cube) = common::by_turns(
        runs,
        || drop(black_box(responses.moments(Missing::Listwise).unwrap())),
        || {
            figures = 0;
            spec.collect(&responses)
                .unwrap()
                .cells(|_, _, index| figures += usize::from(index.value() >= 0.0))
                .unwrap();
        },
    );
    pass.print("one pass over the answers: moments", 1);
    cube.print("cube, and every node in every cell at every level", 1);
    let sums = common::time(runs, || drop(black_box(spec.collect(&responses).unwrap())));
    sums.print("of which the sums of the cells", 1);
    println!("{figures} indices; {:.2} times one pass", cube.shortest().as_secs_f64() / pass.shortest().as_secs_f64());
    println!("peak memory: {:.0} MiB", memory());
}

fn memory() -> f64 {
    common::peak_memory().map_or(f64::NAN, |bytes| bytes as f64 / f64::from(1 << 20))
}

fn answers(rows: usize) -> Responses {
    let mut state = 20_261_128_u64;
    let mut next = move |count: usize| {
        state = state * 48_271 % 2_147_483_647;
        usize::try_from(state).unwrap() % count
    };
    let mut labels: [Vec<String>; 3] = Default::default();
    let answers: Vec<[Option<f64>; INDICATORS]> = (0..rows)
        .map(|_| {
            labels[0].push(format!("shop {}", next(SHOPS)));
            labels[1].push(format!("{}Q{}", 2025 + next(PERIODS / 4), 1 + next(4)));
            labels[2].push(format!("channel {}", next(CHANNELS)));
            std::array::from_fn(|_| Some((1 + next(10)) as f64))
        })
        .collect();
    let [shops, periods, channels] = labels;
    let names = (0..INDICATORS).map(|at| format!("q{at}"));
    let responses = Responses::from_rows(names, answers).unwrap().with_scale(Scale::ONE_TO_TEN).unwrap();
    let responses = responses.with_group("shop", shops).unwrap().with_group("period", periods).unwrap();
    responses.with_group("channel", channels).unwrap()
}

/// Eight criteria of five indicators; ten regions of five cities of ten shops.
fn spec() -> CubeSpec {
    let criteria: Vec<String> = (0..8).map(|at| format!("criterion {at}")).collect();
    let tree = Hierarchy::builder("goal", Weights::equal(criteria.clone()).unwrap());
    let below = |at: usize| (5 * at..5 * at + 5).map(|at| format!("q{at}"));
    let tree = criteria.iter().enumerate().fold(tree, |tree, (at, name)| {
        tree.divide(name.clone(), Weights::normalised(below(at), (1..=5).map(f64::from)).unwrap())
    });
    let questions = (0..INDICATORS).map(|at| Indicator::new(format!("q{at}")).unwrap().with_scale(Scale::ONE_TO_TEN));
    let mut places = Structure::builder("nation");
    for region in 0..10 {
        places = places.group(format!("region {region}"), "nation", 1.0);
    }
    for city in 0..50 {
        places = places.group(format!("city {city}"), format!("region {}", city / 5), 1.0);
    }
    for shop in 0..SHOPS {
        places = places.entity(format!("shop {shop}"), format!("city {}", shop / 10), 1.0);
    }
    CubeSpec::new(tree.build().unwrap(), Questionnaire::new(questions).unwrap(), places.build().unwrap())
        .place("shop")
        .period("period")
        .by("channel")
}
