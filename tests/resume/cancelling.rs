//! Cancelled runs, and all runs of a journal resumed at once.

use std::time::Duration;

use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::run::{RunId, Status};
use flow::serde_json::json;
use flow::{Ending, ErrorKind};

use super::support::{Counts, process, settle};

#[step]
async fn long(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("long {n}"));
    flow::tokio::time::sleep(Duration::from_secs(3600)).await;
    counts.count(format!("long {n} ended"));
    Ok(n)
}

#[workflow]
async fn part(n: u32, #[state] counts: &Counts) -> Result<u32> {
    long(n, counts).await
}

#[workflow]
async fn whole(#[state] counts: &Counts) -> Result<u32> {
    let (a, b) = try_join!(part(1), long(2, counts))?;
    Ok(a + b)
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_stops_with_all_its_parts_and_stays_so() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    let handle = runtime.start(whole().id("r")).await.unwrap();
    settle().await;
    let id = RunId::named("r");
    runtime.cancel(&id).await.unwrap();
    assert_eq!(handle.result().await.unwrap_err().kind(), &ErrorKind::Cancelled);
    flow::tokio::time::sleep(Duration::from_secs(7200)).await;
    assert_eq!(counts.all(), [("long 1".into(), 1), ("long 2".into(), 1)]);
    // The same in another process.
    let runtime = process(&journal, &counts);
    assert_eq!(runtime.run(whole().id("r")).await.unwrap_err().kind(), &ErrorKind::Cancelled);
    let resumed = runtime.resume(&id).await.and_then(Ending::result).unwrap_err();
    assert_eq!(resumed.message(), "run `r` was cancelled; start a new one");
    runtime.cancel(&id).await.unwrap();
    let missing = runtime.cancel(&RunId::named("s")).await.unwrap_err();
    assert_eq!(missing.message(), "the journal has no run `s`");
}

/// What a person is asked to fill in.
#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Form {
    name: String,
    age: u8,
    #[serde(default)]
    remark: Option<String>,
}

#[step(human, timeout = "7d")]
async fn fill_in(title: &str) -> Result<Form>;

#[workflow]
async fn ask(title: String) -> Result<String> {
    let form = fill_in(&title).await?;
    Ok(format!("{} {}", form.name, form.age))
}

/// Runs still being resumed do not keep the journal file locked after a shutdown.
#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_journal_is_free_after_the_shutdown_of_a_runtime_that_was_taking_up_runs() {
    use flow::journal::Sqlite;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let runtime = || {
        let journal = Sqlite::open(&path).unwrap();
        Runtime::builder().journal(journal).state(Counts::default()).workflow(ask).build().unwrap()
    };
    let first = runtime();
    let submitted = (0..500).map(|n| {
        let first = &first;
        async move { first.submit("ask", json!({ "title": n.to_string() }), &RunId::fresh()).await.map(drop) }
    });
    futures_util::future::try_join_all(submitted).await.unwrap();
    drop(first);

    let second = runtime();
    assert_eq!(second.resume_all().await.unwrap().len(), 500);
    second.shut_down(Duration::ZERO).await;
    drop(second);
    assert_eq!(runtime().runs(&Query::all()).await.unwrap().len(), 500);
}

#[tokio::test(start_paused = true)]
async fn all_runs_are_taken_up_and_forms_are_filled_in() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = process(&journal, &counts);
    for n in 0..20 {
        use flow::Call as _;
        drop(runtime.start(ask(format!("form {n}")).id(format!("r{n}"))).await.unwrap());
    }
    drop(runtime.start(whole().id("w")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    drop(runtime);

    let known = Runtime::builder().journal(journal.clone()).state(counts.clone()).workflow(ask).build().unwrap();
    let resumed = known.resume_all().await.unwrap();
    assert_eq!(resumed.iter().filter(|run| run.known).count(), 20);
    assert!(resumed.iter().any(|run| run.workflow == "whole" && !run.known), "it stays as it is");
    settle().await;
    for n in 0..20 {
        let id = RunId::named(format!("r{n}"));
        let too_old = known.answer(&id, "fill_in").with(json!({ "name": "ann", "age": 300 })).await.unwrap_err();
        assert!(too_old.to_string().contains("at `/age`"), "{too_old}");
        known.answer(&id, "fill_in").with(json!({ "name": "ann", "age": n })).await.unwrap();
    }
    settle().await;
    let finished = known.runs(&Query::all().status([Status::Finished]).workflow("ask")).await.unwrap();
    assert_eq!(finished.len(), 20);
    assert_eq!(known.runs(&Query::all().status([Status::NoExecutor])).await.unwrap().len(), 1);
}
