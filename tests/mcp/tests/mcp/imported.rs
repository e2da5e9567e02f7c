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
    /// How many [at most].
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
    // Not checked: `oneOf`.
    any: &flow::serde_json::Value,
    closed: bool,
) -> Result<String>;

/// Calls the tool `many`.
// Left out, since a step has at most 8 arguments: `n8`, `n9`.
// The server does not say that this tool may be called twice. If it may: `effect = idempotent` or `none`.
#[allow(clippy::too_many_arguments)]
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

// Tool `longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong` is left out: its name has more than 128 characters.

/// Does listed.
#[allow(clippy::too_many_arguments)]
#[step(mcp = "tracker/listed", effect = none)]
pub async fn listed(
    // Not checked: one of 1, 2, 3.
    level: &flow::serde_json::Value,
    // Not checked: `null`, which is never sent.
    order: &ListedOrder,
    // Not checked: only 3.
    version: &flow::serde_json::Value,
    // Not checked: one of 0.5, 1.
    ratio: &flow::serde_json::Value,
    // Not checked: one of "auto", 1, null.
    mixed: &flow::serde_json::Value,
    // Not checked: only true.
    sure: bool,
    unit: &ListedUnit,
    inner: Option<ListedInner>,
) -> Result<ListedOutput>;

/// Does nested.
#[step(mcp = "tracker/nested", effect = none)]
pub async fn nested(
    some: &NestedSome,
    // Not checked: `null`, which is never sent.
    nullable: &NestedNullable,
    every: Option<NestedEvery>,
) -> Result<NestedOutput>;

/// Calls the tool `open`.
#[step(mcp = "tracker/open", effect = none)]
pub async fn open() -> Result<std::collections::BTreeMap<String, flow::serde_json::Value>>;

/// Does forms.
// The arguments are those of the first schema in `anyOf`.
#[step(mcp = "tracker/forms", effect = none)]
pub async fn forms(
    // Not checked: string or integer.
    either: &flow::serde_json::Value,
    /// Who.
    // Not checked: `oneOf`.
    one: &flow::serde_json::Value,
    unnamed: &flow::serde_json::Value,
    // Not checked: `not`.
    not: Option<String>,
    // Not checked: `allOf`.
    both: Option<flow::serde_json::Value>,
    // Not checked: `$ref` to `https://example.com/schema.json`.
    elsewhere: Option<flow::serde_json::Value>,
    optional: Option<flow::serde_json::Value>,
) -> Result<FormsOutput>;

/// Reads [FILE] as `Vec<u8>`, see https://example.com or <FILE>.
///
/// Args:
///     file: a \path\ or "name"
#[doc = " \u{202e}reversed"]
///
/// ```json
/// { "a": [1] }
/// ```
#[allow(rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags, rustdoc::bare_urls)]
#[step(mcp = "tracker/described", effect = none)]
pub async fn described(
    /// A path to [FILE], as in ```
    /// cat <FILE>
    /// ```
    #[doc = " \u{202e}hidden"]
    file: Option<String>,
) -> Result<DescribedOutput>;

/// Does get_owner.
#[step(mcp = "tracker/get_owner", effect = none)]
pub async fn get_owner(owner: &Owner) -> Result<Owner>;

/// Does put_owner.
#[step(mcp = "tracker/put_owner", effect = none)]
pub async fn put_owner(owner: &Owner) -> Result<Owner>;

/// Does other_owner.
#[step(mcp = "tracker/other_owner", effect = none)]
pub async fn other_owner(owner: &Owner2) -> Result<String>;

/// Does tree.
#[step(mcp = "tracker/tree", effect = none)]
pub async fn tree(tree: &Tree, leaf: Option<Leaf>) -> Result<Tree>;

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

#[contract]
#[derive(Debug, Clone)]
pub struct ListedOutput {
    pub all: ListedOutputAll,
    pub some: ListedOutputSome,
}

#[contract]
#[derive(Debug, Clone)]
pub struct ListedOutputAll {
    // Not checked: one of 1, 2, 3.
    pub level: i64,
    pub order: Option<ListedOutputAllOrder>,
    // Not checked: only 3.
    pub version: i64,
    // Not checked: one of 0.5, 1.
    pub ratio: f64,
    // Not checked: one of "auto", 1, null.
    pub mixed: flow::serde_json::Value,
    // Not checked: only true.
    pub sure: bool,
    pub unit: ListedOutputAllUnit,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedOutputAllOrder {
    #[serde(rename = "asc")]
    Asc,
    #[serde(rename = "")]
    Unnamed,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedOutputAllUnit {
    /// Square metres.
    #[serde(rename = "m²")]
    M,
    #[serde(rename = "ft")]
    Ft,
}

#[contract]
#[derive(Debug, Clone)]
pub struct ListedOutputSome {
    // Not checked: one of 1, 2, 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<ListedOutputSomeOrder>,
    // Not checked: only 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    // Not checked: one of 0.5, 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    // Not checked: one of "auto", 1, null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mixed: Option<flow::serde_json::Value>,
    // Not checked: only true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sure: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<ListedOutputSomeUnit>,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedOutputSomeOrder {
    #[serde(rename = "asc")]
    Asc,
    #[serde(rename = "")]
    Unnamed,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedOutputSomeUnit {
    /// Square metres.
    #[serde(rename = "m²")]
    M,
    #[serde(rename = "ft")]
    Ft,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedOrder {
    #[serde(rename = "asc")]
    Asc,
    #[serde(rename = "")]
    Unnamed,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedUnit {
    /// Square metres.
    #[serde(rename = "m²")]
    M,
    #[serde(rename = "ft")]
    Ft,
}

#[contract]
#[derive(Debug, Clone)]
pub struct ListedInner {
    // Not checked: one of 1, 2, 3.
    pub level: flow::serde_json::Value,
    pub order: Option<ListedInnerOrder>,
    // Not checked: only 3.
    pub version: flow::serde_json::Value,
    // Not checked: one of 0.5, 1.
    pub ratio: flow::serde_json::Value,
    // Not checked: one of "auto", 1, null.
    pub mixed: flow::serde_json::Value,
    // Not checked: only true.
    pub sure: bool,
    pub unit: ListedInnerUnit,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedInnerOrder {
    #[serde(rename = "asc")]
    Asc,
    #[serde(rename = "")]
    Unnamed,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedInnerUnit {
    /// Square metres.
    #[serde(rename = "m²")]
    M,
    #[serde(rename = "ft")]
    Ft,
}

#[contract]
#[derive(Debug, Clone)]
pub struct NestedOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub some: Option<NestedOutputSome>,
    pub every: NestedOutputEvery,
}

#[contract]
#[derive(Debug, Clone)]
pub struct NestedOutputSome {
    #[serde(rename = "area_m²")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_m: Option<f64>,
    /// Anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any: Option<flow::serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub none: Option<flow::serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nullable: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<NestedOutputSomeChoice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<Option<String>>>,
    // Not checked: `prefixItems`; `items`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<flow::serde_json::Value>,
    #[serde(rename = "map")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map2: Option<std::collections::BTreeMap<String, Owner>>,
    #[serde(rename = "名前")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub 名前: Option<String>,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NestedOutputSomeChoice {
    #[serde(rename = "a")]
    A,
    #[serde(rename = "b")]
    B,
}

#[contract]
#[derive(Debug, Clone)]
pub struct Owner {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<OwnerAddress>,
}

#[contract]
#[derive(Debug, Clone)]
pub struct OwnerAddress {
    pub city: String,
}

#[contract]
#[derive(Debug, Clone)]
pub struct NestedOutputEvery {
    #[serde(rename = "area_m²")]
    pub area_m: f64,
    /// Anything.
    pub any: flow::serde_json::Value,
    pub none: (),
    pub nullable: Option<u64>,
    pub choice: NestedOutputEveryChoice,
    pub items: Vec<Option<String>>,
    // Not checked: `prefixItems`; `items`.
    pub pair: flow::serde_json::Value,
    #[serde(rename = "map")]
    pub map2: std::collections::BTreeMap<String, Owner>,
    #[serde(rename = "名前")]
    pub 名前: String,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NestedOutputEveryChoice {
    #[serde(rename = "a")]
    A,
    #[serde(rename = "b")]
    B,
}

#[contract]
#[derive(Debug, Clone)]
pub struct NestedSome {
    #[serde(rename = "area_m²")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_m: Option<f64>,
    /// Anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any: Option<flow::serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub none: Option<flow::serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nullable: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<NestedSomeChoice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<Option<String>>>,
    // Not checked: `prefixItems`; `items`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<flow::serde_json::Value>,
    #[serde(rename = "map")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map2: Option<std::collections::BTreeMap<String, Owner>>,
    #[serde(rename = "名前")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub 名前: Option<String>,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NestedSomeChoice {
    #[serde(rename = "a")]
    A,
    #[serde(rename = "b")]
    B,
}

#[contract]
#[derive(Debug, Clone)]
pub struct NestedNullable {
    #[serde(rename = "area_m²")]
    pub area_m: f64,
    /// Anything.
    pub any: flow::serde_json::Value,
    pub none: (),
    pub nullable: Option<u64>,
    pub choice: NestedNullableChoice,
    pub items: Vec<Option<String>>,
    // Not checked: `prefixItems`; `items`.
    pub pair: flow::serde_json::Value,
    #[serde(rename = "map")]
    pub map2: std::collections::BTreeMap<String, Owner>,
    #[serde(rename = "名前")]
    pub 名前: String,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NestedNullableChoice {
    #[serde(rename = "a")]
    A,
    #[serde(rename = "b")]
    B,
}

#[contract]
#[derive(Debug, Clone)]
pub struct NestedEvery {
    #[serde(rename = "area_m²")]
    pub area_m: f64,
    /// Anything.
    pub any: flow::serde_json::Value,
    pub none: (),
    pub nullable: Option<u64>,
    pub choice: NestedEveryChoice,
    pub items: Vec<Option<String>>,
    // Not checked: `prefixItems`; `items`.
    pub pair: flow::serde_json::Value,
    #[serde(rename = "map")]
    pub map2: std::collections::BTreeMap<String, Owner>,
    #[serde(rename = "名前")]
    pub 名前: String,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NestedEveryChoice {
    #[serde(rename = "a")]
    A,
    #[serde(rename = "b")]
    B,
}

#[contract]
#[derive(Debug, Clone)]
pub struct FormsOutput {
    // Not checked: string or integer.
    pub either: flow::serde_json::Value,
    // Not checked: `not`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<String>,
    // Not checked: `allOf`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub both: Option<flow::serde_json::Value>,
    /// Who.
    // Not checked: `oneOf`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one: Option<flow::serde_json::Value>,
    // Not checked: `$ref` to `https://example.com/schema.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<flow::serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optional: Option<flow::serde_json::Value>,
    #[serde(rename = "")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unnamed: Option<String>,
    pub unlisted: flow::serde_json::Value,
}

/// ~~~text
/// code()
/// ~~~
#[contract]
#[derive(Debug, Clone)]
pub struct DescribedOutput {
    /// When:
    ///
    /// code()
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

#[contract]
#[derive(Debug, Clone)]
pub struct Owner2 {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
}

#[contract]
#[derive(Debug, Clone)]
pub struct Tree {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Box<Tree>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaf: Option<Leaf>,
}

#[contract]
#[derive(Debug, Clone)]
pub struct Leaf {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Box<Tree>>,
    // Not checked: `$ref` to `#/$defs/Lists`, which contains itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lists: Option<Vec<flow::serde_json::Value>>,
}
