// By-value arguments of a step that may run twice must be `Clone`.
use flow::prelude::*;

#[contract]
pub struct Draft {
    text: String,
}

#[step(retry = 3)]
async fn polish(draft: Draft) -> Result<u32> {
    Ok(draft.text.len() as u32)
}

fn main() {}
