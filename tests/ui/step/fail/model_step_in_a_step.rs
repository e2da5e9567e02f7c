// A model step must be awaited in a workflow, not in the body of another step.
use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[step(model = FAST, prompt = "Translate: {{ text }}")]
async fn translate(text: &str) -> Result<String>;

#[step]
async fn translate_all(texts: &[String]) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for text in texts {
        all.push(translate(text).await?);
    }
    Ok(all)
}

fn main() {}
