//! `runs cancel --undo`: undoes the finished steps of a run, then cancels it.

use flow_runtime::error::ErrorKind;
use flow_runtime::run::{End, RunId, RunState};

use super::resume::executing;
use crate::app::arguments::{LookArguments, TellingArguments};
use crate::app::config::Config;
use crate::app::failure::Failure;
use crate::app::host::Host;
use crate::app::journal::{Visit, refused};
use crate::app::run::Kept;
use crate::app::setting::Setting;
use crate::app::watching::Watching;
use crate::app::workflows::Workflows;
use crate::app::{Outcome, WAITS};

/// Leaves the undoing to the process that executes the journal, or else does it here.
pub(super) async fn cancel(
    visit: Visit,
    run: &RunId,
    look: &LookArguments,
    workflows: &Workflows,
    setting: Setting,
    host: &Host,
) -> Result<Outcome, Failure> {
    let began = visit.state_of(run).await?.began;
    let (name, offline) = began.map_or_else(Default::default, |began| (began.workflow, began.offline));
    if visit.is_executed()? {
        visit.runtime.cancel_and_undo(run).await.map_err(refused)?;
        let text = format!("the process that executes the journal will undo and cancel run {run}");
        return Ok(Outcome::text(text));
    }
    // Make sure that the run can be executed before anything is written.
    let workflow = *workflows.find(Some(&name))?;
    let config = Config::load(&look.setting(), &workflows.metas(), host)?;
    let file = visit.file.clone();
    drop(visit);
    let builder = executing(&file, &[workflow], setting, offline, &config, host)?;
    let (builder, watching) = Watching::begin(&TellingArguments::default(), None, workflows, builder, host);
    let runtime = builder.build()?;
    workflow.check(&runtime)?;
    runtime.cancel_and_undo(run).await.map_err(refused)?;
    let kept = Kept { runtime, file: Some(file.clone()), id: run.clone() };
    match kept.go_on(watching, host).await {
        Ok(came) => return Ok(Outcome { status: WAITS, ..Outcome::of(came, false) }),
        Err(Failure::Kept { error, .. }) if *error.kind() == ErrorKind::Cancelled => {}
        Err(failure) => return Err(failure),
    }
    let state = Visit::of(file, workflows)?.state_of(run).await?;
    Ok(told(run, &state))
}

fn told(run: &RunId, state: &RunState) -> Outcome {
    let ended = if state.end == Some(End::Cancelled) { "is cancelled" } else { "has ended" };
    let undone: Vec<_> = state.undone().into_iter().map(|place| format!("\n  undone      {place}")).collect();
    let failed = state.not_undone();
    let status = u8::from(!failed.is_empty());
    let failed = failed.iter().map(|(place, _, failure)| format!("\n  not undone  {place}: {}", failure.message));
    Outcome { status, ..Outcome::text(format!("run {run} {ended}{}{}", undone.concat(), failed.collect::<String>())) }
}
