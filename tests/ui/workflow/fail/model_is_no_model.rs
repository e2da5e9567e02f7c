// A model must be a constant of type `Model`.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");
const SMART: &str = "local/smart";

#[step(model = FAST, prompt = "How long is {{ text }}?")]
async fn estimate(text: &str) -> Result<u32>;

#[workflow]
async fn screen(text: String) -> Result<u32> {
    estimate(&text).model(SMART).await
}

fn main() {}
