//! Why a group's index changed: its members' scores, their weights, who came and who went.

use std::collections::HashMap;
use std::fmt;
use std::ops::AddAssign;

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::structure::Node;
use crate::error::{ErrorKind, Result};
use crate::index::Index;
use crate::table::{Column, Table};

/// The parts of a change, in points of the scale from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Effects {
    /// From the scores of those that are there in both periods.
    pub score: f64,
    /// From their weights.
    pub weight: f64,
    /// From those that are there in the later period only.
    pub entry: f64,
    /// From those that are there in the earlier period only.
    pub exit: f64,
}

impl Effects {
    /// The sum of the parts: the change.
    pub fn total(&self) -> f64 {
        self.score + self.weight + self.entry + self.exit
    }

    /// Those of a member with its share and its index in each period, around the mean of the group's two indices.
    pub(super) fn of(earlier: Option<(f64, f64)>, later: Option<(f64, f64)>, mean: f64) -> Self {
        let none = Self::default();
        match (earlier, later) {
            (Some((w0, i0)), Some((w1, i1))) => Self {
                score: f64::midpoint(w0, w1) * (i1 - i0),
                weight: (w1 - w0) * (f64::midpoint(i0, i1) - mean),
                ..none
            },
            (None, Some((w1, i1))) => Self { entry: w1 * (i1 - mean), ..none },
            (Some((w0, i0)), None) => Self { exit: -w0 * (i0 - mean), ..none },
            (None, None) => none,
        }
    }

    fn times(self, factor: f64) -> Self {
        Self {
            score: factor * self.score,
            weight: factor * self.weight,
            entry: factor * self.entry,
            exit: factor * self.exit,
        }
    }
}

impl AddAssign for Effects {
    fn add_assign(&mut self, other: Self) {
        self.score += other.score;
        self.weight += other.weight;
        self.entry += other.entry;
        self.exit += other.exit;
    }
}

/// The change of a group's index from one period to a later one, in parts that add up to it.
///
/// # Formula
///
/// Bennet's decomposition. With shares w⁰, w¹ and indices I⁰, I¹ of the members in the two periods, and the mean
/// Ī = (Iᴳ⁰ + Iᴳ¹)/2 of the group's index, a member that is there in both periods contributes
///
/// - through its score, ½(w⁰ + w¹)(I¹ − I⁰),
/// - through its weight, (w¹ − w⁰)(½(I⁰ + I¹) − Ī),
///
/// one that enters w¹(I¹ − Ī), and one that leaves −w⁰(I⁰ − Ī). The parts sum to Iᴳ¹ − Iᴳ⁰ exactly. Where nobody enters
/// or leaves, Ī cancels from the sum of the weight effects, which is then Σ ½(I⁰ + I¹)(w¹ − w⁰).
///
/// The score effect of a member that is a group can be taken apart in turn. [`Decomposition::levels`] does so all the
/// way down, with the mean shares ½(w⁰ + w¹) as factors, so that what remains as score effect is that of the entities.
///
/// # References
///
/// Bennet, T. L. (1920). The theory of measurement of changes in cost of living. *Journal of the Royal Statistical
/// Society*, 83(3), 455–462. <https://doi.org/10.2307/2340960>. Entry and exit measured from a mean as in Griliches, Z.,
/// Regev, H. (1995). Firm productivity in Israeli industry 1979–1988. *Journal of Econometrics*, 65(1), 175–203.
/// <https://doi.org/10.1016/0304-4076(94)01601-U>
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Decomposition {
    group: String,
    members: Vec<(String, Effects)>,
    levels: Vec<Effects>,
}

/// A member of a group in the two periods: its share and its index.
struct Member<'a> {
    name: &'a str,
    node: Node,
    earlier: Option<(f64, &'a Index)>,
    later: Option<(f64, &'a Index)>,
}

impl Member<'_> {
    fn effects(&self, mean: f64) -> Effects {
        let value = |found: Option<(f64, &Index)>| found.map(|(share, index)| (share, index.value()));
        Effects::of(value(self.earlier), value(self.later), mean)
    }
}

/// The members of a group in either period: those of the later one first.
fn members<'a>(earlier: &'a Aggregated, later: &'a Aggregated, (then, now): (usize, usize)) -> Vec<Member<'a>> {
    let list = |period: &'a Aggregated, group: usize| {
        let place = move |(node, share): (Node, f64)| {
            Some(((period.structure().name(node), is_group(node)), (node, (share, period.index_of(node)?))))
        };
        period.present(group).filter_map(place)
    };
    let mut before: HashMap<_, _> = list(earlier, then).collect();
    let mut members: Vec<Member<'a>> = list(later, now)
        .map(|(key, (node, found))| {
            let earlier = before.remove(&key).map(|(_, found)| found);
            Member { name: key.0, node, earlier, later: Some(found) }
        })
        .collect();
    let left = list(earlier, then).filter(|(key, _)| before.contains_key(key));
    members.extend(left.map(|((name, _), (node, found))| Member { name, node, earlier: Some(found), later: None }));
    members
}

fn is_group(node: Node) -> bool {
    matches!(node, Node::Group(_))
}

/// Adds a group's effects by depth, times a factor: those of its own members, but for the score effects of groups,
/// which are those of their members.
fn descend(
    (earlier, later): (&Aggregated, &Aggregated),
    (then, now): (usize, usize),
    factor: f64,
    depth: usize,
    levels: &mut Vec<Effects>,
) {
    if levels.len() <= depth {
        levels.resize(depth + 1, Effects::default());
    }
    let means = earlier.index_of(Node::Group(then)).zip(later.index_of(Node::Group(now)));
    let Some(mean) = means.map(|(one, other)| f64::midpoint(one.value(), other.value())) else { return };
    for member in members(earlier, later, (then, now)) {
        let mut effects = member.effects(mean);
        let below = earlier.structure().group_at(member.name).ok();
        if let (Some((w0, _)), Some((w1, _)), Node::Group(now), Some(then)) =
            (member.earlier, member.later, member.node, below)
        {
            effects.score = 0.0;
            descend((earlier, later), (then, now), factor * f64::midpoint(w0, w1), depth + 1, levels);
        }
        levels[depth] += effects.times(factor);
    }
}

impl Decomposition {
    /// Takes the change of a group's index apart.
    ///
    /// # Errors
    ///
    /// A group that is unknown or has no index in one of the periods.
    pub fn between(earlier: &Aggregated, later: &Aggregated, group: &str) -> Result<Self> {
        let at = (earlier.structure().group_at(group)?, later.structure().group_at(group)?);
        let mean = f64::midpoint(earlier.index(group)?.value(), later.index(group)?.value());
        let members = members(earlier, later, at);
        let members = members.iter().map(|member| (member.name.to_owned(), member.effects(mean))).collect();
        let mut levels = Vec::new();
        descend((earlier, later), at, 1.0, 0, &mut levels);
        Ok(Self { group: group.into(), members, levels })
    }

    /// The effects of each member: those of the later period first, then those that have left.
    pub fn members(&self) -> impl ExactSizeIterator<Item = (&str, &Effects)> {
        self.members.iter().map(|(name, effects)| (name.as_str(), effects))
    }

    /// The effects of one member.
    ///
    /// # Errors
    ///
    /// A name that is no member in either period.
    pub fn member(&self, name: &str) -> Result<&Effects> {
        let found = self.members.iter().find(|(member, _)| member == name).map(|(_, effects)| effects);
        found.ok_or_else(|| ErrorKind::Unknown { what: "member", name: name.into() }.into())
    }

    /// The effects summed over the members.
    pub fn total(&self) -> Effects {
        let mut total = Effects::default();
        self.members.iter().for_each(|(_, effects)| total += *effects);
        total
    }

    /// The effects by depth below the group: at 0 those of its own members, at 1 those of their members, and so on. The
    /// score effects are those of entities only; all parts of all levels sum to the change.
    pub fn levels(&self) -> &[Effects] {
        &self.levels
    }

    /// The members' effects, the largest in either direction first, and their sum.
    pub fn table(&self) -> Table {
        let mut members: Vec<(&str, Effects)> = self.members().map(|(name, effects)| (name, *effects)).collect();
        members.sort_by(|one, other| other.1.total().abs().total_cmp(&one.1.total().abs()));
        members.push(("sum", self.total()));
        let column = |heading: &str, part: fn(&Effects) -> f64| {
            Column::number(heading, members.iter().map(|(_, effects)| part(effects)).collect::<Vec<_>>()).decimals(3)
        };
        Table::new(format!("Change of {} in parts", self.group))
            .column(Column::text("", members.iter().map(|(name, _)| name)))
            .column(column("score", |effects| effects.score))
            .column(column("weight", |effects| effects.weight))
            .column(column("entry", |effects| effects.entry))
            .column(column("exit", |effects| effects.exit))
            .column(column("total", Effects::total))
    }
}

impl fmt::Display for Decomposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
