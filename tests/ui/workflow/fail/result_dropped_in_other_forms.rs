// The result of a step must be used, even inside methods, blocks and operators.
// errors: 17
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
async fn methods(text: String) -> Result<()> {
    save(&text).id("map_err").await.map_err(|error| error);
    save(&text).id("inspect_err").await.inspect_err(|error| drop(error.to_string()));
    count(&text).id("map").await.as_ref().map(|count| count + 1);
    count(&text).id("and").await.and(save(&text).id("second").await);
    map(vec![text.clone()], async |text| count(&text).await).await.map(|counts| counts.len());
    map(vec![text], async |text| count(&text).await).settle().await;
    Ok(())
}

#[workflow]
async fn around_it(text: String) -> Result<()> {
    &save(&text).id("reference").await;
    Some(save(&text).id("variant").await);
    join!(save(&text), count(&text)).0;
    (if text.is_empty() { save(&text).id("tuple").await } else { Ok(()) }, 1);
    Ok(())
}

#[workflow]
async fn blocks(texts: Vec<String>) -> Result<()> {
    #[bound(3)]
    loop {
        if texts.is_empty() {
            break save("loop").id("loop").await;
        }
    }
    'saved: {
        if texts.is_empty() {
            break 'saved save("break").id("break").await;
        }
        save("block").id("block").await
    };
    #[bound(3)]
    'all: loop {
        for text in &texts {
            break 'all save(text).id("outer").await;
        }
    };
    for text in texts {
        'one: {
            break 'one save(&text).id("body").await;
        }
    }
    Ok(())
}

#[workflow]
async fn branches(text: String) -> Result<u32> {
    let (count, _) = try_join!(
        async {
            if text.is_empty() {
                save(&text).id("branch").await;
            }
            count(&text).await
        },
        async {
            match text.len() {
                0 => save(&text).id("arm").await,
                _ => Ok(()),
            };
            save(&text).id("last").await
        }
    )?;
    Ok(count)
}

fn main() {}
