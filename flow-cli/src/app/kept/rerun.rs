//! `runs rerun`: a new run of the same workflow, which can reuse the results of steps before a given one.

use flow_runtime::engine::Runtime;
use flow_runtime::run::RunId;
use serde_json::Value;

use super::resume::executing;
use crate::app::arguments::RerunArguments;
use crate::app::config::Config;
use crate::app::failure::Failure;
use crate::app::host::Host;
use crate::app::journal::{File, Visit, refused};
use crate::app::run::Kept;
use crate::app::setting::Setting;
use crate::app::watching::{self, Watching};
use crate::app::workflows::Workflows;
use crate::app::{Outcome, input};

pub(super) async fn rerun(
    arguments: &RerunArguments,
    workflows: &Workflows,
    setting: Setting,
    host: &mut Host,
) -> Result<Outcome, Failure> {
    let config = Config::load(&arguments.setting, &workflows.metas(), host)?;
    let file = File::required(&config, &setting)?;
    let run = RunId::named(&arguments.run);
    let visit = Visit::of(file.clone(), workflows)?;
    let state = visit.state_of(&run).await?;
    let (began, recorded) = state.began.map(|began| (began.workflow, began.input)).unwrap_or_default();
    let workflow = *workflows.find(Some(&began))?;
    let (given, limit) = (&arguments.input, setting.max_input_bytes);
    let edited = input::edited(workflow.meta(), recorded, given, &mut host.stdin, limit)?;
    if visit.is_executed()? {
        let new = fork(&visit.runtime, &run, arguments, edited).await?;
        let text = format!(
            "run {new} is recorded; the process that executes the journal continues it if it has workflow `{began}`"
        );
        return Ok(Outcome::text(text));
    }
    drop(visit);
    let builder = executing(&file, &[workflow], setting, arguments.setting.offline, &config, host)?;
    let trace = watching::trace(&arguments.telling)?;
    let (builder, watching) = Watching::begin(&arguments.telling, trace, workflows, builder, host);
    let runtime = builder.build()?;
    workflow.check(&runtime)?;
    let new = fork(&runtime, &run, arguments, edited).await?;
    watching.notice(&format!("run {new} starts as a rerun of run {run}"));
    let came = Kept { runtime, file: Some(file), id: new }.go_on(watching, host).await?;
    Ok(Outcome::of(came, arguments.telling.json))
}

async fn fork(
    runtime: &Runtime,
    run: &RunId,
    arguments: &RerunArguments,
    edited: Option<Value>,
) -> Result<RunId, Failure> {
    let from = match &arguments.from {
        Some(text) => Some(runtime.place_in(run, text).await.map_err(refused)?),
        None => None,
    };
    let new = arguments.id.clone().unwrap_or_else(RunId::fresh);
    runtime.fork(run, from.as_ref(), edited, new).await.map_err(refused)
}
