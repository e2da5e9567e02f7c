// Model output must pass a gate or a person before it reaches an irreversible effect.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone)]
pub struct Draft { pub text: String }

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}")]
async fn draft(letter: &str) -> Result<Draft>;

#[step(effect = irreversible)]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

#[step(model = FAST, prompt = "Answer in one line.\n\n{{ letter }}")]
async fn line(letter: &str) -> Result<String>;

#[workflow]
async fn reply(letter: String) -> Result<usize> {
    send(&line(&letter).await?).await
}

fn main() {}
