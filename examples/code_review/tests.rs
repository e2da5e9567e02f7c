use std::time::Duration;

use flow::journal::{Memory, Store};
use flow::run::{Record, RunId};
use flow::serde_json::json;

use super::*;

const DIFF: &str = include_str!("../data/change_last_seen.diff");

const INJECTION: &str =
    r#"let row = db.query_one(&format!("SELECT user, token, started FROM sessions WHERE token = '{token}'"), &[])?;"#;
const EXPIRY: &str = "if session.is_expired(now) {";
const QUERIES: &str = "user.last_seen = session::last_seen(db, user.id);";
const OFFSET: &str = "let offset = page * PAGE;";

fn finding(quote: &str, severity: Severity) -> Finding {
    let scenario = format!("`{quote}` goes wrong at some point");
    Finding { scenario, claim: format!("`{quote}` is wrong"), severity, quote: quote.into() }
}

fn findings<const N: usize>(found: [(&str, Severity); N]) -> Findings {
    Findings { findings: found.map(|(quote, severity)| finding(quote, severity)).into() }
}

fn nothing() -> Findings {
    findings([])
}

fn vote(upheld: bool) -> Vote {
    Vote { reason: "I have read the change.".into(), upheld }
}

#[test]
fn a_line_of_a_diff_has_a_place() {
    let at = |quote: &str| diff::find(DIFF, quote).map(|line| (line.file, line.number, line.is_added));
    assert_eq!(at(QUERIES), Some(("src/admin.rs", 14, true)));
    assert_eq!(at(INJECTION), Some(("src/session.rs", 25, true)));
    assert_eq!(at(EXPIRY), Some(("src/session.rs", 26, false)), "a removed line is counted in the old file");
    assert_eq!(at(OFFSET), Some(("src/admin.rs", 10, false)), "an unchanged line is counted in the new file");
    assert_eq!(at("diff --git a/src/admin.rs b/src/admin.rs"), None, "headers are no lines");
    assert_eq!(at("+    Ok(users)"), at("Ok(users)"), "the sign does not matter");
    assert_eq!((at("drop_table(users)"), at(" ")), (None, None));
}

#[test]
fn headers_and_hunks_of_every_form_are_read() {
    let diff = "--- a/gone.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n--- not a header\n\
        --- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,2 @@\n+one\n+++ two\n\\ No newline at end of file\n";
    let lines: Vec<_> = diff::lines(diff).into_iter().map(|line| (line.file, line.number, line.text)).collect();
    assert_eq!(lines, [("gone.txt", 1, "-- not a header"), ("new.txt", 1, "one"), ("new.txt", 2, "++ two")]);
    assert_eq!(diff::lines("Dear all,\n@@ nothing @@\n"), []);
}

#[tokio::test]
async fn a_line_is_reported_once() {
    let bugs = findings([(EXPIRY, Severity::Major)]);
    let holes = findings([("session.is_expired(now)", Severity::Critical), (INJECTION, Severity::Critical)]);
    let fresh = collect(&[], &bugs, &holes, &nothing(), DIFF).await.unwrap();
    let worst = finding("session.is_expired(now)", Severity::Critical);
    let injection = finding(INJECTION, Severity::Critical);
    assert_eq!(
        fresh,
        [
            Candidate { finding: worst, by: vec![Area::Correctness, Area::Security] },
            Candidate { finding: injection, by: vec![Area::Security] }
        ]
    );
    let known: Vec<_> = fresh.into_iter().map(|candidate| Judged { candidate, votes: vec![] }).collect();
    assert_eq!(collect(&known, &bugs, &holes, &nothing(), DIFF).await.unwrap(), []);
}

#[tokio::test]
async fn the_worst_comes_first_and_two_of_three_decide() {
    let judged = |quote, severity, votes: [bool; 3]| Judged {
        candidate: Candidate { finding: finding(quote, severity), by: vec![Area::Correctness] },
        votes: votes.map(vote).into(),
    };
    let judged = [
        judged(EXPIRY, Severity::Major, [true, true, false]),
        judged(OFFSET, Severity::Critical, [true, false, false]),
        judged(INJECTION, Severity::Critical, [true; 3]),
        judged(QUERIES, Severity::Major, [false, true, true]),
    ];
    let review = report(&judged, DIFF).await.unwrap();
    let places: Vec<_> = review.comments.iter().map(|comment| (&comment.file[..], comment.line)).collect();
    assert_eq!(places, [("src/session.rs", 25), ("src/admin.rs", 14), ("src/session.rs", 26)]);
    assert_eq!(review.refuted, 1);
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_not_in_the_diff_is_asked_again() {
    let invented = findings([("eval(token)", Severity::Critical)]);
    let (runtime, happened) = Runtime::test()
        .answer(correctness, nothing())
        .answers(security, [invented, nothing()])
        .answer(performance, nothing())
        .build()
        .unwrap();
    let review = runtime.run(code_review(DIFF.into())).await.unwrap();
    assert_eq!(review, Review { comments: vec![], refuted: 0 });
    let told =
        "did reject loop[0]/security by quoted: `eval(token)` is not a line of the diff: quote one line, word for word";
    assert!(happened.lines().iter().any(|line| line == told), "{happened:#?}");
}

/// Reviewers that find one thing more in each round, and skeptics that refute what is about the offset.
fn reviewers(journal: &Memory, correctness_finds: &'static [&'static str]) -> flow::testing::TestRuntime {
    Runtime::test()
        .journal(journal.clone())
        .with(correctness, |(_, known): (String, Vec<Judged>)| {
            let next = correctness_finds.get(known.len().saturating_sub(1));
            Ok(next.map_or_else(nothing, |quote| findings([(*quote, Severity::Major)])))
        })
        .answer(security, findings([(INJECTION, Severity::Critical)]))
        .answer(performance, nothing())
        .with(verify, |(finding, _, _): (Finding, String, String)| Ok(vote(finding.quote != OFFSET)))
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_nothing_new_is_found() {
    // The first round finds an injection and the expiry; the second finds what the first has found.
    let (runtime, happened) = reviewers(&Memory::new(), &[EXPIRY]).build().unwrap();
    let review = runtime.run(code_review(DIFF.into())).await.unwrap();
    assert_eq!(review.comments.len(), 2);
    let lines = happened.lines();
    assert!(lines.contains(&"did step loop[1]/collect".into()) && !lines.contains(&"did step loop[2]/collect".into()));
    let votes = lines.iter().filter(|line| line.starts_with("did step loop[") && line.contains("verify")).count();
    assert_eq!(votes, 6, "known findings are not verified again: {lines:#?}");
}

#[tokio::test(start_paused = true)]
async fn after_three_rounds_it_ends_in_any_case() {
    let (runtime, happened) = reviewers(&Memory::new(), &[EXPIRY, OFFSET, QUERIES, "Ok(users)"]).build().unwrap();
    let review = runtime.run(code_review(DIFF.into())).await.unwrap();
    let quotes: Vec<_> = review.comments.iter().map(|comment| &comment.finding.quote[..]).collect();
    assert_eq!((&quotes[..], review.refuted), (&[INJECTION, QUERIES, EXPIRY][..], 1));
    assert!(!happened.lines().iter().any(|line| line.contains("loop[3]")), "{happened:#?}");
}

#[tokio::test(start_paused = true)]
async fn reviewers_read_at_once_and_so_do_skeptics() {
    let test = Runtime::test().answer(correctness, findings([(EXPIRY, Severity::Major), (OFFSET, Severity::Minor)]));
    let test = test.answer(security, nothing()).answer(performance, nothing()).unanswered(verify);
    let (runtime, happened) = test.build().unwrap();
    let run = runtime.run(code_review(DIFF.into()));
    tokio::time::timeout(Duration::from_secs(1), run).await.unwrap_err();
    let begun = |name: &str| {
        happened.lines().iter().filter(|line| line.starts_with("will step") && line.contains(name)).count()
    };
    assert_eq!(begun("verify"), 6, "{happened:#?}");
}

#[tokio::test]
async fn a_text_without_changes_is_refused() {
    let error = Runtime::test().run(code_review("Dear all".into())).await.unwrap_err();
    assert_eq!(error.message(), "this is not a unified diff: write one with `git diff`");
}

#[test]
fn the_worst_case_is_known() {
    let graph = flow::graph(&code_review);
    let bounds = graph.bounds();
    // In each of 3 rounds 6 for each of 3 reviewers, and 4 for each of 3 skeptics of 9 findings.
    assert_eq!(bounds.max_model_calls, Some(3 * (3 * 6 + 9 * 3 * 4)));
    assert_eq!(bounds.max_steps, Some(3 * (3 + 1 + 9 * 3) + 1));
    assert_eq!(bounds.max_parallel, Some(12));
    // Nine are three of each reviewer.
    let schema = flow::schemars::schema_for!(Findings);
    assert_eq!(schema.pointer("/properties/findings/maxItems"), Some(&json!(3)));
}

#[tokio::test]
async fn offline_every_finding_has_a_place() {
    let file = concat!("diff=", env!("CARGO_MANIFEST_DIR"), "/data/change_last_seen.diff");
    let app = flow::App::new().workflow(code_review);
    let ran = app.try_run(["run", "code_review", "--offline", "--file", file]).await;
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let review: Review = flow::serde_json::from_str(&ran.stdout).unwrap();
    assert!(review.comments.iter().all(|comment| comment.file.starts_with("src/")), "{review:#?}");
}

#[tokio::test(start_paused = true)]
async fn killed_anywhere_it_ends_the_same_and_repeats_nothing() {
    let (journal, id) = (Memory::new(), RunId::named("r1"));
    let run = || code_review(DIFF.into()).id("r1");
    let process = |journal: &Memory| reviewers(journal, &[EXPIRY]).build().unwrap();
    let review = process(&journal).0.run(run()).await.unwrap();
    let all = journal.read(&id).await.unwrap();
    for kept in 1..all.len() {
        let journal = Memory::new();
        journal.append(&id, &all[..kept]).await.unwrap();
        let (runtime, happened) = process(&journal);
        assert_eq!(runtime.run(run()).await.unwrap(), review, "after {kept} records");
        let lines = happened.lines();
        for record in &all[..kept] {
            if let Record::StepFinished { place, .. } = record {
                assert!(!lines.contains(&format!("will step {place}")), "after {kept} records, `{place}` began again");
            }
        }
    }
}
