//! Progress output: live on a terminal, plain lines otherwise.

mod lines;
mod live;
mod places;
mod plain;

use std::sync::Arc;
use std::time::Duration;

use flow_runtime::event::{Event, Observer};
use flow_runtime::run::Place;

use super::host::{Host, Stream};
pub(super) use lines::Lines;
use live::Live;
use plain::Plain;

/// Shows the progress of steps.
#[derive(Clone)]
pub(super) enum Steps {
    Live(Arc<Live>),
    Plain(Arc<Plain>),
}

impl Steps {
    pub(super) fn new(host: &Host) -> Self {
        if host.is_watched {
            return Self::Live(Arc::new(Live::new()));
        }
        Self::Plain(Arc::new(Plain::on(host.stderr.clone())))
    }

    /// Prints a notice without disturbing live progress.
    pub(super) fn say(&self, text: &str, stream: &Stream) {
        match self {
            Self::Live(live) => live.say(text),
            Self::Plain(_) => stream.notice(text),
        }
    }

    fn tell(&self, text: &str) {
        match self {
            Self::Live(live) => live.say(text),
            Self::Plain(plain) => plain.say(text),
        }
    }

    /// Clears live progress.
    pub(super) fn end(&self) {
        if let Self::Live(live) = self {
            live.end();
        }
    }
}

impl Observer for Steps {
    fn event(&self, event: &Event) {
        match (self, event) {
            (_, Event::DidNotCompensate { place, error, .. }) => {
                self.tell(&format!("{place} could not be undone: {error}"))
            }
            (Self::Live(live), _) => live.event(event),
            (Self::Plain(plain), _) => plain.event(event),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    Failed,
    Cancelled,
}

impl Outcome {
    fn of(error: Option<&String>, is_cancelled: bool) -> Self {
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
fn told(place: &Place, attempts: u32, time: Duration, outcome: Outcome) -> String {
    let outcome = outcome.name();
    let attempts = if attempts > 1 { format!("{attempts} attempts, ") } else { String::new() };
    format!("{outcome:<6}  {place}  ({attempts}{})", shown(time))
}

/// Milliseconds below one second, otherwise seconds with one decimal.
pub(super) fn shown(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        assert_eq!(shown(Duration::from_micros(999_400)), "999 ms");
        assert_eq!(shown(Duration::from_millis(1_260)), "1.3 s");
    }
}
