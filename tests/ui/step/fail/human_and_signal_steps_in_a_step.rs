// Human and signal steps must be awaited in a workflow, not in the body of another step.
// errors: 3
use flow::prelude::*;

#[step(human, timeout = "3d")]
async fn approve(text: &str) -> Result<Review<String>>;

#[step(signal, timeout = "3d")]
async fn paid(order: &str) -> Result<u32>;

#[step]
async fn order(text: &str) -> Result<u32> {
    match approve(text).await? {
        Review::Reject { reason } => flow::bail!("{reason}"),
        Review::Accept(_) | Review::Edit(_) => paid(text).timeout("1d").await,
    }
}

#[step]
async fn remind(text: &str) -> Result<usize> {
    flow::sleep("1h").await?;
    Ok(text.len())
}

fn main() {}
