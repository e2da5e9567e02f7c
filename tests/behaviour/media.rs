//! Attachments in a run: what the model reads, what is recorded, who is asked, and what a cap refuses.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow::ErrorKind;
use flow::journal::Memory;
use flow::media::{Audio, Image, MediaKind, MediaSource};
use flow::prelude::*;
use flow::prompt::Part;
use flow::provider::{BoxFuture, Capabilities, Failure, MediaKinds, Price, Provider, Reply, Request, Usage};
use flow::run::{Record, RunId};
use flow::serde_json::json;

use crate::support::{Book, FAST, SMART, Say, fake};

#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Receipt {
    shop: String,
    photo: Image,
    pages: Vec<Image>,
}

#[step(model = [FAST, SMART], prompt = "A receipt from {{ receipt.shop }}:\n{{ receipt.photo }}{% for page in receipt.pages %}{{ page }}{% endfor %}", repair = 1)]
async fn total(receipt: &Receipt) -> Result<u32>;

#[step(gate = lasting)]
async fn crop(receipt: &Receipt) -> Result<Image> {
    Ok(receipt.photo.clone())
}

#[gate]
fn lasting(image: &Image) -> Verdict {
    Verdict::ensure(image.medium().bytes().is_some(), "no bytes")
}

#[step]
async fn size(image: &Image) -> Result<usize> {
    Ok(image.medium().bytes().map_or(0, <[u8]>::len))
}

#[step(human, timeout = "3d", prompt = "Is this a receipt? {{ receipt.photo }}", gate = shown(receipt))]
async fn confirm(receipt: &Receipt) -> Result<Verdict>;

#[gate]
fn shown(_: &Verdict, receipt: &Receipt) -> Verdict {
    Verdict::ensure(receipt.photo.medium().bytes().is_some_and(|bytes| bytes.len() > 8), "the picture is missing")
}

#[step(cache)]
async fn cached_crop(receipt: &Receipt) -> Result<Image> {
    Ok(receipt.photo.clone())
}

#[workflow]
async fn read(receipt: Receipt) -> Result<usize> {
    let cropped = crop(&receipt).await?;
    let (one, two) = try_join!(size(&cropped), size(&receipt.photo))?;
    Ok(one + two + total(&receipt).await? as usize)
}

#[workflow]
async fn read_confirmed(receipt: Receipt) -> Result<usize> {
    let cropped = crop(&receipt).await?;
    let _confirmed = confirm(&receipt).await?;
    size(&cropped).await
}

#[workflow]
async fn read_cached(receipt: Receipt) -> Result<usize> {
    let cropped = cached_crop(&receipt).await?;
    size(&cropped).await
}

#[workflow]
async fn totalling(receipt: Receipt) -> Result<u32> {
    total(&receipt).await
}

#[step(model = FAST, prompt = "{{ call }}")]
async fn listen(call: &Audio) -> Result<String>;

#[workflow]
async fn listening(call: Audio) -> Result<String> {
    listen(&call).await
}

fn png(length: usize) -> Image {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.resize(length, 7);
    Image::bytes(None, bytes).unwrap()
}

fn receipt(length: usize) -> Receipt {
    Receipt { shop: "Corner".into(), photo: png(length), pages: vec![Image::url("https://a.example/b.png").unwrap()] }
}

#[flow::tokio::test(start_paused = true)]
async fn the_model_reads_the_attachments_between_the_texts_in_each_attempt() {
    let (fast, asked) = fake("fake", [Say::Text("many"), Say::Text("12")]);
    let book = Book::default();
    let receipt = receipt(100);
    let runtime = Runtime::test().provider(fast).observe(book.clone());
    assert_eq!(runtime.run(totalling(receipt.clone())).await.unwrap(), 12);
    let expected = [Part::text("A receipt from Corner:"), (&receipt.photo).into(), (&receipt.pages[0]).into()];
    for attempt in 0..2 {
        assert!(asked.prompt(attempt).messages[0].content.parts().starts_with(&expected));
    }
    let count = texts(&book.records()).matches(&base64(&receipt.photo)).count();
    assert_eq!(count, 2, "in the input of the run, and in the record of the attachment");
}

fn base64(image: &Image) -> String {
    let MediaSource::Data(data) = image.medium().source() else { panic!("a picture at a URL") };
    data.base64()
}

fn texts(records: &[Record]) -> String {
    records.iter().map(|record| flow::serde_json::to_string(record).unwrap()).collect::<Vec<_>>().join("\n")
}

#[flow::tokio::test(start_paused = true)]
async fn each_attachment_is_recorded_once_and_steps_refer_to_it() {
    let (fast, _) = fake("fake", [Say::Text("many"), Say::Text("12")]);
    let journal = Memory::new();
    let (runtime, _) = Runtime::test().provider(fast).journal(journal).build().unwrap();
    let receipt = receipt(50_000);
    assert_eq!(runtime.run(read(receipt.clone()).id("once")).await.unwrap(), 100_012);
    let records = runtime.records(&RunId::named("once")).await.unwrap();
    let media: Vec<_> = records.iter().filter(|record| matches!(record, Record::Media { .. })).collect();
    assert_eq!(media.len(), 1);
    let MediaSource::Data(data) = receipt.photo.medium().source() else { panic!("a picture at a URL") };
    let steps = records.iter().filter(|record| !matches!(record, Record::RunStarted { .. } | Record::Media { .. }));
    let mut mentioned = 0;
    for step in steps {
        let text = flow::serde_json::to_string(step).unwrap();
        assert!(text.len() < 2_000, "{}", &text[..2_000]);
        mentioned += text.matches(data.hash()).count();
    }
    // Inputs of four steps, the output of one with the attempt that it came from, prompts of two attempts.
    assert_eq!(mentioned, 4 + 2 + 2);
    // The log of a run reads the same from its text.
    let line = flow::run::to_line(&records).unwrap();
    assert_eq!(flow::run::from_line(&RunId::named("once"), &line).unwrap(), records);
}

#[flow::tokio::test(start_paused = true)]
async fn a_resumed_run_has_its_attachments_and_gates_see_them() {
    let journal = Memory::new();
    let id = RunId::named("resumed");
    let start = || async {
        let (runtime, _) = Runtime::test().journal(journal.clone()).build().unwrap();
        let handle = runtime.start(read_confirmed(receipt(50_000)).id("resumed")).await.unwrap();
        for _ in 0..50 {
            flow::tokio::task::yield_now().await;
        }
        (runtime, handle)
    };
    let (runtime, handle) = start().await;
    runtime.shut_down(Duration::ZERO).await;
    assert!(handle.result().await.is_err());
    drop(runtime);
    let (runtime, handle) = start().await;
    runtime.answer(&id, "confirm").accept().await.unwrap();
    assert_eq!(handle.result().await.unwrap(), 50_000);
    let media = |record: &&Record| matches!(record, Record::Media { .. });
    assert_eq!(runtime.records(&id).await.unwrap().iter().filter(media).count(), 1);
}

#[flow::tokio::test(start_paused = true)]
async fn a_cached_attachment_reaches_another_run_with_its_bytes() {
    let journal = Memory::new();
    for run in ["one", "two"] {
        let (runtime, happened) = Runtime::test().journal(journal.clone()).build().unwrap();
        assert_eq!(runtime.run(read_cached(receipt(30_000)).id(run)).await.unwrap(), 30_000);
        assert_eq!(happened.lines().iter().any(|line| line.starts_with("did reuse")), run == "two");
    }
}

/// Takes some kinds of attachments, and answers with a number.
struct Picky(&'static str, MediaKinds, Arc<Mutex<u32>>);

impl Provider for Picky {
    fn name(&self) -> &str {
        self.0
    }

    fn capabilities(&self, _: &Model) -> Capabilities {
        Capabilities::default().media(self.1)
    }

    fn complete<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        *self.2.lock().unwrap() += 1;
        Box::pin(async { Ok(Reply::new("7").usage(Usage::new(10, 5))) })
    }
}

#[flow::tokio::test(start_paused = true)]
async fn a_model_that_cannot_read_an_attachment_is_passed_over() {
    let (first, second) = (Arc::default(), Arc::default());
    let (fast, smart) = (
        Picky("fake", MediaKinds::of(&[MediaKind::Audio]), Arc::clone(&first)),
        Picky("other", MediaKinds::ALL, Arc::clone(&second)),
    );
    let runtime = Runtime::test().provider(fast).provider(smart);
    assert_eq!(runtime.run(totalling(receipt(100))).await.unwrap(), 7);
    assert_eq!((*first.lock().unwrap(), *second.lock().unwrap()), (0, 1));
    let deaf = Picky("fake", MediaKinds::NONE, Arc::clone(&first));
    let call = Audio::bytes(None, *b"ID3\x04").unwrap();
    let error = Runtime::test().provider(deaf).run(listening(call)).await.unwrap_err();
    assert_eq!(
        error.message(),
        "model `fake/fast` cannot read audio, which the prompt attaches; ask another model, or set `media` for its provider if it can"
    );
    assert_eq!(*first.lock().unwrap(), 0);
}

#[flow::tokio::test(start_paused = true)]
async fn under_a_cap_an_attachment_without_a_rule_is_refused() {
    const PRICED: Model = FAST.price(Price::per_million("1", "1")).max_output_tokens(10);
    #[step(model = PRICED, prompt = "{{ photo }}")]
    async fn look(photo: &Image) -> Result<u32>;
    #[workflow(max_cost = "$1")]
    async fn looking(photo: Image) -> Result<u32> {
        look(&photo).await
    }
    let (fast, asked) = fake("fake", [Say::Text("1")]);
    let error = Runtime::test().provider(fast).run(looking(png(100))).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Budget { worst_case: None, .. }), "{error}");
    assert!(error.message().contains("no rule is known for how many tokens the attached `image/png` has"), "{error}");
    assert_eq!(asked.count(), 0);
}

#[flow::tokio::test(start_paused = true)]
async fn a_hash_from_outside_is_no_attachment() {
    let (fast, _) = fake("fake", []);
    let (smart, _) = fake("other", []);
    let runtime = Runtime::builder().provider(fast).provider(smart).journal(Memory::new()).workflow(totalling);
    let runtime = runtime.build().unwrap();
    let known = receipt(100);
    let MediaSource::Data(data) = known.photo.medium().source() else { panic!("a picture at a URL") };
    let photo = json!({"media_type": "image/png", "data": data.hash()});
    let input = json!({"receipt": {"shop": "a", "photo": photo, "pages": [{"url": "ftp://a"}]}});
    let error = runtime.submit("totalling", input, &RunId::named("x")).await.unwrap_err();
    let ErrorKind::ContractViolated { violations, .. } = error.kind() else { panic!("{error}") };
    let pointers: Vec<_> = violations.iter().map(|violation| &violation.pointer[..]).collect();
    assert_eq!(pointers, ["/receipt/photo/data", "/receipt/pages/0/url"]);
}

#[contract]
#[derive(Debug, Clone, PartialEq)]
struct Draft {
    text: String,
    cover: Image,
}

#[step(human, timeout = "3d", prompt = "{{ draft.text }} {{ draft.cover }}", gate = covered(draft))]
async fn look_over(draft: &Draft) -> Result<Review<Draft>>;

#[gate]
fn covered(review: &Review<Draft>, draft: &Draft) -> Verdict {
    let Some(accepted) = (match review {
        Review::Accept(draft) | Review::Edit(draft) => Some(draft),
        _ => None,
    }) else {
        return Verdict::accept();
    };
    let has_bytes = |draft: &Draft| draft.cover.medium().bytes().is_some_and(|bytes| bytes.len() > 20);
    Verdict::ensure(has_bytes(draft) && has_bytes(accepted), "the cover is missing")
}

#[workflow]
async fn publish(draft: Draft) -> Result<usize> {
    match look_over(&draft).await? {
        Review::Accept(draft) | Review::Edit(draft) => size(&draft.cover).await,
        _ => Ok(0),
    }
}

#[step(signal)]
async fn scanned(cover: &Image) -> Result<u32>;

#[workflow]
async fn scanning(cover: Image) -> Result<u32> {
    scanned(&cover).await
}

async fn settled() {
    for _ in 0..50 {
        flow::tokio::task::yield_now().await;
    }
}

fn draft(length: usize) -> Draft {
    Draft { text: "Spring".into(), cover: png(length) }
}

/// The records without the input of the run and the bytes of its attachments.
fn by_reference(records: &[Record]) -> String {
    let refer = |record: &&Record| !matches!(record, Record::RunStarted { .. } | Record::Media { .. });
    texts(&records.iter().filter(refer).cloned().collect::<Vec<_>>())
}

#[flow::tokio::test(start_paused = true)]
async fn a_review_with_an_attachment_is_accepted_from_another_process() {
    let journal = Memory::new();
    let id = RunId::named("draft");
    let (runtime, _) = Runtime::test().journal(journal.clone()).build().unwrap();
    let handle = runtime.start(publish(draft(50_000)).id("draft")).await.unwrap();
    settled().await;
    runtime.shut_down(Duration::ZERO).await;
    assert!(handle.result().await.is_err());
    drop(runtime);
    let other = Runtime::builder().journal(journal).workflow(publish).build().unwrap();
    let small = flow::serde_json::to_value(draft(10)).unwrap();
    let error = other.answer(&id, "look_over").edit(small).await.unwrap_err();
    let ErrorKind::Rejected { reasons, answer } = error.kind() else { panic!("{error}") };
    assert_eq!(reasons, &["the cover is missing"]);
    assert!(answer.contains("sha256:"), "{answer}");
    other.answer(&id, "look_over").accept().await.unwrap();
    settled().await;
    let records = other.records(&id).await.unwrap();
    let output = records.iter().find_map(|record| match record {
        Record::RunFinished { output, .. } => Some(output),
        _ => None,
    });
    assert_eq!(output, Some(&json!(50_000)));
    let text = by_reference(&records);
    assert!(text.len() < 10_000, "{}", &text[..10_000]);
    assert!(records.iter().any(|record| matches!(record, Record::Answered { .. })));
    assert_eq!(records.iter().filter(|record| matches!(record, Record::Media { .. })).count(), 1);
}

#[flow::tokio::test(start_paused = true)]
async fn a_review_in_memory_accepts_its_attachment() {
    let book = Book::default();
    let runtime = Runtime::builder().observe(book.clone()).workflow(publish).build().unwrap();
    let id = RunId::named("held");
    let run = flow::tokio::spawn({
        let runtime = runtime.clone();
        async move { runtime.run(publish(draft(50_000)).id("held")).await }
    });
    settled().await;
    runtime.answer(&id, "look_over").accept().await.unwrap();
    assert_eq!(run.await.unwrap().unwrap(), 50_000);
    assert!(by_reference(&book.records()).len() < 10_000);
}

#[flow::tokio::test(start_paused = true)]
async fn a_signal_finds_its_step_by_an_attachment() {
    let cover = png(50_000);
    for (run, by_hash) in [("bytes", false), ("hash", true)] {
        let (runtime, _) = Runtime::test().journal(Memory::new()).build().unwrap();
        let handle = runtime.start(scanning(cover.clone()).id(run)).await.unwrap();
        settled().await;
        let records = runtime.records(&RunId::named(run)).await.unwrap();
        let wait = records.iter().find_map(|record| match record {
            Record::Waiting(wait) => Some(wait),
            _ => None,
        });
        let key = wait.unwrap().key.clone();
        let MediaSource::Data(data) = cover.medium().source() else { panic!("a picture at a URL") };
        assert_eq!(key, json!({"media_type": "image/png", "data": data.hash()}));
        let sent =
            if by_hash { runtime.signal(scanned, key, &7).await } else { runtime.signal(scanned, &cover, &7).await };
        assert!(matches!(sent.unwrap(), flow::Signalled::Given(_)));
        assert_eq!(handle.result().await.unwrap(), 7);
    }
}

#[step(gate = never)]
async fn refused_crop(receipt: &Receipt) -> Result<Image> {
    Ok(receipt.photo.clone())
}

#[gate]
fn never(_: &Image) -> Verdict {
    Verdict::reject("no")
}

#[workflow]
async fn cropping(receipt: Receipt) -> Result<usize> {
    size(&refused_crop(&receipt).await?).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_rejected_attachment_is_named_by_its_hash() {
    let receipt = receipt(50_000);
    let error = Runtime::test().run(cropping(receipt.clone())).await.unwrap_err();
    let ErrorKind::Rejected { answer, .. } = error.kind() else { panic!("{error}") };
    let MediaSource::Data(data) = receipt.photo.medium().source() else { panic!("a picture at a URL") };
    assert_eq!(*answer, json!({"media_type": "image/png", "data": data.hash()}).to_string());
}
