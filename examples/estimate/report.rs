//! What was found, as text and as JSON.

use std::io::Write;

use satindex::inference::{Bootstrapped, Permuted, Quantity};
use satindex::structural::{Effect, Fit, FornellLarcker, Htmt, ResidualVariance, RhoA, ScoresWithout};
use satindex::survey::Questionnaire;
use satindex::{Column, Table};
use serde::Serialize;
use serde_json::{Map, Value, json, to_value};

use super::common::Outcome;
use super::request::Request;

/// Everything that was found.
pub(crate) struct Findings {
    /// Where the data come from, if they are carried in here.
    pub(crate) source: Option<&'static str>,
    pub(crate) fit: Fit,
    /// The stage that gives scores, in a model with products or constructs of higher order.
    pub(crate) first: Option<Fit>,
    pub(crate) questionnaire: Option<Questionnaire>,
    pub(crate) boot: Option<Bootstrapped>,
    pub(crate) groups: Vec<Group>,
    pub(crate) permuted: Option<Permuted>,
}

/// One level of the grouping column.
pub(crate) struct Group {
    pub(crate) level: String,
    pub(crate) fit: satindex::Result<Fit>,
}

pub(crate) fn write(findings: &Findings, request: &Request, output: &mut dyn Write) -> Outcome {
    if request.json {
        serde_json::to_writer_pretty(&mut *output, &object(findings, request)?)?;
        return Ok(writeln!(output)?);
    }
    if let Some(source) = findings.source {
        writeln!(output, "{source}\n")?;
    }
    if request.brief {
        write!(output, "{}", findings.fit)?;
    } else {
        assessed(findings, output)?;
    }
    if let Some(boot) = &findings.boot {
        write!(output, "{boot}")?;
    }
    for table in [group_table(findings), difference_table(findings)?].into_iter().flatten() {
        writeln!(output, "{table}")?;
    }
    Ok(())
}

/// The questions, the stages, and of each everything that a paper reports.
fn assessed(findings: &Findings, output: &mut dyn Write) -> Outcome {
    if let Some(questionnaire) = &findings.questionnaire {
        writeln!(output, "{}", question_table(&findings.fit, questionnaire))?;
    }
    if let Some(first) = &findings.first {
        writeln!(output, "== First stage ==\n\n{}\n== Last stage ==\n", first.report())?;
    }
    writeln!(output, "{}", findings.fit.report())?;
    writeln!(output, "{}", findings.fit.index_effect_table())?;
    Ok(())
}

// ---- tables ----

/// The questions that the model asks of, in its order.
fn question_table(fit: &Fit, questionnaire: &Questionnaire) -> Table {
    let asked = fit.moments().indicators().iter().filter_map(|known| questionnaire.get(known.name()).ok());
    let asked: Vec<_> = asked.collect();
    Table::new("Questions")
        .column(Column::text("indicator", asked.iter().map(|question| question.name())))
        .column(Column::text("scale", asked.iter().map(|question| text(question.scale()))))
        .column(Column::text("wording", asked.iter().map(|question| text(question.wording()))))
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The indices and the path coefficients of each group.
fn group_table(findings: &Findings) -> Option<Table> {
    let fitted = || findings.groups.iter().filter_map(|group| Some((group, group.fit.as_ref().ok()?)));
    let quantities = group_quantities(&findings.fit);
    if findings.groups.is_empty() {
        return None;
    }
    let labels = quantities.iter().map(ToString::to_string);
    let mut table = Table::new("Groups").column(Column::text("", labels));
    for (group, fit) in fitted() {
        let heading = format!("{} (n = {})", group.level, fit.n());
        table = table
            .column(Column::number(heading, quantities.iter().map(|quantity| estimate(fit, quantity))).decimals(4));
    }
    let failed = findings.groups.iter().filter_map(|group| Some((group, group.fit.as_ref().err()?)));
    Some(failed.fold(table, |table, (group, error)| table.note(format!("no estimate of `{}`: {error}", group.level))))
}

/// What groups are compared in: every index, then every path.
fn group_quantities(fit: &Fit) -> Vec<Quantity> {
    let indices = fit.indices().into_iter().filter(|(_, index)| index.is_ok());
    let indices = indices.map(|(construct, _)| Quantity::Index { construct: construct.into() });
    let paths = fit.direct_effects();
    let paths = paths.iter().map(|path| Quantity::Path { from: path.from().into(), to: path.to().into() });
    indices.chain(paths).collect()
}

fn estimate(fit: &Fit, quantity: &Quantity) -> Option<f64> {
    match quantity {
        Quantity::Index { construct } => fit.index(construct).ok().map(|index| index.value()),
        Quantity::Path { from, to } => fit.path(from, to).ok(),
        _ => None,
    }
}

/// Every difference between two groups with its p value.
fn difference_table(findings: &Findings) -> satindex::Result<Option<Table>> {
    let Some(permuted) = &findings.permuted else { return Ok(None) };
    let found = differences(&findings.fit, permuted)?;
    let table = Table::new("Differences between groups (permutation test)")
        .column(Column::text("", found.iter().map(|difference| &difference.quantity)))
        .column(Column::text("first", found.iter().map(|difference| &difference.first)))
        .column(Column::text("second", found.iter().map(|difference| &difference.second)))
        .column(Column::number("difference", found.iter().map(|difference| difference.estimate)).decimals(4))
        .column(Column::number("p", found.iter().map(|difference| difference.p_value)).decimals(4));
    Ok(Some(table))
}

#[derive(Serialize)]
struct Difference {
    quantity: Quantity,
    first: String,
    second: String,
    estimate: f64,
    p_value: f64,
}

fn differences(fit: &Fit, permuted: &Permuted) -> satindex::Result<Vec<Difference>> {
    let levels: Vec<&str> = permuted.levels().collect();
    let mut all = Vec::new();
    for quantity in group_quantities(fit) {
        for (at, first) in levels.iter().enumerate() {
            for second in &levels[at + 1..] {
                let difference = permuted.difference(&quantity, first, second)?;
                all.push(Difference {
                    quantity: quantity.clone(),
                    first: (*first).into(),
                    second: (*second).into(),
                    estimate: difference.estimate(),
                    p_value: difference.p_value(),
                });
            }
        }
    }
    Ok(all)
}

// ---- JSON ----

/// The fit as one object, with what else was found of it.
fn object(findings: &Findings, request: &Request) -> Outcome<Value> {
    let mut object = to_value(&findings.fit)?;
    if let Some(boot) = &findings.boot {
        object["bootstrap"] = to_value(boot.summary())?;
    }
    if !request.brief {
        add_assessment(&mut object, &findings.fit)?;
        if let Some(first) = &findings.first {
            let mut stage = to_value(first)?;
            add_assessment(&mut stage, first)?;
            object["first_stage"] = stage;
        }
        if let Some(questionnaire) = &findings.questionnaire {
            object["questionnaire"] = to_value(questionnaire)?;
        }
    }
    if !findings.groups.is_empty() {
        let groups = findings.groups.iter().map(|group| Ok((group.level.clone(), group_object(group)?)));
        object["groups"] = Value::Object(groups.collect::<Outcome<Map<_, _>>>()?);
    }
    if let Some(permuted) = &findings.permuted {
        object["group_differences"] = to_value(differences(&findings.fit, permuted)?)?;
    }
    Ok(object)
}

fn group_object(group: &Group) -> Outcome<Value> {
    Ok(match &group.fit {
        Ok(fit) => to_value(fit)?,
        Err(error) => json!({"error": error.to_string()}),
    })
}

/// Adds what is known of a fit beside its estimates.
fn add_assessment(object: &mut Value, fit: &Fit) -> Outcome {
    object["unstandardised_effects"] = json!({
        "direct": in_points(fit, &fit.direct_effects()),
        "indirect": in_points(fit, &fit.indirect_effects()),
        "total": in_points(fit, &fit.total_effects()),
    });
    let figures = fit.assess();
    object["assessment"] = json!({
        "reliability": figures.reliability(RhoA::CommonFactors),
        "unidimensionality": figures.unidimensionality().ok(),
        "htmt": figures.htmt(Htmt::Signed),
        "htmt2": figures.htmt(Htmt::Geometric),
        "fornell_larcker": figures.fornell_larcker(FornellLarcker::Squared),
        "cross_loadings": figures.cross_loadings(),
        "outer_vif": figures.outer_vif(),
        "inner_vif": figures.inner_vif(),
        "full_collinearity_vif": figures.full_collinearity_vif(),
        "f_squared": figures.f_squared(ScoresWithout::Held)?,
        "redundancy": figures.redundancy(),
        "information_criteria": figures.information_criteria(),
        "mediation": figures.mediation().ok(),
        "model_fit": figures.model_fit(ResidualVariance::Observed),
        "goodness_of_fit": figures.goodness_of_fit(),
    });
    object["verification"] = to_value(fit.verify())?;
    Ok(())
}

/// Effects in points of the indices, those that have both.
fn in_points(fit: &Fit, effects: &[Effect]) -> Value {
    let effects = effects.iter().filter_map(|effect| {
        let points = fit.index_effect(effect).ok()?;
        Some(json!({"from": effect.from(), "to": effect.to(), "estimate": points}))
    });
    effects.collect()
}
