// An item of a `map` and a branch of a `join!` must end with a result.
// errors: 3
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn item(texts: Vec<String>) -> Result<usize> {
    let counted = map(texts, async |text| {
        let first = count(&text).await?;
        let second = count("b").await?;
        first + second
    })
    .await?;
    Ok(counted.len())
}

#[workflow]
async fn item_in_arms(texts: Vec<String>) -> Result<usize> {
    let counted = map(texts, async |text| match count(&text).await? {
        0 => Ok(0),
        more => more,
    })
    .await?;
    Ok(counted.len())
}

#[workflow]
async fn branch(text: String) -> Result<u32> {
    let (first, second) = try_join!(count("a"), async {
        let counted = count(&text).await?;
        (counted, counted)
    })?;
    Ok(first + second.0)
}

fn main() {}
