//! Writes letters that a person reads before they are sent.

use std::time::Duration;

use flow::prelude::*;

/// Appends a line to a file, so that a test sees what all processes together have done.
fn told(file: &str, line: &str) -> Result<()> {
    use std::io::Write;
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file)?;
    Ok(writeln!(file, "{line}")?)
}

#[step]
async fn draft(file: &str) -> Result<String> {
    told(file, "draft")?;
    Ok("Dear all".to_owned())
}

/// Is it fit to be sent?
#[step(human, timeout = "7d", prompt = "{{ text }}")]
async fn approve(text: &str) -> Result<Review<String>>;

#[step]
async fn send(file: &str, text: &str) -> Result<String> {
    told(file, "send")?;
    if std::path::Path::new("slow").exists() {
        flow::tokio::time::sleep(Duration::from_secs(600)).await;
    }
    Ok(text.to_owned())
}

/// Writes a letter.
#[workflow]
async fn letter(file: String) -> Result<String> {
    let text = draft(&file).await?;
    match approve(&text).await? {
        Review::Accept(text) | Review::Edit(text) => send(&file, &text).await,
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

flow::main!(letter);
