//! Runs on a plain file instead of a journal end as they do with a journal, wherever they are cut off.

use std::fs;
use std::path::Path;

use flow::journal::RunLog;
use flow::prelude::*;
use flow::run::{Clock, Record, RunId, RunState, Wait, WaitsFor};
use flow::serde_json::{Value, json};
use flow::{AnyWorkflow, Attended, ErrorKind, Runtime, Said, Start};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use tempfile::tempdir;

use super::file_log::{FileLog, attend, start};
use super::prefixes::{Oracle, Program, Seen, answered_program, done, level3, lingers, program};
use super::support::{Counts, settle, tokio_clock};

fn run() -> RunId {
    RunId::named("r")
}

fn began(program: &Program) -> Start {
    start(&run(), "level3", json!({ "program": program, "n": 1 }))
}

/// A process that answers every wait until the run ends.
async fn until_ended(path: &Path, program: &Program, seen: &Seen) -> Value {
    let runtime = Runtime::builder().state(seen.clone()).provider(Oracle(seen.clone()));
    let runtime = runtime.workflow(level3).linger(lingers(program)).build().unwrap();
    let given = || _ = seen.count("answer");
    match attend(&runtime, began(program), path, tokio_clock, answered, given).await {
        Attended::Ended(output) => output.unwrap(),
        other => panic!("{other:?}"),
    }
}

fn answered(state: &RunState) -> Option<Record> {
    let said = |wait: &Wait| match wait.waits_for {
        WaitsFor::Person => Some(Said::Accept),
        WaitsFor::Signal => Some(Said::Whole(json!(5))),
        _ => None,
    };
    let (wait, said) = state.waits().find_map(|wait| Some((wait, said(wait)?)))?;
    Some(AnyWorkflow::of(level3).answered(state, &wait.place, said, None, tokio_clock()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_run_on_a_plain_file_ends_as_with_a_journal_from_every_prefix() {
    let programs = std::env::var("FLOW_GRAPHS").map_or(10, |text| text.parse().unwrap());
    let mut runner = TestRunner::new(Config::default());
    for _ in 0..programs {
        let program = program().new_tree(&mut runner).unwrap().current();
        check(&program).await;
    }
}

async fn check(program: &Program) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    let output = until_ended(&path, program, &Seen::default()).await;
    assert_eq!(output, answered_program(program).await, "as with a journal: {program:?}");
    let text = fs::read(&path).unwrap();
    let all: Vec<Record> = FileLog::batches(&path, &run()).into_iter().flatten().collect();
    let total = done(&all);
    let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    for end in ends {
        // The process may have died in the middle of the next line.
        let torn = (end + fastrand::usize(0..40)).min(text.len());
        let torn = if text[end..torn].contains(&b'\n') { end } else { torn };
        fs::write(&path, &text[..torn]).unwrap();
        let before = done(&FileLog::batches(&path, &run()).into_iter().flatten().collect::<Vec<_>>());
        let seen = Seen::default();
        assert_eq!(until_ended(&path, program, &seen).await, output, "{program:?} from {torn}");
        let after: Vec<Record> = FileLog::batches(&path, &run()).into_iter().flatten().collect();
        assert_eq!(done(&after), total, "no record twice: {program:?} from {torn}");
        assert_eq!(seen.sum("model") as usize, total[0] - before[0], "no answer paid twice: {program:?}");
        assert_eq!(seen.sum("answer") as usize, total[2] - before[2], "no one asked twice: {program:?}");
    }
}

#[step]
async fn endless(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count("endless");
    std::future::pending::<()>().await;
    Ok(n)
}

#[workflow]
async fn long(n: u32, #[state] counts: &Counts) -> Result<u32> {
    endless(n, counts).await
}

fn process(counts: &Counts) -> Runtime {
    Runtime::builder().state(counts.clone()).workflow(long).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_says_so_and_stays_cancelled() {
    let folder = tempdir().unwrap();
    let log: std::sync::Arc<dyn RunLog> =
        std::sync::Arc::new(FileLog::open(&folder.path().join("run"), &run()).unwrap());
    let (counts, began) = (Counts::default(), start(&run(), "long", json!({ "n": 1 })));
    let mut attending = process(&counts).attend(began.clone(), log.clone(), Clock::new(tokio_clock));
    let mut events = attending.events();
    assert!(futures_util::poll!(&mut attending).is_pending());
    assert_eq!(counts.of("endless"), 1);
    assert!(events.next().await.is_some());
    attending.cancel().await.unwrap();
    assert!(matches!(attending.await, Attended::Cancelled(_)));
    // Attending to it again reports the same end.
    let again = process(&counts).attend(began, log, Clock::new(tokio_clock)).await;
    assert!(matches!(again, Attended::Cancelled(_)), "{again:?}");
    assert_eq!(counts.of("endless"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_attended_to_says_why() {
    let folder = tempdir().unwrap();
    let log = |name: &str| std::sync::Arc::new(FileLog::open(&folder.path().join(name), &run()).unwrap());
    let attended = async |workflow: &str, input| {
        let began = start(&run(), workflow, input);
        match process(&Counts::default()).attend(began, log("a"), Clock::default()).await {
            Attended::Stopped(error) => error,
            other => panic!("{other:?}"),
        }
    };
    let unknown = attended("short", json!({})).await;
    assert_eq!(unknown.message(), "this program has no workflow `short`, or did not register it");
    let unfit = attended("long", json!({ "n": "one" })).await;
    assert!(matches!(unfit.kind(), ErrorKind::ContractViolated { .. }), "{unfit:?}");
    settle().await;
    assert!(FileLog::batches(&folder.path().join("a"), &run()).is_empty(), "nothing was written");
}
