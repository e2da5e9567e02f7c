//! Plain functions whose types are inferred from later uses are not mistaken for steps.

use flow::prelude::*;

#[derive(Default)]
struct Limits {
    most: u32,
}

fn parse<T: std::str::FromStr + Default>(text: &str) -> T {
    text.parse().unwrap_or_default()
}

fn made<T: Default>() -> T {
    T::default()
}

fn most(limits: &Limits) -> u32 {
    limits.most
}

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn sum(texts: Vec<String>) -> Result<u32> {
    let first = count(&texts[0]).await?;
    let all: Vec<u32> = texts.iter().map(|text| parse(text)).collect();
    let one = |text: &str| parse(text);
    let one: u32 = one("1");
    let none: u32 = Some(3).unwrap_or_else(|| made());
    let inner: u32 = {
        let value = made();
        value
    };
    let limits = made();
    let most = most(&limits);
    Ok(first + all.len() as u32 + one + none + inner + most + limits.most)
}

fn main() {}
