// The arguments of an MCP step have different names on the server.
// errors: 4
use flow::prelude::*;

#[step(mcp = "tracker/find", effect = none)]
async fn renamed_first(#[serde(rename = "words")] text: &str, words: &str) -> Result<String>;

#[step(mcp = "tracker/find", effect = none)]
async fn renamed_last(words: &str, #[serde(rename = "words")] text: &str) -> Result<String>;

#[step(mcp = "tracker/find", effect = none)]
async fn both_renamed(#[serde(rename = "q")] words: &str, #[serde(rename = "q")] text: &str) -> Result<String>;

#[step(mcp = "tracker/find", effect = none)]
async fn empty(#[serde(rename = "")] words: &str, limit: u32) -> Result<String>;

fn main() {}
