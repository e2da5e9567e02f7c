//! A workflow's requirements are checked before its first step.

use flow::prelude::*;

use crate::support::{Crowd, Draft, FAST, Lines, SMART, draft, fake};

struct Ledger;

#[step(model = [FAST, SMART], prompt = "Write {{ what }}.")]
async fn write(what: &str) -> Result<Draft>;

#[step(effect = none)]
async fn first(#[state] crowd: &Crowd) -> Result<()> {
    drop(crowd.enter());
    Ok(())
}

#[workflow]
async fn book(#[state] ledger: &Ledger) -> Result<u32> {
    let _ = ledger;
    Ok(1)
}

#[workflow]
async fn needy(what: String, #[state] crowd: &Crowd) -> Result<Draft> {
    first(crowd).await?;
    book().await?;
    let draft = write(&what).await?;
    write(&draft.text).await
}

#[flow::tokio::test]
async fn everything_missing_is_named_at_once() {
    let lines = Lines::default();
    let runtime = Runtime::builder().observe(lines.clone()).build().unwrap();
    let error = runtime.run(needy("x".into())).await.unwrap_err();
    assert_eq!(error.kind(), &flow::ErrorKind::Setup);
    assert_eq!(
        error.to_string().split("; add").collect::<Vec<_>>().len(),
        5,
        "two states and two providers, each with the way out: {error}"
    );
    for part in ["`crowd: &Crowd`", "`ledger: &Ledger`", "`fake/fast`", "`other/smart`", "`needy` cannot start"] {
        assert_eq!(error.to_string().matches(part).count(), 1, "{part}: {error}");
    }
    assert!(lines.all().is_empty(), "nothing has started");
}

#[flow::tokio::test]
async fn what_is_given_is_enough() {
    let crowd = Crowd::default();
    let test = Runtime::test().state(crowd.clone()).state(Ledger).answer(write, draft("ok"));
    test.run(needy("x".into())).await.unwrap();
    assert_eq!(crowd.entered(), 1);
}

#[workflow]
async fn named() -> Result<u32> {
    Ok(1)
}

#[flow::tokio::test]
async fn an_id_without_separators_of_places_is_asked_for() {
    let lines = Lines::default();
    let runtime = Runtime::builder().observe(lines.clone()).build().unwrap();
    for id in ["", "a/b", "a.b", "a[1]"] {
        let error = runtime.run(named().id(id)).await.unwrap_err();
        assert_eq!(error.kind(), &flow::ErrorKind::Setup);
        let started = runtime.start(named().id(id.to_owned())).await.unwrap_err();
        assert_eq!(error.message(), started.message());
    }
    let error = runtime.run(named().id("a/b")).await.unwrap_err();
    assert!(error.message().ends_with("as in `map[17]/summarize.2`; use `.id(\"a-b\")`"), "{error}");
    assert!(lines.all().is_empty(), "nothing has started");
    runtime.run(named().id("cv-17#2")).await.unwrap();
}

#[flow::tokio::test]
async fn an_unscripted_model_step_fails_by_name() {
    let error = Runtime::test().state(Crowd::default()).state(Ledger).run(needy("x".into())).await.unwrap_err();
    assert!(error.message().starts_with("the test has no answer for step `write`"), "{error}");
}

#[flow::tokio::test]
async fn used_up_answers_fail_by_name() {
    let test = Runtime::test().state(Crowd::default()).state(Ledger).answers(write, [draft("ok")]);
    let error = test.run(needy("x".into())).await.unwrap_err();
    assert!(error.message().starts_with("the test has no more answers for step `write`"), "{error}");
}

#[flow::tokio::test]
async fn generated_answers_are_the_same_for_the_same_prompt() {
    let run = || Runtime::test().state(Crowd::default()).state(Ledger).generate().run(needy("Paris".into()));
    assert_eq!(run().await.unwrap(), run().await.unwrap());
}

#[test]
fn two_providers_of_one_name_are_refused() {
    let built = Runtime::builder().provider(fake("fake", []).0).provider(fake("fake", []).0).build();
    assert!(built.unwrap_err().to_string().contains("two providers are named `fake`"));
}

/// A hand-written schema that omits details of the type.
#[derive(Debug, Clone, flow::serde::Serialize, flow::serde::Deserialize, flow::Contract)]
#[serde(crate = "flow::serde")]
struct Lying {
    count: u32,
}

impl flow::schemars::JsonSchema for Lying {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Lying".into()
    }

    fn json_schema(_: &mut flow::schemars::SchemaGenerator) -> flow::schemars::Schema {
        flow::schemars::json_schema!({"type": "object", "properties": {"count": {"type": "string"}}, "required": ["count"]})
    }
}

#[step]
async fn lie() -> Result<Lying> {
    Ok(Lying { count: 1 })
}

#[workflow]
async fn lying() -> Result<u32> {
    Ok(lie().await?.count)
}

#[flow::tokio::test]
async fn a_test_finds_a_schema_that_says_something_else_than_the_type() {
    let error = Runtime::test().run(lying()).await.unwrap_err();
    assert_eq!(error.kind(), &flow::ErrorKind::Setup);
    assert!(
        error.to_string().contains("the contract of the output of step `lie` differs from its published schema"),
        "{error}"
    );
    assert_eq!(Runtime::builder().build().unwrap().run(lying()).await.unwrap(), 1);
}
