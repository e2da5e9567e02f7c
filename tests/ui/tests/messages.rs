//! Requirements for all messages: one per mistake, about the user's code, with a way out.

use flow_ui_tests::{AREAS, Fixture, Told};

fn refused() -> impl Iterator<Item = Fixture> {
    AREAS.iter().flat_map(|area| Fixture::all(area, "fail"))
}

#[test]
fn one_mistake_makes_one_error() {
    let wrong: Vec<_> = refused()
        .filter(|fixture| fixture.told().len() != fixture.mistakes())
        .map(|fixture| format!("{}: {} mistakes, {} errors", fixture.name(), fixture.mistakes(), fixture.told().len()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_fixture_says_its_rule() {
    for fixture in refused() {
        let rule = fixture.rule().unwrap_or_default();
        assert!(rule.ends_with('.') && rule.contains(' '), "{}: {rule:?}", fixture.name());
    }
}

#[test]
fn messages_name_nothing_that_the_user_has_not_written() {
    for fixture in refused() {
        for told in fixture.told().iter().filter(|told| told.is_ours()) {
            let text = told.text();
            for internal in ["__", "StepDef", "StepCall", "flow_runtime", "`Via"] {
                assert!(!text.contains(internal), "{}: {text}", fixture.name());
            }
        }
    }
}

/// Both ends, the path of the field, expected and found, and what to do.
#[test]
fn an_edge_that_does_not_fit_is_told_in_full() {
    let workflows = Fixture::all("workflow", "fail").into_iter();
    let edges: Vec<_> = workflows.filter(|fixture| fixture.name().contains("edge")).collect();
    assert!(edges.len() >= 10);
    for fixture in edges {
        for told in fixture.told() {
            edge_is_told(&fixture, &told);
        }
    }
}

fn edge_is_told(fixture: &Fixture, told: &Told) {
    let text = told.text();
    let says = |part: &str| text.contains(part);
    let (ends, path) = (says("` cannot accept "), says(" at `.") || says(" at `["));
    let difference = says("expected ") && says("found ") || says("missing field") || says("is unknown to the consumer");
    let way_out = says("change one of the types, or convert the value");
    assert!(ends && path && difference && way_out, "{}: {text}", fixture.name());
    assert!(says(".rs:"), "{}: the location of the other end is missing in {text}", fixture.name());
}

/// The promise on the front page: changing a field of the producer breaks the build where its value is passed on.
#[test]
fn a_changed_field_is_one_error_at_the_argument() {
    let fixture = refused().find(|fixture| fixture.name() == "edge_of_another_type").expect("the fixture");
    let told = fixture.told();
    let [error] = &told[..] else { panic!("{told:?}") };
    let text = error.text();
    for part in ["`score`", "`extract`", "`.years`", "expected integer", "found string"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(fixture.source().contains("score(&candidate)"));
}
