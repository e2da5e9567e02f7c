// Only a workflow has a graph; `flow::meta` describes a step.
use flow::prelude::*;

#[step]
async fn count(text: String) -> Result<usize> {
    Ok(text.len())
}

fn main() {
    let _ = flow::graph(&count);
}
