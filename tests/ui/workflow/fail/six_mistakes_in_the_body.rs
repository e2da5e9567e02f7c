// Mistakes visible in tokens, one per rule, are all reported in a single compile.
// errors: 6
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

#[workflow(max_steps = 9)]
async fn screen(text: String, texts: Vec<String>) -> Result<u32> {
    let began = std::time::Instant::now();
    println!("{began:?}");
    let later = async { read(&text).await };
    while text.is_empty() {
        read(&text).await?;
    }
    texts.iter().for_each(|text| drop(read(text).await));
    let read_again = map(texts.clone(), |text| read(&text)).await?;
    Ok(1)
}

fn main() {}
