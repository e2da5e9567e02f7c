//! Follows runs for the user: shows progress, waits and costs, and stops the runs on a signal.

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

/// How long running steps may take to finish after an interruption.
const GRACE: Duration = Duration::from_secs(10);

pub(super) struct Watching<'a> {
    workflows: &'a Workflows,
    stderr: Stream,
    trace: Option<Trace>,
    progress: Option<Steps>,
    costs: Option<Costs>,
    waits: UnboundedReceiver<(RunId, Place)>,
    /// Waits already reported: a run that is loaded again reports its waits again. The number of rejected answers is part of the
    /// key, so that a wait is reported again after each rejection.
    told: HashSet<(RunId, Place, u32)>,
    /// Set if waits are answered on the terminal.
    desk: Option<Desk>,
}

impl<'a> Watching<'a> {
    /// Adds the observers to the builder.
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
        // Made-up answers cost nothing, so the bill would be empty.
        let costs = (!telling.quiet && !builder.is_offline()).then(Costs::default);
        if let Some(costs) = &costs {
            builder = builder.observe(costs.clone());
        }
        let (watcher, waits) = waits::Watcher::new();
        let (stderr, told, desk) = (host.stderr.clone(), HashSet::new(), None);
        (builder.observe(watcher), Self { workflows, stderr, trace, progress, costs, waits, told, desk })
    }

    /// Answers waits on the terminal from now on.
    pub(super) fn ask(&mut self, desk: Desk) {
        self.desk = Some(desk);
    }

    /// Drives `body`, which executes runs of a journal. Reports waits as they start, and on a signal stops the runs so that they can
    /// continue later.
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
                    // If the records cannot be read, the run itself reports that.
                    if let Ok(open) = waits::of(runtime, &run).await {
                        self.tell(&open, file);
                    }
                }
                line = typed(&mut self.desk) => {
                    let (mut hearing, mut ended) = (pin!(self.hear(line, runtime, file)), None);
                    // Keep polling the run: it may have to judge the answer.
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

    /// Drives a run without a journal. Reports its waits; once it has waited, a signal ends it with an explanation.
    pub(super) async fn hold<T>(
        &mut self,
        runtime: &Runtime,
        host: &Host,
        body: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let (mut body, mut has_news) = (pin!(body), false);
        // Until the first wait, a signal terminates the process as usual.
        let mut stopping = pin!(None);
        loop {
            tokio::select! {
                biased;
                outcome = &mut body => return outcome,
                () = heard(stopping.as_mut().as_pin_mut()) => {
                    let text = "interrupted: the run was held in memory and is lost; with --journal FILE it could be continued";
                    return Err(Error::new(ErrorKind::Cancelled, text));
                }
                // Report only after the signal handler is installed: a reader may send a signal at once.
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

    /// Whether a wait has not been reported yet.
    fn is_news(&mut self, wait: &Wait) -> bool {
        let rejected = wait.rejected.as_ref().map_or(0, |rejected| rejected.times);
        self.told.insert((wait.run.clone(), wait.place.clone(), rejected))
    }

    /// Shuts the runtime down on a signal, after a grace period that a second signal cuts short.
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
            // The shutdown ends the runs, and with them the future that is followed.
            std::future::pending().await
        }
    }

    /// Reports each wait once.
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

    /// Handles a line of input; the end of input closes the desk.
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

    /// Stops asking on the terminal. Without a journal file no other process can answer, so the waiting runs are cancelled.
    async fn close(&mut self, runtime: &Runtime, file: Option<&File>) {
        let open = self.desk.take().map(Desk::into_waits).unwrap_or_default();
        let Some(file) = file else {
            self.notice("the input ended before the answer; with --journal FILE the run could wait for it");
            for wait in open {
                // The run may have ended already.
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

    /// Prints the bill, and a notice if the trace is incomplete.
    pub(super) fn end(self) {
        self.progress.iter().for_each(Steps::end);
        tell_end(self.costs.as_ref(), self.trace, &self.stderr);
    }
}

/// Completes at a signal; pending if no handler is installed.
async fn heard(stopping: Option<Pin<&mut impl Future<Output = ()>>>) {
    match stopping {
        Some(stopping) => stopping.await,
        None => std::future::pending().await,
    }
}

/// Next line of input; pending without a desk.
async fn typed(desk: &mut Option<Desk>) -> Option<String> {
    match desk {
        Some(desk) => desk.line().await,
        None => std::future::pending().await,
    }
}

/// Prints the bill, and a notice if the trace is incomplete.
pub(super) fn tell_end(costs: Option<&Costs>, trace: Option<Trace>, stderr: &Stream) {
    if let Some(costs) = costs {
        costs.tell(stderr);
    }
    if let Some(error) = trace.and_then(|trace| trace.failure()) {
        stderr.notice(&format!("the trace is incomplete: {error}"));
    }
}

/// Opens the trace file of `--trace`.
pub(super) fn trace(telling: &TellingArguments) -> Result<Option<Trace>, Failure> {
    telling.trace.as_deref().map(Trace::create).transpose()
}
