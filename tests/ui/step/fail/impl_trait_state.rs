// A state must have a named type.
use flow::prelude::*;

#[step]
async fn load(name: &str, #[state] store: &impl ToString) -> Result<u32> {
    Ok((name.len() + store.to_string().len()) as u32)
}

fn main() {}
