// A call of an MCP step is no future outside a workflow.
use flow::prelude::*;

#[step(mcp = "tracker/find", effect = none)]
async fn find(words: &str) -> Result<String>;

#[step]
async fn look(words: &str) -> Result<String> {
    find(words).await
}

fn main() {}
