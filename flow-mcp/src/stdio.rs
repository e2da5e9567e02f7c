//! Servers that are programs.

use std::io;
use std::process::Stdio;
use std::sync::Arc;

use flow_runtime::mcp::{ServerFailure, ServerFailureKind};
use process_wrap::tokio::{ChildWrapper, CommandWrap, CommandWrapper, KillOnDrop};
use rmcp::transport::TokioChildProcess;

use crate::setting::{Environment, Setting};
use crate::stderr::Stderr;

/// The variables that a program gets without being named. It gets no others, so that keys are not passed on.
const INHERITED: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TERM",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    // Downloads of `npx`, `uvx` and the like.
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    // Windows.
    "APPDATA",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "PATHEXT",
    "PROGRAMFILES",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "USERNAME",
    "USERPROFILE",
];

/// A program and its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    program: String,
    pub(crate) arguments: Vec<Setting>,
    pub(crate) variables: Vec<(String, Setting)>,
}

impl Command {
    pub(crate) fn new(program: String) -> Self {
        Self { program, arguments: Vec::new(), variables: Vec::new() }
    }

    /// Starts the program.
    pub(crate) fn start(
        &self,
        environment: &Environment,
    ) -> Result<(TokioChildProcess, Option<Arc<Stderr>>), ServerFailure> {
        let builder = TokioChildProcess::builder(self.prepared(environment)?).stderr(Stdio::piped());
        let (child, stderr) = builder.spawn().map_err(|error| self.not_started(&error))?;
        Ok((child, stderr.map(|stderr| Arc::new(Stderr::read(stderr)))))
    }

    /// The program in a process group of its own, so that it is ended together with what it has started.
    fn prepared(&self, environment: &Environment) -> Result<CommandWrap, ServerFailure> {
        let mut command = tokio::process::Command::new(&self.program);
        let inherited = INHERITED.iter().filter_map(|name| Some((*name, std::env::var_os(name)?)));
        command.env_clear().envs(inherited);
        let unset = |text: String| ServerFailure::new(ServerFailureKind::Misconfigured, text);
        for argument in &self.arguments {
            let value = argument.value(environment);
            command.arg(
                value.map_err(|name| unset(format!("an argument of the program needs {name}, which is not set")))?,
            );
        }
        for (key, value) in &self.variables {
            let value = value.value(environment);
            command
                .env(key, value.map_err(|name| unset(format!("its variable `{key}` needs {name}, which is not set")))?);
        }
        let mut wrapped = CommandWrap::from(command);
        wrapped.wrap(KillOnDrop);
        #[cfg(unix)]
        wrapped.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        wrapped.wrap(process_wrap::tokio::JobObject);
        wrapped.wrap(EndTogether);
        Ok(wrapped)
    }

    fn not_started(&self, error: &io::Error) -> ServerFailure {
        let kind = match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => ServerFailureKind::Misconfigured,
            _ => ServerFailureKind::Unreachable,
        };
        ServerFailure::new(kind, format!("`{}` cannot be started: {error}", self.program))
    }
}

/// Kills what is left of the group when the program is dropped, whether it has ended by itself or not: [`KillOnDrop`] kills the
/// program alone.
#[derive(Debug)]
struct EndTogether;

#[derive(Debug)]
struct Together(Box<dyn ChildWrapper>);

impl CommandWrapper for EndTogether {
    fn wrap_child(&mut self, child: Box<dyn ChildWrapper>, _: &CommandWrap) -> io::Result<Box<dyn ChildWrapper>> {
        Ok(Box::new(Together(child)))
    }
}

impl ChildWrapper for Together {
    fn inner(&self) -> &dyn ChildWrapper {
        self.0.as_ref()
    }

    fn inner_mut(&mut self) -> &mut dyn ChildWrapper {
        self.0.as_mut()
    }

    fn into_inner(self: Box<Self>) -> Box<dyn ChildWrapper> {
        // Nobody asks for the parts of the child.
        self
    }
}

impl Drop for Together {
    fn drop(&mut self) {
        let _ = self.0.start_kill();
    }
}
