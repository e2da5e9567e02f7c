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

/// `done    map[1]/write  (2 attempts, 1.3 s)`
pub(super) fn told(place: &Place, attempts: u32, time: Duration, end: StepEnd) -> String {
    let end = end.name();
    let attempts = if attempts > 1 { format!("{attempts} attempts, ") } else { String::new() };
    format!("{end:<6}  {place}  ({attempts}{})", duration(time))
}
