//! Exports spans of runs, steps and attempts over OTLP.
//!
//! The span of a run contains its steps, and the span of a step its attempts. An attempt of a model step is a client span with
//! the attributes of OpenTelemetry's semantic conventions for generative AI (`gen_ai.request.model`,
//! `gen_ai.usage.input_tokens` and so on), and `flow.cost.nano_usd` in billionths of a dollar. Prompts and answers are never
//! on a span.
//!
//! Call [`install`] at startup, or add [`layer`] to your own subscriber. Without a subscriber there are no spans, and no cost.
//!
//! ```no_run
//! # fn main() -> flow::Result<()> {
//! let _exporting = flow::otel::install("screening")?;
//! // Runs from here on are exported, the last of them when `_exporting` is dropped.
//! # Ok(())
//! # }
//! ```

mod client;
mod error;

use flow_runtime::error::Result;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use error::setup;

// Re-exported because their types appear in this API.
pub use {opentelemetry, opentelemetry_sdk, tracing_subscriber};

/// Exports spans until it is dropped, and then sends the rest.
#[derive(Debug)]
#[must_use = "spans are exported until this is dropped"]
pub struct Exporting(SdkTracerProvider);

/// Exports the spans of this process over HTTP, under a service name.
///
/// The endpoint is `OTEL_EXPORTER_OTLP_ENDPOINT`, or `http://localhost:4318`; the protocol's other variables apply too. A
/// separate thread sends spans in batches.
///
/// # Errors
///
/// Fails if the endpoint is not a URL, or if the process already has a subscriber: add [`layer`] to that one.
pub fn install(service: &str) -> Result<Exporting> {
    let provider = otlp(service)?;
    let subscriber = tracing_subscriber::registry().with(layer(&provider));
    subscriber.try_init().map_err(|error| {
        let text = "the process already has a `tracing` subscriber: add `flow::otel::layer` to it";
        setup(text, error)
    })?;
    Ok(Exporting(provider))
}

/// Creates the exporter that [`install`] uses, for your own subscriber. Shut it down at the end.
///
/// # Errors
///
/// Fails if the endpoint is not a URL, or if the certificates of the system cannot be read.
pub fn otlp(service: &str) -> Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder().with_http().with_http_client(client::client()?).build();
    let exporter =
        exporter.map_err(|error| setup("cannot export spans with the `OTEL_EXPORTER_OTLP_…` variables", error))?;
    let resource = Resource::builder().with_service_name(service.to_owned()).build();
    Ok(SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build())
}

/// Creates a subscriber layer that passes spans to a provider.
pub fn layer<S>(provider: &SdkTracerProvider) -> OpenTelemetryLayer<S, SdkTracer>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    tracing_opentelemetry::layer().with_tracer(provider.tracer("flow"))
}

impl Drop for Exporting {
    fn drop(&mut self) {
        // Drop cannot report an error, so a failed export of the last spans is ignored.
        let _ = self.0.shutdown();
    }
}
