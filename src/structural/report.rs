//! Everything that a paper reports of a fit, in its order.

use std::fmt;

use crate::structural::assess::{FornellLarcker, Htmt, ResidualVariance, RhoA, ScoresWithout};
use crate::structural::pls::Fit;
use crate::table::Table;

/// The assessment of a fit as one printable object.
///
/// Rules of thumb stand under the tables as notes with their source. They are conventions of the field, not results: no
/// number here depends on them.
///
/// # Examples
///
/// ```
/// use satindex::structural::{Pls, template};
///
/// let acsi = template::acsi();
/// let responses = acsi.population().build()?.likert(&acsi.likert(), 250, 1)?;
/// let fit = Pls::new().fit(&acsi.model(), &responses)?;
/// let report = fit.report();
/// assert!(report.markdown().contains("Satisfaction"));
/// # Ok::<(), satindex::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
#[doc(alias = "markdown")]
#[doc(alias = "publication table")]
pub struct Report {
    heading: String,
    tables: Vec<Table>,
}

impl Report {
    /// The tables in order: measurement, reliability, validity, structure, fit, verification, index.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The report in GitHub's Markdown.
    pub fn markdown(&self) -> String {
        let tables = self.tables.iter().map(|table| format!("\n{}", table.markdown()));
        format!("{}\n{}", self.heading, tables.collect::<String>())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.heading)?;
        self.tables.iter().try_for_each(|table| write!(f, "\n{table}"))
    }
}

const LOADINGS: &str = "rule of thumb: loadings of 0.708 or more, half of an indicator's variance (Hair et al. 2011)";
const RELIABILITY: &str = "rules of thumb: alpha, rho_A and rho_C 0.7 or more (Nunnally & Bernstein 1994); AVE 0.5 or more \
                           (Fornell & Larcker 1981)";
const DIMENSIONS: &str = "rules of thumb: first eigenvalue above 1 and second below, Dillon-Goldstein rho 0.7 or more \
                          (Tenenhaus et al. 2005)";
const HTMT: &str = "rule of thumb: below 0.85, or 0.9 for constructs that are close in theory (Henseler et al. 2015)";
const LARCKER: &str =
    "rule of thumb: each AVE above the squared correlations in its row and column (Fornell & Larcker 1981)";
const CROSS: &str = "rule of thumb: each indicator loads highest on its own construct (Chin 1998)";
const OUTER_VIF: &str = "rules of thumb: below 5 (Hair et al. 2011), or below 3.3 (Diamantopoulos & Siguaw 2006)";
const INNER_VIF: &str = "rules of thumb: below 5 (Hair et al. 2011), or below 3.3 (Diamantopoulos & Siguaw 2006)";
const FULL_VIF: &str = "rule of thumb: above 3.3 hints at a common method (Kock 2015)";
const R_SQUARED: &str = "rules of thumb: 0.67 substantial, 0.33 moderate, 0.19 weak (Chin 1998)";
const EFFECTS: &str = "rules of thumb: 0.02 small, 0.15 medium, 0.35 large (Cohen 1988)";
const CRITERIA: &str = "of models of the same construct, the one with the smaller criterion (Sharma et al. 2019)";
const FIT: &str = "rules of thumb: SRMR below 0.08 (Hu & Bentler 1999); NFI above 0.9 (Bentler & Bonett 1980); RMS_theta \
                   below 0.12 (Henseler et al. 2014)";

impl Fit {
    /// Everything that a paper reports of a fit, in its order, by the conventions that each method has by default.
    ///
    /// What needs resampling is not in it: [`Bootstrap`](crate::inference::Bootstrap),
    /// [`Assessment::blindfolding`](crate::structural::Assessment::blindfolding), [`ExactFitTest`](crate::inference::ExactFitTest).
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::structural::{Pls, template};
    ///
    /// let survey = template::acsi();
    /// let responses = survey.population().build()?.likert(&survey.likert(), 250, 1)?;
    /// let report = Pls::new().fit(&survey.model(), &responses)?.report();
    /// assert!(report.to_string().contains("Fornell-Larcker"));
    /// assert_eq!(report.tables().last().unwrap().title(), "Index (0-100, unstandardised weights)");
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn report(&self) -> Report {
        let gof = self.assess().goodness_of_fit().map(|gof| format!("GoF {gof:.4} (Tenenhaus et al. 2005)"));
        let unless = |table: Result<Table, crate::Error>, title: &str| {
            table.unwrap_or_else(|fault| Table::new(title).note(fault.to_string()))
        };
        let dimensions = self.assess().unidimensionality().map(|figures| figures.table().note(DIMENSIONS));
        let effects = self.assess().f_squared(ScoresWithout::Held).map(|figures| figures.table().note(EFFECTS));
        let fit = self.assess().model_fit(ResidualVariance::Observed).table().note(FIT);
        let tables = vec![
            self.measurement_table().note(LOADINGS),
            self.assess().reliability(RhoA::CommonFactors).table().note(RELIABILITY),
            unless(dimensions, "Unidimensionality"),
            self.assess().htmt(Htmt::Signed).table().note(HTMT),
            self.assess().htmt(Htmt::Geometric).table().note(HTMT),
            self.assess().fornell_larcker(FornellLarcker::Squared).table().note(LARCKER),
            self.assess().cross_loadings().table().note(CROSS),
            self.assess().outer_vif().table().note(OUTER_VIF),
            self.correlation_table(),
            self.path_table(),
            self.assess().inner_vif().table().note(INNER_VIF),
            self.assess().full_collinearity_vif().table().note(FULL_VIF),
            self.r_squared_table().note(R_SQUARED),
            unless(effects, "Effect size f²"),
            self.assess().redundancy().table(),
            self.assess().information_criteria().table().note(CRITERIA),
            self.effect_table(),
            unless(self.assess().mediation_table(), "Mediation"),
            gof.into_iter().fold(fit, Table::note),
            self.verify().table(),
            self.index_table(),
        ];
        Report { heading: self.heading(), tables }
    }
}
