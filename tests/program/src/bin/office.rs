//! A program with its own command line, of which workflows are one part.

use std::process::ExitCode;

use flow::App;
use flow::prelude::*;

/// Is it fit to be sent?
#[step(human, timeout = "7d", prompt = "{{ text }}")]
async fn approve(text: &str) -> Result<Review<String>>;

/// Has a letter read.
#[workflow]
async fn letter(text: String) -> Result<String> {
    match approve(&text).await? {
        Review::Accept(text) | Review::Edit(text) => Ok(text),
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

#[step]
async fn burst(text: &str) -> Result<String> {
    panic!("{text}")
}

/// Panics with a text.
#[workflow]
async fn bursts(text: String) -> Result<String> {
    burst(&text).await
}

#[flow::tokio::main(crate = "flow::tokio")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["letters", ref rest @ ..] => App::new().workflow(letter).run_from(rest).await,
        ["greet", name] => App::new().workflow(letter).run_from(["run", "--set", &format!("text=Dear {name}")]).await,
        ["burst", text] => App::new().workflow(bursts).run_from(["run", "--set", &format!("text={text}")]).await,
        _ => {
            eprintln!("usage: office letters COMMAND, or office greet NAME");
            ExitCode::from(64)
        }
    }
}
