//! Answers and signals whose senders go away: they take effect completely or not at all.

use std::time::Duration;

use flow::prelude::*;
use flow::run::{Record, RunId, Status};
use flow::serde_json::json;
use flow::{Handle, Said, Signalled, Workflow};

use super::{Try, however_early, slow};
use crate::support::{Counts, settle};

#[step(signal, timeout = "30d")]
async fn paid(order: u32) -> Result<u32>;

#[workflow]
async fn selling(order: u32, n: u32, #[state] counts: &Counts) -> Result<u32> {
    let n = paid(order).await? + n;
    slow(n, counts).await
}

#[step]
async fn small(n: &u32) -> Result<Verdict> {
    flow::tokio::task::yield_now().await;
    Ok(Verdict::ensure(*n < 100, "too much"))
}

#[step(human, timeout = "30d", gate = small)]
async fn counted(order: u32) -> Result<u32>;

#[step(human, timeout = "30d")]
async fn approve(n: u32) -> Result<Review<u32>>;

#[workflow]
async fn approving(n: u32, #[state] counts: &Counts) -> Result<u32> {
    let n = match approve(n).await? {
        Review::Accept(n) | Review::Edit(n) => n,
        Review::Reject { .. } => 0,
    };
    slow(n, counts).await
}

#[workflow]
async fn counting(order: u32, #[state] counts: &Counts) -> Result<u32> {
    let n = counted(order).await?;
    slow(n, counts).await
}

/// Times out the first time.
#[step(effect = irreversible, timeout = "5s")]
async fn pay(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("pay");
    flow::tokio::time::sleep(Duration::from_secs(if counts.of("pay") == 1 { 60 } else { 1 })).await;
    Ok(n)
}

#[workflow]
async fn paying(n: u32, #[state] counts: &Counts) -> Result<u32> {
    let n = pay(n, counts).await?;
    slow(n, counts).await
}

/// Abandons an answer to a waiting run; if recorded, it must take effect. Returns whether the call ended and it was recorded.
async fn answered<T>(one: &Try, begun: Result<Handle<T>>, place: &str, said: Said) -> (bool, bool) {
    drop(begun.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    let id = RunId::named("r");
    let ended = one.abandoned(one.runtime.answer(&id, place).say(said.clone())).await;
    let stand = one.stand().await;
    let records = one.runtime.records(&id).await.unwrap();
    let written = records.iter().any(|record| matches!(record, Record::Answered { .. }));
    let status = if written { Status::Finished } else { Status::Waiting };
    assert_eq!(stand, [status], "{} polls of {said:?}", one.polls);
    assert_eq!(one.counts.of("slow"), u32::from(written));
    assert!(written || !ended, "{} polls of {said:?}", one.polls);
    (ended, written)
}

#[tokio::test(start_paused = true)]
async fn an_answer() {
    however_early(async |one| {
        let begun = one.runtime.start(selling(7, 1).id("r")).await;
        let (ended, _) = answered(one, begun, "paid", Said::Whole(json!(5))).await;
        ended
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_the_run_itself_judges() {
    however_early(async |one| {
        let begun = one.runtime.start(counting(7).id("r")).await;
        let (ended, _) = answered(one, begun, "counted", Said::Whole(json!(5))).await;
        one.is_over(ended)
    })
    .await;
}

/// After a rejected answer the step keeps waiting and accepts the next one.
#[tokio::test(start_paused = true)]
async fn an_answer_that_is_rejected() {
    however_early(async |one| {
        drop(one.runtime.start(counting(7).id("r")).await.unwrap());
        settle().await;
        let id = RunId::named("r");
        let ended = one.abandoned(one.runtime.answer(&id, "counted").with(json!(100))).await;
        assert_eq!(one.stand().await, [Status::Waiting], "{} polls", one.polls);
        one.runtime.answer(&id, "counted").with(json!(5)).await.unwrap();
        one.ends().await;
        one.is_over(ended)
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_review() {
    for said in [Said::Accept, Said::Edit(json!(5)), Said::Reject("no".to_owned())] {
        however_early(async |one| {
            let begun = one.runtime.start(approving(7).id("r")).await;
            let (ended, _) = answered(one, begun, "approve", said.clone()).await;
            ended
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn whether_an_effect_has_happened() {
    for (said, times) in [(Said::Happened(json!(7)), 1), (Said::DidNotHappen, 2)] {
        however_early(async |one| {
            let begun = one.runtime.start(paying(7).id("r")).await;
            let (ended, written) = answered(one, begun, "pay", said.clone()).await;
            assert_eq!(one.counts.of("pay"), if written { times } else { 1 }, "{} polls of {said:?}", one.polls);
            ended
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_signal_to_several_runs() {
    for by_id in [false, true] {
        however_early(async |one| {
            for n in 0..3 {
                drop(one.runtime.start(selling(7, n).id(format!("r{n}"))).await.unwrap());
            }
            settle().await;
            let signal = || match by_id {
                true => one.runtime.signal_by_id("paid", json!(7), json!(5)).id("evt"),
                false => one.runtime.signal(paid, 7, &5),
            };
            let ended = one.abandoned(signal()).await;
            let stand = one.stand().await;
            let all = |status| stand.iter().all(|other| *other == status);
            assert!(all(Status::Finished) || all(Status::Waiting), "{} polls: {stand:?}", one.polls);
            if by_id {
                let repeat = signal().await.unwrap();
                assert!(matches!(repeat, Signalled::Given(_) | Signalled::Repeated), "{repeat:?}");
                one.ends().await;
            }
            ended
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_signal_that_comes_early() {
    however_early(async |one| {
        // The workflow with the signal step must be known.
        drop(one.runtime.start(selling(1, 0).id("other")).await.unwrap());
        settle().await;
        let signal = || one.runtime.signal_by_id("paid", json!(7), json!(5)).id("evt");
        let ended = one.abandoned(signal()).await;
        let again = signal().await.unwrap();
        assert!(matches!(again, Signalled::Kept(_) | Signalled::Repeated), "{again:?}");
        assert_eq!(one.runtime.run(selling(7, 1).id("r")).await.unwrap(), 60);
        drop(one.runtime.start(selling(7, 1).id("s")).await.unwrap());
        assert_eq!(one.stand().await, [Status::Waiting, Status::Finished, Status::Waiting], "it was kept once");
        ended
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_start_that_takes_a_kept_signal() {
    however_early(async |one| {
        drop(one.runtime.start(selling(1, 0).id("other")).await.unwrap());
        settle().await;
        let kept = one.runtime.signal(paid, 7, &5).await.unwrap();
        assert!(matches!(kept, Signalled::Kept(_)), "{kept:?}");
        let ended = one.abandoned(one.runtime.run(selling(7, 1).id("r"))).await;
        one.stand().await;
        assert_eq!(one.runtime.run(selling(7, 1).id("r")).await.unwrap(), 60, "{} polls", one.polls);
        assert_eq!(one.counts.of("slow"), 1);
        one.is_over(ended)
    })
    .await;
}

/// A runtime without a journal, with a run that waits in memory.
async fn in_memory<T: Send + 'static>(one: &Try, workflow: impl Workflow<T>) -> (Runtime, Handle<T>) {
    let runtime = Runtime::builder().state(one.counts.clone()).build().unwrap();
    let handle = runtime.start(workflow).await.unwrap();
    settle().await;
    (runtime, handle)
}

#[tokio::test(start_paused = true)]
async fn answers_and_signals_without_a_journal() {
    let id = RunId::named("r");
    for signals in [false, true] {
        however_early(async |one| {
            let (runtime, handle) = in_memory(one, selling(7, 1).id("r")).await;
            let ended = match signals {
                true => one.abandoned(runtime.signal(paid, 7, &5)).await,
                false => one.abandoned(runtime.answer(&id, "paid").with(json!(5))).await,
            };
            settle().await;
            if !runtime.waits().await.unwrap().is_empty() {
                assert!(!ended);
                runtime.answer(&id, "paid").with(json!(5)).await.unwrap();
            }
            assert_eq!(handle.result().await.unwrap(), 60);
            ended
        })
        .await;
    }
    however_early(async |one| {
        let (runtime, handle) = in_memory(one, counting(7).id("r")).await;
        let ended = one.abandoned(runtime.answer(&id, "counted").with(json!(100))).await;
        flow::tokio::time::sleep(Duration::from_secs(60)).await;
        runtime.answer(&id, "counted").with(json!(5)).await.unwrap();
        assert_eq!(handle.result().await.unwrap(), 50);
        one.is_over(ended)
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn looking_changes_nothing() {
    however_early(async |one| {
        drop(one.runtime.start(selling(7, 1).id("r")).await.unwrap());
        settle().await;
        let id = RunId::named("r");
        let looks = async {
            one.runtime.waits().await.unwrap();
            one.runtime.state(&id).await.unwrap();
            one.runtime.records(&id).await.unwrap();
            one.runtime.place_in(&id, "paid").await.unwrap();
            one.runtime.runs(&flow::journal::Query::all()).await.unwrap();
        };
        let ended = one.abandoned(looks).await;
        one.runtime.answer(&id, "paid").with(json!(5)).await.unwrap();
        one.ends().await;
        ended
    })
    .await;
}
