// `cache` takes a duration and a version.
use flow::prelude::*;

#[step(cache = "24h")]
async fn measure(letter: &str) -> Result<u32> {
    Ok(letter.len() as u32)
}

fn main() {}
