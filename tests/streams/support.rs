//! Workflows, and a model that speaks in pieces.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use flow::event::Event;
use flow::prelude::*;
use flow::prompt::Part;
use flow::provider::{
    BoxFuture, Capabilities, Deltas, Failure, FailureKind, Provider, Reply, Request, SchemaSupport, Usage,
};
use flow::serde_json::Value;
use flow::{Events, Runtime};
use tokio::sync::Semaphore;

pub(crate) const FAST: Model = Model::new("fake/fast");
pub(crate) const SMART: Model = Model::new("other/smart");

#[contract]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) title: String,
    pub(crate) lines: Vec<String>,
}

#[step(model = FAST, prompt = "Write to {{ name }}.", retry(max_attempts = 2, jitter = false))]
pub(crate) async fn write(name: &str) -> Result<String>;

#[workflow]
pub(crate) async fn letter(name: String) -> Result<String> {
    write(&name).await
}

#[gate]
fn polite(draft: &Draft) -> Verdict {
    Verdict::ensure(!draft.title.contains("damn"), "be polite")
}

#[step(model = FAST, prompt = "Draft for {{ name }}.", gate = polite, repair = 1)]
pub(crate) async fn draft(name: &str) -> Result<Draft>;

#[workflow]
pub(crate) async fn drafting(name: String) -> Result<Draft> {
    draft(&name).await
}

/// What the model says to one question.
#[derive(Clone)]
pub(crate) struct Says {
    /// The question contains this.
    asked: &'static str,
    pieces: Vec<String>,
    then: Then,
}

/// What happens after the pieces.
#[derive(Clone)]
pub(crate) enum Then {
    Ends,
    Fails(FailureKind),
    Hangs,
    Calls(&'static str, Value),
}

pub(crate) fn says(pieces: &[&str]) -> Says {
    says_to("", pieces)
}

pub(crate) fn says_to(asked: &'static str, pieces: &[&str]) -> Says {
    Says { asked, pieces: pieces.iter().map(ToString::to_string).collect(), then: Then::Ends }
}

impl Says {
    pub(crate) fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }
}

/// A model that gives each scripted answer once, in pieces if it is asked for them.
#[derive(Clone)]
pub(crate) struct Speaker(Arc<Inner>);

struct Inner {
    name: &'static str,
    support: SchemaSupport,
    says: Mutex<Vec<Says>>,
    /// Permits for pieces and ends.
    allowed: Semaphore,
    completed: AtomicU32,
    streamed: AtomicU32,
    ended: AtomicU32,
}

impl Speaker {
    pub(crate) fn new(says: impl IntoIterator<Item = Says>) -> Self {
        let speaker = Self::of("fake", SchemaSupport::Full, says);
        speaker.allow(1_000_000);
        speaker
    }

    /// Says nothing before it is [allowed](Self::allow).
    pub(crate) fn held(says: impl IntoIterator<Item = Says>) -> Self {
        Self::of("fake", SchemaSupport::Full, says)
    }

    pub(crate) fn of(name: &'static str, support: SchemaSupport, says: impl IntoIterator<Item = Says>) -> Self {
        let (completed, streamed, ended) = Default::default();
        let (says, allowed) = (Mutex::new(says.into_iter().collect()), Semaphore::new(0));
        Self(Arc::new(Inner { name, support, says, allowed, completed, streamed, ended }))
    }

    /// Lets it say so many pieces; the end of an answer counts as one.
    pub(crate) fn allow(&self, pieces: usize) {
        self.0.allowed.add_permits(pieces);
    }

    /// How often it was asked for whole answers, and how often for pieces.
    pub(crate) fn asked(&self) -> (u32, u32) {
        (self.0.completed.load(SeqCst), self.0.streamed.load(SeqCst))
    }

    /// How many answers it has ended.
    pub(crate) fn ended(&self) -> u32 {
        self.0.ended.load(SeqCst)
    }

    pub(crate) fn runtime(&self) -> Runtime {
        Runtime::builder().provider(self.clone()).build().unwrap()
    }

    fn next(&self, request: &Request) -> Option<Says> {
        let prompt = request.prompt.messages.iter().map(|message| message.text().into_owned()).collect::<String>();
        let mut says = self.0.says.lock().unwrap();
        let at = says.iter().position(|says| prompt.contains(says.asked))?;
        Some(says.remove(at))
    }

    async fn say(&self, request: &Request, deltas: Option<&Deltas>) -> Result<Reply, Failure> {
        let Some(says) = self.next(request) else {
            return Err(Failure::new(FailureKind::InvalidRequest, "nothing more to say"));
        };
        for piece in &says.pieces {
            self.0.allowed.acquire().await.unwrap().forget();
            deltas.inspect(|deltas| deltas.text(piece));
        }
        self.0.allowed.acquire().await.unwrap().forget();
        self.0.ended.fetch_add(1, SeqCst);
        let (text, usage) = (says.pieces.concat(), Usage::new(10, 5));
        match says.then {
            Then::Ends => Ok(Reply::new(text).usage(usage)),
            Then::Fails(kind) => Err(Failure::new(kind, "the line is broken").usage(usage)),
            Then::Hangs => std::future::pending().await,
            Then::Calls(tool, arguments) => {
                let call = Part::tool_call(format!("call_{}", self.ended()), tool, arguments);
                Ok(Reply::new(vec![Part::text(text), call]).usage(usage))
            }
        }
    }
}

impl Provider for Speaker {
    fn name(&self) -> &str {
        self.0.name
    }

    fn capabilities(&self, _: &Model) -> Capabilities {
        Capabilities::new(self.0.support)
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        self.0.completed.fetch_add(1, SeqCst);
        Box::pin(self.say(request, None))
    }

    fn stream<'a>(&'a self, request: &'a Request, deltas: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        self.0.streamed.fetch_add(1, SeqCst);
        Box::pin(self.say(request, Some(deltas)))
    }
}

/// The next piece of an answer.
pub(crate) async fn piece(events: &mut Events) -> (String, usize, String) {
    loop {
        let event = events.next().await.expect("the run has ended");
        if let Event::Said { place, at, text, .. } = event {
            return (place.as_str().to_owned(), at, text.to_string());
        }
    }
}

/// The remaining events as lines.
pub(crate) async fn rest(events: &mut Events) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(event) = events.next().await {
        lines.push(event.to_string());
    }
    lines
}

/// The lines that begin with one of these.
pub(crate) fn only(lines: &[String], starts: &[&str]) -> Vec<String> {
    lines.iter().filter(|line| starts.iter().any(|start| line.starts_with(start))).cloned().collect()
}

/// Lets all tasks run until none can progress.
pub(crate) async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}
