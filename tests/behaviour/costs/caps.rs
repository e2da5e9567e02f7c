//! A call that does not fit under the cap is not made, and unused reservations are released.

use std::time::Duration;

use flow::prelude::*;
use flow::provider::{FailureKind, Price};
use flow::{ErrorKind, Money};

use super::{ANSWER, OTHER, PRICED, UNLIMITED, UNPRICED, write, write_at_any_price};
use crate::support::{Draft, Say, draft, fake};

/// The worst case of a call is about $750, and it takes $15.
#[workflow(max_cost = "$1000")]
async fn once(what: String) -> Result<Draft> {
    write(&what).await
}

#[workflow(max_cost = "$1000")]
async fn twice(what: String) -> Result<Draft> {
    let first = write(&what).await?;
    write(&first.text).await
}

#[workflow(max_cost = "$100")]
async fn too_dear(what: String) -> Result<Draft> {
    write(&what).await
}

#[workflow(max_cost = "$1000")]
async fn at_any_price(what: String) -> Result<Draft> {
    write_at_any_price(&what).await
}

#[step(model = UNLIMITED, prompt = "Write {{ what }}.")]
async fn ramble(what: &str) -> Result<Draft>;

#[workflow(max_cost = "$1000")]
async fn rambling(what: String) -> Result<Draft> {
    ramble(&what).await
}

fn runtime(says: impl IntoIterator<Item = Say>) -> (Runtime, crate::support::Asked) {
    let (fake, asked) = fake("fake", says);
    (Runtime::builder().provider(fake).build().unwrap(), asked)
}

fn is_budget(error: &flow::Error) -> bool {
    matches!(error.kind(), ErrorKind::Budget { .. })
}

#[flow::tokio::test(start_paused = true)]
async fn a_call_whose_worst_case_is_above_the_cap_is_not_made() {
    let (runtime, asked) = runtime([Say::Text(ANSWER)]);
    let error = runtime.run(too_dear("x".into()).id("r")).await.unwrap_err();
    assert!(is_budget(&error) && !error.is_retryable() && asked.count() == 0, "{error}");
    insta::assert_snapshot!(error, @r#"
    step `write`, attempt 1: a call of model `fake/priced` may cost up to $750.00, more than `max_cost = "$100.00"` of workflow `too_dear` has left ($0.00 spent); raise the cap, lower `max_output_tokens`, or shorten the prompt
      in workflow `too_dear`, run `r`
    "#);
}

#[flow::tokio::test(start_paused = true)]
async fn a_call_of_unknown_price_is_not_made_under_a_cap() {
    let (runtime, asked) = runtime([Say::Text(ANSWER)]);
    let error = runtime.run(at_any_price("x".into()).id("r")).await.unwrap_err();
    assert!(is_budget(&error) && asked.count() == 0, "{error}");
    insta::assert_snapshot!(error, @r#"
    step `write_at_any_price`, attempt 1: the worst-case cost of a call of model `fake/unpriced` is unknown, which `max_cost = "$1000.00"` of workflow `at_any_price` does not allow: its price is unknown; set it with `Model::new("fake/unpriced").price(Price::per_million("…", "…"))` or `Builder::prices`; use `Price::FREE` if it costs nothing
      in workflow `at_any_price`, run `r`
    "#);
}

#[flow::tokio::test(start_paused = true)]
async fn an_answer_of_any_length_is_not_asked_for_under_a_cap() {
    let (runtime, asked) = runtime([Say::Text(ANSWER)]);
    let error = runtime.run(rambling("x".into()).id("r")).await.unwrap_err();
    assert!(is_budget(&error) && asked.count() == 0, "{error}");
    insta::assert_snapshot!(error, @r#"
    step `ramble`, attempt 1: the worst-case cost of a call of model `fake/unlimited` is unknown, which `max_cost = "$1000.00"` of workflow `rambling` does not allow: the length of its answer is not limited; limit it with `Model::new("fake/unlimited").max_output_tokens(…)`
      in workflow `rambling`, run `r`
    "#);
}

#[flow::tokio::test(start_paused = true)]
async fn what_the_runtime_says_of_a_price_is_enough() {
    let (fake, _) = fake("fake", [Say::Text(ANSWER)]);
    let builder = Runtime::builder().provider(fake).prices([(UNPRICED.id(), Price::FREE)]);
    assert_eq!(builder.build().unwrap().run(at_any_price("x".into())).await.unwrap(), draft("ok"));
}

#[flow::tokio::test(start_paused = true)]
async fn calls_are_settled_by_what_they_took() {
    let (runtime, asked) = runtime([Say::Text(ANSWER), Say::Text(ANSWER)]);
    assert_eq!(runtime.run(twice("x".into())).await.unwrap(), draft("ok"));
    assert_eq!(asked.count(), 2, "two worst cases would not have fitted");
}

/// Runs the step under a cap that has no room for another worst case after one call of $15.
async fn room_for_one(says: impl IntoIterator<Item = Say>) -> (flow::Error, usize) {
    let (fake, asked) = fake("fake", says);
    let worst = worst_case().await;
    let runtime = Runtime::builder().provider(fake).max_cost(worst.plus(Money::usd("9"))).build().unwrap();
    (runtime.step(write("x")).await.unwrap_err(), asked.count())
}

/// The maximum cost of the step's call.
async fn worst_case() -> Money {
    let (fake, _) = fake("fake", []);
    let runtime = Runtime::builder().provider(fake).max_cost(Money::usd("1")).build().unwrap();
    match runtime.step(write("x")).await.unwrap_err().kind() {
        ErrorKind::Budget { worst_case: Some(worst), .. } => *worst,
        other => panic!("{other:?}"),
    }
}

#[flow::tokio::test(start_paused = true)]
async fn a_repair_is_a_call_too() {
    let (error, asked) = room_for_one([Say::Text("no json"), Say::Text(ANSWER)]).await;
    assert!(is_budget(&error) && asked == 1, "{error}");
}

#[flow::tokio::test(start_paused = true)]
async fn a_retry_is_a_call_too() {
    let (error, asked) = room_for_one([Say::Fail(FailureKind::Transport), Say::Text(ANSWER)]).await;
    assert!(is_budget(&error) && asked == 1, "the failed call was charged ten tokens: {error}");
}

#[step(model = [PRICED, OTHER], prompt = "Write {{ what }}.", retry = 1)]
async fn write_by_either(what: &str) -> Result<Draft>;

#[flow::tokio::test(start_paused = true)]
async fn the_next_model_of_a_chain_is_a_call_too() {
    let (fake_one, _) = fake("fake", [Say::Fail(FailureKind::Refused)]);
    let (fake_two, asked) = fake("other", [Say::Text(ANSWER)]);
    let cap = worst_case().await.plus(Money::usd("9"));
    let runtime = Runtime::builder().provider(fake_one).provider(fake_two).max_cost(cap).build().unwrap();
    let error = runtime.step(write_by_either("x")).await.unwrap_err();
    assert!(is_budget(&error) && error.message().contains("`other/priced`") && asked.count() == 0, "{error}");
}

#[flow::tokio::test(start_paused = true)]
async fn a_call_that_is_cut_short_leaves_nothing_set_aside() {
    let (fake, asked) = fake("fake", [Say::Late(Duration::from_secs(60), ANSWER), Say::Text(ANSWER)]);
    let runtime = Runtime::builder().provider(fake).max_cost(worst_case().await).build().unwrap();
    assert_eq!(runtime.step(write("x")).await.unwrap(), draft("ok"), "the first attempt has timed out");
    assert_eq!(asked.count(), 2);
}

#[flow::tokio::test(start_paused = true)]
async fn a_run_that_is_dropped_leaves_nothing_set_aside() {
    let (fake, _) = fake("fake", [Say::Late(Duration::from_secs(5), ANSWER), Say::Text(ANSWER)]);
    let runtime = Runtime::builder().provider(fake).max_cost(worst_case().await).build().unwrap();
    let run = flow::tokio::time::timeout(Duration::from_secs(1), runtime.run(once("x".into())));
    assert!(run.await.is_err());
    assert_eq!(runtime.step(write("x")).await.unwrap(), draft("ok"));
}

#[workflow(max_cost = "$760")]
async fn part(what: String) -> Result<Draft> {
    write(&what).await
}

#[workflow]
async fn whole(what: String) -> Result<String> {
    let first = part(what).await?;
    let second = part(first.text.clone()).await?;
    Ok(format!("{} {}", first.text, second.text))
}

#[flow::tokio::test(start_paused = true)]
async fn each_execution_of_a_workflow_has_its_whole_budget() {
    let (runtime, _) = runtime([Say::Text(ANSWER), Say::Text(ANSWER)]);
    assert_eq!(runtime.run(whole("x".into())).await.unwrap(), "ok ok", "$15 and $750 are more than $760");
}

#[flow::tokio::test(start_paused = true)]
async fn a_cap_inside_an_uncapped_workflow_holds() {
    // The run has no observer, so the cap alone must make the engine track its workflows.
    let (runtime, asked) = runtime([]);
    let error = runtime.run(dear_part("x".into())).await.unwrap_err();
    assert!(is_budget(&error) && error.message().contains("workflow `too_dear`") && asked.count() == 0, "{error}");
}

#[workflow]
async fn dear_part(what: String) -> Result<Draft> {
    too_dear(what).await
}
