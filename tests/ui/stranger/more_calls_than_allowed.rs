// More model calls than the workflow allows.
// says: workflow `both` has a worst case of 18 model calls, but the limit is `max_model_calls = 10`
// says: german: 3 attempts × (1 + 3 repairs) = 12
// says: raise the limit

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(400);
#[step(model = FAST, prompt = "Translate into German.\n\n{{ text }}", repair = 3)]
async fn german(text: &str) -> Result<String>;
#[step(model = FAST, prompt = "Translate into French.\n\n{{ text }}")]
async fn french(text: &str) -> Result<String>;
#[workflow(max_model_calls = 10)]
async fn both(text: String) -> Result<String> {
    let (german, french) = try_join!(german(&text), french(&text))?;
    Ok(german + &french)
}

fn main() {}
