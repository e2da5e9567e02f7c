// Two edges that do not fit are two errors.
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
pub struct Applicant {
    phone: String,
}

#[step]
async fn score(applicant: &Applicant) -> Result<u32> {
    Ok(1)
}

#[workflow]
async fn screen(resume: Resume) -> Result<u32> {
    let candidate = extract(&resume).await?;
    let first = score(&candidate).await?;
    let second = score(&candidate).await?;
    Ok(first + second)
}

fn main() {}
