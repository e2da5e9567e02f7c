//! Forks: new runs that reuse the results of earlier ones.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::keeper::Keeper;
use crate::engine::carried::Carried;
use crate::engine::runtime::Known;
use crate::engine::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Graph, Source};
use crate::place::{Place, RunId};
use crate::provider::Spent;
use crate::run::{Began, Record};

impl Runtime {
    /// Records a new run of the same workflow and returns its id. [`resume`](Self::resume) executes it.
    ///
    /// Without `from`, the new run starts from the beginning. With `from`, it reuses the results of the steps that had ended when
    /// the step at that place started, as a resumed run would; answers keep their authors, costs are not copied. `input` replaces
    /// the workflow's arguments; the copied results stay unchanged.
    ///
    /// ```
    /// use flow_runtime::run::RunId;
    /// # async fn fork(runtime: flow_runtime::engine::Runtime) -> flow_runtime::error::Result<()> {
    /// let run = RunId::named("cv-17");
    /// let from = runtime.place_in(&run, "score").await?;
    /// let again = runtime.fork(&run, Some(&from), None, RunId::fresh()).await?;
    /// let output = runtime.resume(&again).await?;
    /// # let _ = output; Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Fails if
    ///
    /// - the run does not exist, or its workflow is not [registered](super::super::Builder::workflow);
    /// - no step has started at the place;
    /// - the workflow does not accept the input ([`ErrorKind::ContractViolated`]), or the input changes what a copied step was
    ///   given;
    /// - the run has undone a copied step;
    /// - the id is taken;
    /// - the journal fails.
    pub async fn fork(&self, run: &RunId, from: Option<&Place>, input: Option<Value>, new: RunId) -> Result<RunId> {
        let (runtime, run, from) = (self.clone(), run.clone(), from.cloned());
        let forked = Carried::new(self.kept()?, |caller| async move {
            let new = runtime.forked(&run, from.as_ref(), input, new).await?;
            if caller.is_gone() {
                runtime.take_up(&new).await?;
            }
            Ok(new)
        });
        forked.await
    }

    async fn forked(&self, run: &RunId, from: Option<&Place>, input: Option<Value>, new: RunId) -> Result<RunId> {
        let keeper = self.kept()?;
        let records = keeper.store.read(run).await?;
        let Some(began) = began(&records) else { return Err(refused(format!("the journal has no run `{run}`"))) };
        let known = self.registry.of_run(run, &began.workflow)?;
        let edited = input.map(|input| (known.input)(input, Some(&began.input))).transpose()?;
        let copied = from.map_or_else(|| Ok(Vec::new()), |from| copied(run, &records, from))?;
        if let Some(edited) = &edited {
            refuse_changes(&known, &began, edited, &copied)?;
        }
        // A process that only visits the journal does not know who will execute the run.
        let offline = match copied.is_empty() && keeper.store.executes() {
            true => keeper.promises.makes_up(known.meta),
            false => began.offline,
        };
        if let Some(error) =
            keeper.promises.mixes(run, &began, known.meta).filter(|_| keeper.store.executes() && !copied.is_empty())
        {
            return Err(error);
        }
        let input = edited.unwrap_or(began.input);
        // The copied records keep the promises of the build that recorded them.
        let promise = match copied.is_empty() {
            true => Some(keeper.promises.of(known.meta).to_string()),
            false => began.promise,
        };
        let (workflow, at) = (began.workflow, keeper.clock.now());
        let began = Record::RunStarted { run: new.clone(), workflow, input, promise, offline, at };
        let all = std::iter::once(began).chain(copied.into_iter().filter_map(|record| record_of(&new, record)));
        keeper.begin_fork(&new, all.collect()).await?;
        Ok(new)
    }

    /// Finds a place in a run: `text` is a place where a step has started, or the name of a step that has started in only one
    /// place.
    ///
    /// # Errors
    ///
    /// Fails if the run does not exist, or if the text matches no place or several; lists the places that exist.
    pub async fn place_in(&self, run: &RunId, text: &str) -> Result<Place> {
        let records = self.kept()?.store.read(run).await?;
        if records.is_empty() {
            return Err(refused(format!("the journal has no run `{run}`")));
        }
        let begun = |record: &Record| match record {
            Record::StepStarted { place, step, .. } => Some((place.clone(), step == text)),
            _ => None,
        };
        let places: BTreeSet<_> = records.iter().filter_map(begun).collect();
        if let Some((place, _)) = places.iter().find(|(place, _)| place.as_str() == text) {
            return Ok(place.clone());
        }
        let named: Vec<_> = places.iter().filter(|(_, named)| *named).map(|(place, _)| place).collect();
        match named[..] {
            [place] => Ok(place.clone()),
            [] => Err(never_began(run, text, places.iter().map(|(place, _)| place))),
            _ => Err(refused(format!(
                "step `{text}` started more than once in run `{run}`: name one of {}",
                list(named)
            ))),
        }
    }
}

impl Keeper {
    async fn begin_fork(self: &std::sync::Arc<Self>, new: &RunId, records: Vec<Record>) -> Result<()> {
        let taken = || refused(format!("run `{new}` already exists; give the new run another id"));
        // Held, so that no other task of this process starts a run with this id in the meantime.
        let _driver = self.claim(new, None).map_err(|_| taken())?;
        if !self.read(new).await?.is_new() {
            return Err(taken());
        }
        self.append(new, &records).await
    }
}

fn began(records: &[Record]) -> Option<Began> {
    records.iter().find_map(|record| match record {
        Record::RunStarted { workflow, input, promise, offline, at, .. } => Some(Began {
            workflow: workflow.clone(),
            input: input.clone(),
            promise: promise.clone(),
            offline: *offline,
            at: *at,
        }),
        _ => None,
    })
}

/// Returns the records of the steps that had ended when the step at `from` started.
fn copied(run: &RunId, records: &[Record], from: &Place) -> Result<Vec<Record>> {
    let begins = |record: &Record| matches!(record, Record::StepStarted { place, .. } if place == from);
    let Some(until) = records.iter().rposition(begins) else {
        return Err(never_began(run, from.as_str(), records.iter().filter_map(begun_at)));
    };
    if records[..until].iter().any(|record| matches!(record, Record::RunTakenOver { .. })) {
        return Err(refused(format!(
            "a later version took run `{run}` over before `{from}`, so its results belong to several versions; start from an earlier place, or without `from`"
        )));
    }
    // Keyed by place: a step that was tried again after the run failed counts only with its last execution.
    let mut steps: HashMap<&Place, Vec<&Record>> = HashMap::new();
    let (mut ended, mut late, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for record in &records[..until] {
        match record {
            Record::StepStarted { place, .. } => {
                steps.insert(place, vec![record]);
                ended.retain(|other| *other != place);
            }
            Record::Judged { place, .. } | Record::Answered { place, .. } => {
                steps.entry(place).or_default().push(record);
            }
            Record::Waiting(wait) => steps.entry(&wait.place).or_default().push(record),
            Record::StepFinished { place, .. } | Record::StepFailed { place, .. } => {
                steps.entry(place).or_default().push(record);
                ended.push(place);
            }
            Record::WorkflowFailed { place, .. } | Record::BranchChosen { place, .. } => late.push((place, record)),
            Record::RunFailed { failure, .. } => failed = failure.places(),
            Record::RunResumed { .. } => {
                // The step that ended the run starts again; failures that the workflow handled stay.
                let last: Vec<&Place> = std::mem::take(&mut failed);
                late.retain(|(place, _)| !last.iter().any(|last| last.is_within(place)));
                let is_failure = |place: &Place| {
                    steps.get(place).is_some_and(|step| matches!(step.last(), Some(Record::StepFailed { .. })))
                };
                ended.retain(|place| !last.contains(place) || !is_failure(place));
            }
            _ => {}
        }
    }
    // Steps that served a step in progress run again.
    let under_way: Vec<&Place> = steps.keys().copied().filter(|place| !ended.contains(place)).collect();
    ended.retain(|place| !under_way.iter().any(|step| place.is_within(step)));
    // So does whoever approves the step that the fork begins with.
    ended.retain(|place| !place.is_within(from));
    late.retain(|(place, _)| !place.is_within(from) && !under_way.iter().any(|step| place.is_within(step)));
    refuse_undone(run, &records[until..], &ended)?;
    let ended = ended.into_iter().filter_map(|place| steps.remove(place)).flatten();
    // The attachments to which they refer come first.
    let media = records[..until].iter().filter(|record| matches!(record, Record::Media { .. }));
    let copied: Vec<_> = ended.chain(late.into_iter().map(|(_, record)| record)).collect();
    Ok(media.filter(|_| !copied.is_empty()).chain(copied.iter().copied()).cloned().collect())
}

fn begun_at(record: &Record) -> Option<&Place> {
    match record {
        Record::StepStarted { place, .. } => Some(place),
        _ => None,
    }
}

/// Rejects the fork if a copied step was undone later. A step undone earlier is copied together with its undo step.
fn refuse_undone(run: &RunId, later: &[Record], copied: &[&Place]) -> Result<()> {
    let mut undone: HashSet<&Place> = HashSet::new();
    for record in later {
        match record {
            Record::StepUndone { place, .. } => _ = undone.insert(place),
            Record::RunFailed { undone: places, .. } => undone.extend(places),
            _ => {}
        }
    }
    copied.iter().find(|place| undone.contains(*place)).map_or(Ok(()), |place| {
        Err(refused(format!(
            "run `{run}` has undone `{place}`, so its result cannot be reused; start from `{place}` or before it"
        )))
    })
}

/// Rejects the fork if the new input changes an argument that a copied step received directly.
fn refuse_changes(known: &Known, began: &Began, edited: &Value, copied: &[Record]) -> Result<()> {
    let Some(graph) = known.meta.graph else { return Ok(()) };
    for place in copied.iter().filter_map(begun_at) {
        for edge in edges_to(graph, place) {
            let Source::Input(name) = edge.from else { continue };
            if edge.path.is_empty() && began.input.get(name) != edited.get(name) {
                return Err(refused(format!(
                    "the new input changes `{name}`, which `{place}` received, so its result cannot be reused; start from `{place}` or before it, or without `from`"
                )));
            }
        }
    }
    Ok(())
}

/// Returns the edges to the step at a place, if it is a step of the root workflow rather than of a sub-workflow.
fn edges_to<'g>(graph: &'g Graph, place: &Place) -> impl Iterator<Item = &'g crate::graph::Edge> {
    let mut parts = place.as_str().split('/').skip_while(|part| part.contains('['));
    let id = match (parts.next(), parts.next()) {
        (Some(id), None) => Some(id.to_owned()),
        _ => None,
    };
    let node = id.and_then(|id| graph.nodes.iter().position(|node| node.id().to_string() == id));
    graph.edges.iter().filter(move |edge| node.is_some_and(|node| edge.to as usize == node))
}

/// Copies a record to the new run; `None` if records of its kind are not copied.
fn record_of(new: &RunId, mut record: Record) -> Option<Record> {
    match &mut record {
        Record::WorkflowFailed { run, .. }
        | Record::BranchChosen { run, .. }
        | Record::StepStarted { run, .. }
        | Record::Media { run, .. }
        | Record::Judged { run, .. }
        | Record::Answered { run, .. } => *run = new.clone(),
        Record::Waiting(wait) => wait.run = new.clone(),
        // The run that executed it paid for it.
        Record::StepFinished { run, spent, .. } | Record::StepFailed { run, spent, .. } => {
            (*run, *spent) = (new.clone(), Spent::default());
        }
        _ => return None,
    }
    Some(record)
}

fn never_began<'p>(run: &RunId, text: &str, places: impl Iterator<Item = &'p Place>) -> Error {
    let places: BTreeSet<_> = places.collect();
    let there = match places.is_empty() {
        true => "no step has started".to_owned(),
        false => format!("steps have started at {}", list(places)),
    };
    refused(format!("no step has started at `{text}` in run `{run}`; {there}"))
}

fn list<'p>(places: impl IntoIterator<Item = &'p Place>) -> String {
    let places: Vec<_> = places.into_iter().map(|place| format!("`{place}`")).collect();
    places.join(", ")
}

fn refused(text: String) -> Error {
    Error::new(ErrorKind::Setup, text)
}
