// Answers are cached forever, for a duration, or by version.
use flow::prelude::*;

const FAST: Model = Model::new("openai/gpt-5-mini");

#[step(cache)]
async fn measure(letter: &str) -> Result<u32> {
    Ok(letter.len() as u32)
}

#[step(model = FAST, prompt = "Rate {{ letter }}.", cache("24h", version = 2))]
async fn rate(letter: &str) -> Result<u32>;

#[workflow(version = 2, migrate = from_first)]
async fn judge(letter: String) -> Result<u32> {
    let length = measure(&letter).await?;
    Ok(length + rate(&letter).await?)
}

fn from_first(run: &mut flow::run::Migration<'_>) -> Result<()> {
    run.rename("count", "measure");
    Ok(())
}

fn main() {}
