// A step in a spawned task is missing from the graph.
// says: `flow::tokio::spawn` cannot be called in a workflow
// says: use `try_join!`, `race_ok!` or `map`

use flow::prelude::*;

#[step]
async fn moderate(text: &str) -> Result<bool> { Ok(text.len() > 3) }
#[workflow]
async fn post(text: String) -> Result<bool> {
    flow::tokio::spawn(async move { moderate(&text).await });
    Ok(true)
}

fn main() {}
