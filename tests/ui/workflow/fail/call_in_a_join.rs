// A step in a branch of a join must be awaited.
use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let (one, two) = try_join!(len(&text), async {
        let first = len(&text);
        len(&text).await
    })?;
    Ok(one + two)
}

fn main() {}
