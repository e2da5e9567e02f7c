//! A server, and its connection.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use flow_runtime::mcp::{Connected, PublishedTool, ServerFailure, ServerFailureKind, ToolServer};
use flow_runtime::provider::BoxFuture;
use futures_util::FutureExt;
use futures_util::future::Shared;
use rmcp::service::RoleClient;
use rmcp::transport::IntoTransport;

use crate::connection::Connection;
use crate::http::Http;
use crate::setting::{Environment, Setting};
use crate::stderr::Stderr;
use crate::stdio::Command;

/// How long a server may take to start and to publish its tools.
const START: Duration = Duration::from_secs(60);

/// An MCP server: a program that talks over standard input and output, or an address that talks over HTTP.
///
/// It is started or connected to when a step first needs it. All runs share the connection. If it is lost, for example because the
/// program was killed, the call fails with a retryable error, and the next call starts the server again. It is stopped when
/// the runtime is dropped.
///
/// ```
/// use flow_mcp::{Server, Variable};
///
/// let files = Server::command("npx").args(["-y", "@modelcontextprotocol/server-filesystem", "/srv/docs"]);
/// let github = Server::http("https://api.githubcopilot.com/mcp/")
///     .header("Authorization", Variable::new("GITHUB_TOKEN").prefix("Bearer "));
/// ```
#[must_use = "a server does nothing until a runtime has it"]
pub struct Server {
    description: Description,
    held: Arc<Mutex<Held>>,
}

/// How a server is reached.
#[derive(Clone)]
struct Description {
    way: Way,
    start_timeout: Duration,
    environment: Environment,
}

#[derive(Clone, Debug)]
enum Way {
    Command(Command),
    Http(Http),
}

/// The connection, and the attempt that is about to replace it.
#[derive(Default)]
struct Held {
    open: Option<Open>,
    /// All callers wait for the same attempt, and learn its failure. It goes on if they stop waiting.
    opening: Option<Opening>,
}

#[derive(Clone)]
struct Open {
    connection: Arc<Connection>,
    tools: Arc<[PublishedTool]>,
}

type Opening = Shared<BoxFuture<'static, Result<Connected, ServerFailure>>>;

impl Server {
    /// Creates a server that is a program. It is started with the few environment variables that programs need (`PATH`, `HOME`, the
    /// language and the like), and those that [`env`](Self::env) adds. What it writes to standard error is shown only if it fails.
    pub fn command(program: impl Into<String>) -> Self {
        Self::over(Way::Command(Command::new(program.into())))
    }

    /// Creates a server at an address that speaks streamable HTTP.
    pub fn http(url: impl Into<Setting>) -> Self {
        Self::over(Way::Http(Http::new(url.into())))
    }

    fn over(way: Way) -> Self {
        let environment: Environment = Arc::new(|name| std::env::var(name).ok());
        Self { description: Description { way, start_timeout: START, environment }, held: Arc::default() }
    }

    /// Adds an argument of the program.
    pub fn arg(self, argument: impl Into<Setting>) -> Self {
        self.args([argument])
    }

    /// Adds arguments of the program.
    pub fn args<A: Into<Setting>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        if let Way::Command(command) = &mut self.description.way {
            command.arguments.extend(arguments.into_iter().map(Into::into));
        }
        self
    }

    /// Sets an environment variable of the program.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<Setting>) -> Self {
        if let Way::Command(command) = &mut self.description.way {
            command.variables.push((name.into(), value.into()));
        }
        self
    }

    /// Sets a header of every request to the address.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Setting>) -> Self {
        if let Way::Http(http) = &mut self.description.way {
            http.headers.push((name.into(), value.into()));
        }
        self
    }

    /// Sets how long the server may take to start and to publish its tools. The default is one minute.
    pub fn start_timeout(mut self, limit: Duration) -> Self {
        self.description.start_timeout = limit;
        self
    }

    /// Reads [variables](crate::Variable) through a function instead of from the environment of the process.
    pub fn variables(mut self, variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        self.description.environment = Arc::new(variable);
        self
    }

    /// Returns the attempt that is under way, or begins one.
    fn opening(&self, held: &mut Held) -> Opening {
        if let Some(opening) = held.opening.as_ref().filter(|opening| opening.peek().is_none()) {
            return opening.clone();
        }
        let (description, earlier, kept) = (self.description.clone(), held.open.take(), self.held.clone());
        let task = tokio::spawn(async move {
            let opened = description.open(earlier).await;
            let mut held = lock(&kept);
            held.opening = None;
            held.open = opened.as_ref().ok().cloned();
            opened.map(Open::connected)
        });
        let opening: BoxFuture<'static, _> = Box::pin(async {
            task.await.unwrap_or_else(|_| {
                Err(ServerFailure::new(ServerFailureKind::Unreachable, "cannot connect: the program is ending"))
            })
        });
        held.opening.insert(opening.shared()).clone()
    }
}

impl Description {
    /// Lists the tools again on an open connection, or opens one.
    async fn open(&self, earlier: Option<Open>) -> Result<Open, ServerFailure> {
        if let Some(Open { connection, .. }) = earlier.filter(|open| open.connection.is_open())
            && let Ok(tools) = self.within(connection.list()).await
        {
            return Ok(Open { connection, tools });
        }
        match &self.way {
            Way::Http(http) => self.within(opened(http.transport(&self.environment)?, None)).await,
            Way::Command(command) => {
                let (program, stderr) = command.start(&self.environment)?;
                match self.within(opened(program, stderr.clone())).await {
                    Err(failure) if let Some(stderr) = stderr => Err(stderr.within(failure).await),
                    opened => opened,
                }
            }
        }
    }

    async fn within<T>(&self, work: impl Future<Output = Result<T, ServerFailure>>) -> Result<T, ServerFailure> {
        tokio::time::timeout(self.start_timeout, work).await.unwrap_or_else(|_| {
            let text = format!("no list of tools within {:?}", self.start_timeout);
            Err(ServerFailure::new(ServerFailureKind::Unreachable, text))
        })
    }
}

async fn opened<T, E, A>(transport: T, stderr: Option<Arc<Stderr>>) -> Result<Open, ServerFailure>
where
    T: IntoTransport<RoleClient, E, A>,
    E: std::error::Error + Send + Sync + 'static,
{
    let connection = Connection::open(transport, stderr).await?;
    let tools = connection.list().await?;
    Ok(Open { connection: Arc::new(connection), tools })
}

impl Open {
    fn is_current(&self) -> bool {
        self.connection.is_open() && !self.connection.has_changed()
    }

    fn connected(self) -> Connected {
        Connected::new(self.tools, self.connection)
    }
}

impl ToolServer for Server {
    fn connect(&self) -> BoxFuture<'_, Result<Connected, ServerFailure>> {
        Box::pin(async {
            let opening = {
                let mut held = lock(&self.held);
                if let Some(open) = held.open.as_ref().filter(|open| open.is_current()) {
                    return Ok(open.clone().connected());
                }
                self.opening(&mut held)
            };
            opening.await
        })
    }
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.description.way).finish()
    }
}
