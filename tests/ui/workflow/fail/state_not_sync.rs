// A state is shared between threads and must be `Sync`.
use std::rc::Rc;

use flow::prelude::*;

#[step]
async fn add(one: u32, other: u32) -> Result<u32> {
    Ok(one + other)
}

#[workflow]
async fn screen(number: u32, #[state] base: &Rc<u32>) -> Result<u32> {
    let base = **base;
    add(number, base).await
}

fn main() {}
