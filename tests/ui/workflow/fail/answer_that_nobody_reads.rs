// With `strict` or `lock`, outputs of models and decisions of people must be used.
// errors: 4
#![allow(unused_variables)]
use flow::prelude::*;

const FAST: Model = Model::new("openai/fast");

#[step(model = FAST, prompt = "Sum up.\n\n{{ text }}")]
async fn summarize(text: &str) -> Result<String>;

#[step(human, timeout = "3d")]
async fn approve(text: &str) -> Result<Review<String>>;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow(strict)]
async fn report(text: String) -> Result<u32> {
    approve(&text).await?;
    let summary = summarize(&text).await?;
    count(&text).await
}

#[workflow(lock)]
async fn reports(texts: Vec<String>) -> Result<u32> {
    map(texts, async |text| summarize(&text).await).await?;
    let (one, two) = try_join!(summarize("a"), count("b"))?;
    Ok(two)
}

fn main() {}
