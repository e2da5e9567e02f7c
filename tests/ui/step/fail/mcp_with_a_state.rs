// All arguments of an MCP step are sent to the server.
use flow::prelude::*;

struct Database;

#[step(mcp = "tracker/create_issue", effect = idempotent)]
async fn create_issue(title: &str, #[state] database: &Database) -> Result<String>;

fn main() {}
