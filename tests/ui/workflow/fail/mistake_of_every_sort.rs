// Mistakes visible only in types are reported together with those visible in tokens.
// errors: 2
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

#[step]
async fn hire(name: u32) -> Result<u32> {
    Ok(name)
}

#[workflow]
async fn screen(resume: Resume) -> Result<u32> {
    let candidate = extract(&resume).await?;
    hire(candidate.name).await
}

#[workflow]
async fn again(resume: Resume) -> Result<u32> {
    loop {
        extract(&resume).await?;
    }
}

fn main() {}
