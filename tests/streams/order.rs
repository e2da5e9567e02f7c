//! What is said when, and where.

use flow::prelude::*;
use flow::provider::{Offline, SchemaSupport};
use flow::run::Place;
use flow::serde_json::{Value, from_value, json};

use crate::support::{FAST, Speaker, drafting, letter, only, piece, rest, says, says_to, write};

fn place(path: &str) -> Place {
    from_value(path.into()).unwrap()
}

#[tokio::test]
async fn a_text_is_said_within_its_attempt() {
    let speaker = Speaker::new([says(&["Dear ", "Ann, ", "", "é🦀"])]);
    let (handle, mut events) = speaker.runtime().watch(letter("Ann".into())).await.unwrap();
    assert_eq!(
        rest(&mut events).await,
        [
            "will run letter",
            "will step write",
            "will attempt write #1 with fake/fast",
            "said write #1 at 0: \"Dear \"",
            "said write #1 at 5: \"Ann, \"",
            "said write #1 at 10: \"é🦀\"",
            "did attempt write #1",
            "did step write",
            "did run",
        ]
    );
    assert_eq!(handle.result().await.unwrap(), "Dear Ann, é🦀");
    assert_eq!(speaker.asked(), (0, 1));
}

#[tokio::test]
async fn pieces_arrive_before_the_answer_is_complete() {
    let speaker = Speaker::held([says(&["Dear ", "Ann"])]);
    let (handle, mut events) = speaker.runtime().watch(letter("Ann".into())).await.unwrap();
    for (at, text) in [(0, "Dear "), (5, "Ann")] {
        speaker.allow(1);
        assert_eq!(piece(&mut events).await, ("write".into(), at, text.into()));
        assert_eq!(speaker.ended(), 0);
    }
    assert_eq!(handle.so_far(&place("write")).unwrap().text(), "Dear Ann");
    speaker.allow(1);
    assert_eq!(only(&rest(&mut events).await, &["said", "did"]), ["did attempt write #1", "did step write", "did run"]);
    assert!(handle.so_far(&place("write")).is_none(), "the step has ended");
    handle.result().await.unwrap();
}

#[tokio::test]
async fn a_reader_that_comes_later_hears_the_next_answer() {
    let speaker = Speaker::held([says(&["one"]), says(&["two"])]);
    let runtime = speaker.runtime();
    let handle = runtime.start(twice("Ann".into())).await.unwrap();
    crate::support::settle().await;
    let mut events = handle.events();
    speaker.allow(4);
    let lines = rest(&mut events).await;
    assert_eq!(only(&lines, &["said"]), ["said write.2 #1 at 0: \"two\""]);
    assert_eq!(speaker.asked(), (1, 1));
}

#[workflow]
async fn twice(name: String) -> Result<String> {
    let first = write(&name).await?;
    write(&first).await
}

/// The JSON so far after each piece.
async fn grows(support: SchemaSupport, pieces: &[&str]) -> Vec<Option<Value>> {
    let speaker = Speaker::of("fake", support, [says(pieces)]);
    let runtime = speaker.runtime();
    let (handle, mut events) = runtime.watch(listing("Ann".into())).await.unwrap();
    let mut seen = Vec::new();
    for _ in pieces {
        speaker.allow(1);
        piece(&mut events).await;
        let so_far = handle.so_far(&place("list")).unwrap();
        assert_eq!((so_far.attempt(), so_far.turn()), (1, None));
        seen.push(so_far.json());
    }
    speaker.allow(1);
    assert_eq!(Some(json!(handle.result().await.unwrap())), seen.last().cloned().flatten());
    seen
}

#[step(model = FAST, prompt = "List {{ name }}.")]
async fn list(name: &str) -> Result<Vec<String>>;

#[workflow]
async fn listing(name: String) -> Result<Vec<String>> {
    list(&name).await
}

#[tokio::test]
async fn structured_answers_grow_in_the_form_of_the_contract() {
    let grown = [None, None, Some(json!(["a"])), Some(json!(["a", "bc"]))];
    let strict = ["{\"val", "ue\": ", "[\"a", "\", \"bc\"]}"];
    assert_eq!(grows(SchemaSupport::Strict, &strict).await, grown);
    let fenced = ["Here:\n", "```json\n", "[\"a", "\", \"bc\"]\n```"];
    assert_eq!(grows(SchemaSupport::None, &fenced).await, grown);
}

#[tokio::test]
async fn objects_grow_key_by_key_and_free_text_is_no_json() {
    let speaker = Speaker::held([says(&["{\"title\": \"A", " step\", \"li", "nes\": [\"x\"]}"])]);
    let runtime = speaker.runtime();
    let (handle, mut events) = runtime.watch(drafting("Ann".into())).await.unwrap();
    for so_far in [json!({"title": "A"}), json!({"title": "A step"}), json!({"title": "A step", "lines": ["x"]})] {
        speaker.allow(1);
        piece(&mut events).await;
        assert_eq!(events.so_far(&place("draft")).unwrap().json(), Some(so_far));
    }
    speaker.allow(1);
    handle.result().await.unwrap();

    let speaker = Speaker::held([says(&["[1] "])]);
    let (handle, mut events) = speaker.runtime().watch(letter("Ann".into())).await.unwrap();
    speaker.allow(1);
    piece(&mut events).await;
    let so_far = handle.so_far(&place("write")).unwrap();
    assert_eq!((so_far.text(), so_far.json()), ("[1] ", None));
    assert!(handle.so_far(&place("other")).is_none());
}

#[workflow]
async fn both(one: String, other: String) -> Result<Vec<String>> {
    let (one, other) = flow::try_join!(write(&one), write(&other))?;
    Ok(vec![one, other])
}

#[workflow]
async fn each(names: Vec<String>) -> Result<Vec<String>> {
    map(names, async |name: String| write(&name).await).concurrency(2).bound(2).await
}

#[workflow]
async fn fastest(one: String, other: String) -> Result<String> {
    flow::race_ok!(write(&one), write(&other))
}

fn two() -> Speaker {
    Speaker::new([says_to("Ann", &["Dear ", "Ann"]), says_to("Bob", &["Hi ", "Bob"])])
}

#[tokio::test]
async fn pieces_of_parallel_answers_name_their_places() {
    let [ann, bob] = ["Ann", "Bob"].map(String::from);
    let (_handle, mut events) = two().runtime().watch(both(ann.clone(), bob.clone())).await.unwrap();
    let lines = rest(&mut events).await;
    assert_eq!(only(&lines, &["said write #1"]), ["said write #1 at 0: \"Dear \"", "said write #1 at 5: \"Ann\""]);
    assert_eq!(only(&lines, &["said write.2"]), ["said write.2 #1 at 0: \"Hi \"", "said write.2 #1 at 3: \"Bob\""]);

    let (_handle, mut events) = two().runtime().watch(each(vec![ann, bob])).await.unwrap();
    let lines = rest(&mut events).await;
    assert_eq!(
        only(&lines, &["said map[1]/"]),
        ["said map[1]/write #1 at 0: \"Hi \"", "said map[1]/write #1 at 3: \"Bob\""]
    );
    assert_eq!(only(&lines, &["said map[0]/"]).len(), 2);
}

#[tokio::test]
async fn a_branch_that_loses_is_taken_back() {
    let speaker = Speaker::new([
        says_to("Ann", &["Dear ", "Ann"]).then(crate::support::Then::Hangs),
        says_to("Bob", &["Hi ", "Bob"]),
    ]);
    let race = fastest("Ann".into(), "Bob".into());
    let (handle, mut events) = speaker.runtime().watch(race).await.unwrap();
    let lines = rest(&mut events).await;
    assert_eq!(handle.result().await.unwrap(), "Hi Bob");
    assert_eq!(only(&lines, &["said race[1]"]).len(), 2);
    assert_eq!(
        only(&lines, &["said race[0]", "did attempt race[0]", "did take back", "did step race[0]"]),
        [
            "said race[0]/write #1 at 0: \"Dear \"",
            "said race[0]/write #1 at 5: \"Ann\"",
            "did attempt race[0]/write #1: the call was cancelled",
            "did take back race[0]/write #1",
            "did step race[0]/write: the step was cancelled",
        ]
    );
}

#[tokio::test]
async fn made_up_and_scripted_answers_are_said_word_by_word() {
    let runtime = Runtime::builder().provider(Offline::named("fake")).build().unwrap();
    let (handle, mut events) = runtime.watch(letter("Ann".into())).await.unwrap();
    let lines = rest(&mut events).await;
    let words = handle.result().await.unwrap().split(' ').count();
    assert_eq!((only(&lines, &["said"]).len(), words > 1), (words, true), "{lines:#?}");

    let runtime = Runtime::test().answer(write, "Dear Ann".into()).build().unwrap().0;
    let (_handle, mut events) = runtime.watch(letter("Ann".into())).await.unwrap();
    let said = ["said write #1 at 0: \"Dear \"", "said write #1 at 5: \"Ann\""];
    assert_eq!(only(&rest(&mut events).await, &["said"]), said);
}
