// The worst case counts attempts and repairs.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "How long is {{ text }}?", repair = 2, retry = 2)]
async fn estimate(text: &str) -> Result<u32>;

#[workflow(max_model_calls = 5)]
async fn screen(text: String) -> Result<u32> {
    estimate(&text).await
}

fn main() {}
