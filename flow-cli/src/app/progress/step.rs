//! How a step ended, and the line that says so.

use std::time::Duration;

use flow_runtime::run::Place;

use crate::app::shown::duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StepEnd {
    Done,
    Failed,
    Cancelled,
}

impl StepEnd {
    pub(super) fn of(error: Option<&String>, is_cancelled: bool) -> Self {
        match error {
            _ if is_cancelled => Self::Cancelled,
            Some(_) => Self::Failed,
            None => Self::Done,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The current attempt and, in a conversation with tools, turn of a step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tries {
    pub(super) attempt: u32,
    pub(super) turn: Option<u32>,
}

impl Tries {
    /// `2 attempts, `, `3 turns, `; each turn is an attempt, so attempts are shown only if there were more.
    fn told(self) -> String {
        let turns = self.turn.unwrap_or(1);
        let attempts = if self.attempt > turns { format!("{} attempts, ", self.attempt) } else { String::new() };
        if turns > 1 { format!("{turns} turns, {attempts}") } else { attempts }
    }
}

/// `done    map[1]/write  (2 attempts, 1.3 s)`
pub(super) fn told(place: &Place, tries: Tries, time: Duration, end: StepEnd) -> String {
    format!("{:<6}  {place}  ({}{})", end.name(), tries.told(), duration(time))
}
