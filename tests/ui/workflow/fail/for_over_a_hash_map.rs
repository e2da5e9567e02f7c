// The order of a `HashMap` differs when the run is resumed.
use std::collections::HashMap;

use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: HashMap<String, u32>) -> Result<u32> {
    for (text, _) in &texts {
        count(text).await?;
    }
    Ok(1)
}

fn main() {}
