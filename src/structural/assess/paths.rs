//! How well the structural model explains its constructs, and what each path adds.

use crate::error::Result;
use crate::structural::assess::Assessment;
use crate::structural::assess::figures::Figures;
use crate::structural::assess::regression::{self, Regression, effect_size, regress, unexplained};
use crate::structural::assess::reliability::average_variance_extracted;
use crate::structural::model::{Model, ModelBuilder};
use crate::structural::pls::Fit;

// ---- the formulas, on plain numbers ----

/// Information criteria of one equation.
pub(crate) const CRITERIA: [&str; 9] = ["AIC", "AICc", "AICu", "BIC", "HQ", "HQc", "FPE", "Cp", "GM"];

/// The criteria of an equation with `predecessors` causes that leaves 1 − R² unexplained, from n respondents; `full` is
/// what the full model leaves unexplained, for Cp and GM. What is undefined is NaN or infinite.
pub(crate) fn criteria(n: f64, predecessors: usize, unexplained: f64, full: f64) -> [f64; 9] {
    let k = predecessors as f64 + 1.0;
    let squares = unexplained * (n - 1.0);
    let fit = n * (squares / n).ln();
    let corrected = n - k - 2.0;
    let corrected = if corrected > 0.0 { corrected } else { f64::NAN };
    let left = if n > k { n - k } else { f64::NAN };
    let loglog = n.ln().ln();
    [
        fit + 2.0 * k,
        fit + n * (n + k) / corrected,
        n * (squares / left).ln() + 2.0 * k,
        fit + k * n.ln(),
        fit + 2.0 * k * loglog,
        fit + 2.0 * n * k * loglog / corrected,
        squares / left * (1.0 + k / n),
        squares / full - (n - 2.0 * k),
        squares / full + k * n.ln(),
    ]
}

/// √(mean communality × mean R²), the communalities of single indicators, which are 1 by definition, left out.
pub(crate) fn goodness_of_fit<'a>(
    blocks: impl Iterator<Item = &'a [f64]>,
    r_squared: impl Iterator<Item = f64>,
) -> Option<f64> {
    let (mut squares, mut indicators) = (0.0, 0.0);
    for loadings in blocks.filter(|loadings| loadings.len() > 1) {
        squares += average_variance_extracted(loadings) * loadings.len() as f64;
        indicators += loadings.len() as f64;
    }
    let (sum, count) = r_squared.fold((0.0, 0.0), |(sum, count), share| (sum + share, count + 1.0));
    let product = squares / indicators * (sum / count);
    (product >= 0.0).then(|| product.sqrt())
}

// ---- the same, by name ----

/// What becomes of the scores when a path is left out or added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ScoresWithout {
    /// They stay as they are (cSEM, SmartPLS).
    #[default]
    Held,
    /// They are estimated anew (seminr).
    Reestimated,
}

impl Assessment<'_> {
    /// The equations of the structural model, one for each construct with predecessors.
    fn equations(&self) -> Vec<(usize, Option<Regression>)> {
        let shape = self.fit.shape();
        let solve = |to: usize| (to, regress(self.fit.correlations(), &shape.predecessors[to], to));
        shape.endogenous().map(solve).collect()
    }

    /// Figures on the paths: rows are the constructs acted on, columns the causes.
    pub(super) fn path_figures(&self, title: &str, cell: impl Fn(usize, usize) -> Option<f64>) -> Figures {
        let shape = self.fit.shape();
        let to: Vec<usize> = shape.endogenous().collect();
        let causes = |at: &usize| self.fit.model().successors(*at).next().is_some();
        let from: Vec<usize> = (0..shape.blocks.len()).filter(causes).collect();
        let rows = ("construct", to.iter().map(|at| self.fit.name(*at)));
        let columns = ("construct", from.iter().map(|at| self.fit.name(*at)));
        Figures::new(title, rows, columns, |row, column| {
            let (to, from) = (to[row], from[column]);
            shape.predecessors[to].contains(&from).then(|| cell(to, from)).flatten()
        })
    }

    /// A figure of each predecessor in its equation.
    fn equation_figures(&self, title: &str, figure: impl Fn(&Regression, usize) -> Option<f64>) -> Figures {
        let (shape, equations) = (self.fit.shape(), self.equations());
        self.path_figures(title, |to, from| {
            let (_, equation) = equations.iter().find(|(at, _)| *at == to)?;
            let place = shape.predecessors[to].iter().position(|at| *at == from)?;
            figure(equation.as_ref()?, place)
        })
    }

    /// The variance inflation factor of each predecessor among the predecessors of a construct (rows: acted on; columns:
    /// causes): 1/(1 − R²) of its regression on the others, 1 for a single one.
    ///
    /// In a consistent fit it is that of the constructs (cSEM); seminr takes the scores'. `None` when the corrected
    /// correlations of the predecessors are not positive definite.
    pub fn inner_vif(&self) -> Figures {
        self.equation_figures("Collinearity of the predecessors (VIF)", Regression::vif)
    }

    /// The variance inflation factor of each construct among all constructs, column `VIF`: the full-collinearity test for
    /// common method variance. `None` when their correlations are not positive definite.
    ///
    /// # References
    ///
    /// Kock, N. (2015). Common method bias in PLS-SEM: a full collinearity assessment approach. *International Journal of
    /// e-Collaboration*, 11(4), 1–10. <https://doi.org/10.4018/ijec.2015100101>
    pub fn full_collinearity_vif(&self) -> Figures {
        let factors = regression::inflation(self.fit.correlations());
        let rows = ("construct", self.fit.construct_names());
        Figures::new("Full collinearity", rows, ("figure", ["VIF"]), |at, _| factors.as_ref().map(|all| all[at]))
    }

    /// Cohen's effect size f² of each path (rows: acted on; columns: causes).
    ///
    /// # Formula
    ///
    /// f² = (R² − R²₋)/(1 − R²), with the R²₋ that the equation has without the predecessor; 0 for a single one. `None`
    /// when R² is not below 1.
    ///
    /// # References
    ///
    /// Cohen, J. (1988). *Statistical Power Analysis for the Behavioral Sciences*, 2nd ed., sec. 9.2.
    ///
    /// # Errors
    ///
    /// When scores are estimated anew and a model without a path cannot be; the error names the path.
    pub fn f_squared(&self, scores: ScoresWithout) -> Result<Figures> {
        if scores == ScoresWithout::Held {
            return Ok(self.equation_figures("Effect size f²", Regression::f_squared));
        }
        let sizes = self.fit.model().paths().iter().map(|&path| self.reestimated_f_squared(path));
        let sizes = sizes.collect::<Result<Vec<_>>>()?;
        Ok(self.path_figures("Effect size f² (scores estimated anew)", |to, from| {
            sizes[self.fit.model().paths().iter().position(|path| *path == (from, to))?]
        }))
    }

    fn reestimated_f_squared(&self, (from, to): (usize, usize)) -> Result<Option<f64>> {
        let Some(r_squared) = self.fit.r_squareds()[to].filter(|share| unexplained(*share).is_some()) else {
            return Ok(None);
        };
        let without = if self.fit.model().predecessors(to).count() == 1 {
            0.0
        } else {
            let reduced = self.without(from, to)?;
            let fit = self.fit.estimator().restricted_to(&reduced).fit(&reduced, self.fit.moments());
            let fit = fit
                .map_err(|fault| fault.within(format!("without `{} -> {}`", self.fit.name(from), self.fit.name(to))));
            fit?.r_squared(self.fit.name(to))?.unwrap_or(0.0)
        };
        Ok(effect_size(r_squared - without, r_squared))
    }

    /// The model without a path, and without the construct that it came from if nothing else joins it to the model.
    pub(super) fn without(&self, from: usize, to: usize) -> Result<Model> {
        let paths: Vec<(usize, usize)> =
            self.fit.model().paths().iter().copied().filter(|path| *path != (from, to)).collect();
        let joined = |at: &usize| paths.iter().any(|path| path.0 == *at || path.1 == *at);
        let constructs = (0..self.fit.model().constructs().len()).filter(joined);
        self.rebuilt(constructs, paths.iter().copied())
    }

    fn rebuilt(
        &self,
        constructs: impl Iterator<Item = usize>,
        paths: impl Iterator<Item = (usize, usize)>,
    ) -> Result<Model> {
        let measured =
            constructs.map(|at| &self.fit.model().constructs()[at]).fold(Model::builder(), |builder, known| {
                builder.construct(known.kind(), known.name(), known.indicators().iter().cloned())
            });
        paths
            .fold(measured, |builder: ModelBuilder, (from, to)| builder.path(self.fit.name(from), self.fit.name(to)))
            .build()
    }

    /// Every construct regressed on all before it in the order of causes: what Cp and GM measure a model against.
    fn full(&self) -> Result<Fit> {
        let order = self.fit.model().order();
        let pairs = (0..order.len()).flat_map(|to| (0..to).map(move |from| (order[from], order[to])));
        let model = self.rebuilt(0..order.len(), pairs)?;
        self.fit.estimator().fit(&model, self.fit.moments())
    }

    /// For each construct `R2`, the mean `communality` of its indicators (its AVE) and their mean `redundancy`, which is
    /// their product (Tenenhaus et al. 2005, sec. 2.4; plspm's `inner_summary`).
    pub fn redundancy(&self) -> Figures {
        let (shape, loadings) = (self.fit.shape(), self.fit.own_loadings());
        let cell = |at: usize, column: usize| {
            let communality = average_variance_extracted(&loadings[shape.blocks[at].clone()]);
            match column {
                0 => self.fit.r_squareds()[at],
                1 => Some(communality),
                _ => self.fit.r_squareds()[at].map(|r_squared| communality * r_squared),
            }
        };
        let columns = ("figure", ["R2", "communality", "redundancy"]);
        Figures::new("Communality and redundancy", ("construct", self.fit.construct_names()), columns, cell)
    }

    /// The goodness of fit of Tenenhaus et al. (2005): GoF = √(mean communality × mean R²), over the indicators of
    /// constructs with more than one and the constructs with predecessors. `None` when every construct has a single
    /// indicator.
    ///
    /// It does not tell a well from a badly specified model (Henseler & Sarstedt 2013,
    /// <https://doi.org/10.1007/s00180-012-0317-1>).
    pub fn goodness_of_fit(&self) -> Option<f64> {
        let (shape, loadings) = (self.fit.shape(), self.fit.own_loadings());
        let blocks = shape.blocks.iter().map(|block| &loadings[block.clone()]);
        goodness_of_fit(blocks, self.fit.r_squareds().iter().copied().flatten())
    }

    /// Information criteria of each equation: `AIC`, `AICc`, `AICu`, `BIC`, `HQ`, `HQc`, `FPE`, `Cp` and `GM`.
    ///
    /// # Formula
    ///
    /// With k predecessors and the constant as parameters, k + 1 = p, and SSE = (1 − R²)(n − 1):
    /// AIC = n ln(SSE/n) + 2p, AICc = n ln(SSE/n) + n(n + p)/(n − p − 2), AICu = n ln(SSE/(n − p)) + 2p,
    /// BIC = n ln(SSE/n) + p ln n, HQ = n ln(SSE/n) + 2p ln ln n, HQc = n ln(SSE/n) + 2np ln ln n/(n − p − 2),
    /// FPE = SSE/(n − p)·(1 + p/n), Mallows' Cp = SSE/m − (n − 2p) and Geweke and Meese's GM = SSE/m + p ln n.
    ///
    /// # Numerical notes
    ///
    /// All as in cSEM, AIC and BIC as in seminr too; but in a consistent fit R² is the constructs' (cSEM) and not the scores'
    /// (seminr). For m, what the full model leaves unexplained, the model is estimated
    /// anew with a path from every construct to all after it, and m = 1 − R² without degrees of freedom. A criterion has no
    /// value when R² is not below 1 or n does not exceed the parameters; Cp and GM when there is no full model (a note says
    /// why) or it leaves nothing unexplained.
    ///
    /// # References
    ///
    /// Sharma, P., Sarstedt, M., Shmueli, G., Kim, K. H., Thiele, K. O. (2019). PLS-based model selection: the role of
    /// alternative explanations in information systems research. *Journal of the Association for Information Systems*,
    /// 20(4), 346–397, table B1. <https://doi.org/10.17705/1jais.00538>
    pub fn information_criteria(&self) -> Figures {
        let full = self.full();
        let to: Vec<usize> = self.fit.shape().endogenous().collect();
        let left = |fit: &Fit, at: usize| fit.r_squareds()[at].and_then(unexplained).unwrap_or(f64::NAN);
        let found: Vec<[f64; 9]> = to
            .iter()
            .map(|at| {
                let full = full.as_ref().map_or(f64::NAN, |full| left(full, *at));
                criteria(self.fit.n(), self.fit.model().predecessors(*at).count(), left(self.fit, *at), full)
            })
            .collect();
        let rows = ("construct", to.iter().map(|at| self.fit.name(*at)));
        let cell = |row: usize, column: usize| Some(found[row][column]);
        let figures = Figures::new("Information criteria", rows, ("criterion", CRITERIA), cell);
        match full {
            Ok(_) => figures,
            Err(fault) => figures.note(&format!("no Cp and GM: the full model cannot be estimated: {fault}")),
        }
    }
}
