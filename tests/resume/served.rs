//! When a failed run resumes, gates that are steps, fallbacks and compensations start again with the step they serve.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use flow::Ending;
use flow::journal::Memory;
use flow::prelude::*;
use flow::run::RunId;
use flow::serde_json::json;

use super::support::{Counts, process};

#[step]
async fn fair(text: &String) -> Result<Verdict> {
    if text == "a1" {
        return Ok(Verdict::reject("not a1"));
    }
    if text == "b1" {
        flow::bail!("the judge is out");
    }
    Ok(Verdict::accept())
}

#[step(gate = fair)]
async fn write(what: String, #[state] counts: &Counts) -> Result<String> {
    counts.count("write");
    Ok(format!("{what}{}", counts.of("write")))
}

#[workflow]
async fn judged(what: String, #[state] counts: &Counts) -> Result<String> {
    write(what, counts).await
}

async fn gate_then_resume(what: &str) {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    runtime.run(judged(what.into()).id("r")).await.unwrap_err();
    let again = runtime.resume(&RunId::named("r")).await.and_then(Ending::result);
    assert_eq!(again.unwrap(), json!(format!("{what}2")));
}

#[tokio::test(start_paused = true)]
async fn rejected_by_a_gate_step_then_resumed() {
    gate_then_resume("a").await
}

#[tokio::test(start_paused = true)]
async fn gate_step_failed_then_resumed() {
    gate_then_resume("b").await
}

#[step]
async fn spare(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("spare");
    if counts.of("spare") == 1 {
        flow::bail!("spare out")
    }
    Ok(n)
}

#[step(fallback = spare)]
async fn main_way(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("main");
    let _ = n;
    flow::bail!("main out")
}

#[workflow]
async fn backed(#[state] counts: &Counts) -> Result<u32> {
    main_way(3, counts).await
}

#[tokio::test(start_paused = true)]
async fn fallback_failed_then_resumed() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    runtime.run(backed().id("r")).await.unwrap_err();
    let again = runtime.resume(&RunId::named("r")).await.and_then(Ending::result);
    assert_eq!(again.unwrap(), json!(3));
}

static TRIES: AtomicU32 = AtomicU32::new(0);
#[step(compensate = give)]
async fn take(n: u32) -> Result<u32> {
    Ok(n)
}

#[step(effect = idempotent)]
async fn give(n: u32) -> Result<()> {
    let _ = n;
    if TRIES.fetch_add(1, SeqCst) == 0 {
        flow::bail!("the other side is down")
    }
    Ok(())
}

#[step]
async fn no(n: u32) -> Result<u32> {
    let _ = n;
    flow::bail!("no")
}

#[workflow]
async fn taking() -> Result<u32> {
    let n = take(1).await?;
    no(n).await
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_undone_is_undone_by_a_resume() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    runtime.run(taking().id("r")).await.unwrap_err();
    runtime.resume(&RunId::named("r")).await.and_then(Ending::result).unwrap_err();
    assert_eq!(TRIES.load(SeqCst), 2);
}
