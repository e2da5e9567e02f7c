//! `runs resume`: continues one run, or all unfinished runs.

use std::time::Duration;

use flow_runtime::engine::{AnyWorkflow, Builder};
use flow_runtime::journal::Query;
use flow_runtime::run::{RunId, RunState, Status, Summary};
use tokio::task::JoinSet;

use crate::app::arguments::ResumeArguments;
use crate::app::config::Config;
use crate::app::failure::Failure;
use crate::app::host::Host;
use crate::app::journal::{File, Visit, refused};
use crate::app::outcome::{Came, Outcome, WAITS};
use crate::app::run::{Kept, go_on};
use crate::app::setting::Setting;
use crate::app::waits;
use crate::app::watching::{self, Watching};
use crate::app::workflows::Workflows;

pub(super) async fn resume(
    arguments: &ResumeArguments,
    workflows: &Workflows,
    setting: Setting,
    host: &Host,
) -> Result<Outcome, Failure> {
    let config = Config::load(&arguments.setting, &workflows.metas(), host)?;
    let file = File::required(&config, &setting)?;
    let Some(run) = &arguments.run else { return all(arguments, workflows, setting, &config, file, host).await };
    let run = RunId::named(run);
    let visit = Visit::of(file.clone(), workflows)?;
    let state = visit.state_of(&run).await?;
    if visit.is_executed()? {
        return elsewhere(&visit, &run, state, workflows).await;
    }
    drop(visit);
    let began = state.began.map(|began| began.workflow).unwrap_or_default();
    let workflow = workflows.find(Some(&began))?;
    let offline = arguments.setting.offline;
    let builder = executing(&file, &[*workflow], setting, offline, &config, host)?;
    let trace = watching::trace(&arguments.telling)?;
    let (builder, watching) = Watching::begin(&arguments.telling, trace, workflows, builder, host);
    let runtime = builder.build()?;
    workflow.check(&runtime)?;
    let came = Kept { runtime, file: Some(file), id: run }.go_on(watching, host).await?;
    Ok(Outcome::of(came, arguments.telling.json))
}

/// Leaves a run to the process that executes the journal. We only know that the process exists, not whether it has the workflow.
async fn elsewhere(visit: &Visit, run: &RunId, state: RunState, workflows: &Workflows) -> Result<Outcome, Failure> {
    let workflow = state.began.map(|began| began.workflow).unwrap_or_default();
    let takes_it_up = format!("the process that executes the journal continues it if it has workflow `{workflow}`");
    if state.end.is_some() {
        visit.runtime.reopen(run).await.map_err(refused)?;
        return Ok(Outcome::text(format!("run {run} is reopened; {takes_it_up}")));
    }
    let summary = visit.runtime.state(run).await?;
    if let Some(why) = summary.as_ref().and_then(|summary| summary.error.as_ref()) {
        return Err(Failure::refused(why));
    }
    let waits = summary.map(|summary| summary.waits).unwrap_or_default();
    if waits.is_empty() {
        return Ok(Outcome::text(format!(
            "run {run} has not ended, so nothing changed; {takes_it_up}; to continue it here, stop that process first"
        )));
    }
    let meta = workflows.find(Some(&workflow)).ok().map(|workflow| workflow.meta());
    let told: Vec<_> = waits.iter().map(|wait| waits::told(wait, meta, &visit.file)).collect();
    let text = format!("run {run} waits; when the wait is over, {takes_it_up}\n{}", told.join("\n"));
    Ok(Outcome { status: WAITS, ..Outcome::text(text) })
}

/// A builder that can execute runs of these workflows.
pub(super) fn executing(
    file: &File,
    workflows: &[AnyWorkflow],
    setting: Setting,
    offline: bool,
    config: &Config,
    host: &Host,
) -> Result<Builder, Failure> {
    let journal = file.execute()?;
    let metas: Vec<_> = workflows.iter().map(AnyWorkflow::meta).collect();
    let builder = setting.provided(&metas, offline, config, host)?.journal(journal);
    Ok(workflows.iter().fold(builder, |builder, workflow| builder.any_workflow(*workflow)))
}

async fn all(
    arguments: &ResumeArguments,
    workflows: &Workflows,
    setting: Setting,
    config: &Config,
    file: File,
    host: &Host,
) -> Result<Outcome, Failure> {
    let concurrency = config.concurrency(None)?;
    let builder = executing(&file, workflows.all(), setting, arguments.setting.offline, config, host)?;
    let trace = watching::trace(&arguments.telling)?;
    let (builder, mut watching) = Watching::begin(&arguments.telling, trace, workflows, builder, host);
    let runtime = builder.build()?;
    let open = Query::all().status([Status::Running, Status::Waiting, Status::NoExecutor]);
    let open = runtime.runs(&open).await?;
    let (mine, strange): (Vec<_>, Vec<_>) =
        open.into_iter().partition(|run| workflows.find(Some(&run.workflow)).is_ok());
    for Summary { run, workflow, .. } in &strange {
        let text = "which this program does not have; it is left as it is";
        watching.notice(&format!("run {run} belongs to workflow `{workflow}`, {text}"));
    }
    let stdout = host.stdout.clone();
    let json = arguments.telling.json;
    let mut status = 0;
    let going = async {
        // Oldest first.
        let mut left = mine.into_iter().rev();
        let mut tasks = JoinSet::new();
        loop {
            while tasks.len() < concurrency
                && let Some(next) = left.next()
            {
                let runtime = runtime.clone();
                tasks.spawn(async move { (next.run.clone(), go_on(&runtime, &next.run).await) });
            }
            let Some(ended) = tasks.join_next().await else { return };
            let (run, came) = ended.unwrap_or_else(|lost| std::panic::resume_unwind(lost.into_panic()));
            let line = match (&came, json) {
                (Ok(Came::Output(output)), true) => serde_json::json!({ "run": run, "output": output }).to_string(),
                (Ok(Came::Output(_)), false) => format!("finished  {run}"),
                (Ok(Came::Waits(_, waits)), true) => {
                    serde_json::json!({ "run": run, "status": "waiting", "waits": waits }).to_string()
                }
                (Ok(Came::Waits(..)), false) => format!("waits     {run}"),
                (Err(error), true) => serde_json::json!({ "run": run, "error": error.to_json() }).to_string(),
                (Err(error), false) => format!("failed    {run}  {error}"),
            };
            status = match came {
                Err(_) => 1,
                Ok(Came::Waits(..)) if status == 0 => WAITS,
                Ok(_) => status,
            };
            if json { _ = stdout.json(&line) } else { stdout.notice(&line) }
        }
    };
    watching.follow(&runtime, Some(&file), host, going).await;
    watching.end();
    runtime.shut_down(Duration::ZERO).await;
    runtime.journal_failure().map_or(Ok(Outcome::status(status)), |error| Err(Failure::Unkept(error)))
}
