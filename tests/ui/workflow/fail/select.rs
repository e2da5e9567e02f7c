// The winning branch of a `select!` is not recorded.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    flow::tokio::select! {
        a = count(&text) => a,
        b = count("x") => b,
    }
}

fn main() {}
