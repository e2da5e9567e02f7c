// An MCP step says what effect its tool has.
use flow::prelude::*;

#[step(mcp = "tracker/create_issue", timeout = "30s")]
async fn create_issue(title: &str) -> Result<String>;

fn main() {}
