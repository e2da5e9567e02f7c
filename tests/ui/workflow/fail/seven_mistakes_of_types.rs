// Mistakes visible only in types, one per rule, are all reported in a single compile.
// errors: 7
#![allow(unused_variables)]
use flow::prelude::*;

const FAST: Model = Model::new("openai/fast").max_output_tokens(100);

#[contract]
#[derive(Debug, Clone)]
pub struct Resume {
    text: String,
    years: u32,
}

#[step(model = FAST, prompt = "Sum up.\n\n{{ text }}")]
async fn summarize(text: &str) -> Result<String>;

#[step]
async fn read(text: &str) -> Result<Resume> {
    Ok(Resume { text: text.to_owned(), years: 1 })
}

#[step]
async fn rate(years: String) -> Result<u32> {
    Ok(years.len() as u32)
}

#[step(effect = irreversible)]
async fn send(mail: &str) -> Result<u32> {
    Ok(mail.len() as u32)
}

fn plain(text: &str) -> usize {
    text.len()
}

#[workflow(max_steps = 3, max_model_calls = 2, strict)]
async fn screen(text: String) -> Result<u32> {
    plain(&text).await;
    let resume = read(&text).await?;
    rate(resume.years).await?;
    let unread = summarize(&text).await?;
    let answer = summarize(&resume.text).await?;
    send(&answer).await?;
    read(&format!("{} years", resume.years)).await?;
    rate(answer).await
}

fn main() {}
