// A value with two origins must fit from each of them.
// errors: 2
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
pub struct Short {
    name: String,
}

#[step]
async fn skim(resume: &Resume) -> Result<Candidate> {
    Ok(Candidate { name: resume.text.clone(), years: 0 })
}

#[contract]
pub struct Applicant {
    years: String,
}

#[step]
async fn score(applicant: &Applicant) -> Result<u32> {
    Ok(1)
}

#[workflow]
async fn screen(resume: Resume) -> Result<u32> {
    let candidate = if resume.text.is_empty() { skim(&resume).await? } else { extract(&resume).await? };
    score(&candidate).await
}

fn main() {}
