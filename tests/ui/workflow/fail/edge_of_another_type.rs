// A changed field breaks the edge that carries it, at the argument.
use flow::prelude::*;

#[contract]
pub struct Resume {
    text: String,
}

#[contract]
pub struct Candidate {
    name: String,
    years: String,
}

#[step]
async fn extract(resume: &Resume) -> Result<Candidate> {
    Ok(Candidate { name: resume.text.clone(), years: "3".into() })
}

#[contract]
pub struct Applicant {
    name: String,
    years: u32,
}

#[step]
async fn score(applicant: &Applicant) -> Result<u32> {
    Ok(applicant.years)
}

#[workflow]
async fn screen(resume: Resume) -> Result<u32> {
    let candidate = extract(&resume).await?;
    score(&candidate).await
}

fn main() {}
