//! Spans, with the feature `tracing`.

use std::future::Future;

use tracing::field::Empty;
use tracing::instrument::Instrumented;
use tracing::{Instrument, Level, span, span_enabled};

use super::names::{self, *};
use crate::call::Run;
use crate::engine::here::Here;
use crate::engine::tried::Told;
use crate::error::Error;
use crate::graph::kind_name;
use crate::money::Money;
use crate::provider::{Failure, Request, Usage};

/// The span of a run, step or attempt, at level `INFO` and target `flow`.
pub(in crate::engine) struct Span(tracing::Span);

/// Returns whether a subscriber is interested; if not, runs skip all of this.
pub(in crate::engine) fn is_heard() -> bool {
    span_enabled!(target: "flow", Level::INFO)
}

/// The only event besides the spans: from here on, the process cannot do any useful work.
pub(in crate::engine) fn journal_failed(error: &Error) {
    tracing::error!(target: "flow", "{}", error.message());
}

impl Span {
    pub(in crate::engine) fn run(run: &Run) -> Self {
        Self(span!(
            target: "flow",
            Level::INFO,
            "run",
            { NAME } = format!("{} {}", names::operation::WORKFLOW, run.workflow),
            { OPERATION } = names::operation::WORKFLOW,
            { WORKFLOW } = run.workflow,
            { RUN } = %run.id(),
            { ERROR_TYPE } = Empty,
            { STATUS } = Empty,
        ))
    }

    pub(in crate::engine) fn step(here: &Here<'_>) -> Self {
        let meta = here.site.meta;
        Self(span!(
            target: "flow",
            Level::INFO,
            "step",
            { NAME } = format!("step {}", meta.name),
            { STEP } = meta.name,
            { STEP_KIND } = kind_name(meta.kind),
            { PLACE } = %here.place(),
            { ERROR_TYPE } = Empty,
            { STATUS } = Empty,
        ))
    }

    /// Creates the span of an attempt, as a client span if a model is asked.
    pub(in crate::engine) fn attempt(here: &Here<'_>, request: Option<&Request>) -> Self {
        match request {
            Some(request) => Self::call(here, request),
            None => Self(span!(
                target: "flow",
                Level::INFO,
                "attempt",
                { NAME } = format!("attempt {}", here.site.meta.name),
                { ATTEMPT } = here.attempts,
                { INPUT_TOKENS } = Empty,
                { OUTPUT_TOKENS } = Empty,
                { ERROR_TYPE } = Empty,
                { STATUS } = Empty,
            )),
        }
    }

    fn call(here: &Here<'_>, request: &Request) -> Self {
        let model = request.model;
        let operation = names::operation(model.provider());
        Self(span!(
            target: "flow",
            Level::INFO,
            "attempt",
            { NAME } = format!("{operation} {}", model.api_name()),
            { KIND } = "client",
            { ATTEMPT } = here.attempts,
            { OPERATION } = operation,
            { PROVIDER } = names::provider(model.provider()),
            { REQUEST_MODEL } = model.api_name(),
            { REQUEST_MAX_TOKENS } = model.get_max_output_tokens(),
            { REQUEST_TEMPERATURE } = model.get_temperature(),
            { SERVER_ADDRESS } = Empty,
            { SERVER_PORT } = Empty,
            { RESPONSE_MODEL } = Empty,
            { RESPONSE_ID } = Empty,
            { FINISH_REASONS } = Empty,
            { OUTPUT_TYPE } = if request.schema.is_some() { "json" } else { "text" },
            { INPUT_TOKENS } = Empty,
            { OUTPUT_TOKENS } = Empty,
            { CACHE_READ_TOKENS } = Empty,
            { CACHE_CREATION_TOKENS } = Empty,
            { REASONING_TOKENS } = Empty,
            { COST } = Empty,
            { ERROR_TYPE } = Empty,
            { STATUS } = Empty,
        ))
    }

    /// Enters the span around each poll of `work`.
    pub(in crate::engine) fn within<F: Future>(&self, work: F) -> Instrumented<F> {
        work.instrument(self.0.clone())
    }

    /// Sets the address of the model's server.
    pub(in crate::engine) fn at(&self, server: Option<(String, u16)>) {
        if let Some((host, port)) = server {
            self.0.record(SERVER_ADDRESS, host);
            self.0.record(SERVER_PORT, port);
        }
    }

    /// Sets the details that the endpoint reported; unknown ones are left out.
    pub(in crate::engine) fn told(&self, told: &Told) {
        for (name, text) in [(RESPONSE_MODEL, &told.model), (RESPONSE_ID, &told.id)] {
            if let Some(text) = text {
                self.0.record(name, text.as_str());
            }
        }
        if let Some(reason) = &told.finish_reason {
            self.0.record(FINISH_REASONS, serde_json::json!([reason]).to_string());
        }
    }

    /// Sets usage and cost of an attempt; unknown ones are left out.
    pub(in crate::engine) fn used(&self, usage: &Usage, cost: Option<Money>) {
        for (name, count) in [
            (INPUT_TOKENS, usage.input_tokens),
            (OUTPUT_TOKENS, usage.output_tokens),
            (CACHE_READ_TOKENS, usage.cached_input_tokens),
            (CACHE_CREATION_TOKENS, usage.cache_write_tokens),
            (REASONING_TOKENS, usage.reasoning_tokens),
            (COST, cost.map(Money::nanos)),
        ] {
            if let Some(count) = count {
                self.0.record(name, count);
            }
        }
    }

    /// Sets the kind of a failure.
    pub(in crate::engine) fn failed(&self, error: Option<&Error>) {
        if let Some(error) = error {
            self.0.record(ERROR_TYPE, error.kind().name());
            self.0.record(STATUS, "ERROR");
        }
    }

    /// Sets the failure of an attempt: the endpoint's HTTP status, if it is an error status, or else the error's kind.
    pub(in crate::engine) fn attempt_failed(&self, error: Option<&Error>) {
        self.failed(error);
        let failure = error.and_then(|error| error.downcast_ref::<Failure>());
        if let Some(status) = failure.and_then(|failure| failure.status).filter(|status| *status >= 400) {
            self.0.record(ERROR_TYPE, status.to_string());
        }
    }
}
