//! What happens in a run, for whoever watches. Nothing is rebuilt from events; truth is in the records.

use std::fmt;
use std::time::Duration;

use crate::money::Money;
use crate::provider::Usage;
use crate::run::{Place, Record, RunId};

/// Something that is about to happen (`Will…`) or has happened (`Did…`).
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
    /// A workflow that another one calls starts.
    WillWorkflow {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The workflow's name.
        workflow: &'static str,
    },
    /// A step starts.
    WillStep {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The step's name.
        step: &'static str,
    },
    /// An attempt starts.
    WillAttempt {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// Which attempt of the step, from 1.
        attempt: u32,
        /// The model that is asked.
        model: Option<&'static str>,
    },
    /// An attempt has ended.
    DidAttempt {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// Which attempt.
        attempt: u32,
        /// The model that was asked.
        model: Option<&'static str>,
        /// The tokens it used.
        usage: Usage,
        /// What the model's tokens cost; `None` where that is not known, or no model was asked.
        cost: Option<Money>,
        /// Why it failed, if it did.
        error: Option<String>,
    },
    /// The next attempt waits.
    WillRetry {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// For how long.
        after: Duration,
    },
    /// A gate, or the contract, has rejected an output.
    DidReject {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The gate's name; `contract` where the answer broke the contract.
        gate: &'static str,
        /// Why.
        reasons: Vec<String>,
    },
    /// A gate has accepted an output.
    DidAccept {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The gate's name.
        gate: &'static str,
    },
    /// The step that stands in for a failed one starts.
    WillFallBack {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The step that stands in.
        step: &'static str,
    },
    /// A workflow has failed, or has called `flow::undo`, and a finished step is about to be undone.
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
        /// The step that was to undo it.
        step: &'static str,
        /// Why.
        error: String,
    },
    /// A resumed run has taken a step over from its records; nothing was executed.
    DidReplay {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The step's name.
        step: &'static str,
    },
    /// A step was given the answer that another run has kept; nothing is executed.
    DidReuse {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The step's name.
        step: &'static str,
    },
    /// A step waits for a person, an outside system or a moment.
    WillWait {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// The step's name.
        step: &'static str,
    },
    /// A step has ended.
    DidStep {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// Why it failed, if it did.
        error: Option<String>,
        /// It has not failed by itself: another part of the run has, or somebody has ended the run.
        is_cancelled: bool,
    },
    /// A workflow that another one calls has ended.
    DidWorkflow {
        /// The run.
        run: RunId,
        /// Where.
        place: Place,
        /// Why it failed, if it did.
        error: Option<String>,
    },
    /// A run has ended.
    DidRun {
        /// The run.
        run: RunId,
        /// Why it failed, if it did.
        error: Option<String>,
    },
}

/// Whoever watches runs. Both functions are called in the run's own task, so they MUST be quick; slow work belongs behind a channel.
pub trait Observer: Send + Sync + 'static {
    /// Something happens.
    fn event(&self, event: &Event) {
        let _ = event;
    }

    /// Whether [`record`](Observer::record) is wanted. Records hold every input, output, prompt and reply, which costs
    /// serialisation.
    fn wants_records(&self) -> bool {
        false
    }

    /// A fact is recorded.
    fn record(&self, record: &Record) {
        let _ = record;
    }
}

/// Short lines for a terminal or a test: the kind of event, the place and what is particular.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = |error: &Option<String>| error.as_ref().map_or(String::new(), |error| format!(": {error}"));
        match self {
            Self::WillRun { workflow, .. } => write!(f, "will run {workflow}"),
            Self::WillWorkflow { place, .. } => write!(f, "will workflow {place}"),
            Self::WillStep { place, .. } => write!(f, "will step {place}"),
            Self::WillAttempt { place, attempt, model, .. } => {
                write!(f, "will attempt {place} #{attempt}")?;
                model.map_or(Ok(()), |model| write!(f, " with {model}"))
            }
            Self::DidAttempt { place, attempt, error, .. } => {
                write!(f, "did attempt {place} #{attempt}{}", failed(error))
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
            Self::DidRun { error, .. } => write!(f, "did run{}", failed(error)),
        }
    }
}
