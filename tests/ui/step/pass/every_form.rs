//! Steps of every kind, with all their options.
#![forbid(unsafe_code)]
#![deny(warnings)]
#![warn(missing_docs, unused, unused_qualifications, single_use_lifetimes, unreachable_pub, elided_lifetimes_in_paths)]

use flow::prelude::*;
use flow::prompt::Prompt;

/// What is judged.
#[contract]
#[derive(Debug, Clone)]
struct Draft {
    text: String,
    note: Option<String>,
}

/// A resource.
#[derive(Debug)]
struct Db(u32);

const FAST: Model = Model::new("local/fast").max_output_tokens(600);
const SMART: Model = Model::new("local/smart");

/// A text is written.
#[step(
    model = [FAST, SMART],
    system = "You write.",
    prompt = "{{ topic }}{% if draft.note %}: {{ draft.note }}{% endif %}",
    gate = long(topic),
    gate = polite,
    repair = 2,
    retry(max_attempts = 3, initial_delay = "10ms", factor = 2.0, max_delay = "1s", jitter = true),
    timeout = "30s",
    fallback = canned,
    concurrency = 4,
    id = "write-text",
)]
async fn write(topic: &str, draft: &Draft) -> Result<Draft>;

#[gate]
fn long(draft: &Draft, topic: &str) -> Verdict {
    Verdict::ensure(draft.text.len() > topic.len(), "too short")
}

/// A step can be a gate.
#[step(model = FAST, prompt = "Is this polite? {{ draft.text }}")]
async fn polite(draft: &Draft) -> Result<Verdict>;

/// The fallback.
#[step]
async fn canned(topic: &str, draft: &Draft) -> Result<Draft> {
    Ok(Draft { text: format!("{topic}: {}", draft.text), note: None })
}

/// The fix.
#[step]
async fn mend(draft: Draft, rejection: &Rejection) -> Result<Draft> {
    Ok(Draft { note: Some(rejection.to_string()), ..draft })
}

/// A function builds the prompt.
#[step(model = FAST, prompt = ask, fix(mend, 2), gate = short)]
async fn shorten(draft: &Draft, words: u32) -> Result<Draft>;

fn ask(draft: &Draft, words: u32) -> Prompt {
    Prompt::user(format!("{words} words of {}", draft.text))
}

#[gate]
fn short(draft: &Draft) -> Verdict {
    Verdict::ensure(draft.text.len() < 1000, "too long")
}

/// A person decides.
#[step(human, timeout = "3d", on_timeout = reject, prompt = "Is {{ draft.text }} fine?")]
async fn approve(draft: &Draft) -> Result<Review<Draft>>;

/// A person fills in a form.
#[step(human, timeout = "1h")]
async fn name_it(draft: &Draft) -> Result<String>;

/// Waits for a payment.
#[step(signal, timeout = "10d")]
async fn paid(order: u64) -> Result<bool>;

/// Without arguments, with a state.
#[step(timeout = "5s", retry = 2)]
async fn count(#[state] db: &Db) -> Result<u32> {
    Ok(db.0)
}

/// An argument may be changed in the body.
#[step]
async fn add(mut sum: u32, more: u32) -> Result<u32> {
    sum += more;
    Ok(sum)
}

fn main() {
    let _ = (write("t", &Draft { text: String::new(), note: None }), paid(1), count(&Db(1)), add(1, 2));
    for name in [flow::meta(&write).id, flow::meta(&shorten).id, flow::meta(&approve).id, flow::meta(&name_it).id] {
        assert!(!name.is_empty());
    }
    // Two models, three attempts, three rounds; each of four outputs is also judged by a model step.
    assert_eq!(flow::meta(&write).bounds().max_model_calls, Some(2 * 3 * 3 + 6 * 4));
}
