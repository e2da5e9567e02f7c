// Worst cases exactly at their limits, literals exactly at their bounds, and ordered collections.
use std::collections::BTreeMap;

use flow::prelude::*;

const FAST: Model = Model::new("openai/fast").max_output_tokens(100);

#[step(model = FAST, prompt = "Sum up.\n\n{{ text }}", retry = 1, repair = 0)]
async fn summarize(text: &str) -> Result<String>;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

/// 1 + 3 + 2 × 1 + 4 + 2 steps, of which 3 + 2 ask a model.
#[workflow(max_steps = 12, max_model_calls = 5, max_output_tokens = 500)]
pub async fn work(text: String, texts: BTreeMap<String, String>) -> Result<u32> {
    let mut all = count(&text).await?;
    #[bound(3)]
    for turn in 0..3 {
        all += summarize(&text).await?.len() as u32 + turn;
    }
    #[bound(1, break)]
    while all > 100 {
        all = count(&text).await? + count(&text).await?;
    }
    #[bound(4)]
    for (_, text) in &texts {
        all += count(text).await?;
    }
    let parts = map(vec![text.clone(), text], async |text| summarize(&text).await).bound(2).await?;
    Ok(all + parts.len() as u32)
}

/// The most expensive path: 4 turns that continue and one that asks and returns. Asking after the complete loop costs as much.
#[workflow(max_steps = 6, max_model_calls = 1, max_output_tokens = 100)]
pub async fn search(texts: Vec<String>) -> Result<u32> {
    #[bound(5)]
    for text in texts {
        if count(&text).await? > 3 {
            return Ok(summarize(&text).await?.len() as u32);
        }
    }
    Ok(summarize("nothing").await?.len() as u32)
}

#[workflow]
pub async fn outer(text: String) -> Result<u32> {
    let first = work(text.clone(), BTreeMap::new()).await?;
    Ok(first + work(text, BTreeMap::new()).await?)
}

fn main() {
    assert_eq!(flow::graph(&work).bounds().max_steps, Some(12));
    assert_eq!(flow::graph(&outer).bounds().max_steps, Some(24));
}
