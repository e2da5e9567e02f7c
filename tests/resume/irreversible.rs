//! Irreversible effects start once, and again only after an answer that they have not happened.

use std::time::Duration;

use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::run::RunId;

use super::at_once::busy;
use super::odd::{Odd, odd};
use super::support::{Counts, process, settle};

#[step(effect = irreversible, timeout = "5s")]
async fn pay(n: &u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("pay");
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(*n)
}

#[workflow]
async fn with_branch(#[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(pay(&7, counts), busy(1))?;
    Ok(a + b)
}

#[tokio::test(start_paused = true)]
async fn an_old_answer_does_not_begin_a_step_that_timed_out_again() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let runtime = odd(&journal, &counts);
    let _slow = runtime.start(with_branch().id("r")).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(counts.of("pay"), 1);
    runtime.answer(&RunId::named("r"), "pay").did_not_happen().await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(counts.of("pay"), 2);
    // Any change to the run by another process.
    journal.hooks.news.notify_one();
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(counts.of("pay"), 2, "no new answer allowed it");
}

#[step(effect = irreversible, timeout = "5s")]
async fn ship(n: String, #[state] counts: &Counts) -> Result<u32> {
    counts.count("ship");
    flow::tokio::time::sleep(Duration::from_secs(if counts.of("ship") == 1 { 60 } else { 1 })).await;
    Ok(n.len() as u32)
}

#[workflow]
async fn shipping(#[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(ship("abc".to_owned(), counts), busy(1))?;
    Ok(a + b)
}

#[tokio::test(start_paused = true)]
async fn told_in_the_same_process_that_it_did_not_happen() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(shipping().id("r")).await.unwrap();
    flow::tokio::time::sleep(Duration::from_secs(6)).await;
    runtime.answer(&RunId::named("r"), "ship").did_not_happen().await.unwrap();
    let out = handle.result().await;
    assert_eq!(out.unwrap(), 4);
}

#[step]
pub async fn slowly(n: &u32) -> Result<Verdict> {
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(Verdict::ensure(*n > 0, "nothing"))
}

#[step(effect = irreversible, gate = slowly)]
async fn wire(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("wire");
    Ok(n)
}

#[workflow]
async fn wiring(#[state] counts: &Counts) -> Result<u32> {
    wire(3, counts).await
}

#[tokio::test(start_paused = true)]
async fn an_irreversible_step_whose_output_is_recorded_asks_nobody() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(wiring().id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    let runtime = process(&journal, &counts);
    let out = flow::tokio::time::timeout(Duration::from_secs(600), runtime.run(wiring().id("r"))).await;
    assert_eq!(out.unwrap().unwrap(), 3);
}

#[step(effect = irreversible)]
async fn burn(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("burn");
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(n)
}

#[workflow]
async fn burning(#[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(burn(7, counts), busy(1))?;
    Ok(a + b)
}

#[tokio::test(start_paused = true)]
async fn an_old_answer_does_not_begin_an_irreversible_step_again() {
    let (journal, counts) = (Odd::new(&Memory::new()), Counts::default());
    let id = RunId::named("r");
    // The process dies while the step is under way.
    let runtime = odd(&journal, &counts);
    drop(runtime.start(burning().id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    // A person answers that it has not happened; the step starts again, and the process dies again.
    let runtime = odd(&journal, &counts);
    drop(runtime.start(burning().id("r")).await.unwrap());
    settle().await;
    runtime.answer(&id, "burn").did_not_happen().await.unwrap();
    settle().await;
    assert_eq!(counts.of("burn"), 2);
    runtime.shut_down(Duration::ZERO).await;
    // The person is asked again. A change by another process makes this one read the run.
    let runtime = odd(&journal, &counts);
    drop(runtime.start(burning().id("r")).await.unwrap());
    settle().await;
    assert_eq!(runtime.runs(&Query::all()).await.unwrap()[0].waits.len(), 1);
    journal.hooks.news.notify_one();
    settle().await;
    assert_eq!(counts.of("burn"), 2, "no new answer allowed it");
}

#[tokio::test(start_paused = true)]
async fn cancel_in_the_middle_of_an_irreversible_step_says_so() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(burning().id("r")).await.unwrap();
    settle().await;
    let mut events = handle.events();
    handle.cancel().await.unwrap();
    let mut told = Vec::new();
    while let Some(event) = events.next().await {
        told.push(format!("{event:?}"));
    }
    assert!(told.iter().any(|event| event.contains("may or may not have happened")));
}
