// A workflow passes on model output that it returns.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone)]
pub struct Draft { pub text: String }

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}")]
async fn draft(letter: &str) -> Result<Draft>;

#[step]
async fn polish(draft: &Draft) -> Result<Draft> { Ok(draft.clone()) }

#[step(effect = irreversible)]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

#[workflow]
async fn write(letter: String) -> Result<Draft> {
    let draft = draft(&letter).await?;
    if draft.text.is_empty() {
        return Ok(draft);
    }
    polish(&draft).await
}

#[workflow]
async fn reply(letter: String) -> Result<usize> {
    let draft = write(letter).await?;
    send(&draft.text).await
}

fn main() {}
