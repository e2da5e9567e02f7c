//! An answer that is being streamed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::feed::Feed;
use crate::event::{Event, Observer};
use crate::place::{Place, RunId};
use crate::provider::Listener;

/// The answer that is being streamed, and its listeners.
pub(super) struct Voice {
    pub(super) run: RunId,
    pub(super) place: Place,
    pub(super) attempt: u32,
    pub(super) turn: Option<u32>,
    pub(super) observers: Vec<Arc<dyn Observer>>,
    pub(super) feed: Option<Arc<Feed>>,
    /// How many bytes were said.
    pub(super) said: AtomicUsize,
}

impl Voice {
    /// Passes an event to the listeners.
    fn tell(&self, event: Event) {
        self.observers.iter().for_each(|observer| observer.event(&event));
        if let Some(feed) = &self.feed {
            feed.push(event);
        }
    }

    pub(super) fn has_spoken(&self) -> bool {
        self.said.load(Ordering::Relaxed) > 0
    }

    pub(super) fn take_back(&self) {
        let (run, place, attempt, turn) = (self.run.clone(), self.place.clone(), self.attempt, self.turn);
        self.tell(Event::DidTakeBack { run, place, attempt, turn });
    }
}

impl Listener for Arc<Voice> {
    fn hear(&self, piece: &str) {
        let at = self.said.fetch_add(piece.len(), Ordering::Relaxed);
        let (run, place, attempt, turn) = (self.run.clone(), self.place.clone(), self.attempt, self.turn);
        self.tell(Event::Said { run, place, attempt, turn, at, text: piece.into() });
    }
}
