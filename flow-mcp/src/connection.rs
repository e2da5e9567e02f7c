//! A connection to a server.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flow_runtime::mcp::{PublishedTool, ServerFailure, ServerFailureKind, ToolAnswer};
use rmcp::handler::client::ClientHandler;
use rmcp::model::{CallToolRequestParams, ClientCapabilities, ClientConfig, Implementation};
use rmcp::service::{NotificationContext, RoleClient, RunningService};
use rmcp::transport::IntoTransport;
use serde_json::{Map, Value};

use crate::answer::{answer, published};
use crate::failure;
use crate::stdio::Stderr;

/// A connection to a server. Dropping it closes the connection; a program that is still running then is ended.
pub(crate) struct Connection {
    service: RunningService<RoleClient, Client>,
    /// The tools, as last published.
    tools: Mutex<Option<Arc<[PublishedTool]>>>,
    /// What a program writes besides the protocol.
    stderr: Option<Stderr>,
}

/// Our side of the protocol. It offers nothing to the server.
struct Client {
    /// The server says that its tools have changed.
    changed: AtomicBool,
}

impl ClientHandler for Client {
    async fn on_tool_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.changed.store(true, Ordering::Release);
    }

    fn get_info(&self) -> ClientConfig {
        let own = Implementation::new("flowgate", env!("CARGO_PKG_VERSION"));
        ClientConfig::new(ClientCapabilities::default(), own)
    }
}

impl Connection {
    pub(crate) async fn open<T, E, A>(transport: T, stderr: Option<Stderr>) -> Result<Self, ServerFailure>
    where
        T: IntoTransport<RoleClient, E, A>,
        E: std::error::Error + Send + Sync + 'static,
    {
        let client = Client { changed: AtomicBool::new(false) };
        match rmcp::serve_client(client, transport).await {
            Ok(service) => Ok(Self { service, tools: Mutex::default(), stderr }),
            Err(error) => Err(said(failure::to_connect(error), stderr.as_ref()).await),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.service.is_closed() && !self.service.peer().is_transport_closed()
    }

    /// Returns the tools, which are requested again only if the server says that they have changed.
    pub(crate) async fn tools(&self) -> Result<Arc<[PublishedTool]>, ServerFailure> {
        // Cleared first: a change during the request is noticed by the next one.
        let has_changed = self.service.service().changed.swap(false, Ordering::AcqRel);
        if let Some(tools) = self.kept().clone().filter(|_| !has_changed) {
            return Ok(tools);
        }
        let tools = match self.service.peer().list_all_tools().await {
            Ok(tools) => tools,
            Err(error) => {
                let failure = failure::of_request(error);
                let text = format!("it does not list its tools: {}", failure.message);
                let failure = ServerFailure::new(ServerFailureKind::Unreachable, text).with_source(failure);
                return Err(said(failure, self.stderr.as_ref()).await);
            }
        };
        let tools: Arc<[_]> = tools.into_iter().map(published).collect();
        *self.kept() = Some(tools.clone());
        Ok(tools)
    }

    pub(crate) async fn call(&self, tool: &str, arguments: Map<String, Value>) -> Result<ToolAnswer, ServerFailure> {
        let mut request = CallToolRequestParams::new(tool.to_owned());
        request.arguments = Some(arguments);
        match self.service.peer().call_tool(request).await {
            Ok(result) => Ok(answer(result)),
            Err(error) => Err(said(failure::of_request(error), self.stderr.as_ref()).await),
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Arc<[PublishedTool]>>> {
        self.tools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds what the program last wrote to standard error, if the connection broke.
async fn said(failure: ServerFailure, stderr: Option<&Stderr>) -> ServerFailure {
    let Some(stderr) = stderr.filter(|_| !matches!(failure.kind, ServerFailureKind::Refused { .. })) else {
        return failure;
    };
    match stderr.last().await {
        Some(line) => {
            let text = format!("{}; its last words were: {line}", failure.message);
            ServerFailure::new(failure.kind, text).with_source(failure)
        }
        None => failure,
    }
}
