//! Watches runs for the user: how they get on, what they wait for, what they cost; and stops them when the user says so.

use std::collections::HashSet;
use std::pin::pin;
use std::time::Duration;

use flow_runtime::engine::{Builder, Runtime};
use flow_runtime::error::Result;
use flow_runtime::run::{Place, RunId, Wait};
use tokio::sync::mpsc::UnboundedReceiver;

use super::arguments::TellingArguments;
use super::costs::Costs;
use super::failure::Failure;
use super::host::{Host, Stream};
use super::interrupt::interruption;
use super::journal::File;
use super::progress::Steps;
use super::trace::Trace;
use super::waits;
use super::workflows::Workflows;

/// How long steps under way have to end when the program is told to stop.
const GRACE: Duration = Duration::from_secs(10);

pub(super) struct Watching<'a> {
    workflows: &'a Workflows,
    stderr: Stream,
    trace: Option<Trace>,
    progress: Option<Steps>,
    costs: Option<Costs>,
    waits: UnboundedReceiver<(RunId, Place)>,
    /// What the user has been told of, since a run that comes back to memory waits anew.
    told: HashSet<(RunId, Place)>,
}

impl<'a> Watching<'a> {
    /// The builder, whose runs are watched.
    pub(super) fn begin(
        telling: &TellingArguments,
        trace: Option<Trace>,
        workflows: &'a Workflows,
        mut builder: Builder,
        host: &Host,
    ) -> (Builder, Self) {
        if let Some(trace) = &trace {
            builder = builder.observe(trace.clone());
        }
        let progress = (!telling.quiet).then(|| Steps::new(host));
        if let Some(progress) = &progress {
            builder = builder.observe(progress.clone());
        }
        // Answers that are made up cost nothing, and nobody wants a bill of nothing.
        let costs = (!telling.quiet && !builder.is_offline()).then(Costs::default);
        if let Some(costs) = &costs {
            builder = builder.observe(costs.clone());
        }
        let (watcher, waits) = waits::Watcher::new();
        let (stderr, told) = (host.stderr.clone(), HashSet::new());
        (builder.observe(watcher), Self { workflows, stderr, trace, progress, costs, waits, told })
    }

    /// Runs something of runs that a journal keeps: what they wait for is told when they begin to, and a signal stops them where
    /// they can go on later.
    pub(super) async fn follow<T>(
        &mut self,
        runtime: &Runtime,
        file: &File,
        host: &Host,
        body: impl Future<Output = T>,
    ) -> T {
        let mut body = pin!(body);
        let mut stopping = pin!(self.stop(runtime.clone(), host.hears_signals));
        loop {
            tokio::select! {
                biased;
                outcome = &mut body => return outcome,
                Some((run, _)) = self.waits.recv() => {
                    // What cannot be read is told by the run itself.
                    if let Ok(open) = waits::of(runtime, &run).await {
                        self.tell(&open, file);
                    }
                }
                () = &mut stopping => {}
            }
        }
    }

    /// Stops the runs when the user says so; what is under way has some time, until it is said again.
    fn stop(&self, runtime: Runtime, hears: bool) -> impl Future<Output = ()> + use<> {
        let stderr = self.stderr.clone();
        async move {
            interruption(hears).await;
            stderr.notice(&format!("stopping: steps under way have {GRACE:?} to end, or none when interrupted again"));
            tokio::select! {
                () = runtime.shut_down(GRACE) => {}
                () = interruption(hears) => runtime.shut_down(Duration::ZERO).await,
            }
            // The runs end by that, and with them what is followed.
            std::future::pending().await
        }
    }

    /// Tells what is waited for, each once.
    pub(super) fn tell(&mut self, (workflow, waits): &(String, Vec<Wait>), file: &File) {
        let meta = self.workflows.find(Some(workflow)).ok().map(|workflow| workflow.meta());
        for wait in waits {
            if self.told.insert((wait.run.clone(), wait.place.clone())) {
                self.notice(&waits::told(wait, meta, file));
            }
        }
    }

    pub(super) fn notice(&self, text: &str) {
        match &self.progress {
            Some(progress) => progress.say(text, &self.stderr),
            None => self.stderr.notice(text),
        }
    }

    /// Says what it has cost, and whether the trace is whole.
    pub(super) fn end(self) {
        self.progress.iter().for_each(Steps::end);
        tell_end(self.costs.as_ref(), self.trace, &self.stderr);
    }
}

/// Says what it has cost, and whether the trace is whole.
pub(super) fn tell_end(costs: Option<&Costs>, trace: Option<Trace>, stderr: &Stream) {
    if let Some(costs) = costs {
        costs.tell(stderr);
    }
    if let Some(error) = trace.and_then(|trace| trace.failure()) {
        stderr.notice(&format!("the trace is not whole: {error}"));
    }
}

/// The trace that is asked for, before anything starts.
pub(super) fn trace(telling: &TellingArguments) -> Result<Option<Trace>, Failure> {
    telling.trace.as_deref().map(Trace::create).transpose()
}
