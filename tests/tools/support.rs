//! A shop with tools, and a scripted provider that keeps what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use flow::prelude::*;
use flow::prompt::{Content, Part};
use flow::provider::{BoxFuture, Capabilities, Failure, FailureKind, MediaKinds, Provider, Reply, Request, Usage};
use flow::serde_json::Value;

pub(crate) const FAST: Model = Model::new("fake/fast").max_output_tokens(100);

#[contract]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Customer {
    pub(crate) id: String,
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ticket {
    pub(crate) text: String,
    pub(crate) customer: Customer,
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Order {
    pub(crate) number: String,
    pub(crate) owner: String,
    pub(crate) cents: u32,
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resolution {
    pub(crate) text: String,
}

pub(crate) fn ticket(text: &str) -> Ticket {
    Ticket { text: text.into(), customer: Customer { id: "c1".into() } }
}

pub(crate) fn resolution(text: &str) -> Resolution {
    Resolution { text: text.into() }
}

/// What the bodies of the tools did, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn push(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Look up an order of this customer by its number.
#[step]
pub(crate) async fn find_order(
    /// The number on the receipt.
    number: &str,
    customer: &Customer,
    #[state] log: &Log,
) -> Result<Order> {
    log.push(format!("find {number} of {}", customer.id));
    match number {
        "7" => Ok(Order { number: number.into(), owner: customer.id.clone(), cents: 500 }),
        _ => flow::bail!("there is no order {number}"),
    }
}

/// Search the manual.
#[step]
pub(crate) async fn search(words: Vec<String>, limit: Option<u32>, #[state] log: &Log) -> Result<Vec<String>> {
    log.push(format!("search {}", words.join(" ")));
    flow::tokio::task::yield_now().await;
    Ok(words.into_iter().take(limit.unwrap_or(9) as usize).collect())
}

#[step(
    model = FAST,
    prompt = "Help: {{ ticket.text }}",
    tools = [find_order(customer = ticket.customer), search],
    max_turns = 3,
    gate = polite
)]
pub(crate) async fn resolve(ticket: &Ticket) -> Result<Resolution>;

#[gate]
fn polite(resolution: &Resolution) -> Verdict {
    Verdict::ensure(!resolution.text.contains("no!"), "be polite")
}

#[workflow]
pub(crate) async fn support(ticket: Ticket) -> Result<Resolution> {
    resolve(&ticket).await
}

/// A reply of the fake model.
#[derive(Clone)]
pub(crate) enum Say {
    Text(String),
    Calls(Vec<(&'static str, Value)>),
    Fail(FailureKind),
}

pub(crate) fn says(text: &str) -> Say {
    Say::Text(text.into())
}

pub(crate) fn calls<const N: usize>(calls: [(&'static str, Value); N]) -> Say {
    Say::Calls(calls.into())
}

/// A provider with scripted replies, one per request.
pub(crate) struct Fake {
    name: &'static str,
    able: Capabilities,
    replies: Mutex<VecDeque<Say>>,
    asked: Asked,
}

/// The requests of a [`Fake`].
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<Mutex<Vec<Request>>>);

impl Asked {
    pub(crate) fn all(&self) -> Vec<Request> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// The messages of one request, a line for each part.
    pub(crate) fn lines(&self, index: usize) -> Vec<String> {
        let asked = self.0.lock().unwrap();
        let messages = asked[index].prompt.messages.iter();
        messages.flat_map(|message| parts(&message.content, &format!("{:?}", message.role))).collect()
    }
}

fn parts(content: &Content, role: &str) -> Vec<String> {
    let line = |part: &Part| match part {
        Part::Text { text } => format!("{role}: {text}"),
        Part::ToolCall { id, name, arguments } => format!("{role}: call {id} {name} {arguments}"),
        Part::ToolResult { call, content, is_error } => {
            format!("{role}: {} {call} {}", if *is_error { "error" } else { "result" }, content.text())
        }
        other => format!("{role}: {other:?}"),
    };
    content.parts().iter().map(line).collect()
}

pub(crate) fn fake(name: &'static str, replies: impl IntoIterator<Item = Say>) -> (Fake, Asked) {
    let asked = Asked::default();
    (
        Fake {
            name,
            able: Capabilities::default().media(MediaKinds::ALL),
            replies: Mutex::new(replies.into_iter().collect()),
            asked: asked.clone(),
        },
        asked,
    )
}

impl Fake {
    pub(crate) fn able(self, able: Capabilities) -> Self {
        Self { able, ..self }
    }
}

impl Provider for Fake {
    fn name(&self) -> &str {
        self.name
    }

    fn capabilities(&self, _: &Model) -> Capabilities {
        self.able
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        self.asked.0.lock().unwrap().push(request.clone());
        let (reply, number) = (self.replies.lock().unwrap().pop_front(), self.asked.count());
        Box::pin(async move {
            let content: Content = match reply {
                None => return Err(Failure::new(FailureKind::InvalidRequest, "the fake has nothing more to say")),
                Some(Say::Fail(kind)) => return Err(Failure::new(kind, "no luck")),
                Some(Say::Text(text)) => text.into(),
                Some(Say::Calls(calls)) => {
                    let call = |(at, (name, arguments)): (usize, (&str, Value))| {
                        Part::tool_call(format!("id{number}{at}"), name, arguments)
                    };
                    calls.into_iter().enumerate().map(call).collect()
                }
            };
            Ok(Reply::new(content).usage(Usage::new(10, 5)))
        })
    }
}
