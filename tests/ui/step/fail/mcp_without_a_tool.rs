// `mcp` names a server and one of its tools.
// errors: 6
use flow::prelude::*;

#[step(mcp = "tracker", effect = none)]
async fn no_tool(title: &str) -> Result<String>;

#[step(mcp = "tracker/issues/create", effect = none)]
async fn two_slashes(title: &str) -> Result<String>;

#[step(mcp = "/create_issue", effect = none)]
async fn no_server(title: &str) -> Result<String>;

#[step(mcp = "tracker/", effect = none)]
async fn an_empty_tool(title: &str) -> Result<String>;

#[step(mcp = "tracker/create issue", effect = none)]
async fn a_space(title: &str) -> Result<String>;

#[step(mcp = TRACKER, effect = none)]
async fn a_constant(title: &str) -> Result<String>;

fn main() {}
