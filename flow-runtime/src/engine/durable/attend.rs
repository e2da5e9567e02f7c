//! Runs whose logs the caller owns: a file, another durable engine, a database.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use serde_json::Value;

use super::ledger::{Halt, Ledger};
use super::once::{Left, Once, Refused};
use super::seat::{Attended, Seat};
use crate::call::Workflow;
use crate::clock::Clock;
use crate::ending::Ending;
use crate::engine::feed::Closing;
use crate::engine::handle::Events;
use crate::engine::known;
use crate::engine::mutex::lock;
use crate::engine::runtime::Runtime;
use crate::error::Result;
use crate::journal::{AppendError, RunLog};
use crate::place::RunId;
use crate::provider::BoxFuture;
use crate::run::Record;

/// The id, workflow and input of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// The id of the run.
    pub run: RunId,
    /// The name of a workflow that is [registered](crate::engine::Builder::workflow).
    pub workflow: String,
    /// The arguments by name. Ignored if the log already has records, since its first record contains them.
    pub input: Value,
}

/// A run executed on its own log. Does nothing until polled; dropping it stops the run where it is.
#[must_use = "the run is executed by awaiting this"]
pub struct Attending {
    work: BoxFuture<'static, Attended>,
    seat: Seat,
}

impl Runtime {
    /// Executes one run on a log that the caller owns, until it ends or everything in it waits.
    ///
    /// The runtime needs no journal. Records are read from `log` and appended only there. A waiting run does not come
    /// back by itself: attend to it again when its log has an answer or its moment has come. Attend to a run in only
    /// one place at a time; a log that notices another owner reports [`AppendError::Lost`].
    ///
    /// ```
    /// use std::sync::Arc;
    /// use flow_runtime::clock::Clock;
    /// use flow_runtime::engine::{Attended, Runtime, Start};
    /// use flow_runtime::journal::RunLog;
    /// use flow_runtime::run::RunId;
    ///
    /// # async fn attend(runtime: Runtime, log: Arc<dyn RunLog>) {
    /// let input = serde_json::json!({ "resume": { "text": "…" } });
    /// let start = Start { run: RunId::named("cv-17"), workflow: "screen".into(), input };
    /// match runtime.attend(start, log, Clock::default()).await {
    ///     Attended::Ended(output) => println!("{output:?}"),
    ///     Attended::Waits(until) => println!("waits until {until:?}"),
    ///     other => println!("{other:?}"),
    /// }
    /// # }
    /// ```
    pub fn attend(&self, start: Start, log: Arc<dyn RunLog>, clock: Clock) -> Attending {
        let seat = Seat { run: start.run, log, clock, feed: Arc::default(), held: Arc::default() };
        let (runtime, given) = (self.clone(), seat.clone());
        let work = Box::pin(async move {
            let _closing = Closing(Some(given.feed.clone()));
            let known = match runtime.registry.require(&start.workflow) {
                Ok(known) => known,
                Err(error) => return Attended::Stopped(error),
            };
            if let Err(error) = runtime.shared().check_with_servers(known.meta).await {
                // A run that has begun may end without a server that is down.
                let began = given.log.state().await.map(|state| state.began.is_some());
                if !began.is_ok_and(|began| began && runtime.shared().check(known.meta).is_ok()) {
                    return Attended::Stopped(error);
                }
            }
            (known.attend)(runtime, given, start.input).await
        });
        Attending { work, seat }
    }

    /// Like [`attend`](Self::attend), for a workflow of known type.
    pub(in crate::engine) async fn attended<T: Send + 'static, W: Workflow<T>>(
        &self,
        seat: Seat,
        input: Value,
    ) -> Attended {
        let mut underway = None;
        loop {
            let state = match seat.log.state().await {
                Ok(state) => state,
                Err(error) => return Attended::Stopped(error),
            };
            let mut call = match state.began {
                Some(_) => None,
                None => match known::call::<T, W>(input.clone(), None) {
                    Ok(call) => Some(call),
                    Err(error) => return Attended::Stopped(error),
                },
            };
            let (log, run, clock) = (seat.log.clone(), seat.run.clone(), seat.clock.clone());
            let ledger = Arc::new(Ledger::new(log, run, clock, self.shared().linger, state));
            seat.hold(&ledger);
            let once = Once { runtime: self, ledger: &ledger, feed: Some(&seat.feed), fits: &|| {}, moved: &|| {} };
            let left = once.execute::<T, W>(&mut call, &mut underway).await;
            lock(&seat.held).ledger = None;
            match left {
                Ok(Left::Stopped(Halt::Anew | Halt::Undoing)) => {}
                Ok(Left::Ended(ending)) => return ended::<T, W>(ending),
                Ok(Left::Stopped(halt @ Halt::Cancelled)) => return Attended::Cancelled(halt.into_error()),
                Ok(Left::Stopped(halt)) => return Attended::Stopped(halt.into_error()),
                Ok(Left::Waits(waits)) => return Attended::Waits(waits.until),
                Err(Refused::Taken(error) | Refused::Unfit(error)) => return Attended::Stopped(error),
            }
        }
    }
}

fn ended<T, W: Workflow<T>>(ending: Ending<T>) -> Attended {
    match ending {
        Ending::Cancelled(error) => Attended::Cancelled(error),
        ending => Attended::Ended(ending.result().and_then(|output| W::__encode(&output))),
    }
}

impl Attending {
    /// Hands the record of an answer to the step that waits for it, and appends it to the log. Returns `None` if no
    /// step is waiting there now: append the record yourself and attend to the run again.
    ///
    /// [`AnyWorkflow::answered`](crate::engine::AnyWorkflow::answered) creates the record.
    pub fn answer(&self, answered: Record) -> Option<BoxFuture<'static, Result<(), AppendError>>> {
        let ledger = lock(&self.seat.held).ledger.clone();
        ledger?.give(answered)
    }

    /// Cancels the run: records the cancellation in its log, drops the steps that are running, and starts no more.
    ///
    /// # Errors
    ///
    /// Fails if the log does.
    pub fn cancel(&self) -> BoxFuture<'static, Result<(), AppendError>> {
        let (run, at) = (self.seat.run.clone(), self.seat.clock.now());
        let kept = self.seat.log.append(&[Record::RunCancelled { run, at }]);
        let mut held = lock(&self.seat.held);
        held.is_cancelled = true;
        if let Some(ledger) = &held.ledger {
            ledger.halt(Halt::Cancelled);
        }
        kept
    }

    /// Returns the events of the run, starting with the first. See [`Handle::events`](crate::engine::Handle::events).
    pub fn events(&self) -> Events {
        Events::of(self.seat.run.clone(), self.seat.feed.clone())
    }
}

impl Future for Attending {
    type Output = Attended;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Attended> {
        self.work.as_mut().poll(task)
    }
}

impl fmt::Debug for Attending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attending").field("run", &self.seat.run).field("log", &self.seat.log).finish_non_exhaustive()
    }
}
