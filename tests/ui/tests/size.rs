//! Contracts larger than any fixture: wide and deep.

use std::fmt::Write;

use flow_ui_tests::Project;

const WIDE: usize = 600;
const DEEP: usize = 30;

/// A wide contract and a deep one, identical for every name except for the innermost field's type.
fn contracts(name: &str, innermost: &str) -> String {
    let mut text = format!("#[contract]\npub struct {name} {{ pub deep: {name}0,\n");
    for field in 0..WIDE {
        let _ = writeln!(text, "    pub field_{field}: Option<u32>,");
    }
    text.push_str("}\n");
    for level in 0..DEEP {
        let _ = writeln!(text, "#[contract]\npub struct {name}{level} {{ pub next: {name}{} }}", level + 1);
    }
    let _ = writeln!(text, "#[contract]\npub struct {name}{DEEP} {{ pub value: {innermost} }}");
    text
}

/// Passes one contract to a step that takes the other.
fn program(innermost: &str) -> String {
    format!(
        "use flow::prelude::*;
{}{}
#[step]
async fn make(made: &Made) -> Result<Made> {{ Err(flow::Error::terminal(made.field_0.map_or(0, |n| n).to_string())) }}

#[step]
async fn take(taken: &Taken) -> Result<u32> {{ Ok(taken.field_599.unwrap_or(0)) }}

#[workflow]
async fn run(made: Made) -> Result<u32> {{
    let made = make(&made).await?;
    take(&made).await
}}

fn main() {{}}
",
        contracts("Made", "u32"),
        contracts("Taken", innermost)
    )
}

#[test]
fn wide_and_deep_contracts_are_compared_to_the_last_field() {
    let all = [("fits", program("u64")), ("wrong", program("String"))];
    let programs = all.iter().map(|(name, source)| ((*name).to_owned(), source.as_str()));
    let errors = Project::new("size", &[], programs).check();
    let [error] = &errors[..] else { panic!("{errors:#?}") };
    assert_eq!(error.target, "wrong", "{errors:#?}");
    let path = format!("`.deep{}.value`", ".next".repeat(DEEP));
    for part in [path.as_str(), "expected string", "found integer"] {
        assert!(error.message.contains(part), "{part} in {error:#?}");
    }
}
