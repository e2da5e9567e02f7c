//! Spans as a collector receives them: nested, with the attributes of the semantic conventions, without prompts.
#![cfg(feature = "otel")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use flow::otel::opentelemetry_sdk::error::OTelSdkResult;
use flow::otel::opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use flow::otel::tracing_subscriber::layer::SubscriberExt;
use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, FailureKind, Price, Provider, Reply, Request, Usage};

const MODEL: Model =
    Model::new("acme/large").max_output_tokens(40).temperature(0.5).price(Price::per_million("1", "10"));

#[step(model = MODEL, prompt = "Write about {{ what }}.", retry(max_attempts = 2, initial_delay = "1ms"))]
async fn write(what: &str) -> Result<String>;

#[step]
async fn count(text: &str) -> Result<usize> {
    match text.len() {
        0 => flow::bail!("nothing to count"),
        length => Ok(length),
    }
}

#[workflow]
async fn counting(what: String) -> Result<usize> {
    let text = write(&what).await?;
    count(&text).await
}

/// A provider that fails once and then returns this answer.
struct Acme(Mutex<bool>, &'static str);

impl Provider for Acme {
    fn name(&self) -> &str {
        "acme"
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        let failed = std::mem::replace(&mut *self.0.lock().unwrap(), true);
        Box::pin(async move {
            match failed {
                false => Err(limited()),
                true => Ok(replied(self.1)),
            }
        })
    }

    fn address(&self) -> Option<(String, u16)> {
        Some(("acme.example".to_owned(), 8443))
    }
}

fn limited() -> Failure {
    let mut failure = Failure::new(FailureKind::RateLimited { retry_after: None }, "slow down");
    failure.status = Some(429);
    failure
}

fn replied(text: &str) -> Reply {
    let mut reply = Reply::new(text).usage(Usage::new(12, 3));
    reply.model = Some("large-2026-08-01".to_owned());
    reply.id = Some("reply-1".to_owned());
    reply.finish_reason = Some("stop".to_owned());
    reply
}

#[derive(Clone, Debug, Default)]
struct Memory(Arc<Mutex<Vec<SpanData>>>);

impl SpanExporter for Memory {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().unwrap().extend(batch);
        Ok(())
    }
}

/// A span as a collector receives it.
struct Seen {
    name: String,
    under: Option<String>,
    status: String,
    attributes: BTreeMap<String, String>,
}

impl Seen {
    /// The attributes whose names start with a prefix.
    fn with(&self, begin: &str) -> Vec<(&str, &str)> {
        let mine = self.attributes.iter().filter(|(name, _)| name.starts_with(begin));
        mine.map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// The spans of a run, in order of their start.
async fn seen(says: &'static str) -> Vec<Seen> {
    let memory = Memory::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(memory.clone()).build();
    let subscriber = flow::otel::tracing_subscriber::registry().with(flow::otel::layer(&provider));
    let _listening = flow::otel::tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);
    let runtime = Runtime::builder().provider(Acme(Mutex::new(false), says)).build().unwrap();
    let _ = runtime.run(counting("secret".into()).id("r1")).await;
    let mut spans = std::mem::take(&mut *memory.0.lock().unwrap());
    spans.sort_by_key(|span| span.start_time);
    let name = |id| spans.iter().find(|span| span.span_context.span_id() == id).map(|span| span.name.to_string());
    let one = |span: &SpanData| Seen {
        name: span.name.to_string(),
        under: name(span.parent_span_id),
        status: format!("{:?}", span.status),
        attributes: span.attributes.iter().map(|at| (at.key.to_string(), at.value.to_string())).collect(),
    };
    spans.iter().map(one).collect()
}

#[flow::tokio::test]
async fn spans_stand_in_each_other_as_run_step_and_attempt_do() {
    let spans = seen("text").await;
    let tree: Vec<_> = spans.iter().map(|span| (span.name.as_str(), span.under.as_deref())).collect();
    let run = Some("invoke_workflow counting");
    let expected = [
        ("invoke_workflow counting", None),
        ("step write", run),
        ("chat large", Some("step write")),
        ("chat large", Some("step write")),
        ("step count", run),
        ("attempt count", Some("step count")),
    ];
    assert_eq!(tree, expected);
}

#[flow::tokio::test]
async fn a_call_of_a_model_has_the_attributes_of_the_conventions() {
    let spans = seen("text").await;
    let expected = [
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.output.type", "text"),
        ("gen_ai.provider.name", "acme"),
        ("gen_ai.request.max_tokens", "40"),
        ("gen_ai.request.model", "large"),
        ("gen_ai.request.temperature", "0.5"),
        ("gen_ai.response.finish_reasons", "[\"stop\"]"),
        ("gen_ai.response.id", "reply-1"),
        ("gen_ai.response.model", "large-2026-08-01"),
        ("gen_ai.usage.input_tokens", "12"),
        ("gen_ai.usage.output_tokens", "3"),
    ];
    assert_eq!(spans[3].with("gen_ai."), expected);
    assert_eq!(spans[3].with("server."), [("server.address", "acme.example"), ("server.port", "8443")]);
    assert!(spans[5].with("server.").is_empty(), "code is asked nowhere");
    assert_eq!(spans[3].with("flow."), [("flow.attempt", "2"), ("flow.cost.nano_usd", "42000")]);
    assert_eq!(
        spans[1].with("flow.step."),
        [("flow.step.kind", "model"), ("flow.step.name", "write"), ("flow.step.place", "write"),]
    );
    assert_eq!(spans[0].with("flow."), [("flow.run.id", "r1")]);
}

#[flow::tokio::test]
async fn what_failed_says_its_kind() {
    let spans = seen("").await;
    let kinds: Vec<_> = spans.iter().map(|span| span.attributes.get("error.type").map(String::as_str)).collect();
    let terminal = Some("terminal");
    assert_eq!(kinds, [terminal, None, Some("429"), None, terminal, terminal]);
    assert!(spans[2].status.starts_with("Error") && spans[3].status == "Unset", "{}", spans[2].status);
}

#[flow::tokio::test]
async fn no_prompt_and_no_answer_is_on_a_span() {
    let values: Vec<_> = seen("hidden").await.into_iter().flat_map(|span| span.attributes.into_values()).collect();
    assert!(!values.is_empty());
    assert!(values.iter().all(|value| !value.contains("secret") && !value.contains("hidden")), "{values:?}");
}
