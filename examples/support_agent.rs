//! Answers a customer: a model looks things up and may propose a refund, which a person approves before any money moves.
//!
//! The model chooses its tools, within bounds that the build knows: at most 6 model calls for an answer, only orders of this
//! customer, and no refund that nobody has seen. The run is in a journal, so it can wait for the approval with no process
//! running. Wherever a process is killed, no answer of the model is paid for twice, and the refund happens at most once.
//!
//! ```text
//! cargo run --example support_agent -- run support --journal flow.db --id t1 --detach --set ticket.customer=c-1 --set ticket.text=…
//! cargo run --example support_agent -- review list --journal flow.db
//! cargo run --example support_agent -- review accept t1 --journal flow.db      # now, or tomorrow
//! cargo run --example support_agent -- runs resume t1 --journal flow.db        # refunds, and answers
//! ```
//!
//! Without arguments it answers a ticket offline: no model is asked, tools without an effect are called once, and the answer is
//! made up from what they return. Offline, nothing is refunded.

use std::path::PathBuf;

use flow::prelude::*;

/// A customer's letter.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// The customer number of whoever wrote it, from the session.
    pub customer: String,
    /// The letter.
    pub text: String,
}

/// An order in the shop.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The number on the receipt.
    pub number: String,
    /// What was ordered.
    pub item: String,
    /// The price in cents.
    pub cents: u32,
    /// What happened to it.
    pub status: String,
}

/// The answer to a ticket.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// The letter to the customer.
    pub reply: String,
    /// What was refunded, in cents.
    pub refunded_cents: u32,
}

/// The shop: its orders, its manual, and the ledger that refunds are written to.
#[derive(Debug)]
pub struct Shop {
    /// Orders, each with the customer it belongs to.
    pub orders: Vec<(String, Order)>,
    /// The folder of the ledger.
    pub ledger: PathBuf,
}

const AGENT: Model = Model::new("openai/gpt-5-mini").name("agent").max_output_tokens(1500);

/// Look up an order of this customer by its number.
#[step]
pub async fn find_order(
    /// The number on the receipt, such as `A-17`.
    number: &str,
    customer: &str,
    #[state] shop: &Shop,
) -> Result<Order> {
    let found = shop.orders.iter().find(|(owner, order)| owner == customer && order.number == number);
    match found {
        Some((_, order)) => Ok(order.clone()),
        None => flow::bail!("this customer has no order {number}"),
    }
}

/// Search the manual of the shop: returns, guarantees, shipping.
#[step]
pub async fn search_manual(
    /// A few words.
    words: &str,
) -> Result<Vec<String>> {
    const MANUAL: [&str; 3] = [
        "Returns: unused goods may be returned within 30 days.",
        "Guarantee: goods that arrive broken are refunded in full.",
        "Shipping: parcels arrive within five working days.",
    ];
    let words: Vec<_> = words.split_whitespace().map(str::to_lowercase).collect();
    let matches = |line: &&&str| words.iter().any(|word| line.to_lowercase().contains(word.as_str()));
    Ok(MANUAL.iter().filter(matches).map(|line| (*line).to_owned()).collect())
}

/// Refund an order, in whole or in part.
#[step(effect = irreversible, approve = confirm_refund)]
pub async fn refund(
    /// The number of the order.
    order: &str,
    /// How much, in cents.
    cents: u32,
    #[state] shop: &Shop,
) -> Result<String> {
    let name = format!("{order}.txt");
    std::fs::create_dir_all(&shop.ledger)?;
    let ledger = std::fs::OpenOptions::new().create(true).append(true).open(shop.ledger.join(&name))?;
    std::io::Write::write_all(&mut &ledger, format!("{cents} cents\n").as_bytes())?;
    Ok(format!("refunded {cents} cents for {order}"))
}

/// Whoever approves sees what would be refunded.
#[step(human, timeout = "2d", prompt = "Refund {{ cents }} cents for order {{ order }}?")]
pub async fn confirm_refund(order: &str, cents: u32) -> Result<Verdict>;

/// Answers a ticket.
#[step(
    model = AGENT,
    system = "You answer customers of a small shop. Look up what you need. Propose a refund only if the manual allows it.",
    prompt = "{{ ticket.text }}",
    tools = [find_order(customer = ticket.customer), search_manual, refund],
    max_turns = 6,
    max_tool_calls = 12,
    gate = answered,
    repair = 1
)]
pub async fn resolve(ticket: &Ticket) -> Result<Resolution>;

#[gate]
fn answered(resolution: &Resolution) -> Verdict {
    Verdict::ensure(!resolution.reply.trim().is_empty(), "the reply is empty")
}

/// Answers a customer, with a refund if a person approves it.
#[workflow(max_model_calls = 36, max_cost = "$0.50", strict)]
pub async fn support(ticket: Ticket) -> Result<Resolution> {
    resolve(&ticket).await
}

fn shop() -> Shop {
    let order = Order { number: "A-17".into(), item: "a blue teapot".into(), cents: 2450, status: "delivered".into() };
    let ledger = std::env::var_os("FLOW_LEDGER").map_or_else(|| "target/ledger".into(), PathBuf::from);
    Shop { orders: vec![("c-1".into(), order)], ledger }
}

const TICKET: &str = concat!("ticket.text=", env!("CARGO_MANIFEST_DIR"), "/data/ticket_teapot.txt");

flow::main!(flow::App::new().workflow(support).state(shop()).offline_without_key().default_arguments([
    "run",
    "support",
    "--file",
    TICKET,
    "--set",
    "ticket.customer=c-1"
]));

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use flow::Ending;
    use flow::journal::{Memory, Store};
    use flow::run::{Record, RunId};
    use flow::serde_json::json;
    use flow::testing::{Turn, answer, call, calls};

    use super::*;

    fn ticket() -> Ticket {
        Ticket { customer: "c-1".into(), text: "The teapot of order A-17 arrived broken.".into() }
    }

    fn resolution() -> Resolution {
        Resolution { reply: "We are sorry, and have refunded it.".into(), refunded_cents: 2450 }
    }

    fn script() -> Vec<Turn<Resolution>> {
        vec![
            calls([call(find_order, json!({"number": "A-17"})), call(search_manual, json!({"words": "broken"}))]),
            call(refund, json!({"order": "A-17", "cents": 2450})),
            answer(resolution()),
        ]
    }

    /// A process that continues the conversation after some answered turns.
    fn process(journal: &Memory, folder: &tempfile::TempDir, answered: usize) -> Runtime {
        let shop = Shop { ledger: folder.path().to_owned(), ..shop() };
        let turns = script().into_iter().skip(answered);
        Runtime::test().journal(journal.clone()).state(shop).turns(resolve, turns).build().unwrap().0
    }

    fn refunds(folder: &tempfile::TempDir) -> usize {
        std::fs::read_to_string(folder.path().join("A-17.txt")).map_or(0, |ledger| ledger.lines().count())
    }

    fn run() -> impl flow::Workflow<Resolution> {
        support(ticket()).id("t1")
    }

    const APPROVAL: &str = "resolve/turn[2]/refund/confirm_refund";

    #[tokio::test(start_paused = true)]
    async fn killed_anywhere_it_refunds_at_most_once() {
        let (journal, folder, id) = (Memory::new(), tempfile::tempdir().unwrap(), RunId::named("t1"));
        let runtime = process(&journal, &folder, 0);
        let handle = runtime.start(run()).await.unwrap();
        assert!(matches!(handle.ending().await.unwrap(), Ending::Waiting(_)));
        assert_eq!(refunds(&folder), 0, "nothing is refunded before the approval");
        runtime.answer(&id, APPROVAL).by("ida").accept().await.unwrap();
        assert_eq!(runtime.run(run()).await.unwrap(), resolution());
        assert_eq!(refunds(&folder), 1);

        let all = journal.read(&id).await.unwrap();
        for kept in 1..all.len() {
            let (journal, folder) = (Memory::new(), tempfile::tempdir().unwrap());
            journal.append(&id, &all[..kept]).await.unwrap();
            let is_turn = |record: &&Record| matches!(record, Record::Attempt(attempt) if attempt.turn.is_some());
            let answered = all[..kept].iter().filter(is_turn).count();
            let is_done = |record: &Record| matches!(record, Record::StepFinished { place, .. } if place.as_str() == "resolve/turn[2]/refund");
            let is_done = all[..kept].iter().any(is_done);
            // The process dies again while the run waits.
            let runtime = process(&journal, &folder, answered);
            drop(runtime.start(run()).await.unwrap().ending().await);
            runtime.shut_down(Duration::ZERO).await;
            let answered = journal.read(&id).await.unwrap().iter().filter(is_turn).count();
            let runtime = process(&journal, &folder, answered);
            if let Ending::Waiting(waits) = runtime.start(run()).await.unwrap().ending().await.unwrap() {
                match waits[0].place.as_str() {
                    APPROVAL => runtime.answer(&id, APPROVAL).accept().await.unwrap(),
                    place => runtime.answer(&id, place).happened(json!("refunded by hand")).await.unwrap(),
                }
            }
            assert_eq!(runtime.run(run()).await.unwrap(), resolution(), "after {kept} records");
            assert!(refunds(&folder) + usize::from(is_done) <= 1, "after {kept} records");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_rejected_refund_is_told_to_the_model() {
        let folder = tempfile::tempdir().unwrap();
        let kind = Resolution { reply: "We are sorry.".into(), refunded_cents: 0 };
        let shop = Shop { ledger: folder.path().to_owned(), ..shop() };
        let runtime = Runtime::test()
            .state(shop)
            .answer(confirm_refund, Verdict::reject("the guarantee has ended"))
            .turns(resolve, [call(refund, json!({"order": "A-17", "cents": 2450})), answer(kind.clone())]);
        assert_eq!(runtime.run(support(ticket())).await.unwrap(), kind);
        assert_eq!(refunds(&folder), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn orders_of_others_are_not_found() {
        let (runtime, happened) = Runtime::test()
            .state(shop())
            .turns(resolve, [call(find_order, json!({"number": "A-17", "customer": "c-1"})), answer(resolution())])
            .build()
            .unwrap();
        let stranger = Ticket { customer: "c-2".into(), ..ticket() };
        runtime.run(support(stranger)).await.unwrap();
        let lines = happened.lines();
        assert!(lines.iter().any(|line| line.ends_with("this customer has no order A-17")), "{lines:#?}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_reply_is_asked_again() {
        let empty = Resolution { reply: " ".into(), refunded_cents: 0 };
        let runtime = Runtime::test().state(shop()).turns(resolve, [answer(empty), answer(resolution())]);
        assert_eq!(runtime.run(support(ticket())).await.unwrap(), resolution());
    }
}
