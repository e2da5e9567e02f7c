//! The server of `src/main.rs`, started by a runtime.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use flow::mcp::Server;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with a script and a log.
pub(crate) struct Scripted(TempDir);

impl Scripted {
    pub(crate) fn new(script: Value) -> Self {
        let scripted = Self(TempDir::new().expect("a folder"));
        scripted.rewrite(script);
        scripted
    }

    /// What the next start plays.
    pub(crate) fn rewrite(&self, script: Value) {
        fs::write(self.script(), script.to_string()).expect("a file");
    }

    pub(crate) fn script(&self) -> PathBuf {
        self.0.path().join("script.json")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.0.path().join("log")
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    pub(crate) fn server(&self) -> Server {
        self.described(Server::command(PROGRAM))
    }

    /// A program with the variables of ours.
    pub(crate) fn described(&self, program: Server) -> Server {
        let path = |path: PathBuf| path.into_os_string().into_string().expect("UTF-8");
        program.env("SCRIPT", path(self.script())).env("LOG", path(self.log()))
    }

    /// Waits for a line.
    pub(crate) async fn until(&self, line: &str) {
        let waits = async {
            while !self.lines().iter().any(|known| known == line) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waits).await.expect("the line within a minute");
    }

    /// The starts and calls so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        fs::read_to_string(self.log()).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    pub(crate) fn starts(&self) -> usize {
        self.lines().iter().filter(|line| *line == "started").count()
    }
}

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_flow-mcp-tests");

/// A tool that takes and returns an object.
pub(crate) fn tool(name: &str, properties: Value, required: &[&str]) -> Value {
    json!({
        "name": name,
        "description": format!("Does {name}."),
        "inputSchema": { "type": "object", "properties": properties, "required": required },
    })
}

/// A result that is a text.
pub(crate) fn text(text: &str) -> Value {
    json!({ "content": [{ "type": "text", "text": text }] })
}

/// A structured result.
pub(crate) fn structured(value: Value) -> Value {
    json!({ "content": [{ "type": "text", "text": value.to_string() }], "structuredContent": value })
}
