//! With a journal, a workflow sees what a resumed run would see: the value as read back from its record.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use flow::ErrorKind;
use flow::contract::Violation;
use flow::journal::Memory;
use flow::prelude::*;
use flow::run::{Record, RunId};
use flow::serde::{Deserialize, Deserializer, Serialize, Serializer};
use flow::serde_json::{Value, json};

use super::support::{Counts, process, settle};

type Wire<T> = fn(&T) -> Value;
type Read<T> = fn(Value) -> Option<T>;

/// Implements serialisation and deserialisation by hand.
macro_rules! by_hand {
    ($name:ty, $write:expr, $read:expr) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
                let write: Wire<Self> = $write;
                write(self).serialize(to)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
                let read: Read<Self> = $read;
                let value = Value::deserialize(from)?;
                read(value).ok_or_else(|| flow::serde::de::Error::custom("it does not read that"))
            }
        }
    };
}

/// `Removed` and `Left` have the same JSON.
#[derive(Debug, Clone, PartialEq)]
enum Change {
    Set(u64),
    Removed,
    Left,
}

by_hand!(
    Change,
    |change| match change {
        Change::Set(n) => json!(n),
        Change::Removed | Change::Left => Value::Null,
    },
    |value| match value {
        Value::Null => Some(Change::Left),
        other => other.as_u64().map(Change::Set),
    }
);

/// A phone number is read back as a mail address.
#[derive(Debug, Clone, PartialEq)]
enum Contact {
    Mail(String),
    Phone(String),
}

by_hand!(
    Contact,
    |contact| match contact {
        Contact::Mail(text) | Contact::Phone(text) => json!(text),
    },
    |value| Some(Contact::Mail(value.as_str()?.to_owned()))
);

/// Euros, written as rounded cents.
#[derive(Debug, Clone, PartialEq)]
struct Euros(f64);

by_hand!(Euros, |euros| json!((euros.0 * 100.0).round() as i64), |value| Some(Euros(value.as_f64()? / 100.0)));

/// Writes a text but reads a number.
#[derive(Debug, Clone, PartialEq)]
struct OneWay(u32);

by_hand!(OneWay, |it| json!(it.0.to_string()), |value| Some(OneWay(value.as_u64()? as u32)));

/// Counts up each time it is read.
#[derive(Debug, Clone, PartialEq)]
struct Rising(u32);

by_hand!(Rising, |it| json!([0, { "n": it.0 }]), |value| Some(Rising(value[1]["n"].as_u64()? as u32 + 1)));

fn five() -> u32 {
    5
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// Left out and read as something else.
#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Order {
    #[serde(default = "five", skip_serializing_if = "is_zero")]
    copies: u32,
}

/// All that the steps here return.
#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Facts {
    #[contract(opaque = "change")]
    change: Change,
    #[contract(as = String)]
    contact: Contact,
    #[contract(as = f64)]
    price: Euros,
    #[contract(opaque = "one way")]
    one_way: Vec<OneWay>,
    #[contract(opaque = "rising")]
    rising: Vec<Rising>,
    orders: Vec<Order>,
}

fn facts() -> Facts {
    let (one_way, rising, orders) = Default::default();
    Facts { change: Change::Set(1), contact: Contact::Mail("a@b.c".into()), price: Euros(2.0), one_way, rising, orders }
}

/// Facts that can be recorded, but read back differently.
fn changed(which: u32) -> Facts {
    match which {
        0 => Facts { change: Change::Removed, ..facts() },
        1 => Facts { contact: Contact::Phone("555".into()), ..facts() },
        2 => Facts { price: Euros(1.239), ..facts() },
        _ => facts(),
    }
}

#[step]
async fn look(which: u32) -> Result<Facts> {
    Ok(changed(which))
}

#[step(human, timeout = "7d", prompt = "{{ which }}")]
async fn approve(which: u32) -> Result<bool>;

#[step]
async fn store(facts: &Facts, seen: String) -> Result<String> {
    let _ = facts;
    Ok(seen)
}

#[workflow]
async fn survey(which: u32) -> Result<String> {
    let facts = look(which).await?;
    approve(which).await?;
    let seen = format!("{:?} {:?} {:?}", facts.change, facts.contact, facts.price);
    store(&facts, seen).await
}

/// Runs the workflow in one process, or in another one after the wait.
async fn surveyed(which: u32, resumed: bool) -> String {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let mut runtime = process(&journal, &counts);
    let mut handle = runtime.start(survey(which).id("r")).await.unwrap();
    settle().await;
    if resumed {
        runtime.shut_down(Duration::ZERO).await;
        runtime = process(&journal, &counts);
        handle = runtime.start(survey(which).id("r")).await.unwrap();
        settle().await;
    }
    runtime.answer(&id, "approve").with(json!(true)).await.unwrap();
    handle.result().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn glue_sees_live_what_it_sees_after_a_resume() {
    let seen =
        ["Left Mail(\"a@b.c\") Euros(2.0)", "Set(1) Mail(\"555\") Euros(2.0)", "Set(1) Mail(\"a@b.c\") Euros(1.24)"];
    for (which, seen) in (0..).zip(seen) {
        assert_eq!(surveyed(which, false).await, seen);
        assert_eq!(surveyed(which, true).await, seen);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_journal_the_value_is_the_steps_own() {
    let runtime = Runtime::test().answer(approve, true).build().unwrap().0;
    let seen = runtime.run(survey(1)).await.unwrap();
    assert_eq!(seen, "Set(1) Phone(\"555\") Euros(2.0)");
}

/// Facts that cannot be recorded, and the pointer of the reason.
fn lost(which: u32) -> (Facts, &'static str) {
    match which {
        0 => (Facts { one_way: vec![OneWay(7)], ..facts() }, "/one_way/0"),
        1 => (Facts { rising: vec![Rising(7)], ..facts() }, "/rising/0/1/n"),
        2 => (Facts { orders: vec![Order { copies: 1 }, Order { copies: 0 }], ..facts() }, "/orders/1/copies"),
        _ => (Facts { price: Euros(f64::INFINITY), rising: vec![Rising(1)], ..facts() }, "/rising/0/1/n"),
    }
}

#[step]
async fn plain(which: u32, #[state] counts: &Counts) -> Result<Facts> {
    counts.count("plain");
    Ok(lost(which).0)
}

#[gate]
fn never_asked(_: &Facts) -> Verdict {
    Verdict::reject("the gate was asked")
}

#[step(gate = never_asked)]
async fn gated(which: u32) -> Result<Facts> {
    Ok(lost(which).0)
}

#[step(retry = 3, fallback = other)]
async fn with_fallback(which: u32) -> Result<Facts> {
    Ok(lost(which).0)
}

#[step]
async fn other(_which: u32) -> Result<Facts> {
    Ok(facts())
}

const FAST: Model = Model::new("fake/fast");

#[step(model = FAST, prompt = "{{ which }}", fallback = other)]
async fn modelled(which: u32) -> Result<Facts>;

#[workflow]
async fn one_of(how: u32, which: u32, #[state] counts: &Counts) -> Result<bool> {
    let facts = match how {
        0 => plain(which, counts).await?,
        1 => gated(which).await?,
        2 => with_fallback(which).await?,
        _ => modelled(which).await?,
    };
    Ok(facts.orders.is_empty())
}

fn pointers(violations: &[Violation]) -> Vec<&str> {
    violations.iter().map(|violation| violation.pointer.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_does_not_survive_its_record_fails_at_the_step_that_returned_it() {
    for how in 0..4 {
        // A model's answer has already been read once: an unreadable one is asked again, and defaults are filled in.
        for which in (0..4).filter(|which| how < 3 || which % 2 == 1) {
            let answer = |which| Ok(lost(which).0);
            let runtime = Runtime::test().journal(Memory::new()).state(Counts::default()).with(modelled, answer);
            let id = RunId::named("r");
            let runtime = runtime.build().unwrap().0;
            let error = runtime.run(one_of(how, which).id("r")).await.unwrap_err();
            let ErrorKind::ContractViolated { violations, .. } = error.kind() else { panic!("{how}/{which}: {error}") };
            assert_eq!(pointers(violations), [lost(which).1], "{how}/{which}: {error}");
            assert!(!error.is_retryable());
            let step = ["plain", "gated", "with_fallback", "modelled"][how as usize];
            assert_eq!(error.at().unwrap().step.as_deref(), Some(step));
            let ends = runtime.records(&id).await.unwrap();
            let failed =
                |record: &&Record| matches!(record, Record::StepFailed { place, .. } if place.as_str() == step);
            assert_eq!(ends.iter().filter(failed).count(), 1);
            assert!(!ends.iter().any(|record| matches!(record, Record::StepFinished { .. })));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_message_names_step_and_field() {
    let runtime = process(&Memory::new(), &Counts::default());
    let error = runtime.run(one_of(0, 2).id("r")).await.unwrap_err();
    let text = error.in_run().to_string();
    let (head, rest) = text.split_once("\n  the answer was: ").unwrap();
    assert_eq!(
        head,
        "step `plain`: the output changes when it is read back and written again: its type's `Serialize` and \
         `Deserialize` do not agree\n  at `/orders/1/copies`: expected nothing, as first written, found number 5"
    );
    assert!(rest.contains(r#""orders":[{"copies":1},{}]"#), "{rest}");
    let error = runtime.run(one_of(0, 0).id("s")).await.unwrap_err();
    let text = error.in_run().to_string();
    assert!(
        text.starts_with(
            "step `plain`: the output cannot be read back from its record: its type's `Deserialize` rejects what its \
             `Serialize` writes\n  at `/one_way/0`: expected a value its type accepts, found it does not read that"
        ),
        "{text}"
    );
}

/// Sets and maps in which order says nothing, and numbers that are easily lost.
#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Loose {
    tags: HashSet<String>,
    by_name: HashMap<String, HashSet<u32>>,
    by_number: BTreeMap<i64, f32>,
    floats: Vec<f64>,
    nested: Vec<Option<HashSet<Vec<u8>>>>,
    big: (u64, i64),
}

fn loose() -> Loose {
    let many = || (0..40).map(|n| n.to_string());
    Loose {
        tags: many().collect(),
        by_name: many().map(|name| (name, (0..40).collect())).collect(),
        by_number: [(i64::MIN, 0.1), (-1, f32::MIN_POSITIVE), (0, -0.0), (i64::MAX, f32::MAX)].into(),
        floats: vec![0.1, 1.0, -0.0, 1e308, 5e-324, 9_007_199_254_740_993.0, 1.0 / 3.0],
        nested: vec![None, Some((0..40).map(|n| vec![n, 1]).collect())],
        big: (u64::MAX, i64::MIN),
    }
}

#[step]
async fn gather(from: &Loose) -> Result<Loose> {
    Ok(from.clone())
}

#[step]
async fn count(of: Loose, tags: HashSet<String>, #[state] counts: &Counts) -> Result<usize> {
    counts.count("count");
    Ok(of.tags.len() + tags.len())
}

#[workflow]
async fn gathered(given: Loose, #[state] counts: &Counts) -> Result<bool> {
    let found = gather(&given).await?;
    let sum = count(found.clone(), found.tags.clone(), counts).await?;
    let again = gather(&found).await?;
    approve(0).await?;
    Ok(found == given && again == given && sum == 80)
}

#[tokio::test(start_paused = true)]
async fn the_order_of_a_set_is_no_difference() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    for _ in 0..3 {
        let runtime = process(&journal, &counts);
        drop(runtime.start(gathered(loose()).id("r")).await.unwrap());
        settle().await;
        runtime.shut_down(Duration::ZERO).await;
    }
    let runtime = process(&journal, &counts);
    let handle = runtime.start(gathered(loose()).id("r")).await.unwrap();
    settle().await;
    runtime.answer(&id, "approve").with(json!(true)).await.unwrap();
    assert!(handle.result().await.unwrap());
    assert_eq!(counts.of("count"), 1, "what is recorded is taken over");
    let mut other = loose();
    other.tags.remove("7");
    let error = runtime.run(gathered(other).id("r")).await.unwrap_err();
    assert!(error.message().contains("was started with a different input"), "{error}");
}

#[workflow]
async fn handed_over(facts: Facts) -> Result<String> {
    let seen = format!("{:?}", facts.contact);
    approve(0).await?;
    store(&facts, seen).await
}

#[tokio::test(start_paused = true)]
async fn the_input_of_a_run_is_read_back_too() {
    let runtime = process(&Memory::new(), &Counts::default());
    let handle = runtime.start(handed_over(changed(1)).id("r")).await.unwrap();
    settle().await;
    runtime.answer(&RunId::named("r"), "approve").with(json!(true)).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), "Mail(\"555\")");
    for which in 0..4 {
        let (facts, pointer) = lost(which);
        let errors = [
            runtime.run(handed_over(facts.clone()).id("s")).await.unwrap_err(),
            runtime.start(handed_over(facts).id("s")).await.map(|_| ()).unwrap_err(),
        ];
        for error in errors {
            let ErrorKind::ContractViolated { violations, .. } = error.kind() else { panic!("{error}") };
            assert_eq!(pointers(violations), [format!("/facts{pointer}")]);
            assert!(error.message().starts_with("the input of workflow `handed_over`"), "{error}");
        }
    }
    assert!(runtime.records(&RunId::named("s")).await.unwrap().is_empty(), "nothing of it has begun");
}

#[workflow]
async fn returned(which: u32) -> Result<Facts> {
    approve(which).await?;
    Ok(if which < 3 { changed(which) } else { lost(which - 3).0 })
}

#[tokio::test(start_paused = true)]
async fn the_output_of_a_run_is_what_its_record_gives_back() {
    for which in 0..7 {
        let (journal, id) = (Memory::new(), RunId::named("r"));
        let runtime = process(&journal, &Counts::default());
        let handle = runtime.start(returned(which).id("r")).await.unwrap();
        settle().await;
        runtime.answer(&id, "approve").with(json!(true)).await.unwrap();
        let first = handle.result().await;
        let again = process(&journal, &Counts::default()).run(returned(which).id("r")).await;
        match (first, again) {
            (Ok(first), Ok(again)) if which < 3 => assert_eq!(first, again),
            (Err(first), Err(again)) if which >= 3 => {
                let ErrorKind::ContractViolated { violations, .. } = first.kind() else { panic!("{first}") };
                assert_eq!(pointers(violations), [lost(which - 3).1]);
                assert_eq!(first.to_string(), again.to_string());
            }
            other => panic!("{which}: {other:?}"),
        }
    }
}

/// An error that is a contract.
#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Trouble {
    #[contract(as = String)]
    whom: Contact,
    #[contract(opaque = "rising")]
    rising: Vec<Rising>,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("trouble")
    }
}

impl std::error::Error for Trouble {}

#[step]
async fn troubled(rising: bool) -> Result<u32, Trouble> {
    Err(Trouble { whom: Contact::Phone("555".into()), rising: rising.then_some(Rising(1)).into_iter().collect() })
}

#[workflow]
async fn in_trouble(rising: bool) -> Result<String> {
    let error = troubled(rising).await.unwrap_err();
    let seen = format!("{:?} {}", error.downcast_ref::<Trouble>().map(|trouble| &trouble.whom), error.kind().name());
    approve(0).await?;
    store(&facts(), seen).await
}

#[tokio::test(start_paused = true)]
async fn an_error_of_ones_own_is_read_back_too() {
    let seen = [(false, "Some(Mail(\"555\")) terminal"), (true, "None contract_violated")];
    for ((rising, seen), resumed) in seen.into_iter().flat_map(|it| [(it, false), (it, true)]) {
        let journal = Memory::new();
        let mut runtime = process(&journal, &Counts::default());
        let mut handle = runtime.start(in_trouble(rising).id("r")).await.unwrap();
        settle().await;
        if resumed {
            runtime.shut_down(Duration::ZERO).await;
            runtime = process(&journal, &Counts::default());
            handle = runtime.start(in_trouble(rising).id("r")).await.unwrap();
            settle().await;
        }
        runtime.answer(&RunId::named("r"), "approve").with(json!(true)).await.unwrap();
        assert_eq!(handle.result().await.unwrap(), seen);
    }
}

#[step(effect = irreversible)]
async fn pay(which: u32, #[state] counts: &Counts) -> Result<Facts> {
    counts.count("pay");
    Ok(lost(which).0)
}

#[workflow]
async fn paying(which: u32, #[state] counts: &Counts) -> Result<bool> {
    Ok(pay(which, counts).await?.orders.is_empty())
}

#[tokio::test(start_paused = true)]
async fn what_was_done_and_is_lost_is_not_done_again_unasked() {
    let (journal, counts, id) = (Memory::new(), Counts::default(), RunId::named("r"));
    let runtime = process(&journal, &counts);
    let error = runtime.run(paying(0).id("r")).await.unwrap_err();
    assert_eq!(error.kind().name(), "contract_violated");
    let resumed = flow::tokio::spawn({
        let (runtime, id) = (runtime.clone(), id.clone());
        async move { runtime.resume(&id).await }
    });
    settle().await;
    assert_eq!(counts.of("pay"), 1);
    let done = json!({ "change": 1, "contact": "a", "price": 1, "one_way": [], "rising": [], "orders": [] });
    runtime.answer(&id, "pay").happened(done).await.unwrap();
    let _ = resumed.await.unwrap();
    settle().await;
    assert!(runtime.run(paying(0).id("r")).await.unwrap());
    assert_eq!(counts.of("pay"), 1);
}
