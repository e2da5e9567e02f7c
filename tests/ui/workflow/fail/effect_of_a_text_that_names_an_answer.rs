// A variable captured in a format string counts as used.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone)]
pub struct Draft { pub text: String }

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}")]
async fn draft(letter: &str) -> Result<Draft>;

#[step(effect = irreversible)]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

#[workflow]
async fn reply(letter: String) -> Result<usize> {
    let Draft { text } = draft(&letter).await?;
    send(&format!("Dear all, {text}")).await
}

fn main() {}
