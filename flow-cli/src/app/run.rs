//! The command `run`. Input is validated before the trace is opened, and both before the run starts.

use std::time::Duration;

use flow_runtime::contract::{Violation, shape_text};
use flow_runtime::ending::Ending;
use flow_runtime::engine::{AnyWorkflow, Builder, Ready, Runtime, Submitted};
use flow_runtime::error::Error;
use flow_runtime::graph::Meta;
use flow_runtime::journal::Memory;
use flow_runtime::run::{End, RunId, RunState};

use super::arguments::{RunArguments, TellingArguments};
use super::ask::{self, Desk};
use super::config::Config;
use super::failure::Failure;
use super::host::Host;
use super::journal::File;
use super::outcome::Came;
use super::setting::Setting;
use super::trace::Trace;
use super::watching::{self, Watching};
use super::workflows::Workflows;
use super::{input, waits};

pub(super) async fn run(
    workflow: &AnyWorkflow,
    workflows: &Workflows,
    arguments: &RunArguments,
    setting: Setting,
    host: &mut Host,
) -> Result<Came, Failure> {
    let meta = workflow.meta();
    let input = input::read(meta, &arguments.input, &mut host.stdin, setting.max_input_bytes)
        .map_err(|failure| with_usage(failure, meta))?;
    let id = arguments.id.clone().unwrap_or_else(RunId::fresh);
    let ready = workflow
        .ready(input.clone(), Some(id.to_string()))
        .map_err(|violations| with_usage(unfit(meta, violations), meta))?;
    let config = Config::load(&arguments.setting, &workflows.metas(), host)?;
    let file = File::of(&config, &setting)?;
    if file.is_none() && arguments.detach {
        return Err(Failure::refused("`--detach` needs a journal to leave the run to: pass `--journal FILE`"));
    }
    let is_asked = host.answers && !arguments.detach && ask::asking(meta).is_some();
    let desk = is_asked.then(|| Desk::open(host, setting.max_input_bytes));
    // Live progress would overwrite what the user types.
    host.is_watched &= desk.is_none();
    let journal = match &file {
        Some(file) => Some(file.execute()?),
        None => None,
    };
    let trace = watching::trace(&arguments.telling)?;
    let builder = setting.provided(&[meta], arguments.setting.offline, &config, host)?;
    let builder = builder.any_workflow(*workflow);
    let builder = match journal {
        Some(journal) => builder.journal(journal),
        // A journal in memory is enough while answers come from this terminal.
        None if desk.is_some() => builder.journal(Memory::new()),
        None => return alone(ready, &arguments.telling, trace, workflows, builder, host).await,
    };
    let (builder, mut watching) = Watching::begin(&arguments.telling, trace, workflows, builder, host);
    desk.into_iter().for_each(|desk| watching.ask(desk));
    let runtime = builder.build()?;
    let submitted = runtime.submit(meta.name, input, &id).await;
    if let Submitted::Taken(why) = submitted.map_err(|error| Failure::of(&runtime, error))? {
        return Err(Failure::refused(why.message()));
    }
    let kept = Kept { runtime, file, id };
    match arguments.detach {
        true => kept.go_on(watching, host).await,
        false => kept.stay(ready, watching, host).await,
    }
}

/// Executes a run without a journal; its waits are held in memory.
async fn alone(
    ready: Ready,
    telling: &TellingArguments,
    trace: Option<Trace>,
    workflows: &Workflows,
    builder: Builder,
    host: &Host,
) -> Result<Came, Failure> {
    let (builder, mut watching) = Watching::begin(telling, trace, workflows, builder, host);
    let runtime = builder.build()?;
    let outcome = watching.hold(&runtime, host, ready(&runtime)).await;
    watching.end();
    Ok(Came::Output(outcome?))
}

/// A run recorded in a journal.
pub(super) struct Kept {
    pub(super) runtime: Runtime,
    /// `None` if the journal is in memory.
    pub(super) file: Option<File>,
    pub(super) id: RunId,
}

impl Kept {
    /// Executes the run to its end, including its waits.
    async fn stay(self, ready: Ready, mut watching: Watching<'_>, host: &Host) -> Result<Came, Failure> {
        let outcome = watching.follow(&self.runtime, self.file.as_ref(), host, ready(&self.runtime)).await;
        self.ended(outcome.map(Came::Output), watching).await
    }

    /// Executes the run until it ends or waits.
    pub(super) async fn go_on(self, mut watching: Watching<'_>, host: &Host) -> Result<Came, Failure> {
        let going = go_on(&self.runtime, &self.id);
        let outcome = watching.follow(&self.runtime, self.file.as_ref(), host, going).await;
        if let Ok(Came::Waits(..)) = &outcome {
            let open = waits::of(&self.runtime, &self.id).await?;
            watching.tell(&open, self.file.as_ref());
        }
        self.ended(outcome, watching).await
    }

    async fn ended(self, outcome: Result<Came, Error>, watching: Watching<'_>) -> Result<Came, Failure> {
        let command = self.file.as_ref().map(|file| file.command(&["runs", "resume", &self.id.to_string()]));
        if let (Ok(Came::Waits(_, waits)), Some(command)) = (&outcome, &command) {
            watching.notice(&format!("run {} waits; {}, continue it with  {command}", self.id, waits::over(waits)));
        }
        watching.end();
        self.runtime.shut_down(Duration::ZERO).await;
        let error = match outcome {
            Ok(came) => return Ok(came),
            Err(error) => error,
        };
        if let Some(error) = self.runtime.journal_failure() {
            return Err(Failure::Unkept(error));
        }
        let state = RunState::of(self.runtime.records(&self.id).await?);
        let goes_on = match state.end {
            // An obstacle that stopped the run would stop it again.
            None => state.began.is_some() && self.runtime.obstacle(&self.id).is_none(),
            // Only a failed step can end differently next time; code between steps would fail again.
            Some(End::Failed(failure, undone)) => undone.is_empty() && failure.at.is_some_and(|at| at.step.is_some()),
            _ => false,
        };
        let way_out = command.filter(|_| goes_on);
        Err(Failure::Kept { error, way_out })
    }
}

/// Executes a run until it ends or waits.
pub(super) async fn go_on(runtime: &Runtime, id: &RunId) -> Result<Came, Error> {
    match runtime.resume(id).await? {
        Ending::Finished(output) => Ok(Came::Output(output)),
        Ending::Waiting(waits) => Ok(Came::Waits(id.clone(), waits)),
        // A run in a short wait is still in memory when the runtime shuts down.
        Ending::Suspended => match waits::of(runtime, id).await? {
            (_, waits) if waits.is_empty() => Err(Ending::<()>::Suspended.result().expect_err("it has no output")),
            (_, waits) => Ok(Came::Waits(id.clone(), waits)),
        },
        other => other.result().map(Came::Output),
    }
}

/// Input that breaks the contract.
pub(super) fn unfit(meta: &Meta, violations: Vec<Violation>) -> Failure {
    Failure::Refused { message: format!("invalid input for `{}`", meta.name), violations }
}

/// Adds the arguments that the workflow takes to a refusal.
fn with_usage(failure: Failure, meta: &Meta) -> Failure {
    let Failure::Refused { message, violations } = failure else { return failure };
    let arguments = meta.arguments.iter().map(|argument| {
        let shape = shape_text(argument.contract.shape);
        format!("`{}`: {}", argument.name, shape.as_str())
    });
    let takes: Vec<_> = arguments.collect();
    let takes = if takes.is_empty() { "no arguments".to_owned() } else { takes.join(", ") };
    Failure::Refused { message: format!("{message} (`{}` takes {takes})", meta.name), violations }
}
