// A call of a workflow omits its states, so the first value is its first argument.
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

pub struct Db;

#[step]
async fn extract(resume: &Resume) -> Result<Candidate> {
    Ok(Candidate { name: resume.text.clone(), years: 3 })
}

#[contract]
pub struct Applicant {
    phone: String,
}

#[workflow]
async fn inner(#[state] db: &Db, applicant: Applicant) -> Result<u32> {
    Ok(1)
}

#[workflow]
async fn screen(resume: Resume) -> Result<u32> {
    let candidate = extract(&resume).await?;
    inner(candidate).await
}

fn main() {}
