// The graph of a workflow cannot name a function declared in its body.
// errors: 2
use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[step(model = FAST, prompt = "{{ text }}")]
async fn translate(text: &str) -> Result<String>;

#[workflow]
async fn screen(text: String) -> Result<String> {
    async fn helper(text: &str) -> Result<String> {
        translate(text).await
    }
    helper(&text).await
}

#[workflow]
async fn count(text: String) -> Result<u32> {
    #[step]
    async fn length(text: &str) -> Result<u32> {
        Ok(text.len() as u32)
    }
    length(&text).await
}

fn main() {}
