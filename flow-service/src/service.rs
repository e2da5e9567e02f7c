//! Configuration of a service.

use std::time::Duration;

use flow_runtime::call::WorkflowFn;
use flow_runtime::engine::{AnyWorkflow, Builder};
use flow_runtime::error::{Error, ErrorKind, Result};
use serde_json::Value;

use crate::limits::Limits;
use crate::openapi;

/// Serves workflows over HTTP, on this machine.
///
/// ```no_run
/// # use flow_runtime::{call::WorkflowFn, engine::Runtime, error::Result};
/// # async fn serve<A, F: WorkflowFn<A, u32>>(screen: F) -> Result<()> {
/// use flow_service::{Service, loopback};
///
/// let server = Service::new(Runtime::builder().environment()).workflow(screen).bind(loopback("127.0.0.1:8080")?).await?;
/// println!("http://{}", server.address());
/// server.until_interrupted().await;
/// # Ok(())
/// # }
/// ```
///
/// # Routes
///
/// | request | response |
/// |---|---|
/// | `POST /workflows/{name}/runs` | starts a run; the body is a JSON object of the arguments by name |
/// | `GET /runs` | the runs, most recently started first: `?status=waiting&workflow=screen&limit=100` |
/// | `GET /runs/{id}` | a run: `{"id", "workflow", "status", …}`, with `output` if finished, `error` if failed or stopped, and `waits` if waiting |
/// | `DELETE /runs/{id}` | cancels the run permanently; its records are kept |
/// | `GET /runs/{id}/events` | its events from now on as server-sent events, see below |
/// | `GET /runs/{id}/records` | its records so far as JSON Lines: prompts, replies, tokens, attempts, verdicts |
/// | `POST /runs/{id}/answers/{place}` | answers the step that waits at a place, see below |
/// | `POST /signals/{step}` | sends a signal to the steps that wait for its key: `{"key": 7, "value": 700, "id": "evt_1"}` |
/// | `GET /workflows` | the workflows with their arguments and documentation |
/// | `GET /workflows/{name}/graph` | the graph as JSON, or as mermaid: `?format=mermaid` or `Accept: text/vnd.mermaid` |
/// | `GET /workflows/{name}/schema` | the JSON Schemas of input and output |
/// | `GET /openapi.json` | all of this as OpenAPI 3.1, with the schemas of each workflow |
/// | `GET /problems/{type}` | documentation of a problem type |
/// | `GET /healthz` | 200 while the process responds |
/// | `GET /readyz`, `GET /health` | 200 while runs are accepted; 503 while the service stops, or if the journal failed |
///
/// # Waiting for a run
///
/// Starting a run returns 202 and its `Location` immediately, or the result if the run has already ended. With `?wait=30s` or
/// `Prefer: wait=30`, the response comes when the run has ended: 200 with the output, or 500 with the error; if the time runs out
/// first, it is 202. `GET /runs/{id}` accepts both too. Waits are limited to 10 minutes.
///
/// # Following a run
///
/// `POST /workflows/{name}/runs` with `Accept: text/event-stream` starts a run and responds with its events, from the first to its
/// end; `GET /runs/{id}/events` has those from now on. The first event, `run`, and the last, `end`, have the run as `GET /runs/{id}`
/// shows it. The others are `will_step`, `will_attempt`, `did_attempt`, `did_reject`, `will_fall_back`, `will_wait`, `did_replay`
/// and `did_step`.
///
/// While a client follows a run, answers of its models are streamed: `said` has the next piece, `{"place", "attempt", "turn", "at",
/// "text"}`, with the number of bytes before it in `at`, and `did_take_back` says that an answer does not count, because it was
/// rejected or failed. A client that reads too slowly loses pieces, and `did_miss` says how many; the run never waits for it.
///
/// # Run ids
///
/// A caller may name a run with `?id=` or the header `Idempotency-Key`. While a run with that id exists, starting it again with
/// the same arguments starts nothing, and the response describes the existing run; other arguments get 422. An id has 1 to 128
/// letters, digits, `-`, `_` or `:`. A run with status `no_executor` has not ended but is not executed, because something stopped
/// it; starting it again continues it.
///
/// # People and signals
///
/// A waiting run lists its `waits`, each with its `place`. Answer a review with `{"decision": "accept"}`, `{"decision": "edit",
/// "value": …}` or `{"decision": "reject", "reason": "…"}`; a form or signal with `{"value": …}`; and an interrupted irreversible
/// effect with `{"happened": true, "output": …}` or `{"happened": false}`. `by` names who answers. An answer that breaks the
/// step's contract gets 422, and the step keeps waiting; if nothing waits for such an answer, it gets 409.
///
/// A system that does not know which run is waiting sends a signal by the step's id and its key: the step's only argument, or an
/// object of all arguments. The response says whether the signal was `given`, and to which steps, `kept` for the first step that
/// waits for it, or `repeated`, because a signal with the same `id` came before. A signal rejected by the gates of all waiting steps
/// gets 422; an unknown step gets 404.
///
/// # Client disconnects
///
/// What a request has written takes effect without its client: a run whose id the client knows is executed to its end, and an
/// answer or cancellation is completed. An unnamed run whose client disconnects while waiting for it is cancelled, because no one
/// could ever ask for it again.
///
/// # Error responses
///
/// Errors are `application/problem+json` (RFC 9457) with `type`, `title`, `status` and `detail`. A body that the workflow does
/// not accept gets 422 with `errors`, each with the JSON Pointer of a mistake; nothing starts. A failed run gets 500 with `kind`,
/// `step`, `place` and `attempt`, as in [`Error::to_json`].
///
/// # Storage and limits
///
/// With a [journal](Builder::journal), every run is stored before the 202 response. It survives the process and continues when
/// the service restarts, unless the [build](crate::Server::obstacles) cannot continue it.
/// [`Server::resumed`](crate::Server::resumed) lists the runs left by an earlier process. If the journal fails, the service
/// stops, and [`Stopped`](crate::Stopped) says why.
///
/// Without a journal, runs live in memory, and only the latest [1,000](Self::max_ended_runs) finished ones are kept. While
/// [1,000](Self::max_running_runs) runs are executing, further ones get 503; runs that wait for a person do not count. Bodies are
/// limited to [16 MiB](Self::max_body_bytes).
///
/// # Access
///
/// There is no authentication. A service therefore listens on loopback addresses only, and rejects requests addressed to another
/// host name, because a web page could otherwise reach it through its own host name.
#[derive(Debug)]
#[must_use = "a service does nothing until it is bound"]
pub struct Service {
    pub(crate) builder: Builder,
    pub(crate) workflows: Vec<AnyWorkflow>,
    pub(crate) title: String,
    pub(crate) limits: Limits,
}

impl Service {
    /// Creates a service whose runs use the configuration of the builder.
    pub fn new(builder: Builder) -> Self {
        Self { builder, workflows: Vec::new(), title: "Workflows".to_owned(), limits: Limits::default() }
    }

    /// Adds a workflow, given by its function.
    pub fn workflow<A, T: Send + 'static, F: WorkflowFn<A, T>>(self, workflow: F) -> Self {
        self.any(AnyWorkflow::of(workflow))
    }

    /// Adds a type-erased workflow.
    pub fn any(mut self, workflow: AnyWorkflow) -> Self {
        self.workflows.push(workflow);
        self
    }

    /// Sets the title of the OpenAPI document; the default is `Workflows`.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Limits the size of a body; the default is 16 MiB.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.limits.body_bytes = bytes;
        self
    }

    /// Limits the finished runs kept in memory with their records; the default is 1,000. The oldest are dropped first. A journal
    /// keeps all.
    pub fn max_ended_runs(mut self, runs: usize) -> Self {
        self.limits.ended_runs = runs;
        self
    }

    /// Limits the runs that execute at once; the default is 1,000.
    pub fn max_running_runs(mut self, runs: usize) -> Self {
        self.limits.running_runs = runs;
        self
    }

    /// Sets how long runs may continue when the service stops; the default is 30 seconds.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.limits.grace = grace;
        self
    }

    /// Returns the OpenAPI 3.1 document.
    ///
    /// # Errors
    ///
    /// Fails if two workflows have the same name, or if a contract and its published schema disagree.
    pub fn openapi(&self) -> Result<Value> {
        self.refuse_twins()?;
        openapi::document(&self.title, &self.workflows)
    }

    fn refuse_twins(&self) -> Result<()> {
        let mut names: Vec<_> = self.workflows.iter().map(|workflow| workflow.meta().name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Error::new(ErrorKind::Setup, format!("two workflows are named `{}`", pair[0]))),
            None => Ok(()),
        }
    }
}
