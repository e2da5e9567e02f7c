//! A program that echoes its input, with every position a text can have.

use std::collections::BTreeMap;

use flow::App;
use flow::app::{Invocation, Ran};
use flow::prelude::*;
use flow::serde_json::Value;

#[contract]
#[derive(Debug, Clone)]
pub(crate) struct Inner {
    pub(crate) code: Option<String>,
    pub(crate) count: Option<u32>,
    #[serde(flatten)]
    pub(crate) flat: Option<Flat>,
}

#[contract]
#[derive(Debug, Clone)]
pub(crate) struct Flat {
    pub(crate) zip: String,
}

#[contract]
#[derive(Debug, Clone)]
pub(crate) enum Level {
    #[serde(rename = "1")]
    First,
    #[serde(rename = "2")]
    Second,
}

#[contract]
#[derive(Debug, Clone)]
#[serde(untagged)]
pub(crate) enum Either {
    Count(u64),
    Text(String),
}

#[contract]
#[derive(Debug, Clone)]
#[serde(tag = "kind")]
pub(crate) enum Tagged {
    Named { id: String },
    Numbered { id: u32 },
}

#[contract]
#[derive(Debug, Clone)]
pub(crate) struct All {
    pub(crate) text: Option<String>,
    pub(crate) letter: Option<char>,
    pub(crate) level: Option<Level>,
    pub(crate) either: Option<Either>,
    pub(crate) count: Option<u32>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(crate) any: Value,
    pub(crate) inner: Option<Inner>,
    pub(crate) labels: Option<BTreeMap<String, String>>,
    pub(crate) tagged: Option<Tagged>,
    pub(crate) list: Option<Vec<String>>,
}

/// Gives back what it was given.
#[workflow]
async fn echo(text: String, all: Option<All>) -> Result<(String, Option<All>)> {
    Ok((text, all))
}

/// Runs `echo` with `--set` values.
pub(crate) async fn echoed(values: &[&str]) -> Ran {
    let set = values.iter().flat_map(|value| ["--set", value]);
    let arguments: Vec<_> = ["run", "echo", "--json"].into_iter().chain(set).collect();
    App::new().workflow(echo).try_run(Invocation::from(arguments)).await
}
