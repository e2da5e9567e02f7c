//! Events of a run, for observers. Events are informational; the records are the source of truth.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::money::Money;
use crate::place::{Place, RunId};
use crate::provider::Usage;
use crate::run::Record;

/// Something that is about to happen (`Will…`) or has happened (`Did…`), or a piece of an answer ([`Said`](Self::Said)).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A run starts.
    WillRun {
        /// The run.
        run: RunId,
        /// The workflow's name.
        workflow: &'static str,
    },
    /// A sub-workflow starts.
    WillWorkflow {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The workflow's name.
        workflow: &'static str,
    },
    /// A step starts.
    WillStep {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The step's name.
        step: &'static str,
    },
    /// An attempt starts.
    WillAttempt {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// Which attempt of the step, from 1.
        attempt: u32,
        /// The turn of a conversation with tools, from 1.
        turn: Option<u32>,
        /// The model that is asked.
        model: Option<&'static str>,
    },
    /// A piece of a model's answer has arrived.
    ///
    /// Answers are streamed only to those that listen when the model is asked: a reader of
    /// [`Handle::events`](crate::engine::Handle::events), or an observer that [wants pieces](Observer::wants_pieces). The text is
    /// what the model writes: free text, or JSON in the form in which the endpoint was asked for it. Thoughts and calls of tools are
    /// not part of it.
    ///
    /// Pieces of one answer have the same place, attempt and turn, and follow each other without gaps, unless the reader missed
    /// some. A replayed answer of a resumed run is not said again.
    Said {
        /// The run.
        run: RunId,
        /// The place of the step that asks.
        place: Place,
        /// Which attempt.
        attempt: u32,
        /// The turn of a conversation with tools, from 1.
        turn: Option<u32>,
        /// Where the piece begins: how many bytes of the answer came before.
        at: usize,
        /// The piece.
        text: Arc<str>,
    },
    /// What was [said](Self::Said) of an answer does not count: the attempt failed midway, the contract or a gate rejected the
    /// answer, or the step failed or was cancelled. It follows the event with the reason, except for a step's own end, which comes
    /// after it.
    DidTakeBack {
        /// The run.
        run: RunId,
        /// The place of the step that asked.
        place: Place,
        /// Which attempt.
        attempt: u32,
        /// The turn of a conversation with tools, from 1.
        turn: Option<u32>,
    },
    /// An attempt has ended.
    DidAttempt {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// Which attempt.
        attempt: u32,
        /// The model that was asked.
        model: Option<&'static str>,
        /// The tokens it used.
        usage: Usage,
        /// The cost of the model's tokens; `None` if unknown, or if no model was asked.
        cost: Option<Money>,
        /// Why it failed, if it did.
        error: Option<String>,
    },
    /// The next attempt is delayed.
    WillRetry {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The delay.
        after: Duration,
    },
    /// A gate or the contract rejected an output.
    DidReject {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The gate's name; `contract` if the answer violated the contract.
        gate: &'static str,
        /// The reasons.
        reasons: Vec<String>,
    },
    /// A gate accepted an output.
    DidAccept {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The gate's name.
        gate: &'static str,
    },
    /// The fallback of a failed step starts.
    WillFallBack {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The fallback.
        step: &'static str,
    },
    /// A workflow failed or called `flow::undo`, and a finished step is about to be undone.
    WillCompensate {
        /// The run.
        run: RunId,
        /// The place of the finished step.
        place: Place,
        /// The step that undoes it.
        step: &'static str,
    },
    /// A finished step could not be undone. It stays on the undo list of the workflow around it.
    DidNotCompensate {
        /// The run.
        run: RunId,
        /// The place of the finished step.
        place: Place,
        /// The step that should have undone it.
        step: &'static str,
        /// The reason.
        error: String,
    },
    /// A resumed run reused the recorded result of a step; nothing was executed.
    DidReplay {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The step's name.
        step: &'static str,
    },
    /// A step reused the cached result of another run; nothing is executed.
    DidReuse {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The step's name.
        step: &'static str,
    },
    /// A step waits for a person, an outside system or a point in time.
    WillWait {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// The step's name.
        step: &'static str,
    },
    /// A step ended.
    DidStep {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// Why it failed, if it did.
        error: Option<String>,
        /// The step did not fail itself: another part of the run failed, or the run was cancelled.
        is_cancelled: bool,
    },
    /// A sub-workflow ended.
    DidWorkflow {
        /// The run.
        run: RunId,
        /// Its place in the run.
        place: Place,
        /// Why it failed, if it did.
        error: Option<String>,
    },
    /// The reader of [`Handle::events`](crate::engine::Handle::events) was too slow, and events were dropped, pieces of answers among
    /// them. Observers never get it.
    DidMiss {
        /// The run.
        run: RunId,
        /// How many events.
        events: u64,
    },
    /// A run ended.
    DidRun {
        /// The run.
        run: RunId,
        /// Why it failed, if it did.
        error: Option<String>,
    },
}

impl Event {
    /// Returns the run that it belongs to.
    pub fn run(&self) -> &RunId {
        match self {
            Self::WillRun { run, .. }
            | Self::WillWorkflow { run, .. }
            | Self::WillStep { run, .. }
            | Self::WillAttempt { run, .. }
            | Self::Said { run, .. }
            | Self::DidTakeBack { run, .. }
            | Self::DidAttempt { run, .. }
            | Self::WillRetry { run, .. }
            | Self::DidReject { run, .. }
            | Self::DidAccept { run, .. }
            | Self::WillFallBack { run, .. }
            | Self::WillCompensate { run, .. }
            | Self::DidNotCompensate { run, .. }
            | Self::DidReplay { run, .. }
            | Self::DidReuse { run, .. }
            | Self::WillWait { run, .. }
            | Self::DidStep { run, .. }
            | Self::DidWorkflow { run, .. }
            | Self::DidMiss { run, .. }
            | Self::DidRun { run, .. } => run,
        }
    }
}

/// Observes runs. The methods are called in the run's own task, so they MUST be fast; send slow work to a channel.
///
/// `flow::manual::observability` has an example.
pub trait Observer: Send + Sync + 'static {
    /// Called for every event; for pieces of answers only if [wanted](Observer::wants_pieces).
    fn event(&self, event: &Event) {
        let _ = event;
    }

    /// Returns whether [`event`](Observer::event) should be called with the pieces of an answer that a model is about to be asked
    /// for, [`Event::Said`] and [`Event::DidTakeBack`]. Without such an observer or a reader of events, answers are not streamed.
    fn wants_pieces(&self, run: &RunId) -> bool {
        let _ = run;
        false
    }

    /// Returns whether [`record`](Observer::record) should be called. Records contain every input, output, prompt and reply,
    /// which costs serialisation.
    fn wants_records(&self) -> bool {
        false
    }

    /// Called for every record.
    fn record(&self, record: &Record) {
        let _ = record;
    }
}

/// Formats a short line for a terminal or a test: the kind of event, the place and the details.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = |error: &Option<String>| error.as_ref().map_or(String::new(), |error| format!(": {error}"));
        match self {
            Self::WillRun { workflow, .. } => write!(f, "will run {workflow}"),
            Self::WillWorkflow { place, .. } => write!(f, "will workflow {place}"),
            Self::WillStep { place, .. } => write!(f, "will step {place}"),
            Self::WillAttempt { place, attempt, turn, model, .. } => {
                write!(f, "will attempt {place} #{attempt}")?;
                turn.map_or(Ok(()), |turn| write!(f, ", turn {turn},"))?;
                model.map_or(Ok(()), |model| write!(f, " with {model}"))
            }
            Self::DidAttempt { place, attempt, error, .. } => {
                write!(f, "did attempt {place} #{attempt}{}", failed(error))
            }
            Self::Said { place, attempt, turn, at, text, .. } => {
                write!(f, "said {place} #{attempt}")?;
                turn.map_or(Ok(()), |turn| write!(f, ", turn {turn},"))?;
                write!(f, " at {at}: {text:?}")
            }
            Self::DidTakeBack { place, attempt, turn, .. } => {
                write!(f, "did take back {place} #{attempt}")?;
                turn.map_or(Ok(()), |turn| write!(f, ", turn {turn}"))
            }
            Self::WillRetry { place, after, .. } => write!(f, "will retry {place} after {after:?}"),
            Self::DidReject { place, gate, reasons, .. } => {
                write!(f, "did reject {place} by {gate}: {}", reasons.join("; "))
            }
            Self::DidAccept { place, gate, .. } => write!(f, "did accept {place} by {gate}"),
            Self::WillFallBack { place, step, .. } => write!(f, "will fall back {place} to {step}"),
            Self::WillCompensate { place, step, .. } => write!(f, "will compensate {place} by {step}"),
            Self::DidNotCompensate { place, step, error, .. } => {
                write!(f, "did not compensate {place} by {step}: {error}")
            }
            Self::DidReplay { place, .. } => write!(f, "did replay {place}"),
            Self::DidReuse { place, .. } => write!(f, "did reuse {place}"),
            Self::WillWait { place, .. } => write!(f, "will wait {place}"),
            Self::DidStep { place, error, .. } => write!(f, "did step {place}{}", failed(error)),
            Self::DidWorkflow { place, error, .. } => write!(f, "did workflow {place}{}", failed(error)),
            Self::DidMiss { events, .. } => write!(f, "did miss {events} events"),
            Self::DidRun { error, .. } => write!(f, "did run{}", failed(error)),
        }
    }
}
