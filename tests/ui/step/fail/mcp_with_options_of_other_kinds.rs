// What stands in for a tool, or corrects its output, is a step of its own.
// errors: 4
use flow::prelude::*;

#[step(mcp = "tracker/find", effect = none, repair = 2, prompt = "Find {{ words }}.", fallback = other)]
async fn find(words: &str) -> Result<String>;

#[step(mcp = "tracker/find", effect = none, fix = other)]
async fn found(words: &str) -> Result<String>;

#[step]
async fn other(words: &str) -> Result<String> {
    Ok(words.to_owned())
}

fn main() {}
