// Only a model step accepts another model.
use flow::prelude::*;

const SMART: Model = Model::new("local/smart");

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    count(&text).model(SMART).await
}

fn main() {}
