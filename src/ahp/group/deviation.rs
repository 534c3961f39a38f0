//! Respondents who stand apart from the group.

use crate::ahp::group::GroupPriorities;
use crate::ahp::group::consensus::divergence;
use crate::error::Result;
use crate::numeric::check;

/// How far a respondent stands from the group.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(remote = "Self", deny_unknown_fields)
)]
pub struct Deviation {
    respondent: String,
    distance: f64,
    score: f64,
}

checked_when_read!(Deviation);

/// Distances below this are the rounding of agreement.
const ROUNDING: f64 = 1e-9;

/// The score above which a value is an outlier (Iglewicz & Hoaglin 1993).
const OUTLIER: f64 = 3.5;

impl GroupPriorities {
    /// How far each respondent stands from the group's geometric weights, in the order of the respondents.
    ///
    /// # Formula
    ///
    /// The distance is √Hβ of the respondent and the group (the Jensen–Shannon distance), the score 0.6745 (d − median) / MAD
    /// with MAD the median of |d − median|, or (d − median) / (1.2533 · mean of |d − median|) where that is 0.
    ///
    /// # Errors
    ///
    /// As for [`GroupPriorities::geometric`].
    ///
    /// # References
    ///
    /// Endres & Schindelin (2003), doi:10.1109/TIT.2003.813506; Iglewicz & Hoaglin (1993), How to Detect and Handle
    /// Outliers, for the modified z-score.
    pub fn deviations(&self) -> Result<Vec<Deviation>> {
        let centre = self.geometric()?;
        let distances: Vec<f64> = self
            .all_weights()
            .into_iter()
            .map(|weights| divergence(weights, centre.values()).sqrt())
            .map(|distance| if distance < ROUNDING { 0.0 } else { distance })
            .collect();
        let scores = modified_z_scores(&distances);
        let rows = self.respondents().names().iter().zip(distances.iter().zip(scores));
        Ok(rows
            .map(|(name, (distance, score))| Deviation { respondent: name.clone(), distance: *distance, score })
            .collect())
    }

    /// The respondents whose distance from the group is an outlier: a score above 3.5.
    ///
    /// # Errors
    ///
    /// As for [`GroupPriorities::geometric`].
    pub fn outliers(&self) -> Result<Vec<Deviation>> {
        Ok(self.deviations()?.into_iter().filter(Deviation::is_outlier).collect())
    }
}

fn modified_z_scores(values: &[f64]) -> Vec<f64> {
    let middle = median(values.to_vec());
    // Respondents at the same distance differ by rounding, and none of them stands apart.
    let deviation = |value: &f64| if (value - middle).abs() < ROUNDING { 0.0 } else { (value - middle).abs() };
    let deviations: Vec<f64> = values.iter().map(deviation).collect();
    let mean = deviations.iter().sum::<f64>() / deviations.len() as f64;
    let spread = match median(deviations) {
        0.0 => 1.2533 * mean,
        typical => typical / 0.6745,
    };
    values.iter().map(|value| if spread > 0.0 { (value - middle) / spread } else { 0.0 }).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

impl Deviation {
    /// The name of the respondent.
    pub fn respondent(&self) -> &str {
        &self.respondent
    }

    /// The distance √Hβ from the group, from 0 to √ln 2.
    pub fn distance(&self) -> f64 {
        self.distance
    }

    /// The modified z-score of the distance among all respondents'.
    pub fn score(&self) -> f64 {
        self.score
    }

    /// Is the score above 3.5?
    pub fn is_outlier(&self) -> bool {
        self.score > OUTLIER
    }

    fn check(&self) -> Result<()> {
        check::non_negative(self.distance, || format!("the distance of `{}`", self.respondent))?;
        check::finite(self.score, || format!("the score of `{}`", self.respondent)).map(|_| ())
    }
}
