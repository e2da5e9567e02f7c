//! Named models are replaced by the program or the environment, and replacements pass the same checks.

use flow::prelude::*;
use flow::provider::{BoxFuture, Capabilities, Failure, Provider, Reply, Request, SchemaSupport};

use crate::support::{Book, Draft, Say, draft, fake};

const NAMED: Model = Model::new("fake/fast").name("fast-one").max_output_tokens(600).temperature(0.5);

#[step(model = NAMED, prompt = "Write {{ what }}.")]
async fn write(what: &str) -> Result<Draft>;

#[workflow]
async fn writing(what: String) -> Result<Draft> {
    write(&what).await
}

fn says(name: &'static str) -> impl Provider {
    fake(name, [Say::Text(r#"{"text": "ok"}"#)]).0
}

/// The error of a run that cannot start, without its prefix.
async fn refused(builder: flow::Builder) -> String {
    let error = builder.build().unwrap().run(writing("x".into())).await.unwrap_err();
    assert_eq!(error.kind(), &flow::ErrorKind::Setup);
    error.message().strip_prefix("`writing` cannot start: ").unwrap().to_owned()
}

#[flow::tokio::test]
async fn the_program_replaces_a_model_by_its_name() {
    let book = Book::default();
    let builder = Runtime::builder().provider(says("other")).model("fast-one", Model::new("other/smart"));
    let runtime = builder.observe(book.clone()).build().unwrap();
    assert_eq!(runtime.run(writing("x".into())).await.unwrap(), draft("ok"));
    assert_eq!(book.attempts()[0].model.as_deref(), Some("other/smart"), "what was asked is recorded");
}

#[flow::tokio::test]
async fn the_environment_replaces_a_model_and_the_program_goes_first() {
    let variables = |name: &str| (name == "FLOW_MODEL_FAST_ONE").then(|| "other/smart".to_owned());
    let builder = || Runtime::builder().variables(variables).provider(says("other"));
    assert_eq!(builder().build().unwrap().run(writing("x".into())).await.unwrap(), draft("ok"));
    let text = refused(builder().model("fast-one", Model::new("third/model"))).await;
    assert!(text.starts_with("step `write` asks the model `third/model` (instead of `fake/fast`, by its name `fast-one`), but no provider is named `third`"), "{text}");
}

#[test]
fn a_replacement_keeps_the_limit_unless_it_has_its_own() {
    let asked = |other: Model| Runtime::builder().model("FAST one", other).model_for(&NAMED).unwrap();
    let plain = asked(Model::new("other/smart"));
    assert_eq!(
        (plain.get_max_output_tokens(), plain.get_temperature()),
        (Some(600), None),
        "other models take other parameters"
    );
    assert_eq!(asked(Model::new("other/smart").max_output_tokens(90)).get_max_output_tokens(), Some(90));
    let unnamed = Model::new("fake/fast");
    assert_eq!(Runtime::builder().model("fast-one", Model::new("other/smart")).model_for(&unnamed).unwrap(), unnamed);
}

#[flow::tokio::test]
async fn a_replacement_that_is_none_is_named_before_the_first_step() {
    let variables = |name: &str| (name == "FLOW_MODEL_FAST_ONE").then(|| "gpt".to_owned());
    let text = refused(Runtime::builder().variables(variables).provider(says("fake"))).await;
    assert_eq!(
        text,
        "step `write` asks the model named `fast-one`, but FLOW_MODEL_FAST_ONE is invalid: `gpt` is not a model name: \
         expected `provider/name`, such as `openai/gpt-5-mini`"
    );
}

#[flow::tokio::test]
async fn what_the_environment_lacks_for_a_replacement_is_named() {
    let variables = |name: &str| (name == "FLOW_MODEL_FAST_ONE").then(|| "gpu/qwen".to_owned());
    let text = refused(Runtime::builder().variables(variables).provider(says("fake"))).await;
    let lack = if cfg!(feature = "providers") {
        "(no address for `gpu`: set FLOW_GPU_BASE_URL"
    } else {
        "without the feature"
    };
    assert!(text.contains("no provider is named `gpu`") && text.contains(lack), "{text}");
}

/// A provider that supports only strict schemas and is never asked.
struct Strict;

impl Provider for Strict {
    fn name(&self) -> &str {
        "strict"
    }

    fn capabilities(&self, _: &Model) -> Capabilities {
        Capabilities::new(SchemaSupport::Strict)
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        unreachable!("refused before the first step")
    }
}

#[contract]
#[derive(Debug, Clone)]
struct In<T> {
    inner: T,
}

type Four<T> = In<In<In<In<T>>>>;

#[step(model = NAMED, prompt = "Go deep into {{ what }}.")]
async fn dig(what: &str) -> Result<Four<Four<Four<String>>>>;

#[workflow]
async fn digging(what: String) -> Result<String> {
    let found = dig(&what).await?;
    Ok(format!("{found:?}"))
}

#[flow::tokio::test]
async fn an_answer_that_is_too_large_for_the_replacement_is_refused_before_the_first_step() {
    let builder = Runtime::builder().provider(Strict).model("fast-one", Model::new("strict/any"));
    let error = builder.build().unwrap().run(digging("x".into())).await.unwrap_err();
    let expected = "step `dig` asks the model `strict/any` (instead of `fake/fast`, by its name `fast-one`) for an answer whose \
                    schema is too large: it has 12 levels of nested objects, but the provider accepts at most 10 (https://";
    assert!(error.message().contains(expected), "{error}");
    assert!(error.message().ends_with("ask for less at once, or ask another model"), "{error}");
}
