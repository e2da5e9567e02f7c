//! The options of a step, one fact each. Graph JSON, drawings and locks are made from this list, so none of them can omit a
//! field.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Cache, Effect, Gate, MetaPtr, OnTimeout, OnToolError, Policy, PromptText, Tool, Tools, kind_name};
use crate::contract::hash;
use crate::place::NodeId;
use crate::provider::Model;
use crate::retry::Retry;

/// One option.
pub(super) struct Fact {
    /// Its key in graph JSON.
    pub(super) name: &'static str,
    /// Its value in graph JSON.
    pub(super) json: Value,
    /// Its lines in a contract lock.
    pub(super) locked: Vec<LockedFact>,
    /// Its lines in a drawing; none if it has its default.
    pub(super) drawn: Vec<String>,
}

/// One line of a contract lock.
pub(super) struct LockedFact {
    pub(super) name: &'static str,
    /// `None` if the option has its default: locks state only what differs from it.
    pub(super) text: Option<String>,
    /// Whether a change may change results, rather than only when a step runs or whether a stored result is reused.
    pub(super) is_behaviour: bool,
    /// The text is a hash, which says nothing to people.
    pub(super) is_hash: bool,
}

impl Policy {
    /// Returns all facts, those with default values included, in the order of graph JSON.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let Self {
            retry,
            repair,
            timeout,
            on_timeout,
            models,
            prompt,
            mcp,
            tools,
            gates,
            fix,
            fallback,
            concurrency,
            effect,
            unreviewed,
            approve,
            compensate,
            cache,
            own_error: _, // code for the engine, set by the signature and not by an option
            keep,
            judge: _, // likewise
        } = self;
        let [attempts, delays] = of_retry(retry);
        vec![
            of_models(models),
            of_prompt(*prompt),
            Fact::new("mcp", json!(mcp.map(|tool| tool.to_string()))).locked("mcp", mcp.map(|tool| tool.to_string())),
            of_tools(*tools),
            attempts,
            delays,
            Fact::new("repair", json!(repair)).locked("repair", unless(*repair == 0, || repair.to_string())),
            Fact::new("keep_ms", json!(keep.map(millis))).locked("keep", keep.map(time)),
            Fact::new("timeout_ms", json!(timeout.map(millis))).locked("timeout", timeout.map(time)),
            of_silence(*on_timeout),
            self.of_gates(gates),
            self.of_fix(*fix),
            of_helper("fallback", *fallback, self.fallback_node()),
            of_concurrency(*concurrency),
            of_cache(cache.as_ref()),
            of_effect(*effect, *unreviewed),
            Fact::new("unreviewed", json!(unreviewed)).locked("unreviewed", unreviewed.then(|| "yes".to_owned())),
            of_helper("approve", *approve, self.approve_node())
                .drawn(approve.map(|person| format!("approved by {}", person.get().name))),
            of_helper("compensate", *compensate, self.compensate_node())
                .drawn(compensate.map(|undo| format!("undone by {}", undo.get().name))),
        ]
    }

    /// Returns the facts that differ from the defaults.
    pub(super) fn set_facts(&self) -> impl Iterator<Item = Fact> {
        let both = self.facts().into_iter().zip(Self::PLAIN.facts());
        both.filter(|(fact, default)| fact.json != default.json).map(|(fact, _)| fact)
    }

    fn of_gates(&self, gates: &[Gate]) -> Fact {
        let value = |(position, gate): (usize, &Gate)| {
            let kind = gate.step.map_or("function", |step| kind_name(step.get().kind));
            json!({ "name": gate.name, "kind": kind, "id": id(self.gate_node(position)) })
        };
        Fact::new("gates", gates.iter().enumerate().map(value).collect())
            .locked("gates", unless(gates.is_empty(), || self.gate_ids().join(", then ")))
            .drawn(gates.iter().map(|gate| format!("gate {}", gate.name)))
    }

    fn of_fix(&self, fix: Option<(MetaPtr, u32)>) -> Fact {
        let value = |(step, times): (MetaPtr, u32)| json!({ "step": step.get().name, "id": id(self.fix_node()), "times": times });
        Fact::new("fix", json!(fix.map(value)))
            .locked("fix", fix.map(|(step, _)| step.get().id.to_owned()))
            .locked("fix_times", fix.map(|(_, times)| times.to_string()))
    }
}

impl Fact {
    fn new(name: &'static str, json: Value) -> Self {
        Self { name, json, locked: Vec::new(), drawn: Vec::new() }
    }

    fn in_lock(mut self, name: &'static str, text: Option<String>, (is_behaviour, is_hash): (bool, bool)) -> Self {
        self.locked.push(LockedFact { name, text, is_behaviour, is_hash });
        self
    }

    /// A line in a lock whose change may change results.
    fn locked(self, name: &'static str, text: Option<String>) -> Self {
        self.in_lock(name, text, (true, false))
    }

    /// A line in a lock whose change cannot change a result.
    fn harmless(self, name: &'static str, text: Option<String>) -> Self {
        self.in_lock(name, text, (false, false))
    }

    fn hashed(self, name: &'static str, text: Option<String>) -> Self {
        self.in_lock(name, text, (true, true))
    }

    fn drawn(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.drawn.extend(lines);
        self
    }
}

fn of_models(models: &[Model]) -> Fact {
    let ids: Vec<_> = models.iter().map(Model::id).collect();
    let text = models.iter().map(model_text).collect::<Vec<_>>().join(", then ");
    Fact::new("models", json!(ids)).locked("models", unless(text.is_empty(), || text))
}

/// Hashes, because the graph is also served to clients, who are not meant to read prompts.
fn of_prompt(prompt: Option<PromptText>) -> Fact {
    let parts = prompt.map(|PromptText { system, prompt, shows: _ }| (system.map(text_hash), prompt.map(text_hash)));
    let value = parts.as_ref().map(|(system, text)| json!({ "system": system, "text": text }));
    let (system, text) = parts.unwrap_or_default();
    Fact::new("prompt", json!(value)).hashed("system", system).hashed("prompt", text)
}

/// The schemas of the tools are part of what the model reads, so a lock has their hash.
fn of_tools(tools: Option<&'static Tools>) -> Fact {
    let value = tools.map(|tools| {
        let all: Vec<_> = tools.tools.iter().map(tool).collect();
        let on_error = if tools.on_error == OnToolError::Fail { "fail" } else { "tell" };
        json!({ "tools": all, "max_turns": tools.max_turns, "max_tool_calls": tools.calls(), "on_tool_error": on_error })
    });
    let names = |tools: &Tools| tools.tools.iter().map(tool_text).collect::<Vec<_>>().join(", ");
    let told = |tools: &Tools| tools.tools.iter().map(|tool| format!("{}{}", tool.step.get().doc, tool.schema()));
    let fails = |tools: &Tools| unless(tools.on_error == OnToolError::Tell, || "fail".to_owned());
    Fact::new("tools", json!(value))
        .locked("tools", tools.map(names))
        .locked("max_turns", tools.map(|tools| tools.max_turns.to_string()))
        .locked("max_tool_calls", tools.map(|tools| tools.calls().to_string()))
        .locked("on_tool_error", tools.and_then(fails))
        .hashed("tool_schemas", tools.map(|tools| text_hash(&told(tools).collect::<String>())))
        .drawn(tools.map(|tools| format!("tools {}", tools.tools.iter().map(Tool::id).collect::<Vec<_>>().join(", "))))
}

fn tool(tool: &Tool) -> Value {
    let meta = tool.step.get();
    let bound: serde_json::Map<_, _> =
        tool.bound.iter().map(|bound| (bound.argument.to_owned(), bound.path.join(".").into())).collect();
    json!({ "id": tool.id(), "step": meta.name, "kind": kind_name(meta.kind), "bound": bound })
}

/// A tool as it is written in the option.
fn tool_text(tool: &Tool) -> String {
    let bound: Vec<_> =
        tool.bound.iter().map(|bound| format!("{} = {}", bound.argument, bound.path.join("."))).collect();
    let bound = if bound.is_empty() { String::new() } else { format!("({})", bound.join(", ")) };
    format!("{}{bound}", tool.id())
}

fn of_retry(retry: &Retry) -> [Fact; 2] {
    let Retry { max_attempts, initial_delay, factor, max_delay, jitter } = *retry;
    let repeats = max_attempts > 1;
    let delays = json!({
        "initial_ms": millis(initial_delay),
        "factor": factor,
        "max_ms": millis(max_delay),
        "jitter": jitter,
    });
    let is_default = !repeats || *retry == Retry::MODEL.attempts(max_attempts);
    let text = || {
        let jitter = if jitter { "with" } else { "without" };
        format!("{initial_delay:?} times {factor} up to {max_delay:?}, {jitter} jitter")
    };
    [
        Fact::new("max_attempts", json!(max_attempts))
            .locked("attempts", unless(!repeats, || max_attempts.to_string())),
        Fact::new("delays", if repeats { delays } else { Value::Null }).harmless("delays", unless(is_default, text)),
    ]
}

fn of_silence(on_timeout: OnTimeout) -> Fact {
    let name = match on_timeout {
        OnTimeout::Fail => "fail",
        OnTimeout::Accept => "accept",
        OnTimeout::Reject => "reject",
    };
    Fact::new("on_timeout", json!(name)).locked("on_timeout", unless(on_timeout == OnTimeout::Fail, || name.to_owned()))
}

fn of_helper(option: &'static str, step: Option<MetaPtr>, node: Option<NodeId>) -> Fact {
    let value = step.map(|step| json!({ "step": step.get().name, "id": id(node) }));
    Fact::new(option, json!(value)).locked(option, step.map(|step| step.get().id.to_owned()))
}

fn of_concurrency(concurrency: Option<u32>) -> Fact {
    Fact::new("concurrency", json!(concurrency)).harmless("concurrency", concurrency.map(|most| most.to_string()))
}

/// The body is left out: it is the whole source code, and `version` is how a user says that it computes something else.
fn of_cache(cache: Option<&Cache>) -> Fact {
    let parts = cache.map(|Cache { good_for, version, body: _ }| (*good_for, *version));
    let value = parts.map(|(good_for, version)| json!({ "good_for_ms": good_for.map(millis), "version": version }));
    let version = parts.map(|(_, version)| version).filter(|version| *version != 1);
    Fact::new("cache", json!(value))
        .locked("cache", parts.map(|(good_for, _)| good_for.map_or_else(|| "forever".to_owned(), time)))
        .harmless("cache_version", version.map(|version| version.to_string()))
}

fn of_effect(effect: Effect, unreviewed: bool) -> Fact {
    let name = effect.name();
    let is_default = effect == Effect::None;
    let drawn = if unreviewed { format!("{name}, unreviewed") } else { name.to_owned() };
    Fact::new("effect", json!(name))
        .locked("effect", unless(is_default, || name.to_owned()))
        .drawn(unless(is_default, || drawn))
}

/// A model with all its settings.
pub(super) fn model_text(model: &Model) -> String {
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

/// A text as a number: locks and graphs say whether it changed, the code says what it is.
pub(super) fn text_hash(text: &str) -> String {
    format!("{:016x}", hash(text))
}

/// The last part of the place of a step that serves another one.
fn id(node: Option<NodeId>) -> Option<String> {
    node.map(|node| node.to_string())
}

fn millis(time: Duration) -> u64 {
    time.as_millis() as u64
}

fn time(time: Duration) -> String {
    format!("{time:?}")
}

fn unless(is_default: bool, text: impl FnOnce() -> String) -> Option<String> {
    (!is_default).then(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_policy_is_neither_locked_nor_drawn() {
        for fact in Policy::PLAIN.facts() {
            assert!(fact.drawn.is_empty(), "{}", fact.name);
            assert!(fact.locked.iter().all(|locked| locked.text.is_none()), "{}", fact.name);
        }
    }

    #[test]
    fn names_are_unique() {
        let facts = Policy::PLAIN.facts();
        let (mut keys, mut lines): (Vec<_>, Vec<_>) = (
            facts.iter().map(|fact| fact.name).collect(),
            facts.iter().flat_map(|fact| &fact.locked).map(|locked| locked.name).collect(),
        );
        let all = (keys.len(), lines.len());
        keys.sort_unstable();
        keys.dedup();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!((keys.len(), lines.len()), all);
    }
}
