//! What a verification finds, and what it says of it.

use nalgebra::DMatrix;
use satindex::structural::{Finding, Fit, Mode, Model, Pls, ResidualVariance, Scheme, ScoresWithout, template};
use satindex::survey::Moments;

use super::mobile;

fn fit(pls: &Pls, model: &str, lower: &[&[f64]]) -> Fit {
    let model: Model = model.parse().unwrap();
    let size = lower.len();
    let correlations = DMatrix::from_fn(size, size, |row, column| match row.cmp(&column) {
        std::cmp::Ordering::Less => lower[column][row],
        std::cmp::Ordering::Equal => 1.0,
        std::cmp::Ordering::Greater => lower[row][column],
    });
    let moments = Moments::from_covariance(model.indicators(), &correlations, 100.0).unwrap();
    pls.fit(&model, &moments).unwrap()
}

fn said(fit: &Fit) -> Vec<String> {
    fit.verify().findings().iter().map(ToString::to_string).collect()
}

#[test]
fn a_loading_beyond_one() {
    // λ₁λ₂ = 0.5 and λ₁ = 3λ₂: λ₁ = √1.5.
    let lower: [&[f64]; 3] = [&[], &[0.5], &[0.6, 0.2]];
    let fit = fit(&Pls::new().consistent(), "A =~ a1 + a2; B =~ b; B ~ A", &lower);
    assert!((fit.loading("a1").unwrap() - 1.5_f64.sqrt()).abs() < 1e-12);
    let verification = fit.verify();
    assert!(!verification.is_admissible());
    assert_eq!(
        said(&fit),
        [
            "the loading of `a1` on `A` is 1.225: its error variance is -0.500",
            // w = (0.3, 0.1)/√0.13: (w'λ)² = (0.3·1.2247 + 0.1·0.4082)²/0.13.
            "the reliability ρ_A of `A` is 1.282, above 1",
        ]
    );
    let table = verification.to_string();
    assert_eq!(
        table.lines().nth(3).unwrap(),
        "inadmissible  the loading of `a1` on `A` is 1.225: its error variance is -0.500  take out the indicator, or \
         model the construct as a composite (`<~`): one common factor does not fit"
    );
}

#[test]
fn constructs_that_correlate_beyond_one() {
    // Each pair of indicators correlates 0.2 within its construct and 0.3 between them: 0.3/0.2.
    let lower: [&[f64]; 4] = [&[], &[0.2], &[0.3, 0.3], &[0.3, 0.3, 0.2]];
    let fit = fit(&Pls::new().consistent(), "A =~ a1 + a2; B =~ b1 + b2; B ~ A", &lower);
    assert_eq!(
        said(&fit),
        [
            "R² of `B` is 2.250: its residual variance is -1.250",
            "the correlation of `A` and `B` is 1.500",
            "the correlations of the constructs up to `B` are not positive definite",
            "`a1` loads 0.447 on its construct `A` and 0.671 on `B`",
            "`a2` loads 0.447 on its construct `A` and 0.671 on `B`",
            "`b1` loads 0.447 on its construct `B` and 0.671 on `A`",
            "`b2` loads 0.447 on its construct `B` and 0.671 on `A`",
        ]
    );
    // The figures are there all the same, where they are defined.
    assert_eq!(fit.assess().f_squared(ScoresWithout::Held).unwrap().get("B", "A").unwrap(), None);
    assert_eq!(fit.assess().full_collinearity_vif().get("A", "VIF").unwrap(), None);
    assert_eq!(fit.assess().information_criteria().get("B", "AIC").unwrap(), None);
    assert_eq!(
        fit.assess().model_fit(ResidualVariance::Observed).estimated().d_ml(),
        fit.assess().model_fit(ResidualVariance::Observed).saturated().d_ml()
    );
}

#[test]
fn signs_that_are_against_each_other() {
    let lower: [&[f64]; 4] = [&[], &[0.6], &[-0.5, -0.4], &[0.4, 0.4, -0.3]];
    let model = "A =~ a1 + a2 + a3; B =~ b; B ~ A";
    // w ∝ (0.4, 0.4, -0.3), and the third loading -0.66/√0.818.
    let upright = Pls::new().scheme(Scheme::Centroid);
    assert_eq!(
        said(&fit(&upright, model, &lower)),
        ["the loading of `a3` on `A` is -0.730, of another sign than most"]
    );
    let turned = upright.start_weights("A", [-1.0, -1.0, 1.0]);
    let of_a = [
        "`A` is reversed: no more of its loadings are positive than negative",
        "the loading of `a3` on `A` is 0.730, of another sign than most",
    ];
    assert_eq!(said(&fit(&turned, model, &lower)), of_a);
    let fit = fit(&turned.start_weights("B", [-1.0]), model, &lower);
    assert_eq!(said(&fit)[..2], of_a);
    assert_eq!(said(&fit)[2..], ["`B` is reversed: no more of its loadings are positive than negative"]);
    assert!(fit.verify().is_admissible());
}

#[test]
fn a_weight_against_its_loading() {
    // a2 correlates with a1 more than it does with b by itself.
    let lower: [&[f64]; 3] = [&[], &[0.8], &[0.6, 0.3]];
    let fit = fit(&Pls::new(), "A <~ a1 + a2; B <~ b; B ~ A", &lower);
    let found = fit.verify();
    let [Finding::WeightAgainstLoading { construct, indicator, weight, loading }] = found.findings() else {
        panic!("{found}");
    };
    assert_eq!((construct.as_str(), indicator.as_str()), ("A", "a2"));
    assert!(*weight < 0.0 && *loading > 0.0);
    // The same indicators in mode A have nothing to be looked at.
    let model: Model = "A <~ a1 + a2; B <~ b; B ~ A".parse().unwrap();
    assert!(Pls::new().mode("A", Mode::A).fit(&model, fit.moments()).unwrap().verify().findings().is_empty());
}

/// The mobile model: admissible as scores; corrected for attenuation its constructs cannot be told apart (cSEM's code 3).
#[test]
fn the_mobile_model() {
    let model = template::ecsi_mobile().model();
    let moments = mobile::moments().unwrap();
    let scores = Pls::new().fit(&model, &moments).unwrap().verify();
    assert!(scores.is_admissible());
    assert_eq!(scores.to_string(), "Verification\n  finding  what to do\n  -------  ----------\nnothing found\n");
    let fit = Pls::new().consistent().fit(&model, &moments).unwrap();
    let findings = fit.verify();
    let inadmissible: Vec<&Finding> = findings.findings().iter().filter(|finding| finding.is_inadmissible()).collect();
    assert!(matches!(inadmissible[..], [Finding::ConstructCorrelations { .. }]));
    // A finding is true of the fit.
    for finding in findings.findings() {
        if let Finding::LoadsHigherElsewhere { construct, indicator, loading, other, other_loading } = finding {
            assert_eq!(fit.loading(indicator).unwrap(), *loading);
            assert_eq!(fit.cross_loading(indicator, other).unwrap(), *other_loading);
            assert!(other_loading > loading && construct != other);
        }
        assert!(!finding.advice().is_empty());
    }
}
