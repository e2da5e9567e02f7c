//! Where the cost of a run is reported.

use std::time::Duration;

use flow::prelude::*;
use flow::provider::{FailureKind, Usage};
use flow::run::Record;
use flow::{Bill, Money};

use super::{ANSWER, CALL, write, write_at_any_price};
use crate::support::{Book, Draft, Say, fake};

#[workflow]
async fn both(what: String) -> Result<Draft> {
    let draft = write(&what).await?;
    write_at_any_price(&draft.text).await
}

fn says() -> [Say; 4] {
    [Say::Fail(FailureKind::Transport), Say::Text("no json"), Say::Text(ANSWER), Say::Text(ANSWER)]
}

#[flow::tokio::test(start_paused = true)]
async fn records_say_the_cost_of_attempt_step_and_run() {
    let book = Book::default();
    let runtime = Runtime::builder().provider(fake("fake", says()).0).observe(book.clone()).build().unwrap();
    runtime.run(both("x".into())).await.unwrap();
    let costs: Vec<_> = book.attempts().iter().map(|attempt| attempt.cost).collect();
    let (call, failed) = (Some(Money::usd(CALL)), Some(Money::usd("10")));
    assert_eq!(costs, [failed, call, call, None]);
    let spent = book.records().into_iter().filter_map(|record| match record {
        Record::StepFinished { spent, .. } | Record::RunFinished { spent, .. } => Some(spent.to_string()),
        _ => None,
    });
    assert_eq!(spent.collect::<Vec<_>>(), ["$40.00", "unknown", "at least $40.00, 1 call of unknown price"]);
}

#[flow::tokio::test(start_paused = true)]
async fn a_failed_step_says_what_it_has_cost_all_the_same() {
    let book = Book::default();
    let says = [Say::Text("no json"), Say::Text("no json")];
    let runtime = Runtime::builder().provider(fake("fake", says).0).observe(book.clone()).build().unwrap();
    runtime.run(both("x".into())).await.unwrap_err();
    let spent = book.records().into_iter().filter_map(|record| match record {
        Record::StepFailed { spent, .. } | Record::RunFailed { spent, .. } => Some((spent.calls, spent.cost)),
        _ => None,
    });
    assert_eq!(spent.collect::<Vec<_>>(), [(2, Money::usd("30")), (2, Money::usd("30"))]);
}

#[flow::tokio::test(start_paused = true)]
async fn a_handle_gives_the_bill_by_model_and_by_place() {
    let runtime = Runtime::builder().provider(fake("fake", says()).0).build().unwrap();
    let handle = runtime.start(both("x".into())).await.unwrap();
    let mut events = handle.events();
    while events.next().await.is_some() {}
    let bill = handle.bill();
    assert_eq!(bill, events.bill());
    let models: Vec<_> = bill.by_model().into_iter().map(|(model, spent)| (model, spent.calls, spent.cost)).collect();
    assert_eq!(models, [("fake/priced", 3, Money::usd("40")), ("fake/unpriced", 1, Money::ZERO)]);
    handle.result().await.unwrap();
}

#[step]
async fn fail(what: &str) -> Result<u32> {
    flow::tokio::time::sleep(Duration::from_secs(1)).await;
    flow::bail!("no {what}")
}

#[workflow]
async fn cut_off(what: String) -> Result<u32> {
    let (_, number) = try_join!(write(&what), fail(&what))?;
    Ok(number)
}

#[flow::tokio::test(start_paused = true)]
async fn a_call_that_is_cut_off_is_on_the_bill_as_unknown() {
    let book = Book::default();
    let says = [Say::Late(Duration::from_secs(5), ANSWER)];
    let runtime = Runtime::builder().provider(fake("fake", says).0).observe(book.clone()).build().unwrap();
    let handle = runtime.start(cut_off("x".into())).await.unwrap();
    let mut events = handle.events();
    while events.next().await.is_some() {}
    let spent = handle.bill().total();
    assert_eq!((spent.calls, spent.unpriced, spent.usage), (1, 1, Usage::default()));
    let run = book.records().into_iter().find_map(|record| match record {
        Record::RunFailed { spent, .. } => Some(spent),
        _ => None,
    });
    assert_eq!(run, Some(spent));
    handle.result().await.unwrap_err();
}

#[flow::tokio::test(start_paused = true)]
async fn answers_of_a_test_are_on_no_bill() {
    let (runtime, _) = Runtime::test().generate().max_cost(Money::usd("0.01")).build().unwrap();
    let handle = runtime.start(both("x".into())).await.unwrap();
    let mut events = handle.events();
    while events.next().await.is_some() {}
    assert_eq!(events.bill(), Bill::default());
    handle.result().await.unwrap();
}
