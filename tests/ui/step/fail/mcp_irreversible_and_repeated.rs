// An irreversible effect of a tool starts at most once.
// errors: 2
use flow::prelude::*;

#[step(mcp = "tracker/send", effect = irreversible, retry = 3, cache)]
async fn send(text: &str) -> Result<String>;

fn main() {}
