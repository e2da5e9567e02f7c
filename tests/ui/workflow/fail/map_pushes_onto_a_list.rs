// Items of a map run concurrently, so they cannot push onto a shared list.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(texts: Vec<String>) -> Result<u32> {
    let mut all = Vec::new();
    map(texts, async |text: String| {
        let mut own = Vec::new();
        own.push(count(&text).await?);
        all.push(own.len());
        Ok(())
    })
    .await?;
    Ok(all.len() as u32)
}

fn main() {}
