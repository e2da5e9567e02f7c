//! The workflows that are served, a model controlled by the test, and a service per test.

use std::net::SocketAddr;
use std::sync::Arc;

use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, Provider, Reply, Request};
use flow::serde_json::{Value, json};
use flow::service::{Service, Stopped};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

use crate::client::{Answer, send};

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

const MODEL: Model = Model::new("openai/some-model");

#[step]
async fn count(note: &Note, most: Option<u32>) -> Result<u32> {
    let words = note.text.split_whitespace().count() as u32;
    match most {
        Some(most) if words > most => flow::bail!("{words} words are more than {most}"),
        _ => Ok(words),
    }
}

#[step(model = MODEL, prompt = "Find a title.\n\n{{ note.text }}", gate = polite, repair = 1)]
async fn title(note: &Note) -> Result<String>;

#[gate]
fn polite(title: &str) -> Verdict {
    Verdict::ensure(!title.contains("damn"), "the title is not polite")
}

/// Sums a note up.
#[workflow]
pub(crate) async fn digest(note: Note, most: Option<u32>) -> Result<Digest> {
    let words = count(&note, most).await?;
    let title = title(&note).await?;
    Ok(Digest { title, words })
}

/// Counts and nothing else.
#[workflow]
pub(crate) async fn length(note: Note) -> Result<u32> {
    count(&note, None).await
}

/// A model that answers with the last line of its prompt, once the test lets it.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Counts>);

struct Counts {
    /// Questions received and not yet awaited by the test.
    asked: Semaphore,
    /// Answers that may be given.
    allowed: Semaphore,
    /// Questions dropped without an answer.
    dropped: Semaphore,
}

impl Desk {
    /// Answers nothing before [`allow`](Self::allow).
    pub(crate) fn held() -> Self {
        let none = || Semaphore::new(0);
        Self(Arc::new(Counts { asked: none(), allowed: none(), dropped: none() }))
    }

    /// Answers immediately.
    pub(crate) fn open() -> Self {
        let desk = Self::held();
        desk.allow(Semaphore::MAX_PERMITS / 2);
        desk
    }

    pub(crate) fn allow(&self, answers: usize) {
        self.0.allowed.add_permits(answers);
    }

    /// Waits until this many questions have arrived.
    pub(crate) async fn asked(&self, questions: u32) {
        self.0.asked.acquire_many(questions).await.unwrap().forget();
    }

    /// Waits until a question was dropped.
    pub(crate) async fn dropped(&self) {
        self.0.dropped.acquire().await.unwrap().forget();
    }

    /// The number of questions since the last call of [`asked`](Self::asked).
    pub(crate) fn unseen(&self) -> usize {
        self.0.asked.available_permits()
    }
}

struct Open<'a> {
    counts: &'a Counts,
    answered: bool,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.answered {
            self.counts.dropped.add_permits(1);
        }
    }
}

impl Provider for Desk {
    fn name(&self) -> &str {
        "openai"
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            let mut open = Open { counts: &self.0, answered: false };
            self.0.asked.add_permits(1);
            self.0.allowed.acquire().await.unwrap().forget();
            open.answered = true;
            let asked = request.prompt.messages[0].text();
            Ok(Reply::new(asked.lines().last().unwrap_or_default()))
        })
    }
}

/// A service for one test.
pub(crate) struct Served {
    pub(crate) at: SocketAddr,
    stop: oneshot::Sender<()>,
    stopped: JoinHandle<Stopped>,
}

impl Served {
    pub(crate) async fn with(desk: &Desk) -> Self {
        Self::of(service(desk)).await
    }

    pub(crate) async fn of(service: Service) -> Self {
        let server = service.bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let (stop, stopping) = oneshot::channel();
        let at = server.address();
        let stopped = tokio::spawn(server.until(async {
            // If the sender is dropped, the service keeps running until the end of the test.
            if stopping.await.is_err() {
                std::future::pending().await
            }
        }));
        Self { at, stop, stopped }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.at, &format!("GET {path}"), &[], "").await
    }

    /// Starts a run of `digest`; the query begins with `?`.
    pub(crate) async fn digest(&self, query: &str, input: &Value) -> Answer {
        self.post("digest", query, &input.to_string()).await
    }

    pub(crate) async fn post(&self, workflow: &str, query: &str, body: &str) -> Answer {
        send(self.at, &start(workflow, query), &[JSON], body).await
    }

    pub(crate) async fn post_to(&self, path: &str, body: &str) -> Answer {
        send(self.at, &format!("POST {path}"), &[JSON], body).await
    }

    /// Sends a signal and returns its outcome.
    pub(crate) async fn signal(&self, step: &str, body: &str) -> Value {
        self.post_to(&format!("/signals/{step}"), body).await.json()
    }

    /// Tells the service to stop.
    pub(crate) fn stop(self) -> JoinHandle<Stopped> {
        self.stop.send(()).unwrap();
        self.stopped
    }
}

pub(crate) const JSON: &str = "content-type: application/json";

pub(crate) fn start(workflow: &str, query: &str) -> String {
    format!("POST /workflows/{workflow}/runs{query}")
}

pub(crate) fn service(desk: &Desk) -> Service {
    Service::new(Runtime::builder().provider(desk.clone())).workflow(digest).workflow(length)
}

pub(crate) fn note(text: &str) -> Value {
    json!({ "note": { "text": text } })
}
