// The closure of a map and the branches of `join!` must end in a `Result`.
// errors: 3
use flow::prelude::*;

#[step(effect = idempotent)]
async fn save(text: &str) -> Result<()> {
    let _ = text;
    Ok(())
}

#[workflow]
async fn screen(texts: Vec<String>, text: String) -> Result<()> {
    map(texts.clone(), async |text: String| {
        save(&text).await?;
    })
    .await?;
    map(texts, async |text: String| {
        for word in text.split(' ') {
            save(word).await?;
        }
    })
    .await?;
    let ((), ()) = try_join!(save(&text), async {
        save(&text).await;
    })?;
    Ok(())
}

fn main() {}
