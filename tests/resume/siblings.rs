//! Work beside a failed part of a run is cancelled: it counts as cancelled, not failed, and does not run again.

use std::time::Duration;

use flow::ErrorKind;
use flow::journal::{Memory, Query, Store};
use flow::prelude::*;
use flow::run::{Record, RunId, Status};

use super::support::{Counts, lines, process, settle};

#[step]
async fn long(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("long {n}"));
    flow::tokio::time::sleep(Duration::from_secs(3600)).await;
    Ok(n)
}

#[step]
async fn fail_once(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("fail_once");
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    if counts.of("fail_once") == 1 { flow::bail!("out of order") } else { Ok(n) }
}

#[step(human, timeout = "7d")]
async fn ask(n: u32) -> Result<u32>;

#[workflow]
async fn inner(n: u32, #[state] counts: &Counts) -> Result<u32> {
    long(n, counts).await
}

#[workflow]
async fn joined(#[state] counts: &Counts) -> Result<u32> {
    let (a, b, c) = try_join!(ask(1), fail_once(2, counts), inner(3))?;
    Ok(a + b + c)
}

#[workflow]
async fn mapped(#[state] counts: &Counts) -> Result<Vec<u32>> {
    flow::map(vec![1_u32, 2, 3], async |n| match n {
        1 => ask(n).await,
        2 => fail_once(n, counts).await,
        _ => inner(n).await,
    })
    .await
}

/// Continues after the failure and waits for another answer.
#[workflow]
async fn handled(#[state] counts: &Counts) -> Result<u32> {
    let first = try_join!(ask(1), fail_once(2, counts), inner(3));
    match first {
        Ok((a, _, _)) => Ok(a),
        Err(_) => ask(4).await,
    }
}

#[workflow(timeout = "30s")]
async fn hurried(#[state] counts: &Counts) -> Result<u32> {
    long(5, counts).await
}

fn cancelled(records: &[Record]) -> Vec<String> {
    let mut places: Vec<_> =
        lines(records).iter().filter_map(|line| Some(line.strip_prefix("step_cancelled ")?.to_owned())).collect();
    places.sort();
    places
}

#[tokio::test(start_paused = true)]
async fn siblings_of_what_has_failed_are_cancelled_and_go_on_when_the_run_does() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    let failed = runtime.run(joined().id("r")).await.unwrap_err();
    assert_eq!(failed.message(), "out of order");
    let records = runtime.records(&id).await.unwrap();
    assert_eq!(cancelled(&records), ["ask", "inner/long"]);
    let state = runtime.state(&id).await.unwrap().unwrap();
    assert_eq!((state.status, state.waits.len()), (Status::Failed, 0));
    let late = runtime.answer(&id, "ask").with(1.into()).await.unwrap_err();
    assert_eq!(late.message(), "run `r` has ended; none of its steps is waiting");

    let runtime = process(&journal, &counts);
    runtime.run(joined().id("r")).await.expect_err("it has ended");
    runtime.reopen(&id).await.unwrap();
    settle().await;
    tokio::time::sleep(Duration::from_secs(4000)).await;
    let state = runtime.state(&id).await.unwrap().unwrap();
    assert_eq!((state.status, state.waits[0].place.as_str()), (Status::Waiting, "ask"), "it waits again");
    runtime.answer(&id, "ask").with(1.into()).await.unwrap();
    assert_eq!(runtime.run(joined().id("r")).await.unwrap(), 6);
    assert_eq!(counts.all(), [("fail_once".into(), 2), ("long 3".into(), 2)]);
}

#[tokio::test(start_paused = true)]
async fn items_beside_one_that_has_failed_are_cancelled() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    runtime.run(mapped().id("r")).await.unwrap_err();
    assert_eq!(cancelled(&runtime.records(&id).await.unwrap()), ["map[0]/ask", "map[2]/inner/long"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_goes_on_from_a_failure_waits_only_for_what_it_has_come_to() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    let handle = runtime.start(handled().id("r")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(100)).await;
    let state = runtime.state(&id).await.unwrap().unwrap();
    let waits: Vec<_> = state.waits.iter().map(|wait| wait.place.as_str()).collect();
    assert_eq!((state.status, &waits[..]), (Status::Waiting, &["ask.2"][..]));
    let late = runtime.answer(&id, "ask").with(1.into()).await.unwrap_err();
    assert!(late.message().contains("no step is waiting at `ask` in run `r`"), "{late}");
    assert!(late.message().ends_with("waiting steps: `ask.2`"), "{late}");
    runtime.answer(&id, "ask.2").with(9.into()).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), 9);
    let whole = runtime.records(&id).await.unwrap();
    assert_eq!(cancelled(&whole), ["ask", "inner/long"]);

    // Whatever was kept when the process died, the siblings are cancelled once and never start again.
    let failed = whole.iter().position(|record| matches!(record, Record::StepFailed { .. })).unwrap();
    for length in failed + 1..whole.len() {
        let (journal, counts) = (Memory::new(), Counts::default());
        journal.append(&id, &whole[..length]).await.unwrap();
        let runtime = process(&journal, &counts);
        let handle = runtime.start(handled().id("r")).await.unwrap();
        settle().await;
        let answered = whole[..length].iter().any(|record| matches!(record, Record::Answered { .. }));
        if !answered {
            runtime.answer(&id, "ask.2").with(9.into()).await.unwrap();
        }
        assert_eq!(handle.result().await.unwrap(), 9, "after {length} records");
        let records = runtime.records(&id).await.unwrap();
        assert_eq!(cancelled(&records), ["ask", "inner/long"], "after {length} records: {:?}", lines(&records));
        assert!(counts.all().is_empty(), "after {length} records: {:?}", counts.all());
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_limit_of_time_has_dropped_is_cancelled() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    let late = runtime.run(hurried().id("r")).await.unwrap_err();
    assert!(matches!(late.kind(), ErrorKind::TimedOut { .. }));
    assert_eq!(cancelled(&runtime.records(&id).await.unwrap()), ["long"]);
}

#[workflow]
async fn sleeping(#[state] counts: &Counts) -> Result<u32> {
    let (slept, n) = try_join!(flow::sleep("2h"), fail_once(2, counts))?;
    let () = slept;
    Ok(n)
}

#[tokio::test(start_paused = true)]
async fn time_goes_on_for_a_sleep_that_was_cancelled() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let begun = tokio::time::Instant::now();
    process(&journal, &counts).run(sleeping().id("r")).await.unwrap_err();
    let runtime = process(&journal, &counts);
    runtime.run(sleeping().id("r")).await.expect_err("it has ended");
    runtime.reopen(&id).await.unwrap();
    assert_eq!(runtime.run(sleeping().id("r")).await.unwrap(), 2);
    assert!(begun.elapsed() < Duration::from_secs(7300), "it must not start over: {:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_run_that_somebody_has_ended_waits_for_nothing() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    let handle = runtime.start(joined().id("r")).await.unwrap();
    settle().await;
    handle.cancel().await.unwrap();
    let state = runtime.runs(&Query::all().run(id)).await.unwrap().remove(0);
    assert_eq!((state.status, state.waits.len()), (Status::Cancelled, 0));
}
