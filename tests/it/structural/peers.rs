//! Agreement with seminr, cSEM, plspm (R and Python) and semPLS on their own data, figure by figure; and whether
//! what the repository carries of these figures is what they are.

use satindex::structural::{Fit, IndexWeights, Metric, Mode, Model, Pls, template};
use satindex::survey::{Missing, Moments, Responses, Scale};
use serde_json::Value;

use super::agreement::{Agreement, cells, composites, mode, numbers, scheme, strings, tight};
use super::estimates;
use crate::reference;

/// seminr, cSEM and semPLS were run until weights changed by less than 1e-12, mostly by far less. What is left is rounding,
/// most of it in scores near 0.
const TIGHT: f64 = 2e-12;

/// plspm ends when the sum of the squared changes of its weights is below 1e-20, which leaves them 1e-10 apart.
const SQUARES: f64 = 2e-10;

pub(crate) fn responses(file: &str) -> Responses {
    let text = std::fs::read_to_string(reference::path(&format!("pls/{file}"))).unwrap();
    let mut lines = text.lines();
    let names = lines.next().unwrap().split(',');
    let answer = |cell: &str| (!cell.is_empty()).then(|| cell.parse().unwrap());
    let rows = lines.map(|line| line.split(',').map(answer).collect::<Vec<Option<f64>>>());
    Responses::from_rows(names, rows).unwrap()
}

pub(crate) fn data(golden: &Value) -> Responses {
    responses(golden["data"]["file"].as_str().unwrap())
}

// ---- seminr ----

/// The model and the options of a run of seminr, whose reflective constructs are those of mode C.
pub(crate) fn seminr_run(golden: &Value) -> (Model, Pls) {
    let specification = &golden["model"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut builder = Model::builder();
    let mut pls = tight().scheme(scheme(golden["settings"]["inner_weighting"].as_str().unwrap()));
    for construct in specification["constructs"].as_array().unwrap() {
        let (name, indicators) = (text(&construct["name"]), strings(&construct["indicators"]));
        if construct["mode"] == "C" {
            builder = builder.reflective(name, indicators);
        } else {
            builder = builder.composite(name.clone(), indicators);
            pls = pls.mode(name, mode(construct["mode"].as_str().unwrap()));
        }
    }
    for path in specification["paths"].as_array().unwrap() {
        builder = builder.path(text(&path["from"]), text(&path["to"]));
    }
    (builder.build().unwrap(), pls)
}

fn seminr(file: &str, missing: Missing) {
    let golden = reference::json(&format!("pls/{file}"));
    let results = &golden["results"];
    let ((model, pls), data) = (seminr_run(&golden), data(&golden));
    let fit = pls.missing(missing).fit(&model, &data).unwrap();
    if let Some(used) = golden["data"]["n_used"].as_f64() {
        assert_eq!(fit.n(), used);
    }

    let mut agreement = Agreement::new(&fit, file, TIGHT);
    let (blocks, indicators) = (fit.model().constructs().len(), fit.model().indicators().count());
    agreement.own(&results["outer_weights"], Agreement::weight);
    agreement.own(&results["loadings"], Agreement::loading);
    agreement.each(&results["cross_loadings"], Agreement::cross_loading);
    agreement.each(&results["path_coefficients"], Agreement::path);
    agreement.each(&results["total_effects"], Agreement::total_effect);
    agreement.each(&results["indirect_effects"], Agreement::indirect_effect);
    agreement.each(&results["construct_score_correlations"], Agreement::correlation);
    agreement.entries(&results["r_squared"], Agreement::r_squared);
    agreement.entries(&results["adj_r_squared"], Agreement::adjusted_r_squared);
    if missing != Missing::Listwise {
        agreement.scores(&data, |_| 1.0, &results["construct_scores_first5"]);
    }
    let explained = blocks - 1;
    let scores = if missing == Missing::Listwise { 0 } else { 5 * blocks };
    agreement.finish(2 * indicators + blocks * indicators + 4 * blocks * blocks + 2 * explained + scores);
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn seminr_in_every_mode_and_scheme() {
    for modes in ["modeA", "allB", "mixedB"] {
        for scheme in ["path_weighting", "path_factorial"] {
            seminr(&format!("seminr_ecsi_mobi_{modes}_{scheme}.json"), Missing::Reject);
        }
    }
    for scheme in ["path_weighting", "path_factorial"] {
        seminr(&format!("seminr_acsi_mobi_modeA_{scheme}.json"), Missing::Reject);
    }
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn seminr_with_missing_answers() {
    seminr("seminr_ecsi_mobi_missing_listwise.json", Missing::Listwise);
    seminr("seminr_ecsi_mobi_missing_mean_replacement.json", Missing::Mean);
}

// ---- cSEM ----

type Check = fn(&mut Agreement<'_>, &str, &str, f64);

/// The model and the options of a run of cSEM, which corrects common factors for attenuation unless told otherwise.
pub(crate) fn csem_run(golden: &Value) -> (Model, Pls) {
    let (specification, settings) = (&golden["model"], &golden["settings"]);
    let model: Model = specification["syntax"].as_str().unwrap().parse().unwrap();
    let mut pls = tight().scheme(scheme(settings[".PLS_weight_scheme_inner"].as_str().unwrap_or("path")));
    for construct in specification["constructs"].as_array().unwrap() {
        pls = pls.mode(construct["name"].as_str().unwrap(), mode(construct["mode"].as_str().unwrap()));
    }
    (model, if settings[".disattenuate"] == Value::Bool(false) { pls } else { pls.consistent() })
}

fn csem(file: &str) {
    let golden = reference::json(&format!("pls/{file}"));
    let results = &golden["results"];
    let ((model, pls), data) = (csem_run(&golden), data(&golden));
    let fit = pls.fit(&model, &data).unwrap();

    let mut agreement = Agreement::new(&fit, file, TIGHT);
    agreement.own(&results["outer_weights"], Agreement::weight);
    agreement.own(&results["loadings"], Agreement::loading);
    agreement.each(&results["path_coefficients"], |agreement, to, from, value| agreement.path(from, to, value));
    agreement.each(&results["construct_correlations_vcv"], Agreement::correlation);
    agreement.each(&results["composite_correlations_proxy_vcv"], Agreement::score_correlation);
    agreement.entries(&results["r_squared"], Agreement::r_squared);
    agreement.entries(&results["adj_r_squared"], Agreement::adjusted_r_squared);
    agreement.scores(&data, |_| 1.0, &results["construct_scores_first5"]);
    let kinds: [(&str, Check); 3] = [
        ("Direct_effect", |agreement, from, to, value| agreement.path(from, to, value)),
        ("Indirect_effect", |agreement, from, to, value| agreement.indirect_effect(from, to, value)),
        ("Total_effect", |agreement, from, to, value| agreement.total_effect(from, to, value)),
    ];
    for (kind, check) in kinds {
        for effect in golden["assess"]["effects"][kind].as_array().unwrap() {
            let (to, from) = effect["Name"].as_str().unwrap().split_once(" ~ ").unwrap();
            check(&mut agreement, from, to, effect["Estimate"].as_f64().unwrap());
        }
    }
    let (blocks, indicators) = (model.constructs().len(), model.indicators().count());
    let explained = blocks - 1;
    let effects = fit.direct_effects().len() + fit.indirect_effects().len() + fit.total_effects().len();
    agreement.finish(2 * indicators + 3 * blocks * blocks + 2 * explained + 5 * blocks + effects);
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn csem_in_every_mode_and_scheme() {
    for scheme in ["centroid", "factorial", "path"] {
        csem(&format!("csem_ecsi_mobi_modeA_composite_{scheme}.json"));
    }
    for run in ["modeB_path", "modeA_commonfactor_nodisattenuate_path", "unit"] {
        csem(&format!("csem_ecsi_mobi_{run}.json"));
    }
    csem("csem_acsi_mobi_modeA_composite_path.json");
    for run in ["centroid", "factorial", "path", "mixed_modeA_path"] {
        csem(&format!("csem_ecsi_mobi_plsc_{run}.json"));
    }
}

// ---- plspm for R ----

/// The model as the results have it: in the runs on `mobi` the field `model.constructs` names the indicators in another
/// order than the data were given in.
fn plspm_model(golden: &Value) -> Model {
    let outer = golden["results"]["outer_model"].as_array().unwrap();
    let constructs = strings(&golden["results"]["path_coefficients"]["rows"]);
    let block = |name: &str| {
        let own = outer.iter().filter(|row| row["block"] == name);
        own.map(|row| row["name"].as_str().unwrap()).collect::<Vec<_>>()
    };
    let paths = cells(&golden["results"]["path_coefficients"]).into_iter().filter(|cell| cell.2 != 0.0);
    composites(constructs.map(|name| (name, block(name))), paths.map(|(to, from, _)| (from, to)))
}

pub(crate) fn plspm_run(golden: &Value) -> (Model, Pls) {
    let model = plspm_model(golden);
    let modes = golden["model"]["constructs"].as_array().unwrap();
    assert!(modes.iter().all(|construct| construct["mode"] == "A"));
    let inner = scheme(golden["settings"]["scheme"].as_str().unwrap());
    let pls =
        model.constructs().iter().fold(tight().scheme(inner), |pls, construct| pls.mode(construct.name(), Mode::A));
    (model, pls)
}

fn plspm(file: &str, tolerance: f64) {
    let golden = reference::json(&format!("pls/{file}"));
    let results = &golden["results"];
    let ((model, pls), data) = (plspm_run(&golden), data(&golden));
    let fit = pls.fit(&model, &data).unwrap();

    // plspm turns the scores of a construct, but not its weights, when no more loadings are positive than negative.
    let sign = |construct: &str| {
        let indicators = model.construct(construct).unwrap().indicators();
        let signs: f64 = indicators.iter().map(|indicator| fit.loading(indicator).unwrap().signum()).sum();
        if signs <= 0.0 { -1.0 } else { 1.0 }
    };
    let both = |from: &str, to: &str| sign(from) * sign(to);
    let mut agreement = Agreement::new(&fit, file, tolerance);
    for row in results["outer_model"].as_array().unwrap() {
        let (name, block) = (row["name"].as_str().unwrap(), row["block"].as_str().unwrap());
        agreement.weight(name, row["weight"].as_f64().unwrap());
        agreement.loading(name, sign(block) * row["loading"].as_f64().unwrap());
    }
    for row in results["crossloadings"].as_array().unwrap() {
        for construct in model.constructs() {
            let expected = sign(construct.name()) * row[construct.name()].as_f64().unwrap();
            agreement.cross_loading(row["name"].as_str().unwrap(), construct.name(), expected);
        }
    }
    agreement.each(&results["path_coefficients"], |agreement, to, from, value| {
        agreement.path(from, to, both(from, to) * value);
    });
    agreement.each(&results["score_correlations"], |agreement, first, second, value| {
        agreement.correlation(first, second, both(first, second) * value);
    });
    agreement.entries(&results["r_squared"], Agreement::r_squared);
    for effect in results["effects"].as_array().unwrap() {
        let (from, to) = effect["relationships"].as_str().unwrap().split_once(" -> ").unwrap();
        let value = |kind: &str| both(from, to) * effect[kind].as_f64().unwrap();
        agreement.path(from, to, value("direct"));
        agreement.indirect_effect(from, to, value("indirect"));
        agreement.total_effect(from, to, value("total"));
    }
    // Scores have variance 1 by the divisor n there.
    let larger = (fit.n() / (fit.n() - 1.0)).sqrt();
    agreement.scores(&data, |construct| sign(construct) * larger, &results["scores_first5"]);
    let (blocks, indicators) = (model.constructs().len(), model.indicators().count());
    let effects = 3 * results["effects"].as_array().unwrap().len();
    agreement.finish(2 * indicators + blocks * indicators + 2 * blocks * blocks + blocks + effects + 5 * blocks);
}

/// plspm's `rescale`: scores on the scale of the answers, from 1 to 10.
fn plspm_rescaled(file: &str) {
    let golden = reference::json(&format!("pls/{file}"));
    let (model, pls) = plspm_run(&golden);
    let data = data(&golden).with_scale(Scale::ONE_TO_TEN).unwrap();
    let fit = pls.fit(&model, &data).unwrap();
    let mut agreement = Agreement::new(&fit, file, SQUARES);
    let own_scale = |index: f64| 1.0 + 9.0 * index / 100.0;
    for (construct, value) in numbers(&golden["results"]["rescaled_scores_mean"]) {
        let index = fit.assess().index(construct, IndexWeights::Standardised).unwrap().value();
        agreement.figure(&format!("mean of {construct}"), own_scale(index), value);
    }
    for (row, construct, value) in cells(&golden["results"]["rescaled_scores_first5"]) {
        let scores = fit.index_scores(construct, IndexWeights::Standardised, &data).unwrap();
        let found = scores[row.parse::<usize>().unwrap() - 1].unwrap();
        agreement.figure(&format!("score of row {row} on {construct}"), own_scale(found), value);
    }
    agreement.finish(7 + 35);
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn plspm_in_every_scheme() {
    for scheme in ["centroid", "factorial", "path"] {
        plspm(&format!("plspm_mobi_ecsi_modeA_{scheme}.json"), SQUARES);
        plspm_rescaled(&format!("plspm_mobi_ecsi_modeA_{scheme}.json"));
        plspm(&format!("plspm_russa_AAA_{scheme}.json"), SQUARES);
    }
    // Nonmetric with every indicator numeric is the standardised metric.
    // Run to a sum of squares of 1e-12 only, of which 7 iterations leave far less.
    plspm("plspm_satisfaction_nonmetric_num.json", 1e-8);
}

// ---- plspm for Python ----

fn ecsi(metric: Metric) -> (Fit, Responses) {
    let data = responses("data/mobi.csv");
    (tight().metric(metric).fit(&template::ecsi_mobile().model(), &data).unwrap(), data)
}

/// `weight` takes our standardised weight of an indicator to theirs.
fn plspm_python(file: &str, (fit, data): &(Fit, Responses), weight: impl Fn(&str) -> f64) {
    let golden = reference::json(&format!("pls/{file}"));
    let results = &golden["results"];
    let mut agreement = Agreement::new(fit, file, SQUARES);
    agreement.each(&results["outer_model"], |agreement, indicator, column, value| match column {
        "weight" => agreement.figure(&format!("weight {indicator}"), weight(indicator), value),
        "loading" => agreement.loading(indicator, value),
        _ => {}
    });
    agreement.each(&results["path_coefficients"], |agreement, to, from, value| agreement.path(from, to, value));
    agreement.each(&results["inner_summary"], |agreement, construct, column, value| match column {
        "r_squared" => agreement.r_squared(construct, value),
        "r_squared_adj" if value != 0.0 => agreement.adjusted_r_squared(construct, value),
        _ => {}
    });
    agreement.each(&results["effects"], |agreement, pair, column, value| {
        let (from, to) = pair.split_once(" -> ").unwrap();
        match column {
            "direct" => agreement.path(from, to, value),
            "indirect" => agreement.indirect_effect(from, to, value),
            _ => agreement.total_effect(from, to, value),
        }
    });
    let larger = (fit.n() / (fit.n() - 1.0)).sqrt();
    agreement.scores(data, |_| larger, &results["scores_first5"]);
    agreement.finish(2 * 24 + 49 + 7 + 6 + 3 * 21 + 35);
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn plspm_python_in_either_metric() {
    let (standardised, raw) = (ecsi(Metric::Standardised), ecsi(Metric::Raw));
    let weight = |indicator: &str| standardised.0.weight(indicator).unwrap();
    plspm_python("plspmpy_mobi_ecsi_modeA_path_nonmetric_NUM.json", &standardised, weight);
    plspm_python(
        "plspmpy_mobi_ecsi_modeA_path_metric_scaled_false_on_prestandardised_columns.json",
        &standardised,
        weight,
    );
    let weight = |indicator: &str| raw.0.unstandardised_weight(indicator).unwrap();
    // Its scores have variance 1 by the divisor n.
    let larger = (250.0_f64 / 249.0).sqrt();
    plspm_python("plspmpy_mobi_ecsi_modeA_path_metric_scaled_false.json", &raw, |indicator| weight(indicator) * larger);
    // Its `scaled = True` is meant to standardise, and divides every column by the same number: the standard deviation of
    // all answers of the survey taken together, times √((n - 1)/n). What comes out is the raw metric in other units.
    let answers: Vec<f64> = raw.1.names().flat_map(|name| raw.1.column(name).unwrap().flatten()).collect();
    let (count, mean) = (answers.len() as f64, answers.iter().sum::<f64>() / answers.len() as f64);
    let unit = (answers.iter().map(|answer| (answer - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
    plspm_python("plspmpy_mobi_ecsi_modeA_path_metric_scaled_true.json", &raw, |indicator| weight(indicator) * unit);
}

// ---- semPLS ----

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn sempls_in_every_scheme() {
    let data = responses("data/mobi.csv");
    for name in ["centroid", "factorial", "path"] {
        let file = format!("sempls_ecsi_mobi_modeA_{name}.json");
        let golden = reference::json(&format!("pls/{file}"));
        let results = &golden["results"];
        let fit = tight().scheme(scheme(name)).fit(&template::ecsi_mobile().model(), &data).unwrap();
        let mut agreement = Agreement::new(&fit, &file, TIGHT);
        agreement.own(&results["outer_weights"], Agreement::weight);
        agreement.own(&results["outer_loadings"], Agreement::loading);
        agreement.each(&results["path_coefficients"], Agreement::path);
        agreement.each(&results["total_effects"], Agreement::total_effect);
        agreement.entries(&results["r_squared"], Agreement::r_squared);
        agreement.scores(&data, |_| 1.0, &results["scores_first5"]);
        agreement.finish(2 * 24 + 2 * 49 + 6 + 35);
    }
}

// ---- the index ----

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn index_by_every_convention() {
    let golden = reference::json("pls/derived_index_0_100.json");
    let data = responses("data/mobi.csv").with_scale(Scale::ONE_TO_TEN).unwrap();
    let ecsi = template::ecsi_mobile().model();
    // The ACSI on the same data: no image.
    let acsi: String = ecsi
        .to_string()
        .lines()
        .filter(|line| !line.starts_with("Image"))
        .map(|line| line.replace("Image + ", "") + "\n")
        .collect();
    let acsi = acsi.replace("Expectation ~ Image\n", "").parse().unwrap();
    for (name, model) in [("ecsi", ecsi), ("acsi", acsi)] {
        let fit = tight().fit(&model, &data).unwrap();
        let mut agreement = Agreement::new(&fit, name, 1e-13);
        for construct in golden["models"][name].as_array().unwrap() {
            let of = construct["construct"].as_str().unwrap();
            let weights = &construct["unstandardised_weights_sum1"];
            let sum: f64 = numbers(weights).iter().map(|(name, _)| fit.unstandardised_weight(name).unwrap()).sum();
            for (indicator, expected) in numbers(weights) {
                let found = fit.unstandardised_weight(indicator).unwrap() / sum;
                agreement.figure(indicator, found, expected);
            }
            for (key, convention) in [
                ("index_unstd_weights", IndexWeights::Unstandardised),
                ("index_std_weights", IndexWeights::Standardised),
                ("index_equal_weights", IndexWeights::Equal),
            ] {
                let found = fit.assess().index(of, convention).unwrap().value();
                agreement.figure(&format!("{key} of {of}"), found, construct[key].as_f64().unwrap());
            }
            let rows = fit.index_scores(of, IndexWeights::Unstandardised, &data).unwrap();
            let rows: Vec<f64> = rows.into_iter().map(Option::unwrap).collect();
            for (found, expected) in rows.iter().zip(construct["row_index_first5"].as_array().unwrap()) {
                agreement.figure(&format!("a row's index of {of}"), *found, expected.as_f64().unwrap());
            }
            let mean = rows.iter().sum::<f64>() / rows.len() as f64;
            let squares: f64 = rows.iter().map(|row| (row - mean) * (row - mean)).sum();
            let deviation = (squares / (rows.len() as f64 - 1.0)).sqrt();
            agreement.figure(
                &format!("the rows' deviation of {of}"),
                deviation,
                construct["index_row_sd"].as_f64().unwrap(),
            );
        }
        agreement.finish(model.indicators().count() + model.constructs().len() * (3 + 5 + 1));
    }
}

// ---- what the repository carries ----

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn carried_moments_are_those_of_the_data() {
    for name in ["mobi", "satisfaction", "russa"] {
        let (model, carried) = estimates::data(&estimates::golden(), name);
        let data = responses(&format!("data/{name}.csv")).select(model.indicators()).unwrap();
        let found = data.moments(Missing::Reject).unwrap();
        let all = |moments: &Moments| {
            let deviations = moments.standard_deviations().unwrap();
            let correlations = moments.correlation().unwrap().as_slice().to_vec();
            [moments.means().unwrap().to_vec(), deviations, correlations].concat()
        };
        // Sums of up to 250 terms of one size.
        approx::assert_relative_eq!(&all(&found)[..], &all(&carried)[..], epsilon = 1e-15, max_relative = 1e-13);
    }
}

#[test]
#[ignore = "needs SATINDEX_REFERENCE"]
fn carried_figures_are_those_of_their_sources() {
    for name in ["three_composites", "summers_composites", "three_common_factors"] {
        let source = reference::json(&format!("pls/population_{name}.json"));
        let carried = super::population::golden(name);
        assert_eq!(carried["names"], source["sigma"]["names"]);
        let figures = |matrix: &Value| -> Vec<f64> {
            let rows = matrix.as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
            rows.map(|value| value.as_f64().unwrap()).collect()
        };
        assert_eq!(figures(&carried["sigma"]), figures(&source["sigma"]["values"]));
    }
    let (carried, source) = (estimates::golden(), reference::json("pls/published.json"));
    assert_eq!(carried["smartpls_2"]["path"], source["smartpls_2_mobile"]["image_to_expectation"]["path"]);
    let (carried, source) = (&carried["tenenhaus_2005"], &source["tenenhaus_2005_mobile"]);
    for (at, path) in source["paths"].as_array().unwrap().iter().enumerate() {
        let more = &source["more_digits_own_reproduction"]["paths"][at];
        assert_eq!(carried["paths"][at], serde_json::json!([path[0], path[1], path[2], more]));
    }
}
