// The worst case follows the most expensive path: the turns that continue, then the one that leaves the loop.
use flow::prelude::*;

#[step]
async fn find(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[step]
async fn check(found: u32) -> Result<u32> {
    Ok(found)
}

#[workflow(max_steps = 5)]
async fn search(texts: Vec<String>) -> Result<u32> {
    if texts.is_empty() {
        return find("nothing").await;
    }
    #[bound(4)]
    for text in &texts {
        let found = find(text).await?;
        if found > 3 {
            check(found).await?;
            return check(found).await;
        }
    }
    find("something else").await
}

fn main() {}
