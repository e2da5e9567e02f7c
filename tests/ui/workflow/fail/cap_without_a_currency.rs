// A cap on cost is written in dollars, with the dollar sign.
use flow::prelude::*;

#[step]
async fn count(text: &str) -> Result<usize> {
    Ok(text.len())
}

#[workflow(max_cost = "0.50")]
async fn counting(text: String) -> Result<usize> {
    count(&text).await
}

fn main() {}
