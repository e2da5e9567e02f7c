// A map's bound and concurrency must be at least 1.
// errors: 2
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let all = map(texts.clone(), async |text: String| count(&text).await).bound(0).await?;
    let more = map(texts, async |text: String| count(&text).await).concurrency(0).await?;
    Ok(all.len() as u32 + more.len() as u32)
}

fn main() {}
