// An MCP step has no body: the server does the work.
use flow::prelude::*;

#[step(mcp = "tracker/create_issue", effect = idempotent)]
async fn create_issue(title: &str) -> Result<String> {
    Ok(title.to_owned())
}

fn main() {}
