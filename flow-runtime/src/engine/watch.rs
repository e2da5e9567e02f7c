//! Delivers events and records to observers and handles.

use std::sync::Arc;

use super::feed::Feed;
use super::shared::Shared;
use crate::event::{Event, Observer};
use crate::place::RunId;
use crate::run::Record;

/// The observers of a run.
#[derive(Clone, Copy)]
pub(super) struct Watch<'a> {
    observers: &'a [Arc<dyn Observer>],
    feed: Option<&'a Arc<Feed>>,
}

impl Shared {
    pub(super) fn watch<'a>(&'a self, feed: Option<&'a Arc<Feed>>) -> Watch<'a> {
        Watch { observers: &self.observers, feed }
    }
}

impl Watch<'_> {
    /// Passes an event to observers and the feed. If there are none, the event is not even built.
    pub(super) fn event(&self, event: impl FnOnce() -> Event) {
        if self.is_quiet() {
            return;
        }
        let event = event();
        self.observers.iter().for_each(|observer| observer.event(&event));
        if let Some(feed) = self.feed {
            feed.push(event);
        }
    }

    /// Returns whether nobody receives events.
    pub(super) fn is_quiet(&self) -> bool {
        self.observers.is_empty() && self.feed.is_none()
    }

    pub(super) fn feed(&self) -> Option<&Arc<Feed>> {
        self.feed
    }

    /// Returns the observers that want the pieces of answers of a run, and the feed if it has a reader.
    pub(super) fn listeners(&self, run: &RunId) -> (Vec<Arc<dyn Observer>>, Option<Arc<Feed>>) {
        let observers = self.observers.iter().filter(|observer| observer.wants_pieces(run)).cloned().collect();
        (observers, self.feed.filter(|feed| feed.is_read()).cloned())
    }

    pub(super) fn record(&self, record: &Record) {
        self.observers.iter().filter(|observer| observer.wants_records()).for_each(|observer| observer.record(record));
    }

    pub(super) fn records(&self) -> bool {
        self.observers.iter().any(|observer| observer.wants_records())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::Next;

    #[tokio::test]
    async fn an_event_that_nobody_hears_is_not_built() {
        let shared = Shared::default();
        shared.watch(None).event(|| unreachable!("there is no observer"));

        let feed = Arc::new(Feed::default());
        let run = crate::place::RunId::named("r1");
        shared.watch(Some(&feed)).event(|| Event::DidRun { run, error: None });
        let next = feed.next(&mut 0).await;
        assert!(matches!(next, Some(Next::Item(Event::DidRun { .. }))), "{next:?}");
    }
}
