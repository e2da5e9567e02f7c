// A `match` that ignores a result drops it, and so does an unused comparison.
// errors: 9
use flow::prelude::*;

#[step(effect = idempotent)]
async fn save(text: &str) -> Result<()> {
    let _ = text;
    Ok(())
}

#[workflow]
async fn matched(texts: Vec<String>) -> Result<u32> {
    match save("a").await {
        _ => {}
    }
    let saved = match (save("b").await) {
        _ if texts.is_empty() => 0,
        _ => 1,
    };
    match map(texts, async |text: String| save(&text).await).await {
        _ => Ok(saved),
    }
}

#[workflow]
async fn compared() -> Result<()> {
    save("a").await == Ok(());
    Ok(()) != save("b").await;
    Ok(())
}

#[workflow]
async fn waits() -> Result<()> {
    flow::sleep("1h").await;
    flow::now().await;
    flow::uuid().await;
    flow::undo().await;
    Ok(())
}

fn main() {}
