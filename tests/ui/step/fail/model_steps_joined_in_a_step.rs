// Model steps passed to a macro or wrapper in the body of a step are not awaited in a workflow.
// errors: 4
use std::time::Duration;

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[step(model = FAST, prompt = "Translate: {{ text }}")]
async fn translate(text: &str) -> Result<String>;

#[step]
async fn twice(text: &str) -> Result<String> {
    let (one, other) = try_join!(translate(text), async { translate(text).await })?;
    Ok(one + &other)
}

#[step]
async fn soon(text: &str) -> Result<String> {
    Ok(flow::tokio::time::timeout(Duration::from_secs(1), translate(text)).await??)
}

#[step]
async fn boxed(text: &str) -> Result<String> {
    Box::pin(translate(text)).await
}

fn main() {}
