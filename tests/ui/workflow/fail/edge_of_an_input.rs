// An argument of the workflow must fit the step that takes it.
use flow::prelude::*;

#[contract]
pub struct Resume {
    text: String,
}

#[contract]
pub struct Candidate {
    name: String,
    years: u32,
}

#[step]
async fn score(candidate: &Candidate) -> Result<u32> {
    Ok(candidate.years)
}

#[workflow]
async fn screen(resume: Resume) -> Result<u32> {
    score(&resume).await
}

fn main() {}
