// A workflow must be awaited in another workflow, not in the body of a step.
use flow::prelude::*;

#[step]
async fn measure(text: &str) -> Result<usize> {
    Ok(text.len())
}

#[workflow]
async fn inner(text: String) -> Result<usize> {
    measure(&text).await
}

#[step]
async fn outer(text: &str) -> Result<usize> {
    Ok(inner(text.to_owned()).await? + measure(text).await?)
}

fn main() {}
