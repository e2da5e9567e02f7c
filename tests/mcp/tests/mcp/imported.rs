// Written by `printed_steps_compile` with FLOW_REGENERATE=1.
#![allow(dead_code, unreachable_pub)]
#![cfg_attr(rustfmt, rustfmt_skip)]

// Printed by `mcp import tracker`. Check the effects: servers only give hints, and many give none.

use flow::prelude::*;

/// Does list-issues.
#[step(mcp = "tracker/list-issues", effect = none)]
pub async fn list_issues(
    /// Which issues.
    state: &ListIssuesState,
    labels: &[String],
    /// How many \[at most].
    ///
    /// One page.
    #[serde(rename = "perPage")]
    per_page: Option<u64>,
    r#type: Option<String>,
    since: Option<String>,
) -> Result<ListIssuesOutput>;

/// Does draw.
#[step(mcp = "tracker/draw", effect = idempotent)]
pub async fn draw(
    from: &DrawFrom,
    to: &DrawTo,
    style: &std::collections::BTreeMap<String, String>,
    any: &flow::serde_json::Value,
    closed: bool,
) -> Result<String>;

/// Calls the tool `many`.
// Left out, since a step has at most 8 arguments: `n8`, `n9`.
// The server does not say that this tool may be called twice. If it may: `effect = idempotent` or `none`.
#[step(mcp = "tracker/many", effect = irreversible)]
pub async fn many(
    n3: i64,
    n0: Option<i64>,
    n1: Option<i64>,
    n2: Option<i64>,
    n4: Option<i64>,
    n5: Option<i64>,
    n6: Option<i64>,
    n7: Option<i64>,
) -> Result<String>;

// Tool `too_many` is left out: it requires 9 arguments, and a step has at most 8.

/// Does listIssues.
// The server does not say that this tool may be called twice. If it may: `effect = idempotent` or `none`.
#[step(mcp = "tracker/listIssues", effect = irreversible)]
pub async fn list_issues2() -> Result<String>;

// Tool `strange name` is left out: its name has characters other than ASCII letters, digits, `_`, `-` and `.`.

/// Which issues.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListIssuesState {
    #[serde(rename = "open")]
    Open,
    #[serde(rename = "closed")]
    Closed,
    #[serde(rename = "in-progress")]
    InProgress,
    #[serde(rename = "2nd")]
    N2nd,
}

#[contract]
#[derive(Debug, Clone)]
pub struct ListIssuesOutput {
    pub issues: Vec<Issue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page: Option<i64>,
}

/// An issue.
#[contract]
#[derive(Debug, Clone)]
pub struct Issue {
    pub number: i64,
    #[serde(rename = "self")]
    pub self_: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Box<Issue>>,
    pub children: Vec<Issue>,
    pub assignee: Option<User>,
    pub extra: flow::serde_json::Value,
}

#[contract]
#[derive(Debug, Clone)]
pub struct User {
    #[serde(rename = "login-name")]
    pub login_name: String,
    #[serde(rename = "loginName")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_name2: Option<String>,
}

#[contract]
#[derive(Debug, Clone)]
pub struct DrawFrom {
    pub x: f64,
    pub y: f64,
}

#[contract]
#[derive(Debug, Clone)]
pub struct DrawTo {
    pub x: f64,
    pub y: f64,
}
