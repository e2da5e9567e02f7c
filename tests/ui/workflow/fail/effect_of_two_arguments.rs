// A call is reported once, however many of its arguments are unreviewed.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone)]
pub struct Draft { pub text: String }

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}")]
async fn draft(letter: &str) -> Result<Draft>;

#[step(effect = irreversible)]
async fn post(subject: &str, text: &str) -> Result<usize> { Ok(subject.len() + text.len()) }

#[workflow]
async fn reply(letter: String) -> Result<usize> {
    let draft = draft(&letter).await?;
    post(&draft.text, &draft.text).await
}

fn main() {}
