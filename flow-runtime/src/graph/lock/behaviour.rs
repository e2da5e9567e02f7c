//! The behaviour of a step: not promised to callers, but worth reviewing when it changes.

use std::collections::BTreeMap;

use super::change::Class;
use crate::contract::Direction;
use crate::graph::facts::{LockedFact, model_text, text_hash};
use crate::graph::{Kind, Limits, Meta, Node, Policy, kind_name};

type Facts = BTreeMap<String, String>;

/// The hash of the schema that a model has to follow.
const ANSWER: &str = "answer";

/// The limits of a workflow.
pub(super) fn of_workflow(meta: &'static Meta) -> Facts {
    let Limits { steps, model_calls, output_tokens, cost } = meta.graph.map(|graph| graph.limits).unwrap_or_default();
    let limits = [
        ("max_steps", steps.map(|most| most.to_string())),
        ("max_model_calls", model_calls.map(|most| most.to_string())),
        ("max_output_tokens", output_tokens.map(|most| most.to_string())),
        ("max_cost", cost.map(|most| most.to_string())),
    ];
    let mut facts = of_policy(&meta.policy);
    facts.extend(limits.into_iter().filter_map(|(name, limit)| Some((name.to_owned(), limit?))));
    facts
}

/// The facts of a call: those of its step, with the model set on the call, if any.
pub(super) fn of_call(node: &Node) -> Facts {
    let mut facts = of_step(node.step.get());
    if let Some(model) = &node.model {
        facts.insert("models".to_owned(), model_text(model));
    }
    facts
}

fn of_step(meta: &'static Meta) -> Facts {
    let mut facts = own(meta);
    // Helpers are steps themselves; their facts are prefixed with their ids.
    for helper in meta.helpers() {
        facts.extend(own(helper).into_iter().map(|(fact, value)| (format!("{}: {fact}", helper.id), value)));
    }
    facts
}

fn own(meta: &'static Meta) -> Facts {
    let mut facts = of_policy(&meta.policy);
    facts.insert("kind".to_owned(), kind_name(meta.kind).to_owned());
    if meta.kind == Kind::Model {
        // Everything a model is told about its answer, including descriptions and the order of fields.
        facts.insert(ANSWER.to_owned(), text_hash(&(meta.output.schema)(Direction::Read).to_string()));
    }
    facts
}

fn of_policy(policy: &Policy) -> Facts {
    let all = policy.facts().into_iter().flat_map(|fact| fact.locked);
    all.filter_map(|locked| Some((locked.name.to_owned(), locked.text?))).collect()
}

/// The class of a changed fact. A removed fact, or one of a removed step, is classified by its name.
pub(super) fn class(name: &str) -> Class {
    match known(name) {
        Some(fact) if !fact.is_behaviour => Class::Compatible,
        _ => Class::Behaviour,
    }
}

/// The fact of a policy with this name; `None` for facts of a workflow or of a later release.
fn known(name: &str) -> Option<LockedFact> {
    let name = unprefixed(name);
    Policy::PLAIN.facts().into_iter().flat_map(|fact| fact.locked).find(|known| known.name == name)
}

/// The name without the prefix of a helper step.
fn unprefixed(name: &str) -> &str {
    name.rsplit_once(": ").map_or(name, |(_, fact)| fact)
}

/// Describes a changed fact.
pub(super) fn told(name: &str, old: Option<&str>, new: Option<&str>) -> String {
    // A changed hash tells only that the text changed.
    let is_hash = unprefixed(name) == ANSWER || known(name).is_some_and(|fact| fact.is_hash);
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
