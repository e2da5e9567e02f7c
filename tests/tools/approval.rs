//! Steps that a person approves before they do anything.

use std::time::Duration;

use flow::journal::{Memory, Store};
use flow::prelude::*;
use flow::run::{Record, RunId};
use flow::serde_json::json;
use flow::testing::{answer, call};
use flow::{Ending, ErrorKind, Runtime};

use super::support::{FAST, Log, Resolution, resolution};

/// Refund an order.
#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str, cents: u32, #[state] log: &Log) -> Result<String> {
    log.push(format!("refund {cents} for {order}"));
    Ok(format!("receipt for {order}"))
}

#[step(human, timeout = "2d", prompt = "Refund {{ cents }} cents for order {{ order }}?")]
async fn confirm(order: &str, cents: u32) -> Result<Verdict>;

#[workflow]
async fn refunding(order: String, #[state] log: &Log) -> Result<String> {
    refund(&order, 500, log).await
}

#[step(model = FAST, prompt = "{{ text }}", tools = [refund], max_turns = 3)]
async fn chat(text: &str) -> Result<Resolution>;

#[workflow]
async fn chatting(text: String) -> Result<Resolution> {
    chat(&text).await
}

#[tokio::test(start_paused = true)]
async fn nothing_happens_before_the_approval() {
    let log = Log::default();
    let runtime = Runtime::test().state(log.clone()).answer(confirm, Verdict::accept());
    let (runtime, happened) = runtime.build().unwrap();
    assert_eq!(runtime.run(refunding("7".into())).await.unwrap(), "receipt for 7");
    let lines: Vec<_> = happened.lines().into_iter().filter(|line| line.contains("step")).collect();
    assert_eq!(lines, ["will step refund", "will step refund/confirm", "did step refund/confirm", "did step refund"]);
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_the_failure_of_the_step() {
    let log = Log::default();
    let runtime = Runtime::test().state(log.clone()).answer(confirm, Verdict::reject("too much"));
    let error = runtime.run(refunding("7".into())).await.unwrap_err();
    let ErrorKind::Rejected { reasons, answer } = error.kind() else { panic!("{error}") };
    assert_eq!(
        (reasons.as_slice(), answer.as_str()),
        (["too much".to_owned()].as_slice(), r#"{"order":"7","cents":500}"#)
    );
    assert_eq!(log.all(), [""; 0]);
}

#[step(approve = confirm, retry = 3, fallback = other)]
async fn lenient(order: &str, cents: u32, #[state] log: &Log) -> Result<String> {
    log.push("lenient");
    Ok(format!("{order} {cents}"))
}

#[step]
async fn other(_order: &str, _cents: u32, #[state] log: &Log) -> Result<String> {
    log.push("other");
    Ok("other".into())
}

#[workflow]
async fn leniently(#[state] log: &Log) -> Result<String> {
    lenient("7", 1, log).await
}

#[tokio::test(start_paused = true)]
async fn a_rejected_step_is_neither_retried_nor_replaced() {
    let log = Log::default();
    let runtime = Runtime::test().state(log.clone()).answers(confirm, [Verdict::reject("no"), Verdict::accept()]);
    let error = runtime.run(leniently()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Rejected { .. }) && log.all().is_empty(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_model_is_told_of_a_rejection() {
    let log = Log::default();
    let refunds = || call(refund, json!({"order": "7", "cents": 500}));
    let runtime = Runtime::test()
        .state(log.clone())
        .answers(confirm, [Verdict::reject("too much"), Verdict::accept()])
        .turns(chat, [refunds(), refunds(), answer(resolution("done"))]);
    let (runtime, happened) = runtime.build().unwrap();
    assert_eq!(runtime.run(chatting("hi".into())).await.unwrap(), resolution("done"));
    assert_eq!(log.all(), ["refund 500 for 7"]);
    let lines = happened.lines();
    assert!(lines.iter().any(|line| line == "did step chat/turn[2]/refund"), "{lines:#?}");
}

/// A process over a journal, which asks the model for the rest of the conversation.
fn process(journal: &Memory, log: &Log, asked: usize) -> Runtime {
    let turns = [call(refund, json!({"order": "7", "cents": 500})), answer(resolution("done"))];
    let turns = turns.into_iter().skip(asked);
    Runtime::test().journal(journal.clone()).state(log.clone()).turns(chat, turns).build().unwrap().0
}

#[tokio::test(start_paused = true)]
async fn an_approval_is_given_in_another_process() {
    let (journal, log, run) = (Memory::new(), Log::default(), RunId::named("r"));
    let runtime = process(&journal, &log, 0);
    let handle = runtime.start(chatting("hi".into()).id("r")).await.unwrap();
    let Ending::Waiting(waits) = handle.ending().await.unwrap() else { panic!("the run waits") };
    assert_eq!(waits[0].place.as_str(), "chat/turn[1]/refund/confirm");
    runtime.shut_down(Duration::ZERO).await;

    let runtime = process(&journal, &log, 1);
    let handle = runtime.start(chatting("hi".into()).id("r")).await.unwrap();
    assert!(matches!(handle.ending().await.unwrap(), Ending::Waiting(_)));
    assert!(log.all().is_empty());
    runtime.answer(&run, "chat/turn[1]/refund/confirm").by("ann").accept().await.unwrap();
    assert_eq!(runtime.run(chatting("hi".into()).id("r")).await.unwrap(), resolution("done"));
    assert_eq!(log.all(), ["refund 500 for 7"]);

    // From any of its records, the refund happens at most once, and nobody is asked twice.
    let records = runtime.records(&run).await.unwrap();
    for kept in 1..records.len() {
        let (journal, log) = (Memory::new(), Log::default());
        journal.append(&run, &records[..kept]).await.unwrap();
        let count = |wanted: fn(&Record) -> bool| records[..kept].iter().filter(|record| wanted(record)).count();
        let asked = count(|record| matches!(record, Record::Attempt(attempt) if attempt.turn.is_some()));
        let is_answered = count(|record| matches!(record, Record::Answered { .. })) > 0;
        let is_begun = count(
            |record| matches!(record, Record::StepStarted { place, .. } if place.as_str() == "chat/turn[1]/refund"),
        ) > 0;
        let is_refunded = count(
            |record| matches!(record, Record::StepFinished { place, .. } if place.as_str() == "chat/turn[1]/refund"),
        ) > 0;
        let runtime = process(&journal, &log, asked);
        let handle = runtime.start(chatting("hi".into()).id("r")).await.unwrap();
        match handle.ending().await.unwrap() {
            Ending::Finished(done) => assert!(done == resolution("done") && is_answered, "after {kept} records"),
            Ending::Waiting(waits) if is_begun && !is_refunded => {
                assert_eq!(waits[0].place.as_str(), "chat/turn[1]/refund", "after {kept} records: a person finds out");
            }
            Ending::Waiting(waits) => {
                assert_eq!(waits[0].place.as_str(), "chat/turn[1]/refund/confirm", "after {kept} records");
                assert!(!is_answered, "after {kept} records");
            }
            other => panic!("after {kept} records: {other:?}"),
        }
        assert!(log.all().len() + usize::from(is_refunded) <= 1, "after {kept} records");
    }
}
