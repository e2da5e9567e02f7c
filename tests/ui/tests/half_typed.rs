//! Unfinished code: the attributes add no errors to those that rustc reports without them, and an editor sees types and names
//! through them.

mod editor;

use std::collections::BTreeSet;

use flow_ui_tests::{Diagnostic, Project};

/// Bodies as they look while being typed.
const BODIES: &[(&str, &str)] = &[
    ("method_not_named", "let candidate = extract(&resume).await?;\n    let name = candidate.\n    Ok(1)"),
    ("no_semicolon", "let candidate = extract(&resume).await?\n    score(&candidate).await"),
    ("call_not_awaited_yet", "let candidate = extract(&resume).\n    Ok(1)"),
    ("nothing_assigned", "let candidate = extract(&resume).await?;\n    let points = \n    Ok(1)"),
    ("half_an_arm", "match score(&extract(&resume).await?).await? {\n        0 => Ok(0),\n        points if \n    }"),
    ("half_a_call", "let candidate = extract(&resume).await?;\n    score(&candidate"),
    ("field_not_finished", "let candidate = extract(&resume).await?;\n    Ok(candidate.ye)"),
    ("step_not_finished", "let candidate = extr(&resume).await?;\n    Ok(1)"),
    ("half_a_condition", "let candidate = extract(&resume).await?;\n    if candidate.years > \n    Ok(1)"),
    ("half_a_join", "let (a, b) = try_join!(extract(&resume), )?;\n    Ok(a.years"),
    ("block_not_closed", "let candidate = extract(&resume).await?;\n    if candidate.years > 3 {\n    Ok(1)"),
    ("string_not_closed", "let candidate = extract(&resume).await?;\n    let name = \"half of it;\n    Ok(1)"),
];

/// The same code with the attributes and as plain functions. One step is a model step, which has no body.
const WITH: [&str; 5] =
    ["#[contract]", "#[step(model = FAST, prompt = \"{{ resume.text }}\")]", ";", "#[step]", "#[workflow]"];
const PLAIN: [&str; 5] = ["#[derive(Debug)]", "", "{ Ok(Candidate { name: resume.text.clone(), years: 3 }) }", "", ""];

fn program(parts: [&str; 5], body: &str) -> String {
    let [contract, model, extract, step, workflow] = parts;
    format!(
        "#![allow(unused)]
use flow::prelude::*;

{contract}
pub struct Resume {{ pub text: String }}
{contract}
pub struct Candidate {{ pub name: String, pub years: u32 }}

const FAST: Model = Model::new(\"openai/gpt-5-mini\");

{model}
async fn extract(resume: &Resume) -> Result<Candidate>{extract}
{step}
async fn score(candidate: &Candidate) -> Result<u32> {{ Ok(candidate.years) }}

{workflow}
async fn screen(resume: Resume) -> Result<u32> {{
    {body}
}}

fn main() {{}}
"
    )
}

#[test]
fn unfinished_bodies_have_no_error_of_ours() {
    let programs: Vec<(String, String)> = BODIES
        .iter()
        .flat_map(|(name, body)| {
            [(format!("{name}_with"), program(WITH, body)), (format!("{name}_plain"), program(PLAIN, body))]
        })
        .collect();
    let project =
        Project::new("half-typed", &[], programs.iter().map(|(name, source)| (name.clone(), source.as_str())));
    let errors = project.check();
    let mut wrong = Vec::new();
    for (name, _) in BODIES {
        let (with, plain) = (said(&errors, &format!("{name}_with")), said(&errors, &format!("{name}_plain")));
        assert!(!plain.is_empty(), "{name} is finished");
        let added: Vec<_> = with.difference(&plain).collect();
        if !added.is_empty() {
            wrong.push(format!("{name}: {added:#?} beside {plain:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The errors by line and code only, since the types named in a message may differ.
fn said(errors: &[Diagnostic], target: &str) -> BTreeSet<(u64, String)> {
    let of_target = errors.iter().filter(|error| error.target == target);
    of_target.map(|error| (error.line, error.code.clone().unwrap_or_else(|| error.message.clone()))).collect()
}

/// Completions, definitions and diagnostics in rust-analyzer, if it is installed.
#[test]
fn an_editor_sees_through_the_attributes() {
    let body = "let candidate = extract(&resume).await?;\n    let name = candidate.;\n    score(&candidate).await";
    let source = program(WITH, body);
    let project = Project::new("editor", &[], [("main".to_owned(), source.as_str())].into_iter());
    let Some(mut editor) = editor::Editor::start(project.folder()) else {
        println!("rust-analyzer is not installed: nothing was probed");
        return;
    };
    editor.open("src/bin/main.rs", &source);
    let fields = editor.completions(place(&source, "candidate.;", "candidate.".len()));
    assert!(["name", "years"].iter().all(|field| fields.iter().any(|label| label == field)), "{fields:?}");
    for step in ["extract(&resume).await", "score(&candidate).await"] {
        let targets = editor.definitions(place(&source, step, 1));
        assert_eq!(targets.len(), 1, "{step}: {targets:?}");
    }
    let errors = editor.diagnostics();
    let ours: Vec<_> = errors.iter().filter(|error| !error.contains("candidate.")).collect();
    assert!(ours.len() <= 1, "only the unfinished field: {ours:?}");
}

/// The position, counted from 0, `behind` characters after the start of a text.
fn place(source: &str, text: &str, behind: usize) -> (usize, usize) {
    let at = source.find(text).expect("the text is in the program") + behind;
    let before = &source[..at];
    (before.matches('\n').count(), at - before.rfind('\n').map_or(0, |newline| newline + 1))
}
