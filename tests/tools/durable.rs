//! A conversation in a journal: nothing is asked, paid or done twice.

use std::time::Duration;

use flow::journal::{Memory, Store};
use flow::prelude::*;
use flow::run::{Record, RunId};
use flow::serde_json::json;
use flow::{Ending, Runtime};

use super::support::{FAST, Log, Resolution, Say, calls, fake, resolution, says, search, support, ticket};

fn script() -> Vec<Say> {
    vec![
        calls([("find_order", json!({"number": "7"})), ("search", json!({"words": ["a", "b"]}))]),
        says(r#"{"text": "no!"}"#),
        calls([("find_order", json!({"number": "8"})), ("find_order", json!({"number": "7"}))]),
        says(r#"{"text": "done"}"#),
    ]
}

/// The records of a complete run.
async fn whole() -> Vec<Record> {
    let (fake, _) = fake("fake", script());
    let runtime = Runtime::test().journal(Memory::new()).state(Log::default()).provider(fake).build().unwrap().0;
    runtime.run(support(ticket("late")).id("r")).await.unwrap();
    runtime.records(&RunId::named("r")).await.unwrap()
}

/// How many tools have an end in the records, or a failure that was their last attempt.
fn tools_done(records: &[Record]) -> usize {
    let place = |record: &Record| match record {
        Record::StepFinished { place, .. } | Record::StepFailed { place, .. } => Some(place.clone()),
        Record::Attempt(attempt) if attempt.failure.is_some() => Some(attempt.place.clone()),
        _ => None,
    };
    let places = records.iter().filter_map(place).filter(|place| place.as_str().contains("/turn["));
    places.collect::<std::collections::BTreeSet<_>>().len()
}

#[tokio::test(start_paused = true)]
async fn a_run_goes_on_from_any_of_its_records() {
    let records = whole().await;
    assert!(records.len() > 20, "{}", records.len());
    for kept in 1..records.len() {
        let journal = Memory::new();
        let run = RunId::named("r");
        journal.append(&run, &records[..kept]).await.unwrap();
        let asked_before = records[..kept]
            .iter()
            .filter(|record| matches!(record, Record::Attempt(attempt) if attempt.model.is_some()));
        let asked_before = asked_before.count();
        let done_before = tools_done(&records[..kept]);
        let (fake, asked) = fake("fake", script().into_iter().skip(asked_before));
        let bodies = Log::default();
        let runtime = Runtime::test().journal(journal).state(bodies.clone()).provider(fake).build().unwrap().0;
        let done = runtime.run(support(ticket("late")).id("r")).await;
        assert_eq!(done.unwrap(), resolution("done"), "after {kept} records");
        assert_eq!(asked.count() + asked_before, 4, "after {kept} records, an answered turn is not asked again");
        assert_eq!(bodies.all().len() + done_before, 4, "after {kept} records, a finished tool is not called again");
        let last = asked.all().pop().map(|request| request.prompt.messages.len());
        assert!(last.is_none_or(|messages| messages == 7), "after {kept} records: {last:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_turn_repeats_the_conversation() {
    let prompts: Vec<_> = whole()
        .await
        .into_iter()
        .filter_map(|record| match record {
            Record::Attempt(attempt) if attempt.model.is_some() => Some((attempt.turn, attempt.prompt.is_some())),
            _ => None,
        })
        .collect();
    assert_eq!(prompts, [(Some(1), true), (Some(2), false), (Some(3), false), (Some(4), false)]);
}

#[step(model = FAST, prompt = "{{ text }}", tools = [search], max_turns = 60, max_tool_calls = 100)]
async fn long(text: &str) -> Result<Resolution>;

#[workflow]
async fn talks(text: String) -> Result<Resolution> {
    long(&text).await
}

/// The size of the records of a conversation in which each turn calls a tool, and the last one answers.
async fn recorded(turns: usize) -> usize {
    let turn = |_| calls([("search", json!({"words": ["a word"]}))]);
    let script = (1..turns).map(turn).chain([says(r#"{"text": "done"}"#)]);
    let (fake, asked) = fake("fake", script);
    let runtime = Runtime::test().journal(Memory::new()).state(Log::default()).provider(fake).build().unwrap().0;
    runtime.run(talks("hi".into()).id("r")).await.unwrap();
    assert_eq!(asked.count(), turns);
    let records = runtime.records(&RunId::named("r")).await.unwrap();
    records.iter().map(|record| json!(record).to_string().len()).sum()
}

#[tokio::test(start_paused = true)]
async fn a_conversation_of_fifty_turns_is_linear_in_its_records() {
    let (ten, thirty, fifty) = (recorded(10).await, recorded(30).await, recorded(50).await);
    let grown = (fifty - thirty) as f64 / (thirty - ten) as f64;
    assert!((0.95..1.05).contains(&grown), "{ten}, {thirty} and {fifty} bytes");
}

/// Ask the customer.
#[step(human, timeout = "2d", prompt = "{{ question }}")]
async fn ask_customer(question: &str) -> Result<String>;

#[step(model = FAST, prompt = "{{ text }}", tools = [ask_customer, search], max_turns = 3)]
async fn chat(text: &str) -> Result<Resolution>;

#[workflow]
async fn chatting(text: String) -> Result<Resolution> {
    chat(&text).await
}

#[tokio::test(start_paused = true)]
async fn while_a_person_is_asked_the_run_leaves_memory() {
    let journal = Memory::new();
    let (fake, _) =
        fake("fake", [calls([("ask_customer", json!({"question": "which?"})), ("search", json!({"words": ["a"]}))])]);
    let log = Log::default();
    let runtime = Runtime::test().journal(journal.clone()).state(log.clone()).provider(fake).build().unwrap().0;
    let handle = runtime.start(chatting("hi".into()).id("r")).await.unwrap();
    let Ending::Waiting(waits) = handle.ending().await.unwrap() else { panic!("the run waits") };
    assert_eq!(waits[0].place.as_str(), "chat/turn[1]/ask_customer");
    runtime.shut_down(Duration::ZERO).await;
    drop(runtime);

    let (fake, asked) = super::support::fake("fake", [says(r#"{"text": "done"}"#)]);
    let runtime = Runtime::test().journal(journal).state(log.clone()).provider(fake).build().unwrap().0;
    let run = RunId::named("r");
    let handle = runtime.start(chatting("hi".into()).id("r")).await.unwrap();
    assert!(matches!(handle.ending().await.unwrap(), Ending::Waiting(_)));
    runtime.answer(&run, waits[0].place.as_str()).with(json!("blue")).await.unwrap();
    assert_eq!(runtime.run(chatting("hi".into()).id("r")).await.unwrap(), resolution("done"));
    assert_eq!(asked.lines(0)[3..], ["User: result id10 blue", r#"User: result id11 ["a"]"#]);
    assert_eq!(log.all(), ["search a"]);
}

/// Two builds of one workflow, with other tools.
macro_rules! build {
    ($name:ident, [$($tool:ident),*], $prompt:literal) => {
        mod $name {
            use super::*;

            #[step(model = FAST, prompt = $prompt, tools = [$($tool),*], max_turns = 4)]
            async fn chat(text: &str) -> Result<Resolution>;

            #[workflow]
            pub(super) async fn talking(text: String) -> Result<Resolution> {
                chat(&text).await
            }
        }
    };
}

/// Count to a number.
#[step]
async fn count(to: u32) -> Result<u32> {
    Ok(to)
}

build!(first, [count, search], "First: {{ text }}");
build!(second, [search], "Second: {{ text }}");

#[tokio::test(start_paused = true)]
async fn a_conversation_goes_on_after_a_deploy() {
    let script = || {
        let calls = calls([("count", json!({"to": 3})), ("search", json!({"words": ["a"]}))]);
        vec![calls, says(r#"{"text": "done"}"#)]
    };
    let (one, _) = fake("fake", script());
    let runtime = Runtime::test().journal(Memory::new()).state(Log::default()).provider(one).build().unwrap().0;
    runtime.run(first::talking("hi".into()).id("r")).await.unwrap();
    let records = runtime.records(&RunId::named("r")).await.unwrap();
    let is_turn = |record: &Record| matches!(record, Record::Attempt(attempt) if attempt.turn == Some(1));
    let turn = records.iter().position(is_turn).unwrap() + 1;
    let is_counted =
        |record: &Record| matches!(record, Record::StepFinished { place, .. } if place.as_str().ends_with("count"));
    let counted = records.iter().position(is_counted).unwrap() + 1;

    for (kept, told) in
        [(turn, "User: error id10 there is no tool `count`; the tools are `search`"), (counted, "User: result id10 3")]
    {
        let journal = Memory::new();
        journal.append(&RunId::named("r"), &records[..kept]).await.unwrap();
        let (two, asked) = fake("fake", script().into_iter().skip(1));
        let runtime = Runtime::test().journal(journal).state(Log::default()).provider(two).build().unwrap().0;
        let done = runtime.run(second::talking("hi".into()).id("r")).await;
        assert_eq!(done.unwrap(), resolution("done"));
        let lines = asked.lines(0);
        assert_eq!((lines[0].as_str(), lines[3].as_str()), ("User: First: hi", told), "after {kept} records");
    }
}
