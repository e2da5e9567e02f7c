// The fallback of a generic step is checked where the step is used.
use flow::prelude::*;

#[step]
async fn nothing(_items: &[String]) -> Result<Option<String>> {
    Ok(None)
}

#[step(fallback = nothing)]
async fn first<T: Clone>(items: Vec<T>) -> Result<Option<T>> {
    Ok(items.into_iter().next())
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<Option<String>> {
    first::<String>(texts).await
}

fn main() {}
