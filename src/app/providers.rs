//! Who answers the models of a workflow: what the program gave, then what the environment names, then nobody.

use std::collections::BTreeSet;

use flow_runtime::engine::Builder;
use flow_runtime::graph::{Meta, Node};
use flow_runtime::provider::Model;

use super::host::Host;

const OFFLINE: &str = "answers are made up from the words of the prompt";

/// The builder with a provider for each model, and lines about it for the user.
pub(super) fn provide(
    mut builder: Builder,
    workflow: &'static Meta,
    offline: bool,
    host: &Host,
) -> (Builder, Vec<String>) {
    let wanted: BTreeSet<_> = models(workflow).map(|model| model.provider()).collect();
    if wanted.is_empty() {
        return (builder, Vec::new());
    }
    if offline {
        return (builder.offline(), vec![format!("offline: no model is asked; {OFFLINE}")]);
    }
    let mut lost = Vec::new();
    for name in &wanted {
        if builder.providers().any(|given| given == *name) {
            continue;
        }
        match server(builder, name, host) {
            Ok(with) => builder = with,
            Err(without) => {
                builder = without;
                lost.push(lack(name));
            }
        }
    }
    if lost.len() < wanted.len() {
        return (builder, lost);
    }
    (builder.offline(), vec![format!("offline: {}, so {OFFLINE}", lost.join(" and "))])
}

/// Every model that a run of the workflow may ask.
fn models(workflow: &'static Meta) -> impl Iterator<Item = Model> {
    workflow.reachable().into_iter().flat_map(|part| {
        let nodes = part.graph.map_or(&[][..], |graph| graph.nodes);
        part.policy.models.iter().copied().chain(nodes.iter().filter_map(|node: &Node| node.model))
    })
}

/// The names of the variables that say where a provider is: of its address, and of its key.
#[cfg(feature = "providers")]
fn variables(provider: &str) -> (String, String) {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    let name: String = provider.chars().map(plain).collect();
    let prefix = if provider == "openai" { name } else { format!("FLOW_{name}") };
    (format!("{prefix}_BASE_URL"), format!("{prefix}_API_KEY"))
}

/// Why nobody serves the models of this provider.
#[cfg(feature = "providers")]
fn lack(provider: &str) -> String {
    match variables(provider) {
        (url, key) if provider == "openai" => format!("neither {key} nor {url} is set"),
        (url, _) => format!("{url} is not set"),
    }
}

#[cfg(not(feature = "providers"))]
fn lack(provider: &str) -> String {
    format!("the program has no provider `{provider}`, and was built without the feature `providers`")
}

/// The builder with the server that the environment names, or as it was.
#[cfg(feature = "providers")]
fn server(builder: Builder, provider: &str, host: &Host) -> Result<Builder, Builder> {
    use flow_runtime::provider::OpenAi;
    let (url, key) = variables(provider);
    let (url, key) = (host.variable(&url), host.variable(&key));
    let server = match (url, &key) {
        (Some(url), _) => OpenAi::at(provider, url),
        (None, Some(key)) if provider == "openai" => OpenAi::new(key),
        _ => return Err(builder),
    };
    Ok(builder.provider(match key {
        Some(key) => server.key(key),
        None => server,
    }))
}

#[cfg(not(feature = "providers"))]
fn server(builder: Builder, _: &str, _: &Host) -> Result<Builder, Builder> {
    Err(builder)
}
