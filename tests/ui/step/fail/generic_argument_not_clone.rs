// A generic step that may run twice takes by value only what can be cloned.
use flow::prelude::*;

#[step(retry = 2)]
async fn first<T>(items: Vec<T>) -> Result<Option<T>> {
    Ok(items.into_iter().next())
}

fn main() {}
