// A value assigned in one turn of a loop is visible in the next.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone)]
pub struct Draft { pub text: String }

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}")]
async fn draft(letter: &str) -> Result<Draft>;

#[gate]
fn polite(draft: &Draft) -> Verdict { Verdict::ensure(!draft.text.is_empty(), "nothing is said") }

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}", gate = polite)]
async fn checked(letter: &str) -> Result<Draft>;

#[step(effect = irreversible)]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

#[workflow]
async fn reply(letter: String) -> Result<String> {
    let mut best = checked(&letter).await?;
    #[bound(3)]
    while best.text.len() < 100 {
        send(&best.text).await?;
        best = draft(&best.text).await?;
    }
    Ok(best.text)
}

fn main() {}
