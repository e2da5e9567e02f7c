// The closure of a map passes model output on.
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
async fn reply(letters: Vec<String>) -> Result<Vec<usize>> {
    let drafts = map(letters, async |letter| {
        let draft = draft(&letter).await?;
        polish(&draft).await
    }).await?;
    map(drafts, async |draft| send(&draft.text).await).await
}

fn main() {}
