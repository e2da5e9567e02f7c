// An optional value does not fit a required one.
#![allow(unused_variables)]
use flow::prelude::*;

#[contract]
pub struct Resume {
    text: String,
}

#[contract]
pub struct Candidate {
    name: Option<String>,
    years: u32,
}

#[step]
async fn extract(resume: &Resume) -> Result<Candidate> {
    Ok(Candidate { name: None, years: 3 })
}

#[contract]
pub struct Applicant {
    name: String,
}

#[step]
async fn score(applicant: &Applicant) -> Result<u32> {
    Ok(1)
}

#[workflow]
async fn screen(resume: Resume) -> Result<u32> {
    let candidate = extract(&resume).await?;
    score(&candidate).await
}

fn main() {}
