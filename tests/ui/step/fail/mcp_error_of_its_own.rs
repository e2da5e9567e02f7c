// An MCP step has no body that could fail with an error of its own.
use flow::prelude::*;

#[step(mcp = "tracker/find", effect = none)]
async fn find(words: &str) -> Result<String, std::io::Error>;

fn main() {}
