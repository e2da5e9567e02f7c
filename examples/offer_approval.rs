//! Answers an enquiry with an offer: a model drafts it, a gate checks it, a person approves or edits it, and it is sent once.
//!
//! The run is in a journal, so it can wait for the person with no process running. Wherever a process is killed, the draft is not
//! paid for twice and the letter is not sent twice.
//!
//! ```text
//! cargo run --example offer_approval -- run offer --journal flow.db --id shed --detach
//! cargo run --example offer_approval -- review list --journal flow.db
//! cargo run --example offer_approval -- review accept shed --journal flow.db       # now, or in a week
//! cargo run --example offer_approval -- runs resume shed --journal flow.db         # sends it
//! ```
//!
//! Without arguments it starts a run for the enquiry in examples/data, offline: no model is asked, and the draft is made up from
//! the words of the enquiry. The journal is then `target/offers.db`, and the exit status is 3, which means that the run waits.
//! Letters are written to the folder `FLOW_OUTBOX`, or `target/outbox`.

use std::path::PathBuf;

use flow::prelude::*;

/// A letter with a price.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// To whom, as an address.
    pub to: String,
    /// In whole euros.
    pub price: u32,
    /// The letter.
    pub text: String,
}

/// Folder that letters are written to.
#[derive(Debug)]
pub struct Outbox(pub PathBuf);

const WRITER: Model = Model::new("openai/gpt-5-mini").name("writer").max_output_tokens(1200);

/// Drafts an offer for an enquiry.
#[step(
    model = WRITER,
    system = "You write offers for a joinery. Name one price and what is in it.",
    prompt = "Draft an offer for this enquiry.\n\n{{ enquiry }}",
    gate = complete,
    repair = 2
)]
pub async fn draft(enquiry: &str) -> Result<Offer>;

/// Shall this be sent?
#[step(
    human,
    prompt = "An enquiry:\n\n{{ enquiry }}\n\nThe offer would be, for {{ offer.price }} euros to {{ offer.to }}:\n\n{{ offer.text }}",
    timeout = "14d",
    on_timeout = reject
)]
pub async fn approve(offer: &Offer, enquiry: &str) -> Result<Review<Offer>>;

/// Sends the letter, at most once: if it is interrupted, a person finds out whether the letter went out.
#[step(effect = irreversible)]
pub async fn send(offer: &Offer, #[state] outbox: &Outbox) -> Result<String> {
    let name = format!("{}.txt", flow::current()?.run);
    let letter = format!("To: {}\n\n{}\n\n{} euros\n", offer.to, offer.text, offer.price);
    std::fs::create_dir_all(&outbox.0)?;
    std::fs::write(outbox.0.join(&name), letter)?;
    Ok(name)
}

/// Answers an enquiry with an offer that a person has approved.
#[workflow(max_model_calls = 9, max_cost = "$0.10", strict, lock)]
pub async fn offer(enquiry: String, #[state] outbox: &Outbox) -> Result<String> {
    let draft = draft(&enquiry).await?;
    match approve(&draft, &enquiry).await? {
        Review::Accept(offer) | Review::Edit(offer) => send(&offer, outbox).await,
        Review::Reject { reason } => flow::bail!("the offer was not sent: {reason}"),
    }
}

#[gate]
fn complete(offer: &Offer) -> Verdict {
    Verdict::ensure(!offer.text.trim().is_empty(), "the letter is empty")
        .and(Verdict::ensure(!offer.to.trim().is_empty(), "the address is empty"))
}

fn outbox() -> Outbox {
    Outbox(std::env::var_os("FLOW_OUTBOX").map_or_else(|| "target/outbox".into(), PathBuf::from))
}

const ENQUIRY: &str = concat!("enquiry=", env!("CARGO_MANIFEST_DIR"), "/data/enquiry_garden_shed.txt");

const JOURNAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/offers.db");

flow::main!(flow::App::new().workflow(offer).state(outbox()).offline_without_key().default_arguments([
    "run",
    "offer",
    "--file",
    ENQUIRY,
    "--journal",
    JOURNAL,
    "--detach"
]));

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use flow::journal::{Memory, Query, Store};
    use flow::run::{Record, RunId, Status, WaitsFor};
    use flow::serde_json::json;

    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn drafted() -> Offer {
        Offer { to: "hanne@example.org".into(), price: 4200, text: "A shed.".into() }
    }

    /// A process that can call the model only if `may_draft`.
    fn process(journal: &Memory, folder: &tempfile::TempDir, may_draft: bool) -> Runtime {
        let test = Runtime::test().journal(journal.clone()).state(Outbox(folder.path().to_owned()));
        let test = if may_draft { test.answer(draft, drafted()) } else { test };
        test.build().unwrap().0
    }

    async fn status(runtime: &Runtime) -> (Status, Option<WaitsFor>) {
        let run = runtime.runs(&Query::all()).await.unwrap().remove(0);
        (run.status, run.waits.first().map(|wait| wait.waits_for))
    }

    fn sent(folder: &tempfile::TempDir) -> Option<String> {
        std::fs::read_to_string(folder.path().join("shed.txt")).ok()
    }

    async fn settle() {
        for _ in 0..50 {
            flow::tokio::task::yield_now().await;
        }
    }

    fn call() -> impl flow::Workflow<String> {
        use flow::Call as _;
        offer("A shed, please.".into()).id("shed")
    }

    /// Starts or resumes the run, and ends the process once the run waits.
    async fn process_dies(journal: &Memory, folder: &tempfile::TempDir, may_draft: bool) {
        let runtime = process(journal, folder, may_draft);
        drop(runtime.start(call()).await.unwrap());
        settle().await;
        runtime.shut_down(Duration::ZERO).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_person_edits_it_in_another_process_a_day_later() {
        let (journal, folder) = (Memory::new(), tempfile::tempdir().unwrap());
        process_dies(&journal, &folder, true).await;
        flow::tokio::time::sleep(DAY).await;

        let runtime = process(&journal, &folder, false);
        drop(runtime.start(call()).await.unwrap());
        settle().await;
        let (run, edited) = (RunId::named("shed"), Offer { price: 3900, ..drafted() });
        let broken = runtime.answer(&run, "approve").edit(json!({ "to": "x", "price": -1, "text": "y" })).await;
        assert!(broken.unwrap_err().to_string().contains("at `/value/price`"));
        runtime.answer(&run, "approve").by("ida").edit(flow::serde_json::to_value(&edited).unwrap()).await.unwrap();
        assert_eq!(runtime.run(call()).await.unwrap(), "shed.txt");
        assert!(sent(&folder).unwrap().ends_with("3900 euros\n"));
        let records = runtime.records(&run).await.unwrap();
        let by = |record: &Record| matches!(record, Record::Answered { by: Some(by), .. } if by == "ida");
        assert!(records.iter().any(by));
    }

    #[tokio::test(start_paused = true)]
    async fn killed_at_every_stage_it_is_drafted_once_and_sent_once() {
        // All records of a run that is never killed.
        let (journal, folder) = (Memory::new(), tempfile::tempdir().unwrap());
        let run = RunId::named("shed");
        let runtime = process(&journal, &folder, true);
        let handle = runtime.start(call()).await.unwrap();
        settle().await;
        runtime.answer(&run, "approve").accept().await.unwrap();
        handle.result().await.unwrap();
        let all = journal.read(&run).await.unwrap();

        for kept in 1..all.len() {
            let (journal, folder) = (Memory::new(), tempfile::tempdir().unwrap());
            journal.append(&run, &all[..kept]).await.unwrap();
            let answered = |record: &Record| matches!(record, Record::Attempt(attempt) if attempt.reply.is_some());
            let is_drafted = all[..kept].iter().any(answered);
            // The process dies again while the run waits; the answer comes a day later.
            process_dies(&journal, &folder, !is_drafted).await;
            flow::tokio::time::sleep(DAY).await;
            let runtime = process(&journal, &folder, false);
            let handle = runtime.start(call()).await.unwrap();
            settle().await;
            if status(&runtime).await == (Status::Waiting, Some(WaitsFor::Person)) {
                assert_eq!(sent(&folder), None, "nothing is sent before approval");
                runtime.answer(&run, "approve").accept().await.unwrap();
                settle().await;
            }
            if status(&runtime).await == (Status::Waiting, Some(WaitsFor::Outcome)) {
                assert_eq!(sent(&folder), None, "it is not begun again by itself");
                runtime.answer(&run, "send").did_not_happen().await.unwrap();
            }
            assert_eq!(handle.result().await.unwrap(), "shed.txt", "after {kept} records");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_a_no() {
        let (journal, folder) = (Memory::new(), tempfile::tempdir().unwrap());
        let error = process(&journal, &folder, true).run(call()).await.unwrap_err();
        assert!(error.message().starts_with("the offer was not sent: no answer within"), "{error}");
        assert_eq!(sent(&folder), None);
    }

    #[tokio::test]
    async fn a_draft_to_nobody_is_asked_again() {
        let nobody = Offer { to: String::new(), ..drafted() };
        let (runtime, happened) = Runtime::test().answers(draft, [nobody, drafted()]).build().unwrap();
        assert_eq!(runtime.step(draft("A shed, please.")).await.unwrap(), drafted());
        assert!(happened.lines().iter().any(|line| line.starts_with("did reject draft by complete")));
    }
}
