//! What was asked and answered; indices, weights and tables.

use satindex::survey::accounting::{Accounting, Rate, StatedShares, Stratum};
use satindex::survey::period::PeriodKind;
use satindex::survey::template;
use satindex::survey::{
    Counts, Csv, Date, Direction, Fact, GradedScale, Hierarchy, Indicator, Missing, Moments, NoAnswer, Period,
    Proportion, ProportionInterval, Questionnaire, Responses, Scale, ThousandPoints,
};
use satindex::weights::ranking::{Preference, Promethee, RankKind, TopsisScaling};
use satindex::weights::{self, BestWorst, DecisionMatrix, Origin, RankMethod};
use satindex::{Adjustment, Column, Confidence, Index, Interval, Table, Weights};

use super::{Sample, add};

/// Answers of six respondents, one of them missing, with a group and case weights.
pub(super) fn responses() -> Responses {
    let rows = [[8.0, 7.0], [5.0, 6.0], [9.0, 9.0], [3.0, 5.0], [7.0, 6.0], [4.0, 2.0]].map(|row| row.map(Some));
    let mut rows = rows.to_vec();
    rows[5][1] = None;
    Responses::from_rows(["speed", "skill"], rows)
        .unwrap()
        .with_scale(Scale::ONE_TO_TEN)
        .unwrap()
        .with_group("region", ["north", "south", "north", "south", "north", "south"])
        .unwrap()
}

fn graded() -> GradedScale {
    GradedScale::new([("good", 100.0), ("fine", 100.0), ("poor", 0.0)]).unwrap()
}

pub(super) fn hierarchy() -> Hierarchy {
    let goal = Weights::new(["response", "attitude"], [0.75, 0.25]).unwrap();
    let response = Weights::new(["speed", "skill"], [0.5, 0.5]).unwrap();
    Hierarchy::builder("service", goal).divide("response", response).build().unwrap()
}

pub(super) fn add_to(samples: &mut Vec<Sample>) {
    let interval = Interval::new(60.0, 70.0, Confidence::P95).unwrap();
    let index = Index::new(65.0, 250.0, "mean").unwrap().with_std_error(2.5).unwrap().with_interval(interval);
    let table = Table::new("Weights").column(Column::text("name", ["a", "b"])).note("a note");
    let table =
        table.column(Column::number("weight", [Some(0.25), None]).decimals(2)).column(Column::count("n", [3, 4]));
    add!(samples; Confidence::P95, interval, index, table, Column::tree("node", [(0, "goal"), (1, "part")]));
    add!(samples; Adjustment::Holm, Adjustment::BenjaminiYekutieli);

    let indicator = Indicator::new("speed").unwrap().with_wording("How fast?").with_scale(Scale::ONE_TO_TEN.reversed());
    let responses = responses();
    let counts = Counts::of(&responses, "speed").unwrap();
    add!(samples; Scale::ONE_TO_FIVE, Scale::ONE_TO_SEVEN.reversed(), Direction::LowerIsBetter);
    add!(samples; Questionnaire::new([indicator.clone(), Indicator::new("skill").unwrap()]).unwrap(), indicator.clone());
    add!(samples; graded(), "2026-07-31".parse::<Date>().unwrap(), NoAnswer::DontKnow);
    let fact = Fact::choices("places", ["north", "south"]).unwrap().with_columns(["n", "s"]).unwrap();
    let facts = [Fact::choice("channel", ["web"]).unwrap().allow_other(), Fact::key("id").unwrap(), fact.clone()];
    let facts =
        facts.into_iter().chain([Fact::date("day").unwrap(), Fact::choices("why", ["price", "staff"]).unwrap()]);
    let asked = Indicator::new("mood").unwrap().with_grades(graded()).with_responsible("desk").with_step("hand-over");
    let asked = Questionnaire::new([asked, indicator.clone()]).unwrap().with_facts(facts).unwrap();
    let csv = Csv::new().questionnaire(asked.clone()).dont_know_codes(["98"]);
    let file = "speed,mood,channel,id,n,s,day,why\n7,good,web,a,1,0,2026-07-31,staff;price\n98,,tv,b,,,,\n";
    let typed = csv.read(file.as_bytes()).unwrap();
    add!(samples; typed.choices("why").unwrap().clone(), typed, csv, asked, fact);
    let stratum = Stratum::new("north", [500, 412, 400, 396]).unwrap();
    let shares = StatedShares::new([("price", "42 %"), ("speed", "0.5")]).unwrap().allow_other();
    add!(samples; Accounting::new([stratum.clone()]).unwrap(), stratum, Rate::Effective, shares);
    add!(samples; template::after_sales_five());
    add!(samples; Csv::new().delimiter(b';').group("region"), Missing::Listwise, Missing::em());
    add!(samples; counts.net(8.0, 4.0).unwrap(), counts.share(7.0).unwrap(), counts);
    add!(samples; Proportion::new(7, 10).unwrap(), ProportionInterval::ClopperPearson, ThousandPoints::Rescaled);
    add!(samples; responses.moments(Missing::Listwise).unwrap(), responses.group("region").unwrap().clone());
    add!(samples; Moments::new(["speed", "skill"]).unwrap(), PeriodKind::Quarter);
    add!(samples; Period::month(2026, 2).unwrap(), Period::waves(["spring", "autumn"]).unwrap()[1].clone());
    let complete = responses.subset(&[0, 1, 2, 3, 4]).unwrap().moments(Missing::Reject).unwrap();
    let plain = Weights::new(["speed", "skill"], [0.5, 0.5]).unwrap();
    let flat = Hierarchy::builder("response", plain.clone()).build().unwrap();
    add!(samples; hierarchy(), flat.score(&complete).unwrap(), responses);

    add!(samples; plain.with_origin(Origin::Data("a survey".into())), Origin::Given, Origin::Equal);
    add!(samples; RankMethod::Sum, RankMethod::Exponent(2.0), weights::Direction::Cost);
    let matrix = DecisionMatrix::new(["price", "speed"], [[3.0, 7.0], [4.0, 5.0], [6.0, 9.0]]).unwrap();
    let matrix = matrix.with_costs(["price"]).unwrap();
    add!(samples; matrix.critic().unwrap(), matrix.entropy().unwrap());
    rankings(samples, &matrix);
    add!(samples; matrix);
    let best_worst = BestWorst::new(["a", "b", "c"], ("a", &[1.0, 2.0, 5.0]), ("c", &[5.0, 2.0, 1.0])).unwrap();
    add!(samples; best_worst.linear().unwrap(), best_worst.nonlinear().unwrap(), best_worst);
}

fn rankings(samples: &mut Vec<Sample>, matrix: &DecisionMatrix) {
    let weights = Weights::equal(["price", "speed"]).unwrap();
    let preference = Preference::Linear { indifference: 1.0, preference: 2.0 };
    let promethee = Promethee::new().preference("price", preference);
    add!(samples; promethee.rank(matrix, &weights).unwrap(), promethee, preference);
    add!(samples; matrix.topsis(&weights, TopsisScaling::Vector).unwrap(), TopsisScaling::MinMax);
    add!(samples; matrix.vikor(&weights, 0.5).unwrap(), matrix.grey_relation(&weights, 0.5).unwrap());
    let ratio = matrix.rank_sum_ratio(&weights, RankKind::Place).unwrap();
    add!(samples; ratio.line().unwrap(), ratio, RankKind::Proportional);
    add!(samples; matrix.obstacles(&weights).unwrap());
    add!(samples; matrix.coupling(&weights, [("x", ["price"]), ("y", ["speed"])]).unwrap());
}
