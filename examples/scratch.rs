use flow::prelude::*;

#[contract]
#[derive(Debug, Clone)]
pub struct Candidate {
    pub name: String,
    pub years: u32,
    pub skills: Vec<String>,
}
#[contract]
#[derive(Debug, Clone)]
pub struct Applicant {
    pub name: String,
    pub years: u64,
}
#[contract]
#[derive(Debug, Clone)]
pub struct Resume {
    pub text: String,
}
#[contract]
#[derive(Debug, Clone)]
pub struct Score {
    pub points: u32,
    pub good: bool,
}
#[derive(Debug)]
pub struct Db(u32);

const FAST: Model = Model::new("local/x").max_output_tokens(600);

/// Extract the candidate's details.
#[step(model = FAST, prompt = "Extract the candidate.\n\n{{ resume.text }}", gate = named(resume), repair = 2)]
pub async fn extract(resume: &Resume) -> Result<Candidate>;

#[gate]
fn named(candidate: &Candidate, resume: &Resume) -> Verdict {
    Verdict::ensure(resume.text.contains(&candidate.name), "the name does not occur in the résumé")
}

#[step(retry(max_attempts = 3), timeout = "5s")]
pub async fn score(candidate: &Applicant, limit: u32, #[state] db: &Db) -> Result<Score> {
    Ok(Score { points: candidate.years as u32 + limit + db.0, good: false })
}
#[step]
pub async fn improve(score: Score) -> Result<Score> {
    Ok(Score { points: score.points + 1, good: score.points > 40 })
}
#[step]
pub async fn skill_len(skill: &str) -> Result<u32> {
    Ok(skill.len() as u32)
}

#[workflow(max_model_calls = 9)]
pub async fn screen(resume: Resume, limit: u32, #[state] db: &Db) -> Result<Score> {
    let candidate = extract(&resume).await?;
    let lens = map(candidate.skills.clone(), async |s: String| {
        let l = skill_len(&s).await?;
        Ok(l + 1)
    })
    .concurrency(2)
    .bound(5)
    .await?;
    let (score, other) = try_join!(score(&candidate, limit, db), async { skill_len("x").await })?;
    let mut score = score;
    #[bound(10)]
    while !score.good {
        score = improve(score.clone()).await?;
    }
    #[bound(9)]
    for s in &candidate.skills {
        skill_len(s).await?;
    }
    match score.points {
        0 => flow::bail!("rejected: {other}"),
        _ => Ok(Score { points: score.points + lens.iter().sum::<u32>(), ..score }),
    }
}

#[flow::tokio::main]
async fn main() -> flow::Result<()> {
    let (rt, log) = Runtime::test()
        .state(Db(5))
        .answers(
            extract,
            [
                Candidate { name: "Bob".into(), years: 3, skills: vec![] },
                Candidate { name: "Ann".into(), years: 30, skills: vec!["rust".into(), "go".into()] },
            ],
        )
        .build()?;
    println!("{:?}", flow::tokio::spawn(rt.run(screen(Resume { text: "Ann is good".into() }, 3))).await.unwrap());
    println!("{log:#?}");
    println!("{}", flow::graph(&screen).to_mermaid());
    println!("{:#}", flow::graph(&screen).to_json()["graph"]);
    Ok(())
}
