// A workflow must not read the clock.
// says: `std::time::SystemTime::now` cannot be called in a workflow
// says: flow::now().await?

use flow::prelude::*;

#[step]
async fn stamp(text: &str, at: u64) -> Result<String> { Ok(format!("{at} {text}")) }
#[workflow]
async fn log(text: String) -> Result<String> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    stamp(&text, now).await
}

fn main() {}
