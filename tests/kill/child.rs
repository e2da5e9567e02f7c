//! The process that is killed: it runs, or goes on with, one run of each workflow that it is told, and answers what they wait for.

use std::path::Path;
use std::time::Duration;

use flow::journal::{Query, Sqlite};
use flow::prelude::*;
use flow::run::{Status, Wait, WaitsFor};
use flow::serde_json::json;
use flow::{Error, Handle, Runtime, tokio};

use super::Kind;
use super::workflows::{Oracle, fan, nested, office, open_log, order, refine, sequence, trip, was_begun};

/// How it ends where the journal could not be opened, or keeps nothing any more.
pub const NOT_OPENED: i32 = 3;
pub const NOT_KEPT: i32 = 4;

/// Runs `times` runs of each kind; says on the standard output which have ended, and on the other why one has not.
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
    let runtime = Runtime::builder().journal(journal).provider(Oracle).build().unwrap();
    let ids = kinds.iter().flat_map(|kind| (0..times).map(move |n| (*kind, n)));
    let runs = ids.map(|(kind, n)| end_of(&runtime, kind, n));
    let outcomes = tokio::select! {
        outcomes = futures_util::future::join_all(runs) => outcomes,
        // A run that waits hears nothing of a journal that takes no answers.
        error = answer_all(&runtime) => vec![Err(error)],
    };
    // A run that failed has ended too; where its end could not be kept it has not.
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

async fn end_of(runtime: &Runtime, kind: Kind, n: u32) -> Result<u32> {
    let id = kind.run(n);
    let handle: Handle<u32> = match kind {
        Kind::Sequence => runtime.start(sequence(id.clone(), n).id(id)).await?,
        Kind::Fan => runtime.start(fan(n).id(id)).await?,
        Kind::Refine => runtime.start(refine(id.clone(), n).id(id)).await?,
        Kind::Nested => runtime.start(nested(n).id(id)).await?,
        Kind::Office => runtime.start(office(n).id(id)).await?,
        Kind::Order => runtime.start(order(n).id(id)).await?,
        Kind::Trip => runtime.start(trip(n).id(id)).await?,
    };
    handle.result().await
}

/// Gives answers until one cannot be kept.
async fn answer_all(runtime: &Runtime) -> Error {
    let waiting = Query::all().status([Status::Waiting]);
    loop {
        tokio::time::sleep(Duration::from_millis(2)).await;
        let Ok(runs) = runtime.runs(&waiting).await else { continue };
        for wait in runs.into_iter().flat_map(|run| run.waits) {
            match answer(runtime, &wait).await {
                // Between the look and the answer the run may have gone on: nothing waits there.
                Err(error) if error.message().starts_with("journal ") => return error,
                _ => {}
            }
        }
    }
}

async fn answer(runtime: &Runtime, wait: &Wait) -> Result<()> {
    let answering = runtime.answer(&wait.run, wait.place.as_str()).by("ann");
    match (wait.waits_for, wait.place.as_str()) {
        (WaitsFor::Person, "approve") => answering.edit(json!(40)).await,
        (WaitsFor::Person, _) => answering.reject("no").await,
        (WaitsFor::Signal, _) => answering.with(json!(500)).await,
        // Whoever is asked looks whether it has happened.
        (WaitsFor::Outcome, place) if was_begun(&wait.run.to_string(), place) => {
            let n: u32 = wait.run.to_string().rsplit('-').next().unwrap().parse().unwrap();
            answering.happened(json!(2 * n + 3)).await
        }
        (WaitsFor::Outcome, _) => answering.did_not_happen().await,
        _ => Ok(()),
    }
}
