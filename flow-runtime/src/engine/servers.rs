//! The MCP servers of a runtime, and whether steps fit what they publish.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use super::mutex::lock;
use super::published::{Unserved, unfit};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Meta, ServerTool};
use crate::mcp::{PublishedTool, ServerFailure, ToolServer};

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
        let way_out = if cfg!(feature = "mcp") {
            format!("add it with `.mcp(\"{0}\", …)`, or as `[mcp.{0}]` in `flow.toml`", tool.server)
        } else {
            "and this program was built without the feature `mcp`: run `cargo add flowgate --features mcp`".to_owned()
        };
        Some(format!(
            "step `{}` calls a tool of the server `{}`, but no server has this name; {way_out}",
            step.name, tool.server
        ))
    }

    /// Checks that all steps of a workflow fit what their servers publish.
    ///
    /// # Errors
    ///
    /// Lists every step that does not, and every server that cannot be reached.
    pub(super) async fn check(&self, meta: &'static Meta) -> Result<()> {
        let mut wrong: Vec<String> = Vec::new();
        for step in meta.reachable() {
            let Some(tool) = step.policy.mcp else { continue };
            match self.fitting(step, tool).await {
                Ok(_) => {}
                Err(Unserved::Down(failure)) => wrong.push(down(tool, &failure)),
                Err(Unserved::Unfit(text)) => wrong.push(text),
            }
        }
        wrong.dedup();
        match &wrong[..] {
            [] => Ok(()),
            wrong => Err(Error::new(ErrorKind::Setup, format!("`{}` cannot start: {}", meta.name, wrong.join("; ")))),
        }
    }

    /// Returns the server of a step, connected and publishing a tool that the step fits.
    pub(super) async fn fitting(
        &self,
        step: &'static Meta,
        tool: ServerTool,
    ) -> Result<&Arc<dyn ToolServer>, Unserved> {
        let server = self.all.get(tool.server);
        let server = server.ok_or_else(|| Unserved::Unfit(self.missing(step).unwrap_or_default()))?;
        let tools = server.tools().await.map_err(Unserved::Down)?;
        let key = std::ptr::from_ref(step) as usize;
        if lock(&self.checked).get(&key).is_some_and(|checked| Arc::ptr_eq(checked, &tools)) {
            return Ok(server);
        }
        if let Some(text) = unfit(step, tool, &tools) {
            return Err(Unserved::Unfit(text));
        }
        lock(&self.checked).insert(key, tools);
        Ok(server)
    }
}

fn down(tool: ServerTool, failure: &ServerFailure) -> String {
    format!("server `{}`: {}", tool.server, failure.message)
}

impl fmt::Debug for Servers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.all.keys()).finish()
    }
}
