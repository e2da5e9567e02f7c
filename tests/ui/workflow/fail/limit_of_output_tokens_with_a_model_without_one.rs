// A limit on output tokens requires a maximum for each model.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "How long is {{ text }}?")]
async fn estimate(text: &str) -> Result<u32>;

#[workflow(max_output_tokens = 5000)]
async fn screen(text: String) -> Result<u32> {
    estimate(&text).await
}

fn main() {}
