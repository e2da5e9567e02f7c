// A result may be dropped on purpose with `let _ =`, `_ =`, `drop` or a method that handles the failure.

#![deny(warnings)]

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
async fn on_purpose(text: String) -> Result<()> {
    let _ = save(&text).await;
    _ = save(&text).id("assigned").await;
    drop(save(&text).id("dropped").await);
    let _ = map(vec![text.clone()], async |text| count(&text).await).settle().await?;
    let _ = join!(save(&text), count(&text));
    save(&text).id("ok").await.ok();
    count(&text).id("or").await.unwrap_or_default();
    map(vec![text.clone()], async |text| count(&text).await).settle().await?;
    let (_, _) = (save(&text).id("tuple").await, 1);
    Ok(())
}

#[workflow]
async fn taken(text: String) -> Result<usize> {
    let mut failures = Vec::new();
    save(&text).await.unwrap_or_else(|error| failures.push(error.to_string()));
    save(&text).id("inspected").await.inspect_err(|error| failures.push(error.to_string())).ok();
    if let Err(error) = save(&text).id("matched").await {
        failures.push(error.to_string());
    }
    match save(&text).id("both").await {
        Ok(()) | Err(_) => {}
    }
    if let Ok(()) = save(&text).id("well").await {
        failures.clear();
    }
    match count(&text).id("named").await {
        counted => failures.extend(counted.err().map(|error| error.to_string())),
    }
    let last = #[bound(3)]
    loop {
        if text.is_empty() {
            break save(&text).id("loop").await;
        }
    };
    last?;
    Ok(failures.len())
}

fn main() {
    let (_, _) = (on_purpose(String::new()), taken(String::new()));
}
