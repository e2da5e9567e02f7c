//! Executes the runs of all lines with limited concurrency, and writes each result when its run ends.

use std::collections::HashMap;
use std::io;
use std::panic::resume_unwind;
use std::sync::Arc;

use flow_runtime::contract::parse_json;
use flow_runtime::engine::{AnyWorkflow, Ready, Runtime, Submitted};
use flow_runtime::error::{Error, ErrorKind};
use flow_runtime::money::Money;
use flow_runtime::run::{Place, RunId};
use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, UnboundedReceiver};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::lines::{Fingerprint, Line};
use super::results::Results;
use super::shared::merge;
use super::spending::Spending;
use super::tally::Tally;
use super::turn::{Waiting, in_turn};
use crate::app::failure::Failure;
use crate::app::input::unparsed;
use crate::app::interrupt::interruption;
use crate::app::outcome::Came;
use crate::app::progress::Lines as Progress;
use crate::app::run::{go_on, unfit};
use crate::app::waits;

/// Everything the runs of one start share.
pub(super) struct Round<'a> {
    pub(super) workflow: &'a AnyWorkflow,
    pub(super) runtime: Runtime,
    /// Arguments shared by all lines, and their text.
    pub(super) shared: &'a Value,
    pub(super) shared_text: &'a str,
    pub(super) concurrency: usize,
    /// Whether runs are recorded in a journal.
    pub(super) keeps: bool,
    /// Runs that wait in memory; only used without a journal.
    pub(super) waiting: Waiting,
    /// Receives each wait that starts.
    pub(super) begun_to_wait: UnboundedReceiver<(RunId, Place)>,
    /// Line numbers of running runs; only used without a journal.
    pub(super) begun: HashMap<RunId, u64>,
    /// Whether answers are made up.
    pub(super) offline: bool,
    /// Cost cap of all runs together.
    pub(super) cap: Option<Money>,
    pub(super) hears_signals: bool,
    pub(super) results: Results,
    pub(super) spending: Spending,
    pub(super) progress: Progress,
    pub(super) tally: Tally,
}

/// Why no more lines are taken.
pub(super) enum End {
    /// All lines were taken.
    Done,
    /// A signal arrived; running runs were cancelled.
    Interrupted,
    /// A run reached the cost cap of all runs.
    Spent(Money),
    /// The source, the results or the journal failed; running runs were cancelled.
    Broken(Failure),
}

/// The run of a line.
struct Begun {
    line: u64,
    given: Fingerprint,
    run: RunId,
}

type Ended = (Begun, Result<Came, Error>);

impl Round<'_> {
    /// Runs lines until they are exhausted or something prevents further runs.
    pub(super) async fn run(&mut self, lines: Receiver<io::Result<Line>>) -> End {
        let mut runs = JoinSet::new();
        let end = self.turns(lines, &mut runs).await.unwrap_or_else(End::Broken);
        runs.shutdown().await;
        end
    }

    async fn turns(
        &mut self,
        mut lines: Receiver<io::Result<Line>>,
        runs: &mut JoinSet<Ended>,
    ) -> Result<End, Failure> {
        let mut interruption = std::pin::pin!(interruption(self.hears_signals));
        let runtime = self.runtime.clone();
        let mut failed = std::pin::pin!(runtime.journal_failed());
        let turns = Arc::new(Semaphore::new(self.concurrency));
        let (mut end, mut turn) = (None, None);
        loop {
            if !self.keeps {
                self.tally.waiting = self.waiting.count() as u64;
            }
            self.tally.underway = runs.len().saturating_sub(self.waiting.count());
            self.progress.show(&self.tally);
            if let Some(end) = end.take_if(|_| runs.is_empty()) {
                return Ok(end);
            }
            tokio::select! {
                biased;
                () = &mut interruption => return Ok(End::Interrupted),
                // Polled before ended runs: those that fail because of the journal do not count as results.
                error = &mut failed => return Err(Failure::Unkept(error)),
                Some(ended) = runs.join_next() => {
                    let (begun, outcome) = ended.unwrap_or_else(|lost| resume_unwind(lost.into_panic()));
                    self.begun.remove(&begun.run);
                    if let Some(cap) = self.is_spent(outcome.as_ref().err()) {
                        end = Some(End::Spent(cap));
                    }
                    match outcome {
                        Ok(Came::Output(output)) => self.record(&begun, Ok(output))?,
                        Ok(Came::Waits(..)) => self.waits(&begun),
                        Err(error) => self.record(&begun, Err(error))?,
                    }
                }
                Some((run, place)) = self.begun_to_wait.recv() => self.holds(&run, &place).await,
                free = turns.clone().acquire_owned(), if end.is_none() && turn.is_none() => turn = free.ok(),
                line = lines.recv(), if end.is_none() && turn.is_some() => match (line, turn.take()) {
                    (Some(line), Some(free)) => turn = self.take(&line.map_err(unreadable)?, runs, &turns, free)?,
                    _ => end = Some(End::Done),
                },
            }
        }
    }

    /// Starts the run of a line, unless the line is already done or invalid. Returns the permit if it was not used.
    fn take(
        &mut self,
        line: &Line,
        runs: &mut JoinSet<Ended>,
        turns: &Arc<Semaphore>,
        turn: OwnedSemaphorePermit,
    ) -> Result<Option<OwnedSemaphorePermit>, Failure> {
        let given = line.fingerprint(self.shared_text);
        self.tally.met(line.number);
        if self.results.is_done(line, given)? {
            return Ok(Some(turn));
        }
        let run = self.id(line.number, given);
        match self.ready(line, &run) {
            Ok((input, ready)) => {
                let begun = Begun { line: line.number, given, run: run.clone() };
                let runtime = self.runtime.clone();
                let name = self.workflow.meta().name;
                if self.keeps {
                    runs.spawn(async move {
                        let _turn = turn;
                        (begun, keep(&runtime, name, input, &run).await)
                    });
                    return Ok(None);
                }
                self.begun.insert(run.clone(), line.number);
                let (turns, waiting) = (turns.clone(), self.waiting.clone());
                runs.spawn(async move {
                    let outcome = in_turn(&run, &waiting, &turns, turn, ready(&runtime)).await;
                    (begun, outcome.map(Came::Output))
                });
                Ok(None)
            }
            Err(refused) => {
                let result = self.result(line.number, given, None, "error", refused.to_json()["error"].take());
                self.failed(line.number, &refused);
                self.results.add(&result).map(|()| Some(turn))
            }
        }
    }

    /// Id of the run of a line; deterministic with a journal, so that the same command continues the same run.
    fn id(&self, line: u64, given: Fingerprint) -> RunId {
        match self.keeps {
            true => RunId::named(format!("{}-{line}-{given}", self.workflow.meta().name)),
            false => RunId::fresh(),
        }
    }

    fn ready(&self, line: &Line, run: &RunId) -> Result<(Value, Ready), Failure> {
        let text = line.text().map_err(|why| Failure::refused(format!("the line cannot be used: {why}")))?;
        let own = parse_json(text.as_bytes()).map_err(|why| unparsed("the line", &why, ""))?;
        let meta = self.workflow.meta();
        let input = merge(self.shared, own).map_err(|violation| unfit(meta, vec![violation]))?;
        let ready = self.workflow.ready(input.clone(), Some(run.to_string()));
        Ok((input, ready.map_err(|violations| unfit(meta, violations))?))
    }

    /// Reports a wait that is held in memory.
    async fn holds(&mut self, run: &RunId, place: &Place) {
        let open = self.runtime.waits().await.unwrap_or_default();
        let wait = open.iter().find(|wait| wait.run == *run && wait.place == *place);
        // The wait may have ended already.
        if let (Some(wait), Some(line)) = (wait, self.begun.get(run)) {
            self.progress.notice(&format!("{}\n  {}", waits::asked_of_line(*line, wait), waits::HELD_LINE));
        }
    }

    /// Counts a waiting line, which is neither done nor failed.
    fn waits(&mut self, begun: &Begun) {
        self.tally.waiting += 1;
        self.progress.notice(&format!("waits   line {}: run {}", begun.line, begun.run));
    }

    fn record(&mut self, begun: &Begun, outcome: Result<Value, Error>) -> Result<(), Failure> {
        let (name, value) = match outcome {
            Ok(output) => {
                self.tally.done += 1;
                ("output", output)
            }
            Err(error) => {
                let value = error.to_json();
                self.failed(begun.line, &Failure::from(error));
                ("error", value)
            }
        };
        let result = self.result(begun.line, begun.given, Some(&begun.run), name, value);
        self.results.add(&result)
    }

    fn result(&self, line: u64, given: Fingerprint, run: Option<&RunId>, name: &str, value: Value) -> Value {
        let mut result = json!({ "line": line, "workflow": self.workflow.meta().name, "input": given.to_string() });
        result[name] = value;
        if let Some(run) = run {
            if self.offline {
                result["offline"] = true.into();
            }
            result["run"] = run.to_string().into();
            result["spent"] = json!(self.spending.take(run));
        }
        result
    }

    fn failed(&mut self, line: u64, failure: &Failure) {
        self.tally.failed += 1;
        self.progress.notice(&format!("failed  line {line}: {failure}"));
    }

    /// The shared cap, if the run failed because of it.
    fn is_spent(&self, error: Option<&Error>) -> Option<Money> {
        match error?.kind() {
            // An equal cap of the workflow itself cannot be reached before the shared one. A call of unknown price is rejected
            // under any cap, with its own message.
            ErrorKind::Budget { cap, worst_case: Some(_) } => self.cap.filter(|all| all == cap),
            _ => None,
        }
    }
}

/// Starts or continues the run of a line, until it ends or waits.
async fn keep(runtime: &Runtime, workflow: &str, input: Value, run: &RunId) -> Result<Came, Error> {
    match runtime.submit(workflow, input, run).await? {
        Submitted::Taken(why) => Err(why),
        _ => go_on(runtime, run).await,
    }
}

fn unreadable(error: io::Error) -> Failure {
    Error::terminal(format!("the rest of `--input` cannot be read: {error}")).into()
}
