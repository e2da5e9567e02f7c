//! Contracts of all forms, answered by a real server: `FLOW_TEST_OPENAI_URL=http://127.0.0.1:8080/v1 cargo test --test
//! provider_live`.
//!
//! Any server with chat completions that enforces schemas will do, even with a poor model.

#[path = "../provider_lower/types.rs"]
#[allow(dead_code, reason = "the values are the law's, here the model makes some")]
mod types;

use std::any::type_name;
use std::env;

use flow_runtime::prompt::Prompt;
use flow_runtime::provider::SchemaSupport::{Compatible, Strict};
use flow_runtime::provider::{
    AnswerSchema, Capabilities, FailureKind, Lowered, Model, OpenAi, Provider, Request, SchemaSupport, lower,
    read_answer,
};
use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;
use serde_json::Value;

const SERVER: &str = "FLOW_TEST_OPENAI_URL";
const MODEL: Model = Model::new("live/any").max_output_tokens(4000);

/// The number of answers requested for each contract and level.
const ROUNDS: usize = 5;

fn main() {
    let Ok(url) = env::var(SERVER) else {
        return println!("provider_live: NOT RUN, no server; set {SERVER} to the base URL of one");
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(all(&url));
}

async fn all(url: &str) {
    limits(url).await;
    for support in [Compatible, Strict] {
        let live = Live { openai: OpenAi::at("live", url).capabilities(Capabilities::new(support)), support };
        live.check::<types::Plain>().await;
        live.check::<types::Defaults>().await;
        live.check::<types::List>().await;
        live.check::<types::Family>().await;
        live.check::<types::Units>().await;
        live.check::<types::External>().await;
        live.check::<types::Internal>().await;
        live.check::<types::Adjacent>().await;
        live.check::<types::Untagged>().await;
        live.check::<types::Expr>().await;
        live.check::<types::FlatEnum>().await;
        live.check::<types::FlatOption>().await;
        live.check::<types::FlatMap>().await;
        live.check::<types::FlatAny>().await;
        live.check::<types::Containers>().await;
        live.check::<types::Bounded>().await;
        live.check::<types::Generic>().await;
        live.check::<Vec<types::Point>>().await;
        live.check::<Option<types::Units>>().await;
        live.check::<(String, u8)>().await;
        live.check::<Value>().await;
        live.check::<String>().await;
        live.check::<i64>().await;
    }
}

/// A cut answer and a prompt longer than any context are distinguished from other failures.
async fn limits(url: &str) {
    let openai = OpenAi::at("live", url);
    let short = Request::new(Model::new("live/any").max_output_tokens(1), Prompt::user("Tell a long story."));
    let long = Request::new(MODEL, Prompt::user("many words ".repeat(500_000)));
    for (request, kind) in [(short, FailureKind::Length), (long, FailureKind::ContextLength)] {
        let failure = openai.complete(&request).await.unwrap_err();
        assert_eq!(failure.kind, kind, "{failure:?}");
        println!("{kind:?}: {failure}");
    }
}

struct Live {
    openai: OpenAi,
    support: SchemaSupport,
}

/// The tally of one contract's answers.
#[derive(Debug, Default)]
struct Tally {
    right: usize,
    /// Valid except for a constraint that the lowered schema expresses only in words.
    unconstrained: usize,
    /// Cut at the token limit.
    cut: usize,
}

impl Live {
    async fn check<T: JsonSchema + DeserializeOwned>(&self) {
        let schema = schema_for!(T).to_value();
        let lowered = lower(&schema, self.support);
        let mut tally = Tally::default();
        for round in 0..ROUNDS {
            match self.ask(&lowered, round).await {
                Some(answer) => self.judge::<T>(&schema, &lowered, answer, &mut tally),
                None => tally.cut += 1,
            }
        }
        println!("{:?} {}: {tally:?}", self.support, type_name::<T>());
        assert!(tally.cut < ROUNDS, "no answer came to an end");
    }

    /// One answer, or `None` if it was cut. Anything else is an error: the schema was rejected or not enforced.
    async fn ask(&self, lowered: &Lowered, round: usize) -> Option<Value> {
        let prompt = Prompt::user(format!("Anything, for the {round}th time."));
        let request = Request::new(MODEL, prompt).schema(AnswerSchema::new("answer", lowered.schema.clone()));
        match self.openai.complete(&request).await {
            Ok(reply) => {
                Some(read_answer(&reply.text(), self.support).unwrap_or_else(|error| panic!("{error}: {reply:?}")))
            }
            Err(failure) if failure.kind == FailureKind::Length => None,
            Err(failure) => panic!("{failure}\n{failure:?}\n{:#}", lowered.schema),
        }
    }

    fn judge<T: DeserializeOwned>(&self, schema: &Value, lowered: &Lowered, answer: Value, tally: &mut Tally) {
        let raised = lowered.raise(answer.clone());
        let contract = jsonschema::draft202012::new(schema).unwrap();
        match contract.validate(&raised) {
            Ok(()) => {
                serde_json::from_value::<T>(raised).unwrap_or_else(|error| panic!("{error}: {answer}"));
                tally.right += 1;
            }
            Err(_) if !lowered.dropped.is_empty() => tally.unconstrained += 1,
            Err(error) => panic!("{error}\nanswer {answer}\nraised {raised}\nschema {:#}", lowered.schema),
        }
    }
}
