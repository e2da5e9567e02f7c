//! The command `run`: the input is judged, then the trace is opened, then the run starts.

use flow_runtime::contract::{Violation, shape_text};
use flow_runtime::engine::{AnyWorkflow, Builder, Ready};
use flow_runtime::graph::Meta;
use serde_json::Value;

use super::arguments::RunArguments;
use super::config::Config;
use super::costs::Costs;
use super::failure::Failure;
use super::host::Host;
use super::progress::Steps;
use super::trace::Trace;
use super::{Configure, input, providers};

/// What a program gives to its runs.
pub(super) struct Setting {
    pub(super) builder: Builder,
    pub(super) configure: Vec<Configure>,
    pub(super) max_input_bytes: u64,
}

impl Setting {
    /// The builder with what the program gives, what is configured over it and what the environment names, told to the user.
    pub(super) fn provided(
        self,
        workflows: &[&'static Meta],
        offline: bool,
        config: &Config,
        host: &Host,
    ) -> Result<Builder, Failure> {
        let program = self.configure.into_iter().try_fold(self.builder, |builder, change| change(builder))?;
        let builder = config.apply(program)?;
        let (builder, lacks) = providers::provide(builder, workflows, offline, config.variables())?;
        let notices = if builder.is_offline() { Vec::new() } else { config.notices() };
        notices.iter().chain(&lacks).for_each(|notice| host.stderr.notice(notice));
        Ok(builder)
    }
}

pub(super) async fn run(
    workflow: &AnyWorkflow,
    all: &[&'static Meta],
    arguments: &RunArguments,
    setting: Setting,
    host: &mut Host,
) -> Result<Value, Failure> {
    let ready = ready(workflow, arguments, setting.max_input_bytes, host)?;
    let config = Config::load(&arguments.setting, all, host)?;
    let trace = arguments.trace.as_deref().map(Trace::create).transpose()?;
    let mut builder = setting.provided(&[workflow.meta()], arguments.setting.offline, &config, host)?;
    if let Some(trace) = &trace {
        builder = builder.observe(trace.clone());
    }
    let progress = (!arguments.quiet).then(|| Steps::new(host));
    if let Some(progress) = &progress {
        builder = builder.observe(progress.clone());
    }
    // Answers that are made up cost nothing, and nobody wants a bill of nothing.
    let costs = (!arguments.quiet && !builder.is_offline()).then(Costs::default);
    if let Some(costs) = &costs {
        builder = builder.observe(costs.clone());
    }
    let outcome = ready(&builder.build()?).await;
    progress.iter().for_each(Steps::end);
    tell_end(costs.as_ref(), trace, host);
    Ok(outcome?)
}

/// Says what it has cost, and whether the trace is whole.
pub(super) fn tell_end(costs: Option<&Costs>, trace: Option<Trace>, host: &Host) {
    if let Some(costs) = costs {
        costs.tell(&host.stderr);
    }
    if let Some(error) = trace.and_then(|trace| trace.failure()) {
        host.stderr.notice(&format!("the trace is not whole: {error}"));
    }
}

fn ready(workflow: &AnyWorkflow, arguments: &RunArguments, limit: u64, host: &mut Host) -> Result<Ready, Failure> {
    let meta = workflow.meta();
    let input = input::read(&arguments.input, &mut host.stdin, limit).map_err(|failure| with_usage(failure, meta))?;
    workflow.ready(input, None).map_err(|violations| with_usage(unfit(meta, violations), meta))
}

/// A refusal of what the contract does not take.
pub(super) fn unfit(meta: &Meta, violations: Vec<Violation>) -> Failure {
    Failure::Refused { message: format!("the input is not what `{}` takes", meta.name), violations }
}

/// The refusal, with what would have been right.
fn with_usage(failure: Failure, meta: &Meta) -> Failure {
    let Failure::Refused { message, violations } = failure else { return failure };
    let arguments = meta.arguments.iter().map(|argument| {
        let shape = shape_text(argument.contract.shape);
        format!("`{}`: {}", argument.name, shape.as_str())
    });
    let takes: Vec<_> = arguments.collect();
    let takes = if takes.is_empty() { "nothing".to_owned() } else { takes.join(", ") };
    Failure::Refused { message: format!("{message} (`{}` takes {takes})", meta.name), violations }
}
