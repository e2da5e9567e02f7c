//! A server, and its connection.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use flow_runtime::mcp::{PublishedTool, ServerFailure, ServerFailureKind, ToolAnswer, ToolServer};
use flow_runtime::provider::BoxFuture;
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use crate::connection::Connection;
use crate::http::Http;
use crate::setting::{Environment, Setting};
use crate::stdio::Command;

/// How long a server may take to start and to publish its tools.
const START: Duration = Duration::from_secs(60);

/// An MCP server: a program that talks over standard input and output, or an address that talks over HTTP.
///
/// It is started or connected to when a step first needs it. All runs share the connection. If it is lost, for example because the
/// program was killed, the call fails with a retryable error, and the next call starts the server again. The server is stopped with
/// the runtime.
///
/// ```
/// use flow_mcp::{Server, Variable};
///
/// let files = Server::command("npx").args(["-y", "@modelcontextprotocol/server-filesystem", "/srv/docs"]);
/// let github = Server::http("https://api.githubcopilot.com/mcp/")
///     .header("Authorization", Variable::new("GITHUB_TOKEN").prefix("Bearer "));
/// ```
#[derive(Clone)]
#[must_use = "a server does nothing until a runtime has it"]
pub struct Server {
    way: Way,
    start_timeout: Duration,
    environment: Environment,
    /// Held while connecting, so that concurrent calls start the server once.
    held: Arc<Mutex<Option<Arc<Connection>>>>,
}

#[derive(Clone, Debug)]
enum Way {
    Command(Command),
    Http(Http),
}

impl Server {
    /// Creates a server that is a program. It is started with the few environment variables that programs need (`PATH`, `HOME`, the
    /// language and the like), and those that [`env`](Self::env) adds. What it writes to standard error is shown only if it fails.
    pub fn command(program: impl Into<String>) -> Self {
        Self::over(Way::Command(Command::new(program.into())))
    }

    /// Creates a server at an address that speaks streamable HTTP.
    pub fn http(url: impl Into<String>) -> Self {
        Self::over(Way::Http(Http::new(url.into())))
    }

    fn over(way: Way) -> Self {
        let environment: Environment = Arc::new(|name| std::env::var(name).ok());
        Self { way, start_timeout: START, environment, held: Arc::default() }
    }

    /// Adds an argument of the program.
    pub fn arg(self, argument: impl Into<String>) -> Self {
        self.args([argument])
    }

    /// Adds arguments of the program.
    pub fn args<A: Into<String>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        if let Way::Command(command) = &mut self.way {
            command.arguments.extend(arguments.into_iter().map(Into::into));
        }
        self
    }

    /// Sets an environment variable of the program.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<Setting>) -> Self {
        if let Way::Command(command) = &mut self.way {
            command.variables.push((name.into(), value.into()));
        }
        self
    }

    /// Sets a header of every request to the address.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Setting>) -> Self {
        if let Way::Http(http) = &mut self.way {
            http.headers.push((name.into(), value.into()));
        }
        self
    }

    /// Sets how long the server may take to start and to publish its tools. The default is one minute.
    pub fn start_timeout(self, limit: Duration) -> Self {
        Self { start_timeout: limit, ..self }
    }

    /// Reads [variables](crate::Variable) through a function instead of from the environment of the process.
    pub fn variables(self, variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self { environment: Arc::new(variable), ..self }
    }

    async fn connected(&self) -> Result<(Arc<Connection>, Arc<[PublishedTool]>), ServerFailure> {
        let connection = match &self.way {
            Way::Command(command) => command.connect(&self.environment).await?,
            Way::Http(http) => http.connect(&self.environment).await?,
        };
        let tools = connection.tools().await?;
        Ok((Arc::new(connection), tools))
    }

    async fn within<T>(&self, work: impl Future<Output = Result<T, ServerFailure>>) -> Result<T, ServerFailure> {
        tokio::time::timeout(self.start_timeout, work).await.unwrap_or_else(|_| {
            let text = format!("it did not publish its tools within {:?}", self.start_timeout);
            Err(ServerFailure::new(ServerFailureKind::Unreachable, text))
        })
    }

    /// Forgets a connection that failed, unless it was replaced in the meantime.
    async fn forget(&self, failed: &Arc<Connection>) {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|connection| Arc::ptr_eq(connection, failed)) {
            *held = None;
        }
    }
}

impl ToolServer for Server {
    fn tools(&self) -> BoxFuture<'_, Result<Arc<[PublishedTool]>, ServerFailure>> {
        Box::pin(async {
            let mut held = self.held.lock().await;
            if let Some(connection) = held.take().filter(|connection| connection.is_open())
                && let Ok(tools) = self.within(connection.tools()).await
            {
                *held = Some(connection);
                return Ok(tools);
            }
            let (connection, tools) = self.within(self.connected()).await?;
            *held = Some(connection);
            Ok(tools)
        })
    }

    fn call<'a>(
        &'a self,
        tool: &'a str,
        arguments: Map<String, Value>,
    ) -> BoxFuture<'a, Result<ToolAnswer, ServerFailure>> {
        Box::pin(async move {
            let Some(connection) = self.held.lock().await.clone() else {
                return Err(ServerFailure::new(ServerFailureKind::Unreachable, "there is no connection"));
            };
            let answer = connection.call(tool, arguments).await;
            if answer.as_ref().is_err_and(|failure| !matches!(failure.kind, ServerFailureKind::Refused { .. })) {
                self.forget(&connection).await;
            }
            answer
        })
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.way).finish()
    }
}
