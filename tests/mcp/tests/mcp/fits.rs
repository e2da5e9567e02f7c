//! The steps that `mcp import` has printed fit the tools that they were printed from.

use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, Provider, Reply, Request};
use serde_json::{Value, json};

use crate::imported;
use crate::published::tools;
use crate::support::Scripted;

const MODEL: Model = Model::new("openai/gpt-5-mini");

#[step(model = MODEL, prompt = "{{ question }}", max_turns = 2, tools = [
    imported::list_issues, imported::draw, imported::listed, imported::nested, imported::open, imported::forms,
    imported::described, imported::get_owner, imported::put_owner, imported::other_owner, imported::tree,
])]
async fn ask(question: &str) -> Result<String>;

/// Reaches every printed step, and calls none.
#[workflow]
async fn all(question: String) -> Result<String> {
    if question.is_empty() {
        imported::many(1, None, None, None, None, None, None, None).await?;
        imported::list_issues2().await?;
        return ask(&question).await;
    }
    Ok("fits".to_owned())
}

struct Silent;

impl Provider for Silent {
    fn name(&self) -> &'static str {
        "openai"
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        unreachable!("no model is asked")
    }
}

async fn started(tools: Value) -> Result<String> {
    let server = Scripted::new(json!({ "tools": tools, "answers": {} }));
    Runtime::builder().provider(Silent).mcp("tracker", server.server()).build()?.run(all("a".to_owned())).await
}

#[tokio::test]
async fn printed_steps_fit() {
    assert_eq!(started(tools()).await.map_err(|error| error.message().to_owned()), Ok("fits".to_owned()));
}

#[tokio::test]
async fn every_printed_step_is_compared() {
    let printed = include_str!("imported.rs").matches("#[step(").count();
    let error = started(json!([])).await.unwrap_err();
    assert_eq!(error.message().matches(" calls tool ").count(), printed, "{error}");
}

#[test]
fn a_model_reads_the_published_words() {
    let published = tools().as_array().unwrap().iter().find(|tool| tool["name"] == "described").cloned().unwrap();
    let step = flow::meta(&imported::described);
    assert_eq!(step.doc, published["description"]);
    assert_eq!(step.arguments[0].doc, published["inputSchema"]["properties"]["file"]["description"]);
}
