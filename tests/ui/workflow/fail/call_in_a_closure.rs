// A closure of plain code must not call steps, whoever receives them.
// errors: 2
#![allow(unused_variables)]
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

fn shorten(text: &str) -> String {
    text.chars().take(9).collect()
}

#[workflow]
async fn screen(pages: Vec<String>) -> Result<u32> {
    let short: Vec<String> = pages.iter().map(|page| shorten(page)).collect();
    let calls: Vec<_> = pages.iter().map(|page| count(page)).collect();
    Ok(1)
}

#[workflow]
async fn skim(pages: Vec<String>) -> Result<u32> {
    pages.iter().for_each(|page| {
        let points = count(page);
    });
    Ok(1)
}

fn main() {}
