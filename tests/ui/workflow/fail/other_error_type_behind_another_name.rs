// A workflow must fail with `flow::Error`, even behind an alias.
use std::fmt;

use flow::prelude::*;

#[derive(Debug)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("broken")
    }
}

impl std::error::Error for Broken {}

impl From<flow::Error> for Broken {
    fn from(_: flow::Error) -> Self {
        Self
    }
}

type R<T> = std::result::Result<T, Broken>;

#[step]
async fn len(text: &str) -> R<u32> {
    Ok(text.len() as u32)
}

#[workflow]
async fn screen(text: String) -> R<u32> {
    Ok(len(&text).await?)
}

fn main() {}
