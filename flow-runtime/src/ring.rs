//! A bounded queue with one writer and any number of readers. Writing never waits; a reader that falls behind loses the
//! oldest items and is told how many. Minor items have a limit of their own, so that many of them do not displace the others.

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
    kept: VecDeque<Kept<T>>,
    /// Number of items pushed so far.
    pushed: u64,
    major: Class,
    minor: Class,
    is_closed: bool,
}

struct Kept<T> {
    item: T,
    /// Its number among all items, from 0.
    number: u64,
    weight: usize,
    is_minor: bool,
}

/// The retained items with a common limit.
struct Class {
    items: usize,
    weight: usize,
    limit: usize,
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
        Self::with_minor(limit, 0)
    }

    /// Creates a ring whose minor items weigh at most `minor` in total, and all others `limit`.
    pub(crate) fn with_minor(limit: usize, minor: usize) -> Self {
        let (kept, major, minor) = (VecDeque::new(), Class::new(limit), Class::new(minor));
        let inner = Inner { kept, pushed: 0, major, minor, is_closed: false };
        Self { inner: Mutex::new(inner), news: Notify::new() }
    }

    pub(crate) fn push(&self, item: T, weight: usize) {
        self.add(item, weight, false);
    }

    pub(crate) fn push_minor(&self, item: T, weight: usize) {
        self.add(item, weight, true);
    }

    fn add(&self, item: T, weight: usize, is_minor: bool) {
        self.lock().push(item, weight, is_minor);
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
    fn push(&mut self, item: T, weight: usize, is_minor: bool) {
        self.kept.push_back(Kept { item, number: self.pushed, weight, is_minor });
        self.pushed += 1;
        let class = if is_minor { &mut self.minor } else { &mut self.major };
        class.items += 1;
        class.weight += weight;
        while class.weight > class.limit && class.items > 1 {
            // Usually the first, unless items of the other class are older.
            let oldest = self.kept.iter().position(|kept| kept.is_minor == is_minor);
            let Some(oldest) = oldest.and_then(|at| self.kept.remove(at)) else { return };
            class.items -= 1;
            class.weight -= oldest.weight;
        }
    }

    fn at(&self, at: &mut u64) -> Option<Next<T>> {
        let next = self.kept.get(self.kept.partition_point(|kept| kept.number < *at))?;
        if *at < next.number {
            let missed = next.number - *at;
            *at = next.number;
            return Some(Next::Missed(missed));
        }
        *at += 1;
        Some(Next::Item(next.item.clone()))
    }
}

impl Class {
    fn new(limit: usize) -> Self {
        Self { items: 0, weight: 0, limit }
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
            (inner.kept.len(), inner.major.weight, inner.kept.capacity() <= 32)
        };
        assert_eq!(size(), (14, 98, true));
        ring.push(0, 1_000);
        assert_eq!(size(), (1, 1_000, true));
    }

    #[tokio::test]
    async fn minor_items_displace_only_each_other() {
        let ring = Ring::with_minor(3, 2);
        let mut quick = 0;
        ring.push(1, 1);
        (2..=4).for_each(|item| ring.push_minor(item, 1));
        ring.push(5, 1);
        ring.push_minor(6, 1);
        assert_eq!(ring.next(&mut quick).await, Some(Next::Item(1)));
        ring.close();
        let last = [Next::Missed(2), Next::Item(4), Next::Item(5), Next::Item(6)];
        assert_eq!(rest(&ring, &mut quick).await, last);
        assert_eq!(rest(&ring, &mut 0).await.first(), Some(&Next::Item(1)));
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
