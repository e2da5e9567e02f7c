//! A client waiting for a run learns immediately when this process cannot continue it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use flow::Ending;
use flow::journal::Memory;
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::RunId;
use flow::service::Service;
use tokio::sync::Semaphore;

use crate::client::{open, read};
use crate::hooked::{Call, Hooked, Hooks, When};
use crate::support::Served;

mod first {
    use super::*;

    #[step(human, timeout = "7d")]
    async fn approve(text: &str) -> Result<Review<String>>;

    #[workflow]
    pub(super) async fn letter(text: String) -> Result<String> {
        match approve(&text).await? {
            Review::Accept(text) | Review::Edit(text) => Ok(text),
            Review::Reject { reason } => flow::bail!("{reason}"),
        }
    }
}

mod second {
    use super::*;

    #[step(human, timeout = "7d")]
    async fn agree(text: &str) -> Result<Review<String>>;

    #[workflow]
    pub(super) async fn letter(text: String) -> Result<String> {
        match agree(&text).await? {
            Review::Accept(text) | Review::Edit(text) => Ok(text),
            Review::Reject { reason } => flow::bail!("{reason}"),
        }
    }
}

/// A journal that delays resuming the run until the test releases it.
#[derive(Clone, Debug)]
struct Slow {
    is_asked: Arc<AtomicBool>,
    free: Arc<Semaphore>,
}

impl Hooks for Slow {
    fn holds(&self, call: Call, when: When) -> BoxFuture<'static, ()> {
        let slow = self.clone();
        Box::pin(async move {
            // The first read is the one that resumes the run.
            if (call, when) == (Call::State, When::Before) && !slow.is_asked.swap(true, SeqCst) {
                slow.free.acquire().await.unwrap().forget();
            }
        })
    }
}

#[tokio::test]
async fn who_waits_for_a_run_hears_at_once_that_it_is_stuck() {
    let memory = Memory::new();
    let runtime = Runtime::builder().journal(memory.clone()).workflow(first::letter).build().unwrap();
    let id = RunId::named("l1");
    runtime.submit("letter", flow::serde_json::json!({ "text": "Dear all" }), &id).await.unwrap();
    assert!(matches!(runtime.resume(&id).await.unwrap(), Ending::Waiting(_)));
    drop(runtime);

    let slow = Hooked::new(&memory, Slow { is_asked: Arc::default(), free: Arc::new(Semaphore::new(0)) });
    let builder = Runtime::builder().journal(slow.clone());
    let served = Served::of(Service::new(builder).workflow(second::letter)).await;
    while !slow.hooks.is_asked.load(SeqCst) {
        tokio::task::yield_now().await;
    }
    let waiting = open(served.at, "GET /runs/l1?wait=600", &[], "").await;
    let mut answer = tokio::spawn(read(waiting));
    let early = tokio::time::timeout(Duration::from_millis(100), &mut answer).await;
    assert!(early.is_err(), "the run is still being resumed");
    slow.hooks.free.add_permits(1);
    let run = tokio::time::timeout(Duration::from_secs(60), answer).await.expect("an answer").unwrap().json();
    assert_eq!(run["error"]["kind"], "diverged", "{run}");
    served.stop().await.unwrap();
}
