//! The comparison of a lock with the current workflow: for whom something changed, and whether it breaks anything.

use std::collections::BTreeMap;

use flow_base::lock::Lock;

use super::change::{Change, Changes, Class};
use super::data::{LockedStep, Promise};
use super::place::{Located, locate};
use super::{behaviour, check, describe, keeps, place, read, source, standing};
use crate::contract::{Evolution, Report, Unchanged};
use crate::graph::Meta;

/// Compares a lock with the current workflow.
pub fn classify(old: &Lock, new: &'static Meta) -> Changes {
    let locked = read::locked(old);
    let standings = standing::all(new, locked, old.types.len());
    let promise = Promise { locked, meta: new, unchanged: Unchanged::new(&standings) };
    let version = new.graph.map_or(1, |graph| graph.version);
    let callers = callers(promise);
    let broken = callers.iter().filter(|change| change.class == Class::Breaking);
    let mut runs: Vec<_> = broken.cloned().collect();
    locked.steps.iter().for_each(|step| runs.extend(of_step(promise, step)));
    runs.extend(new_steps(old, new));
    Changes {
        versions: (locked.version, version),
        callers,
        readers: readers(promise),
        runs,
        behaviour: behaviours(old, new),
    }
}

fn callers(promise: Promise) -> Vec<Change> {
    let broken = changes(Class::Breaking, "input", "", &keeps::callers(promise));
    if !broken.is_empty() {
        return broken;
    }
    let mut all = Vec::new();
    for argument in promise.meta.arguments {
        let Some(old) = keeps::find(promise.locked.input, argument.name) else {
            all.push(Change::new(Class::Additive, "input", format!("at `.{}`: is new", argument.name)));
            continue;
        };
        let passed_over = keeps::compared(Report::part(), old, argument, Evolution::KEPT, promise.unchanged);
        all.extend(changes(Class::Compatible, "input", "", &passed_over));
        let wider = keeps::compared(Report::part(), old, argument, Evolution::NOTHING_NEW, promise.unchanged);
        all.extend(changes(Class::Additive, "input", "", &wider));
    }
    all
}

fn readers(promise: Promise) -> Vec<Change> {
    let broken = changes(Class::Breaking, "output", "", &keeps::readers(promise));
    if !broken.is_empty() {
        return broken;
    }
    let Promise { locked, meta, unchanged } = promise;
    let added = keeps::output(locked.output, meta, Evolution::NOTHING_NEW, unchanged);
    let narrower = keeps::output(locked.output, meta, Evolution::READ_NOW, unchanged);
    let mut all = changes(Class::Additive, "output", "", &added);
    all.extend(changes(Class::Compatible, "output", "", &narrower));
    all
}

/// The changes that a run meets after it has finished this step.
fn of_step(promise: Promise, step: &'static LockedStep) -> Vec<Change> {
    let (graph, node, index) = match locate(promise.meta, step.place) {
        Located::Call(graph, node, index) => (graph, node, index),
        gone => {
            let lines = changes(Class::Breaking, step.place, "", &check::is_gone(promise, step, gone));
            let why = lines.into_iter().map(|line| line.text).collect::<Vec<_>>().join("; ");
            return vec![Change::new(Class::Breaking, step.place, format!("is gone: {why}"))];
        }
    };
    let now = node.step.get();
    let mut all = changes(Class::Breaking, step.place, "given ", &keeps::given(step, now, promise.unchanged));
    all.extend(changes(Class::Breaking, step.place, "given ", &source::changed(step, graph, index)));
    if all.is_empty() {
        all.extend(more_given(step, now, promise.unchanged));
    }
    let broken = changes(Class::Breaking, step.place, "returned ", &keeps::returned(step, now, promise.unchanged));
    if broken.is_empty() {
        let other = keeps::output(step.output, now, Evolution::NOTHING_NEW, promise.unchanged);
        all.extend(changes(Class::Compatible, step.place, "returned ", &other));
    }
    all.extend(broken);
    all
}

fn more_given(step: &'static LockedStep, now: &'static Meta, unchanged: Unchanged) -> Vec<Change> {
    let mut all = Vec::new();
    for argument in now.arguments {
        match keeps::find(step.input, argument.name) {
            Some(old) => {
                let more = keeps::compared(Report::part(), old, argument, Evolution::NOTHING_NEW, unchanged);
                all.extend(changes(Class::Compatible, step.place, "given ", &more));
            }
            None => {
                let text = format!("given at `.{}`: is new", argument.name);
                all.push(Change::new(Class::Compatible, step.place, text));
            }
        }
    }
    all
}

fn new_steps(old: &Lock, new: &'static Meta) -> Vec<Change> {
    let places = place::all(new).into_iter().map(|(place, ..)| place);
    let added = places.filter(|place| !old.steps.contains_key(place));
    added.map(|place| Change::new(Class::Additive, &place, "is new".to_owned())).collect()
}

fn behaviours(old: &Lock, new: &'static Meta) -> Vec<Change> {
    let now = describe(new);
    let mut all = differing("workflow", &old.behaviour, &now.behaviour);
    for (place, step) in &old.steps {
        if let Some(now) = now.steps.get(place) {
            all.extend(differing(place, &step.behaviour, &now.behaviour));
        }
    }
    all
}

fn differing(place: &str, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<Change> {
    let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let differ = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    differ
        .map(|name| {
            let text = behaviour::told(name, old.get(name).map(String::as_str), new.get(name).map(String::as_str));
            Change::new(behaviour::class(name), place, text)
        })
        .collect()
}

/// One change per line of a report.
fn changes(class: Class, place: &str, what: &str, report: &Report) -> Vec<Change> {
    if report.ok() {
        return Vec::new();
    }
    let lines = report.as_str().lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| Change::new(class, place, format!("{what}{line}"))).collect()
}
