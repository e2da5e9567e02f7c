// Only calls can be awaited.
use flow::prelude::*;

#[workflow]
async fn screen(text: String) -> Result<u32> {
    let points = 5.await;
    Ok(points)
}

fn main() {}
