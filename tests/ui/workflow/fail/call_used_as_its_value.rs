// A call that is not awaited has no fields.
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

#[workflow]
async fn screen(resume: Resume) -> Result<u32> {
    let candidate = extract(&resume);
    Ok(candidate.years)
}

fn main() {}
