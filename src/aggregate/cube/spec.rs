//! What a cube is to hold: indicators, places, periods, channels.

use crate::aggregate::cube::region::Region;
use crate::aggregate::structure::Structure;
use crate::survey::{Hierarchy, Questionnaire};

/// Who counts in a cell when answers are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Answered {
    /// A respondent who answered all indicators of the cube; the others are counted as left out.
    #[default]
    All,
    /// Each answer counts in the mean of its own indicator, and a respondent counts in a node when one indicator below it
    /// was answered. A node has an index where each indicator below it was answered by somebody.
    Any,
}

/// What the weights of the respondents are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum CaseWeights {
    /// A weight of k is the row k times.
    #[default]
    Frequencies,
    /// A weight says how many of the population a respondent stands for: standard errors go by Kish's effective number
    /// of respondents, (Σw)²/Σw².
    Sampling,
}

/// How the places in a group become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Pooling {
    /// All respondents of the group count alike, wherever they are.
    #[default]
    Respondents,
    /// The indices of the places are averaged with their weights in the [`Structure`], as an
    /// [`Aggregation`](crate::aggregate::Aggregation) does.
    Places,
}

/// What a [`Cube`](super::Cube) is to hold: the indicators in one or more hierarchies, the places in a structure, and the
/// names of the columns that say where, when and through which channel each answer was given.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
#[must_use = "a specification does nothing until `start` or `collect`"]
pub struct CubeSpec {
    pub(super) trees: Vec<Hierarchy>,
    pub(super) questionnaire: Questionnaire,
    pub(super) places: Structure,
    pub(super) place: String,
    pub(super) period: Option<String>,
    pub(super) groupings: Vec<String>,
    pub(super) regions: Vec<Region>,
    pub(super) answered: Answered,
    pub(super) weights: CaseWeights,
    pub(super) pooling: Pooling,
    pub(super) counts: bool,
}

impl CubeSpec {
    /// The indicators of a tree, each with its scale in the questionnaire, in the entities of a structure. The column of the
    /// places is `place`; there are neither periods nor channels, respondents are pooled, and only those who answered
    /// everything count.
    pub fn new(tree: Hierarchy, questionnaire: Questionnaire, places: Structure) -> Self {
        Self {
            trees: vec![tree],
            questionnaire,
            places,
            place: "place".into(),
            period: None,
            groupings: Vec::new(),
            regions: Vec::new(),
            answered: Answered::All,
            weights: CaseWeights::Frequencies,
            pooling: Pooling::Respondents,
            counts: false,
        }
    }

    /// One more tree over the questionnaire. Trees may share indicators, but no other node.
    pub fn tree(mut self, tree: Hierarchy) -> Self {
        self.trees.push(tree);
        self
    }

    /// The column that names the entity in which an answer was given.
    pub fn place(self, column: impl Into<String>) -> Self {
        Self { place: column.into(), ..self }
    }

    /// The column that names the [`Period`](crate::survey::Period).
    pub fn period(self, column: impl Into<String>) -> Self {
        Self { period: Some(column.into()), ..self }
    }

    /// A column that divides the respondents further: the channel, the brand, the kind of customer.
    pub fn by(mut self, column: impl Into<String>) -> Self {
        self.groupings.push(column.into());
        self
    }

    /// A region, which can be asked for wherever a place can.
    pub fn region(mut self, region: Region) -> Self {
        self.regions.push(region);
        self
    }

    /// Who counts when answers are missing.
    pub fn answered(self, answered: Answered) -> Self {
        Self { answered, ..self }
    }

    /// What the weights of the respondents are.
    pub fn weights(self, weights: CaseWeights) -> Self {
        Self { weights, ..self }
    }

    /// How the places in a group become one.
    pub fn pooling(self, pooling: Pooling) -> Self {
        Self { pooling, ..self }
    }

    /// Keep the distribution of the answers in each cell too, for top boxes and net shares.
    pub fn counts(self, keep: bool) -> Self {
        Self { counts: keep, ..self }
    }

    /// The trees.
    pub fn trees_in_use(&self) -> &[Hierarchy] {
        &self.trees
    }

    /// The questionnaire.
    pub fn questionnaire_in_use(&self) -> &Questionnaire {
        &self.questionnaire
    }

    /// The structure of the places.
    pub fn places_in_use(&self) -> &Structure {
        &self.places
    }

    /// The columns of the further groupings.
    pub fn groupings_in_use(&self) -> &[String] {
        &self.groupings
    }

    /// The regions.
    pub fn regions_in_use(&self) -> &[Region] {
        &self.regions
    }

    /// Who counts when answers are missing.
    pub fn answered_in_use(&self) -> Answered {
        self.answered
    }

    /// What the weights of the respondents are.
    pub fn weights_in_use(&self) -> CaseWeights {
        self.weights
    }

    /// How the places in a group become one.
    pub fn pooling_in_use(&self) -> Pooling {
        self.pooling
    }
}
