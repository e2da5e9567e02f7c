// A step that runs may have recorded must keep its id.
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
pub async fn pull_out(resume: &Resume) -> Result<Candidate>;

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
pub async fn screen(resume: Resume) -> Result<Score> {
    let candidate = pull_out(&resume).await?;
    let similar = similar(&resume).await?;
    score(&candidate, &similar).await
}

fn main() {}
