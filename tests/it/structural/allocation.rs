//! What memory the estimator takes, counted on this thread.

use allocation_counter::measure;
use satindex::structural::{Metric, Mode, Pls, Scheme, template};

use super::mobile;

#[test]
fn solving_from_the_correlation_matrix_allocates_nothing() {
    let model = template::ecsi_mobile().model();
    let correlation = mobile::moments().unwrap().correlation().unwrap();
    for scheme in [Scheme::Centroid, Scheme::Factorial, Scheme::Path] {
        for mode in [Mode::A, Mode::B, Mode::Unit] {
            for metric in [Metric::Standardised, Metric::Raw] {
                let pls = model
                    .constructs()
                    .iter()
                    .fold(Pls::new().scheme(scheme).metric(metric), |pls, construct| pls.mode(construct.name(), mode));
                let mut solver = pls.solver(&model).unwrap();
                let mut explained = 0.0;
                let counted = measure(|| {
                    let solution = solver.solve(&correlation).unwrap();
                    explained = solution.r_squared().flatten().sum();
                });
                assert!(explained > 0.0);
                assert_eq!(counted.count_total, 0, "{scheme:?} {mode:?} {metric:?}");
            }
        }
    }
    // That the counter counts.
    assert_eq!(measure(|| drop(std::hint::black_box(vec![1_u8]))).count_total, 1);
}
