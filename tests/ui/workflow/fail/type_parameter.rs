// A workflow cannot be generic.
use flow::prelude::*;

#[workflow]
async fn screen<T>(item: T) -> Result<u32> {
    Ok(1)
}

fn main() {}
