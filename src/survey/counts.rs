//! How often each answer was given: all that a plain metric of one question needs.

use std::fmt;

use crate::error::{ErrorKind, Result};
use crate::index::{Confidence, Index, Interval};
use crate::numeric::check;
use crate::survey::net_share::NetShare;
use crate::survey::{Direction, Proportion, ProportionInterval, Responses, Scale};
use crate::table::{Column, Table};

/// How often each answer to one question was given, with case weights.
///
/// Counts stream (an answer at a time), merge (of parts counted on several machines) and serialise. From them come the
/// mean as an index, shares of good answers (top boxes) and net shares (net promoter score).
///
/// # Formula
///
/// With weights w, the share of the answers in a set A is p = Σ_A w / Σ w. The mean x̄ = Σwx/Σw has the standard error
/// √(Σw(x − x̄)²/Σw / (n − 1)). For standard errors and intervals n is Σw, as everywhere in this crate: a weight of k is the
/// answer k times. Under sampling weights ([`Counts::sampled`]) it is Kish's effective number of answers (Σw)²/Σw², which
/// is their number when all weights are equal.
///
/// # References
///
/// Kish, L. (1965). *Survey Sampling*, Wiley, section 11.7.
///
/// # Examples
///
/// ```
/// use satindex::survey::{Counts, Scale};
///
/// let mut recommend = Counts::new(Scale::ZERO_TO_TEN);
/// for answer in [10, 9, 9, 8, 8, 7, 6, 3] {
///     recommend.push(Some(f64::from(answer)), 1.0)?;
/// }
/// recommend.push(None, 1.0)?;
/// assert_eq!((recommend.n(), recommend.missing()), (8.0, 1));
/// assert_eq!(recommend.share(9.0)?.share(), 0.375);
/// assert_eq!(recommend.net(9.0, 6.0)?.value(), 0.125);
/// assert_eq!(recommend.index()?.value(), 75.0);
/// # Ok::<(), satindex::Error>(())
/// ```
#[doc(alias("frequencies", "frequency table", "histogram"))]
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "Raw"))]
pub struct Counts {
    scale: Scale,
    /// Are the weights sampling weights, or frequencies?
    sampled: bool,
    /// In ascending order of the answers.
    answers: Vec<Count>,
    missing: usize,
}

/// One answer, with the sums of the weights and of their squares.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
struct Count {
    answer: f64,
    weight: f64,
    squares: f64,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    scale: Scale,
    sampled: bool,
    answers: Vec<Count>,
    missing: usize,
}

#[cfg(feature = "serde")]
impl TryFrom<Raw> for Counts {
    type Error = crate::Error;

    fn try_from(raw: Raw) -> Result<Self> {
        let mut counts = Self { sampled: raw.sampled, ..Self::new(raw.scale) };
        for count in raw.answers {
            count.check()?;
            counts.add(count)?;
        }
        counts.missing = raw.missing;
        Ok(counts)
    }
}

#[cfg(feature = "serde")]
impl Count {
    /// Checks that the squares of weights with this sum can have that sum.
    fn check(&self) -> Result<()> {
        let place = || format!("the sum of squared weights of the answer {}", self.answer);
        let most = self.weight * self.weight * (1.0 + 1e-9);
        let inside = (0.0..=most).contains(&self.squares) && (self.weight == 0.0 || self.squares > 0.0);
        check::domain(self.squares, inside && most.is_finite(), place, "what weights of this sum can give").map(drop)
    }
}

impl Counts {
    /// No answer yet, to a question on this scale. A weight of k is to be the answer k times.
    pub fn new(scale: Scale) -> Self {
        Self { scale, sampled: false, answers: Vec::new(), missing: 0 }
    }

    /// The same for sampling weights, which say how many of the population an answer stands for.
    pub fn sampled(scale: Scale) -> Self {
        Self { sampled: true, ..Self::new(scale) }
    }

    /// The answers to one of the indicators of a survey.
    ///
    /// # Errors
    ///
    /// An unknown indicator, or one without a scale.
    pub fn of(responses: &Responses, indicator: &str) -> Result<Self> {
        let at = check::position(&responses.names().collect::<Vec<_>>(), indicator, "indicator")?;
        let scale = responses.indicators()[at].scale();
        let scale = scale.ok_or_else(|| ErrorKind::NoScale { indicator: indicator.into() })?;
        let mut counts = Self::new(scale);
        let weight = |row: usize| responses.weights().map_or(1.0, |weights| weights[row]);
        responses.column(indicator)?.enumerate().try_for_each(|(row, answer)| counts.push(answer, weight(row)))?;
        Ok(counts)
    }

    /// Counts one answer, perhaps a missing one, with its case weight.
    ///
    /// # Errors
    ///
    /// An answer outside the scale; a weight that is neither 0 nor from 10⁻¹⁰⁰ to 10¹⁰⁰.
    pub fn push(&mut self, answer: Option<f64>, weight: f64) -> Result<()> {
        check::weight(weight, || "the weight of an answer".into())?;
        match answer {
            None => self.missing += 1,
            Some(answer) => self.add(Count { answer, weight, squares: weight * weight })?,
        }
        Ok(())
    }

    fn add(&mut self, count: Count) -> Result<()> {
        // Adding 0 makes one number of 0 and −0.
        let answer = self.on_scale(count.answer, "an answer")? + 0.0;
        check::non_negative(count.weight, || format!("the weight of the answer {answer}"))?;
        match self.answers.binary_search_by(|known| known.answer.total_cmp(&answer)) {
            Ok(at) => {
                self.answers[at].weight += count.weight;
                self.answers[at].squares += count.squares;
            }
            Err(at) => self.answers.insert(at, Count { answer, ..count }),
        }
        Ok(())
    }

    /// The answer, if it lies on the scale.
    fn on_scale(&self, answer: f64, place: &str) -> Result<f64> {
        let expected = format!("a number from {} to {}", self.scale.lower(), self.scale.upper());
        check::domain(answer, self.scale.contains(answer), || place.into(), &expected)
    }

    /// Takes in the counts of other respondents. If that fails, these are as they were.
    ///
    /// # Errors
    ///
    /// Counts of another scale, or of the other kind of weights.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        if self.scale != other.scale {
            let (one, other) = (self.scale.to_string(), other.scale.to_string());
            return Err(ErrorKind::Conflict { place: "the scale of the answers".into(), one, other }.into());
        }
        if self.sampled != other.sampled {
            let kind = |sampled| if sampled { "sampling weights" } else { "frequencies" }.to_owned();
            let (one, other) = (kind(self.sampled), kind(other.sampled));
            return Err(ErrorKind::Conflict { place: "the kind of weights".into(), one, other }.into());
        }
        other.answers.iter().try_for_each(|count| self.add(*count))?;
        self.missing += other.missing;
        Ok(())
    }

    /// The scale of the question.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// The sum of the weights of the answers: their number, where nothing is weighted.
    pub fn n(&self) -> f64 {
        self.answers.iter().fold(0.0, |sum, count| sum + count.weight)
    }

    /// The number of answers that standard errors and intervals go by: Σw, or (Σw)²/Σw² under sampling weights.
    pub fn effective_n(&self) -> f64 {
        if !self.sampled {
            return self.n();
        }
        let squares: f64 = self.answers.iter().map(|count| count.squares).sum();
        if squares > 0.0 { self.n() * (self.n() / squares) } else { 0.0 }
    }

    /// How many respondents left the question out.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// The answers that were given, in ascending order, with the sums of their weights.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (f64, f64)> + '_ {
        self.answers.iter().map(|count| (count.answer, count.weight))
    }

    /// The mean answer.
    ///
    /// # Errors
    ///
    /// When nobody answered.
    pub fn mean(&self) -> Result<f64> {
        let sum: f64 = self.answers.iter().map(|count| count.weight * count.answer).sum();
        let mean = sum / self.answered()?;
        Ok(mean.clamp(self.scale.lower(), self.scale.upper()))
    }

    fn answered(&self) -> Result<f64> {
        check::positive(self.n(), || "the number of answers".into())
    }

    /// The mean answer as an index from 0 (worst) to 100 (best), with its standard error and, where there is one, the 95 %
    /// interval that the normal distribution gives, cut off at 0 and 100.
    ///
    /// # Errors
    ///
    /// When nobody answered.
    pub fn index(&self) -> Result<Index> {
        let mean = self.mean()?;
        let index = Index::new(self.scale.to_hundred(mean), self.n(), "mean answer")?;
        let deviation = |count: &Count| count.weight * (100.0 * (count.answer - mean) / self.scale.range()).powi(2);
        let variance = self.answers.iter().map(deviation).sum::<f64>() / self.n();
        let degrees = self.effective_n() - 1.0;
        // One answer says nothing of how far answers are spread.
        if degrees > 0.0 {
            index.with_std_error((variance / degrees).sqrt())?.with_normal_interval(Confidence::P95)
        } else {
            Ok(index)
        }
    }

    /// The sum of the weights of the answers at least as good as one, or (`worse`) at most as good.
    fn weight_from(&self, answer: f64, worse: bool) -> f64 {
        let above = (self.scale.direction() == Direction::HigherIsBetter) != worse;
        let counts =
            self.answers.iter().filter(|count| if above { count.answer >= answer } else { count.answer <= answer });
        counts.map(|count| count.weight).sum()
    }

    /// The share of the answers that are at least as good as this one: on a scale from 1 to 5, those of the top two boxes
    /// are at least as good as 4.
    ///
    /// # Errors
    ///
    /// An answer outside the scale; when nobody answered.
    #[doc(alias("top box", "top-two box", "T2B", "CSAT"))]
    pub fn share(&self, answer: f64) -> Result<Proportion> {
        self.on_scale(answer, "the least of the good answers")?;
        let n = self.answered()?;
        Ok(Proportion::of_weights(self.weight_from(answer, false) / n, n, self.effective_n()))
    }

    /// That share as an index from 0 to 100, with its standard error and Wilson's 95 % interval.
    ///
    /// # Errors
    ///
    /// As for [`Counts::share`].
    pub fn share_index(&self, answer: f64) -> Result<Index> {
        let share = self.share(answer)?;
        let p = share.share();
        let index = Index::new(100.0 * p, self.n(), format!("share of answers at least as good as {answer}"))?;
        let interval = share.interval(ProportionInterval::Wilson, Confidence::P95);
        let interval = Interval::new(100.0 * interval.lower(), 100.0 * interval.upper(), Confidence::P95)?;
        Ok(index.with_std_error(100.0 * (p * (1.0 - p) / share.effective_n()).sqrt())?.with_interval(interval))
    }

    /// The share of the answers at least as good as `good` less the share of those at most as good as `bad`: with 9 and 6 on
    /// a scale from 0 to 10, the net promoter score.
    ///
    /// # Errors
    ///
    /// An answer outside the scale; a `good` one that is not better than the `bad` one; when nobody answered.
    #[doc(alias("NPS", "net promoter score", "promoters", "detractors"))]
    pub fn net(&self, good: f64, bad: f64) -> Result<NetShare> {
        self.on_scale(good, "the least of the good answers")?;
        self.on_scale(bad, "the best of the bad answers")?;
        let better = match self.scale.direction() {
            Direction::HigherIsBetter => good > bad,
            Direction::LowerIsBetter => good < bad,
        };
        let expected = format!("an answer better than {bad}");
        check::domain(good, better, || "the least of the good answers".into(), &expected)?;
        let n = self.answered()?;
        let (good, bad) = (self.weight_from(good, false) / n, self.weight_from(bad, true) / n);
        Ok(NetShare { good, bad, effective_n: self.effective_n() })
    }

    /// The answers with their sums of weights and shares.
    pub fn table(&self) -> Table {
        let n = self.n();
        let table = Table::new(format!("Answers on the scale {}", self.scale))
            .column(Column::number("answer", self.iter().map(|(answer, _)| answer)))
            .column(Column::number("weight", self.iter().map(|(_, weight)| weight)))
            .column(Column::number("share", self.iter().map(|(_, weight)| weight / n)).decimals(3));
        if self.missing > 0 { table.note(format!("{} left the question out", self.missing)) } else { table }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::{Hierarchy, Missing};
    use crate::weights::Weights;
    use approx::{assert_abs_diff_eq, assert_relative_eq};

    fn counts(scale: Scale, answers: &[(f64, f64)]) -> Counts {
        let mut counts = Counts::new(scale);
        for (answer, weight) in answers {
            counts.add(Count { answer: *answer, weight: *weight, squares: *weight }).unwrap();
        }
        counts
    }

    fn bounds(interval: Interval) -> [f64; 2] {
        [interval.lower(), interval.upper()]
    }

    /// 60, 25, 8, 4 and 3 answers from 5 down to 1: computed in Python from the definitions.
    #[test]
    fn five_boxes() {
        let counts = counts(Scale::ONE_TO_FIVE, &[(5.0, 60.0), (4.0, 25.0), (3.0, 8.0), (2.0, 4.0), (1.0, 3.0)]);
        assert_eq!((counts.n(), counts.effective_n(), counts.mean().unwrap()), (100.0, 100.0, 4.35));
        let index = counts.index().unwrap();
        assert_relative_eq!(index.value(), 83.75, max_relative = 1e-15, epsilon = 0.0);
        assert_relative_eq!(index.std_error().unwrap(), 2.4968414390419693, max_relative = 1e-14, epsilon = 0.0);
        assert_eq!((counts.share(5.0).unwrap().share(), counts.share(4.0).unwrap().share()), (0.6, 0.85));
        assert_relative_eq!(counts.net(4.0, 2.0).unwrap().value(), 0.78, max_relative = 1e-15, epsilon = 0.0);
        let top = counts.share_index(4.0).unwrap();
        assert_eq!((top.value(), top.n()), (85.0, 100.0));
        assert_relative_eq!(
            top.std_error().unwrap(),
            (85.0_f64 * 15.0 / 100.0).sqrt(),
            max_relative = 1e-14,
            epsilon = 0.0
        );
    }

    /// The customer effort of 100 answers from 1 to 7.
    #[test]
    fn seven_boxes() {
        let given = [3.0, 4.0, 6.0, 10.0, 25.0, 32.0, 20.0];
        let answers: Vec<(f64, f64)> =
            given.iter().enumerate().map(|(at, weight)| (at as f64 + 1.0, *weight)).collect();
        let counts = counts(Scale::ONE_TO_SEVEN, &answers);
        assert_eq!(counts.mean().unwrap(), 5.26);
        assert_eq!((counts.share(6.0).unwrap().share(), counts.share(5.0).unwrap().share()), (0.52, 0.77));
        // More than 5 less fewer than 4.
        assert_relative_eq!(counts.net(6.0, 3.0).unwrap().value(), 0.39, max_relative = 1e-14, epsilon = 0.0);
    }

    /// R's NPS 1.1: `nps`, `nps.se` and its interval (which it gives upper bound first); adjusted as by Rocks (2016).
    #[test]
    fn net_promoter_scores() {
        let nps = |promoters: f64, passives: f64, detractors: f64| {
            counts(Scale::ZERO_TO_TEN, &[(9.0, promoters), (8.0, passives), (3.0, detractors)]).net(9.0, 6.0).unwrap()
        };
        let score = nps(291.0, 476.0, 395.0);
        assert_relative_eq!(score.value(), -0.0895008605851979, max_relative = 1e-14, epsilon = 0.0);
        assert_relative_eq!(score.std_error(), 0.0223866631394946, max_relative = 1e-14, epsilon = 0.0);
        let wald = bounds(score.wald(Confidence::P95));
        assert_abs_diff_eq!(wald[..], [-0.133377914072638, -0.0456238070977582][..], epsilon = 1e-14);
        let adjusted = bounds(score.interval(Confidence::P95));
        assert_abs_diff_eq!(adjusted[..], [-0.133083704168525, -0.04545706836366383][..], epsilon = 1e-14);
        assert_eq!(
            (score.to_string(), format!("{:.1}", score.points())),
            ("-0.090 [-0.133, -0.045]".into(), "-9.0".into())
        );
        let all = nps(10.0, 0.0, 0.0);
        assert_eq!((all.std_error(), bounds(all.wald(Confidence::P95))), (0.0, [1.0, 1.0]));
        // The upper bound of 1.063 is cut off.
        let adjusted = bounds(all.interval(Confidence::P95));
        assert_abs_diff_eq!(adjusted[..], [0.47503551544790223, 1.0][..], epsilon = 1e-14);
        assert_eq!(all.index().unwrap().value(), 100.0);
    }

    #[test]
    fn parts_make_the_whole() {
        let answers =
            [(Some(3.0), 2.0), (None, 1.0), (Some(5.0), 0.5), (Some(3.0), 1.5), (Some(-0.0), 1.0), (Some(0.0), 1.0)];
        let of = |answers: &[(Option<f64>, f64)]| {
            let mut counts = Counts::new(Scale::ZERO_TO_TEN);
            for (answer, weight) in answers {
                counts.push(*answer, *weight).unwrap();
            }
            counts
        };
        let mut sum = of(&answers[..2]);
        sum.merge(&of(&answers[2..])).unwrap();
        assert_eq!(sum, of(&answers));
        assert_eq!(of(&answers).iter().collect::<Vec<_>>(), [(0.0, 2.0), (3.0, 3.5), (5.0, 0.5)]);
        let names = ["q"];
        let rows: Vec<[Option<f64>; 1]> = answers.iter().map(|(answer, _)| [*answer]).collect();
        let responses = Responses::from_rows(names, rows).unwrap().with_scale(Scale::ZERO_TO_TEN).unwrap();
        let responses = responses.with_weights(answers.map(|(_, weight)| weight)).unwrap();
        assert_eq!(Counts::of(&responses, "q").unwrap(), of(&answers));
    }

    /// A weight of 2 for everybody is no more information; two answers of weights 1 and 3 are as good as 1.6.
    #[test]
    fn sampling_weights_are_no_answers() {
        let of = |weight: f64| {
            let mut counts = Counts::sampled(Scale::ONE_TO_FIVE);
            for answer in [1.0, 4.0, 5.0] {
                counts.push(Some(answer), weight).unwrap();
            }
            counts.index().unwrap()
        };
        assert_eq!((of(2.0).value(), of(2.0).std_error()), (of(1.0).value(), of(1.0).std_error()));
        let mut counts = Counts::sampled(Scale::ONE_TO_FIVE);
        counts.push(Some(1.0), 1.0).unwrap();
        assert_eq!(counts.index().unwrap().std_error(), None);
        counts.push(Some(2.0), 3.0).unwrap();
        assert_eq!(counts.effective_n(), 1.6);
        assert_eq!(
            counts.merge(&Counts::new(Scale::ONE_TO_FIVE)).unwrap_err().to_string(),
            "the kind of weights is sampling weights in one part and frequencies in the other"
        );
    }

    /// As everywhere: the same index, with the same standard error, as a hierarchy of this question alone gives.
    #[test]
    fn a_weight_is_so_many_answers() {
        let answers = [(1.0, 3_u32), (4.0, 1), (5.0, 2)];
        let mut weighted = Counts::new(Scale::ONE_TO_FIVE);
        let mut repeated = Counts::new(Scale::ONE_TO_FIVE);
        for (answer, weight) in answers {
            weighted.push(Some(answer), f64::from(weight)).unwrap();
            for _ in 0..weight {
                repeated.push(Some(answer), 1.0).unwrap();
            }
        }
        assert_eq!(weighted.index().unwrap(), repeated.index().unwrap());
        assert_eq!(weighted.net(4.0, 2.0).unwrap(), repeated.net(4.0, 2.0).unwrap());
        let rows = answers.map(|(answer, _)| [Some(answer)]);
        let responses = Responses::from_rows(["q"], rows).unwrap().with_scale(Scale::ONE_TO_FIVE).unwrap();
        let responses = responses.with_weights(answers.map(|(_, weight)| f64::from(weight))).unwrap();
        let moments = responses.moments(Missing::Listwise).unwrap();
        let hierarchy = Hierarchy::builder("g", Weights::equal(["q"]).unwrap()).build().unwrap();
        let other = hierarchy.score(&moments).unwrap();
        let (one, other) = (Counts::of(&responses, "q").unwrap().index().unwrap(), other.goal().clone());
        assert_relative_eq!(one.value(), other.value(), max_relative = 1e-14, epsilon = 0.0);
        assert_relative_eq!(one.std_error().unwrap(), other.std_error().unwrap(), max_relative = 1e-14, epsilon = 0.0);
    }

    #[test]
    fn where_low_is_good() {
        let scale = Scale::ONE_TO_FIVE.reversed();
        let grades = counts(scale, &[(1.0, 3.0), (2.0, 5.0), (5.0, 2.0)]);
        assert_eq!((grades.share(2.0).unwrap().share(), grades.index().unwrap().value()), (0.8, 67.5));
        assert_eq!(grades.net(1.0, 4.0).unwrap().value(), 0.3 - 0.2);
        assert_eq!(
            grades.net(4.0, 1.0).unwrap_err().to_string(),
            "the least of the good answers is 4; expected an answer better than 1"
        );
    }

    #[test]
    fn hostile_answers() {
        let mut counts = Counts::new(Scale::ONE_TO_FIVE);
        assert_eq!(counts.mean().unwrap_err().to_string(), "the number of answers is 0; expected a positive number");
        for answer in [0.0, 6.0, f64::NAN, f64::INFINITY] {
            assert!(counts.push(Some(answer), 1.0).is_err());
        }
        assert!(counts.push(Some(3.0), -1.0).is_err());
        assert!(counts.push(Some(3.0), f64::NAN).is_err());
        // Squares of these would overflow or vanish: the effective number of answers would be NaN or 0.
        for weight in [1e160, 1e-170] {
            assert!(counts.push(Some(3.0), weight).is_err());
        }
        let mut extreme = Counts::sampled(Scale::ONE_TO_FIVE);
        for weight in [1e100, 1e100, 1e-100] {
            extreme.push(Some(3.0), weight).unwrap();
        }
        assert_relative_eq!(extreme.share(3.0).unwrap().effective_n(), 2.0, max_relative = 1e-15, epsilon = 0.0);
        counts.push(Some(3.0), 0.0).unwrap();
        assert!(counts.share(3.0).is_err());
        assert!(counts.net(5.0, 1.0).is_err());
        let other = Counts::new(Scale::ONE_TO_TEN);
        assert_eq!(
            counts.merge(&other).unwrap_err().to_string(),
            "the scale of the answers is 1-5 in one part and 1-10 in the other"
        );
    }

    /// 99 is no answer on a scale to 10: the share at least as good would be 0 without a word.
    #[test]
    fn thresholds_lie_on_the_scale() {
        let counts = counts(Scale::ZERO_TO_TEN, &[(9.0, 3.0), (2.0, 1.0)]);
        let message = |result: Result<()>| result.unwrap_err().to_string();
        let good = "the least of the good answers is 99; expected a number from 0 to 10";
        assert_eq!(message(counts.share(99.0).map(|_| ())), good);
        assert_eq!(message(counts.share_index(99.0).map(|_| ())), good);
        assert_eq!(message(counts.net(99.0, 6.0).map(|_| ())), good);
        assert_eq!(
            message(counts.net(9.0, -1.0).map(|_| ())),
            "the best of the bad answers is -1; expected a number from 0 to 10"
        );
    }

    #[cfg(feature = "serde")]
    #[test]
    fn nothing_invalid_is_read_back() {
        let counts = counts(Scale::ONE_TO_FIVE, &[(1.0, 3.0), (2.0, 5.0)]);
        let text = serde_json::to_string(&counts).unwrap();
        assert_eq!(serde_json::from_str::<Counts>(&text).unwrap(), counts);
        assert!(serde_json::from_str::<Counts>(&text.replace("\"answer\":2.0", "\"answer\":7.0")).is_err());
        assert!(serde_json::from_str::<Counts>(&text.replace("\"weight\":5.0", "\"weight\":-5.0")).is_err());
        assert!(serde_json::from_str::<Counts>(&text.replace("squares", "square")).is_err());
        assert!(serde_json::from_str::<Counts>(&text.replace("\"weight\":5.0", "\"weight\":1e160")).is_err());
        assert!(serde_json::from_str::<Counts>(&text.replace("\"squares\":5.0", "\"squares\":50.0")).is_err());
        assert!(serde_json::from_str::<Counts>(&text.replace("\"weight\":5.0", "\"weight\":5.0,\"w\":1")).is_err());
    }
}
