//! Who answers the models of workflows: what the program gave, then what the environment names. Answers are made up on request
//! alone.

use std::collections::BTreeSet;

use flow_runtime::engine::Builder;
use flow_runtime::error::{Error, ErrorKind, Result};
use flow_runtime::graph::{Meta, Node};
use flow_runtime::provider::Model;

const OFFLINE: &str = "answers are made up from the words of the prompt";

/// When answers are made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MadeUp {
    Never,
    /// Where no model of the workflows has a provider.
    WithoutKey,
    Always,
}

/// The builder, told to read the environment, and lines for the user about what that lacks.
///
/// # Errors
///
/// A replacement that is no model; no workflow that asks a model has a provider for each of its models.
pub(super) fn provide(
    builder: Builder,
    workflows: &[&'static Meta],
    made_up: MadeUp,
    variables: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> Result<(Builder, Vec<String>)> {
    let builder = builder.variables(variables);
    let wants = workflows.iter().map(|workflow| wants(&builder, workflow)).collect::<Result<Vec<_>>>()?;
    let wants: Vec<_> = wants.into_iter().filter(|wants| !wants.is_empty()).collect();
    if wants.is_empty() {
        return Ok((builder, Vec::new()));
    }
    if made_up == MadeUp::Always {
        return Ok((builder.offline(), vec![format!("offline: no model is asked; {OFFLINE}")]));
    }
    let lacks: BTreeSet<_> = wants.iter().flatten().filter_map(|want| want.as_ref().err().cloned()).collect();
    let lacks = Vec::from_iter(lacks);
    if wants.iter().flatten().all(|want| want.is_err()) && made_up == MadeUp::WithoutKey {
        return Ok((builder.offline(), vec![format!("offline: {}; {OFFLINE}", lacks.join("; "))]));
    }
    if wants.iter().all(|wants| wants.iter().any(|want| want.is_err())) {
        let text = format!("{}, or pass --offline to make answers up", lacks.join("; "));
        return Err(Error::new(ErrorKind::Setup, text));
    }
    Ok((builder, lacks))
}

/// For each model that a workflow may ask, that somebody answers it, or what is missing.
fn wants(builder: &Builder, workflow: &'static Meta) -> Result<Vec<Result<(), String>>> {
    let want = |model: Model| {
        let model = builder.model_for(&model)?;
        Ok(builder.provider_for(&model).map(drop).map_err(|error| error.message().to_owned()))
    };
    models(&[workflow]).map(want).collect()
}

/// Every model that a run of one of the workflows may ask.
pub(super) fn models(workflows: &[&'static Meta]) -> impl Iterator<Item = Model> {
    workflows.iter().flat_map(|workflow| workflow.reachable()).flat_map(|part| {
        let nodes = part.graph.map_or(&[][..], |graph| graph.nodes);
        part.policy.models.iter().copied().chain(nodes.iter().filter_map(|node: &Node| node.model))
    })
}
