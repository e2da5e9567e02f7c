// A map without a bound in a called workflow makes the worst case unknown.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "How long is {{ text }}?", retry = 1, repair = 0)]
async fn estimate(text: &str) -> Result<u32>;

#[workflow]
async fn all(texts: Vec<String>) -> Result<u32> {
    let found = map(texts, async |text: String| estimate(&text).await).await?;
    Ok(found.into_iter().sum())
}

#[workflow(max_model_calls = 9)]
async fn screen(text: String, texts: Vec<String>) -> Result<u32> {
    Ok(estimate(&text).await? + all(texts).await?)
}

fn main() {}
