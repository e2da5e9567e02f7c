//! Callers that drop a call halfway: what was recorded is carried through to its end, whoever recorded it.

mod answers;
mod ends;
mod paced;

use std::future::Future;
use std::time::Duration;

use flow::Ending;
use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::run::{Record, RunId, Status};
use flow::serde_json::json;
use flow::tokio::task::yield_now;
use futures_util::poll;

use self::paced::Paced;
use super::support::{Counts, settle};

#[step]
async fn first(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("first");
    Ok(n + 1)
}

#[step]
async fn slow(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("slow");
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(n * 10)
}

#[workflow]
async fn chain(n: u32, #[state] counts: &Counts) -> Result<u32> {
    let n = first(n, counts).await?;
    slow(n, counts).await
}

/// Fails the first time.
#[step]
async fn shaky(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("shaky");
    match counts.of("shaky") {
        1 => flow::bail!("not yet"),
        _ => Ok(n),
    }
}

#[workflow]
async fn failing(n: u32, #[state] counts: &Counts) -> Result<u32> {
    let n = shaky(n, counts).await?;
    slow(n, counts).await
}

/// One attempt: a journal, its runtime, and counts of the bodies that started.
struct Try {
    polls: usize,
    /// How often other tasks are polled between two polls of the call.
    yields: usize,
    counts: Counts,
    runtime: Runtime,
}

impl Try {
    /// Polls a call `polls` times, then drops it. Returns whether it was ready.
    async fn abandoned<T>(&self, call: impl Future<Output = T>) -> bool {
        let mut call = Box::pin(call);
        for _ in 0..self.polls {
            if poll!(call.as_mut()).is_ready() {
                return true;
            }
            for _ in 0..self.yields {
                yield_now().await;
            }
        }
        false
    }

    /// Whether the call was polled long enough for other tasks to end it; without yields in between, they never do.
    fn is_over(&self, ended: bool) -> bool {
        ended || self.polls > 100
    }

    /// The status of each run once no run can progress any further.
    async fn stand(&self) -> Vec<Status> {
        flow::tokio::time::sleep(Duration::from_secs(3600)).await;
        self.runtime.runs(&Query::all()).await.unwrap().iter().map(|run| run.status).collect()
    }

    /// Either nothing was recorded, or everything ran to its end and each body ran once.
    async fn ends(&self) {
        let stand = self.stand().await;
        assert!(stand.iter().all(|status| *status == Status::Finished), "{} polls: {stand:?}", self.polls);
        assert_eq!(self.counts.of("slow") as usize, stand.len(), "{} polls", self.polls);
    }
}

/// Tries a call that is dropped after 0, 1, 2, … polls until it ends.
async fn however_early(case: impl AsyncFn(&Try) -> bool) {
    for yields in [0, 1, 50] {
        for polls in 0.. {
            assert!(polls < 500, "the call never ends");
            let counts = Counts::default();
            let runtime = Runtime::test().journal(Paced::default()).state(counts.clone()).build().unwrap().0;
            let one = Try { polls, yields, counts, runtime };
            if case(&one).await {
                break;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_run() {
    however_early(async |one| {
        let ended = one.abandoned(one.runtime.run(chain(1).id("r"))).await;
        one.ends().await;
        one.is_over(ended)
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_run_with_an_id_of_its_own() {
    however_early(async |one| {
        let ended = one.abandoned(one.runtime.run(chain(1))).await;
        one.ends().await;
        one.is_over(ended)
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_start() {
    however_early(async |one| {
        let ended = one.abandoned(one.runtime.start(chain(1).id("r"))).await;
        one.ends().await;
        ended
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_submit() {
    however_early(async |one| {
        let runtime = Runtime::builder().journal(Paced::default()).state(one.counts.clone()).workflow(chain);
        let one = Try { runtime: runtime.build().unwrap(), counts: one.counts.clone(), ..*one };
        let id = RunId::named("r");
        let ended = one.abandoned(one.runtime.submit("chain", json!({ "n": 1 }), &id)).await;
        if ended {
            assert_eq!(one.stand().await, [Status::NoExecutor], "its submitter resumes it");
            one.runtime.resume(&id).await.and_then(Ending::result).unwrap();
        }
        one.ends().await;
        ended
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_resume_and_a_reopening_of_a_run_that_has_failed() {
    for reopens in [false, true] {
        however_early(async |one| {
            let id = RunId::named("r");
            one.runtime.run(failing(1).id("r")).await.unwrap_err();
            let ended = match reopens {
                true => one.abandoned(one.runtime.reopen(&id)).await,
                false => one.abandoned(one.runtime.resume(&id)).await,
            };
            let stand = one.stand().await;
            let resumed = one.runtime.records(&id).await.unwrap();
            let resumed = resumed.iter().any(|record| matches!(record, Record::RunResumed { .. }));
            assert_eq!(stand, [if resumed { Status::Finished } else { Status::Failed }], "{} polls", one.polls);
            one.is_over(ended)
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_fork() {
    however_early(async |one| {
        one.runtime.run(chain(1).id("r")).await.unwrap();
        let (run, new) = (RunId::named("r"), RunId::named("f"));
        let ended = one.abandoned(one.runtime.fork(&run, None, None, new.clone())).await;
        if ended {
            one.runtime.resume(&new).await.and_then(Ending::result).unwrap();
        }
        one.ends().await;
        ended
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn taking_up_all_runs() {
    however_early(async |one| {
        let journal = Paced::default();
        let runtime = || {
            let builder = Runtime::builder().journal(journal.clone()).state(one.counts.clone()).workflow(chain);
            builder.build().unwrap()
        };
        let before = runtime();
        for n in 0..3 {
            before.submit("chain", json!({ "n": n }), &RunId::named(format!("r{n}"))).await.unwrap();
        }
        before.shut_down(Duration::ZERO).await;
        let one = Try { runtime: runtime(), counts: one.counts.clone(), ..*one };
        let ended = one.abandoned(one.runtime.resume_all()).await;
        // Either all runs are resumed, or the caller was not told so and all report that they have no executor.
        let stand = one.stand().await;
        let all = |status| stand.iter().all(|other| *other == status);
        assert!(all(Status::Finished) || (!ended && all(Status::NoExecutor)), "{} polls: {stand:?}", one.polls);
        ended
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_run_that_nobody_executes_says_so_and_is_taken_up_when_it_is_asked_for() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = || {
        let builder = Runtime::builder().journal(journal.clone()).state(counts.clone()).workflow(chain);
        builder.build().unwrap()
    };
    let first = runtime();
    let handle = first.start(chain(1).id("r")).await.unwrap();
    settle().await;
    let id = RunId::named("r");
    assert_eq!(first.state(&id).await.unwrap().unwrap().status, Status::Running);
    assert!(first.runs(&Query::all().status([Status::NoExecutor])).await.unwrap().is_empty());
    first.shut_down(Duration::ZERO).await;
    drop((handle, first));

    let second = runtime();
    assert_eq!(second.state(&id).await.unwrap().unwrap().status, Status::NoExecutor);
    assert!(second.state(&RunId::named("s")).await.unwrap().is_none());
    let listed = async |status| second.runs(&Query::all().status([status]).limit(1)).await.unwrap().len();
    assert_eq!((listed(Status::NoExecutor).await, listed(Status::Running).await), (1, 0));
    let resumed = second.resume(&id);
    assert_eq!(second.state(&id).await.unwrap().unwrap().status, Status::Running);
    drop(resumed);
    assert_eq!(second.state(&id).await.unwrap().unwrap().status, Status::NoExecutor, "it was never polled");
    let handle = second.start(chain(1).id("r")).await.unwrap();
    assert_eq!(second.state(&id).await.unwrap().unwrap().status, Status::Running);
    assert_eq!(handle.result().await.unwrap(), 20);
}
