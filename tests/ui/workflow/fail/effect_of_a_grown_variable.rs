// A variable contains what was added to it.
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
    let draft = draft(&letter).await?;
    let mut mail = String::from("Dear all, ");
    draft.text.lines().for_each(|line| mail.push_str(line));
    send(&mail).await
}

fn main() {}
