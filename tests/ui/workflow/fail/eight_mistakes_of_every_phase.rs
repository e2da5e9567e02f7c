// Mistakes in tokens, names and types are reported in a single compile, for a workflow and everything it calls.
// errors: 8
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

#[step(timout = "3s")]
async fn slow(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[step(model = FAST, prompt = "{{ resume.txet }}")]
async fn judge(resume: &Resume) -> Result<String>;

#[workflow(strict, max_step = 9)]
async fn screen(text: String) -> Result<u32> {
    let resume = read(&text).await?;
    while resume.years > 3 {
        rate(resume.years).await?;
    }
    summarize(&text).await?;
    let kept = read(&text);
    plain(&text).await;
    let _judged = judge(&resume).await?;
    slow(&text).await
}

fn main() {}
