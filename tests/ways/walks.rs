//! Each run of each generated workflow follows a path of its drawing, and everything drawn is taken by some run.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use flow::event::Observer;
use flow::graphs::Meta;
use flow::prelude::*;
use flow::run::Record;

use super::drawing::{Arrow, Drawing};
use super::generated::each;
use super::script::{LEFT, Script};
use super::{generated, generator};

/// The maximum number of runs per workflow.
const RUNS: usize = 400;

/// The places of steps in the order they ended, and of workflows in the order they started.
#[derive(Clone, Default)]
struct Trail(Arc<Mutex<Vec<(String, bool)>>>);

impl Observer for Trail {
    fn wants_records(&self) -> bool {
        true
    }

    fn record(&self, record: &Record) {
        let place = match record {
            Record::StepFinished { place, .. } | Record::StepFailed { place, .. } => place,
            // To its caller, a workflow is a single step.
            Record::WorkflowStarted { place, .. } => place,
            _ => return,
        };
        self.0.lock().unwrap().push((place.to_string(), !matches!(record, Record::WorkflowStarted { .. })));
    }
}

impl Trail {
    /// The number of executed steps, including those of sub-workflows.
    fn steps(&self) -> u64 {
        self.0.lock().unwrap().iter().filter(|(_, is_step)| *is_step).count() as u64
    }

    /// The places called by the workflow itself.
    fn places(&self) -> Vec<String> {
        let is_own = |place: &&str| !place.is_empty() && place.split('/').rev().skip(1).all(|part| part.ends_with(']'));
        let all = self.0.lock().unwrap();
        all.iter().map(|(place, _)| place.as_str()).filter(is_own).map(str::to_owned).collect()
    }
}

/// What was observed of a workflow by running it.
struct Found {
    drawing: Drawing,
    most: u64,
    taken: BTreeSet<Arrow>,
    /// Whether all possible runs were tried.
    all: bool,
}

/// Runs a workflow with successive scripts; each run must follow a path of the drawing.
fn explore<W: flow::Workflow<u32>>(meta: &'static Meta, workflow: impl Fn() -> W) -> Found {
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let most = meta.bounds().max_steps.expect("a bound");
    let mut found = Found { drawing: Drawing::of(meta), most: 0, taken: BTreeSet::new(), all: false };
    let mut next = Some(Vec::new());
    for _ in 0..RUNS {
        let Some(decisions) = next else {
            found.all = true;
            return found;
        };
        let (script, trail) = (Script::new(decisions), Trail::default());
        let runtime = Runtime::builder().state(script.clone()).observe(trail.clone()).build().unwrap();
        let ended = tokio.block_on(runtime.run(workflow()));
        let end = match &ended {
            Ok(_) => Some("done"),
            Err(error) if error.to_string().contains(LEFT) => Some("failed"),
            // Failures of steps and loops that exceed their bound are not drawn.
            Err(_) => None,
        };
        let (places, made) = (trail.places(), script.made());
        let walked = found.drawing.walked(&places, end).unwrap_or_else(|(from, to)| {
            let (name, drawn) = (meta.name, found.drawing.text());
            panic!("{name} with {made:?}: {places:?} and then {ended:?}, but no way from {from} to {to}:\n{drawn}")
        });
        found.taken.extend(walked);
        found.most = found.most.max(trail.steps());
        assert!(found.most <= most, "{} with {made:?}: {} steps, at most {most}", meta.name, found.most);
        next = Script::after(made);
    }
    found
}

/// Some run reaches the bound.
fn is_tight(meta: &'static Meta, found: &Found) {
    let (drawn, terms) = (found.drawing.text(), meta.to_bounds_text());
    assert_eq!(Some(found.most), meta.bounds().max_steps, "{}: {terms}\n{drawn}", meta.name);
}

/// Every reachable arrow is taken by some run.
fn is_exact(meta: &'static Meta, found: &Found) {
    let (name, drawn) = (meta.name, found.drawing.text());
    let drawing = found.drawing.come_to();
    let never: Vec<_> = drawing.difference(&found.taken).collect();
    assert!(never.is_empty(), "{name}: {never:?} in no run:\n{drawn}");
}

macro_rules! explored {
    ($($name:ident: $tight:literal $exact:literal,)*) => {{
        let (mut tight, mut exact) = (0, 0);
        $({
            let meta: &'static Meta = flow::meta(&generated::$name);
            let found = explore(meta, || generated::$name());
            if $tight && found.all {
                is_tight(meta, &found);
                tight += 1;
            }
            if $exact && found.all {
                is_exact(meta, &found);
                exact += 1;
            }
        })*
        (tight, exact)
    }};
}

#[test]
fn every_run_of_generated_workflows_is_a_path_of_the_drawing() {
    let (tight, exact) = each!(explored);
    assert!(tight >= 16 && exact >= 8, "only {tight} and {exact} were tried in full");
}

#[test]
fn the_generated_workflows_are_those_of_the_generator() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ways/generated.rs");
    if std::env::var_os("FLOW_REGENERATE").is_some() {
        std::fs::write(path, generator::file()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), generator::file(), "run with FLOW_REGENERATE=1");
}
