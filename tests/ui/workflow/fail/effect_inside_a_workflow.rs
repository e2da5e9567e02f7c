// An argument of a workflow may reach an irreversible effect inside it.
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
async fn deliver(greeting: String, draft: Draft) -> Result<usize> {
    let draft = polish(&draft).await?;
    send(&format!("{greeting}, {}", draft.text)).await
}

#[workflow]
async fn reply(letter: String) -> Result<usize> {
    let draft = draft(&letter).await?;
    deliver(letter, draft).await
}

fn main() {}
