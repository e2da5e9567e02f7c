// A call that is not awaited cannot be passed to another step.
use flow::prelude::*;

#[contract]
pub struct Candidate {
    name: String,
}

#[step]
async fn extract(text: &str) -> Result<Candidate> {
    Ok(Candidate { name: text.to_owned() })
}

#[step]
async fn count(candidate: &Candidate) -> Result<usize> {
    Ok(candidate.name.len())
}

#[workflow]
async fn screen(text: String) -> Result<usize> {
    let candidate = extract(&text);
    count(&candidate).await
}

fn main() {}
