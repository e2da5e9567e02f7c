// A number fits into a float only if no digit is lost.
#![allow(unused_variables)]
use flow::prelude::*;

#[contract]
pub struct Account {
    cents: u64,
    visits: u32,
    score: f64,
}

#[step]
async fn open(name: &str) -> Result<Account> {
    Ok(Account { cents: 9_007_199_254_740_993, visits: 3, score: 0.1 })
}

#[contract]
pub struct Summary {
    cents: f64,
    visits: f64,
    score: f32,
}

#[step]
async fn rate(summary: &Summary) -> Result<u32> {
    Ok(1)
}

#[workflow]
async fn assess(name: String) -> Result<u32> {
    let account = open(&name).await?;
    rate(&account).await
}

fn main() {}
