// A value held across an await must be `Send`.
use std::rc::Rc;

use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<usize> {
    Ok(text.len())
}

#[workflow]
async fn screen(text: String) -> Result<usize> {
    let shared = Rc::new(3);
    let points = count(&text).await?;
    Ok(points + *shared)
}

fn main() {}
