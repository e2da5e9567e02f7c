//! The events of a run as server-sent events, over real connections.

use flow::prelude::*;
use flow::provider::{BoxFuture, Deltas, Failure, Provider, Reply, Request};
use flow::serde_json::{Value, from_str, json};
use flow::service::Service;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, mpsc};

use crate::client::{open, send};
use crate::support::{Desk, JSON, Served, note, start};

const EVENTS: &str = "accept: text/event-stream";

/// A model that says what the test tells it; an empty piece ends an answer. It says nothing to those who do not listen.
struct Speaker(Mutex<mpsc::UnboundedReceiver<&'static str>>);

impl Speaker {
    fn new() -> (mpsc::UnboundedSender<&'static str>, Self) {
        let (tell, told) = mpsc::unbounded_channel();
        (tell, Self(Mutex::new(told)))
    }
}

impl Provider for Speaker {
    fn name(&self) -> &str {
        "openai"
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async { Ok(Reply::new("unheard")) })
    }

    fn stream<'a>(&'a self, _: &'a Request, deltas: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async {
            let (mut told, mut text) = (self.0.lock().await, String::new());
            while let Some(piece) = told.recv().await.filter(|piece| !piece.is_empty()) {
                deltas.text(piece);
                text.push_str(piece);
            }
            Ok(Reply::new(text))
        })
    }
}

async fn served(speaker: impl Provider) -> Served {
    Served::of(Service::new(Runtime::builder().provider(speaker)).workflow(crate::support::digest)).await
}

/// The events that a client reads.
struct Following(BufReader<TcpStream>);

impl Following {
    async fn of(served: &Served, request: &str, headers: &[&str], body: &str) -> Self {
        let length = format!("content-length: {}", body.len());
        let headers = [headers, &[&*length]].concat();
        Self(BufReader::new(open(served.at, request, &headers, body).await))
    }

    async fn start(served: &Served, query: &str) -> Self {
        Self::of(served, &start("digest", query), &[JSON, EVENTS], &note("one two").to_string()).await
    }

    /// The next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<(String, Value)> {
        let mut name = None;
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).await.unwrap() == 0 {
                return None;
            }
            if let Some(event) = line.strip_prefix("event: ") {
                name = Some(event.trim().to_owned());
            } else if let Some(data) = line.strip_prefix("data: ") {
                return Some((name.expect("an event has a name"), from_str(data).unwrap()));
            }
        }
    }

    /// The next event with this name.
    async fn until(&mut self, name: &str) -> Value {
        loop {
            let (found, data) = self.next().await.unwrap_or_else(|| panic!("no event `{name}`"));
            if found == name {
                return data;
            }
        }
    }

    async fn rest(&mut self) -> Vec<(String, Value)> {
        let mut rest = Vec::new();
        while let Some(event) = self.next().await {
            rest.push(event);
        }
        rest
    }
}

#[tokio::test]
async fn a_run_is_started_and_followed_to_its_end() {
    let (tell, speaker) = Speaker::new();
    let served = served(speaker).await;
    let mut events = Following::start(&served, "?id=a").await;
    let began = events.until("run").await;
    assert_eq!((&began["id"], &began["workflow"]), (&json!("a"), &json!("digest")));
    assert_eq!(events.until("will_step").await, json!({ "place": "count", "step": "count" }));

    let said = |attempt: u32, at: u32, text: &str| json!({ "place": "title", "attempt": attempt, "turn": null, "at": at, "text": text });
    // Each piece arrives before the next is said.
    tell.send("oh, ").unwrap();
    assert_eq!(events.until("said").await, said(1, 0, "oh, "));
    tell.send("damn").unwrap();
    assert_eq!(events.until("said").await, said(1, 4, "damn"));
    tell.send("").unwrap();
    let rejected = json!({ "place": "title", "gate": "polite", "reasons": ["the title is not polite"] });
    assert_eq!(events.until("did_reject").await, rejected);
    assert_eq!(
        events.next().await.unwrap(),
        ("did_take_back".into(), json!({ "place": "title", "attempt": 1, "turn": null }))
    );
    tell.send("A note").unwrap();
    assert_eq!(events.until("said").await, said(2, 0, "A note"));
    tell.send("").unwrap();
    let rest = events.rest().await;
    let names: Vec<_> = rest.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["did_attempt", "did_step", "end"]);
    let end = &rest[2].1;
    assert_eq!((&end["status"], &end["output"]), (&json!("finished"), &json!({ "title": "A note", "words": 2 })));
    assert_eq!(*end, served.get("/runs/a").await.json());
}

#[tokio::test]
async fn a_client_that_comes_later_gets_the_events_from_then_on() {
    let (tell, speaker) = Speaker::new();
    let served = served(speaker).await;
    let mut first = Following::start(&served, "?id=a").await;
    tell.send("A ").unwrap();
    first.until("said").await;
    let mut second = Following::of(&served, "GET /runs/a/events", &[EVENTS], "").await;
    assert_eq!(second.until("run").await["status"], "running");
    drop(first);
    tell.send("note").unwrap();
    tell.send("").unwrap();
    second.until("did_attempt").await;
    assert_eq!(second.until("end").await["output"]["title"], "A note", "the run does not depend on its first client");
    // Once it has ended, there are no events but the last.
    let mut third = Following::of(&served, "GET /runs/a/events", &[], "").await;
    let names: Vec<_> = third.rest().await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["run", "end"]);
}

#[tokio::test]
async fn models_stream_only_while_a_client_follows() {
    let (_tell, speaker) = Speaker::new();
    let served = served(speaker).await;
    assert_eq!(served.digest("?wait=10", &note("one")).await.json()["output"]["title"], "unheard");
}

#[tokio::test]
async fn headers_and_refusals_are_those_of_a_response() {
    let served = Served::with(&Desk::open()).await;
    let answer = send(served.at, &start("digest", "?id=a"), &[JSON, EVENTS], &note("one").to_string()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    assert_eq!(answer.header("location"), Some("/runs/a"));
    send(served.at, &start("digest", ""), &[JSON, EVENTS], "{}").await.problem(422, "invalid-input");
    send(served.at, "GET /runs/b/events", &[EVENTS], "").await.problem(404, "no-such-run");
    send(served.at, "GET /runs/a/events", &["accept: text/html"], "").await.problem(406, "not-acceptable");
    send(served.at, "GET /runs/a/events?wait=1", &[], "").await.problem(400, "bad-request");
    // A client that accepts anything gets the run as JSON.
    let any = send(served.at, &start("digest", "?wait=9"), &[JSON, "accept: */*"], &note("one").to_string()).await;
    assert_eq!(any.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn the_stream_ends_when_the_service_stops() {
    let desk = Desk::held();
    let service = crate::support::service(&desk).grace(std::time::Duration::ZERO);
    let served = Served::of(service).await;
    let mut events = Following::start(&served, "?id=a").await;
    events.until("will_attempt").await;
    served.stop().await.unwrap();
    assert_eq!(events.rest().await.last().unwrap().0, "end");
}

const PIECES: u64 = 200_000;

/// Says a lot of pieces as fast as it can.
struct Talker;

impl Provider for Talker {
    fn name(&self) -> &str {
        "openai"
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async { Ok(Reply::new("unheard")) })
    }

    fn stream<'a>(&'a self, _: &'a Request, deltas: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async {
            for piece in 0..PIECES {
                deltas.text("a piece of text, which is not short ");
                if piece % 50 == 0 {
                    tokio::task::yield_now().await;
                }
            }
            Ok(Reply::new("A note"))
        })
    }
}

#[tokio::test]
async fn a_slow_client_loses_pieces_is_told_how_many_and_delays_nothing() {
    let served = served(Talker).await;
    let mut slow = Following::start(&served, "?id=a").await;
    // The run ends although the client reads nothing.
    assert_eq!(wait(&served).await["status"], "finished");
    let (mut said, mut missed) = (0, 0);
    let mut last = String::new();
    while let Some((name, data)) = slow.next().await {
        match &*name {
            "said" => said += 1,
            "did_miss" => missed += data["events"].as_u64().unwrap(),
            _ => {}
        }
        last = name;
    }
    assert_eq!((said + missed, &*last), (PIECES, "end"));
    assert!(said > 0 && missed > 0, "{said} said, {missed} missed");
}

/// Waits for a run that its client is only starting.
async fn wait(served: &Served) -> Value {
    loop {
        let answer = served.get("/runs/a?wait=60").await;
        if answer.status == 200 {
            return answer.json();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn answers_of_people_and_waits_are_told_to_those_who_follow() {
    let (_tell, speaker) = Speaker::new();
    let service = Service::new(Runtime::builder().provider(speaker)).workflow(asked);
    let served = Served::of(service).await;
    let mut events = Following::of(&served, &start("asked", "?id=a"), &[JSON, EVENTS], r#"{"text": "x"}"#).await;
    assert_eq!(events.until("will_wait").await, json!({ "place": "agree", "step": "agree" }));
    served.post_to("/runs/a/answers/agree", r#"{"value": true}"#).await;
    assert_eq!(events.until("end").await["output"], true);
}

/// Is it fine?
#[step(human, timeout = "7d", prompt = "{{ text }}")]
async fn agree(text: &str) -> Result<bool>;

#[workflow]
async fn asked(text: String) -> Result<bool> {
    agree(&text).await
}
