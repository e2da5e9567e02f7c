// A workflow must not call itself.
use flow::prelude::*;

#[workflow]
async fn dive(depth: u32) -> Result<u32> {
    if depth == 0 {
        return Ok(0);
    }
    dive(depth - 1).await
}

fn main() {}
