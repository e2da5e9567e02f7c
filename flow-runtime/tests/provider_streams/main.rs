//! Streamed answers: each says the same as the body that comes at once, however it arrives, and is never half an answer.

#![cfg(feature = "providers")]

#[cfg(feature = "bedrock")]
mod bedrock;
mod cases;
mod failures;
#[cfg(feature = "bedrock")]
mod frames;
mod laws;
mod requests;
mod responses;
mod server;
mod transport;

use flow_runtime::prompt::Prompt;
use flow_runtime::provider::{
    AnswerSchema, Anthropic, Capabilities, Delta, Deltas, Failure, FailureKind, Gemini, Model, OpenAi, Provider, Reply,
    Request, SchemaSupport, Usage,
};
use serde_json::{Value, json};

use server::{Response, Server};

const KEY: &str = "sk-secret-4711";

/// The provider of a dialect.
fn provider(dialect: &str, url: &str) -> Box<dyn Provider> {
    match dialect {
        "openai" => Box::new(OpenAi::at("any", url).key(KEY)),
        "responses" => Box::new(OpenAi::at("any", url).key(KEY).responses()),
        "anthropic" => Box::new(Anthropic::at("any", url).key(KEY)),
        "tool" => Box::new(Anthropic::at("any", url).key(KEY).capabilities(Capabilities::new(SchemaSupport::Full))),
        "gemini" => Box::new(Gemini::at("any", url).key(KEY)),
        #[cfg(feature = "bedrock")]
        "bedrock" => Box::new(flow_runtime::provider::Bedrock::new("us-east-1", KEY).base_url(url)),
        other => panic!("no dialect is called `{other}`"),
    }
}

/// Whether the provider of a dialect is part of this build.
fn is_built(dialect: &str) -> bool {
    dialect != "bedrock" || cfg!(feature = "bedrock")
}

fn question(dialect: &str) -> Request {
    let request = Request::new(Model::new("any/model"), Prompt::user("How many years?"));
    let schema = json!({"type": "object", "properties": {"years": {"type": "integer"}}, "required": ["years"]});
    if dialect == "tool" { request.schema(AnswerSchema::new("years", schema)) } else { request }
}

/// The outcome of a streamed request, and the text that was shown.
async fn follow(provider: &dyn Provider, request: &Request) -> (Result<Reply, Failure>, String) {
    let deltas = Deltas::with_limit(usize::MAX);
    let mut reader = deltas.reader();
    let outcome = provider.stream(request, &deltas).await;
    drop(deltas);
    let mut shown = String::new();
    while let Some(piece) = reader.next().await {
        match piece {
            Delta::Text(text) => shown.push_str(&text),
            other => panic!("{other:?}"),
        }
    }
    (outcome, shown)
}

/// The outcome of one streamed request that gets this response, and the text that was shown.
async fn answered(dialect: &str, response: Response) -> (Result<Reply, Failure>, String) {
    let server = Server::start([response]).await;
    follow(&*provider(dialect, &server.url), &question(dialect)).await
}

/// Everything that an outcome tells, except for the excerpt of the body.
fn told(outcome: Result<Reply, Failure>) -> String {
    match outcome {
        Ok(reply) => format!("{reply:?}"),
        Err(mut failure) => {
            failure.body = None;
            format!("{failure:?}")
        }
    }
}

/// The outcome of a request that is not streamed.
async fn at_once(dialect: &str, body: &Value) -> String {
    let server = Server::start([server::json("200 OK", "application/json", body.to_string())]).await;
    told(provider(dialect, &server.url).complete(&question(dialect)).await)
}
