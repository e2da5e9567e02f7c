// Model output that no gate or person has reviewed does not reach an irreversible effect of a tool.
use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[step(model = FAST, prompt = "Answer {{ question }}.")]
async fn answer(question: &str) -> Result<String>;

#[step(mcp = "mail/send", effect = irreversible)]
async fn send(text: &str) -> Result<String>;

#[workflow]
async fn reply(question: String) -> Result<String> {
    let text = answer(&question).await?;
    send(&text).await
}

fn main() {}
