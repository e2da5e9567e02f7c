//! Recorded times and random values stay the same, and waits keep their deadlines across processes.

use std::time::{Duration, SystemTime};

use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::run::Status;

use super::support::{Counts, process, settle};

#[step(effect = none)]
async fn seen(now: SystemTime, id: &str, #[state] counts: &Counts) -> Result<()> {
    counts.count(format!("{now:?} {id}"));
    Ok(())
}

#[workflow]
async fn remind(#[state] counts: &Counts) -> Result<(SystemTime, String)> {
    let (now, id) = (flow::now().await?, flow::uuid().await?);
    seen(now, &id, counts).await?;
    flow::sleep("2d").await?;
    flow::sleep("5s").await?;
    Ok((now, id))
}

#[tokio::test(start_paused = true)]
async fn a_sleep_lasts_as_long_across_processes() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    drop(runtime.start(remind().id("r")).await.unwrap());
    settle().await;
    assert_eq!(runtime.runs(&Query::all()).await.unwrap()[0].status, Status::Waiting);
    drop(runtime);
    flow::tokio::time::sleep(Duration::from_secs(86_400)).await;
    let start = flow::tokio::time::Instant::now();
    let runtime = process(&journal, &counts);
    let (now, id) = runtime.run(remind().id("r")).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 86_400 + 5);
    assert_eq!(counts.all(), [(format!("{now:?} {id}"), 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_sleep_without_a_journal_is_one_in_memory() {
    let runtime = flow::Runtime::builder().state(Counts::default()).build().unwrap();
    let start = flow::tokio::time::Instant::now();
    runtime.run(remind()).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 2 * 86_400 + 5);
}

#[workflow]
async fn wrong() -> Result<u32> {
    flow::sleep("soon").await?;
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn a_time_that_is_none_is_an_error() {
    let error = flow::Runtime::builder().build().unwrap().run(wrong()).await.unwrap_err();
    assert_eq!(
        error.message(),
        "invalid duration `soon`: expected a whole number and a unit, such as `500ms`, `30s`, `5m`, `1h` or `3d`"
    );
}

#[step(human, timeout = "9d")]
async fn asked(n: u32) -> Result<Review<u32>>;

#[workflow(timeout = "3d")]
async fn hurried(n: u32) -> Result<u32> {
    match asked(n).await? {
        Review::Accept(n) | Review::Edit(n) => Ok(n),
        Review::Reject { reason } => flow::bail!("{reason}"),
    }
}

#[workflow]
async fn patient(n: u32) -> Result<u32> {
    let n = match hurried(n).await {
        Ok(n) => n,
        Err(_) => n + 100,
    };
    flow::sleep("1d").await?;
    Ok(n)
}

#[tokio::test(start_paused = true)]
async fn a_workflows_time_goes_on_while_it_is_out_of_memory() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let start = flow::tokio::time::Instant::now();
    let runtime = process(&journal, &counts);
    drop(runtime.start(patient(1).id("r")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(86_400)).await;
    drop(runtime);
    let runtime = process(&journal, &counts);
    assert_eq!(runtime.run(patient(1).id("r")).await.unwrap(), 101);
    let days = start.elapsed().as_secs_f64() / 86_400.0;
    assert!((3.9..4.2).contains(&days), "{days}");
}
