//! A journal whose calls a test can delay or fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};

use flow::journal::{AppendError, Memory};
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::{Record, RunId};
use flow::tokio::sync::{Notify, Semaphore};

use super::hooked::{Call, Hooked, Hooks, When};
use super::support::Counts;

/// News triggered by the test, and reads that are delayed after they were taken.
#[derive(Clone, Debug)]
pub(crate) struct Odd {
    pub(crate) news: Arc<Notify>,
    pub(crate) hold: Arc<AtomicBool>,
    pub(crate) go: Arc<Semaphore>,
    id: RunId,
    pub(crate) left: Arc<AtomicU32>,
}

impl Odd {
    pub(crate) fn new(inner: &Memory) -> Hooked<Self> {
        let hooks = Self {
            news: Arc::default(),
            hold: Arc::default(),
            go: Arc::new(Semaphore::new(0)),
            id: RunId::named("r"),
            left: Arc::new(AtomicU32::new(u32::MAX)),
        };
        Hooked::new(inner, hooks)
    }
}

impl Hooks for Odd {
    fn appends(&self, _: &[Record]) -> Result<(), AppendError> {
        match self.left.fetch_update(SeqCst, SeqCst, |left| Some(left.saturating_sub(1))).unwrap() {
            0 => Err(flow::Error::new(flow::ErrorKind::Journal, "full").into()),
            _ => Ok(()),
        }
    }

    fn holds(&self, call: Call, when: When) -> BoxFuture<'static, ()> {
        let odd = self.clone();
        Box::pin(async move {
            let looks = matches!(call, Call::State | Call::Read | Call::Runs) && when == When::After;
            if looks && odd.hold.swap(false, SeqCst) {
                odd.go.acquire().await.unwrap().forget();
            }
        })
    }

    fn news(&self) -> Option<BoxFuture<'static, Result<Vec<RunId>>>> {
        let (news, id) = (self.news.clone(), self.id.clone());
        Some(Box::pin(async move {
            news.notified().await;
            Ok(vec![id])
        }))
    }
}

pub(crate) fn odd(journal: &Hooked<Odd>, counts: &Counts) -> Runtime {
    Runtime::test().journal(journal.clone()).state(counts.clone()).build().unwrap().0
}
