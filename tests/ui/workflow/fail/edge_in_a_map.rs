// An item must fit the step that takes it.
#![allow(unused_variables)]
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[contract]
pub struct Item {
    label: String,
}

#[contract]
pub struct Entry {
    title: String,
}

#[step]
async fn file(entry: Entry) -> Result<u32> {
    Ok(1)
}

#[workflow]
async fn screen(items: Vec<Item>) -> Result<u32> {
    let all = map(items, async |item| file(item).await).await?;
    Ok(all.len() as u32)
}

fn main() {}
