//! The process that is killed, with each run attended to in a plain file.

use std::fs;
use std::path::Path;

use flow::run::{Record, RunId, RunState, Stamp, Wait, WaitsFor};
use flow::serde_json::json;
use flow::{AnyWorkflow, Attended, Runtime, Said, tokio};

use super::Kind;
use super::agents::research::research;
use super::agents::support_agent::support;
use super::agents::{REFUND, REFUNDED, refunds, ticket, with_agents};
use super::child::{NOT_KEPT, NOT_OPENED};
use super::file_log::{attend, start};
use super::workflows::{Oracle, fan, nested, office, open_log, order, refine, sequence, trip, was_begun};

/// Like [`child::run`](super::child::run).
#[tokio::main(flavor = "current_thread")]
pub async fn run(folder: &Path, kinds: &[Kind], times: u32) -> i32 {
    let runs = folder.join("runs");
    if let Err(error) = fs::create_dir_all(&runs) {
        eprintln!("{error}");
        return NOT_OPENED;
    }
    open_log(&folder.join("log"));
    let runtime = all()
        .into_iter()
        .fold(Runtime::builder().provider(Oracle), |builder, (_, workflow)| builder.any_workflow(workflow));
    let runtime = with_agents(runtime, folder).build().unwrap();
    let ids = kinds.iter().flat_map(|kind| (0..times).map(move |n| (*kind, n)));
    let ended = futures_util::future::join_all(ids.map(|(kind, n)| end_of(&runtime, &runs, kind, n))).await;
    if ended.iter().all(|ended| *ended) { 0 } else { NOT_KEPT }
}

fn all() -> [(Kind, AnyWorkflow); 9] {
    [
        (Kind::Sequence, AnyWorkflow::of(sequence)),
        (Kind::Fan, AnyWorkflow::of(fan)),
        (Kind::Refine, AnyWorkflow::of(refine)),
        (Kind::Nested, AnyWorkflow::of(nested)),
        (Kind::Office, AnyWorkflow::of(office)),
        (Kind::Order, AnyWorkflow::of(order)),
        (Kind::Trip, AnyWorkflow::of(trip)),
        (Kind::Agent, AnyWorkflow::of(support)),
        (Kind::Research, AnyWorkflow::of(research)),
    ]
}

async fn end_of(runtime: &Runtime, runs: &Path, kind: Kind, n: u32) -> bool {
    let id = kind.run(n);
    let input = match kind {
        Kind::Sequence | Kind::Refine => json!({ "run": id, "n": n }),
        Kind::Agent => json!({ "ticket": ticket(n) }),
        Kind::Research => json!({ "question": null }),
        _ => json!({ "n": n }),
    };
    let workflow = all().into_iter().find(|(other, _)| *other == kind).unwrap().1;
    let start = start(&RunId::named(&id), workflow.meta().name, input);
    let folder = runs.parent().unwrap();
    let answers = |state: &RunState| answered(workflow, folder, state);
    match attend(runtime, start, &runs.join(format!("{id}.jsonl")), Stamp::now, answers, || {}).await {
        Attended::Ended(_) => {
            println!("ended {id}");
            true
        }
        other => {
            eprintln!("{other:?}");
            false
        }
    }
}

fn answered(workflow: AnyWorkflow, folder: &Path, state: &RunState) -> Option<Record> {
    let (wait, said) = state.waits().find_map(|wait| Some((wait, said(folder, wait)?)))?;
    workflow.answered(state, &wait.place, said, Some("ann".into()), Stamp::now()).ok()
}

fn said(folder: &Path, wait: &Wait) -> Option<Said> {
    let run = wait.run.to_string();
    Some(match (wait.waits_for, wait.place.as_str()) {
        (WaitsFor::Person, place) if place.starts_with(REFUND) => Said::Accept,
        // Checks the ledger for whether the refund has happened.
        (WaitsFor::Outcome, REFUND) if refunds(folder, &run) > 0 => {
            Said::Happened(json!(format!("{REFUNDED}{}", run.rsplit('-').next().unwrap())))
        }
        (WaitsFor::Outcome, REFUND) => Said::DidNotHappen,
        (WaitsFor::Person, "approve") => Said::Edit(json!(40)),
        (WaitsFor::Person, _) => Said::Reject("no".into()),
        (WaitsFor::Signal, _) => Said::Whole(json!(500)),
        // Checks the log for whether the effect has happened.
        (WaitsFor::Outcome, place) if was_begun(&wait.run.to_string(), place) => {
            let n: u32 = wait.run.to_string().rsplit('-').next().unwrap().parse().unwrap();
            Said::Happened(json!(2 * n + 3))
        }
        (WaitsFor::Outcome, _) => Said::DidNotHappen,
        _ => return None,
    })
}
