// An argument must have a named type.
use flow::prelude::*;

#[step]
async fn score(text: impl Into<String>) -> Result<u32> {
    Ok(1)
}

fn main() {}
