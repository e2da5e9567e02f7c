// A generic step that may run twice must be able to clone its by-value arguments.
use flow::prelude::*;

#[step(retry = 2)]
async fn first<T>(items: Vec<T>) -> Result<Option<T>> {
    Ok(items.into_iter().next())
}

fn main() {}
