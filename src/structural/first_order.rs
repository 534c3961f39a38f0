//! From any model to the one of plain constructs and paths that is estimated.

use crate::error::Result;
use crate::structural::higher_order::HigherOrder;
use crate::structural::model::Model;
use crate::structural::pls::{Fit, Pls};
use crate::survey::Responses;

impl Pls {
    /// What a model with products or constructs of higher order is estimated as: options, model and answers, as the
    /// [`Interaction`](crate::structural::Interaction) and the [`HigherOrder`](crate::structural::HigherOrder) of these options
    /// have it.
    ///
    /// | in the model | in the model estimated | its indicators |
    /// |---|---|---|
    /// | product `Image:Value` | `Image.Value` | `IMAG1.PERV1`, … or `Image.Value.score` |
    /// | `Overall =~ Quality + Value` | `Overall` | `Overall.PERQ1`, … or `Quality.score`, `Value.score` |
    /// | any construct at its score of an earlier stage | under its name | `Image.score` |
    ///
    /// Constructs of higher order come first, so products may have them as factors. [`Pls::fit`] goes through this by
    /// itself, and what resamples respondents goes through it in each replicate. It is for who wants to see the columns, or
    /// takes them to what works on the last stage alone, such as [`Fit::blindfolding`](crate::structural::Fit::blindfolding).
    ///
    /// # Numerical notes
    ///
    /// Indicators and scores have mean 0 and variance 1 (divisor n − 1) before they are multiplied. A product or score is
    /// missing where an answer that it takes is.
    ///
    /// Under [`Pls::consistent`] a score that stands for a construct carries the reliability that it had in its stage over
    /// to the next, as the [reliability](Pls::reliability) of an indicator; so, from moments of the scores, does the product
    /// of two scores under [`Interaction::Sequential`](crate::structural::Interaction::Sequential), while that of
    /// [`Interaction::TwoStage`](crate::structural::Interaction::TwoStage) is not corrected. What works on the last stage
    /// alone holds these reliabilities as they were in the sample.
    ///
    /// # Errors
    ///
    /// What [`Pls::fit`] reports of an earlier stage; a name that is needed and something else has; under
    /// [`Interaction::Orthogonal`](crate::structural::Interaction::Orthogonal), linearly dependent indicators; together
    /// with [`Pls::consistent`], a product that varies less than the error in its scores makes it.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::structural::{Interaction, Model, Pls, template};
    ///
    /// let acsi = template::acsi();
    /// let responses = acsi.population().build()?.likert(&acsi.likert(), 400, 7)?;
    /// let moderated: Model = format!("{}Loyalty ~ Value * Satisfaction", acsi.model())
    ///     .replace("Loyalty ~ Satisfaction + Complaints", "Loyalty ~ Complaints")
    ///     .parse()?;
    /// let pls = Pls::new().interaction(Interaction::TwoStage);
    /// let (estimator, model, answers) = pls.first_order(&moderated, &responses)?;
    /// let fit = estimator.fit(&model, &answers)?;
    /// assert_eq!(fit.to_string(), pls.fit(&moderated, &responses)?.to_string());
    /// assert_eq!(answers.names().last(), Some("Value.Satisfaction.score"));
    /// // The population has no such effect.
    /// assert!(fit.path("Value.Satisfaction", "Loyalty")?.abs() < 0.1);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn first_order(&self, model: &Model, responses: &Responses) -> Result<(Self, Model, Responses)> {
        let answers = responses.select(model.indicators()).map_err(|fault| fault.within("the data"))?;
        let (pls, single, answers) = self.with_dimensions(model, answers)?;
        let (pls, first, answers) = pls.with_products(&single, answers)?;
        self.check_names([model, &first])?;
        Ok((pls, first, answers))
    }

    /// The fit of the first of the stages in which a model with products or constructs of higher order is estimated: the one
    /// that gives scores. It is where dimensions are assessed, and what the overall fit of such a model takes
    /// ([`Fit::model_fit_of_stages`]). `None` when there is one stage only.
    ///
    /// # Errors
    ///
    /// What [`Pls::fit`] reports of it.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::structural::{HigherOrder, Model, Pls, ResidualVariance, template};
    ///
    /// let acsi = template::acsi();
    /// let responses = acsi.population().build()?.likert(&acsi.likert(), 400, 7)?;
    /// let names = |construct: &str| acsi.model().construct(construct).unwrap().indicators().join(" + ");
    /// let model: Model = format!(
    ///     "Quality =~ {}; Value =~ {}; Satisfaction =~ {}; Worth =~ Quality + Value; Satisfaction ~ Worth",
    ///     names("Quality"), names("Value"), names("Satisfaction")
    /// ).parse()?;
    /// let pls = Pls::new().consistent().higher_order(HigherOrder::DisjointTwoStage);
    /// let (first, fit) = (pls.first_stage(&model, &responses)?.unwrap(), pls.fit(&model, &responses)?);
    /// assert!(first.reliability().rho_a("Quality")?.unwrap() > 0.7);
    /// assert!(fit.model_fit_of_stages(&first, ResidualVariance::Observed)?.srmr() < 0.08);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn first_stage(&self, model: &Model, responses: &Responses) -> Result<Option<Fit>> {
        let answers = responses.select(model.indicators()).map_err(|fault| fault.within("the data"))?;
        if model.higher().next().is_some() && self.higher_order_in_use() != HigherOrder::RepeatedIndicators {
            return Ok(Some(self.stage_of_dimensions(model, &answers)?.0));
        }
        let (pls, single, answers) = self.with_dimensions(model, answers)?;
        if single.products().is_empty() || !self.interaction_in_use().has_stages() {
            return Ok(None);
        }
        let main = single.main_effects();
        let answers = answers.select(main.indicators())?;
        Ok(Some(pls.restricted_to(&main).fit(&main, &answers)?))
    }
}
