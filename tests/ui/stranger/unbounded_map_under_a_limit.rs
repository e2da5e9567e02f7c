// Without a bound, a map has no worst case.
// says: this `map` needs a bound
// says: add `.bound(N)`

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(400);
#[step(model = FAST, prompt = "Sum up.\n\n{{ page }}")]
async fn summarize(page: &str) -> Result<String>;
#[workflow(max_model_calls = 100)]
async fn digest(pages: Vec<String>) -> Result<Vec<String>> {
    map(pages, async |page| summarize(&page).await).await
}

fn main() {}
