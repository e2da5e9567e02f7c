//! Selects the providers of models: those of the program, then those of the environment. Answers are made up only on request.

use std::collections::BTreeSet;

use flow_runtime::engine::Builder;
use flow_runtime::error::{Error, ErrorKind, Result};
use flow_runtime::graph::{Kind, Meta, Node};
use flow_runtime::provider::Model;

const OFFLINE: &str = "answers are made up from the words of the prompt";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MadeUp {
    Never,
    /// If no model of the workflows has a provider.
    WithoutKey,
    Always,
}

/// Lets the builder read the environment, and returns notices about missing providers.
///
/// # Errors
///
/// Fails if a replacement is not a model, or if every workflow that calls models lacks a provider for one of them.
pub(super) fn provide(
    builder: Builder,
    workflows: &[&'static Meta],
    made_up: MadeUp,
    variables: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> Result<(Builder, Vec<String>)> {
    let builder = builder.variables(variables);
    let wants = workflows.iter().map(|workflow| wants(&builder, workflow)).collect::<Result<Vec<_>>>()?;
    let wants: Vec<_> = wants.into_iter().filter(|wants| !wants.is_empty()).collect();
    let mut parts = workflows.iter().flat_map(|workflow| workflow.reachable());
    let calls_servers = parts.any(|part| part.kind == Kind::Mcp);
    if made_up == MadeUp::Always && (calls_servers || !wants.is_empty()) {
        let what = if calls_servers { "no model is asked and no MCP server called" } else { "no model is asked" };
        return Ok((builder.offline(), vec![format!("offline: {what}; {OFFLINE}")]));
    }
    if wants.is_empty() {
        return Ok((builder, Vec::new()));
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

/// For each model that the workflow may call: `Ok` if it has a provider, otherwise what is missing.
fn wants(builder: &Builder, workflow: &'static Meta) -> Result<Vec<Result<(), String>>> {
    let want = |model: Model| {
        let model = builder.model_for(&model)?;
        Ok(builder.provider_for(&model).map(drop).map_err(|error| error.message().to_owned()))
    };
    models(&[workflow]).map(want).collect()
}

/// Every model that the workflows may call.
pub(super) fn models(workflows: &[&'static Meta]) -> impl Iterator<Item = Model> {
    workflows.iter().flat_map(|workflow| workflow.reachable()).flat_map(|part| {
        let nodes = part.graph.map_or(&[][..], |graph| graph.nodes);
        part.policy.models.iter().copied().chain(nodes.iter().filter_map(|node: &Node| node.model))
    })
}
