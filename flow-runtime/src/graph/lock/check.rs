//! The check of a lock at compile time.

use super::data::{Locked, LockedStep, Promise};
use super::place::{Here, Located, Scope, locate};
use super::standing::Standings;
use super::{keeps, source};
use crate::contract::{Report, Text, Unchanged, equal};
use crate::graph::{Graph, Meta, Node};
use crate::place::NodeId;

/// The text of everything that is broken.
type Broken = Text<6000>;

/// How many steps a message shows in full, and how many more it names: const evaluation is limited.
const TOLD: usize = 8;
const NAMED: usize = 16;

/// Whether the input and the output of one part of a promise are kept.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    given: bool,
    returned: bool,
}

impl Kept {
    const WHOLLY: Self = Self { given: true, returned: true };
}

impl<const TYPES: usize, const STEPS: usize> Standings<TYPES, STEPS> {
    /// Whether one part of a promise is kept: 0 is the input, 1 the output, then the steps. Each part is a separate constant,
    /// because the evaluation time of one constant is limited.
    pub const fn kept(&self, meta: &'static Meta, locked: &'static Locked, part: usize) -> Kept {
        let promise = Promise { locked, meta, unchanged: Unchanged::new(&self.types) };
        match meta.graph {
            Some(graph) if graph.version == locked.version => match part {
                0 => Kept { given: keeps::callers(promise).ok(), returned: true },
                1 => Kept { given: true, returned: keeps::readers(promise).ok() },
                step if self.steps[step - 2] => Kept::WHOLLY,
                step => keeps_step(promise, &locked.steps[step - 2]),
            },
            _ => Kept::WHOLLY,
        }
    }
}

const fn keeps_step(promise: Promise, step: &'static LockedStep) -> Kept {
    match locate(promise.meta, step.place) {
        Located::Call(graph, node, index) => {
            let now = node.step.get();
            let given = keeps::given(step, now, promise.unchanged).ok() && source::changed(step, graph, index).ok();
            Kept { given, returned: keeps::returned(step, now, promise.unchanged).ok() }
        }
        _ => Kept { given: true, returned: false },
    }
}

/// Checks that a workflow keeps its promises, given the result of [`Standings::kept`] for each part. A new version makes new
/// promises: runs of the old one stay with the old build.
///
/// # Panics
///
/// With what breaks for whom, at compile time.
#[track_caller]
pub const fn check<const TYPES: usize, const STEPS: usize>(
    meta: &'static Meta,
    locked: &'static Locked,
    standings: &Standings<TYPES, STEPS>,
    kept: &[Kept],
) {
    let promise = Promise { locked, meta, unchanged: Unchanged::new(&standings.types) };
    let mut broken = Broken::new();
    let (input, steps) = kept.split_at(2);
    if !input[0].given {
        part(
            &mut broken,
            &["callers and runs in flight: input that matches the lock is rejected"],
            &keeps::callers(promise),
        );
    }
    if !input[1].returned {
        part(&mut broken, &["readers: the output does not match the lock"], &keeps::readers(promise));
    }
    results(&mut broken, promise, steps);
    inputs(&mut broken, promise, steps);
    if !broken.is_empty() {
        panic!("{}", whole(promise, &broken).as_str());
    }
}

const fn whole(Promise { meta, locked, .. }: Promise, broken: &Broken) -> Text<8000> {
    let mut text = Text::new();
    add(&mut text, &["workflow `", meta.name, "` breaks its contract lock `", locked.file, "`", broken.as_str()]);
    add(
        &mut text,
        &[
            "\n  keep the promise: restore the old form, or use `#[serde(alias = \"…\")]`, an `Option`, or `id = \"…\"` on a renamed step",
        ],
    );
    add(&mut text, &["\n  or set `version = "]);
    text.push_int(locked.version as i128 + 1);
    add(&mut text, &["`: runs of version "]);
    text.push_int(locked.version as i128);
    add(&mut text, &[" stay with the build that started them"]);
    add(
        &mut text,
        &["\n  or accept the change: run `FLOW_LOCK=write cargo run -- lock` in a program that contains this workflow"],
    );
    add(&mut text, &["\n  see flow::errors::lock"]);
    text
}

const fn add<const N: usize>(text: &mut Text<N>, pieces: &[&str]) {
    let mut at = 0;
    while at < pieces.len() {
        text.push(pieces[at]);
        at += 1;
    }
}

/// Adds a headline and the report below it, if the report has mismatches.
const fn part(broken: &mut Broken, headline: &[&str], found: &Report) {
    if !found.ok() {
        broken.push("\n  ");
        add(broken, headline);
        broken.push("\n    ");
        broken.push(found.as_str());
    }
}

/// Runs in flight: removed steps, and results that cannot be read.
const fn results(broken: &mut Broken, promise: Promise, kept: &[Kept]) {
    let (mut at, mut told) = (0, 0);
    while at < kept.len() {
        if !kept[at].returned {
            if told == TOLD {
                return broken.push("\n  … and more steps");
            }
            told += 1;
            result(broken, promise, &promise.locked.steps[at]);
        }
        at += 1;
    }
}

const fn result(broken: &mut Broken, promise: Promise, step: &'static LockedStep) {
    match locate(promise.meta, step.place) {
        Located::Call(_, node, _) => {
            let now = node.step.get();
            let headline = ["runs in flight: the recorded output of step `", step.place, "` cannot be read"];
            part(broken, &headline, &located(keeps::returned(step, now, promise.unchanged), now));
        }
        gone => {
            part(broken, &["runs in flight: step `", step.place, "` no longer exists"], &is_gone(promise, step, gone))
        }
    }
}

/// Runs in flight: steps whose input would differ. If something else is broken, this follows from it, so only names are listed.
const fn inputs(broken: &mut Broken, promise: Promise, kept: &[Kept]) {
    let follows = !broken.is_empty();
    let (mut at, mut told) = (0, 0);
    while at < kept.len() {
        let step = &promise.locked.steps[at];
        if !kept[at].given {
            if follows && told < NAMED {
                let before = if told == 0 {
                    "\n  as a result, the recorded input of these steps no longer matches: `"
                } else {
                    ", `"
                };
                add(broken, &[before, step.place, "`"]);
            } else if !follows && told < TOLD {
                input(broken, promise, step);
            } else {
                return broken.push(if follows { ", …" } else { "\n  … and more steps" });
            }
            told += 1;
        }
        at += 1;
    }
}

const fn input(broken: &mut Broken, promise: Promise, step: &'static LockedStep) {
    if let Located::Call(graph, node, index) = locate(promise.meta, step.place) {
        let now = node.step.get();
        let headline = ["runs in flight: the input of step `", step.place, "` differs from the recorded input"];
        part(broken, &headline, &located(keeps::given(step, now, promise.unchanged), now));
        part(broken, &headline, &located(source::changed(step, graph, index), now));
    }
}

const fn located(mut report: Report, meta: &Meta) -> Report {
    if !report.ok() {
        report = report.note(&["`", meta.name, "` is at ", meta.file, ":"]);
        report.write_int(meta.line as usize);
    }
    report
}

/// Why there is nothing at the place of a locked step, and what may have happened to it.
pub(super) const fn is_gone(promise: Promise, step: &'static LockedStep, found: Located) -> Report {
    let mut report = Report::part();
    match found {
        Located::Outside(part) => report.mismatch(&[
            "it was in `",
            part,
            "`, which no longer exists: its result would be lost and paid for again",
        ]),
        Located::Gone { around, before } => {
            report.mismatch(&["its result would be lost, and a resumed run would pay for it again"]);
            let id = step.place.split_at(before).1;
            if stands_elsewhere(around.graph, id) {
                report = report
                    .note(&["a step with this name was moved into or out of a loop or map, which changes its place"]);
            } else if let Some(node) = successor(promise, step, around, before) {
                let now = node.step.get();
                let way_out = ["if it was renamed to `", now.name, "`, write `id = \"", id, "\"` there"];
                report = located(report.note(&way_out), now);
            }
        }
        Located::Call(..) => {}
    }
    report
}

const fn stands_elsewhere(graph: &'static Graph, id: &'static str) -> bool {
    let mut at = 0;
    while at < graph.nodes.len() {
        if graph.nodes[at].id().reads_as(NodeId::first(id)) && graph.nodes[at].step.get().graph.is_none() {
            return true;
        }
        at += 1;
    }
    false
}

/// A new call next to the old place with the same input and output.
const fn successor(
    promise: Promise,
    step: &'static LockedStep,
    mut around: Scope,
    before: usize,
) -> Option<&'static Node> {
    let around_it = step.place.split_at(before).0;
    while let Some(here) = around.next() {
        if let Here::Call(node, _) = here
            && node.step.get().graph.is_none()
            && !is_locked(promise.locked, around_it, node.id())
            && keeps::given(step, node.step.get(), promise.unchanged).ok()
            && keeps::returned(step, node.step.get(), promise.unchanged).ok()
        {
            return Some(node);
        }
    }
    None
}

const fn is_locked(locked: &'static Locked, around: &str, id: NodeId) -> bool {
    let mut at = 0;
    while at < locked.steps.len() {
        let place = locked.steps[at].place;
        if place.len() > around.len() {
            let (start, rest) = place.split_at(around.len());
            if equal(start, around) && id.reads_as(NodeId::first(rest)) {
                return true;
            }
        }
        at += 1;
    }
    false
}
