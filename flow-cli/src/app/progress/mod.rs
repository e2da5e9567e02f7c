//! Progress output: live on a terminal, plain lines otherwise.

mod answers;
mod lines;
mod live;
mod places;
mod plain;
mod step;

use std::sync::Arc;

use flow_runtime::event::{Event, Observer};
use flow_runtime::run::RunId;

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
    /// Answers are shown while they grow, but only live: lines of a log cannot grow.
    fn wants_pieces(&self, _: &RunId) -> bool {
        matches!(self, Self::Live(_))
    }

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
