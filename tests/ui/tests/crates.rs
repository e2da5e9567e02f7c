//! Steps, contracts and workflows from another crate.

use flow_ui_tests::Project;

const LIBRARY: &str = "use flow::prelude::*;

#[contract]
#[derive(Clone)]
pub struct Candidate { pub name: String, pub years: u32 }

/// Extracts.
#[step]
pub async fn extract(text: &str) -> Result<Candidate> { Ok(Candidate { name: text.to_owned(), years: 3 }) }

pub fn named(candidate: &Candidate) -> Verdict { Verdict::ensure(!candidate.name.is_empty(), \"no name\") }

pub async fn plain(text: &str) -> Result<String> { Ok(text.to_owned()) }

#[workflow]
pub async fn read(text: String) -> Result<Candidate> { extract(&text).await }
";

/// A program that uses them, with a workflow of this body.
fn program(years: &str, body: &str) -> String {
    format!(
        "use crates::{{extract as found, read}};
use flow::prelude::*;

#[contract]
pub struct Applicant {{ pub name: String, pub years: {years} }}

#[step(gate = crates::named)]
async fn grown(candidate: &crates::Candidate) -> Result<crates::Candidate> {{ Ok(candidate.clone()) }}

#[step]
async fn score(applicant: &Applicant) -> Result<usize> {{ Ok(applicant.name.len()) }}

#[workflow]
async fn screen(text: String) -> Result<usize> {{
    {body}
}}

fn main() {{}}
"
    )
}

#[test]
fn one_mistake_across_crates_is_one_error() {
    let all = [
        ("fits", program("u64", "let one = found(&text).await?; let one = grown(&one).await?; score(&one).await")),
        ("fits_a_workflow", program("u64", "let one = read(text).await?; score(&one).await")),
        ("wrong_edge", program("String", "let one = found(&text).await?;\n    score(&one).await")),
        ("wrong_edge_of_a_workflow", program("String", "let one = read(text).await?;\n    score(&one).await")),
        ("no_step", program("u64", "let one = crates::plain(&text).await?;\n    Ok(one.len())")),
    ];
    let programs = all.iter().map(|(name, source)| ((*name).to_owned(), source.as_str()));
    let errors = Project::new("crates", &[], programs).library(LIBRARY).check();
    let told: Vec<_> = errors.iter().map(|error| (error.target.as_str(), error.line)).collect();
    assert_eq!(told, [("no_step", 15), ("wrong_edge", 16), ("wrong_edge_of_a_workflow", 16)], "{errors:#?}");

    for (error, from) in errors[1..].iter().zip(["`extract`", "`read`"]) {
        for part in [from, "`score`", "at `.years`", "expected string", "found integer", "src/lib.rs:"] {
            assert!(error.message.contains(part), "{part} in {error:#?}");
        }
    }
    assert!(errors[0].message.contains("`plain`, which is not a step"), "{errors:#?}");
}
