//! Direct against indirect effects.

use crate::error::Result;
use crate::numeric::rounding;
use crate::structural::assess::Assessment;
use crate::structural::model::effects;
use crate::structural::pls::Effect;
use crate::table::{Column, Table};

/// How an effect comes about, by the signs and the significance of its direct and indirect parts (Zhao et al. 2010).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[doc(alias = "full mediation")]
#[doc(alias = "partial mediation")]
pub enum MediationKind {
    /// Both parts, of the same sign.
    Complementary,
    /// Both parts, of opposite signs.
    Competitive,
    /// The indirect part alone: full mediation.
    IndirectOnly,
    /// The direct part alone.
    DirectOnly,
    /// Neither.
    NoEffect,
}

impl MediationKind {
    fn name(self) -> &'static str {
        match self {
            Self::Complementary => "complementary",
            Self::Competitive => "competitive",
            Self::IndirectOnly => "indirect only",
            Self::DirectOnly => "direct only",
            Self::NoEffect => "no effect",
        }
    }

    /// The kind of two parts; `None` for a part that is not there or does not differ significantly from 0.
    pub(crate) fn of(direct: Option<f64>, indirect: Option<f64>) -> Self {
        let there = |part: &f64| *part != 0.0;
        match (direct.filter(there), indirect.filter(there)) {
            (Some(direct), Some(indirect)) if (direct < 0.0) == (indirect < 0.0) => Self::Complementary,
            (Some(_), Some(_)) => Self::Competitive,
            (None, Some(_)) => Self::IndirectOnly,
            (Some(_), None) => Self::DirectOnly,
            (None, None) => Self::NoEffect,
        }
    }
}

/// The effect of one construct on another, taken apart.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Pls, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// for mediation in fit.assess().mediation()? {
///     let (direct, total) = (mediation.direct().unwrap_or(0.0), mediation.total());
///     assert!((direct + mediation.indirect() - total).abs() < 1e-12);
/// }
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[doc(alias = "VAF")]
#[doc(alias = "variance accounted for")]
pub struct Mediation {
    from: String,
    to: String,
    direct: Option<f64>,
    indirect: f64,
    specific: Vec<Effect>,
}

impl Mediation {
    /// The cause.
    pub fn from(&self) -> &str {
        &self.from
    }

    /// The construct acted on.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// The path coefficient; `None` when the model has no such path.
    pub fn direct(&self) -> Option<f64> {
        self.direct
    }

    /// The sum of the specific indirect effects.
    pub fn indirect(&self) -> f64 {
        self.indirect
    }

    /// Direct and indirect effect together.
    pub fn total(&self) -> f64 {
        rounding::sum([self.direct.unwrap_or(0.0), self.indirect])
    }

    /// The indirect effect route by route.
    pub fn specific(&self) -> &[Effect] {
        &self.specific
    }

    /// The variance accounted for, VAF = indirect/total; outside [0, 1] when the parts have opposite signs, `None` when
    /// they cancel to 0.
    pub fn variance_accounted_for(&self) -> Option<f64> {
        Some(self.indirect / self.total()).filter(|share| share.is_finite())
    }

    /// The type of mediation, given which of the parts differ significantly from 0.
    ///
    /// # References
    ///
    /// Zhao, X., Lynch, J. G., Chen, Q. (2010). Reconsidering Baron and Kenny: myths and truths about mediation analysis.
    /// *Journal of Consumer Research*, 37(2), 197–206. <https://doi.org/10.1086/651257>
    pub fn kind(&self, direct_significant: bool, indirect_significant: bool) -> MediationKind {
        let direct = self.direct.filter(|_| direct_significant);
        MediationKind::of(direct, indirect_significant.then_some(self.indirect))
    }
}

impl Assessment<'_> {
    /// Every effect that other constructs carry: its direct, its total indirect and its specific indirect parts.
    ///
    /// # Errors
    ///
    /// When the model has more than 10,000 routes.
    pub fn mediation(&self) -> Result<Vec<Mediation>> {
        let total = effects::total_effects(self.fit.model(), self.fit.path_matrix());
        let mut specific = self.fit.specific_indirect_effects()?;
        let pairs = effects::indirect_pairs(self.fit.model()).into_iter().map(|(from, to)| {
            let coefficient = self.fit.path_matrix()[(to, from)];
            let own = |effect: &mut Effect| effect.from() == self.fit.name(from) && effect.to() == self.fit.name(to);
            Mediation {
                from: self.fit.name(from).to_owned(),
                to: self.fit.name(to).to_owned(),
                direct: self.fit.model().paths().contains(&(from, to)).then_some(coefficient),
                indirect: effects::indirect(total[(to, from)], coefficient),
                specific: specific.extract_if(.., own).collect(),
            }
        });
        Ok(pairs.collect())
    }

    /// [`Assessment::mediation`](crate::structural::Assessment::mediation) as a table, with the type of mediation that the signs make if all parts are significant.
    ///
    /// # Errors
    ///
    /// When the model has more than 10,000 routes.
    pub fn mediation_table(&self) -> Result<Table> {
        let all = self.mediation()?;
        let number = |heading: &str, figure: fn(&Mediation) -> Option<f64>| {
            Column::number(heading, all.iter().map(figure)).decimals(4)
        };
        Ok(Table::new("Mediation")
            .column(Column::text("from", all.iter().map(Mediation::from)))
            .column(Column::text("to", all.iter().map(Mediation::to)))
            .column(number("direct", Mediation::direct))
            .column(number("indirect", |mediation| Some(mediation.indirect)))
            .column(number("total", |mediation| Some(mediation.total())))
            .column(number("VAF", Mediation::variance_accounted_for))
            .column(Column::text(
                "type, if significant",
                all.iter().map(|mediation| mediation.kind(true, true).name()),
            )))
    }
}
