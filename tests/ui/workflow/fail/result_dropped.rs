// The result of a step must be used: dropping it in a statement would lose a failure.
// errors: 12
use flow::prelude::*;

#[step(effect = idempotent)]
async fn save(text: &str) -> Result<()> {
    let _ = text;
    Ok(())
}

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn inner(texts: Vec<String>) -> Result<u32> {
    for text in &texts {
        save(text).await
    }
    Ok(1)
}

#[workflow(strict)]
async fn screen(texts: Vec<String>, text: String, fast: bool) -> Result<()> {
    save(&text).await;
    (count(&text).await);
    inner(texts.clone()).id("again").await;
    map(texts.clone(), async |text: String| {
        save(&text).await;
        save(&text).await
    })
    .concurrency(2)
    .await;
    if fast { save(&text).await } else { save("slow").await };
    if fast {
        save(&text).await
    }
    match texts.len() {
        0 => save(&text).await,
        _ => {}
    }
    join!(save(&text), async {
        count(&text).await?;
        Ok(())
    });
    try_join!(save(&text), save(&text));
    let _ = save(&text).await;
    let _ignored = save(&text).await;
    save(&text).await
}

fn main() {}
