// The order of a `HashSet` differs when the run is resumed.
use std::collections::HashSet;

use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: HashSet<String>) -> Result<u32> {
    let all = map(texts, async |text: String| count(&text).await).await?;
    Ok(all.len() as u32)
}

fn main() {}
