// Unreviewed model output must not be sent.
// says: step `send` has an irreversible effect
// says: path: `reply -> sign -> send(text)`
// says: add a gate to `reply`

use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(400);
#[step(model = FAST, prompt = "Answer kindly.\n\n{{ complaint }}")]
async fn reply(complaint: &str) -> Result<String>;
#[step]
async fn sign(text: &str) -> Result<String> { Ok(format!("{text}\nYours")) }
#[step(effect = irreversible)]
async fn send(text: &str) -> Result<u64> { Ok(text.len() as u64) }
#[workflow]
async fn complain(complaint: String) -> Result<u64> {
    let text = reply(&complaint).await?;
    let letter = sign(&text).await?;
    send(&letter).await
}

fn main() {}
