// A branch of a join must not be awaited itself.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let (a, b) = try_join!(count(&text).await, count("x"))?;
    Ok(a + b)
}

fn main() {}
