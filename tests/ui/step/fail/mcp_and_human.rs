// A step has one kind.
use flow::prelude::*;

#[step(mcp = "tracker/find", human, effect = none, timeout = "1d")]
async fn find(words: &str) -> Result<String>;

fn main() {}
