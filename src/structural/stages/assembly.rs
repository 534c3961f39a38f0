//! The model of a stage as it is put together.

use std::collections::HashMap;

use crate::error::{ErrorKind, Faults, Result};
use crate::structural::model::{ConstructKind, Model, ModelBuilder};
use crate::structural::pls::Pls;
use crate::structural::pls::stage::{Column, Stage};

/// An indicator of a stage.
pub(super) struct Part {
    name: String,
    column: Column,
    /// What a stage made it of, for messages.
    made_of: Option<String>,
}

impl Part {
    /// An indicator that was asked for.
    pub(super) fn asked(name: &str, at: usize) -> Self {
        Self { name: name.into(), column: Column::Indicator(at), made_of: None }
    }

    pub(super) fn made(name: String, column: Column, made_of: String) -> Self {
        Self { name, column, made_of: Some(made_of) }
    }
}

/// Constructs with what their indicators are.
#[derive(Default)]
pub(super) struct Assembly {
    pub(super) builder: ModelBuilder,
    constructs: Vec<(String, Option<String>)>,
    parts: Vec<Part>,
}

impl Assembly {
    pub(super) fn construct(&mut self, kind: ConstructKind, name: &str, parts: Vec<Part>) {
        self.add(kind, name, None, parts);
    }

    /// A construct that a stage makes, with a description for messages.
    pub(super) fn made(&mut self, kind: ConstructKind, name: &str, made_of: String, parts: Vec<Part>) {
        self.add(kind, name, Some(made_of), parts);
    }

    fn add(&mut self, kind: ConstructKind, name: &str, made_of: Option<String>, parts: Vec<Part>) {
        let indicators = parts.iter().map(|part| part.name.clone());
        self.builder = std::mem::take(&mut self.builder).construct(kind, name, indicators);
        self.constructs.push((name.into(), made_of));
        self.parts.extend(parts);
    }

    pub(super) fn path(&mut self, from: &str, to: &str) {
        self.builder = std::mem::take(&mut self.builder).path(from, to);
    }

    /// Adds the paths and products of a model.
    pub(super) fn paths_of(&mut self, model: &Model) {
        let name = |at: usize| model.constructs()[at].name();
        let builder = std::mem::take(&mut self.builder);
        let builder = model.named_paths().fold(builder, |builder, (from, to)| builder.path(from, to));
        let products = model.products().iter();
        self.builder = products
            .fold(builder, |builder, &(first, second, to)| builder.product(name(first), name(second), name(to)));
    }

    /// Checks that no name that a stage makes is one that something else has.
    fn check_names(&self) -> Result<()> {
        let constructs = self.constructs.iter().map(|(name, made_of)| ("construct", name, made_of));
        let indicators = self.parts.iter().map(|part| ("indicator", &part.name, &part.made_of));
        let mut known: HashMap<&str, (&'static str, &Option<String>)> = HashMap::new();
        let mut faults = Faults::default();
        for (what, name, made_of) in constructs.chain(indicators) {
            if let Some((other, others)) = known.insert(name, (what, made_of)) {
                let (what, made_of) = match (made_of, others) {
                    (Some(made_of), _) => (other, made_of),
                    (None, Some(made_of)) => (what, made_of),
                    (None, None) => continue,
                };
                let problem = format!("has the name that {made_of} gets: rename it");
                faults.push(ErrorKind::Specification { what, name: name.clone(), problem });
            }
        }
        faults.or(())
    }

    /// The stage, under options for the model that it came from.
    pub(super) fn stage(self, pls: &Pls, from: &Model) -> Result<Stage> {
        self.check_names()?;
        let model = self.builder.build()?;
        let columns: Vec<Column> = self.parts.iter().map(|part| part.column.clone()).collect();
        let mut pls = pls.adapted(from, &model);
        for (at, part) in self.parts.iter().enumerate() {
            if let Some(first) = columns[..at].iter().position(|known| *known == part.column) {
                pls = pls.repeating(&part.name, &self.parts[first].name);
            }
        }
        Ok(Stage { pls, model, columns })
    }
}
