//! The MCP servers of a runtime, and whether steps fit what they publish.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;

use super::mutex::lock;
use super::published::unfit;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Meta, ServerTool};
use crate::mcp::{Connected, PublishedTool, ServerFailure, ToolServer};

/// Why the tool of a step cannot be called.
pub(super) enum Unserved {
    /// The server cannot be reached.
    Down(ServerFailure),
    /// The step does not fit what the server publishes.
    Unfit(String),
}

/// The servers of a runtime, by name.
#[derive(Clone, Default)]
pub(super) struct Servers {
    all: HashMap<String, Arc<dyn ToolServer>>,
    /// What each step was last found to fit, by the address of its description.
    checked: Arc<Mutex<HashMap<usize, Arc<[PublishedTool]>>>>,
}

impl Servers {
    #[cfg(feature = "mcp")]
    pub(super) fn add(&mut self, name: String, server: Arc<dyn ToolServer>) {
        self.all.insert(name, server);
    }

    #[cfg(feature = "mcp")]
    pub(super) fn get(&self, name: &str) -> Option<Arc<dyn ToolServer>> {
        self.all.get(name).cloned()
    }

    #[cfg(feature = "mcp")]
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.all.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns what is missing for a step, if its server was not added.
    pub(super) fn missing(&self, step: &'static Meta) -> Option<String> {
        let tool = step.policy.mcp.filter(|tool| !self.all.contains_key(tool.server))?;
        let step = format!("step `{}` calls a tool of the server `{}`", step.name, tool.server);
        Some(if cfg!(feature = "mcp") {
            format!(
                "{step}, but no server has this name; add it with `.mcp(\"{0}\", …)`, or as `[mcp.{0}]` in `flow.toml`",
                tool.server
            )
        } else {
            format!(
                "{step}, but this program was built without the feature `mcp`; run `cargo add flowgate --features mcp`"
            )
        })
    }

    /// Checks that all steps of a workflow fit what their servers publish.
    ///
    /// # Errors
    ///
    /// Lists every step that does not, and every server that cannot be reached.
    pub(super) async fn check(&self, meta: &'static Meta) -> Result<()> {
        let steps: Vec<_> = meta.reachable().into_iter().filter_map(|step| Some((step, step.policy.mcp?))).collect();
        let names: BTreeSet<_> = steps.iter().map(|(_, tool)| tool.server).collect();
        let servers = names.into_iter().filter_map(|name| Some((name, self.all.get(name)?)));
        let connected = servers.map(|(name, server)| async move { (name, server.connect().await) });
        let connected: BTreeMap<_, _> = join_all(connected).await.into_iter().collect();
        let down = connected.iter().filter_map(|(name, server)| Some((name, server.as_ref().err()?)));
        let mut wrong: Vec<_> = down.map(|(name, failure)| format!("server `{name}`: {}", failure.message)).collect();
        for (step, tool) in steps {
            match connected.get(tool.server) {
                Some(Ok(connected)) => wrong.extend(self.unfit(step, tool, connected)),
                Some(Err(_)) => {}
                None => wrong.extend(self.missing(step)),
            }
        }
        match &wrong[..] {
            [] => Ok(()),
            wrong => Err(Error::new(ErrorKind::Setup, format!("`{}` cannot start: {}", meta.name, wrong.join("; ")))),
        }
    }

    /// Returns a connection to the server of a step, which publishes a tool that the step fits.
    pub(super) async fn fitting(&self, step: &'static Meta, tool: ServerTool) -> Result<Connected, Unserved> {
        let server = self.all.get(tool.server);
        let server = server.ok_or_else(|| Unserved::Unfit(self.missing(step).unwrap_or_default()))?;
        let connected = server.connect().await.map_err(Unserved::Down)?;
        match self.unfit(step, tool, &connected) {
            None => Ok(connected),
            Some(text) => Err(Unserved::Unfit(text)),
        }
    }

    fn unfit(&self, step: &'static Meta, tool: ServerTool, connected: &Connected) -> Option<String> {
        let key = std::ptr::from_ref(step) as usize;
        if lock(&self.checked).get(&key).is_some_and(|checked| Arc::ptr_eq(checked, &connected.tools)) {
            return None;
        }
        let wrong = unfit(step, tool, &connected.tools);
        if wrong.is_none() {
            lock(&self.checked).insert(key, connected.tools.clone());
        }
        wrong
    }
}

impl fmt::Debug for Servers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.all.keys()).finish()
    }
}
