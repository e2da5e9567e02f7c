//! Values that cannot be read back are not recorded, and an unreadable record blocks only its own run.

use std::path::Path;

use flow::journal::{Query, Sqlite, Store};
use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, Provider, Reply, Request};
use flow::run::{Record, RunId, Stamp, Status};
use flow::serde_json::{Value, from_value, json};
use flow::{Ending, Error, ErrorKind, Submitted};

use super::support::settle;

const LIMIT: usize = flow::contract::MAX_DEPTH;

/// Depths around every limit on the path: ours, that of prompts and texts, and the parser's.
const DEPTHS: [usize; 12] = [1, 98, 99, 100, 101, 102, 119, 121, 124, 125, 127, 500];

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!("é"), |inner, level| if level % 2 == 0 { json!({ "a": inner }) } else { json!([inner]) })
}

#[step]
async fn grow(depth: u32) -> Result<Value> {
    Ok(nested(depth as usize))
}

const ANY: Model = Model::new("deep/any");

#[step(model = ANY, prompt = "{{ value }}", repair = 1)]
async fn ask(value: &Value) -> Result<Value>;

#[step(human, timeout = "7d")]
async fn approve(value: &Value) -> Result<Review<Value>>;

#[step(signal, timeout = "7d")]
async fn told(value: &Value) -> Result<Value>;

#[workflow]
async fn keep(value: Value) -> Result<Value> {
    Ok(value)
}

#[workflow]
async fn grown(depth: u32) -> Result<Value> {
    grow(depth).await
}

#[workflow]
async fn asked(value: Value) -> Result<Value> {
    ask(&value).await
}

#[workflow]
async fn reviewed(value: Value) -> Result<Value> {
    match approve(&value).await? {
        Review::Accept(value) | Review::Edit(value) => Ok(value),
        Review::Reject { reason } => Ok(json!(reason)),
    }
}

#[workflow]
async fn heard(value: Value) -> Result<Value> {
    told(&value).await
}

/// Answers with a value nested as deep as its prompt asks.
struct Deep;

impl Provider for Deep {
    fn name(&self) -> &str {
        "deep"
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        let depth = request.prompt.messages[0].text().trim().parse().unwrap();
        Box::pin(std::future::ready(Ok(Reply::new(json!({ "value": nested(depth) }).to_string()))))
    }
}

fn runtime(path: &Path) -> Runtime {
    let builder = Runtime::builder().journal(Sqlite::open(path).unwrap()).provider(Deep);
    let builder = builder.workflow(keep).workflow(grown).workflow(asked).workflow(reviewed).workflow(heard);
    builder.build().unwrap()
}

/// Releases the file for another runtime.
async fn close(runtime: Runtime) {
    runtime.shut_down(std::time::Duration::ZERO).await;
}

/// The JSON Pointer of the only violation.
fn pointer(error: &Error) -> &str {
    let ErrorKind::ContractViolated { violations, .. } = error.kind() else { panic!("{error:?}") };
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert_eq!(violations[0].expected, "at most 100 nested arrays and objects");
    &violations[0].pointer
}

#[tokio::test]
async fn an_input_is_refused_before_it_is_acknowledged_or_can_be_read_ever_after() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flow.db");
    for depth in DEPTHS {
        let (run, typed) = (RunId::named(format!("r{depth}")), format!("t{depth}"));
        let first = runtime(&path);
        let submitted = first.submit("keep", json!({ "value": nested(depth) }), &run).await;
        let started = first.run(keep(nested(depth)).id(&typed)).await;
        assert_eq!((submitted.is_ok(), started.is_ok()), (depth <= LIMIT, depth <= LIMIT), "{depth}");
        if depth > LIMIT {
            assert_eq!((pointer(&submitted.unwrap_err()), pointer(&started.unwrap_err())), ("/value", "/value"));
            assert!(first.records(&run).await.unwrap().is_empty());
            close(first).await;
            continue;
        }
        close(first).await;
        let again = runtime(&path);
        assert_eq!(again.resume(&run).await.and_then(Ending::result).unwrap(), nested(depth));
        assert_eq!(again.resume(&RunId::named(typed)).await.and_then(Ending::result).unwrap(), nested(depth));
        close(again).await;
    }
}

#[tokio::test]
async fn what_steps_and_models_give_is_recorded_as_deep_as_it_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let runtime = runtime(&path);
    for depth in DEPTHS {
        let code = runtime.run(grown(depth as u32).id(format!("code-{depth}"))).await;
        let model = runtime.run(asked(json!(depth)).id(format!("model-{depth}"))).await;
        assert_eq!((code.is_ok(), model.is_ok()), (depth <= LIMIT, depth <= LIMIT), "{depth}");
        if let (Err(code), Err(model)) = (code, model) {
            assert_eq!((pointer(&code), code.at().unwrap().place.as_str()), ("", "grow"));
            assert!(model.to_string().contains("nested"), "{model}");
        }
    }
    for run in runtime.runs(&Query::all()).await.unwrap() {
        let records = runtime.records(&run.run).await.unwrap();
        assert!(records.len() > 2 && run.ended.is_some(), "{run:?}");
    }
}

#[tokio::test]
async fn an_answer_is_refused_and_the_wait_goes_on_or_it_can_be_read_ever_after() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let runtime = runtime(&path);
    for depth in DEPTHS {
        let (edited, heard_) = (RunId::named(format!("e{depth}")), RunId::named(format!("h{depth}")));
        for (workflow, run) in [("reviewed", &edited), ("heard", &heard_)] {
            runtime.submit(workflow, json!({ "value": 1 }), run).await.unwrap();
        }
        runtime.resume_all().await.unwrap();
        while runtime.runs(&Query::all().status([Status::Waiting])).await.unwrap().len() < 2 {
            tokio::task::yield_now().await;
        }
        // An edited value is wrapped in a decision, one level deeper.
        let edit = runtime.answer(&edited, "approve").edit(nested(depth)).await;
        let tell = runtime.answer(&heard_, "told").with(nested(depth)).await;
        assert_eq!((edit.is_ok(), tell.is_ok()), (depth < LIMIT, depth <= LIMIT), "{depth}");
        if let Err(error) = edit {
            assert_eq!(pointer(&error), "");
            runtime.answer(&edited, "approve").accept().await.unwrap();
        }
        if let Err(error) = tell {
            assert_eq!(pointer(&error), "");
            runtime.answer(&heard_, "told").with(json!(2)).await.unwrap();
        }
        let expected = |most: usize, otherwise: u32| if depth <= most { nested(depth) } else { json!(otherwise) };
        assert_eq!(runtime.resume(&edited).await.and_then(Ending::result).unwrap(), expected(LIMIT - 1, 1));
        assert_eq!(runtime.resume(&heard_).await.and_then(Ending::result).unwrap(), expected(LIMIT, 2));
    }
}

/// Runs with an unreadable record: nested too deep, as earlier versions recorded it, or damaged.
async fn odd(path: &Path) -> [RunId; 3] {
    let runs = ["deep", "waits", "damaged"].map(RunId::named);
    {
        let journal = Sqlite::open(path).unwrap();
        for run in &runs {
            let depth = if run.to_string() == "deep" { 126 } else { 1 };
            let began: Record = from_value(json!({
                "record": "run_started", "run": run, "workflow": "reviewed", "input": { "value": nested(depth) }, "at": 1,
            }))
            .unwrap();
            journal.append(run, &[began]).await.unwrap();
        }
        let waits: Record = from_value(json!({
            "record": "waiting", "run": "waits", "place": "approve", "step": "approve", "for": "person",
            "key": nested(127), "at": 2,
        }))
        .unwrap();
        journal.append(&runs[1], &[waits]).await.unwrap();
    }
    let file = rusqlite::Connection::open(path).unwrap();
    let of = |run: &str| format!("WHERE run = (SELECT id FROM run WHERE name = '{run}')");
    file.execute_batch(&format!("UPDATE entry SET sum = sum + 1 {}", of("damaged"))).unwrap();
    runs
}

#[tokio::test]
async fn runs_that_cannot_be_read_are_listed_cancelled_and_pruned_and_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flow.db");
    let runs = odd(&path).await;
    let runtime = runtime(&path);
    runtime.submit("reviewed", json!({ "value": 1 }), &RunId::named("whole")).await.unwrap();
    assert_eq!(runtime.resume_all().await.unwrap().len(), 4);
    let status = async |run: &str| runtime.state(&RunId::named(run)).await.unwrap().unwrap();
    while status("whole").await.status != Status::Waiting {
        tokio::task::yield_now().await;
    }
    settle().await;
    runtime.answer(&RunId::named("whole"), "approve").accept().await.unwrap();
    assert_eq!(runtime.resume(&RunId::named("whole")).await.and_then(Ending::result).unwrap(), json!(1));

    assert_eq!(runtime.runs(&Query::all()).await.unwrap().len(), 4);
    assert_eq!(status("waits").await.status, Status::Waiting);
    for (run, text) in [
        ("deep", "this build cannot read a record of run `deep`: recursion limit exceeded"),
        ("waits", "this build cannot read a record of run `waits`: recursion limit exceeded"),
        ("damaged", "a record of run `damaged` is damaged"),
    ] {
        let error = runtime.resume(&RunId::named(run)).await.and_then(Ending::result).unwrap_err();
        assert!(error.message().contains(text), "{error}");
        let listed = status(run).await;
        assert!(listed.error.as_ref().is_some_and(|error| error.contains(text)), "{listed:?}");
        // The id remains taken.
        let again = runtime.submit("reviewed", json!({ "value": 1 }), &RunId::named(run)).await;
        assert!(!matches!(again, Ok(Submitted::New)), "{again:?}");
    }
    for run in &runs {
        runtime.cancel(run).await.unwrap();
        runtime.cancel(run).await.unwrap();
        assert_eq!(status(&run.to_string()).await.status, Status::Cancelled);
    }
    assert_eq!(runtime.prune(Stamp::now().plus(std::time::Duration::from_secs(60))).await.unwrap(), 4);
    assert!(runtime.runs(&Query::all()).await.unwrap().is_empty());
}
