//! The clients that follow the events of runs.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flow_runtime::event::Event;
use flow_runtime::run::RunId;
use tokio::sync::Notify;

/// How many bytes of pieces of answers wait for a client that reads slowly.
const PIECES: usize = 64 * 1024;

/// The bytes counted for a piece besides its text.
const PIECE: usize = size_of::<Event>();

/// How many other events wait.
const EVENTS: usize = 1024;

/// The clients that follow runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Followers(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// How many there are, so that runs that nobody follows take no lock.
    count: AtomicUsize,
    runs: Mutex<HashMap<RunId, Vec<Arc<Queue>>>>,
}

impl Followers {
    pub(super) fn add(&self, run: &RunId) -> Follower {
        let queue = Arc::new(Queue::default());
        self.0.runs().entry(run.clone()).or_default().push(queue.clone());
        self.0.count.fetch_add(1, Ordering::AcqRel);
        Follower { inner: self.0.clone(), run: run.clone(), queue }
    }

    pub(super) fn has(&self, run: &RunId) -> bool {
        self.0.count.load(Ordering::Acquire) > 0 && self.0.runs().contains_key(run)
    }

    pub(super) fn tell(&self, event: &Event) {
        if self.0.count.load(Ordering::Acquire) == 0 {
            return;
        }
        if let Some(queues) = self.0.runs().get(event.run()) {
            queues.iter().for_each(|queue| queue.push(event.clone()));
        }
    }
}

impl Inner {
    fn runs(&self) -> MutexGuard<'_, HashMap<RunId, Vec<Arc<Queue>>>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client that follows a run.
#[derive(Debug)]
pub(crate) struct Follower {
    inner: Arc<Inner>,
    run: RunId,
    queue: Arc<Queue>,
}

/// What a client reads next.
#[derive(Debug)]
pub(crate) enum Followed {
    Event(Event),
    /// This many events were dropped, because the client reads too slowly.
    Missed(u64),
}

impl Follower {
    /// Waits for the next event. Cancel safe.
    pub(crate) async fn next(&self) -> Followed {
        loop {
            if let Some(next) = self.take() {
                return next;
            }
            self.queue.news.notified().await;
        }
    }

    /// Takes the next event, if there is one.
    pub(crate) fn take(&self) -> Option<Followed> {
        let mut waiting = self.queue.waiting();
        match std::mem::take(&mut waiting.missed) {
            0 => waiting.pop().map(Followed::Event),
            missed => Some(Followed::Missed(missed)),
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.inner.count.fetch_sub(1, Ordering::AcqRel);
        let mut runs = self.inner.runs();
        if let Some(queues) = runs.get_mut(&self.run) {
            queues.retain(|queue| !Arc::ptr_eq(queue, &self.queue));
            if queues.is_empty() {
                runs.remove(&self.run);
            }
        }
    }
}

/// The events that a client has not read.
#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    news: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    events: VecDeque<Event>,
    /// How many bytes of them are pieces, and how many are not.
    pieces: usize,
    others: usize,
    missed: u64,
}

impl Queue {
    fn push(&self, event: Event) {
        self.waiting().push(event);
        self.news.notify_one();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn push(&mut self, event: Event) {
        self.count(&event, true);
        self.events.push_back(event);
        while self.pieces > PIECES && self.drop_first(|event| weight(event) > 0) {}
        while self.others > EVENTS && self.drop_first(|event| weight(event) == 0) {}
    }

    fn pop(&mut self) -> Option<Event> {
        let event = self.events.pop_front()?;
        self.count(&event, false);
        Some(event)
    }

    fn drop_first(&mut self, is_one: impl Fn(&Event) -> bool) -> bool {
        let first = self.events.iter().position(is_one);
        let Some(event) = first.and_then(|at| self.events.remove(at)) else { return false };
        self.count(&event, false);
        self.missed += 1;
        true
    }

    fn count(&mut self, event: &Event, is_added: bool) {
        let (sum, amount) = match weight(event) {
            0 => (&mut self.others, 1),
            bytes => (&mut self.pieces, bytes),
        };
        *sum = if is_added { *sum + amount } else { *sum - amount };
    }
}

/// The bytes counted for a piece of an answer; 0 for other events.
fn weight(event: &Event) -> usize {
    match event {
        Event::Said { text, .. } => PIECE + text.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(run: &RunId, at: usize, text: &str) -> Event {
        let place = serde_json::from_value("write".into()).unwrap();
        Event::Said { run: run.clone(), place, attempt: 1, turn: None, at, text: text.into() }
    }

    fn rest(follower: &Follower) -> Vec<String> {
        let shown = |next| match next {
            Followed::Event(event) => event.to_string(),
            Followed::Missed(events) => format!("missed {events}"),
        };
        std::iter::from_fn(|| follower.take()).map(shown).collect()
    }

    #[test]
    fn a_client_gets_the_events_of_its_run_while_it_follows() {
        let (followers, [one, other]) = (Followers::default(), ["one", "other"].map(RunId::named));
        followers.tell(&said(&one, 0, "early"));
        let follower = followers.add(&one);
        assert!(followers.has(&one) && !followers.has(&other));
        followers.tell(&said(&one, 0, "yes"));
        followers.tell(&said(&other, 0, "no"));
        assert_eq!(rest(&follower), ["said write #1 at 0: \"yes\""]);
        drop(follower);
        assert!(!followers.has(&one));
    }

    #[test]
    fn a_slow_client_loses_the_oldest_pieces_and_is_told_how_many() {
        let (followers, run) = (Followers::default(), RunId::named("a"));
        let follower = followers.add(&run);
        followers.tell(&Event::WillRun { run: run.clone(), workflow: "w" });
        let piece = "x".repeat(PIECES / 4 - PIECE);
        (0..10).for_each(|at| followers.tell(&said(&run, at, &piece)));
        followers.tell(&Event::DidRun { run: run.clone(), error: None });
        let rest = rest(&follower);
        assert_eq!((rest.len(), &*rest[0], &*rest[1]), (7, "missed 6", "will run w"));
        assert!(rest[2].starts_with("said write #1 at 6: "), "{}", rest[2]);
    }
}
