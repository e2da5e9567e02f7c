//! Models that behave as badly as models can: every run ends within its bounds. `FLOW_WILD` sets the number of runs.

use std::sync::LazyLock;

use flow::prelude::*;
use flow::provider::Price;
use flow::serde_json::{Value, json};
use flow::{ErrorKind, Money, Runtime};

use super::support::{FAST, Log, Resolution, Say, Ticket, fake, find_order, search, ticket};

#[step(
    model = FAST,
    prompt = "{{ ticket.text }}",
    tools = [find_order(customer = ticket.customer), search],
    max_turns = 4,
    max_tool_calls = 20,
    repair = 2
)]
async fn resolve(ticket: &Ticket) -> Result<Resolution>;

#[workflow]
async fn support(ticket: Ticket) -> Result<Resolution> {
    resolve(&ticket).await
}

/// The same at a dollar for a thousand tokens: a few turns cost more than the cap, unless the run ends before.
const DEAR: Model = FAST.price(Price::per_million("1000", "1000"));

#[step(
    model = DEAR,
    prompt = "{{ ticket.text }}",
    tools = [find_order(customer = ticket.customer), search],
    max_turns = 4,
    max_tool_calls = 20,
    repair = 2
)]
async fn resolve_dearly(ticket: &Ticket) -> Result<Resolution>;

#[workflow(max_cost = "$1")]
async fn capped(ticket: Ticket) -> Result<Resolution> {
    resolve_dearly(&ticket).await
}

/// Deeper than any contract allows.
static DEEP: LazyLock<Value> = LazyLock::new(|| (0..200).fold(json!(1), |inner, _| Value::Array(vec![inner])));

fn arguments(random: &mut fastrand::Rng) -> Value {
    match random.u32(..8) {
        0 => json!({"number": "7"}),
        1 => json!({"number": 7}),
        2 => json!("{\"number\": \"7\""),
        3 => Value::Null,
        4 => json!({"words": ["a"], "limit": -1}),
        5 => json!({"words": ["a"], "limit": 1.0}),
        6 => DEEP.clone(),
        _ => json!({"number": "9", "customer": {"id": "c9"}, "more": {}}),
    }
}

fn reply(random: &mut fastrand::Rng) -> Say {
    const NAMES: [&str; 5] = ["find_order", "search", "Search", "", "rm -rf"];
    let calls = |random: &mut fastrand::Rng, count| {
        Say::Calls((0..count).map(|_| (*random.choice(&NAMES).unwrap_or(&""), arguments(random))).collect())
    };
    match random.u32(..9) {
        0 => Say::Text(String::new()),
        1 => Say::Text("{\"text\": ".into()),
        2 => Say::Text("{\"text\": 3}".into()),
        3 => Say::Text("I shall call find_order now.".into()),
        4 => Say::Text("{\"text\": \"done\"}".into()),
        5 => calls(random, 200),
        6 => calls(random, 1),
        7 => Say::Fail(flow::provider::FailureKind::Overloaded { retry_after: None }),
        _ => {
            let count = random.usize(2..5);
            calls(random, count)
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_run_ends_within_its_bounds() {
    let runs: u64 = std::env::var("FLOW_WILD").ok().and_then(|runs| runs.parse().ok()).unwrap_or(300);
    let most = flow::graph(&support).bounds().max_model_calls.unwrap();
    let (mut answered, mut refused, mut stopped) = (0, 0, 0);
    for seed in 0..runs {
        let mut random = fastrand::Rng::with_seed(seed);
        let (fake, asked) = fake("fake", (0..100).map(|_| reply(&mut random)));
        let log = Log::default();
        let runtime = Runtime::test().state(log.clone()).provider(fake).build().unwrap().0;
        let handle = match seed % 2 {
            0 => runtime.start(support(ticket("late"))).await.unwrap(),
            _ => runtime.start(capped(ticket("late"))).await.unwrap(),
        };
        let events = handle.events();
        let outcome = handle.result().await;
        assert!(asked.count() as u64 <= most, "seed {seed}: {} of {most} model calls", asked.count());
        assert!(log.all().len() <= 20, "seed {seed}: {} tool calls", log.all().len());
        let cost = events.bill().total().cost;
        assert!(seed % 2 == 0 || cost <= Money::usd("1"), "seed {seed}: {cost}");
        match outcome {
            Ok(_) => answered += 1,
            Err(error) => match error.kind() {
                ErrorKind::ContractViolated { .. } | ErrorKind::Provider { .. } => refused += 1,
                ErrorKind::Budget { .. } if seed % 2 == 1 => stopped += 1,
                _ => panic!("seed {seed}: {error}"),
            },
        }
    }
    assert!(answered > 0 && refused > 0 && stopped > 0, "{answered} answered, {refused} refused, {stopped} stopped");
}
