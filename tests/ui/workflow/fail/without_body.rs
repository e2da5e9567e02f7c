// A workflow needs a body.
use flow::prelude::*;

#[workflow]
async fn screen(text: String) -> Result<u32>;

fn main() {}
