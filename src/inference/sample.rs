//! A fit and the answers behind it, made ready for resampling.

use crate::error::{ErrorKind, Faults, Result};
use crate::inference::bootstrap::Bootstrap;
use crate::inference::draw::{self, Clusters, Draw, Urn};
use crate::inference::products::Products;
use crate::inference::staged::{MOST_PAIRS, Staged};
use crate::structural::linear_index::Ends;
use crate::structural::model::Model;
use crate::structural::pls::algorithm::plan::Plan;
use crate::structural::pls::params::Metric;
use crate::structural::pls::{Fit, Interaction, columns};
use crate::survey::{Missing, Responses};

/// A fit with the rows that it was made from.
pub(super) struct Sample<'a> {
    pub(super) fit: &'a Fit,
    pub(super) responses: &'a Responses,
    /// Of the last stage, if there are several.
    pub(super) plan: Plan,
    pub(super) staged: Option<Staged>,
    /// The models of all stages.
    pub(super) models: Vec<Model>,
    /// Where the indicators that were asked for stand, what is taken from the answers to each and by what the rest is
    /// divided.
    columns: Vec<usize>,
    centres: Vec<f64>,
    scales: Vec<f64>,
    /// The rows of the responses that the fit used.
    pub(super) rows: Vec<usize>,
    /// How many respondents each of them stands for, if not all stand for one.
    pub(super) frequencies: Option<Vec<u64>>,
    /// Is there an answer missing that the policy of the fit fills in each time?
    pub(super) incomplete: bool,
    /// Has a replicate to be estimated from its answers, for that reason or for something that is not linear in them?
    pub(super) refit: bool,
}

impl<'a> Sample<'a> {
    pub(super) fn new(fit: &'a Fit, responses: &'a Responses) -> Result<Self> {
        let (mut plan, _) = fit.estimator().plan(fit.model())?;
        fit.estimator().orient(&mut plan, fit.model(), fit.scales());
        let columns = columns(fit.specification().map_or(fit.model(), |(_, model)| model), responses)?;
        fit.check_same(responses)?;
        let (rows, incomplete) = rows_in_use(fit, responses, &columns);
        let frequencies = frequencies(responses, &rows)?;
        let (centres, deviations) = if fit.specification().is_none() {
            (fit.means("a bootstrap")?.to_vec(), fit.deviations().to_vec())
        } else {
            let moments = responses.moments_of(&columns, fit.estimator().missing_in_use())?;
            (moments.means().unwrap_or_default().to_vec(), moments.standard_deviations()?)
        };
        let scales = match fit.estimator().metric_in_use() {
            Metric::Standardised => deviations,
            Metric::Raw => vec![1.0; columns.len()],
        };
        let models = match fit.staged() {
            Some(stages) => stages.stages.iter().map(|stage| stage.model.clone()).collect(),
            None => vec![fit.model().clone()],
        };
        let (staged, refit) = (None, incomplete);
        let mut sample = Self {
            fit,
            responses,
            plan,
            staged,
            models,
            columns,
            centres,
            scales,
            rows,
            frequencies,
            incomplete,
            refit,
        };
        if let (Some(stages), false) = (fit.staged(), incomplete) {
            let mixed = stages.pls.interaction_in_use() == Interaction::SequentialMoments;
            sample.staged = Staged::new(&stages.stages, stages.plans()?, sample.ends(), mixed);
            sample.refit = sample.staged.is_none();
        }
        Ok(sample)
    }

    /// As [`Sample::new`], for what works on sums of complete answers only.
    pub(super) fn complete(fit: &'a Fit, responses: &'a Responses, purpose: &str) -> Result<Self> {
        let sample = Self::new(fit, responses)?;
        match sample.obstacle() {
            Some(reason) => Err(ErrorKind::Unsupported { place: purpose.into(), reason }.into()),
            None => Ok(sample),
        }
    }

    /// Why replicates cannot be had from sums over the rows, and what to do about it.
    pub(super) fn obstacle(&self) -> Option<String> {
        let reason = if self.incomplete {
            "takes complete answers; fit with listwise deletion".into()
        } else {
            format!("takes products of at most {MOST_PAIRS} pairs of indicators")
        };
        self.refit.then_some(reason)
    }

    /// The anchors of the scales of the indicators that were asked for, in the units of the answers.
    fn ends(&self) -> Vec<Ends<f64>> {
        let scale = |column: &usize| self.responses.indicators()[*column].scale();
        let units = self.centres.iter().zip(&self.scales);
        self.columns.iter().zip(units).map(|(column, (centre, unit))| Ends::of(scale(column), *centre, *unit)).collect()
    }

    /// The answers and their products: one line for each row in use, or for each cluster.
    pub(super) fn products(&self, clusters: Option<&Clusters>) -> Products {
        let pairs = self.staged.as_ref().map_or(&[][..], |staged| &staged.pairs);
        let units = (self.centres.as_slice(), self.scales.as_slice());
        let products = Products::new(self.responses, &self.rows, &self.columns, units, pairs);
        match clusters {
            Some(clusters) => products.clustered(clusters, self.frequencies.as_deref()),
            None => products,
        }
    }

    /// What is taken from an indicator of the last stage, and by what the rest is divided: nothing, by 1, unless it is one
    /// that was asked for.
    pub(super) fn units(&self) -> (Vec<f64>, Vec<f64>) {
        let Some(stages) = self.fit.staged() else { return (self.centres.clone(), self.scales.clone()) };
        let unit = |at| stages.answer(at).map_or((0.0, 1.0), |from| (self.centres[from], self.scales[from]));
        (0..self.fit.model().indicators().count()).map(unit).unzip()
    }

    /// The name of a construct of the last stage.
    pub(super) fn name(&self, construct: usize) -> String {
        self.fit.model().constructs()[construct].name().to_owned()
    }

    /// The number of the path between two constructs of the last stage.
    pub(super) fn path(&self, from: usize, to: usize) -> Option<usize> {
        self.plan.paths.iter().position(|path| *path == (from, to))
    }

    /// How many respondents some of the rows in use stand for.
    pub(super) fn respondents(&self, rows: impl IntoIterator<Item = usize>) -> u64 {
        rows.into_iter().map(|row| self.frequencies.as_ref().map_or(1, |frequencies| frequencies[row])).sum()
    }

    /// Checks that there are enough respondents for the model, as [`Pls::fit`](crate::structural::Pls::fit) does.
    pub(super) fn enough(&self, respondents: u64) -> Result<()> {
        let indicators = self.models.iter().map(|model| model.indicators().count()).max().unwrap_or(0);
        if respondents > indicators as u64 || self.fit.estimator().allows_few_respondents() {
            return Ok(());
        }
        let respondents = usize::try_from(respondents).unwrap_or(usize::MAX);
        Err(ErrorKind::TooFewRespondents { respondents, indicators }.into())
    }

    /// The level of each row in use in a grouping column, as its number among the levels.
    pub(super) fn codes(&self, group: &str) -> Result<(Vec<usize>, &'a [String])> {
        let group = self.responses.group(group)?;
        let label = |row: &usize| group.codes()[*row];
        if let Some(first) = self.rows.iter().find(|row| label(row).is_none()) {
            let count = self.rows.iter().filter(|row| label(row).is_none()).count();
            let reason = format!(
                "{count} of the rows in use have no label, the first is row {}; label them, or fit and compare without \
                 them (`Responses::labelled`)",
                first + 1
            );
            return Err(ErrorKind::Degenerate { place: format!("group `{}`", group.name()), reason }.into());
        }
        Ok((self.rows.iter().filter_map(label).collect(), group.levels()))
    }

    pub(super) fn clusters(&self, group: &str) -> Result<Clusters> {
        let (mut codes, levels) = self.codes(group)?;
        let mut numbers = vec![None; levels.len()];
        let mut count = 0;
        for code in &mut codes {
            *code = *numbers[*code].get_or_insert_with(|| {
                count += 1;
                count - 1
            });
        }
        Ok(Clusters { codes, count })
    }

    pub(super) fn draw(&self, options: &Bootstrap, clusters: Option<&Clusters>) -> Result<Draw> {
        if let Some(given) = &options.given {
            return self.given(given);
        }
        let units = clusters.map_or(self.rows.len(), |clusters| clusters.count);
        let frequencies = self.frequencies.as_deref().filter(|_| clusters.is_none());
        let strata = match &options.strata {
            None => vec![Urn::new((0..u32::try_from(units).unwrap_or(u32::MAX)).collect(), frequencies)],
            Some(group) => {
                let (codes, levels) = self.codes(group)?;
                let codes = match clusters {
                    None => codes,
                    Some(clusters) => stratum_of_cluster(&codes, clusters, group)?,
                };
                draw::strata(&codes, levels, frequencies, group)?
            }
        };
        let respondents = strata.iter().map(Urn::respondents).sum::<u64>();
        if respondents < 2 {
            let place = "the number of respondents or clusters to resample is".into();
            return Err(ErrorKind::Domain { place, value: respondents as f64, expected: "at least 2".into() }.into());
        }
        Ok(Draw::Strata { strata, seed: options.seed, first: 0 })
    }

    /// The caller's replicates, in terms of the rows in use.
    fn given(&self, replicates: &[Vec<usize>]) -> Result<Draw> {
        let mut places = vec![None; self.responses.rows()];
        self.rows.iter().enumerate().for_each(|(place, row)| places[*row] = Some(place));
        let rows = draw::given(replicates, &places)?;
        let mut faults = Faults::default();
        for (number, replicate) in rows.iter().enumerate() {
            if let Err(fault) = self.enough(replicate.len() as u64) {
                faults.note(|| fault.within(format!("replicate {}", number + 1)));
            }
        }
        faults.or(Draw::Given(rows))
    }
}

/// The rows that a fit used, and whether answers are missing in them that its policy fills in.
fn rows_in_use(fit: &Fit, responses: &Responses, columns: &[usize]) -> (Vec<usize>, bool) {
    let answered = |row: usize| columns.iter().filter(move |column| !responses.answers_to(**column)[row].is_nan());
    let counts = |row: &usize| responses.weights().is_none_or(|weights| weights[*row] > 0.0);
    let complete = |row: &usize| answered(*row).count() == columns.len();
    let drops = matches!(fit.estimator().missing_in_use(), Missing::Reject | Missing::Listwise);
    // A respondent who answered nothing is not used under any policy.
    let used = |row: &usize| if drops { complete(row) } else { answered(*row).next().is_some() };
    let rows: Vec<usize> = (0..responses.rows()).filter(counts).filter(used).collect();
    let incomplete = !rows.iter().all(complete);
    (rows, incomplete)
}

/// Up to here every whole number is an f64.
const MOST: f64 = 9_007_199_254_740_992.0;

/// How many respondents each row stands for, if not all stand for one.
pub(super) fn frequencies(responses: &Responses, rows: &[usize]) -> Result<Option<Vec<u64>>> {
    let Some(weights) = responses.weights() else { return Ok(None) };
    let mut faults = Faults::default();
    let mut total = 0.0;
    for (row, weight) in rows.iter().map(|row| (row, weights[*row])) {
        total += weight;
        if weight.fract() != 0.0 {
            faults.note(|| ErrorKind::Unsupported {
                place: format!("the case weight of row {} is {weight}", row + 1),
                reason: "only frequencies, which count the respondents of a row and are whole, can be resampled; sampling \
                         weights, which say for how many people of the population a respondent stands, cannot: give the \
                         rows without weights"
                    .into(),
            });
        }
    }
    if total > MOST {
        let expected = "at most 2^53 respondents".into();
        faults.push(ErrorKind::Domain { place: "the sum of the frequencies is".into(), value: total, expected });
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole numbers that are not negative")]
    let frequencies: Vec<u64> = rows.iter().map(|row| weights[*row] as u64).collect();
    faults.or(Some(frequencies).filter(|frequencies| frequencies.iter().any(|frequency| *frequency != 1)))
}

fn stratum_of_cluster(codes: &[usize], clusters: &Clusters, group: &str) -> Result<Vec<usize>> {
    let mut strata = vec![None; clusters.count];
    for (code, cluster) in codes.iter().zip(&clusters.codes) {
        if *strata[*cluster].get_or_insert(*code) != *code {
            let place = format!("a cluster lies in two strata of `{group}`");
            let reason = "clusters are resampled whole, within one stratum".into();
            return Err(ErrorKind::Mismatch { place, reason }.into());
        }
    }
    Ok(strata.into_iter().flatten().collect())
}
