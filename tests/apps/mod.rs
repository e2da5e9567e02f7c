//! A program with two workflows, and helpers to run it and to write its files.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use flow::app::{Invocation, Ran};
use flow::prelude::*;
use flow::{App, provider};

/// A note.
#[contract]
#[derive(Debug, Clone)]
pub(crate) struct Note {
    /// What it says.
    pub(crate) text: String,
    pub(crate) tags: Option<Vec<String>>,
}

/// A note in short.
#[contract]
#[derive(Debug, Clone)]
pub(crate) struct Digest {
    pub(crate) title: String,
    pub(crate) words: u32,
}

/// Counts the steps that have started.
#[derive(Clone, Debug, Default)]
pub(crate) struct Begun(Arc<AtomicU32>);

impl Begun {
    pub(crate) fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

const MODEL: Model = Model::new("openai/some-model").name("titles");

/// Counts the words.
#[step]
async fn count(note: &Note, most: Option<u32>, #[state] begun: &Begun) -> Result<u32> {
    begun.0.fetch_add(1, Ordering::Relaxed);
    let words = note.text.split_whitespace().count() as u32;
    match most {
        Some(most) if words > most => flow::bail!("{words} words are more than {most}"),
        _ => Ok(words),
    }
}

/// Finds a title.
#[step(model = MODEL, prompt = "Find a title.\n\n{{ note.text }}", gate = polite, repair = 1)]
async fn title(note: &Note) -> Result<String>;

#[gate]
fn polite(title: &str) -> Verdict {
    Verdict::ensure(!title.contains("damn"), "the title is not polite")
}

/// Sums a note up.
///
/// With `most`, longer notes fail.
#[workflow]
pub(crate) async fn digest(note: Note, most: Option<u32>, #[state] begun: &Begun) -> Result<Digest> {
    let words = count(&note, most, begun).await?;
    let title = title(&note).await?;
    Ok(Digest { title, words })
}

/// Counts and nothing else.
#[workflow]
pub(crate) async fn length(note: Note, #[state] begun: &Begun) -> Result<u32> {
    count(&note, None, begun).await
}

/// Runs the program and counts the steps that have started.
pub(crate) async fn ran(invocation: impl Into<Invocation>) -> (Ran, u32) {
    let begun = Begun::default();
    let app = App::new().workflow(digest).workflow(length).state(begun.clone()).max_input_bytes(10_000);
    (app.try_run(invocation).await, begun.count())
}

/// A custom provider that always returns the same answer.
pub(crate) struct Says(pub(crate) &'static str);

impl provider::Provider for Says {
    fn name(&self) -> &str {
        "openai"
    }

    fn complete<'a>(
        &'a self,
        _: &'a provider::Request,
    ) -> provider::BoxFuture<'a, Result<provider::Reply, provider::Failure>> {
        let reply = provider::Reply::new(self.0).usage(provider::Usage::new(7, 3));
        Box::pin(std::future::ready(Ok(reply)))
    }
}

/// Writes a file and returns its path. `name` must be unique to the test.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}
