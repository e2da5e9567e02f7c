// Model output stays model output when it passes through a code step.
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
async fn reply(letter: String) -> Result<usize> {
    let draft = draft(&letter).await?;
    let draft = polish(&draft).await?;
    send(&draft.text).await
}

fn main() {}
