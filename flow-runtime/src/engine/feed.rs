//! The latest events of a run, kept for its handle.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::mutex::lock;
use super::so_far::{Answer, SoFar};
use crate::bill::Bill;
use crate::event::Event;
use crate::place::Place;
use crate::ring::{Next, Ring};

/// How many events of a run are kept for its handle, besides pieces of answers.
const EVENTS: usize = 1024;

/// How many bytes of pieces of answers are kept besides. A process may stream thousands of answers at once, and the text of each is
/// kept anyway.
const PIECES: usize = 8 * 1024;

/// The bytes counted for a piece besides its text and place.
const PIECE: usize = size_of::<Event>();

/// The latest events of one run, kept for its handle.
#[derive(Debug)]
pub(super) struct Feed {
    events: Ring<Event>,
    /// How many readers there are. Answers are streamed only if there is one.
    readers: AtomicUsize,
    state: Mutex<State>,
    /// Requests that the run, which has no journal, be cancelled and undone.
    undo: Notify,
}

#[derive(Debug, Default)]
struct State {
    bill: Bill,
    /// The answers that models are giving, or have given to steps that have not ended.
    answers: HashMap<Place, Answer>,
}

impl Default for Feed {
    fn default() -> Self {
        let (readers, state, undo) = Default::default();
        Self { events: Ring::with_minor(EVENTS, PIECES), readers, state, undo }
    }
}

impl Feed {
    pub(super) fn push(&self, event: Event) {
        let minor = match &event {
            Event::Said { place, text, .. } => Some(PIECE + place.as_str().len() + text.len()),
            _ => None,
        };
        lock(&self.state).add(&event);
        match minor {
            Some(weight) => self.events.push_minor(event, weight),
            None => self.events.push(event, 1),
        }
    }

    /// Prepares for the pieces of an answer.
    pub(super) fn begin(&self, place: Place, answer: Answer) {
        lock(&self.state).answers.insert(place, answer);
    }

    /// Forgets the answer at a place, since the next one is not streamed.
    pub(super) fn forget(&self, place: &Place) {
        lock(&self.state).answers.remove(place);
    }

    /// Returns attempt and turn of the answer that was last said at a place, unless it was taken back.
    pub(super) fn last_said(&self, place: &Place) -> Option<(u32, Option<u32>)> {
        let state = lock(&self.state);
        state.answers.get(place).filter(|answer| !answer.is_empty()).map(Answer::turn)
    }

    pub(super) fn so_far(&self, place: &Place) -> Option<SoFar> {
        lock(&self.state).answers.get(place).filter(|answer| !answer.is_empty()).map(Answer::so_far)
    }

    pub(super) fn bill(&self) -> Bill {
        lock(&self.state).bill.clone()
    }

    pub(super) fn reads(&self) {
        self.readers.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn leaves(&self) {
        self.readers.fetch_sub(1, Ordering::AcqRel);
    }

    pub(super) fn is_read(&self) -> bool {
        self.readers.load(Ordering::Acquire) > 0
    }

    /// Asks the run to stop and undo its steps.
    pub(super) fn undo(&self) {
        self.undo.notify_one();
    }

    /// Waits until the run is asked to stop and undo its steps.
    pub(super) async fn undone(&self) {
        self.undo.notified().await;
    }

    pub(super) fn close(&self) {
        self.events.close();
    }

    /// Waits for a reader's next event; `None` after the last.
    pub(super) async fn next(&self, at: &mut u64) -> Option<Next<Event>> {
        self.events.next(at).await
    }
}

impl State {
    fn add(&mut self, event: &Event) {
        match event {
            Event::Said { place, text, .. } => {
                if let Some(answer) = self.answers.get_mut(place) {
                    answer.push(text);
                }
            }
            Event::DidTakeBack { place, .. } | Event::DidStep { place, .. } => {
                self.answers.remove(place);
            }
            _ => self.bill.add(event),
        }
    }
}

/// Closes a feed when its run is over, even if the run's task was aborted.
pub(super) struct Closing(pub(super) Option<Arc<Feed>>);

impl Drop for Closing {
    fn drop(&mut self) {
        if let Some(feed) = &self.0 {
            feed.close();
        }
    }
}
