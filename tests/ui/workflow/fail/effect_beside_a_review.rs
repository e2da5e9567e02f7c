// The effect must receive the value that the reviewer returned.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone)]
pub struct Draft { pub text: String }

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}")]
async fn draft(letter: &str) -> Result<Draft>;

#[step(human, timeout = "3d")]
async fn approve(draft: &Draft) -> Result<Review<Draft>>;

#[step(effect = irreversible)]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

#[workflow]
async fn reply(letter: String) -> Result<usize> {
    let draft = draft(&letter).await?;
    match approve(&draft).await? {
        Review::Accept(_) | Review::Edit(_) => send(&draft.text).await,
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

fn main() {}
