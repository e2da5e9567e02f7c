//! Watches runs for the user: how they get on, what they wait for, what they cost; and stops them when the user says so.

use std::collections::HashSet;
use std::pin::{Pin, pin};
use std::time::Duration;

use flow_runtime::engine::{Builder, Runtime};
use flow_runtime::error::{Error, ErrorKind, Result};
use flow_runtime::run::{Place, RunId, Wait};
use tokio::sync::mpsc::UnboundedReceiver;

use super::arguments::TellingArguments;
use super::ask::{Desk, Heard};
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
    /// What the user has been told of, since a run that comes back to memory waits anew. A step that has rejected an answer is told again.
    told: HashSet<(RunId, Place, u32)>,
    /// Where waits are answered on the terminal.
    desk: Option<Desk>,
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
        let (stderr, told, desk) = (host.stderr.clone(), HashSet::new(), None);
        (builder.observe(watcher), Self { workflows, stderr, trace, progress, costs, waits, told, desk })
    }

    /// Asks on the terminal for what runs wait for.
    pub(super) fn ask(&mut self, desk: Desk) {
        self.desk = Some(desk);
    }

    /// Runs something of runs that a journal keeps: what they wait for is told when they begin to, and a signal stops them where
    /// they can go on later.
    pub(super) async fn follow<T>(
        &mut self,
        runtime: &Runtime,
        file: Option<&File>,
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
                line = typed(&mut self.desk) => {
                    let (mut hearing, mut ended) = (pin!(self.hear(line, runtime, file)), None);
                    // The run goes on meanwhile: it may have to judge the answer.
                    loop {
                        tokio::select! {
                            biased;
                            () = &mut hearing => break,
                            outcome = &mut body, if ended.is_none() => ended = Some(outcome),
                            () = &mut stopping => {}
                        }
                    }
                    if let Some(outcome) = ended {
                        return outcome;
                    }
                }
                () = &mut stopping => {}
            }
        }
    }

    /// Executes a run that nothing keeps. What it waits for is told, and from then on a signal ends it with a word.
    pub(super) async fn hold<T>(
        &mut self,
        runtime: &Runtime,
        host: &Host,
        body: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let (mut body, mut has_news) = (pin!(body), false);
        // Before it waits, a signal ends the process as it does any other.
        let mut stopping = pin!(None);
        loop {
            tokio::select! {
                biased;
                outcome = &mut body => return outcome,
                () = heard(stopping.as_mut().as_pin_mut()) => {
                    let text = "interrupted: the run was held in memory and is lost; with --journal FILE it could be continued";
                    return Err(Error::new(ErrorKind::Cancelled, text));
                }
                // Told when signals are listened for: what is read may be answered by one at once.
                () = std::future::ready(()), if has_news => {
                    has_news = false;
                    runtime.waits().await?.iter().for_each(|wait| self.tell_held(wait));
                }
                Some(_) = self.waits.recv() => {
                    has_news = true;
                    if stopping.is_none() {
                        stopping.set(Some(interruption(host.hears_signals)));
                    }
                }
            }
        }
    }

    fn tell_held(&mut self, wait: &Wait) {
        if self.is_news(wait) {
            self.notice(&waits::held(wait));
        }
    }

    /// Whether the user has not been told of a wait.
    fn is_news(&mut self, wait: &Wait) -> bool {
        let rejected = wait.rejected.as_ref().map_or(0, |rejected| rejected.times);
        self.told.insert((wait.run.clone(), wait.place.clone(), rejected))
    }

    /// Stops the runs when the user says so; what is under way has some time, until it is said again.
    fn stop(&self, runtime: Runtime, hears: bool) -> impl Future<Output = ()> + use<> {
        let stderr = self.stderr.clone();
        async move {
            interruption(hears).await;
            stderr
                .notice(&format!("stopping: running steps have {GRACE:?} to finish; interrupt again to stop at once"));
            tokio::select! {
                () = runtime.shut_down(GRACE) => {}
                () = interruption(hears) => runtime.shut_down(Duration::ZERO).await,
            }
            // The runs end by that, and with them what is followed.
            std::future::pending().await
        }
    }

    /// Tells what is waited for, each once.
    pub(super) fn tell(&mut self, (workflow, waits): &(String, Vec<Wait>), file: Option<&File>) {
        let meta = self.workflows.find(Some(workflow)).ok().map(|workflow| workflow.meta());
        for wait in waits {
            if !self.is_news(wait) {
                continue;
            }
            match (&mut self.desk, file) {
                (Some(desk), _) => {
                    if desk.add(wait.clone(), meta) {
                        self.ask_next();
                    }
                }
                (None, Some(file)) => self.notice(&waits::told(wait, meta, file)),
                (None, None) => self.notice(&waits::asked(wait)),
            }
        }
    }

    /// Takes what was typed; at the end of it nobody answers here any more.
    async fn hear(&mut self, line: Option<String>, runtime: &Runtime, file: Option<&File>) {
        let Some(desk) = &mut self.desk else { return };
        let Some(line) = line else { return self.close(runtime, file).await };
        match desk.hear(&line, runtime).await {
            Heard::Settled(text) => {
                self.notice(&text);
                self.ask_next();
            }
            Heard::Again(why) => {
                self.notice(&why);
                self.ask_next();
            }
        }
    }

    fn ask_next(&self) {
        if let Some(question) = self.desk.as_ref().and_then(Desk::question) {
            self.notice(&question);
        }
    }

    /// Without a journal that waits for an answer from elsewhere, the run ends.
    async fn close(&mut self, runtime: &Runtime, file: Option<&File>) {
        let open = self.desk.take().map(Desk::into_waits).unwrap_or_default();
        let Some(file) = file else {
            self.notice("the input ended before the answer; with --journal FILE the run could wait for it");
            for wait in open {
                // A run that has ended meanwhile needs no end.
                let _ = runtime.cancel(&wait.run).await;
            }
            return;
        };
        for wait in open {
            let workflow = waits::of(runtime, &wait.run).await.map(|(workflow, _)| workflow).unwrap_or_default();
            let meta = self.workflows.find(Some(&workflow)).ok().map(|workflow| workflow.meta());
            self.notice(&waits::told(&wait, meta, file));
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

/// A signal to stop, where one is listened for.
async fn heard(stopping: Option<Pin<&mut impl Future<Output = ()>>>) {
    match stopping {
        Some(stopping) => stopping.await,
        None => std::future::pending().await,
    }
}

/// What is typed next, where something is asked.
async fn typed(desk: &mut Option<Desk>) -> Option<String> {
    match desk {
        Some(desk) => desk.line().await,
        None => std::future::pending().await,
    }
}

/// Says what it has cost, and whether the trace is whole.
pub(super) fn tell_end(costs: Option<&Costs>, trace: Option<Trace>, stderr: &Stream) {
    if let Some(costs) = costs {
        costs.tell(stderr);
    }
    if let Some(error) = trace.and_then(|trace| trace.failure()) {
        stderr.notice(&format!("the trace is incomplete: {error}"));
    }
}

/// The trace that is asked for, before anything starts.
pub(super) fn trace(telling: &TellingArguments) -> Result<Option<Trace>, Failure> {
    telling.trace.as_deref().map(Trace::create).transpose()
}
