//! Every public result and specification can be copied, shown, compared, written and read again; what has a table prints it.

use std::any::type_name;
use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::source;

/// A public type with the traits that it lacks.
pub(super) struct Type {
    path: &'static str,
    name: &'static str,
    /// With the modules that it is defined in.
    pub(super) id: &'static str,
    lacks: Vec<&'static str>,
}

impl Type {
    /// Can it be written and read?
    pub(super) fn is_read(&self) -> bool {
        !self.lacks.iter().any(|name| ["PartialEq", "Serialize", "Deserialize"].contains(name))
    }
}

/// Does a type have a trait? An inherent constant goes before one of a trait.
macro_rules! has {
    ($type:ty: $($bound:tt)+) => {{
        #[allow(dead_code, reason = "not used by a type with the trait")]
        trait Otherwise {
            const HAS: bool = false;
        }
        impl<T: ?Sized> Otherwise for T {}
        struct Probe<T>(PhantomData<T>);
        #[allow(dead_code, reason = "not used by a type without the trait")]
        impl<T: $($bound)+> Probe<T> {
            const HAS: bool = true;
        }
        <Probe<$type>>::HAS
    }};
}

macro_rules! one {
    (($($room:tt)+) $name:ident $($life:tt)*) => {{
        type Named = $($room)+::$name$($life)*;
        let traits = [
            ("Clone", has!(Named: Clone)),
            ("Debug", has!(Named: Debug)),
            ("PartialEq", has!(Named: PartialEq)),
            ("Serialize", has!(Named: Serialize)),
            ("Deserialize", has!(Named: DeserializeOwned)),
            ("Display", has!(Named: Display)),
        ];
        let lacks = traits.into_iter().filter_map(|(name, has)| (!has).then_some(name)).collect();
        Type { path: concat!(stringify!($($room)+), "::", stringify!($name)), name: stringify!($name), id: type_name::<Named>(), lacks }
    }};
}

macro_rules! types {
    ($($room:tt { $($name:ident $(<$life:lifetime>)?),+ $(,)? })+) => {
        vec![$($(one!($room $name $(<$life>)?)),+),+]
    };
}

/// All public types.
pub(super) fn all() -> Vec<Type> {
    types! {
        (satindex::aggregate) { Aggregated, Aggregation, Among<'static>, Chain, Checkpoint, Comparison, Decomposition, GroupWeight, Interviews, Link, Programme, RankMethod, Ranking, Structure, StructureBuilder, Wave }
        (satindex::aggregate::results) { Benchmark, ChainedSeries, Change, Changes, Deviation, Deviations, Difference, Effects, EntityReport, Estimate, Gap, Pairs, Point, Progress<'static>, Ranked, Standing }
        (satindex::ahp) { Alternatives, Batch, Consistency, Decision, FuzzyJudgements, FuzzyNumber, Grade, GroupJudgements, Judgements, LeastChange, Method, Misfit, Mode, Noise, Priorities, RandomIndex, Ratings, Reciprocity, Revision, Scale, Sensitivity }
        (satindex::ahp::alternatives) { Synthesis }
        (satindex::ahp::batch) { BatchPriorities }
        (satindex::ahp::consistency) { Verdict }
        (satindex::ahp::decision) { DecisionConsistency, NodeConsistency }
        (satindex::ahp::fuzzy) { Defuzzification, FuzzyMethod, FuzzyPriorities, PossibilityWeights }
        (satindex::ahp::group) { Cluster, Consensus, Deviation, Dispersion, GroupPriorities }
        (satindex::ahp::noise) { Spread }
        (satindex::ahp::random_index) { Simulation }
        (satindex::ahp::revision) { Change }
        (satindex::ahp::sensitivity) { Flip, Reversal }
        (satindex::aggregate::cube) { Answered, CaseWeights, CellDrivers, CellKey, Cube, CubeCell, CubeSeries, CubeSpec, Driver, DriverSearch, Drivers, Level, NodeDecomposition, NodeEstimate, NodeFigures, Pooling, Region, Selection<'static> }
        (satindex::fuzzy) { Evaluation, FuzzyEvaluation, GradeVector<'static>, Grades, Importance, Maximum<'static>, Membership, MembershipFunction, Operator, Partition, Plan, Ranking }
        (satindex::inference) { Bootstrap, Bootstrapped, Difference, Distance, Distribution, ExactFit, ExactFitTest, IntervalType, Jackknife, Permutation, Permuted, Quantity, Signs, Summary<'static> }
        (satindex::monitoring::loyalty) { BandDifference, BandShare, BandShares, Bands, Criterion, CurvePoint, Cut, Isotonic, IsotonicCurve, Level, LogisticCurve, Pairs, ThresholdSearch, Thresholds, TopBoxes, Trend, TrendScores }
        (satindex::structural::template) { Template }
        (satindex::structural) { Assessment<'static>, Blindfolding, Construct, ConstructKind, Data<'static>, Effect, Figures, Finding, Fit, FitMeasures, FornellLarcker, Gfi, HigherOrder, Htmt, IndexWeights, Interaction, Likert, Logarithm, Mediation, MediationKind, Metric, Mode, Model, ModelBuilder, ModelFit, Pls, Population, PopulationBuilder, Reliability, Report, ResidualVariance, RhoA, Scheme, ScoreVariance, ScoreWeights, Scores, ScoresWithout, Solution<'static>, Solver, Verification }
        (satindex::survey::period) { Period, PeriodKind }
        (satindex::weights::ranking) { Coupling, GreyRelation, Obstacles, OutrankingFlows, Preference, Promethee, RankKind, RankSumLine, RankSumRatio, Topsis, TopsisScaling, Vikor }
        (satindex::survey::accounting) { Accounting, Rate, StatedShares, Stratum }
        (satindex::survey::fact) { Choices, FactKind }
        (satindex::survey::hierarchy) { HierarchyBuilder }
        (satindex::survey::template) { ReadyTree }
        (satindex::survey) { Counts, Csv, Date, Direction, Fact, GradedScale, Group, Hierarchy, Indicator, Missing, Moments, NetShare, NoAnswer, Node<'static>, Period, Proportion, ProportionInterval, Questionnaire, Responses, Scale, ThousandPoints, WeightedIndex }
        (satindex::weights) { BestWorst, Critic, DecisionMatrix, Direction, Entropy, LinearBestWorst, NonlinearBestWorst, Origin, RankMethod, Weights }
        (satindex) { Adjustment, Column, Confidence, Error, ErrorKind, Index, Interval, Table, Weights }
    }
}

/// Types that only lend what others hold, or do work: nothing to keep, compare or write.
const WITHOUT: &[(&str, &str)] = &[
    ("satindex::Error", "an error is shown"),
    ("satindex::ErrorKind", "an error is shown"),
    ("satindex::aggregate::Among", "an argument that borrows a name"),
    ("satindex::aggregate::Interviews", "an argument of a programme"),
    ("satindex::aggregate::results::Progress", "borrows from a run"),
    ("satindex::aggregate::cube::Selection", "borrows from a cube"),
    ("satindex::aggregate::StructureBuilder", "a builder; what it builds is written"),
    ("satindex::fuzzy::GradeVector", "borrows from an evaluation"),
    ("satindex::fuzzy::Maximum", "borrows from an evaluation"),
    ("satindex::fuzzy::Plan", "a compiled evaluation"),
    ("satindex::inference::Summary", "borrows from a bootstrap"),
    ("satindex::structural::Assessment", "borrows from a fit"),
    ("satindex::structural::Data", "an argument that borrows answers"),
    ("satindex::structural::ModelBuilder", "a builder; what it builds is written"),
    ("satindex::structural::PopulationBuilder", "a builder; what it builds is written"),
    ("satindex::structural::Solution", "borrows from a solver"),
    ("satindex::structural::Solver", "a workspace"),
    ("satindex::structural::template::Template", "stands in the code; its model and questionnaire are written"),
    ("satindex::survey::fact::FactKind", "a part of a question; written and read with it"),
    ("satindex::survey::hierarchy::HierarchyBuilder", "a builder; what it builds is written"),
    ("satindex::survey::Node", "borrows from a hierarchy"),
];

/// Types whose room has still to make them whole: none is to be added.
const PENDING: &[&str] =
    &["satindex::structural::Construct", "satindex::structural::Likert", "satindex::structural::Population"];

/// The names of public types by the lines that make them public, from the door of a module on.
fn public_names(module: &[String], names: &mut BTreeSet<String>) {
    let files = source::files();
    let file = files.iter().find(|file| file.module == module).unwrap();
    for line in file.code.lines() {
        if let Some(name) = line.trim().strip_prefix("pub mod ") {
            let child = name.split([';', ' ']).next().unwrap().to_owned();
            public_names(&[module, &[child]].concat(), names);
        }
        for start in ["pub struct ", "pub enum "] {
            let name =
                line.trim().strip_prefix(start).and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next());
            names.extend(name.map(str::to_owned));
        }
    }
    let exported = source::uses(&file.code).into_iter().filter(|entry| entry.public);
    let exported = exported.map(|entry| entry.path.last().unwrap().clone());
    // Types, not functions and not constants.
    names.extend(exported.filter(|name| name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)));
}

/// The types with a method that gives tables, each with its room.
fn types_with_tables() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for file in source::files() {
        let mut current = "";
        for line in file.code.lines() {
            if let Some(name) = line.strip_prefix("impl ") {
                current = name.split([' ', '<']).next().unwrap();
            }
            if ["    pub fn table(&self)", "    pub fn tables(&self)"].iter().any(|start| line.starts_with(start)) {
                found.insert((file.module[0].clone(), current.to_owned()));
            }
        }
    }
    found
}

#[test]
fn every_public_type_is_listed() {
    let mut names = BTreeSet::new();
    public_names(&[], &mut names);
    names.remove("Result");
    let listed: BTreeSet<String> = all().iter().map(|entry| entry.name.to_owned()).collect();
    assert!(names.len() > 150, "{}", names.len());
    assert_eq!(
        names.difference(&listed).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "public types that are not listed"
    );
}

#[test]
fn every_public_type_is_whole() {
    let exempt = |path: &str| WITHOUT.iter().any(|(name, _)| *name == path) || PENDING.contains(&path);
    let lacking = |entry: Type| {
        let lacks: Vec<&str> = entry.lacks.into_iter().filter(|name| *name != "Display").collect();
        (!lacks.is_empty() && !exempt(entry.path)).then(|| format!("{}: {}", entry.path, lacks.join(", ")))
    };
    let found: Vec<String> = all().into_iter().filter_map(lacking).collect();
    assert!(found.is_empty(), "types that lack traits:\n{}", found.join("\n"));
}

#[test]
fn whatever_has_a_table_prints_it() {
    let with_tables = types_with_tables();
    assert!(with_tables.len() > 20, "{with_tables:?}");
    let room = |entry: &Type| entry.path.split("::").nth(1).unwrap().to_owned();
    let has_table = |entry: &Type| with_tables.contains(&(room(entry), entry.name.to_owned()));
    let silent = all().into_iter().filter(|entry| has_table(entry) && entry.lacks.contains(&"Display"));
    let found: Vec<&str> = silent.map(|entry| entry.path).collect();
    assert!(found.is_empty(), "types with tables and without Display: {found:?}");
}

#[test]
fn borrowed_types_can_be_shown() {
    let lacking = all().into_iter().filter(|entry| entry.lacks.contains(&"Debug")).map(|entry| entry.path);
    assert_eq!(lacking.collect::<Vec<_>>(), Vec::<&str>::new());
}
