// Another error type is reported once, whatever the workflow awaits.
// errors: 2
use flow::prelude::*;

#[derive(Debug)]
enum Mine {
    Flow(flow::Error),
    Long,
}

impl From<flow::Error> for Mine {
    fn from(error: flow::Error) -> Self {
        Self::Flow(error)
    }
}

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn of_another_crate(texts: Vec<String>) -> Result<u32, std::fmt::Error> {
    let counted = map(texts.clone(), async |text: String| {
        let first = count(&text).await?;
        Ok(first + count("a").await?)
    })
    .bound(4)
    .await?;
    let (first, second) = try_join!(count("a"), async { count(&texts[0]).await })?;
    #[bound(3)]
    for text in texts {
        if count(&text).await? > 3 {
            return Err(std::fmt::Error);
        }
    }
    Ok(counted.len() as u32 + first + second)
}

#[workflow]
async fn of_ones_own(text: String) -> Result<u32, Mine> {
    match count(&text).await? {
        0..9 => Ok(1),
        _ => Err(Mine::Long),
    }
}

fn main() {}
