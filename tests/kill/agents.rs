//! Two of the examples, whose models call tools: their models and states, and what is known of their effects.

#[allow(dead_code, unused_imports, reason = "only the workflow of the example is run")]
#[path = "../../examples/research/main.rs"]
pub mod research;
#[allow(dead_code, unused_imports, reason = "only the workflow of the example is run")]
#[path = "../../examples/support_agent.rs"]
pub mod support_agent;

use std::fs;
use std::path::{Path, PathBuf};

use flow::Builder;
use flow::event::{Event, Observer};
use flow::prelude::*;
use flow::prompt::{Content, Part};
use flow::provider::{BoxFuture, Failure, Provider, Reply, Request, Usage};
use flow::serde_json::{Value, json};

use super::workflows::{CALL, add, append};
use research::library::Library;
use research::scholar::Scholar;
use support_agent::{Order, Shop, Ticket};

/// The place of the refund.
pub const REFUND: &str = "resolve/turn[2]/refund";

/// What the refund returns.
pub const REFUNDED: &str = "refunded 2450 cents for A-";

/// Adds the model and the states of the examples.
pub fn with_agents(builder: Builder, folder: &Path) -> Builder {
    let documents = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/research/documents");
    let order =
        |n: u32| Order { number: format!("A-{n}"), item: "a teapot".into(), cents: 2450, status: "sent".into() };
    let orders = (0..8).map(|n| ("c-1".to_owned(), order(n))).collect();
    let shop = Shop { orders, ledger: folder.join("ledger") };
    let desk = Desk { scholar: Scholar::default(), asked: folder.join("asked") };
    builder.provider(desk).observe(Begun).state(shop).state(Library::open(Path::new(documents)).unwrap())
}

pub fn ticket(n: u32) -> Ticket {
    Ticket { customer: "c-1".into(), text: format!("The teapot of order A-{n} arrived broken.") }
}

/// How often the order of a run was refunded.
pub fn refunds(folder: &Path, run: &str) -> usize {
    let n = run.rsplit('-').next().unwrap();
    fs::read_to_string(folder.join("ledger").join(format!("A-{n}.txt"))).map_or(0, |ledger| ledger.lines().count())
}

/// The number of calls that all processes have made to the models.
pub fn asked(folder: &Path) -> usize {
    fs::read_to_string(folder.join("asked")).map_or(0, |asked| asked.lines().count())
}

/// Logs the attempts of the examples, whose bodies do not.
struct Begun;

impl Observer for Begun {
    fn event(&self, event: &Event) {
        if let Event::WillAttempt { run, place, attempt, .. } = event
            && is_agent(&run.to_string())
        {
            add(&run.to_string(), place.as_str(), *attempt as usize);
        }
    }
}

pub fn is_agent(run: &str) -> bool {
    ["agent-", "research-"].iter().any(|kind| run.starts_with(kind))
}

/// The models of both examples.
struct Desk {
    scholar: Scholar,
    asked: PathBuf,
}

impl Provider for Desk {
    fn name(&self) -> &str {
        "openai"
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        append(&self.asked, "asked\n");
        let is_agent = request.tools.iter().any(|tool| tool.name == "refund");
        Box::pin(async move {
            let reply = if is_agent { Reply::new(resolved(request)) } else { self.scholar.complete(request).await? };
            Ok(reply.usage(Usage::new(CALL.0, CALL.1)))
        })
    }
}

/// Looks up the order and the manual, refunds, and answers.
fn resolved(request: &Request) -> Content {
    let messages = &request.prompt.messages;
    let text = messages[1].text();
    let order = text.split_whitespace().find(|word| word.starts_with("A-")).unwrap();
    let call = |id: &str, name: &str, arguments: Value| Part::tool_call(id, name, arguments);
    match messages.len() {
        2 => {
            let order = call("1", "find_order", json!({ "number": order }));
            [order, call("2", "search_manual", json!({ "words": "broken" }))].into_iter().collect()
        }
        4 => [call("3", "refund", json!({ "order": order, "cents": 2450 }))].into_iter().collect(),
        _ => json!({ "reply": "We have refunded it.", "refunded_cents": 2450 }).to_string().into(),
    }
}
