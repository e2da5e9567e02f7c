//! Tools that return attachments.

use flow::Runtime;
use flow::journal::{Memory, Store};
use flow::media::Image;
use flow::prelude::*;
use flow::prompt::{Part, Role};
use flow::provider::Capabilities;
use flow::run::{Record, RunId};
use flow::serde_json::json;

use super::support::{FAST, Resolution, Say, calls, fake, resolution, says};

#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Scan {
    page: u32,
    photo: Image,
    back: Option<Image>,
}

fn photo(page: u32) -> Image {
    Image::bytes(None, format!("GIF89a, page {page}").into_bytes()).unwrap()
}

/// Scan a page, and find its back on the web.
#[step]
async fn scan(page: u32) -> Result<Scan> {
    Ok(Scan { page, photo: photo(page), back: Some(back()) })
}

fn back() -> Image {
    Image::url("https://a.example/back.png").unwrap()
}

#[step(model = FAST, prompt = "Read it.", tools = [scan], max_turns = 3)]
async fn read() -> Result<Resolution>;

#[workflow]
async fn reading() -> Result<Resolution> {
    read().await
}

fn script() -> Vec<Say> {
    let scan = |page: u32| calls([("scan", json!({"page": page}))]);
    vec![scan(1), scan(2), says(r#"{"text": "done"}"#)]
}

/// What the model reads of the scan of a page.
fn result(page: u32, call: &str) -> Part {
    let text = format!(r#"{{"page":{page},"photo":"[attachment 1]","back":"[attachment 2]"}}"#);
    Part::tool_result(call, vec![Part::text(text), (&photo(page)).into(), (&back()).into()])
}

#[tokio::test(start_paused = true)]
async fn the_model_reads_them_and_a_resumed_conversation_is_the_same() {
    let (fast, asked) = fake("fake", script());
    let runtime = Runtime::test().journal(Memory::new()).provider(fast).build().unwrap().0;
    assert_eq!(runtime.run(reading().id("r")).await.unwrap(), resolution("done"));
    let conversation = asked.all().pop().unwrap().prompt;
    let results = conversation.messages.iter().filter(|message| message.role == Role::User).skip(1);
    let results: Vec<_> = results.flat_map(|message| message.content.parts().to_vec()).collect();
    assert_eq!(results, [result(1, "id10"), result(2, "id20")]);
    let records = runtime.records(&RunId::named("r")).await.unwrap();
    for kept in 1..records.len() {
        let is_turn = |record: &&Record| matches!(record, Record::Attempt(attempt) if attempt.model.is_some());
        let before = records[..kept].iter().filter(is_turn).count();
        if before == script().len() {
            break;
        }
        let journal = Memory::new();
        // Through their text, so that nothing is known by chance.
        let line = flow::run::to_line(&records[..kept]).unwrap();
        let read = flow::run::from_line(&RunId::named("r"), &line).unwrap();
        journal.append(&RunId::named("r"), &read).await.unwrap();
        let (fast, asked) = fake("fake", script().into_iter().skip(before));
        let runtime = Runtime::test().journal(journal).provider(fast).build().unwrap().0;
        assert_eq!(runtime.run(reading().id("r")).await.unwrap(), resolution("done"), "after {kept} records");
        let resumed = asked.all().pop().unwrap().prompt;
        assert_eq!(media(&resumed), media(&conversation), "after {kept} records");
    }
}

/// The results without the ids of their calls, which number the requests of the fake.
fn media(prompt: &flow::prompt::Prompt) -> Vec<Part> {
    let parts = prompt.messages.iter().flat_map(|message| message.content.parts());
    let results = parts.filter_map(|part| match part {
        Part::ToolResult { content, .. } => Some(content.parts().to_vec()),
        _ => None,
    });
    results.flatten().collect()
}

#[tokio::test(start_paused = true)]
async fn a_model_that_reads_no_images_is_not_asked_with_them() {
    let (fast, asked) = fake("fake", script());
    let fast = fast.able(Capabilities::default());
    let error = Runtime::test().provider(fast).run(reading()).await.unwrap_err();
    assert!(error.message().contains("cannot read an image"), "{error}");
    assert_eq!(asked.count(), 1);
}
