//! What a service is told before it listens.

use std::net::SocketAddr;
use std::time::Duration;

use flow_runtime::call::WorkflowFn;
use flow_runtime::engine::{AnyWorkflow, Builder};
use flow_runtime::error::{Error, ErrorKind, Result};
use serde_json::Value;

use crate::openapi;
use crate::server::Server;

/// Workflows over HTTP, for this machine.
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
/// | request | answer |
/// |---|---|
/// | `POST /workflows/{name}/runs` | starts a run; the body is a JSON object of the arguments by name |
/// | `GET /runs` | the runs, the latest to begin first: `?status=waiting&workflow=screen&limit=100` |
/// | `GET /runs/{id}` | the run: `{"id", "workflow", "status", …}` with `output` when finished, `error` when failed or stopped and `waits` when waiting |
/// | `DELETE /runs/{id}` | ends the run for good; its records are kept |
/// | `GET /runs/{id}/records` | its records so far as JSON Lines: prompts, replies, tokens, attempts, verdicts |
/// | `POST /runs/{id}/answers/{place}` | answers what the run waits for at a place, see below |
/// | `GET /workflows` | the workflows with their arguments and documentation |
/// | `GET /workflows/{name}/graph` | the graph as JSON, or as mermaid: `?format=mermaid` or `Accept: text/vnd.mermaid` |
/// | `GET /workflows/{name}/schema` | the JSON Schemas of input and output |
/// | `GET /openapi.json` | all of this as OpenAPI 3.1, with the schemas of each workflow |
/// | `GET /problems/{type}` | what a problem type means |
/// | `GET /healthz` | 200 while the process answers |
/// | `GET /readyz`, `GET /health` | 200 while runs are taken; 503 while the service stops, and where the journal has failed |
///
/// # Waiting for a run
///
/// A start is answered at once with 202 and the run's `Location`, where it is asked for later; or with its end, should it have
/// ended already. With `?wait=30s` or
/// `Prefer: wait=30` the answer comes when the run has ended: 200 with the output, or 500 with what has failed. When the wait is
/// over first, it is 202 after all. Asking for a run takes `?wait=` and `Prefer` too. Waits beyond 10 minutes are cut to that.
///
/// # The id of a run
///
/// The caller may name a run, by `?id=` or by the header `Idempotency-Key`. While there is a run of that id, starting it
/// again with the same arguments starts nothing: the answer is about the run that is there. Other arguments are refused with 422.
/// An id has 1 to 128 letters, digits, `-`, `_` or `:`. A run whose status is `no_executor` has not ended and is not executed, since
/// something has stopped it; starting it again takes it up.
///
/// # People and outside systems
///
/// A run that waits says so in `waits`, each with its `place`. The answer is a review, `{"decision": "accept"}`,
/// `{"decision": "edit", "value": …}` or `{"decision": "reject", "reason": "…"}`; the whole answer of a form or a signal,
/// `{"value": …}`; or, of an irreversible effect that was cut off, `{"happened": true, "output": …}` or `{"happened": false}`.
/// `by` says who answers. What breaks the contract of the step is refused with 422, and the step still waits; where nothing
/// waits for such an answer, it is 409.
///
/// # When the client goes away
///
/// Whatever a request has written goes on without its client: a run that has an id its client knows is executed to its end, and an
/// answer or a cancellation takes effect. A run without a name whose client goes away while it waits is cancelled, since nobody
/// could ever ask for it again.
///
/// # Errors
///
/// Errors are `application/problem+json` (RFC 9457) with `type`, `title`, `status` and `detail`. A body that is not what the
/// workflow takes is answered with 422 and `errors`, each with the JSON Pointer of a mistake; nothing starts. A run that has failed
/// is answered with 500 and `kind`, `step`, `place`, `attempt`, as [`Error::to_json`] has them.
///
/// # What is held
///
/// With a [journal](Builder::journal) every run is kept there before it is answered with 202: it outlives the process, and goes
/// on when the journal is served again, unless the [build](Server::obstacles) cannot go on with it. A journal that fails stops the service, and [`Stopped`](crate::Stopped) says why.
/// [`Server::resumed`] says which runs an earlier process has left. Without one, runs are
/// held in memory, and of those that have ended the latest [1,000](Self::max_ended_runs). While [1,000](Self::max_running_runs)
/// are executed, further ones are refused with 503; a run that waits for a person is not executed. Bodies have at most
/// [16 MiB](Self::max_body_bytes).
///
/// # Who may ask
///
/// There is no authentication, so a service listens on loopback addresses only, and refuses requests that are addressed to another
/// host than this machine: a web page could otherwise reach it through a name of its own.
#[derive(Debug)]
#[must_use = "a service does nothing until it is bound"]
pub struct Service {
    pub(crate) builder: Builder,
    pub(crate) workflows: Vec<AnyWorkflow>,
    pub(crate) title: String,
    pub(crate) limits: Limits,
}

/// What a service takes at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) body_bytes: usize,
    pub(crate) ended_runs: usize,
    pub(crate) running_runs: usize,
    pub(crate) grace: Duration,
}

impl Service {
    /// A service whose runs use what the builder was given.
    pub fn new(builder: Builder) -> Self {
        let limits = Limits {
            body_bytes: 16 * 1024 * 1024,
            ended_runs: 1_000,
            running_runs: 1_000,
            grace: Duration::from_secs(30),
        };
        Self { builder, workflows: Vec::new(), title: "Workflows".to_owned(), limits }
    }

    /// Adds a workflow, by its function.
    pub fn workflow<A, T: Send + 'static, F: WorkflowFn<A, T>>(self, workflow: F) -> Self {
        self.any(AnyWorkflow::of(workflow))
    }

    /// Adds a workflow of a type that is not known here.
    pub fn any(mut self, workflow: AnyWorkflow) -> Self {
        self.workflows.push(workflow);
        self
    }

    /// The title of the OpenAPI document; `Workflows` unless said.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// The most bytes of a body; 16 MiB unless said.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.limits.body_bytes = bytes;
        self
    }

    /// How many runs are held in memory after they have ended, with their records; 1,000 unless said. The oldest is dropped first.
    /// A journal keeps all.
    pub fn max_ended_runs(mut self, runs: usize) -> Self {
        self.limits.ended_runs = runs;
        self
    }

    /// How many runs are under way at once; 1,000 unless said.
    pub fn max_running_runs(mut self, runs: usize) -> Self {
        self.limits.running_runs = runs;
        self
    }

    /// How long runs may go on when the service stops; 30 seconds unless said.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.limits.grace = grace;
        self
    }

    /// The OpenAPI 3.1 document.
    ///
    /// # Errors
    ///
    /// Two workflows of one name; a contract that is not what its published schema says.
    pub fn openapi(&self) -> Result<Value> {
        self.refuse_twins()?;
        openapi::document(&self.title, &self.workflows)
    }

    /// Listens. Nothing is answered before [`Server::until`].
    ///
    /// # Errors
    ///
    /// An address that other machines can reach, or that is taken; two providers of one name; as [`openapi`](Self::openapi).
    pub async fn bind(self, address: SocketAddr) -> Result<Server> {
        Server::bind(self, address).await
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
