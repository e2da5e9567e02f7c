//! A bounded queue with one writer and any number of readers. Writing never waits; a reader that falls behind loses the
//! oldest items and is told how many.

use std::collections::VecDeque;
use std::fmt;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

pub(crate) struct Ring<T> {
    inner: Mutex<Inner<T>>,
    news: Notify,
}

struct Inner<T> {
    /// The retained items, each with its weight.
    kept: VecDeque<(T, usize)>,
    /// Number of items dropped before them.
    dropped: u64,
    weight: usize,
    limit: usize,
    is_closed: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next<T> {
    Item(T),
    /// The reader missed this many items.
    Missed(u64),
}

impl<T: Clone> Ring<T> {
    /// Creates a ring whose items weigh at most `limit` in total. The last item is kept whatever its weight.
    pub(crate) fn new(limit: usize) -> Self {
        let inner = Inner { kept: VecDeque::new(), dropped: 0, weight: 0, limit, is_closed: false };
        Self { inner: Mutex::new(inner), news: Notify::new() }
    }

    pub(crate) fn push(&self, item: T, weight: usize) {
        self.lock().push(item, weight);
        self.news.notify_waiters();
    }

    /// Marks the end: nothing more is written.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.news.notify_waiters();
    }

    /// Waits for a reader's next item; `None` at the end.
    pub(crate) async fn next(&self, at: &mut u64) -> Option<Next<T>> {
        loop {
            let mut news = pin!(self.news.notified());
            // Register first: otherwise an item pushed between the check and the wait would be missed.
            news.as_mut().enable();
            {
                let inner = self.lock();
                let next = inner.at(at);
                if next.is_some() || inner.is_closed {
                    return next;
                }
            }
            news.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Inner<T> {
    fn push(&mut self, item: T, weight: usize) {
        self.kept.push_back((item, weight));
        self.weight += weight;
        while self.weight > self.limit && self.kept.len() > 1 {
            let oldest = self.kept.pop_front();
            self.weight -= oldest.map_or(0, |(_, weight)| weight);
            self.dropped += 1;
        }
    }

    fn at(&self, at: &mut u64) -> Option<Next<T>> {
        if *at < self.dropped {
            let missed = self.dropped - *at;
            *at = self.dropped;
            return Some(Next::Missed(missed));
        }
        let (item, _) = self.kept.get(usize::try_from(*at - self.dropped).ok()?)?;
        *at += 1;
        Some(Next::Item(item.clone()))
    }
}

impl<T> fmt::Debug for Ring<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ring").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn rest(ring: &Ring<u32>, at: &mut u64) -> Vec<Next<u32>> {
        let mut found = Vec::new();
        while let Some(next) = ring.next(at).await {
            found.push(next);
        }
        found
    }

    #[tokio::test]
    async fn a_reader_that_falls_behind_is_told_how_much_it_has_missed() {
        let ring = Ring::new(3);
        let (mut slow, mut quick) = (0, 0);
        ring.push(1, 1);
        assert_eq!(ring.next(&mut quick).await, Some(Next::Item(1)));
        (2..=5).for_each(|item| ring.push(item, 1));
        ring.close();
        let last = [Next::Item(3), Next::Item(4), Next::Item(5)];
        assert_eq!(rest(&ring, &mut quick).await, [Next::Missed(1)].into_iter().chain(last).collect::<Vec<_>>());
        assert_eq!(rest(&ring, &mut slow).await.first(), Some(&Next::Missed(2)));
        assert_eq!(ring.next(&mut slow).await, None);
    }

    #[test]
    fn it_does_not_grow_and_keeps_the_last_item() {
        let ring = Ring::new(100);
        (0..100_000).for_each(|item| ring.push(item, 7));
        let size = || {
            let inner = ring.lock();
            (inner.kept.len(), inner.weight, inner.kept.capacity() <= 32)
        };
        assert_eq!(size(), (14, 98, true));
        ring.push(0, 1_000);
        assert_eq!(size(), (1, 1_000, true));
    }

    #[tokio::test]
    async fn a_reader_that_waits_is_woken() {
        let ring = std::sync::Arc::new(Ring::new(3));
        let reader = tokio::spawn({
            let ring = ring.clone();
            async move { rest(&ring, &mut 0).await }
        });
        tokio::task::yield_now().await;
        ring.push(1, 1);
        tokio::task::yield_now().await;
        ring.close();
        assert_eq!(reader.await.unwrap(), [Next::Item(1)]);
    }
}
