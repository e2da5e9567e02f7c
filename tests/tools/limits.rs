//! Turns and calls are limited, whatever a model does.

use flow::prelude::*;
use flow::provider::FailureKind;
use flow::serde_json::json;
use flow::{ErrorKind, Runtime};

use super::support::{
    FAST, Log, Resolution, Say, Ticket, calls, fake, find_order, resolution, says, search, support, ticket,
};

fn find() -> Say {
    calls([("find_order", json!({"number": "7"}))])
}

#[tokio::test(start_paused = true)]
async fn a_call_in_the_last_turn_is_a_rejected_answer() {
    let (fake, asked) = fake("fake", [find(), find(), find(), says(r#"{"text": "done"}"#)]);
    let log = Log::default();
    let done = Runtime::test().state(log.clone()).provider(fake).run(support(ticket("late"))).await;
    assert_eq!(done.unwrap(), resolution("done"));
    assert_eq!(log.all().len(), 2, "the call in the last turn is not made");
    let last = asked.lines(3).pop().unwrap();
    assert!(last.contains("called the tool `find_order`, but this was the last turn"), "{last}");
}

#[tokio::test(start_paused = true)]
async fn endless_calls_end() {
    let (fake, asked) = fake("fake", std::iter::repeat_with(find).take(100));
    let error = Runtime::test().state(Log::default()).provider(fake).run(support(ticket("late"))).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ContractViolated { .. }), "{error}");
    // Three turns for the question, and three for the one repair.
    assert_eq!(asked.count(), 6);
    assert_eq!(flow::graph(&support).bounds().max_model_calls, Some(18), "three attempts each");
}

#[step(
    model = FAST,
    prompt = "{{ ticket.text }}",
    tools = [find_order(customer = ticket.customer), search],
    max_turns = 4,
    max_tool_calls = 3
)]
async fn frugal(ticket: &Ticket) -> Result<Resolution>;

#[workflow]
async fn frugally(ticket: Ticket) -> Result<Resolution> {
    frugal(&ticket).await
}

#[tokio::test(start_paused = true)]
async fn past_the_limit_of_calls_the_model_is_told() {
    let two = || calls([("find_order", json!({"number": "7"})), ("search", json!({"words": ["a"]}))]);
    let (fake, asked) = fake("fake", [two(), two(), two(), says(r#"{"text": "done"}"#)]);
    let log = Log::default();
    let done = Runtime::test().state(log.clone()).provider(fake).run(frugally(ticket("late"))).await;
    assert_eq!(done.unwrap(), resolution("done"));
    assert_eq!(log.all().len(), 3);
    let over: Vec<_> = asked.lines(3).into_iter().filter(|line| line.contains("the limit of 3 tool calls")).collect();
    assert_eq!(over.len(), 3, "{over:?}");
}

#[tokio::test(start_paused = true)]
async fn a_retry_asks_the_turn_again_and_not_the_conversation() {
    let (fake, asked) =
        fake("fake", [find(), Say::Fail(FailureKind::Overloaded { retry_after: None }), says(r#"{"text": "done"}"#)]);
    let log = Log::default();
    let done = Runtime::test().state(log.clone()).provider(fake).run(support(ticket("late"))).await;
    assert_eq!(done.unwrap(), resolution("done"));
    assert_eq!((asked.lines(1), log.all().len()), (asked.lines(2), 1));
}

#[step(
    model = [FAST, OTHER],
    prompt = "{{ ticket.text }}",
    tools = [find_order(customer = ticket.customer)],
    max_turns = 4
)]
async fn stubborn(ticket: &Ticket) -> Result<Resolution>;

const OTHER: Model = Model::new("other/smart").max_output_tokens(100);

#[workflow]
async fn stubbornly(ticket: Ticket) -> Result<Resolution> {
    stubborn(&ticket).await
}

#[tokio::test(start_paused = true)]
async fn another_model_goes_on_with_the_conversation() {
    let (one, first) = fake("fake", [find(), Say::Fail(FailureKind::InvalidRequest)]);
    let (two, second) = fake("other", [find(), says(r#"{"text": "done"}"#)]);
    let log = Log::default();
    let runtime = Runtime::test().state(log.clone()).provider(one).provider(two);
    assert_eq!(runtime.run(stubbornly(ticket("late"))).await.unwrap(), resolution("done"));
    assert_eq!((first.count(), second.count(), log.all().len()), (2, 2, 2));
    assert_eq!(first.lines(1), second.lines(0));
}

#[tokio::test(start_paused = true)]
async fn a_model_that_falls_silent_after_a_tool_is_asked_to_answer() {
    let (fake, asked) = fake("fake", [find(), Say::Fail(FailureKind::Empty), says(r#"{"text": "done"}"#)]);
    let done = Runtime::test().state(Log::default()).provider(fake).run(support(ticket("late"))).await;
    assert_eq!(done.unwrap(), resolution("done"));
    assert!(asked.lines(2).pop().unwrap().contains("the answer is empty"), "{:?}", asked.lines(2));
}
