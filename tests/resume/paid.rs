//! Costs are counted once, and no payment or delay is repeated.

use std::time::Duration;

use flow::Ending;
use flow::journal::Memory;
use flow::prelude::*;
use flow::provider::BoxFuture;
use flow::run::RunId;

use super::irreversible::slowly;
use super::support::{Counts, settle};
use flow::provider::{Failure, Price, Provider, Reply, Request, Usage};
const BIG: Model = Model::new("dice/big").max_output_tokens(10).price(Price::per_million("0", "900000"));
const SMALL: Model = Model::new("dice/small").max_output_tokens(10).price(Price::per_million("0", "60000"));
const CHEAP: Model = Model::new("dice/cheap").max_output_tokens(10).price(Price::per_million("0", "10"));
#[derive(Clone)]
struct Dice(Counts);
impl Provider for Dice {
    fn name(&self) -> &str {
        "dice"
    }
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        self.0.count(request.model.id());
        Box::pin(async move { Ok(Reply::new("77777").usage(Usage::new(1, 10))) })
    }
}
fn asking(journal: &Memory, counts: &Counts) -> Runtime {
    Runtime::builder().journal(journal.clone()).provider(Dice(counts.clone())).build().unwrap()
}

#[step(model = [BIG, CHEAP], prompt = "Rate {{ text }}", retry = 1, gate = slowly)]
async fn rate(text: &str) -> Result<u32>;
#[workflow(max_cost = "$5")]
async fn rating(text: String) -> Result<u32> {
    rate(&text).await
}

#[tokio::test(start_paused = true)]
async fn an_answer_after_a_model_that_was_too_dear_is_not_paid_twice() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let runtime = asking(&journal, &counts);
    drop(runtime.start(rating("x".into()).id("r")).await.unwrap());
    settle().await;
    runtime.shut_down(Duration::ZERO).await;
    asking(&journal, &counts).run(rating("x".into()).id("r")).await.unwrap();
    assert_eq!(counts.of("dice/cheap"), 1);
}

#[gate]
fn never(n: &u32) -> Verdict {
    Verdict::ensure(*n == 0, "no")
}

#[step(model = SMALL, prompt = "Rate {{ text }}", repair = 0, gate = never)]
async fn dear(text: &str) -> Result<u32>;
#[workflow(max_cost = "$1")]
async fn costly(text: String) -> Result<u32> {
    dear(&text).await
}

#[tokio::test(start_paused = true)]
async fn the_budget_of_a_failed_run_is_not_forgotten() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let (runtime, id) = (asking(&journal, &counts), RunId::named("r"));
    runtime.run(costly("x".into()).id("r")).await.unwrap_err();
    for _ in 0..3 {
        runtime.resume(&id).await.and_then(Ending::result).unwrap_err();
    }
    assert_eq!(counts.of("dice/small"), 1);
}

#[step(model = CHEAP, prompt = "Rate {{ text }}", cache)]
async fn kept(text: &str) -> Result<u32>;
#[workflow]
async fn keeping(text: String) -> Result<u32> {
    kept(&text).await
}

#[tokio::test(start_paused = true)]
async fn made_up_answers_are_not_kept_for_real_runs() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let made_up = Runtime::builder().journal(journal.clone()).offline().build().unwrap();
    made_up.run(keeping("x".into()).id("a")).await.unwrap();
    let real = asking(&journal, &counts).run(keeping("x".into()).id("b")).await.unwrap();
    assert_eq!((real, counts.of("dice/cheap")), (77777, 1));
}

const FAST: Model = Model::new("dice/fast").name("fast").max_output_tokens(10);
#[step(model = FAST, prompt = "Rate {{ text }}", cache)]
async fn named(text: &str) -> Result<u32>;
#[workflow]
async fn naming(text: String) -> Result<u32> {
    named(&text).await
}

#[tokio::test(start_paused = true)]
async fn a_replaced_model_has_answers_of_its_own() {
    let (journal, counts) = (Memory::new(), Counts::default());
    asking(&journal, &counts).run(naming("x".into()).id("a")).await.unwrap();
    let other = Runtime::builder()
        .journal(journal.clone())
        .provider(Dice(counts.clone()))
        .model("fast", CHEAP)
        .build()
        .unwrap();
    other.run(naming("x".into()).id("b")).await.unwrap();
    assert_eq!(counts.of("dice/cheap"), 1);
}

#[step(model = CHEAP, prompt = "{{ text }}", retry(max_attempts = 3, initial_delay = "4s", factor = 1, jitter = false))]
async fn shaky(text: &str) -> Result<u32>;
#[workflow]
async fn shaking(text: String) -> Result<u32> {
    shaky(&text).await
}
struct Down(Counts);
impl Provider for Down {
    fn name(&self) -> &str {
        "dice"
    }
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        self.0.count(request.model.id());
        let n = self.0.of(request.model.id());
        Box::pin(async move {
            if n < 3 {
                return Err(Failure::new(flow::provider::FailureKind::Overloaded { retry_after: None }, "no luck"));
            }
            Ok(Reply::new("7").usage(Usage::new(1, 10)))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_between_attempts_is_not_waited_again() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let build = || Runtime::builder().journal(journal.clone()).provider(Down(counts.clone())).build().unwrap();
    let runtime = build();
    drop(runtime.start(shaking("x".into()).id("r")).await.unwrap());
    flow::tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(counts.of("dice/cheap"), 2);
    runtime.shut_down(Duration::ZERO).await;
    let start = flow::tokio::time::Instant::now();
    build().run(shaking("x".into()).id("r")).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
}
