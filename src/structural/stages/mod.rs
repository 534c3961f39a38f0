//! Models with products and constructs of higher order, as stages of plain constructs and paths.
//!
//! [`Pls::stages`] says what the stages are; [`Run`] goes through them in a sample; the replicates of a bootstrap go through
//! the same ones on moments.

mod assembly;
mod columns;
mod expanded;
mod higher_order;
pub(crate) mod interaction;
pub(crate) mod names;
pub(crate) mod product_errors;
mod run;
#[cfg(feature = "serde")]
mod saved;

pub(crate) use run::{Directed, Run};

use crate::error::Result;
use crate::structural::model::Model;
use crate::structural::pls::stage::Stage;
use crate::structural::pls::{Data, Fit, Pls, columns};
use crate::survey::{Missing, Responses};

impl Pls {
    /// The stages in which a model is estimated; one for a model of plain constructs and paths.
    pub(crate) fn stages(&self, model: &Model) -> Result<Vec<Stage>> {
        self.check()?;
        let (first, single) = self.stages_of_dimensions(model)?;
        let mut stages: Vec<Stage> = first.into_iter().collect();
        if single.model.products().is_empty() {
            stages.push(single);
        } else {
            let last = single.pls.stage_of_products(&single.model)?;
            let main = single.model.main_effects();
            stages.extend([Stage { pls: single.pls.restricted_to(&main), model: main, ..single }, last]);
        }
        if let Some(last) = stages.last() {
            self.check_names([model, &last.model])?;
        }
        Ok(stages)
    }

    /// Estimates a model.
    ///
    /// A model with products or constructs of higher order is estimated as [`Pls::first_order`] spells it out; that takes
    /// the answers themselves.
    ///
    /// # Errors
    ///
    /// An option out of its range or for an unknown construct; an indicator that the data lack, that is constant or
    /// that repeats another; too few respondents; linearly dependent indicators of a mode B construct; linearly
    /// dependent predecessors; a construct whose inner proxy has no variance; no convergence; under [`Pls::consistent`], a
    /// reflective construct without ρ_A. Each names its culprit.
    pub fn fit<'a>(&self, model: &Model, data: impl Into<Data<'a>>) -> Result<Fit> {
        match data.into() {
            Data::Responses(responses) if !model.is_first_order() => self.fit_in_stages(model, responses),
            Data::Responses(responses) => self.fit_moments(model, || {
                let columns = columns(model, responses).map_err(|fault| fault.within("the data"))?;
                responses.moments_of(&columns, self.missing_in_use())
            }),
            Data::Moments(moments) => {
                self.fit_moments(model, || moments.select(model.indicators()).map_err(|fault| fault.within("the data")))
            }
        }
    }

    fn fit_in_stages(&self, model: &Model, responses: &Responses) -> Result<Fit> {
        let stages = self.stages(model)?;
        Run::new(self, model, &stages, responses)?.keep(self, model, stages).fit()
    }

    /// What a model with products or constructs of higher order is estimated as: options, model and answers, as the
    /// [`Interaction`](crate::structural::Interaction) and the [`HigherOrder`](crate::structural::HigherOrder) of these options
    /// have it. The answers are those that were asked for and the columns that the last stage has beside them.
    ///
    /// | in the model | in the model estimated | its indicators |
    /// |---|---|---|
    /// | product `Image:Value` | `Image.Value` | `IMAG1.PERV1`, … or `Image.Value.score` |
    /// | `Overall =~ Quality + Value` | `Overall` | `Overall.PERQ1`, … or `Quality.score`, `Value.score` |
    /// | any construct at its score of an earlier stage | under its name | `Image.score` |
    ///
    /// Constructs of higher order come first, so products may have them as factors. [`Pls::fit`] goes through this by
    /// itself, and the bootstrap goes through it in each replicate. It is for users who want to see the columns, or take them
    /// to a method that works on the last stage alone, such as [`Assessment::blindfolding`](crate::structural::Assessment::blindfolding).
    ///
    /// # Missing answers
    ///
    /// They are dealt with once, before the first stage.
    ///
    /// | policy | then |
    /// |---|---|
    /// | [`Missing::Listwise`](crate::survey::Missing::Listwise) | all stages are of the respondents who answered everything |
    /// | [`Missing::Mean`](crate::survey::Missing::Mean) | scores and products are made of the answers with means put in, as in seminr |
    /// | [`Missing::Pairwise`](crate::survey::Missing::Pairwise) | scores are linear in the answers, so their covariances are sums of those pair by pair; so are those of products, of which each takes two answers |
    /// | [`Missing::Em`](crate::survey::Missing::Em) | the same with the covariances that normal answers let expect given the others (Isserlis 1918) |
    ///
    /// Under the last two the moments of the last stage are not those of any columns; the columns here lack a score or
    /// product where an answer that it takes is missing.
    ///
    /// # Numerical notes
    ///
    /// Indicators and scores have mean 0 and variance 1 (divisor n − 1) before they are multiplied.
    ///
    /// Under [`Pls::consistent`] a score that stands for a construct carries the reliability that it had in its stage over
    /// to the next, as the [reliability](Pls::reliability) of an indicator; so, from moments of the scores, does the product
    /// of two scores under [`Interaction::Sequential`](crate::structural::Interaction::Sequential), while that of
    /// [`Interaction::TwoStage`](crate::structural::Interaction::TwoStage) is not corrected. What works on the last stage
    /// alone holds these reliabilities as they were in the sample.
    ///
    /// # Errors
    ///
    /// What [`Pls::fit`] reports of an earlier stage; a name that a column gets and something else has; under
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
        let stages = self.stages(model)?;
        let staged = Run::new(self, model, &stages, responses)?.keep(self, model, stages);
        let mut answers = responses.select(model.indicators())?;
        if self.missing_in_use() == Missing::Mean {
            answers = answers.filled_with(staged.asked.means().unwrap_or_default())?;
        }
        let last = staged.last();
        let is_asked =
            |at: usize, name: &str| staged.answer(at).is_some_and(|from| model.indicators().nth(from) == Some(name));
        let indicators = staged.last_moments().indicators().iter().zip(staged.columns_of(&answers)).enumerate();
        let further = indicators.filter(|(at, (indicator, _))| !is_asked(*at, indicator.name()));
        let further: Vec<_> = further.map(|(_, (indicator, column))| (indicator.clone(), column)).collect();
        Ok((staged.last_options().clone(), last.model.clone(), answers.with_columns(further)?))
    }

    /// The fit of the first of the stages in which a model with products or constructs of higher order is estimated: the one
    /// that gives scores. It is where dimensions are assessed, and what the overall fit of such a model takes
    /// ([`Assessment::model_fit_of_stages`](crate::structural::Assessment::model_fit_of_stages)). `None` when there is one stage only.
    ///
    /// # Errors
    ///
    /// What [`Pls::fit`] reports of it.
    ///
    /// # Examples
    ///
    /// ```
    /// use satindex::structural::{HigherOrder, Model, Pls, ResidualVariance, RhoA, template};
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
    /// assert!(first.assess().reliability(RhoA::default()).rho_a("Quality")?.unwrap() > 0.7);
    /// assert!(fit.assess().model_fit_of_stages(&first, ResidualVariance::Observed)?.srmr() < 0.08);
    /// # Ok::<(), satindex::Error>(())
    /// ```
    pub fn first_stage(&self, model: &Model, responses: &Responses) -> Result<Option<Fit>> {
        let stages = self.stages(model)?;
        if !stages.get(1).is_some_and(Stage::takes_scores) {
            return Ok(None);
        }
        let first = &stages[..1];
        let run = Run::new(self, model, first, responses)?;
        run.into_last().map(|(pls, moments)| pls.fit_moments(&stages[0].model, || Ok(moments))).transpose()
    }
}
