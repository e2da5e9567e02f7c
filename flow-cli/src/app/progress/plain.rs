//! Plain progress: one line per finished step.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use flow_runtime::event::Event;
use flow_runtime::run::Place;

use super::step::{StepEnd, Tries, told};
use crate::app::host::Stream;

/// Prints progress to a stream.
pub(in crate::app) struct Plain {
    stream: Stream,
    open: Mutex<HashMap<Place, Open>>,
}

/// A running step.
struct Open {
    since: Instant,
    tries: Tries,
}

impl Plain {
    pub(super) fn on(stream: Stream) -> Self {
        Self { stream, open: Mutex::default() }
    }

    pub(super) fn say(&self, text: &str) {
        self.stream.notice(text);
    }

    pub(super) fn event(&self, event: &Event) {
        let mut steps = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::WillStep { place, .. } => {
                steps.insert(place.clone(), Open { since: Instant::now(), tries: Tries::default() });
            }
            Event::WillAttempt { place, attempt, turn, .. } => {
                if let Some(open) = steps.get_mut(place) {
                    open.tries = Tries { attempt: *attempt, turn: *turn };
                }
            }
            Event::DidStep { place, error, is_cancelled, .. } => {
                if let Some(open) = steps.remove(place) {
                    let end = StepEnd::of(error.as_ref(), *is_cancelled);
                    self.stream.notice(&told(place, open.tries, open.since.elapsed(), end));
                }
            }
            _ => {}
        }
    }
}
