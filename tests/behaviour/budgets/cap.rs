//! `max_output_tokens` also holds at run time: a replacement model may write longer answers.

use flow::ErrorKind;
use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, Provider, Reply, Request, Usage};

use crate::support::{Crowd, rest};

const NAMED: Model = Model::new("scribe/short").name("scribe").max_output_tokens(10);
/// Only one call of this model at a time fits under the cap of 40.
const LONG: Model = Model::new("scribe/long").max_output_tokens(25);

#[step(model = NAMED, prompt = "{{ what }}", retry = 1, repair = 0)]
async fn write(what: &str) -> Result<String>;

#[workflow(max_output_tokens = 40)]
async fn four(items: Vec<String>) -> Result<u32> {
    let all = map(items, async |item: String| write(&item).await).bound(4).await?;
    Ok(all.len() as u32)
}

#[workflow]
async fn twice_four(items: Vec<String>) -> Result<u32> {
    Ok(four(items.clone()).await? + four(items).await?)
}

/// A provider that writes answers of a fixed number of tokens and takes a while for each.
struct Scribe {
    tokens: u64,
    at_work: Crowd,
}

impl Provider for Scribe {
    fn name(&self) -> &str {
        "scribe"
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        Box::pin(async move {
            let _present = self.at_work.enter();
            rest(10).await;
            Ok(Reply::new("text").usage(Usage::new(1, self.tokens)))
        })
    }
}

fn runtime(model: Model, tokens: u64) -> (Runtime, Crowd) {
    let at_work = Crowd::default();
    let scribe = Scribe { tokens, at_work: at_work.clone() };
    (Runtime::builder().provider(scribe).model("scribe", model).build().unwrap(), at_work)
}

fn items() -> Vec<String> {
    ["a", "b", "c", "d"].map(str::to_owned).to_vec()
}

#[flow::tokio::test(start_paused = true)]
async fn what_the_graph_counts_is_never_waited_for() {
    let (runtime, at_work) = runtime(NAMED, 10);
    assert_eq!(runtime.run(four(items())).await.unwrap(), 4);
    assert_eq!(at_work.most(), 4);
}

#[flow::tokio::test(start_paused = true)]
async fn a_longer_answer_is_set_aside_before_it_is_asked_for() {
    let (runtime, at_work) = runtime(LONG, 5);
    assert_eq!(runtime.run(four(items())).await.unwrap(), 4);
    assert_eq!((at_work.entered(), at_work.most()), (4, 1), "25 and 25 are more than 40");
}

#[flow::tokio::test(start_paused = true)]
async fn an_answer_that_may_be_longer_than_what_is_left_is_not_asked_for() {
    let (runtime, at_work) = runtime(LONG, 25);
    let error = runtime.run(four(items()).id("r")).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::TokenBudget { cap: 40, worst_case: Some(25) });
    assert!(!error.is_retryable() && at_work.entered() == 1, "{error}");
    insta::assert_snapshot!(error.message(), @"an answer of model `scribe/long` may have 25 tokens, more than `max_output_tokens = 40` of workflow `four` has left (25 written); raise the cap, or lower the model's `max_output_tokens`");
}

#[flow::tokio::test(start_paused = true)]
async fn each_execution_has_its_whole_cap() {
    let (runtime, at_work) = runtime(LONG, 5);
    assert_eq!(runtime.run(twice_four(items())).await.unwrap(), 8);
    assert_eq!(at_work.entered(), 8);
}
