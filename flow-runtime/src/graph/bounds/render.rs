//! A sum as text and as JSON.

use serde_json::{Value, json};

use super::calls::{Helper, own};
use super::measure::Measure;
use super::of;
use super::sum::What;
use super::terms::{Term, Terms};
use crate::contract::{Text, equal};
use crate::graph::{Block, Meta};
use crate::provider::Model;

type Line = Text<512>;

/// How many terms are kept per sum.
const KEPT: usize = 512;

/// Each bound with its terms, indented, as printed by `graph --bounds`.
pub(in crate::graph) fn text(meta: &'static Meta) -> String {
    let bounds = of(meta);
    let mut text = String::new();
    for measure in Measure::ALL {
        let limit = meta.graph.and_then(|graph| measure.limit(graph));
        let limit = limit.map(|limit| format!(", limited to {limit}")).unwrap_or_default();
        let terms = Box::new(Terms::<KEPT>::of(meta, measure));
        text += &format!("{} = {}{limit}\n", measure.option(), shown(measure.of(bounds)));
        (0..terms.len().min(KEPT)).for_each(|at| text += &format!("  {}\n", terms.line(at)));
        if terms.len() > KEPT {
            text += &format!("  … and {} more\n", terms.len() - KEPT);
        }
    }
    text + &format!("max_parallel = {}\n", shown(bounds.max_parallel))
}

/// The same as JSON.
pub(in crate::graph) fn json(meta: &'static Meta) -> Value {
    let bounds = of(meta);
    let mut all = json!({ "workflow": meta.name, "max_parallel": { "value": bounds.max_parallel } });
    for measure in Measure::ALL {
        let terms = Box::new(Terms::<KEPT>::of(meta, measure));
        all[measure.option()] = json!({
            "value": measure.of(bounds),
            "limit": meta.graph.and_then(|graph| measure.limit(graph)),
            "terms": (0..terms.len().min(KEPT)).map(|at| term(&terms, at)).collect::<Vec<_>>(),
            "more_terms": terms.len().saturating_sub(KEPT),
        });
    }
    all
}

fn term(terms: &Terms<KEPT>, at: usize) -> Value {
    let Term { depth, what, value } = terms.get(at);
    let (kind, name) = match what {
        What::Lost => ("lost", String::new()),
        What::Section(meta) => ("section", meta.name.to_owned()),
        What::Call { node, .. } if node.step.get().graph.is_some() => ("workflow", node.id().to_string()),
        What::Call { node, .. } => ("step", node.id().to_string()),
        What::Own(meta, _) => ("questions", meta.name.to_owned()),
        What::Helper { helper, .. } => (helper.role.name(), helper.step.name.to_owned()),
        What::Part { block: Block::Branch { .. }, part, .. } => ("branch", part.to_owned()),
        What::Part { block: Block::Loop { id, .. }, .. } | What::Last { block: Block::Loop { id, .. }, .. } => {
            ("loop", id.to_string())
        }
        What::Part { block: Block::Map { id, .. }, .. } => ("map", id.to_string()),
        What::Part { .. } | What::Last { .. } => ("block", String::new()),
    };
    json!({ "depth": depth, "kind": kind, "name": name, "value": value, "text": terms.line(at).as_str().trim_start() })
}

fn shown(value: Option<u64>) -> String {
    value.map_or_else(|| "unknown".to_owned(), |value| value.to_string())
}

impl<const N: usize> Terms<N> {
    /// A term as a line: its name, its factors and its value.
    pub(in crate::graph) const fn line(&self, at: usize) -> Line {
        let Term { depth, what, value } = self.get(at);
        let mut line = Line::new();
        let mut indent = 0;
        while indent < depth {
            line.push("  ");
            indent += 1;
        }
        match what {
            What::Lost => {
                line.push("…");
                return line;
            }
            What::Section(meta) => push(&mut line, &["workflow `", meta.name, "`"]),
            What::Call { node, summed } => {
                push(&mut line, &[node.key()]);
                if node.ordinal > 1 {
                    line.push(".");
                    line.push_int(node.ordinal as i128);
                }
                let step = node.step.get();
                if step.graph.is_some() {
                    named_workflow(&mut line, node.key(), step.name);
                } else if !summed && self.factors(&mut line, step, &node.model) {
                    return line;
                }
            }
            What::Own(meta, model) => {
                line.push("itself");
                if self.factors(&mut line, meta, model) {
                    return line;
                }
            }
            What::Helper { helper, each } => {
                if self.helper(&mut line, helper, each) {
                    return line;
                }
            }
            What::Part { block, part, times, each } => part_of(&mut line, block, part, times, each),
            What::Last { block, part } => last_of(&mut line, block, part),
        }
        line.push(" = ");
        number(&mut line, value);
        line
    }

    /// `gate judge: 3 × 2`; the result means the same as in [`factors`](Self::factors).
    const fn helper(&self, line: &mut Line, helper: Helper, each: Option<u64>) -> bool {
        push(line, &[helper.role.name(), " ", helper.step.name]);
        if helper.step.graph.is_some() {
            named_workflow(line, helper.step.name, helper.step.name);
        }
        let is_whole = same_value(own(helper.step, &None).of(self.measure), each);
        if self.is_unlimited(helper.step, &None) || helper.times == 1 && is_whole && helper.step.graph.is_none() {
            return self.factors(line, helper.step, &None);
        }
        if helper.times > 1 {
            line.push(": ");
            line.push_int(helper.times as i128);
            line.push(" × ");
            number(line, each);
        }
        false
    }

    /// Attempts × (1 + repairs) over the models; nothing for a single call. Returns `true` if it wrote that the value is unknown.
    const fn factors(&self, line: &mut Line, meta: &Meta, model: &Option<Model>) -> bool {
        let (policy, mut begin) = (&meta.policy, ": ");
        if matches!(self.measure, Measure::Steps) {
            return false;
        }
        if matches!(self.measure, Measure::OutputTokens) {
            if let Some(model) = unlimited(meta, model) {
                push(line, &[": unknown, because model `", model, "` has no `max_output_tokens`"]);
                return true;
            }
            line.push(begin);
            tokens(line, meta, model);
            begin = " × ";
        } else if policy.models.len() > 1 && model.is_none() {
            counted(line, begin, policy.models.len() as u64, "models");
            begin = " × ";
        }
        if policy.retry.max_attempts > 1 {
            counted(line, begin, policy.retry.max_attempts as u64, "attempts");
            begin = " × ";
        }
        if policy.repair > 0 {
            line.push(begin);
            counted(line, "(1 + ", policy.repair as u64, if policy.repair == 1 { "repair)" } else { "repairs)" });
            begin = " × ";
        }
        if let Some(tools) = policy.tools {
            counted(line, begin, tools.max_turns as u64, "turns");
        }
        false
    }

    /// How to make an unknown sum known.
    pub(in crate::graph) const fn way_to_know(&self) -> &'static str {
        let mut at = 0;
        while at < self.len() {
            match self.get(at).what {
                What::Part { block: Block::Loop { .. }, times: None, .. } => {
                    return "write `#[bound(N)]` before the loop, where N is the maximum number of iterations";
                }
                What::Part { block: Block::Map { .. }, times: None, .. } => {
                    return "add `.bound(N)` to the map, where N is the maximum number of items";
                }
                What::Call { node, .. } if self.is_unlimited(node.step.get(), &node.model) => return LIMIT_THE_MODEL,
                What::Helper { helper, .. } if self.is_unlimited(helper.step, &None) => return LIMIT_THE_MODEL,
                _ => {}
            }
            at += 1;
        }
        "bound loops and maps, and make sure that no gate judges itself"
    }

    const fn is_unlimited(&self, meta: &Meta, model: &Option<Model>) -> bool {
        matches!(self.measure, Measure::OutputTokens) && unlimited(meta, model).is_some()
    }
}

const LIMIT_THE_MODEL: &str =
    "set `.max_output_tokens(N)` on each such model, where N is the maximum number of tokens per answer";

/// `for each of 200 items: 200 × 3`
const fn part_of(line: &mut Line, block: Block, part: &str, times: Option<u64>, each: Option<u64>) {
    match block {
        Block::Branch { on } => {
            push(line, &["largest arm of `", on, "`"]);
            if !part.is_empty() {
                push(line, &[": `", part, "`"]);
            }
            return;
        }
        Block::Parallel | Block::Race { .. } => return line.push("together"),
        Block::Labelled { label } => return line.push(label),
        Block::Map { over, .. } => {
            line.push("for each of ");
            most(line, times);
            push(line, &["`", over, "`"]);
        }
        Block::Loop { head, .. } => {
            most(line, times);
            push(line, &[if matches!(times, Some(1)) { "round of `" } else { "rounds of `" }, head, "`"]);
            if is_condition(part) {
                line.push(", its condition");
            }
        }
    }
    match times {
        Some(times) => {
            line.push(": ");
            line.push_int(times as i128);
            line.push(" × ");
            number(line, each);
        }
        None => line.push(" (no bound)"),
    }
}

/// The iteration that leaves a loop.
const fn last_of(line: &mut Line, block: Block, part: &str) {
    let Block::Loop { head, .. } = block else { return };
    push(line, &["last round of `", head, "`, which leaves it"]);
    if is_condition(part) {
        line.push(" from its condition");
    }
}

const fn named_workflow(line: &mut Line, key: &str, name: &str) {
    if equal(key, name) {
        line.push(" (workflow)");
    } else {
        push(line, &[" (workflow `", name, "`)"]);
    }
}

const fn is_condition(part: &str) -> bool {
    equal(part, "condition")
}

const fn most(line: &mut Line, times: Option<u64>) {
    if let Some(times) = times {
        line.push_int(times as i128);
        line.push(" ");
    }
}

/// `600 tokens`, or `(600 + 800) tokens` for a chain of models.
const fn tokens(line: &mut Line, meta: &Meta, model: &Option<Model>) {
    if let Some(model) = model {
        limit(line, model);
    } else {
        let (models, mut at) = (meta.policy.models, 0);
        if models.len() > 1 {
            line.push("(");
        }
        while at < models.len() {
            if at > 0 {
                line.push(" + ");
            }
            limit(line, &models[at]);
            at += 1;
        }
        if models.len() > 1 {
            line.push(")");
        }
    }
    line.push(" tokens");
}

const fn limit(line: &mut Line, model: &Model) {
    if let Some(most) = model.get_max_output_tokens() {
        line.push_int(most as i128);
    }
}

/// The first model without a token limit.
const fn unlimited(meta: &Meta, model: &Option<Model>) -> Option<&'static str> {
    if let Some(model) = model {
        return if model.get_max_output_tokens().is_none() { Some(model.id()) } else { None };
    }
    let (models, mut at) = (meta.policy.models, 0);
    while at < models.len() {
        if models[at].get_max_output_tokens().is_none() {
            return Some(models[at].id());
        }
        at += 1;
    }
    None
}

const fn counted(line: &mut Line, begin: &str, count: u64, what: &str) {
    line.push(begin);
    line.push_int(count as i128);
    line.push(" ");
    line.push(what);
}

const fn number(line: &mut Line, value: Option<u64>) {
    match value {
        Some(value) => line.push_int(value as i128),
        None => line.push("unknown"),
    }
}

const fn same_value(a: Option<u64>, b: Option<u64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

const fn push(line: &mut Line, pieces: &[&str]) {
    let mut at = 0;
    while at < pieces.len() {
        line.push(pieces[at]);
        at += 1;
    }
}
