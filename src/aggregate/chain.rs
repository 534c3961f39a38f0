//! A series that the coming and going of entities does not disturb: link by link, like with like.

use crate::aggregate::aggregated::Aggregated;
use crate::aggregate::chained_series::{ChainedSeries, PeriodErrors, Point};
use crate::aggregate::linear::LinearForm;
use crate::aggregate::link::Link;
use crate::aggregate::matched;
use crate::aggregate::structure::Node;
use crate::error::{Error, ErrorKind, Faults, Result};
use crate::index::{Confidence, Index};
use crate::numeric::check;

/// How the index of a group is chained over periods.
///
/// When entities enter or leave, the plain series moves although nobody's customers became more content or less. The
/// chained series compares like with like: from each period to the next the level is carried on by the change of the
/// entities that are there in both.
///
/// # Formula
///
/// For neighbouring periods t and t + 1, let Aₜ and Bₜ₊₁ be the group's index in each, made of the matched entities alone:
/// those that count in the group's index in both. Each is aggregated with the weights and groups of its own period. The
/// level goes on as
///
/// - Lₜ₊₁ = Lₜ · Bₜ₊₁/Aₜ for [`Link::Ratio`],
/// - Lₜ₊₁ = Lₜ + Bₜ₊₁ − Aₜ for [`Link::Difference`],
///
/// forwards and backwards from the base period, where L is the index as it was published, or a level that is given
/// (100, say).
///
/// Standard errors are exact for differences and first-order (the delta method) for ratios, with entities and periods
/// independent of each other. One estimate Iₜₑ enters two links with opposite signs, into t as bₑ/Bₜ and out of t as
/// −aₑ/Aₜ (over 1 for differences), with aₑ and bₑ the coefficients of the entity in the two, and in the base period the
/// published index besides: these coefficients are added up before they are squared. A level that is given has no error,
/// so a chain from 100 says how far each period differs from the base period.
///
/// # References
///
/// International Labour Organization, International Monetary Fund, OECD, Eurostat, United Nations, World Bank (2020).
/// *Consumer Price Index Manual: Concepts and Methods* (matched models; chaining).
///
/// # Examples
///
/// Company C, of low satisfaction, enters in the second year; the others rise by 2 points:
///
/// ```
/// use satindex::Index;
/// use satindex::aggregate::{Aggregation, Chain, Link, Structure};
///
/// let companies = |names: &[(&str, f64)]| {
///     let builder = names.iter().fold(Structure::builder("banks"), |builder, (name, _)| builder.entity(*name, "banks", 1.0));
///     let indices = names.iter().map(|(name, value)| Ok((*name, Index::new(*value, 250.0, "mean")?.with_std_error(0.5)?)));
///     Aggregation::new().aggregate(&builder.build()?, indices.collect::<Result<Vec<_>, satindex::Error>>()?)
/// };
/// let first = companies(&[("A", 70.0), ("B", 76.0)])?;
/// let second = companies(&[("A", 72.0), ("B", 78.0), ("C", 60.0)])?;
///
/// let series = Chain::new(Link::Difference).series("banks", [("2024", &first), ("2025", &second)])?;
/// let last = series.get("2025")?;
/// assert_eq!((last.published().value(), last.level()), (70.0, 75.0));
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, remote = "Self"))]
pub struct Chain {
    link: Link,
    confidence: Confidence,
    base: Option<String>,
    level: Option<f64>,
}

checked_when_read!(Chain);

impl Chain {
    /// From the index as published in the first period, with 95 % intervals.
    pub fn new(link: Link) -> Self {
        Self { link, confidence: Confidence::P95, base: None, level: None }
    }

    /// The confidence level of the intervals.
    #[must_use]
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }

    /// The period that the chain starts from in both directions.
    #[must_use]
    pub fn base(self, label: impl Into<String>) -> Self {
        Self { base: Some(label.into()), ..self }
    }

    /// The level of the base period, instead of the published index: positive, where links are ratios.
    #[must_use]
    pub fn level(self, level: f64) -> Self {
        Self { level: Some(level), ..self }
    }

    /// What carries the level on.
    pub fn link_in_use(&self) -> Link {
        self.link
    }

    /// The confidence level that is asked for.
    pub fn confidence_in_use(&self) -> Confidence {
        self.confidence
    }

    /// The base period that is asked for; the first one, if none is.
    pub fn base_in_use(&self) -> Option<&str> {
        self.base.as_deref()
    }

    /// The level of the base period that is asked for; the published index, if none is.
    pub fn level_in_use(&self) -> Option<f64> {
        self.level
    }

    fn check(&self) -> Result<()> {
        let Some(level) = self.level else { return Ok(()) };
        let place = || "the level of the base period".into();
        match self.link {
            Link::Ratio => check::positive(level, place).map(drop),
            Link::Difference => check::finite(level, place).map(drop),
        }
    }

    /// The series of a group over periods in their order, each with a label. Entities are found by name; structure and
    /// weights may differ from period to period.
    ///
    /// # Errors
    ///
    /// A level that is not finite or, for ratios, not positive; no period; labels that are blank or come twice; an unknown base period; a period in which the group is unknown or
    /// has no index; neighbouring periods without a matched entity, or whose matched entities have no weight; for ratios an
    /// index of 0.
    pub fn series<'a, L: Into<String>>(
        &self,
        group: &str,
        periods: impl IntoIterator<Item = (L, &'a Aggregated)>,
    ) -> Result<ChainedSeries> {
        let (labels, periods): (Vec<String>, Vec<&Aggregated>) =
            periods.into_iter().map(|(label, period)| (label.into(), period)).unzip();
        let mut faults = Faults::default();
        faults.check(self.check());
        faults.check(check::names(&labels, "period"));
        let base = self.base.as_ref().map_or(Ok(0), |base| check::position(&labels, base, "period"));
        let base = faults.check(base);
        let mut published: Vec<&Index> = Vec::with_capacity(periods.len());
        for (label, period) in labels.iter().zip(&periods) {
            match period.structure().group_at(group).and_then(|_| period.index(group)) {
                Ok(index) => published.push(index),
                Err(fault) => faults.note(|| fault.within(format!("period `{label}`"))),
            }
        }
        let base = faults.or(base.unwrap_or(0))?;
        let input = Input { group, labels: &labels, periods: &periods };
        let links = self.links(&input, (base, published[base]))?;
        let levels = self.levels(&input, (base, published[base]), &links.steps)?;
        let variances = links.variances(base);
        let mut points = Vec::with_capacity(labels.len());
        for (at, label) in labels.iter().enumerate() {
            let scale = if self.link == Link::Ratio { levels[at] } else { 1.0 };
            let std_error = variances[at].map(|variance| scale * variance.sqrt());
            let matched = at.checked_sub(1).map(|before| links.steps[before].matched);
            let level = (levels[at], std_error, self.confidence);
            points.push(Point::new(label.clone(), published[at].clone(), level, matched)?);
        }
        Ok(ChainedSeries::new(group.into(), self.link, self.confidence, base, points, links.errors))
    }

    /// All links; no more than two periods' forms are held at a time.
    fn links(&self, input: &Input<'_>, (base, published): (usize, &Index)) -> Result<Links> {
        let count = input.periods.len();
        let mut links =
            Links { steps: Vec::with_capacity(count), errors: Vec::with_capacity(count), origin: PeriodErrors::none() };
        let mut incoming = LinearForm::default();
        for at in 0..count {
            let (mut outgoing, mut next) = (LinearForm::default(), LinearForm::default());
            if at + 1 < count {
                let (matched, from, to) = self.link(input, at)?;
                links.steps.push(Step { matched, from: from.value, to: to.value });
                (outgoing, next) = (from.form, to.form);
            }
            links.errors.push(PeriodErrors {
                incoming: incoming.variance(),
                outgoing: outgoing.variance(),
                through: incoming.plus(-1.0, &outgoing).variance(),
            });
            if at == base {
                let own = self.origin(input, (base, published))?;
                // Backwards from the base period, the link into it counts with the other sign.
                links.origin = PeriodErrors {
                    incoming: own.plus(-1.0, &incoming).variance(),
                    outgoing: own.plus(-1.0, &outgoing).variance(),
                    through: own.variance(),
                };
            }
            incoming = next;
        }
        Ok(links)
    }

    fn levels(&self, input: &Input<'_>, (base, published): (usize, &Index), steps: &[Step]) -> Result<Vec<f64>> {
        let mut levels = vec![0.0; input.periods.len()];
        levels[base] = match self.level {
            Some(level) => level,
            None => self.usable(published.value(), || input.name(base))?,
        };
        for at in base + 1..levels.len() {
            levels[at] = self.link.carry(levels[at - 1], (steps[at - 1].from, steps[at - 1].to));
        }
        for at in (0..base).rev() {
            levels[at] = self.link.carry(levels[at + 1], (steps[at].to, steps[at].from));
        }
        for (level, label) in levels.iter().zip(input.labels) {
            check::finite(*level, || format!("the level of `{label}`"))?;
        }
        Ok(levels)
    }

    /// The error of the published index in the base period, where the chain starts from that.
    fn origin(&self, input: &Input<'_>, (base, published): (usize, &Index)) -> Result<LinearForm> {
        if self.level.is_some() {
            return Ok(LinearForm::default());
        }
        let period = input.periods[base];
        let mut form = vec![0.0; period.structure().entities().len()];
        let value = self.usable(published.value(), || input.name(base))?;
        period.add_coefficients(Node::Group(input.group_in(base)?), self.link.scale(value), &mut form);
        LinearForm::new(period, form.into_iter().enumerate())
    }

    /// The link from one period to the next: how many entities it rests on, and its two ends.
    fn link(&self, input: &Input<'_>, at: usize) -> Result<(usize, Side, Side)> {
        let (here, there) = (input.periods[at], input.periods[at + 1]);
        let groups = (input.group_in(at)?, input.group_in(at + 1)?);
        let (in_first, in_second) = (matched::present(here, groups.0), matched::present(there, groups.1));
        let (mut first, mut second) = (vec![false; in_first.len()], vec![false; in_second.len()]);
        let mut count = 0;
        for (later, name) in there.structure().entities().iter().enumerate().filter(|(later, _)| in_second[*later]) {
            let Ok(earlier) = here.structure().entity_at(name) else { continue };
            if in_first[earlier] {
                (first[earlier], second[later]) = (true, true);
                count += 1;
            }
        }
        let place = format!("the link from `{}` to `{}`", input.labels[at], input.labels[at + 1]);
        if count == 0 {
            let reason = format!("no entity of `{}` has an index in both", input.group);
            return Err(ErrorKind::Mismatch { place, reason }.into());
        }
        let side = |at: usize, group: usize, kept: &[bool]| {
            self.side(input, at, group, kept).map_err(|fault| fault.within(place.clone()))
        };
        Ok((count, side(at, groups.0, &first)?, side(at + 1, groups.1, &second)?))
    }

    /// One end of a link: the index of the matched entities.
    fn side(&self, input: &Input<'_>, at: usize, group: usize, kept: &[bool]) -> Result<Side> {
        let period = input.periods[at];
        let Some(form) = matched::coefficients(period, group, kept) else {
            let place = format!("period `{}`", input.labels[at]);
            let reason = "the entities of both periods have no weight".into();
            return Err(Error::from(ErrorKind::Degenerate { place, reason }));
        };
        let index = |entity: usize| period.index_of(Node::Entity(entity)).map_or(0.0, Index::value);
        let value = form.iter().enumerate().map(|(entity, coefficient)| coefficient * index(entity)).sum();
        let value = self.usable(value, || format!("{} from the entities of both periods", input.name(at)))?;
        let scale = self.link.scale(value);
        let scaled = form.into_iter().map(|coefficient| coefficient * scale).enumerate();
        Ok(Side { value, form: LinearForm::new(period, scaled)? })
    }

    /// An index that can be linked.
    fn usable(&self, value: f64, place: impl FnOnce() -> String) -> Result<f64> {
        // Anything smaller is no index that answers on a scale can give, and its reciprocal overflows.
        const SMALLEST: f64 = 1e-9;
        match self.link {
            Link::Ratio => check::domain(value, value > SMALLEST, place, "more than 1e-9, to be linked by ratios"),
            Link::Difference => Ok(value),
        }
    }
}

struct Input<'a> {
    group: &'a str,
    labels: &'a [String],
    periods: &'a [&'a Aggregated],
}

impl Input<'_> {
    fn name(&self, at: usize) -> String {
        format!("the index of `{}` in `{}`", self.group, self.labels[at])
    }

    fn group_in(&self, at: usize) -> Result<usize> {
        self.periods[at].structure().group_at(self.group)
    }
}

/// The index of the matched entities in one period, and how it depends on theirs; in ratio links, how its logarithm does.
struct Side {
    value: f64,
    form: LinearForm,
}

/// A link's two values.
struct Step {
    matched: usize,
    from: f64,
    to: f64,
}

struct Links {
    /// From each period to the next.
    steps: Vec<Step>,
    /// By period.
    errors: Vec<PeriodErrors>,
    /// Those of the base period, with the error of the level that the chain starts from; `through` is that error alone.
    origin: PeriodErrors,
}

impl Links {
    /// The variance of each level; in ratio links, of its logarithm.
    fn variances(&self, base: usize) -> Vec<Option<f64>> {
        let sum = |one: Option<f64>, other: Option<f64>| one.zip(other).map(|(one, other)| one + other);
        let mut variances = vec![self.origin.through; self.errors.len()];
        let mut so_far = self.origin.outgoing;
        for at in base + 1..self.errors.len() {
            variances[at] = sum(so_far, self.errors[at].incoming);
            so_far = sum(so_far, self.errors[at].through);
        }
        let mut so_far = self.origin.incoming;
        for at in (0..base).rev() {
            variances[at] = sum(so_far, self.errors[at].outgoing);
            so_far = sum(so_far, self.errors[at].through);
        }
        variances
    }
}
