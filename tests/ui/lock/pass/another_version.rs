// Another version has its own lock and promises.
use flow::prelude::*;

#[contract]
#[derive(Clone)]
pub struct Resume {
    pub body: String,
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

#[step(model = FAST, prompt = "Extract the candidate. {{ resume.body }}")]
pub async fn extract(resume: &Resume) -> Result<Candidate>;

#[step]
pub async fn similar(resume: &Resume) -> Result<Vec<String>> {
    Ok(vec![resume.body.clone()])
}

#[step]
pub async fn score(candidate: &Candidate, similar: &[String]) -> Result<Score> {
    let _ = similar;
    Ok(Score { points: candidate.years, grade: Grade::Weak })
}

#[workflow(lock, version = 2)]
pub async fn screen(resume: Resume) -> Result<Score> {
    let candidate = extract(&resume).await?;
    let similar = similar(&resume).await?;
    score(&candidate, &similar).await
}

fn main() {}
