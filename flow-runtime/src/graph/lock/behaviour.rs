//! What a step does with what it is given: nothing that anybody was promised, but worth a look when it changes.

use std::collections::BTreeMap;

use crate::contract::{Direction, hash};
use crate::graph::{Effect, Kind, Meta, Node, OnTimeout, kind_name};
use crate::provider::Model;

type Facts = BTreeMap<String, String>;

/// The limits of a workflow.
pub(super) fn of_workflow(meta: &'static Meta) -> Facts {
    let mut facts = Facts::new();
    let limits = meta.graph.map(|graph| graph.limits).unwrap_or_default();
    let mut limit = |name: &str, value: Option<String>| facts.extend(value.map(|value| (name.to_owned(), value)));
    limit("max_steps", limits.steps.map(|most| most.to_string()));
    limit("max_model_calls", limits.model_calls.map(|most| most.to_string()));
    limit("max_output_tokens", limits.output_tokens.map(|most| most.to_string()));
    limit("max_cost", limits.cost.map(|most| most.to_string()));
    limit("timeout", meta.policy.timeout.map(|limit| format!("{limit:?}")));
    facts
}

/// A call: its step, with the model of its own where it has one.
pub(super) fn of_call(node: &Node) -> Facts {
    let mut facts = of_step(node.step.get());
    if let Some(model) = &node.model {
        facts.insert("models".to_owned(), name(model));
    }
    facts
}

fn of_step(meta: &'static Meta) -> Facts {
    let mut facts = own(meta);
    // What serves a step is a step itself, and is told by its id.
    for helper in meta.helpers() {
        facts.extend(own(helper).into_iter().map(|(fact, value)| (format!("{}: {fact}", helper.id), value)));
    }
    facts
}

fn own(meta: &'static Meta) -> Facts {
    let policy = &meta.policy;
    let mut facts = Facts::from([("kind".to_owned(), kind_name(meta.kind).to_owned())]);
    let mut add = |name: &str, value: Option<String>| facts.extend(value.map(|value| (name.to_owned(), value)));
    let some = |text: String| (!text.is_empty()).then_some(text);
    let id = |step: Option<crate::graph::MetaPtr>| step.map(|step| step.get().id.to_owned());
    add("models", some(policy.models.iter().map(name).collect::<Vec<_>>().join(", then ")));
    add("system", policy.prompt.and_then(|prompt| prompt.system).map(hashed));
    add("prompt", policy.prompt.and_then(|prompt| prompt.prompt).map(hashed));
    // What a model is told of its answer, descriptions and the order of fields included.
    add("answer", (meta.kind == Kind::Model).then(|| hashed(&(meta.output.schema)(Direction::Read).to_string())));
    add("attempts", (policy.retry.max_attempts > 1).then(|| policy.retry.max_attempts.to_string()));
    add("repair", (policy.repair > 0).then(|| policy.repair.to_string()));
    add("gates", some(meta.gate_ids().join(", then ")));
    add("fix", id(policy.fix.map(|(step, _)| step)));
    add("fix_times", policy.fix.map(|(_, times)| times.to_string()));
    add("fallback", id(policy.fallback));
    add("compensate", id(policy.compensate));
    add("effect", (policy.effect != Effect::None).then(|| policy.effect.name().to_owned()));
    add("unreviewed", policy.unreviewed.then(|| "yes".to_owned()));
    add("timeout", policy.timeout.map(|limit| format!("{limit:?}")));
    add("keep", policy.keep.map(|time| format!("{time:?}")));
    let silence = match policy.on_timeout {
        OnTimeout::Fail => None,
        OnTimeout::Accept => Some("accept"),
        OnTimeout::Reject => Some("reject"),
    };
    add("on_timeout", silence.map(str::to_owned));
    facts
}

/// A text as a number: what it says stands in the code.
fn hashed(text: &str) -> String {
    format!("{:016x}", hash(text))
}

/// A model with whatever is sent along.
fn name(model: &Model) -> String {
    let mut text = model.id().to_owned();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            text.push_str(&format!(" {name}={value}"));
        }
    };
    add("max_output_tokens", model.get_max_output_tokens().map(|most| most.to_string()));
    add("temperature", model.get_temperature().map(|temperature| temperature.to_string()));
    add("effort", model.get_effort().map(|effort| effort.name().to_owned()));
    model.get_extra().iter().for_each(|(name, value)| add(name, Some((*value).to_owned())));
    text
}

/// A fact that has changed, in words.
pub(super) fn told(name: &str, old: Option<&str>, new: Option<&str>) -> String {
    // The hash of a text says that it is another, and nothing else.
    let is_hash =
        ["prompt", "system", "answer"].iter().any(|text| name == *text || name.ends_with(&format!(": {text}")));
    match (old, new) {
        (Some(_), Some(_)) if is_hash => format!("{name} has changed"),
        (Some(old), Some(new)) => format!("{name} was {old}, is {new}"),
        (None, Some(_)) if is_hash => format!("{name} is new"),
        (None, Some(new)) => format!("{name} is {new}, was not set"),
        (Some(_), None) if is_hash => format!("{name} is gone"),
        (Some(old), None) => format!("{name} was {old}, is not set"),
        (None, None) => String::new(),
    }
}
