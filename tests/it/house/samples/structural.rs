//! Models, fits, their assessment, and what resampling says of them.

use satindex::inference::{
    Bootstrap, Distance, Distribution, ExactFitTest, IntervalType, Jackknife, Permutation, Quantity, Signs,
};
use satindex::structural::{
    ConstructKind, Finding, Fit, FornellLarcker, Gfi, HigherOrder, Htmt, IndexWeights, Interaction, Likert, Logarithm,
    MediationKind, Metric, Mode, Model, Pls, Population, ResidualVariance, RhoA, Scheme, ScoreVariance, ScoreWeights,
    ScoresWithout, template,
};
use satindex::survey::{Responses, Scale};

use super::{Sample, add};

pub(super) fn model() -> Model {
    "Quality =~ q1 + q2; Satisfaction =~ s1 + s2; Loyalty =~ l1
     Satisfaction ~ Quality; Loyalty ~ Satisfaction + Quality"
        .parse()
        .unwrap()
}

pub(super) fn population() -> Population {
    Population::builder(model())
        .loadings("Quality", [0.8, 0.7])
        .loadings("Satisfaction", [0.9, 0.8])
        .loadings("Loyalty", [1.0])
        .path("Quality", "Satisfaction", 0.6)
        .path("Quality", "Loyalty", 0.2)
        .path("Satisfaction", "Loyalty", 0.5)
        .build()
        .unwrap()
}

pub(super) fn likert() -> Likert {
    Likert::new(Scale::ONE_TO_TEN, 6.0, 2.0).unwrap()
}

/// Forty respondents in two regions.
pub(super) fn answers(seed: u64) -> Responses {
    let regions = (0..40).map(|row| if row % 2 == 0 { "north" } else { "south" });
    population().likert(&likert(), 40, seed).unwrap().with_group("region", regions).unwrap()
}

pub(super) fn add_to(samples: &mut Vec<Sample>) {
    let answers = answers(3);
    let fit = Pls::new().fit(&model(), &answers).unwrap();
    specifications(samples);
    fits(samples, &fit, &answers);
    assessment(samples, &fit, &answers);
    inference(samples, &fit, &answers);
    conventions(samples);
}

fn specifications(samples: &mut Vec<Sample>) {
    let higher: Model = "A =~ a1 + a2; B =~ b1 + b2; C =~ c1; H =~ A + B; C ~ H".parse().unwrap();
    let product: Model = "A =~ a1 + a2; B <~ b1 + b2; C =~ c1; C ~ A * B".parse().unwrap();
    add!(samples; model().constructs()[0].clone(), model(), higher, product, population(), likert(), template::acsi());
    let pls = Pls::new().mode("A", Mode::B).start_weights("A", [1.0, 2.0]).consistent().tolerance(1e-6);
    add!(samples; Pls::new(), pls.reliability("a1", 0.9).interaction(Interaction::Orthogonal).allow_few_respondents());
}

/// Fits of one stage and of several.
fn fits(samples: &mut Vec<Sample>, fit: &Fit, answers: &Responses) {
    let product: Model =
        "Quality =~ q1 + q2; Satisfaction =~ s1 + s2; Loyalty =~ l1; Loyalty ~ Quality * Satisfaction".parse().unwrap();
    let orthogonal = Pls::new().interaction(Interaction::Orthogonal).fit(&product, answers).unwrap();
    add!(samples; fit.clone(), orthogonal, Pls::new().fit(&product, answers).unwrap());
}

fn assessment(samples: &mut Vec<Sample>, fit: &Fit, answers: &Responses) {
    add!(samples; fit.direct_effects().remove(0), fit.specific_indirect_effects().unwrap().remove(0));
    add!(samples; fit.assess().htmt(Htmt::Signed), fit.assess().f_squared(ScoresWithout::Held).unwrap(), fit.assess().reliability(RhoA::CommonFactors), fit.assess().model_fit(ResidualVariance::Observed).estimated().clone(), fit.assess().model_fit(ResidualVariance::Observed));
    add!(samples; fit.assess().mediation().unwrap().remove(0), fit.verify(), fit.report(), fit.scores(answers).unwrap());
    let gap =
        Responses::from_rows(answers.names().collect::<Vec<_>>(), [[Some(3.0), None, Some(4.0), Some(5.0), Some(6.0)]])
            .unwrap();
    add!(samples; fit.assess().blindfolding(answers, 7).unwrap(), fit.scores(&gap).unwrap());
    add!(samples; fit.assess().information_criteria(), fit.assess().implied_correlations(ResidualVariance::Observed));
    add!(samples; Finding::LoadingBeyondOne { construct: "A".into(), indicator: "a1".into(), loading: 1.25 });
}

fn inference(samples: &mut Vec<Sample>, fit: &Fit, answers: &Responses) {
    let bootstrap = Bootstrap::new(4).seed(1).stratify("region").interval(IntervalType::Bca).signs(Signs::Individual);
    add!(samples; bootstrap.run(fit, answers).unwrap(), bootstrap);
    add!(samples; Bootstrap::with_draws(vec![vec![0, 1, 2], vec![3, 3, 4]]), Jackknife::run(fit, answers).unwrap());
    add!(samples; Distribution::new(0.5, [0.4, 0.5, 0.7]).unwrap().with_jackknife(&[0.4, 0.5, 0.6]).unwrap());
    let test = ExactFitTest::new(3).seed(1).saturated();
    add!(samples; test.run(fit, answers).unwrap(), test);
    let permuted = Permutation::new(3).seed(1).run(fit, answers, "region").unwrap();
    let index = Quantity::Index { construct: "Satisfaction".into() };
    add!(samples; permuted.difference(&index, "north", "south").unwrap(), permuted, Permutation::new(3), index);
    add!(samples; Quantity::SpecificEffect { route: vec!["A".into(), "B".into()] }, Distance::DG, Signs::Construct);
    add!(samples; IntervalType::Studentised);
}

fn conventions(samples: &mut Vec<Sample>) {
    add!(samples; Scheme::Centroid, Metric::Raw, Mode::Unit, ConstructKind::Composite, IndexWeights::Equal);
    add!(samples; Interaction::SequentialMoments, HigherOrder::EmbeddedTwoStage, MediationKind::IndirectOnly);
    add!(samples; Htmt::Geometric, FornellLarcker::Root, RhoA::NotModeB, ScoreWeights::Unit, ScoreVariance::Implied);
    add!(samples; ScoresWithout::Reestimated, Logarithm::Natural, Gfi::MaximumLikelihood, ResidualVariance::Implied);
}
