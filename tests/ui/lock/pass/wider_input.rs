// Inputs may become wider, outputs narrower, and new fields are allowed if optional.
use flow::prelude::*;

#[contract]
#[derive(Clone)]
pub struct Resume {
    pub text: String,
    pub language: Option<String>,
    pub pages: u64,
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

#[workflow(lock)]
pub async fn screen(resume: Resume, dry: Option<bool>) -> Result<Score> {
    let _ = dry;
    let candidate = extract(&resume).await?;
    let similar = similar(&resume).await?;
    score(&candidate, &similar).await
}

fn main() {}
