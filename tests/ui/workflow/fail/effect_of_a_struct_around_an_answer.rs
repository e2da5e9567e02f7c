// A value that plain code builds from model output is model output.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone)]
pub struct Draft { pub text: String }

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}")]
async fn draft(letter: &str) -> Result<Draft>;

#[contract]
pub struct Mail { pub to: String, pub text: String }

#[step(effect = irreversible)]
async fn post(mail: &Mail) -> Result<usize> { Ok(mail.text.len()) }

#[workflow]
async fn reply(letter: String) -> Result<usize> {
    let draft = draft(&letter).await?;
    let mail = Mail { to: "office".to_owned(), text: format!("Dear all, {}", draft.text) };
    post(&mail).await
}

fn main() {}
