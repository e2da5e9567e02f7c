//! Runs that are cancelled from outside, and observed from their first event.

use std::time::Duration;

use flow::event::Event;
use flow::prelude::*;

use crate::support::{Crowd, Lines, rest};

#[step]
async fn forever(#[state] crowd: &Crowd) -> Result<u32> {
    let _present = crowd.enter();
    rest(u64::from(u32::MAX)).await;
    Ok(1)
}

#[workflow]
async fn stuck(#[state] crowd: &Crowd) -> Result<u32> {
    forever(crowd).await
}

#[step]
async fn quick(n: u32) -> Result<u32> {
    rest(10).await;
    Ok(n)
}

#[workflow]
async fn brief(n: u32) -> Result<u32> {
    quick(n).await
}

#[flow::tokio::test(start_paused = true)]
async fn dropping_a_run_drops_the_step_under_way() {
    let crowd = Crowd::default();
    let (runtime, happened) = Runtime::test().state(crowd.clone()).build().unwrap();
    let late = flow::tokio::time::timeout(Duration::from_secs(1), runtime.run(stuck())).await;
    assert!(late.is_err());
    assert_eq!((crowd.entered(), crowd.now()), (1, 0));
    assert_eq!(
        happened.lines(),
        [
            "will run stuck",
            "will step forever",
            "will attempt forever #1",
            "did step forever: the step was cancelled",
            "did run: the run was cancelled",
        ]
    );
}

#[flow::tokio::test(start_paused = true)]
async fn a_handle_cancels_its_run() {
    let crowd = Crowd::default();
    let runtime = Runtime::builder().state(crowd.clone()).build().unwrap();
    let handle = runtime.start(stuck()).await.unwrap();
    let mut events = handle.events();
    while crowd.entered() == 0 {
        rest(1).await;
    }
    handle.cancel().await.unwrap();
    assert_eq!(crowd.now(), 0);
    let mut lines = Vec::new();
    while let Some(event) = events.next().await {
        lines.push(event.to_string());
    }
    assert_eq!(lines.first().unwrap(), "will run stuck");
    assert_eq!(lines.last().unwrap(), "did run: the run was cancelled");
}

#[flow::tokio::test(start_paused = true)]
async fn a_run_that_has_ended_stays_as_it_is_when_it_is_cancelled() {
    let runtime = Runtime::builder().build().unwrap();
    let handle = runtime.start(brief(1)).await.unwrap();
    rest(1_000).await;
    handle.cancel().await.unwrap();
}

#[flow::tokio::test(start_paused = true)]
async fn a_handle_has_the_result_and_every_event_however_late_it_is_asked() {
    let runtime = Runtime::builder().build().unwrap();
    let handle = runtime.start(brief(7).id("seven")).await.unwrap();
    assert_eq!(handle.id().to_string(), "seven");
    let mut events = handle.events();
    assert_eq!(handle.result().await.unwrap(), 7);
    let mut lines = Vec::new();
    while let Some(event) = events.next().await {
        lines.push(event.to_string());
    }
    assert_eq!(
        lines,
        [
            "will run brief",
            "will step quick",
            "will attempt quick #1",
            "did attempt quick #1",
            "did step quick",
            "did run",
        ]
    );
}

#[flow::tokio::test(start_paused = true)]
async fn dropping_a_handle_lets_the_run_go_on() {
    let lines = Lines::default();
    let runtime = Runtime::builder().observe(lines.clone()).build().unwrap();
    drop(runtime.start(brief(1)).await.unwrap());
    rest(1_000).await;
    assert_eq!(lines.all().last().unwrap(), "did run");
}

#[flow::tokio::test(start_paused = true)]
async fn a_run_does_nothing_until_it_is_awaited() {
    let lines = Lines::default();
    let runtime = Runtime::builder().observe(lines.clone()).build().unwrap();
    drop(runtime.run(brief(1)));
    assert!(lines.all().is_empty());
}

#[tokio::test]
async fn a_run_cancelled_before_its_first_step_ends_its_events() {
    let runtime = Runtime::builder().build().unwrap();
    let handle = runtime.start(brief(1)).await.unwrap();
    let mut events = handle.events();
    // The task has not been polled yet: this test has not awaited anything.
    handle.cancel().await.unwrap();
    while events.next().await.is_some() {}
}

#[workflow]
async fn many(numbers: Vec<u32>) -> Result<Vec<u32>> {
    map(numbers, async |number: u32| quick(number).await).concurrency(1).bound(2_000).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_reader_that_falls_behind_is_told_how_many_events_it_has_missed() {
    let runtime = Runtime::builder().build().unwrap();
    let handle = runtime.start(many((0..1_000).collect())).await.unwrap();
    let (mut quick, mut late) = (handle.events(), handle.events());
    let mut all = Vec::new();
    while let Some(event) = quick.next().await {
        all.push(event);
    }
    assert!(all.len() > 4_000 && !all.iter().any(|event| matches!(event, Event::DidMiss { .. })), "{}", all.len());
    handle.result().await.unwrap();
    let Some(Event::DidMiss { events: missed, .. }) = late.next().await else { panic!("the oldest are dropped") };
    let kept = &all[usize::try_from(missed).unwrap()..];
    assert_eq!(kept.len(), 1_024, "however long the run");
    for event in kept {
        assert_eq!(late.next().await.as_ref(), Some(event), "in their order, to the last");
    }
    assert_eq!(late.next().await, None);
}
