//! Judgements and fuzzy evaluations.

use satindex::Weights;
use satindex::ahp::{
    Alternatives, Batch, Decision, FuzzyJudgements, FuzzyNumber, Grade, GroupJudgements, Judgements, LeastChange,
    Method, Mode, Noise, RandomIndex, Ratings, Reciprocity, Scale, fuzzy::Defuzzification, fuzzy::FuzzyMethod,
    random_index::Simulation,
};
use satindex::fuzzy::{
    FuzzyEvaluation, Grades, Importance, Membership, MembershipFunction, Operator, Partition, Ranking,
};

use super::{Sample, add};

pub(super) fn add_to(samples: &mut Vec<Sample>) {
    judgements(samples);
    groups(samples);
    decisions(samples);
    fuzzy_judgements(samples);
    fuzzy_evaluation(samples);
}

fn from_text(upper: [&str; 3]) -> Judgements {
    Judgements::from_text(["speed", "skill", "attitude"], &upper).unwrap()
}

fn judgements(samples: &mut Vec<Sample>) {
    let judgements = from_text(["1/2", "3", "4"]);
    let priorities = judgements.priorities(Method::Eigenvector).unwrap();
    let consistency = priorities.consistency().unwrap();
    add!(samples; consistency.verdicts(RandomIndex::Saaty).remove(0), consistency, priorities);
    add!(samples; judgements.misfits(1).unwrap().remove(0), from_text(["1/2", "", "4"]));
    let revision = from_text(["3", "1/3", "3"]).revised(0.1, RandomIndex::Saaty, LeastChange::Logs).unwrap();
    add!(samples; revision.changes()[0].clone(), revision);
    let noise = Noise::new(0.2).replicates(3);
    add!(samples; noise.run(&judgements, Method::Eigenvector).unwrap(), noise);
    let batch = Batch::new(Method::Eigenvector);
    add!(samples; batch.run(&[judgements.clone(), from_text(["1", "1", "1"])]).unwrap(), batch, judgements);
    add!(samples; Method::RowSum, RandomIndex::Exact, RandomIndex::Saaty1980, LeastChange::Cells, Mode::Ideal);
    add!(samples; Scale::Lootsma, Scale::BalancedN, Reciprocity::Upper, Grade::new(5).unwrap(), Simulation::run(3, 10, 1).unwrap());
}

fn groups(samples: &mut Vec<Sample>) {
    let group = [("first", ["1/2", "3", "4"]), ("second", ["1/3", "3", "5"]), ("third", ["2", "4", "2"])];
    let group = GroupJudgements::new(group.map(|(name, upper)| (name, from_text(upper)))).unwrap();
    let priorities = group.priorities(Method::Eigenvector).unwrap();
    add!(samples; priorities.consensus(), priorities.deviations().unwrap().remove(0));
    add!(samples; priorities.clusters(0.5).unwrap().remove(0), group.dispersions().remove(0), priorities);
    add!(samples; group.fuzzy().unwrap(), group);
}

fn decisions(samples: &mut Vec<Sample>) {
    let schools = |upper: [&str; 3]| Judgements::from_text(["A", "B", "C"], &upper).unwrap();
    let criteria = from_text(["1/2", "3", "4"]);
    let decision = Decision::new("school", criteria)
        .compare("speed", schools(["1/3", "1/2", "3"]))
        .compare("skill", schools(["5", "1", "1/5"]))
        .compare("attitude", schools(["1", "2", "1"]));
    let consistency = decision.consistency(Method::Eigenvector).unwrap();
    add!(samples; consistency.nodes()[0].clone(), consistency);
    let alternatives = decision.alternatives(Method::Eigenvector).unwrap();
    let sensitivity = alternatives.sensitivity("speed", Mode::Distributive).unwrap();
    for flip in sensitivity.flips().into_iter().take(1) {
        add!(samples; flip);
    }
    add!(samples; sensitivity, alternatives.reversals(Mode::Distributive).remove(0));
    add!(samples; alternatives.synthesise(Mode::Ideal).unwrap());
    let local = ["speed", "skill", "attitude"].map(|name| (name, Weights::new(["A", "B"], [0.25, 0.75]).unwrap()));
    add!(samples; Alternatives::new(alternatives.hierarchy().clone(), local).unwrap(), alternatives, decision);

    let hierarchy = super::survey::hierarchy();
    let grades = || Weights::new(["good", "bad"], [0.75, 0.25]).unwrap();
    let names: Vec<String> = hierarchy.leaves().map(|leaf| leaf.name().to_owned()).collect();
    let ratings = Ratings::new(hierarchy, names.iter().map(|name| (name.clone(), grades()))).unwrap();
    add!(samples; ratings.rate("A", names.iter().map(|name| (name.clone(), "good"))).unwrap());
}

fn fuzzy_judgements(samples: &mut Vec<Sample>) {
    let number = |least, likeliest, greatest| FuzzyNumber::triangular(least, likeliest, greatest).unwrap();
    let upper = [number(1.0, 2.0, 3.0), number(2.0, 3.0, 4.0), number(1.0, 1.5, 2.0)];
    let judgements = FuzzyJudgements::from_upper(["speed", "skill", "attitude"], &upper).unwrap();
    let priorities = judgements.priorities(FuzzyMethod::Extent).unwrap();
    add!(samples; priorities.possibility().unwrap(), priorities, judgements, upper[0]);
    add!(samples; FuzzyMethod::GeometricMean, Defuzzification::Centroid, Defuzzification::TotalIntegral(0.5));
}

fn fuzzy_evaluation(samples: &mut Vec<Sample>) {
    let grades = Grades::scored([("good", 90.0), ("fair", 60.0), ("bad", 30.0)]).unwrap();
    let rows = [("speed", [3, 1, 1]), ("skill", [1, 2, 2]), ("attitude", [0, 4, 1])];
    let membership = Membership::from_counts(&grades, rows).unwrap();
    let hierarchy = super::survey::hierarchy();
    let importance = Importance::new(["speed", "skill"], [1.0, 0.5]).unwrap();
    let method = FuzzyEvaluation::new(grades.clone(), Operator::MinMax).importance("response", importance.clone());
    let evaluation = method.evaluate(&hierarchy, &membership).unwrap();
    add!(samples; Ranking::by_score([("A", &evaluation)]).unwrap(), evaluation, method, importance, membership, grades);
    add!(samples; Operator::WeightedAverage, Operator::Balanced, Partition::linear([20.0, 50.0, 80.0]).unwrap());
    add!(samples; MembershipFunction::gaussian(50.0, 10.0).unwrap(), MembershipFunction::s(20.0, 40.0).unwrap());
    add!(samples; MembershipFunction::trapezoidal(1.0, 2.0, 3.0, 4.0).unwrap());
}
