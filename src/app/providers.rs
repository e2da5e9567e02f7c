//! Who answers the models of workflows: what the program gave, then what the environment names, then nobody.

use std::collections::BTreeSet;

use flow_runtime::engine::Builder;
use flow_runtime::error::Result;
use flow_runtime::graph::{Meta, Node};
use flow_runtime::provider::Model;

const OFFLINE: &str = "answers are made up from the words of the prompt";

/// The builder, told to read the environment, and lines for the user about what that lacks.
///
/// # Errors
///
/// A replacement of a model that is none.
pub(super) fn provide(
    builder: Builder,
    workflows: &[&'static Meta],
    offline: bool,
    variables: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> Result<(Builder, Vec<String>)> {
    let builder = builder.variables(variables);
    let wanted = models(workflows).map(|model| builder.model_for(&model)).collect::<Result<Vec<_>>>()?;
    if wanted.is_empty() {
        return Ok((builder, Vec::new()));
    }
    if offline {
        return Ok((builder.offline(), vec![format!("offline: no model is asked; {OFFLINE}")]));
    }
    let lost: Vec<_> = wanted.iter().map(|model| builder.provider_for(model).err()).collect();
    let nobody = lost.iter().all(Option::is_some);
    let lost: BTreeSet<_> = lost.into_iter().flatten().map(|error| error.message().to_owned()).collect();
    let lost = Vec::from_iter(lost);
    if nobody {
        return Ok((builder.offline(), vec![format!("offline: {}, so {OFFLINE}", lost.join(" and "))]));
    }
    Ok((builder, lost))
}

/// Every model that a run of one of the workflows may ask.
pub(super) fn models(workflows: &[&'static Meta]) -> impl Iterator<Item = Model> {
    workflows.iter().flat_map(|workflow| workflow.reachable()).flat_map(|part| {
        let nodes = part.graph.map_or(&[][..], |graph| graph.nodes);
        part.policy.models.iter().copied().chain(nodes.iter().filter_map(|node: &Node| node.model))
    })
}
