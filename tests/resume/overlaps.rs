//! Untagged variants that share some values, which the build cannot reject. With a journal, a workflow sees the value as its record
//! reads back, live as well as resumed, and a value that would lose something fails at its step.

use std::collections::BTreeSet;
use std::time::Duration;

use flow::ErrorKind;
use flow::journal::Memory;
use flow::prelude::*;
use flow::run::RunId;
use flow::serde_json::json;

use super::support::{Counts, process, settle};

/// One has all fields of the other, which may leave one out.
#[contract]
#[derive(Debug, Clone, PartialEq)]
#[serde(untagged)]
enum Person {
    Known { name: String, years: u32 },
    Met { name: String, years: Option<u32> },
}

/// An empty list is one of either, and a number one of both.
#[contract]
#[derive(Debug, Clone, PartialEq)]
#[serde(untagged)]
enum Cell {
    Counts(Vec<u8>),
    Words(Vec<String>),
    Small(u8),
    Large(u64),
}

/// What reads the shared values has other fields.
#[contract]
#[derive(Debug, Clone, PartialEq)]
#[serde(untagged)]
enum Parcel {
    Named {
        name: String,
    },
    Weighed {
        name: Option<String>,
        grams: u32,
    },
    Counted {
        grams: Option<u32>,
        pieces: u32,
        #[serde(default)]
        labels: BTreeSet<String>,
    },
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    people: Vec<Person>,
    cells: Vec<Cell>,
    parcels: Vec<Parcel>,
}

fn met(years: Option<u32>) -> Person {
    Person::Met { name: "Ada".into(), years }
}

fn seen() -> Seen {
    Seen {
        people: vec![met(None), met(Some(36)), Person::Known { name: "Bo".into(), years: 7 }],
        cells: vec![Cell::Words(vec![]), Cell::Words(vec!["a".into()]), Cell::Large(255), Cell::Large(256)],
        parcels: vec![Parcel::Weighed { name: None, grams: 5 }],
    }
}

/// The same value as read back from its record.
fn recorded() -> Seen {
    Seen {
        people: vec![met(None), Person::Known { name: "Ada".into(), years: 36 }, seen().people[2].clone()],
        cells: vec![Cell::Counts(vec![]), Cell::Words(vec!["a".into()]), Cell::Small(255), Cell::Large(256)],
        ..seen()
    }
}

#[step]
async fn look(which: u32) -> Result<Seen> {
    let weighed = Parcel::Weighed { name: Some("a".into()), grams: 5 };
    let counted = Parcel::Counted { grams: Some(5), pieces: 2, labels: BTreeSet::new() };
    let parcels = match which {
        0 => seen().parcels,
        1 => vec![weighed],
        _ => vec![Parcel::Named { name: "b".into() }, counted],
    };
    Ok(Seen { parcels, ..seen() })
}

#[step(human, timeout = "7d")]
async fn approve(which: u32) -> Result<bool>;

#[step]
async fn show(text: String) -> Result<String> {
    Ok(text)
}

#[workflow]
async fn survey(which: u32) -> Result<String> {
    let seen = look(which).await?;
    approve(which).await?;
    show(format!("{seen:?}")).await
}

#[tokio::test(start_paused = true)]
async fn a_shared_value_is_what_its_record_gives_back() {
    for resumed in [false, true] {
        let (journal, counts) = (Memory::new(), Counts::default());
        let mut runtime = process(&journal, &counts);
        let mut handle = runtime.start(survey(0).id("r")).await.unwrap();
        settle().await;
        if resumed {
            runtime.shut_down(Duration::ZERO).await;
            runtime = process(&journal, &counts);
            handle = runtime.start(survey(0).id("r")).await.unwrap();
            settle().await;
        }
        runtime.answer(&RunId::named("r"), "approve").with(json!(true)).await.unwrap();
        assert_eq!(handle.result().await.unwrap(), format!("{:?}", recorded()), "resumed: {resumed}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_journal_it_is_the_steps_own() {
    let runtime = Runtime::test().answer(approve, true).build().unwrap().0;
    assert_eq!(runtime.run(survey(0)).await.unwrap(), format!("{:?}", seen()));
}

#[tokio::test(start_paused = true)]
async fn a_value_that_would_lose_something_fails_at_its_step() {
    for (which, pointer) in [(1, "/parcels/0/grams"), (2, "/parcels/1/pieces")] {
        let runtime = process(&Memory::new(), &Counts::default());
        let error = runtime.run(survey(which).id("r")).await.unwrap_err();
        let ErrorKind::ContractViolated { violations, .. } = error.kind() else { panic!("{which}: {error}") };
        assert!(violations.iter().any(|violation| violation.pointer == pointer), "{which}: {error}");
        assert_eq!(error.at().unwrap().step.as_deref(), Some("look"));
        assert!(!error.is_retryable());
    }
}
