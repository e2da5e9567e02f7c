//! Waits for people or outside systems in runs without a journal: held in memory while the run is under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use flow::prelude::*;
use flow::run::{Record, RunId, Stamp, Wait};
use flow::serde_json::json;
use flow::tokio::{self, time::Instant};
use flow::{ErrorKind, Signalled};

use crate::support::{Book, Draft, Lines, draft, only};

#[step]
async fn shout(draft: &Draft) -> Result<Draft> {
    Ok(Draft { text: draft.text.to_uppercase() })
}

/// Says it better.
#[step(human, timeout = "3d")]
async fn rewrite(draft: &Draft) -> Result<Draft>;

/// Asks a person about long drafts alone.
#[workflow]
async fn checked(draft: Draft) -> Result<Draft> {
    let draft = shout(&draft).await?;
    if draft.text.len() < 10 {
        return Ok(draft);
    }
    rewrite(&draft).await
}

#[gate]
fn polite(review: &Review<Draft>) -> Verdict {
    Verdict::ensure(!matches!(review, Review::Edit(draft) if draft.text == "damn"), "mind your language")
}

/// Only the run can ask it.
#[step]
async fn short(review: &Review<Draft>) -> Result<Verdict> {
    Ok(Verdict::ensure(!matches!(review, Review::Edit(draft) if draft.text.len() > 9), "too long"))
}

#[step(human, timeout = "3d", gate = polite, gate = short)]
async fn approve(draft: &Draft) -> Result<Review<Draft>>;

#[workflow]
async fn publish(draft: Draft) -> Result<Draft> {
    match approve(&draft).await? {
        Review::Accept(draft) | Review::Edit(draft) => Ok(draft),
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

#[step(human, timeout = "3d", on_timeout = accept)]
async fn glance(draft: &Draft) -> Result<Review<Draft>>;

#[workflow]
async fn glancing(draft: Draft) -> Result<Review<Draft>> {
    glance(&draft).await
}

#[gate]
fn positive(cents: &u32) -> Verdict {
    Verdict::ensure(*cents > 0, "nothing was paid")
}

#[step(signal, timeout = "1h", gate = positive)]
async fn paid(invoice: u32) -> Result<u32>;

#[workflow]
async fn paying(invoice: u32) -> Result<u32> {
    paid(invoice).await
}

/// A runtime whose clock follows tokio's, which the test has paused, and counts its readings.
fn runtime(looks: &Arc<AtomicU32>) -> Runtime {
    let (begun, looks) = (Instant::now(), looks.clone());
    let now = move || {
        looks.fetch_add(1, SeqCst);
        Stamp(1_800_000_000_000).plus(begun.elapsed())
    };
    Runtime::builder().clock(now).build().unwrap()
}

fn plain() -> Runtime {
    runtime(&Arc::default())
}

/// The waits, once there are `count` of them.
async fn waiting(runtime: &Runtime, count: usize) -> Vec<Wait> {
    loop {
        let waits = runtime.waits().await.unwrap();
        if waits.len() == count {
            return waits;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_run_that_asks_nobody_ends_by_itself() {
    assert_eq!(plain().run(checked(draft("good"))).await.unwrap(), draft("GOOD"));
}

#[tokio::test(start_paused = true)]
async fn the_answer_finds_the_step_that_waits_in_memory() {
    let runtime = plain();
    let handle = runtime.start(checked(draft("too long for that"))).await.unwrap();
    let [wait] = &waiting(&runtime, 1).await[..] else { unreachable!() };
    assert_eq!((&wait.run, wait.place.as_str()), (handle.id(), "rewrite"));
    assert_eq!(wait.until, Some(wait.at.plus(Duration::from_secs(3 * 24 * 3600))));

    let wrong = runtime.answer(handle.id(), "rewrite").with(json!({ "text": 7 })).await.unwrap_err();
    assert!(wrong.to_string().contains("at `/text`: expected string, found number 7"), "{wrong}");
    let elsewhere = runtime.answer(handle.id(), "shout").accept().await.unwrap_err();
    assert!(elsewhere.message().starts_with("no step is waiting at `shout` in run"), "{elsewhere}");
    runtime.answer(handle.id(), "rewrite").by("ann").with(json!({ "text": "short" })).await.unwrap();
    let second = runtime.answer(handle.id(), "rewrite").with(json!({ "text": "other" })).await.unwrap_err();
    assert!(second.message().contains("or it was already answered"), "{second}");
    assert_eq!(handle.result().await.unwrap(), draft("short"));
}

#[tokio::test(start_paused = true)]
async fn gates_judge_an_answer_and_the_wait_goes_on() {
    let runtime = plain();
    let handle = runtime.start(publish(draft("good"))).await.unwrap();
    for (text, reason) in [("damn", "mind your language"), ("far too long", "too long")] {
        waiting(&runtime, 1).await;
        let error = runtime.answer(handle.id(), "approve").edit(json!({ "text": text })).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Rejected { reasons, .. } if *reasons == [reason]), "{error}");
    }
    let rejected = waiting(&runtime, 1).await[0].rejected.clone().unwrap();
    assert_eq!((rejected.times, rejected.reasons), (1, vec!["too long".to_owned()]), "by the run itself");
    runtime.answer(handle.id(), "approve").edit(json!({ "text": "better" })).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), draft("better"));
}

#[tokio::test(start_paused = true)]
async fn the_time_limit_ends_the_wait_and_the_clock_is_looked_at_once_a_minute() {
    let looks = Arc::new(AtomicU32::new(0));
    let runtime = runtime(&looks);
    assert_eq!(runtime.run(glancing(draft("good"))).await.unwrap(), Review::Accept(draft("good")));
    assert!(looks.load(SeqCst) < 3 * 24 * 60 + 100, "{} looks", looks.load(SeqCst));
    let error = runtime.run(publish(draft("good"))).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TimedOut { .. }), "{error}");
    assert!(runtime.run(paying(7)).await.is_err());
    assert!(runtime.waits().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_dropped_or_cancelled_waits_no_more() {
    let runtime = plain();
    let handle = runtime.start(publish(draft("good"))).await.unwrap();
    let dropped = tokio::spawn(runtime.run(publish(draft("bad")).id("dropped")));
    waiting(&runtime, 2).await;
    dropped.abort();
    handle.cancel().await.unwrap();
    waiting(&runtime, 0).await;
    let error = runtime.answer(&RunId::named("dropped"), "approve").accept().await.unwrap_err();
    assert!(error.message().contains("only runs in progress in this process can be answered"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_taken_in_by_a_run_that_the_caller_polls() {
    let runtime = plain();
    let id = RunId::named("polled");
    let mut run = Box::pin(runtime.run(publish(draft("good")).id("polled")));
    assert!(futures_util::poll!(run.as_mut()).is_pending());
    let taken = runtime.answer(&id, "approve").say(flow::Said::Edit(json!({ "text": "far too long" }))).await.unwrap();
    assert_eq!(taken.judged_later, ["short"], "no task could judge it meanwhile");
    assert!(futures_util::poll!(run.as_mut()).is_pending());
    runtime.answer(&id, "approve").say(flow::Said::Accept).await.unwrap();
    assert_eq!(run.await.unwrap(), draft("good"));
}

#[tokio::test(start_paused = true)]
async fn a_signal_is_given_to_all_that_wait_for_its_key() {
    let runtime = plain();
    let start = async |invoice| runtime.start(paying(invoice)).await.unwrap();
    let (one, same, other) = (start(7).await, start(7).await, start(8).await);
    waiting(&runtime, 3).await;
    let Signalled::Rejected(rejected) = runtime.signal(paid, 7, &0).await.unwrap() else { panic!() };
    assert_eq!(rejected.len(), 2);
    let Signalled::Given(given) = runtime.signal(paid, 7, &700).id("evt").await.unwrap() else { panic!() };
    assert_eq!(given.len(), 2);
    assert!(matches!(runtime.signal(paid, 7, &700).id("evt").await.unwrap(), Signalled::Repeated));
    assert_eq!((one.result().await.unwrap(), same.result().await.unwrap()), (700, 700));
    let by_id = runtime.signal_by_id("paid", json!(8), json!(800)).await.unwrap();
    assert!(matches!(by_id, Signalled::Given(_)), "{by_id:?}");
    assert_eq!(other.result().await.unwrap(), 800);
}

#[tokio::test(start_paused = true)]
async fn a_signal_that_comes_early_is_kept_in_memory() {
    let runtime = Runtime::builder().workflow(paying).build().unwrap();
    for cents in [0, 700, 900] {
        let sent = runtime.signal_by_id("paid", json!(7), json!(cents)).id(format!("evt{cents}")).await.unwrap();
        assert!(matches!(sent, Signalled::Kept(_)), "{sent:?}");
    }
    assert!(matches!(runtime.signal(paid, 7, &9).id("evt700").await.unwrap(), Signalled::Repeated));
    let fits = runtime.signal_by_id("posted", json!(7), json!(1)).await.unwrap();
    assert!(matches!(fits, Signalled::FitsNoStep), "{fits:?}");
    let key = runtime.signal_by_id("paid", json!("seven"), json!(1)).await.unwrap_err();
    assert!(matches!(key.kind(), ErrorKind::ContractViolated { .. }), "{key}");
    assert_eq!(runtime.run(paying(7)).await.unwrap(), 700, "the first is rejected, and the next one taken");
    assert_eq!(runtime.run(paying(7)).await.unwrap(), 900);
}

#[tokio::test(start_paused = true)]
async fn a_step_alone_waits_too() {
    let runtime = plain();
    let (step, asked) = (runtime.clone(), draft("good"));
    let step = tokio::spawn(async move { step.step(rewrite(&asked)).await });
    let [wait] = &waiting(&runtime, 1).await[..] else { unreachable!() };
    runtime.answer(&wait.run, wait.place.as_str()).with(json!({ "text": "better" })).await.unwrap();
    assert_eq!(step.await.unwrap().unwrap(), draft("better"));
}

#[tokio::test(start_paused = true)]
async fn whoever_watches_is_told_of_the_wait_and_the_answer() {
    let (lines, book) = (Lines::default(), Book::default());
    let runtime = Runtime::builder().observe(lines.clone()).observe(book.clone()).build().unwrap();
    let handle = runtime.start(paying(7)).await.unwrap();
    waiting(&runtime, 1).await;
    assert!(matches!(runtime.signal(paid, 7, &0).by("bank").await.unwrap(), Signalled::Rejected(_)));
    assert!(matches!(runtime.signal(paid, 7, &700).by("bank").await.unwrap(), Signalled::Given(_)));
    handle.result().await.unwrap();
    assert_eq!(only(&lines.all(), "will wait"), [" paid"]);
    let records = book.records();
    let told = records.iter().filter_map(|record| match record {
        Record::Waiting(wait) => Some(format!("waits for {}", wait.key)),
        Record::AnswerRejected { by, reasons, .. } => Some(format!("rejected {reasons:?} {by:?}")),
        Record::Answered { by, answer, .. } => Some(format!("answered {answer} {by:?}")),
        _ => None,
    });
    let told: Vec<_> = told.collect();
    let bank = r#"Some("bank")"#;
    let wanted = ["waits for 7", &format!(r#"rejected ["nothing was paid"] {bank}"#), &format!("answered 700 {bank}")];
    assert_eq!(told, wanted);
}
