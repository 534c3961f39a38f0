//! Constructs that point the other way in a replicate than in the sample.

use approx::assert_relative_eq;
use satindex::inference::{Bootstrap, Bootstrapped, Signs};
use satindex::structural::{HigherOrder, Model, Pls};
use satindex::survey::{Csv, Missing, Responses};

use super::cases::HALF_REVERSED;

fn model() -> Model {
    "X =~ x1 + x2 + x3 + x4; Y =~ y1 + y2 + y3; Y ~ X".parse().unwrap()
}

fn half_reversed() -> Responses {
    Csv::new().read(HALF_REVERSED.as_bytes()).unwrap()
}

/// Some columns counted from the other side of the scale 1 to 10.
fn recoded(responses: &Responses, columns: &[usize]) -> Responses {
    let names: Vec<String> = responses.names().map(str::to_owned).collect();
    let answer = |row: usize, column: usize| {
        responses.get(row, column).map(|answer| if columns.contains(&column) { 11.0 - answer } else { answer })
    };
    let rows = (0..responses.rows()).map(|row| (0..names.len()).map(|column| answer(row, column)).collect::<Vec<_>>());
    Responses::from_rows(names.clone(), rows).unwrap()
}

fn run(responses: &Responses, pls: &Pls, signs: Signs) -> Bootstrapped {
    let fit = pls.fit(&model(), responses).unwrap();
    Bootstrap::new(500).seed(1).signs(signs).run(&fit, responses).unwrap()
}

fn path(boot: &Bootstrapped) -> f64 {
    boot.path("X", "Y").unwrap().std_error()
}

#[test]
fn items_of_both_directions_have_the_standard_error_of_recoded_ones() {
    let (raw, right) = (half_reversed(), recoded(&half_reversed(), &[2, 3]));
    let expected = run(&right, &Pls::new(), Signs::AsEstimated);
    // The seed's own figure, printed to six decimals.
    assert_relative_eq!(path(&expected), 0.050587, epsilon = 5e-7);
    assert!(expected.reversed().is_empty());
    // Replicates stop when weights move by 1e-7.
    let by_construct = run(&raw, &Pls::new(), Signs::Construct);
    assert_relative_eq!(path(&by_construct), path(&expected), epsilon = 0.0, max_relative = 1e-5);
    for name in ["x1", "x2", "x3", "x4", "y1"] {
        let errors = [&by_construct, &expected].map(|boot| boot.loading(name).unwrap().std_error());
        assert_relative_eq!(errors[0], errors[1], epsilon = 0.0, max_relative = 1e-5);
    }
}

#[test]
fn reversed_replicates_are_counted_whatever_is_done_about_them() {
    let raw = half_reversed();
    let boots = [Signs::AsEstimated, Signs::Individual, Signs::Construct].map(|signs| run(&raw, &Pls::new(), signs));
    assert_relative_eq!(path(&boots[0]), 0.499398, epsilon = 5e-7);
    let path_signs = boots[0].path("X", "Y").unwrap();
    let turned = path_signs.draws().iter().filter(|draw| **draw * path_signs.estimate() < 0.0).count();
    assert!((30..200).contains(&turned));
    for boot in &boots {
        assert_eq!(boot.reversed().iter().collect::<Vec<_>>(), [(&"X".to_owned(), &turned)]);
        assert!(boot.to_string().contains(&format!("against their direction in the sample were X in {turned}")));
    }
}

/// The answers without some cells.
fn gaps(responses: &Responses) -> Responses {
    let names: Vec<String> = responses.names().map(str::to_owned).collect();
    let answer = |row: usize, column: usize| responses.get(row, column).filter(|_| row % 17 != column);
    let rows = (0..60).map(|row| (0..7).map(|column| answer(row, column)).collect::<Vec<_>>());
    Responses::from_rows(names.clone(), rows).unwrap()
}

/// Where replicates are estimated from their answers, and in the raw metric.
#[test]
fn directions_are_known_on_every_way_to_a_replicate() {
    let raw = half_reversed();
    let right = recoded(&raw, &[2, 3]);
    let filled = Pls::new().missing(Missing::Mean);
    let metric = Pls::new().metric(satindex::structural::Metric::Raw);
    for (pls, raw, right) in [(filled, gaps(&raw), gaps(&right)), (metric, raw, right)] {
        let (one, other) = (run(&raw, &pls, Signs::Construct), run(&right, &pls, Signs::AsEstimated));
        assert!(one.reversed()["X"] > 30 && other.reversed().is_empty());
        assert_relative_eq!(path(&one), path(&other), epsilon = 0.0, max_relative = 1e-4);
    }
}

/// A dimension that points the other way in an earlier stage turns with it, and is counted.
#[test]
fn dimensions_have_the_direction_of_the_sample() {
    let model: Model = "X =~ x1 + x2 + x3 + x4; Y =~ y1 + y2; Z =~ y3; W =~ X + Y; Z ~ W".parse().unwrap();
    let (raw, right) = (half_reversed(), recoded(&half_reversed(), &[2, 3]));
    let pls = Pls::new().higher_order(HigherOrder::DisjointTwoStage);
    let filled = pls.clone().missing(Missing::Mean);
    for (pls, raw, right) in [(pls, raw.clone(), right.clone()), (filled, gaps(&raw), gaps(&right))] {
        let run = |responses: &Responses, signs: Signs| {
            let fit = pls.fit(&model, responses).unwrap();
            Bootstrap::new(300).seed(1).signs(signs).run(&fit, responses).unwrap()
        };
        let error = |boot: &Bootstrapped| boot.path("W", "Z").unwrap().std_error();
        let expected = run(&right, Signs::AsEstimated);
        let turned = run(&raw, Signs::Construct);
        assert_relative_eq!(error(&turned), error(&expected), epsilon = 0.0, max_relative = 1e-4);
        assert!(expected.reversed().is_empty());
        // W, a sum of scores of both signs, may be turned as well; Y and Z never are.
        let counted = turned.reversed();
        assert!(counted.keys().all(|name| ["W", "X in stage 1"].contains(&name.as_str())), "{counted:?}");
        assert!((20..150).contains(&counted["X in stage 1"]), "{counted:?}");
        assert_eq!(run(&raw, Signs::AsEstimated).reversed()["X in stage 1"], counted["X in stage 1"]);
    }
}
