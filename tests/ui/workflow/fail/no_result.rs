// A workflow must return a result.
use flow::prelude::*;

#[workflow]
async fn screen(text: String) -> u32 {
    1
}

fn main() {}
