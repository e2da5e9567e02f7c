// The worst case of output tokens counts every answer that may be requested.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast").max_output_tokens(600);
const SMART: Model = Model::new("local/smart").max_output_tokens(800);

#[step(model = [FAST, SMART], prompt = "How long is {{ text }}?", repair = 2, retry = 2)]
async fn estimate(text: &str) -> Result<u32>;

#[workflow(max_output_tokens = 5000)]
async fn screen(text: String) -> Result<u32> {
    let first = estimate(&text).model(FAST).await?;
    Ok(first + estimate(&text).await?)
}

fn main() {}
