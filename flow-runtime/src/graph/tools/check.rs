//! The checks of tools that need types. Constants of the user's crate call them, so a failed check fails the build.

use crate::contract::{Report, Seg, Written, compare, enforce, equal, written};
use crate::graph::called::Called;
use crate::graph::effect::acting;
use crate::graph::{Argument, Bound, Effect, Kind, Meta, MetaPtr, Tool, Tools};
use crate::provider::answerable;

/// How many letters the name of a tool may have: OpenAI, Anthropic and Gemini accept 64.
const LONGEST: usize = 64;

/// Checks one tool of a step. `never` is the reason why it cannot be called with arguments from JSON, if there is one.
///
/// # Panics
///
/// With what is wrong with it, at compile time.
#[track_caller]
pub const fn offers(owner: MetaPtr, position: usize, name: &str, is_step: bool, never: Option<&str>) {
    let owner = owner.get();
    let Some(tools) = owner.policy.tools else { return };
    let tool = &tools.tools[position];
    let wrong = Wrong { owner, name };
    if !is_step {
        wrong.tell(&["is neither a step nor a workflow: annotate it with `#[step]` or `#[workflow]`"]);
    }
    if tool.step.get().has_errors() {
        return;
    }
    if tool.step.get().doc.is_empty() {
        wrong.tell(&[
            "has no description, by which a model chooses its tools: add a doc comment (`/// …`) to `",
            name,
            "`",
        ]);
    }
    if let Some(reason) = never {
        wrong.tell(&[reason]);
    }
    ends(&wrong, tool);
    named(&wrong, tools, position);
    bound(&wrong, tool);
    sized(&wrong, tool);
    approved(&wrong, tool);
    cached(&wrong, tools, position);
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

/// No tool leads back to the step, which would then call itself without end. A circle through the tools of several steps is
/// reported at the one whose name sorts first.
#[track_caller]
const fn ends(wrong: &Wrong<'_>, tool: &Tool) {
    let mut called = Called::from(tool.step.get());
    while let Some(meta) = called.next() {
        if meta.is(wrong.owner) {
            if is_first(wrong.owner, &called) {
                wrong.tell(&[
                    "calls `",
                    wrong.owner.name,
                    "` again: a model step cannot be reached from its own tools",
                ]);
            }
            return;
        }
    }
}

/// Whether no other step with tools on the path sorts before the owner.
const fn is_first(owner: &Meta, called: &Called) -> bool {
    let (path, len) = called.path();
    let mut at = 0;
    while at < len {
        if path[at].policy.tools.is_some() && path[at].sorts_before(owner) {
            return false;
        }
        at += 1;
    }
    true
}

/// Names are unique, and of a form that every provider accepts.
#[track_caller]
const fn named(wrong: &Wrong<'_>, tools: &Tools, position: usize) {
    let id = tools.tools[position].id();
    if !is_name(id) {
        wrong.tell(&[
            "is named `",
            id,
            "`, but models accept only names of at most 64 ASCII letters, digits, `_` and `-` that begin with a letter or `_`: rename it here with `.id(\"…\")`",
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
    !letters.is_empty() && letters.len() <= LONGEST && (letters[0].is_ascii_alphabetic() || letters[0] == b'_')
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

/// The models of the step accept the schemas of the arguments that they choose.
#[track_caller]
const fn sized(wrong: &Wrong<'_>, tool: &Tool) {
    let arguments = tool.step.get().arguments;
    let mut at = 0;
    while at < arguments.len() {
        if !tool.binds(arguments[at].name) {
            let pieces = [wrong.owner.name, "` for argument `", arguments[at].name, "` of tool `", wrong.name];
            let step = Report::new().headline(&pieces);
            answerable(step.as_str(), arguments[at].contract.shape, wrong.owner.policy.models);
        }
        at += 1;
    }
}

/// A model decides whether and when a tool runs, even if it chooses none of its arguments. So a person approves every
/// irreversible effect, also inside a workflow. The tools of steps below are checked where they are listed.
#[track_caller]
const fn approved(wrong: &Wrong<'_>, tool: &Tool) {
    let mut called = Called::from(tool.step.get()).without_tools();
    while let Some(meta) = called.next() {
        if let Some(step) = acting(meta) {
            unapproved(wrong, tool.step.get(), meta, step, &called);
        }
    }
}

/// Reports that `meta`, which the tool calls, leads to the effect of `step`: itself, its fallback or what undoes it.
#[track_caller]
const fn unapproved(wrong: &Wrong<'_>, tool: &Meta, meta: &Meta, step: &Meta, called: &Called) -> ! {
    let mut told = Report::new();
    if tool.is(step) {
        told.write(&["has an irreversible effect that a model decides on"]);
    } else {
        told.write(&["leads to the irreversible effect of step `", step.name, "`, so a model decides on it"]);
    }
    told.write(&[", and no person approves it: add `approve = STEP` to `", step.name]);
    told.write(&["`, or, as a deliberate exception, `unreviewed`"]);
    if !tool.is(step) {
        told.write(&["\n  path: `"]);
        called.write_path(&mut told);
        if !meta.is(step) {
            told.write(&[" -> ", step.name]);
        }
        told.write(&["`"]);
    }
    wrong.tell(&[told.as_str()]);
}

/// A cached answer skips the tools, so they must not do anything but compute. One of several is reported.
#[track_caller]
const fn cached(wrong: &Wrong<'_>, tools: &Tools, position: usize) {
    if wrong.owner.policy.cache.is_none() {
        return;
    }
    let mut at = 0;
    while at < position {
        if !is_harmless(tools.tools[at].step.get()) {
            return;
        }
        at += 1;
    }
    if !is_harmless(tools.tools[position].step.get()) {
        wrong.tell(&[
            "has an effect, asks a person or waits, which a cached answer would skip: remove `cache` from `",
            wrong.owner.name,
            "`",
        ]);
    }
}

/// Whether nothing that it runs has an effect, asks a person or waits.
#[track_caller]
const fn is_harmless(tool: &'static Meta) -> bool {
    let mut called = Called::from(tool);
    while let Some(part) = called.next() {
        let acts = !matches!(part.policy.effect, Effect::None) || part.policy.compensate.is_some();
        if acts || !matches!(part.kind, Kind::Code | Kind::Model | Kind::Mcp | Kind::Workflow) {
            return false;
        }
    }
    true
}
