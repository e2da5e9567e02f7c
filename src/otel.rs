//! Spans of runs, steps and attempts, exported over OpenTelemetry's protocol.
//!
//! A run is a span with its steps inside, and a step is one with its attempts. The attempt of a model step is a client's call
//! with the attributes of OpenTelemetry's semantic conventions for generative AI: `gen_ai.request.model`,
//! `gen_ai.usage.input_tokens` and so on, and `flow.cost.nano_usd`, billionths of a dollar. What prompts and answers say is on
//! no span.
//!
//! [`install`] does all of it for a program; one with a subscriber of its own adds [`layer`] to that. Without a subscriber
//! there are no spans, and they cost nothing.
//!
//! ```no_run
//! # fn main() -> flow::Result<()> {
//! let _exporting = flow::otel::install("screening")?;
//! // Runs from here on are exported, the last of them when `_exporting` is dropped.
//! # Ok(())
//! # }
//! ```

use flow_runtime::error::{Error, ErrorKind, Result};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

// The versions that the types here come from.
pub use {opentelemetry, opentelemetry_sdk, tracing_subscriber};

/// Exports until it is dropped; then what is left is sent.
#[derive(Debug)]
#[must_use = "spans are exported until this is dropped"]
pub struct Exporting(SdkTracerProvider);

/// Exports the spans of this process over HTTP, under the name of a service.
///
/// The endpoint is what `OTEL_EXPORTER_OTLP_ENDPOINT` says, or `http://localhost:4318`; the other variables of the protocol
/// hold too. Spans are sent in batches by a thread of their own.
///
/// # Errors
///
/// The endpoint is no URL, or the process has a subscriber already: add [`layer`] to that one.
pub fn install(service: &str) -> Result<Exporting> {
    let provider = otlp(service)?;
    let subscriber = tracing_subscriber::registry().with(layer(&provider));
    subscriber.try_init().map_err(|error| {
        let text = "the process has a `tracing` subscriber already; add `flow::otel::layer` to that one";
        setup(text, error)
    })?;
    Ok(Exporting(provider))
}

/// What exports spans over HTTP, as [`install`] says, for a subscriber of one's own. It has to be shut down at the end.
///
/// # Errors
///
/// The endpoint is no URL.
pub fn otlp(service: &str) -> Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder().with_http().build();
    let exporter =
        exporter.map_err(|error| setup("spans cannot be exported: `OTEL_EXPORTER_OTLP_…` is wrong", error))?;
    let resource = Resource::builder().with_service_name(service.to_owned()).build();
    Ok(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build())
}

/// The layer of a subscriber that hands spans to a provider.
pub fn layer<S>(provider: &SdkTracerProvider) -> OpenTelemetryLayer<S, SdkTracer>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    tracing_opentelemetry::layer().with_tracer(provider.tracer("flow"))
}

fn setup(text: &str, error: impl std::error::Error) -> Error {
    Error::new(ErrorKind::Setup, format!("{text}: {error}"))
}

impl Drop for Exporting {
    fn drop(&mut self) {
        // Nobody is left to be told when the last spans are lost.
        let _ = self.0.shutdown();
    }
}
