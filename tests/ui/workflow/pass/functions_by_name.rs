// Plain functions may be passed by name, and a step may be called `map`.
use std::cmp::Ordering;
use std::str::FromStr;

use flow::prelude::*;

#[step]
async fn len(text: &str) -> Result<u32> {
    Ok(text.len() as u32)
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn double(number: u32) -> u32 {
    number * 2
}

fn apply(function: fn(u32) -> u32, number: u32) -> u32 {
    function(number)
}

fn ignore<F>(_: F) {}

async fn later(text: &str) -> usize {
    text.len()
}

fn pinned(number: u32) -> (u32, std::marker::PhantomPinned) {
    (number, std::marker::PhantomPinned)
}

fn by_length(one: &String, other: &String) -> Ordering {
    one.len().cmp(&other.len())
}

#[allow(clippy::too_many_arguments)]
fn nine(_: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8, _: u8) {}

struct Line(String);

#[workflow]
async fn screen(mut texts: Vec<String>) -> Result<u32> {
    texts.sort_by(by_length);
    let numbers: Vec<u32> = texts.iter().map(String::as_str).filter_map(parse).map(double).collect();
    let lengths: usize = texts.iter().map(String::as_str).map(str::len).sum();
    let lines: Vec<Line> = texts.iter().cloned().map(std::convert::identity).map(Line).collect();
    lines.into_iter().map(|line| line.0).for_each(drop);
    let applied = apply(double, 4) + Some(3).map(pinned).map_or(0, |pinned| pinned.0);
    ignore(nine);
    ignore(later);
    ignore(std::mem::swap::<u32>);
    let mut total = applied + lengths as u32 + numbers.iter().copied().map(double).sum::<u32>();
    for text in texts {
        let number: Option<u32> = Some(text.as_str()).and_then(parse).map(double);
        total += len(&text).await? + number.unwrap_or_default();
    }
    Ok(total)
}

mod reduce {
    use flow::prelude::{Result, step, workflow};

    #[step]
    async fn map(chunk: &str, style: String) -> Result<u32> {
        Ok(chunk.len() as u32 + style.len() as u32)
    }

    #[workflow]
    pub(super) async fn all(chunks: Vec<String>, style: String) -> Result<u32> {
        let mut total = 0;
        for chunk in chunks {
            let style = style.clone();
            total += map(&chunk, style).await?;
        }
        Ok(total)
    }
}

fn main() {
    let runtime = Runtime::builder().build().unwrap();
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let texts = vec!["12".to_owned(), "a".to_owned()];
    assert_eq!(tokio.block_on(runtime.run(screen(texts.clone()))).unwrap(), 8 + 3 + 3 + 48 + 3 + 24);
    assert_eq!(tokio.block_on(runtime.run(reduce::all(texts, "x".into()))).unwrap(), 5);
}
