//! A connection to a server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flow_runtime::mcp::{PublishedTool, ServerFailure, ServerFailureKind, ToolAnswer, ToolConnection};
use flow_runtime::provider::BoxFuture;
use rmcp::ClientCacheConfig;
use rmcp::handler::client::ClientHandler;
use rmcp::model::{CallToolRequestParams, ClientCapabilities, ClientConfig, Implementation};
use rmcp::service::{NotificationContext, RoleClient, RunningService};
use rmcp::transport::IntoTransport;
use serde_json::{Map, Value};

use crate::answer::{answer, published};
use crate::failure;
use crate::stderr::Stderr;

/// A connection to a server. Dropping it closes the connection; a program that is still running then is ended.
pub(crate) struct Connection {
    service: RunningService<RoleClient, Client>,
    /// A call failed in a way that no later call survives.
    is_broken: AtomicBool,
    /// What a program writes besides the protocol.
    stderr: Option<Arc<Stderr>>,
}

/// Our side of the protocol. It offers nothing to the server.
struct Client {
    /// The server says that its tools have changed, or behaves as if they had.
    has_changed: AtomicBool,
}

impl ClientHandler for Client {
    async fn on_tool_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.has_changed.store(true, Ordering::Release);
    }

    fn get_info(&self) -> ClientConfig {
        let own = Implementation::new("flowgate", env!("CARGO_PKG_VERSION"));
        ClientConfig::new(ClientCapabilities::default(), own)
    }
}

impl Connection {
    pub(crate) async fn open<T, E, A>(transport: T, stderr: Option<Arc<Stderr>>) -> Result<Self, ServerFailure>
    where
        T: IntoTransport<RoleClient, E, A>,
        E: std::error::Error + Send + Sync + 'static,
    {
        let client = Client { has_changed: AtomicBool::new(false) };
        let service = rmcp::serve_client(client, transport).await.map_err(|error| failure::to_connect(&error))?;
        // A list of tools is asked for only when an earlier one may be wrong.
        service.peer().set_response_cache_config(ClientCacheConfig::disabled()).await;
        Ok(Self { service, is_broken: AtomicBool::new(false), stderr })
    }

    pub(crate) fn is_open(&self) -> bool {
        let is_closed = self.service.is_closed() || self.service.peer().is_transport_closed();
        !is_closed && !self.is_broken.load(Ordering::Acquire)
    }

    /// Returns whether the tools have to be listed again.
    pub(crate) fn has_changed(&self) -> bool {
        self.service.service().has_changed.load(Ordering::Acquire)
    }

    /// Asks the server for its tools.
    pub(crate) async fn list(&self) -> Result<Arc<[PublishedTool]>, ServerFailure> {
        // Cleared first: a change during the request is noticed by the next one.
        self.service.service().has_changed.store(false, Ordering::Release);
        match self.service.peer().list_all_tools().await {
            Ok(tools) => Ok(tools.into_iter().map(published).collect()),
            Err(error) => {
                let failure = failure::of_request(&error);
                let kind = match failure.kind {
                    ServerFailureKind::Misconfigured => ServerFailureKind::Misconfigured,
                    _ => ServerFailureKind::Unreachable,
                };
                Err(ServerFailure::new(kind, format!("cannot list the tools: {}", failure.message)))
            }
        }
    }
}

impl ToolConnection for Connection {
    fn call<'a>(
        &'a self,
        tool: &'a str,
        arguments: Map<String, Value>,
    ) -> BoxFuture<'a, Result<ToolAnswer, ServerFailure>> {
        Box::pin(async move {
            let mut request = CallToolRequestParams::new(tool.to_owned());
            request.arguments = Some(arguments);
            let failure = match self.service.peer().call_tool(request).await {
                Ok(result) => return Ok(answer(result)),
                Err(error) => failure::of_request(&error),
            };
            match failure.kind {
                // Servers need not say that their tools have changed.
                ServerFailureKind::Refused { .. } => {
                    self.service.service().has_changed.store(true, Ordering::Release);
                    Err(failure)
                }
                ServerFailureKind::Unexpected | ServerFailureKind::Misconfigured => Err(failure),
                _ => {
                    self.is_broken.store(true, Ordering::Release);
                    Err(match &self.stderr {
                        Some(stderr) => stderr.beneath(failure).await,
                        None => failure,
                    })
                }
            }
        })
    }
}
