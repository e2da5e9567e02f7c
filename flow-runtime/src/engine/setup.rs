//! Checks before the first step that a workflow has everything it needs.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use super::mutex::lock;
use super::shared::Shared;
use super::{schemas, spend};
use crate::contract::Direction;
use crate::contract::testing::disagreements;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Contract, Meta, Node};
use crate::provider::{Model, lower, too_large};

impl Shared {
    /// Fails if providers or states of a workflow or step are missing; the error lists all of them.
    pub(super) fn check(&self, meta: &'static Meta) -> Result<()> {
        let key = std::ptr::from_ref(meta) as usize;
        if self.checked_last.load(Ordering::Relaxed) == key {
            return Ok(());
        }
        if lock(&self.checked).contains(&key) {
            self.checked_last.store(key, Ordering::Relaxed);
            return Ok(());
        }
        let missing = self.missing(meta);
        if !missing.is_empty() {
            let text = format!("`{}` cannot start: {}", meta.name, missing.join("; "));
            return Err(Error::new(ErrorKind::Setup, text));
        }
        if spend::is_capped(meta) {
            lock(&self.capped).insert(key);
            self.any_capped.store(true, Ordering::Relaxed);
        }
        self.held.learn(meta);
        lock(&self.checked).insert(key);
        Ok(())
    }

    /// Like [`check`](Self::check), and compares steps with what their servers publish.
    pub(super) async fn check_with_servers(&self, meta: &'static Meta) -> Result<()> {
        self.check(meta)?;
        if self.servers.is_empty() {
            return Ok(());
        }
        // Boxed, so that the futures of runs without servers stay small.
        Box::pin(self.check_servers(meta)).await
    }

    /// Compares steps with what their servers publish, unless no server is called.
    pub(super) async fn check_servers(&self, meta: &'static Meta) -> Result<()> {
        match self.models.is_offline() || self.scripts.is_some() {
            true => Ok(()),
            false => self.servers.check(meta).await,
        }
    }

    /// Returns whether a run of `meta`, which was checked before, may be subject to a workflow's cap. Takes no lock if
    /// no workflow has a cap.
    pub(super) fn is_capped(&self, meta: &'static Meta) -> bool {
        let key = std::ptr::from_ref(meta) as usize;
        self.any_capped.load(Ordering::Relaxed) && lock(&self.capped).contains(&key)
    }

    fn missing(&self, meta: &'static Meta) -> Vec<String> {
        let mut missing: Vec<String> = Vec::new();
        for part in meta.reachable() {
            missing.extend(self.missing_states(part));
            missing.extend(self.missing_states_of_tools(part));
            match self.scripts {
                None => {
                    missing.extend(self.unserved(part));
                    missing.extend(self.servers.missing(part).filter(|_| !self.models.is_offline()));
                }
                Some(_) => missing.extend(untrue_schemas(part)),
            }
        }
        let mut told = HashSet::new();
        missing.retain(|text| told.insert(text.clone()));
        missing
    }

    /// Lists the models without a provider.
    fn unserved(&self, part: &'static Meta) -> Vec<String> {
        let mut missing = self.missing_providers(part, part.policy.models);
        let nodes = part.graph.into_iter().flat_map(|graph| graph.nodes);
        missing.extend(nodes.flat_map(|node: &Node| self.missing_providers(node.step.get(), node.model.as_slice())));
        missing
    }

    fn missing_states(&self, part: &'static Meta) -> impl Iterator<Item = String> {
        let lost = part.states.iter().filter(|state| !self.states.contains_key(&(state.type_id)()));
        lost.map(|state| {
            format!(
                "workflow `{}` needs the state `{}: &{}`; add it with `.state(…)`",
                part.name, state.name, state.type_name
            )
        })
    }

    /// A tool takes its states from the runtime, since no workflow passes them.
    fn missing_states_of_tools(&self, part: &'static Meta) -> impl Iterator<Item = String> {
        let tools = part.policy.tools.into_iter().flat_map(|tools| tools.tools);
        tools.flat_map(move |tool| {
            let lost = tool.states.iter().filter(|state| !self.states.contains_key(&(state.type_id)()));
            lost.map(move |state| {
                format!(
                    "tool `{}` of step `{}` needs the state `{}: &{}`; add it with `.state(…)`",
                    tool.step.get().name,
                    part.name,
                    state.name,
                    state.type_name
                )
            })
        })
    }

    fn missing_providers(&self, step: &'static Meta, models: &[Model]) -> Vec<String> {
        models.iter().filter_map(|model| self.missing_provider(step, model).err()).collect()
    }

    /// Checks that a model's replacement is valid, and that its provider exists and accepts the answer's schema.
    fn missing_provider(&self, step: &'static Meta, declared: &Model) -> Result<(), String> {
        let name = declared.get_name().unwrap_or_default();
        let asks = |what: String| format!("step `{}` asks the model {what}", step.name);
        let model = self.models.resolve(declared);
        let model = model.map_err(|error| asks(format!("named `{name}`, but {error}")))?;
        let what = match model.id() == declared.id() {
            true => format!("`{}`", model.id()),
            false => format!("`{}` (instead of `{}`, by its name `{name}`)", model.id(), declared.id()),
        };
        let provider = self.models.provider(&model).map_err(|lack| {
            let lack = lack.map(|lack| format!(" ({lack})")).unwrap_or_default();
            let provider = model.provider();
            asks(format!("{what}, but no provider is named `{provider}`{lack}; add one with `.provider(…)`"))
        })?;
        let able = provider.capabilities(&model);
        if step.policy.tools.is_some() && !able.tools {
            return Err(asks(format!(
                "{what} with tools, which that provider does not offer for it; ask another model"
            )));
        }
        let able = able.schema;
        let too_large = schemas::answer(step).and_then(|schema| too_large(&lower(&schema, able).schema, able));
        match too_large {
            None => Ok(()),
            Some(why) => Err(asks(format!(
                "{what} for an answer whose schema is too large: {why}; ask for less at once, or ask another model"
            ))),
        }
    }
}

/// Lists contracts whose shape, as checked at compile time, differs from the published schema. Done only in tests,
/// since it takes time, and once in a process: both are constants.
fn untrue_schemas(part: &'static Meta) -> Vec<String> {
    static CHECKED: Mutex<BTreeMap<usize, Vec<String>>> = Mutex::new(BTreeMap::new());
    let key = std::ptr::from_ref(part) as usize;
    let known = lock(&CHECKED).get(&key).cloned();
    known.unwrap_or_else(|| {
        let found = check_schemas(part);
        lock(&CHECKED).insert(key, found.clone());
        found
    })
}

fn check_schemas(part: &'static Meta) -> Vec<String> {
    let arguments = part.arguments.iter().map(|argument| {
        let what = format!("argument `{}` of step `{}`", argument.name, part.name);
        (what, &argument.contract, Direction::Read)
    });
    let output = (format!("output of step `{}`", part.name), &part.output, Direction::Write);
    arguments
        .chain([output])
        .filter_map(|(what, contract, direction)| untrue_schema(&what, contract, direction))
        .collect()
}

fn untrue_schema(what: &str, contract: &Contract, direction: Direction) -> Option<String> {
    let differences = disagreements(contract.shape, &(contract.schema)(direction), direction);
    if differences.is_empty() {
        return None;
    }
    Some(format!("the contract of the {what} differs from its published schema ({})", differences.join("; ")))
}
