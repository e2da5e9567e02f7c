// A helper that awaits a model step must be a workflow; reported once, where it awaits the step.
use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[step(model = FAST, prompt = "Translate: {{ text }}")]
async fn translate(text: &str) -> Result<String>;

async fn helper(text: &str) -> Result<String> {
    let first = translate(text).await?;
    Ok(first.to_uppercase())
}

#[workflow]
async fn screen(text: String) -> Result<String> {
    helper(&text).await
}

fn main() {}
