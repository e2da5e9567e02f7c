//! What the calls in a run ask of its engine.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::time::Duration;

use super::in_process::InProcess;
use super::mutex::lock;
use super::{execute, undo};
use crate::call::{Current, Engine, Ops, Site, TimeLeft};
use crate::call::{Cx, Run};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::graph::Meta;
use crate::place::Place;
use crate::provider::{BoxFuture, Usage};
use crate::run::{Record, RunState};

impl Engine for InProcess {
    fn step<'a>(&'a self, site: Site<'a>, ops: &'a mut dyn Ops) -> BoxFuture<'a, Result<()>> {
        Box::pin(execute::step(self, site, ops))
    }

    fn will_workflow(&self, cx: &Cx<'_>, meta: &'static Meta) {
        self.open_budgets(|| cx.place(), meta);
        self.record_workflow(cx, meta);
        let watch = self.watch();
        watch.event(|| Event::WillWorkflow { run: cx.run.id().clone(), place: cx.place(), workflow: meta.name });
    }

    fn did_workflow(&self, cx: &Cx<'_>, error: Option<&Error>) {
        self.close_budgets(|| cx.place());
        self.host.forget_deadline(|| cx.place());
        if self.host.is_leaving() {
            return;
        }
        let watch = self.watch();
        watch.event(|| Event::DidWorkflow {
            run: cx.run.id().clone(),
            place: cx.place(),
            error: error.map(|error| error.in_run().to_string()),
        });
    }

    fn failed_before(&self, cx: &Cx<'_>) -> Option<(Error, u64)> {
        let place = cx.place();
        let failed = |state: &RunState| state.workflow_failed(&place).map(|(failure, end)| (failure.clone(), end));
        self.host.look(failed)?.map(|(failure, end)| (failure.into(), end))
    }

    fn will_drop(&self, end: Option<u64>) -> BoxFuture<'_, ()> {
        Box::pin(self.host.fail_last(end))
    }

    fn undo<'a>(&'a self, cx: &'a Cx<'a>, error: Error) -> BoxFuture<'a, Error> {
        Box::pin(undo::after(self, cx, error))
    }

    fn did_fail<'a>(&'a self, cx: &'a Cx<'a>, error: &'a Error) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let place = cx.place();
            // The end of the run itself has its own record.
            if !self.host.records() || place == Place::root() {
                return;
            }
            let (run, kind, text) = (cx.run.id().clone(), error.kind().name().into(), error.in_run().to_string());
            let failure = Box::new(error.into());
            self.record(Record::WorkflowFailed { run, place, kind, error: text, failure, at: self.now() });
            self.host.commit().await;
        })
    }

    fn chosen<'a>(&'a self, cx: &'a Cx<'a>, branches: u32) -> BoxFuture<'a, Option<u32>> {
        Box::pin(async move {
            let chosen = self.host.look(|state| state.chosen(&cx.place())).flatten()?;
            if chosen < branches {
                return Some(chosen);
            }
            let text = format!(
                "branch {} of `race_ok!` was recorded as the first that succeeded, but there are {branches} now; finish the run with the build that started it, or start a new one",
                chosen + 1
            );
            match self.host.break_off(&Error::new(ErrorKind::Diverged, text).or_at(|| cx.at())).await {}
        })
    }

    fn did_choose<'a>(&'a self, cx: &'a Cx<'a>, branch: u32) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if self.host.records() {
                let (run, place) = (cx.run.id().clone(), cx.place());
                self.record(Record::BranchChosen { run, place, branch, at: self.now() });
                self.host.commit().await;
            }
        })
    }

    fn time_left(&self, cx: &Cx<'_>, limit: Duration) -> TimeLeft {
        self.host.time_left(|| cx.place(), limit)
    }

    fn passing(&self, time: Duration) -> TimeLeft {
        Box::new(self.host.clock().passing(time))
    }

    fn state(&self, id: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.shared.states.get(&id).cloned()
    }

    fn report(&self, run: &Run, current: &Current, usage: Usage) {
        // No one would read it, and plain steps have no attempts to claim it.
        if run.quiet {
            return;
        }
        lock(&self.reported).push((current.place.clone(), usage));
    }
}
