//! A later build of `letters` with a different review step: runs that wait for the first one do not fit.

use flow::prelude::*;

/// Is it fit to be sent?
#[step(human, timeout = "7d", prompt = "{{ text }}")]
async fn agree(text: &str) -> Result<Review<String>>;

#[step]
async fn draft(file: &str) -> Result<String> {
    Ok(format!("to {file}"))
}

/// Writes a letter.
#[workflow]
async fn letter(file: String) -> Result<String> {
    let text = draft(&file).await?;
    match agree(&text).await? {
        Review::Accept(text) | Review::Edit(text) => Ok(text),
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

flow::main!(letter);
