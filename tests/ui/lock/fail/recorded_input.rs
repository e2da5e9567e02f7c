// The recorded input of a step must match its current input.
use flow::prelude::*;

#[contract]
#[derive(Clone)]
pub struct Resume {
    pub text: String,
    pub pages: u32,
}

#[contract]
#[derive(Clone)]
pub struct Candidate {
    pub name: String,
    pub years: u32,
}

#[contract]
pub struct Score {
    pub points: u32,
    pub grade: Grade,
}

#[contract]
pub enum Grade {
    Weak,
    Strong,
}

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Extract the candidate. {{ resume.text }}")]
pub async fn extract(resume: &Resume) -> Result<Candidate>;

#[step]
pub async fn similar(resume: &Resume) -> Result<Vec<String>> {
    Ok(vec![resume.text.clone()])
}

#[step]
pub async fn score(candidate: &Candidate, similar: &[String]) -> Result<Score> {
    let _ = similar;
    Ok(Score { points: candidate.years, grade: Grade::Weak })
}

#[step]
pub async fn shorten(resume: &Resume) -> Result<Resume> {
    Ok(resume.clone())
}

#[workflow(lock)]
pub async fn screen(resume: Resume) -> Result<Score> {
    let short = shorten(&resume).await?;
    let candidate = extract(&short).await?;
    let similar = similar(&resume).await?;
    score(&candidate, &similar).await
}

fn main() {}
