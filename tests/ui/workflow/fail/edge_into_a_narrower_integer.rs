// An integer must fit the range of its consumer.
#![allow(unused_variables)]
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
async fn extract(resume: &Resume) -> Result<Candidate> {
    Ok(Candidate { name: resume.text.clone(), years: 3 })
}

#[contract]
pub struct Applicant {
    name: String,
    years: u8,
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
