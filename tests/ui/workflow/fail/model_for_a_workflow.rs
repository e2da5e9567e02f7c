// A workflow has no model to replace.
use flow::prelude::*;

const SMART: Model = Model::new("local/smart");

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn inner(text: String) -> Result<u32> {
    count(&text).await
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    inner(text).model(SMART).await
}

fn main() {}
