// A workflow must fail with `flow::Error`.
#![allow(unused_variables)]
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> Result<u32, std::fmt::Error> {
    Ok(1)
}

fn main() {}
