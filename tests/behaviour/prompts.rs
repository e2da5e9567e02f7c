//! Prompts are never blank: a step with a blank prompt fails before the call.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use flow::ErrorKind;
use flow::journal::Memory;
use flow::prelude::*;
use flow::prompt::{Prompt, Role};

use crate::support::{Book, Draft, FAST, SMART, Say, draft, fake, only};

#[contract]
#[derive(Debug, Clone)]
struct Page {
    title: Option<String>,
    lines: Vec<String>,
}

#[step(model = [FAST, SMART], prompt = "{{ text }}", retry = 3)]
async fn rewrite(text: &str) -> Result<Draft>;

#[step(
    model = FAST,
    system = "Extract the person.",
    prompt = "{% if page.title %}{{ page.title }}{% endif %}\n{% for line in page.lines %}\n{{ line }}\n{% endfor %}"
)]
async fn extract(page: &Page) -> Result<Draft>;

#[step(model = FAST, prompt = built)]
async fn build(text: &str) -> Result<Draft>;

fn built(text: &str) -> Prompt {
    Prompt::user(text).system("Extract the person.")
}

#[step(model = FAST, prompt = r#"Who is it?{{ role("assistant") }}Ann{{ role("user") }}{{ text }}"#)]
async fn follow(text: &str) -> Result<Draft>;

#[step(model = FAST, prompt = r#"{{ role("system") }}Extract the person of {{ text }}."#)]
async fn instruct(text: &str) -> Result<Draft>;

#[workflow]
async fn rewriting(text: String) -> Result<Draft> {
    rewrite(&text).await
}

#[workflow]
async fn extracting(page: Page) -> Result<Draft> {
    extract(&page).await
}

#[workflow]
async fn building(text: String) -> Result<Draft> {
    build(&text).await
}

#[workflow]
async fn following(text: String) -> Result<Draft> {
    follow(&text).await
}

#[workflow]
async fn instructing(text: String) -> Result<Draft> {
    instruct(&text).await
}

/// Blank texts: white space, a byte order mark, zero-width spaces, directional marks, a control character.
const BLANK: [&str; 6] = ["", " \t\r\n", "\u{feff}", "\u{200b}\n\u{2060}", "\u{202e}\u{2066}", "\0"];

/// The error of a workflow that fails before its model is asked.
async fn refused<T: Send + 'static>(workflow: impl flow::Workflow<T>) -> flow::Error {
    let (fast, asked) = fake("fake", (0..9).map(|_| Say::Text(r#"{"text": "invented"}"#)));
    let (smart, asked_next) = fake("other", (0..9).map(|_| Say::Text(r#"{"text": "invented"}"#)));
    let book = Book::default();
    let run = Runtime::test().provider(fast).provider(smart).observe(book.clone()).run(workflow).await;
    assert_eq!((asked.count(), asked_next.count(), book.attempts().len()), (0, 0, 0));
    let Err(error) = run else { panic!("an answer was made up") };
    assert_eq!(*error.kind(), ErrorKind::Terminal, "{error}");
    error
}

#[flow::tokio::test(start_paused = true)]
async fn an_empty_document_fails_the_step_before_the_call() {
    for text in BLANK {
        let error = refused(rewriting(text.into())).await;
        assert_eq!(
            error.message(),
            "the prompt of step `rewrite` (`{{ text }}`) is empty for this input, so the model was not called; \
             check the input before the step, or add fixed text to the prompt",
            "{text:?}"
        );
    }
}

#[flow::tokio::test(start_paused = true)]
async fn whatever_makes_the_prompt_a_system_message_alone_asks_nothing() {
    for text in BLANK {
        let page = Page { title: Some(text.into()), lines: vec![text.into(), text.into()] };
        assert!(
            refused(extracting(page)).await.message().starts_with("the prompt of step `extract` (`{% if page.title %}")
        );
        let error = refused(building(text.into())).await;
        assert!(error.message().starts_with("the prompt of step `build` is empty for this input"), "{error}");
        refused(instructing(text.into())).await;
    }
    refused(extracting(Page { title: None, lines: Vec::new() })).await;
}

#[flow::tokio::test(start_paused = true)]
async fn a_question_that_is_empty_after_examples_is_not_asked() {
    for text in BLANK {
        let error = refused(following(text.into())).await;
        assert!(error.message().starts_with("the last message in the prompt of step `follow` ("), "{error}");
    }
}

#[flow::tokio::test(start_paused = true)]
async fn any_text_is_asked_and_messages_without_text_are_left_out() {
    for text in ["0", ".", " é ", "\u{200b}x"] {
        let (fake, asked) = fake("fake", [Say::Text(r#"{"text": "ok"}"#)]);
        Runtime::test().provider(fake).run(building(text.into())).await.unwrap();
        assert_eq!(asked.conversation(0), ["System: Extract the person.".to_owned(), format!("User: {text}")]);
    }
    let (fake, asked) = fake("fake", [Say::Text(r#"{"text": "ok"}"#)]);
    Runtime::test().provider(fake).run(between_messages("why?".into())).await.unwrap();
    assert_eq!(asked.conversation(0), ["User: why?", "Assistant: because"]);
}

#[step(model = FAST, prompt = with_gaps)]
async fn with_empty_messages(text: &str) -> Result<Draft>;

fn with_gaps(text: &str) -> Prompt {
    Prompt::default().with(Role::User, "\n").with(Role::User, text).system("").with(Role::Assistant, "because")
}

#[workflow]
async fn between_messages(text: String) -> Result<Draft> {
    with_empty_messages(&text).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_test_that_answers_for_the_model_finds_it_too() {
    let error = Runtime::test().answer(rewrite, draft("made up")).run(rewriting("\n".into())).await.unwrap_err();
    assert!(error.message().starts_with("the prompt of step `rewrite` "), "{error}");
    let error = Runtime::test().generate().run(rewriting(String::new())).await.unwrap_err();
    assert!(error.message().starts_with("the prompt of step `rewrite` "), "{error}");
}

#[step(model = FAST, prompt = "{{ text }}", cache, fallback = nothing)]
async fn read(text: &str) -> Result<Draft>;

static STOOD_IN: AtomicU32 = AtomicU32::new(0);

#[step]
async fn nothing(text: &str) -> Result<Draft> {
    STOOD_IN.fetch_add(1, SeqCst);
    Ok(draft(text))
}

#[workflow]
async fn reading(text: String) -> Result<Draft> {
    read(&text).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_fallback_stands_in_with_a_cache_and_without() {
    for journal in [None, Some(Memory::new())] {
        let (fake, asked) = fake("fake", []);
        let test = Runtime::test().provider(fake);
        let test = if let Some(journal) = journal { test.journal(journal) } else { test };
        let (runtime, happened) = test.build().unwrap();
        assert_eq!(runtime.run(reading(" ".into())).await.unwrap(), draft(" "));
        assert_eq!((asked.count(), only(&happened.lines(), "will fall back ").len()), (0, 1));
    }
    assert_eq!(STOOD_IN.load(SeqCst), 2);
}
