// A closure that hides steps is reported once, not again where it is called.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let measure = async |text: &str| {
        let again = async || len(text).await;
        again().await
    };
    let first = measure(&text).await?;
    Ok(first + measure(&text).await?)
}

fn main() {}
