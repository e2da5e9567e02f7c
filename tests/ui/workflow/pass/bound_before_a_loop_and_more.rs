// A bound before an expression that starts with a loop applies to that loop.

use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn tried(text: String) -> Result<u32> {
    #[bound(3)]
    loop {
        if count(&text).await? > 3 {
            break count("a").await;
        }
    }?;
    let last = #[bound(2)]
    loop {
        if count(&text).await? > 1 {
            break count("b").await;
        }
    }?;
    #[bound(2)]
    loop {
        match count(&text).await {
            Ok(counted) if counted > last => break Ok(counted),
            Ok(_) => {}
            error => break error,
        }
    }
    .map(|counted| counted + 1)
}

type E = flow::Error;

/// Our error type behind an alias.
#[workflow]
async fn renamed(texts: Vec<String>) -> Result<u32, E> {
    let counted = map(texts.clone(), async |text: String| count(&text).await).bound(4).await?;
    #[bound(4)]
    for text in texts {
        count(&text).await?;
    }
    Ok(counted.len() as u32)
}

fn main() {
    assert_eq!(flow::graph(&tried).bounds().max_steps, Some(9));
    assert_eq!(flow::graph(&renamed).bounds().max_steps, Some(8));
}
