// The future of a step's body must be `Send`.
use std::rc::Rc;

use flow::prelude::*;

#[step]
async fn pause(years: u32) -> Result<u32> {
    let shared = Rc::new(years);
    flow::tokio::task::yield_now().await;
    Ok(*shared)
}

fn main() {}
