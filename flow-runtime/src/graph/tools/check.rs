//! The checks of tools that need types. Constants of the user's crate call them, so a failed check fails the build.

use crate::contract::{Report, Seg, Written, compare, enforce, equal, written};
use crate::graph::effect::sinks;
use crate::graph::{Argument, Bound, Meta, MetaPtr, Tool, Tools};

/// How many letters the name of a tool may have: OpenAI, Anthropic and Gemini accept 64.
const LONGEST: usize = 64;

/// Checks one tool of a step.
///
/// # Panics
///
/// With what is wrong with it, at compile time.
#[track_caller]
pub const fn offers(owner: MetaPtr, position: usize, name: &str, is_step: bool, is_callable: bool) {
    let owner = owner.get();
    let Some(tools) = owner.policy.tools else { return };
    let tool = &tools.tools[position];
    let wrong = Wrong { owner, name };
    if !is_step {
        wrong.tell(&["is neither a step nor a workflow: annotate it with `#[step]` or `#[workflow]`"]);
    }
    if tool.step.get().doc.is_empty() {
        wrong.tell(&[
            "has no description, by which a model chooses its tools: add a doc comment (`/// …`) to `",
            name,
            "`",
        ]);
    }
    if !is_callable {
        wrong.tell(&["cannot be called with arguments from JSON: take owned values, or references to them, without type parameters"]);
    }
    ends(&wrong, tool);
    named(&wrong, tools, position);
    bound(&wrong, tool);
    reviewed(&wrong, tool);
}

/// A tool with a mistake.
struct Wrong<'a> {
    owner: &'static Meta,
    /// The tool as written.
    name: &'a str,
}

impl Wrong<'_> {
    #[track_caller]
    const fn tell(&self, pieces: &[&str]) -> ! {
        let mut report = Report::new().headline(&["tool `", self.name, "` of step `", self.owner.name, "` "]);
        report.write(pieces);
        report.write(&["\n  see flow::errors::tool"]);
        panic!("{}", report.as_str())
    }
}

/// How many steps and workflows below a tool are followed.
const BELOW: usize = 256;

/// No tool leads back to the step, which would then call itself without end.
#[track_caller]
const fn ends(wrong: &Wrong<'_>, tool: &Tool) {
    let mut met: [Option<&'static Meta>; BELOW] = [None; BELOW];
    met[0] = Some(tool.step.get());
    let (mut next, mut end) = (0, 1);
    while next < end {
        let Some(meta) = met[next] else { return };
        if meta.is(wrong.owner) {
            wrong.tell(&["calls `", wrong.owner.name, "` again: a model step cannot be reached from its own tools"]);
        }
        let mut at = 0;
        while let Some(called) = called(meta, at) {
            if !is_met(&met, end, called) && end < BELOW {
                met[end] = Some(called);
                end += 1;
            }
            at += 1;
        }
        next += 1;
    }
}

const fn is_met(met: &[Option<&'static Meta>; BELOW], end: usize, meta: &'static Meta) -> bool {
    let mut at = 0;
    while at < end {
        if let Some(other) = met[at]
            && other.is(meta)
        {
            return true;
        }
        at += 1;
    }
    false
}

/// What a step or workflow calls, by position: its nodes, its tools, its fallback and its fix.
const fn called(meta: &'static Meta, at: usize) -> Option<&'static Meta> {
    let nodes = match meta.graph {
        Some(graph) => graph.nodes,
        None => &[],
    };
    if at < nodes.len() {
        return Some(nodes[at].step.get());
    }
    let tools = match meta.policy.tools {
        Some(tools) => tools.tools,
        None => &[],
    };
    let at = at - nodes.len();
    if at < tools.len() {
        return Some(tools[at].step.get());
    }
    let helpers = match (meta.policy.fallback, meta.policy.fix) {
        (Some(fallback), Some((fix, _))) => [Some(fallback), Some(fix)],
        (Some(helper), None) | (None, Some((helper, _))) => [Some(helper), None],
        (None, None) => [None, None],
    };
    match at - tools.len() {
        at @ 0..2 => match helpers[at] {
            Some(helper) => Some(helper.get()),
            None => None,
        },
        _ => None,
    }
}

/// Names are unique, and of a form that every provider accepts.
#[track_caller]
const fn named(wrong: &Wrong<'_>, tools: &Tools, position: usize) {
    let id = tools.tools[position].id();
    if !is_name(id) {
        wrong.tell(&[
            "is named `",
            id,
            "`, but models accept only names of at most 64 ASCII letters, digits, `_` and `-`: rename it here with `.id(\"…\")`",
        ]);
    }
    let mut at = 0;
    while at < position {
        if equal(tools.tools[at].id(), id) {
            wrong.tell(&["has the name of an earlier tool, `", id, "`: rename one of them with `.id(\"…\")`"]);
        }
        at += 1;
    }
}

const fn is_name(id: &str) -> bool {
    let letters = id.as_bytes();
    let mut at = 0;
    while at < letters.len() {
        if !(letters[at].is_ascii_alphanumeric() || letters[at] == b'_' || letters[at] == b'-') {
            return false;
        }
        at += 1;
    }
    !letters.is_empty() && letters.len() <= LONGEST
}

/// Bound arguments exist, once each, and their values fit.
#[track_caller]
const fn bound(wrong: &Wrong<'_>, tool: &Tool) {
    let mut at = 0;
    while at < tool.bound.len() {
        let one = &tool.bound[at];
        let Some(argument) = tool.step.get().argument_named(one.argument) else { no_argument(wrong, tool, one) };
        let mut before = 0;
        while before < at {
            if equal(tool.bound[before].argument, one.argument) {
                wrong.tell(&["is passed the argument `", one.argument, "` twice: remove one of them"]);
            }
            before += 1;
        }
        fits(wrong, one, argument);
        at += 1;
    }
}

#[track_caller]
const fn no_argument(wrong: &Wrong<'_>, tool: &Tool, one: &Bound) -> ! {
    let mut names = Report::new().headline(&["has no argument `", one.argument, "` (arguments: "]);
    let arguments = tool.step.get().arguments;
    let mut at = 0;
    while at < arguments.len() {
        names.write(&[if at > 0 { ", `" } else { "`" }, arguments[at].name, "`"]);
        at += 1;
    }
    names.write(&[if at == 0 { "none)" } else { ")" }]);
    wrong.tell(&[names.as_str()])
}

/// Follows the path from the step's own argument by JSON names, and compares what is there with the tool's argument.
#[track_caller]
const fn fits(wrong: &Wrong<'_>, one: &Bound, wanted: &Argument) {
    // The macro reports an argument that the step does not have.
    let Some(own) = wrong.owner.argument_named(one.path[0]) else { return };
    let (mut shape, mut at) = (own.contract.shape, 1);
    while at < one.path.len() {
        shape = match written(shape, one.path[at]) {
            Written::Always(shape) => shape,
            Written::Sometimes => not_always(wrong, one, at, "is not always there"),
            Written::Never => not_always(wrong, one, at, "does not exist"),
            Written::Unknown => return,
        };
        at += 1;
    }
    let path = path_text(Report::new().headline(&["cannot accept `"]), one);
    let headline = [
        "tool `",
        wrong.name,
        "` of step `",
        wrong.owner.name,
        "` ",
        path.as_str(),
        "` as its argument `",
        wanted.name,
        "`",
    ];
    let compared: &[Seg] = &[];
    let report = compare(Report::new().headline(&headline), compared, shape, wanted.contract.shape);
    enforce(&report.note(&["pass another value, or change one of the types"]).note(&["see flow::errors::tool"]));
}

#[track_caller]
const fn not_always(wrong: &Wrong<'_>, one: &Bound, at: usize, why: &str) -> ! {
    let text = path_text(Report::new().headline(&["is passed `"]), one);
    wrong.tell(&[text.as_str(), "`, but `", one.path[at], "` ", why, " in the JSON of `", one.path[at - 1], "`"])
}

const fn path_text(mut text: Report, one: &Bound) -> Report {
    let mut at = 0;
    while at < one.path.len() {
        text.write(&[if at > 0 { "." } else { "" }, one.path[at]]);
        at += 1;
    }
    text
}

/// What a model chooses must not reach an irreversible effect without a person's approval.
#[track_caller]
const fn reviewed(wrong: &Wrong<'_>, tool: &Tool) {
    let meta = tool.step.get();
    let sinks = sinks(meta);
    if meta.graph.is_none() && sinks != 0 {
        wrong.tell(&[
            "has an irreversible effect that a model decides on, and no person approves it: add `approve = STEP` to `",
            meta.name,
            "`, or, as a deliberate exception, `unreviewed`",
        ]);
    }
    let mut at = 0;
    while at < meta.arguments.len() {
        let argument = &meta.arguments[at];
        if !tool.binds(argument.name) && argument.position < 64 && sinks & (1 << argument.position) != 0 {
            wrong.tell(&[
                "passes `",
                argument.name,
                "`, which a model chooses, to an irreversible effect that no person approves: add `approve = STEP` to the step with the effect, or, as a deliberate exception, `unreviewed`",
            ]);
        }
        at += 1;
    }
}
