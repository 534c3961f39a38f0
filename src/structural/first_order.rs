//! From any model to the one of plain constructs and paths that is estimated.

use crate::error::Result;
use crate::structural::model::Model;
use crate::structural::pls::Pls;
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
    /// itself. It is for what takes the answers behind a fit, such as [`Fit::scores`](crate::structural::Fit::scores) and
    /// [`Bootstrap`](crate::structural::Bootstrap), which then resamples products and scores with the rest of a respondent's
    /// answers, as they were formed in the sample.
    ///
    /// # Numerical notes
    ///
    /// Indicators and scores have mean 0 and variance 1 (divisor n − 1) before they are multiplied. A product or score is
    /// missing where an answer that it takes is.
    ///
    /// Under [`Pls::consistent`] a score that stands for a construct carries the reliability that it had in its stage over
    /// to the next, as the [reliability](Pls::reliability) of an indicator; so, from moments of the scores, does the product
    /// of two scores under [`Interaction::Sequential`](crate::structural::Interaction::Sequential), while that of
    /// [`Interaction::TwoStage`](crate::structural::Interaction::TwoStage) is not corrected. A bootstrap of the model
    /// estimated holds these reliabilities as they were in the sample.
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
    /// assert_eq!(fit, pls.fit(&moderated, &responses)?);
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
}
