//! The workflow as released. The fixtures in `tests/ui` are compiled against its lock.

use flow::prelude::*;

#[contract]
#[derive(Clone)]
pub(crate) struct Resume {
    pub(crate) text: String,
    pub(crate) pages: u32,
}

#[contract]
#[derive(Clone)]
pub(crate) struct Candidate {
    pub(crate) name: String,
    pub(crate) years: u32,
}

#[contract]
pub(crate) struct Score {
    pub(crate) points: u32,
    pub(crate) grade: Grade,
}

#[contract]
pub(crate) enum Grade {
    Weak,
    Strong,
}

const FAST: Model = Model::new("local/fast");

#[step(model = FAST, prompt = "Extract the candidate. {{ resume.text }}")]
pub(crate) async fn extract(resume: &Resume) -> Result<Candidate>;

#[step]
pub(crate) async fn similar(resume: &Resume) -> Result<Vec<String>> {
    Ok(vec![resume.text.clone()])
}

#[step]
pub(crate) async fn score(candidate: &Candidate, similar: &[String]) -> Result<Score> {
    let grade = if similar.is_empty() { Grade::Weak } else { Grade::Strong };
    Ok(Score { points: candidate.years, grade })
}

#[workflow]
pub(crate) async fn screen(resume: Resume) -> Result<Score> {
    let candidate = extract(&resume).await?;
    let similar = similar(&resume).await?;
    score(&candidate, &similar).await
}
