//! Runs that failed and are resumed, and forks of runs.

use flow::journal::{Memory, Store};
use flow::prelude::*;
use flow::provider::{FailureKind, Provider};
use flow::run::RunId;
use flow::serde_json::json;
use flow::testing::{Turn, answer, call};
use flow::{Ending, Runtime};

use super::support::{FAST, Fake, Log, Resolution, Say, calls, fake, resolution, says, support, ticket};

fn process(journal: &Memory, log: &Log, fake: Fake) -> Runtime {
    Runtime::test().journal(journal.clone()).state(log.clone()).provider(fake).build().unwrap().0
}

fn run() -> impl flow::Workflow<Resolution> {
    support(ticket("late")).id("r")
}

fn id() -> RunId {
    RunId::named("r")
}

async fn resumed(runtime: &Runtime) -> Ending<flow::serde_json::Value> {
    // Learns the workflow.
    drop(runtime.start(run()).await.unwrap());
    runtime.resume(&id()).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_failed_conversation_goes_on_where_it_failed() {
    let (journal, log) = (Memory::new(), Log::default());
    let both = || calls([("find_order", json!({"number": "7"})), ("search", json!({"words": ["a"]}))]);
    let (one, _) = fake("fake", [both(), Say::Fail(FailureKind::InvalidRequest)]);
    process(&journal, &log, one).run(run()).await.unwrap_err();
    assert_eq!(log.all().len(), 2);

    let (two, asked) = fake("fake", [says(r#"{"text": "done"}"#)]);
    let runtime = process(&journal, &log, two);
    assert!(matches!(resumed(&runtime).await, Ending::Finished(_)));
    assert_eq!(runtime.run(run()).await.unwrap(), resolution("done"));
    assert_eq!((asked.count(), log.all().len()), (1, 2), "no turn is asked again, and no tool called again");
    assert_eq!(asked.lines(0).len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_answer_is_given_again() {
    let (journal, log) = (Memory::new(), Log::default());
    let find = || calls([("find_order", json!({"number": "7"}))]);
    let (one, _) = fake("fake", [find(), says(r#"{"text": "no!"}"#), find(), says(r#"{"text": "no!"}"#)]);
    process(&journal, &log, one).run(run()).await.unwrap_err();

    let (two, asked) = fake("fake", [says(r#"{"text": "done"}"#)]);
    let runtime = process(&journal, &log, two);
    assert!(matches!(resumed(&runtime).await, Ending::Finished(_)));
    assert_eq!((asked.count(), log.all().len()), (1, 2));
    let lines = asked.lines(0);
    assert!(lines[3].contains("no!") && lines[4].contains("be polite") && lines.len() == 7, "{lines:#?}");
}

/// A judge that is asked about every answer.
#[step]
async fn judge(resolution: &Resolution, #[state] log: &Log) -> Result<Verdict> {
    log.push(format!("judge {}", resolution.text));
    Ok(Verdict::ensure(resolution.text == "good", "not good"))
}

#[step(model = FAST, prompt = "{{ text }}", tools = [note], max_turns = 3, gate = judge(log), repair = 1)]
async fn judged(text: &str, #[state] log: &Log) -> Result<Resolution>;

/// Take a note.
#[step]
async fn note(text: &str, #[state] log: &Log) -> Result<u32> {
    log.push(format!("note {text}"));
    Ok(1)
}

#[workflow]
async fn judging(text: String, #[state] log: &Log) -> Result<Resolution> {
    judged(&text, log).await
}

#[tokio::test(start_paused = true)]
async fn an_answer_given_again_is_judged_again() {
    let (journal, log) = (Memory::new(), Log::default());
    let notes = || calls([("note", json!({"text": "x"}))]);
    let (one, _) = fake("fake", [notes(), says(r#"{"text": "bad"}"#), says(r#"{"text": "worse"}"#)]);
    process(&journal, &log, one).run(judging("hi".into()).id("j")).await.unwrap_err();
    assert_eq!(log.all(), ["note x", "judge bad", "judge worse"]);
    let (two, _) = fake("fake", [says(r#"{"text": "good"}"#)]);
    let runtime = process(&journal, &log, two);
    drop(runtime.start(judging("hi".into()).id("j")).await.unwrap());
    assert!(matches!(runtime.resume(&RunId::named("j")).await.unwrap(), Ending::Finished(_)));
    assert_eq!(log.all()[3..], ["judge good"]);
}

/// Refund an order.
#[step(effect = irreversible, approve = confirm)]
async fn refund(order: &str, #[state] log: &Log) -> Result<String> {
    log.push(format!("refund {order}"));
    Ok(format!("receipt for {order}"))
}

#[step(human, timeout = "2d")]
async fn confirm(order: &str) -> Result<Verdict>;

#[step(model = FAST, prompt = "{{ text }}", tools = [refund, note], max_turns = 3)]
async fn chat(text: &str) -> Result<Resolution>;

#[workflow]
async fn chatting(text: String) -> Result<Resolution> {
    chat(&text).await
}

#[workflow]
async fn refunding(order: String, #[state] log: &Log) -> Result<String> {
    refund(&order, log).await
}

#[tokio::test(start_paused = true)]
async fn a_refund_of_a_failed_conversation_stays_done() {
    let (journal, log) = (Memory::new(), Log::default());
    let turns = |turns: Vec<Turn<Resolution>>| {
        let test = Runtime::test().journal(journal.clone()).state(log.clone());
        test.answers(confirm, [Verdict::accept()]).turns(chat, turns).build().unwrap().0
    };
    let first = turns(vec![call(refund, json!({"order": "7"}))]);
    first.run(chatting("hi".into()).id("c")).await.unwrap_err();
    assert_eq!(log.all(), ["refund 7"]);
    let second = turns(vec![answer(resolution("done"))]);
    drop(second.start(chatting("hi".into()).id("c")).await.unwrap());
    assert!(matches!(second.resume(&RunId::named("c")).await.unwrap(), Ending::Finished(_)));
    assert_eq!(log.all(), ["refund 7"]);
}

#[tokio::test(start_paused = true)]
async fn a_fork_that_refunds_again_asks_again() {
    let (journal, log) = (Memory::new(), Log::default());
    let test = || Runtime::test().journal(journal.clone()).state(log.clone());
    let runtime = test().answer(confirm, Verdict::accept()).build().unwrap().0;
    runtime.run(refunding("7".into()).id("f")).await.unwrap();
    let place = runtime.place_in(&RunId::named("f"), "refund").await.unwrap();
    runtime.fork(&RunId::named("f"), Some(&place), None, RunId::named("g")).await.unwrap();
    let runtime = test().answer(confirm, Verdict::reject("not twice")).build().unwrap().0;
    let error = runtime.run(refunding("7".into()).id("g")).await.unwrap_err();
    assert!(error.message().contains("`confirm` did not approve it"), "{error}");
    assert_eq!(log.all(), ["refund 7"]);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_reads_as_another_place_takes_nothing() {
    let (journal, log) = (Memory::new(), Log::default());
    let wrong =
        [("note", json!({"text": "a"})), ("note.2", json!({})), ("note", json!({"text": "b"})), ("note/x", json!({}))];
    let (one, _) = fake("fake", [calls(wrong), Say::Fail(FailureKind::InvalidRequest)]);
    process(&journal, &log, one).run(chatting("hi".into()).id("n")).await.unwrap_err();
    let (two, asked) = fake("fake", [says(r#"{"text": "done"}"#)]);
    let runtime = process(&journal, &log, two);
    drop(runtime.start(chatting("hi".into()).id("n")).await.unwrap());
    assert!(matches!(runtime.resume(&RunId::named("n")).await.unwrap(), Ending::Finished(_)));
    assert_eq!(log.all(), ["note a", "note b"]);
    let results: Vec<_> = asked.lines(0).into_iter().filter(|line| line.starts_with("User: result")).collect();
    assert_eq!(results, ["User: result id10 1", "User: result id12 1"]);
}

/// Two builds, with another model or other tools.
macro_rules! build {
    ($name:ident, $model:ident, [$($tool:ident),*]) => {
        mod $name {
            use super::*;

            #[step(model = $model, prompt = "{{ text }}", tools = [$($tool),*], max_turns = 4)]
            async fn chat(text: &str) -> Result<Resolution>;

            #[workflow]
            pub(super) async fn talking(text: String) -> Result<Resolution> {
                chat(&text).await
            }
        }
    };
}

const OTHER: Model = Model::new("other/model").max_output_tokens(100);

/// Count to a number.
#[step]
async fn count(to: u32, #[state] log: &Log) -> Result<u32> {
    log.push("count");
    Ok(to)
}

build!(first, FAST, [note]);
build!(second, OTHER, [note, count]);

#[tokio::test(start_paused = true)]
async fn another_build_goes_on_and_makes_no_refused_call() {
    let (journal, log) = (Memory::new(), Log::default());
    let wrong = calls([("count", json!({"to": 3})), ("note", json!({"text": "a"}))]);
    let (one, _) = fake("fake", [wrong, calls([("note", json!({"text": "b"}))])]);
    process(&journal, &log, one).run(first::talking("hi".into()).id("t")).await.unwrap_err();
    assert_eq!(log.all(), ["note a", "note b"]);
    let records = journal.read(&RunId::named("t")).await.unwrap();
    let is_failed =
        |record: &flow::run::Record| matches!(record, flow::run::Record::Attempt(attempt) if attempt.failure.is_some());
    let until = records.iter().position(is_failed).unwrap();
    let journal = Memory::new();
    journal.append(&RunId::named("t"), &records[..until]).await.unwrap();
    let (two, asked) = fake("other", [says(r#"{"text": "done"}"#)]);
    assert_eq!(two.name(), "other");
    let runtime = process(&journal, &log, two);
    assert_eq!(runtime.run(second::talking("hi".into()).id("t")).await.unwrap(), resolution("done"));
    assert_eq!(log.all(), ["note a", "note b"], "a call that was refused then is not made now");
    assert_eq!(asked.count(), 1, "another model goes on with the conversation");
}
