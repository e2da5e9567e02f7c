// One unordered part makes the whole collection unordered.
// errors: 4
use std::collections::{BinaryHeap, HashSet};

use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(list: Vec<String>, set: HashSet<String>) -> Result<u32> {
    let heap = BinaryHeap::from(list.clone());
    let one = map(list.clone().into_iter().chain(set.clone()), async |text: String| count(&text).await).await?;
    let two = map(list.iter().zip(&set).map(|(text, _)| text), async |text: &String| count(text).await).await?;
    let three = map(heap, async |text: String| count(&text).await).await?;
    let mut total = (one.len() + two.len() + three.len()) as u32;
    #[bound(9)]
    for text in list.iter().chain(&list).chain(&set).skip(1) {
        total += count(text).await?;
    }
    Ok(total)
}

fn main() {}
