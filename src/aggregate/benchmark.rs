//! Where one stands among the others: the best, the worst, the averages, and how far it is from them.

use std::fmt;

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::among::Among;
use crate::aggregate::comparison::{Comparison, Difference};
use crate::aggregate::linear::LinearForm;
use crate::aggregate::rank_intervals;
use crate::aggregate::structure::Node;
use crate::error::{ErrorKind, Result};
use crate::index::Index;
use crate::numeric::describe;
use crate::table::{Column, Table};

/// A value that one is measured against, and how far one lies above it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Gap {
    name: String,
    value: f64,
    difference: Difference,
}

impl Gap {
    /// Whose value it is: a member, the group whose index is the average, or `simple average`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// One's own index minus the value. The p value is that of this gap alone.
    pub fn difference(&self) -> &Difference {
        &self.difference
    }
}

/// The position of one group or entity among others, itself among them.
///
/// The errors of one's own index and of what it is measured against are allowed for together, entity by entity: an average
/// contains oneself. The best and the worst are taken as given. Whoever came out best of many did so partly by chance,
/// and the gap to it is on average larger than in truth.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Benchmark {
    name: String,
    index: Index,
    rank: usize,
    count: usize,
    percentile: f64,
    quartile: usize,
    best: Gap,
    worst: Gap,
    simple_average: Gap,
    weighted_average: Option<Gap>,
}

impl Comparison {
    /// The position of a group or an entity among others: within its industry, or among all. [`Structure::groups_of`] has
    /// the groups that it lies in.
    ///
    /// [`Structure::groups_of`]: super::Structure::groups_of
    ///
    /// # Errors
    ///
    /// An unknown group; a name that is not among the others, or has no index.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::Index;
    /// use satindex::aggregate::{Aggregation, Among, Comparison, Structure};
    ///
    /// let builder = Structure::builder("banks").entity("A", "banks", 2.0).entity("B", "banks", 1.0);
    /// let structure = builder.entity("C", "banks", 1.0).build()?;
    /// let index = |value| Index::new(value, 250.0, "mean")?.with_std_error(0.5);
    /// let banks = Aggregation::new().aggregate(&structure, [("A", index(70.0)?), ("B", index(79.0)?), ("C", index(73.0)?)])?;
    ///
    /// let position = Comparison::new().benchmark(&banks, "C", Among::Members("banks"))?;
    /// assert_eq!((position.rank(), position.count(), position.quartile()), (2, 3, 2));
    /// assert_eq!((position.best().name(), position.best().difference().value()), ("B", -6.0));
    /// assert_eq!(position.simple_average().value(), 74.0);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn benchmark(self, period: &Aggregated, name: &str, among: Among<'_>) -> Result<Benchmark> {
        self.check()?;
        let structure = period.structure();
        let index = period.index(name)?;
        let own = structure.node(name)?;
        let nodes = among.nodes(period)?;
        let Some(at) = nodes.iter().position(|node| *node == own) else {
            return Err(ErrorKind::Unknown { what: "member", name: name.into() }.into());
        };
        let values: Vec<f64> = nodes.iter().filter_map(|node| Some(period.index_of(*node)?.value())).collect();
        // The first of those that are equal.
        let best = (1..values.len()).fold(0, |best, at| if values[at] > values[best] { at } else { best });
        let worst = (1..values.len()).fold(0, |worst, at| if values[at] < values[worst] { at } else { worst });
        let group = Node::Group(among.group(structure)?);
        let forms = LinearForm::each(period, &[own, nodes[best], nodes[worst], group])?;
        let of_mean = LinearForm::of_mean(period, &nodes)?;
        let gap = |name: &str, value: f64, form: &LinearForm| -> Result<Gap> {
            let std_error = forms[0].std_error_of_difference(form);
            let difference = Difference::new(index.value() - value, std_error, self.confidence)?;
            Ok(Gap { name: name.into(), value, difference })
        };
        // Rounding must not carry a mean past its parts.
        let mean = describe::mean(&values).clamp(values[worst], values[best]);
        let equal = values.iter().filter(|value| **value == index.value()).count();
        let below = values.iter().filter(|value| **value < index.value()).count();
        Ok(Benchmark {
            name: name.into(),
            index: index.clone(),
            rank: rank_intervals::ranks(&values)[at],
            count: values.len(),
            percentile: 100.0 * (below as f64 + 0.5 * equal as f64) / values.len() as f64,
            quartile: quartile(&values, index.value()),
            best: gap(structure.name(nodes[best]), values[best], &forms[1])?,
            worst: gap(structure.name(nodes[worst]), values[worst], &forms[2])?,
            simple_average: gap("simple average", mean, &of_mean)?,
            weighted_average: period
                .index_of(group)
                .map(|average| gap(structure.name(group), average.value(), &forms[3]))
                .transpose()?,
        })
    }
}

/// 1 more than how many of the three quartiles lie above a value.
fn quartile(values: &[f64], value: f64) -> usize {
    let mut values = values.to_vec();
    let quartiles = [0.25, 0.5, 0.75].map(|level| describe::quantile(&mut values, level));
    1 + quartiles.iter().filter(|quartile| **quartile > value).count()
}

impl Benchmark {
    /// Whose position.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Its rank, 1 for the highest index; equal ones share the best rank.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Of how many.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The share in percent of those that lie below, with half of those that are equal, itself among them.
    pub fn percentile(&self) -> f64 {
        self.percentile
    }

    /// 1 when its index is not below the upper quartile of all, 2 when not below the median, 3 when not below the lower
    /// quartile, and 4 else; quantiles of type 7.
    pub fn quartile(&self) -> usize {
        self.quartile
    }

    /// The highest.
    pub fn best(&self) -> &Gap {
        &self.best
    }

    /// The lowest.
    pub fn worst(&self) -> &Gap {
        &self.worst
    }

    /// The mean in which all count alike.
    pub fn simple_average(&self) -> &Gap {
        &self.simple_average
    }

    /// The index of the group that they lie in, where it has one: the group that [`Among`] names, or the whole.
    pub fn weighted_average(&self) -> Option<&Gap> {
        self.weighted_average.as_ref()
    }

    /// The gaps to the best, the averages and the worst.
    pub fn table(&self) -> Table {
        let gaps = [
            ("best", Some(&self.best)),
            ("weighted average", self.weighted_average.as_ref()),
            ("simple average", Some(&self.simple_average)),
            ("worst", Some(&self.worst)),
        ];
        let gaps: Vec<(&str, &Gap)> = gaps.into_iter().filter_map(|(what, gap)| Some((what, gap?))).collect();
        let difference = |part: fn(&Difference) -> Option<f64>| gaps.iter().map(move |(_, gap)| part(&gap.difference));
        let (rank, count, quartile) = (self.rank, self.count, self.quartile);
        Table::new(format!("{}: {:.2}", self.name, self.index.value()))
            .column(Column::text("against", gaps.iter().map(|(what, _)| what)))
            .column(Column::text("", gaps.iter().map(|(what, gap)| if gap.name == *what { "" } else { &gap.name })))
            .column(Column::number("value", gaps.iter().map(|(_, gap)| gap.value)).decimals(2))
            .column(Column::number("gap", difference(|gap| Some(gap.value()))).decimals(2))
            .column(Column::number("std. error", difference(Difference::std_error)).decimals(2))
            .column(Column::number("lower", difference(|gap| Some(gap.interval()?.lower()))).decimals(2))
            .column(Column::number("upper", difference(|gap| Some(gap.interval()?.upper()))).decimals(2))
            .note(format!("rank {rank} of {count}, quartile {quartile}, percentile {:.0}", self.percentile))
    }
}

impl fmt::Display for Benchmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}
