//! The places in a lock are those that a run records, without the indices of turns and items.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use flow::event::Observer;
use flow::prelude::*;
use flow::run::Record;
use flow_runtime::graph::lock::describe;

#[step]
async fn one(n: u32) -> Result<u32> {
    Ok(n + 1)
}

#[workflow]
async fn inner(n: u32) -> Result<u32> {
    let n = one(n).await?;
    one(n).await
}

#[workflow]
async fn outer(ns: Vec<u32>) -> Result<u32> {
    let mut sum = 0;
    for n in ns.clone() {
        if n > 1 {
            sum = inner(n).await?;
        } else {
            sum = one(sum).await?;
        }
        for _ in 0..2 {
            sum = one(sum).await?;
        }
    }
    #[bound(9)]
    while one(sum).await? < 9 {
        sum = one(sum).id("grow").await?;
    }
    let all = map(ns, async |n| one(n).await).await?;
    let (a, b) = try_join!(one(sum), inner(all[0]))?;
    Ok(a + b)
}

/// Maps `for[1]/one` to `for[]/one`.
fn without_indices(place: &str) -> String {
    let mut text = String::new();
    let mut is_index = false;
    for sign in place.chars() {
        is_index &= sign != ']';
        if !is_index {
            text.push(sign);
        }
        is_index |= sign == '[';
    }
    text
}

/// The places at which a run has recorded.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<BTreeSet<String>>>);

impl Observer for Seen {
    fn wants_records(&self) -> bool {
        true
    }

    fn record(&self, record: &Record) {
        if let Record::StepFinished { place, .. } = record {
            self.0.lock().unwrap().insert(without_indices(place.as_str()));
        }
    }
}

#[tokio::test]
async fn a_run_records_at_the_places_of_its_lock() {
    let seen = Seen::default();
    let runtime = Runtime::builder().observe(seen.clone()).build().unwrap();
    runtime.run(outer(vec![1, 2])).await.unwrap();
    let lock = describe(flow::meta(&outer));
    let promised: BTreeSet<String> = lock.steps.into_keys().collect();
    assert_eq!(*seen.0.lock().unwrap(), promised);
}
