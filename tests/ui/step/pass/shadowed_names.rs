//! The user may redefine names of the standard library.
#![allow(dead_code)]

use flow::{contract, step, workflow};

struct Option;
struct Some;
struct None;
struct Vec;
struct String;
struct Box;
struct Ok;
struct Err;
struct Send;
struct Clone;
struct Result;

#[contract]
#[derive(::core::clone::Clone)]
struct Item {
    count: u32,
}

#[step(retry = 2, timeout = "1s", gate = small)]
async fn double(item: Item) -> flow::Result<Item> {
    flow::Result::Ok(Item { count: item.count * 2 })
}

#[flow::gate]
fn small(item: &Item) -> flow::Verdict {
    flow::Verdict::ensure(item.count < 100, "too big")
}

#[workflow(max_steps = 9)]
async fn grow(item: Item) -> flow::Result<Item> {
    let mut item = item;
    #[bound(3)]
    while item.count < 10 {
        item = double(item.clone()).await?;
    }
    let (one, _) = flow::try_join!(double(item.clone()), async { double(item.clone()).await })?;
    flow::Result::Ok(one)
}

fn main() {
    assert_eq!(flow::graph(&grow).bounds().max_steps, ::core::option::Option::Some(5));
}
