//! Values flow between types with compatible contracts: by value and by reference, whole and in parts.
#![deny(warnings)]

use std::sync::Arc;

use flow::prelude::*;

#[contract]
#[derive(Clone)]
struct Person {
    name: String,
    years: u32,
    skills: Vec<Skill>,
    mail: Option<String>,
}

#[contract]
#[derive(Clone)]
struct Skill {
    title: String,
    level: u8,
}

#[contract]
struct Applicant {
    name: String,
    years: u64,
}

#[contract]
struct Topic {
    title: String,
}

#[contract]
#[derive(Clone)]
struct Text {
    text: String,
}

#[derive(Debug)]
struct Db {
    bonus: u64,
}

#[step]
async fn read(text: &Text) -> Result<Person> {
    let skills = vec![Skill { title: "rust".into(), level: 3 }];
    Ok(Person { name: text.text.clone(), years: 3, skills, mail: Some("m".into()) })
}

#[step]
async fn by_reference(applicant: &Applicant) -> Result<u64> {
    Ok(applicant.years + applicant.name.len() as u64)
}

#[step]
async fn by_value(applicant: Applicant, #[state] db: &Db) -> Result<u64> {
    Ok(applicant.years + db.bonus)
}

#[step]
async fn text(text: &str) -> Result<u64> {
    Ok(text.len() as u64)
}

#[step]
async fn all(topics: Vec<Topic>) -> Result<u64> {
    Ok(topics.iter().map(|topic| topic.title.len() as u64).sum())
}

#[step]
async fn listed(topics: &[Topic]) -> Result<u64> {
    Ok(topics.len() as u64)
}

#[step]
async fn some(skills: &[Skill]) -> Result<u64> {
    Ok(skills.iter().map(|skill| u64::from(skill.level)).sum())
}

#[step]
async fn optional(mail: Option<String>) -> Result<u64> {
    Ok(mail.map_or(0, |mail| mail.len() as u64))
}

#[step]
async fn pair(text: &Text) -> Result<(String, u32)> {
    Ok((text.text.clone(), 1))
}

#[workflow]
async fn fit(input: Text, #[state] db: &Db) -> Result<u64> {
    let person = read(&input).await?;
    let mut sum = by_reference(&person).await?;
    sum += by_value(person.clone(), db).await?;
    sum += text(&person.name).await? + text(&format!("{}!", person.name)).await?;
    sum += some(&person.skills).await?;
    sum += all(person.skills.clone()).await?;
    sum += listed(&person.skills).await?;
    sum += optional(person.mail.clone()).await? + optional(None).await?;
    let (name, _) = pair(&input).await?;
    sum += text(&name).await?;
    let Person { name, mail, .. } = person;
    sum += text(&name).await?;
    if let Some(mail) = mail {
        sum += text(mail.as_str()).await?;
    }
    let shared = Arc::new(input.clone());
    sum += by_reference(&read(&shared).await?).await?;
    let other = if sum > 3 { read(&input).await? } else { read(&Text { text: "x".into() }).await? };
    Ok(sum + by_reference(&other).await?)
}

#[flow::tokio::main(crate = "flow::tokio", flavor = "current_thread")]
async fn main() -> Result<()> {
    let (runtime, _) = Runtime::test().state(Db { bonus: 10 }).build()?;
    assert_eq!(runtime.run(fit(Text { text: "ab".into() })).await?, 47);
    Ok(())
}
