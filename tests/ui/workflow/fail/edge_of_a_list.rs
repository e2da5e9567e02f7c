// The items of a list must fit, too.
#![allow(unused_variables)]
use flow::prelude::*;

#[contract]
pub struct Skill {
    title: String,
    level: u8,
}

#[contract]
pub struct Topic {
    title: String,
    pages: u32,
}

#[step]
async fn extract(text: &str) -> Result<Vec<Skill>> {
    Ok(vec![Skill { title: text.into(), level: 3 }])
}

#[step]
async fn score(topics: &[Topic]) -> Result<u32> {
    Ok(1)
}

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let skills = extract(&text).await?;
    score(&skills).await
}

fn main() {}
