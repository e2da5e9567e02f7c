//! The commands `runs` and `review`.

mod list;
mod rerun;
mod resume;
mod review;
mod show;
mod signal;
mod steps;
mod undo;

use std::time::Duration;

use flow_runtime::run::{RunId, Stamp};

use super::Outcome;
use super::arguments::{LookArguments, RunsCommand};
use super::failure::Failure;
use super::host::Host;
use super::journal::{Visit, refused};
use super::setting::Setting;
use super::workflows::Workflows;
pub(super) use review::review;

pub(super) async fn runs(
    command: RunsCommand,
    workflows: &Workflows,
    setting: Setting,
    host: &mut Host,
) -> Result<Outcome, Failure> {
    let visit = |look: &LookArguments, host: &Host| Visit::begin(workflows, look, &setting, host);
    match command {
        RunsCommand::List { status, workflow, limit, json, look } => {
            list::list(&visit(&look, host)?, status.as_deref(), workflow, limit, json, host).await
        }
        RunsCommand::Show { run, json, look } => {
            show::show(&visit(&look, host)?, &RunId::named(run), json, workflows).await
        }
        RunsCommand::Cancel { run, undo, look } => {
            let (visit, run) = (visit(&look, host)?, RunId::named(run));
            match undo {
                true => undo::cancel(visit, &run, &look, workflows, setting, host).await,
                false => cancel(&visit, &run).await,
            }
        }
        RunsCommand::Prune { older_than, look } => prune(&visit(&look, host)?, older_than).await,
        RunsCommand::Resume(arguments) => resume::resume(&arguments, workflows, setting, host).await,
        RunsCommand::Rerun(arguments) => rerun::rerun(&arguments, workflows, setting, host).await,
    }
}

async fn cancel(visit: &Visit, run: &RunId) -> Result<Outcome, Failure> {
    let Some(before) = visit.runtime.state(run).await? else { return Err(visit.no_such_run(run)) };
    if before.ended.is_some() {
        return Ok(Outcome::text(format!("run {run} has already ended; nothing changed")));
    }
    visit.runtime.cancel(run).await.map_err(refused)?;
    Ok(Outcome::text(format!("run {run} is cancelled")))
}

async fn prune(visit: &Visit, older_than: Duration) -> Result<Outcome, Failure> {
    let age = u64::try_from(older_than.as_millis()).unwrap_or(u64::MAX);
    let before = Stamp(Stamp::now().0.saturating_sub(age));
    let gone = visit.runtime.prune(before).await?;
    Ok(Outcome::text(format!("{gone} runs deleted that ended more than {older_than:?} ago")))
}
