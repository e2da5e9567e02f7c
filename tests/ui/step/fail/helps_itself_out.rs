// A step cannot be its own fallback, fix or compensation.
// errors: 3
use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[step(model = FAST, prompt = "{{ text }}", fallback = translate)]
async fn translate(text: &str) -> Result<String>;

#[step(model = FAST, prompt = "{{ text }} {{ rejection }}", fix = mend)]
async fn mend(text: String, rejection: &Rejection) -> Result<String>;

#[step(effect = idempotent, compensate = put)]
async fn put(text: &str) -> Result<()> {
    let _ = text;
    Ok(())
}

fn main() {}
