//! The process that is killed: it starts or resumes one run of each given workflow, and answers what they wait for.

use std::path::Path;
use std::time::Duration;

use flow::journal::{Query, Sqlite};
use flow::prelude::*;
use flow::run::{Status, Wait, WaitsFor};
use flow::serde_json::json;
use flow::{Error, Handle, Runtime, tokio};

use super::Kind;
use super::agents::research::research;
use super::agents::support_agent::support;
use super::agents::{REFUND, REFUNDED, refunds, ticket, with_agents};
use super::workflows::{Oracle, fan, nested, office, open_log, order, refine, sequence, trip, was_begun};

/// Exit statuses: the journal could not be opened, or no longer accepts records.
pub const NOT_OPENED: i32 = 3;
pub const NOT_KEPT: i32 = 4;

/// Executes `times` runs of each kind. Prints the ended ones to standard output, and errors to standard error.
#[tokio::main(flavor = "current_thread")]
pub async fn run(folder: &Path, kinds: &[Kind], times: u32) -> i32 {
    let journal = match Sqlite::open(folder.join("flow.db")) {
        Ok(journal) => journal,
        Err(error) => {
            eprintln!("{error}");
            return NOT_OPENED;
        }
    };
    open_log(&folder.join("log"));
    let runtime = with_agents(Runtime::builder().journal(journal).provider(Oracle), folder).build().unwrap();
    let ids = kinds.iter().flat_map(|kind| (0..times).map(move |n| (*kind, n)));
    let runs = ids.map(|(kind, n)| end_of(&runtime, kind, n));
    let outcomes = tokio::select! {
        outcomes = futures_util::future::join_all(runs) => outcomes,
        // A waiting run does not notice that the journal rejects answers.
        error = answer_all(&runtime, folder) => vec![Err(error)],
    };
    // A failed run has ended too, unless its end could not be recorded.
    let ended = runtime.runs(&Query::all().status([Status::Finished, Status::Failed])).await;
    match ended {
        Ok(ended) if ended.len() == kinds.len() * times as usize => {
            ended.iter().for_each(|run| println!("ended {}", run.run));
            0
        }
        _ => {
            outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).for_each(|error| eprintln!("{error}"));
            NOT_KEPT
        }
    }
}

async fn end_of(runtime: &Runtime, kind: Kind, n: u32) -> Result<()> {
    let id = kind.run(n);
    let handle: Handle<u32> = match kind {
        Kind::Agent => return runtime.start(support(ticket(n)).id(id)).await?.result().await.map(drop),
        Kind::Research => return runtime.start(research(None).id(id)).await?.result().await.map(drop),
        Kind::Sequence => runtime.start(sequence(id.clone(), n).id(id)).await?,
        Kind::Fan => runtime.start(fan(n).id(id)).await?,
        Kind::Refine => runtime.start(refine(id.clone(), n).id(id)).await?,
        Kind::Nested => runtime.start(nested(n).id(id)).await?,
        Kind::Office => runtime.start(office(n).id(id)).await?,
        Kind::Order => runtime.start(order(n).id(id)).await?,
        Kind::Trip => runtime.start(trip(n).id(id)).await?,
    };
    handle.result().await.map(drop)
}

/// Answers waits until an answer cannot be recorded.
async fn answer_all(runtime: &Runtime, folder: &Path) -> Error {
    let waiting = Query::all().status([Status::Waiting]);
    loop {
        tokio::time::sleep(Duration::from_millis(2)).await;
        let Ok(runs) = runtime.runs(&waiting).await else { continue };
        for wait in runs.into_iter().flat_map(|run| run.waits) {
            match answer(runtime, folder, &wait).await {
                // Other errors are harmless: since the query, the run may have moved on.
                Err(error) if error.message().starts_with("journal ") => return error,
                _ => {}
            }
        }
    }
}

async fn answer(runtime: &Runtime, folder: &Path, wait: &Wait) -> Result<()> {
    let answering = runtime.answer(&wait.run, wait.place.as_str()).by("ann");
    let run = wait.run.to_string();
    match (wait.waits_for, wait.place.as_str()) {
        (WaitsFor::Person, place) if place.starts_with(REFUND) => answering.accept().await,
        // Checks the ledger for whether the refund has happened.
        (WaitsFor::Outcome, REFUND) if refunds(folder, &run) > 0 => {
            answering.happened(json!(format!("{REFUNDED}{}", run.rsplit('-').next().unwrap()))).await
        }
        (WaitsFor::Outcome, REFUND) => answering.did_not_happen().await,
        (WaitsFor::Person, "approve") => answering.edit(json!(40)).await,
        (WaitsFor::Person, _) => answering.reject("no").await,
        (WaitsFor::Signal, _) => answering.with(json!(500)).await,
        // Checks the log for whether the effect has happened.
        (WaitsFor::Outcome, place) if was_begun(&wait.run.to_string(), place) => {
            let n: u32 = wait.run.to_string().rsplit('-').next().unwrap().parse().unwrap();
            answering.happened(json!(2 * n + 3)).await
        }
        (WaitsFor::Outcome, _) => answering.did_not_happen().await,
        _ => Ok(()),
    }
}
