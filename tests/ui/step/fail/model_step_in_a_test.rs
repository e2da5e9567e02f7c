// Outside a workflow, a model step needs a runtime.
use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[step(model = FAST, prompt = "Translate: {{ text }}")]
async fn translate(text: &str) -> Result<String>;

async fn check() {
    assert!(translate("Hello").await.is_ok());
}

fn main() {}
