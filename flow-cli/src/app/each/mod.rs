//! The command `run --each`: one run per input line, one result line per run.

mod lines;
mod results;
mod round;
mod shared;
mod source;
mod spending;
mod tally;
mod turn;

use std::collections::HashMap;
use std::time::Duration;

use flow_runtime::engine::{AnyWorkflow, Builder};
use flow_runtime::graph::Meta;
use serde_json::json;

use super::arguments::RunArguments;
use super::config::Config;
use super::costs::Costs;
use super::failure::Failure;
use super::host::Host;
use super::journal::File;
use super::progress::Lines as Progress;
use super::setting::Setting;
use super::watching::{tell_end, trace};
use super::{Outcome, WAITS, input, providers, waits};
use results::{Of, Results};
use round::{End, Round};
use source::{Source, nothing_beyond};
use spending::Spending;
pub(super) use tally::Tally;
use turn::Waiting;

pub(super) async fn each(
    workflow: &AnyWorkflow,
    all: &[&'static Meta],
    arguments: &RunArguments,
    setting: Setting,
    host: &mut Host,
) -> Result<Outcome, Failure> {
    let (meta, limit) = (workflow.meta(), setting.max_input_bytes);
    let config = Config::load(&arguments.setting, all, host)?;
    let concurrency = config.concurrency(arguments.each.concurrency.map(Into::into))?;
    let shared = input::given(meta, &arguments.input, limit)?;
    let shared_text = shared.to_string();
    let source = Source::open(arguments.input.input.as_deref().unwrap_or_default(), host)?;
    let file = File::of(&config, &setting)?;
    let builder = setting.provided(&[meta], arguments.setting.offline, &config, host)?;
    let offline = builder.is_offline() && providers::models(&[meta]).next().is_some();
    let mut results = match &arguments.each.output {
        Some(path) => Results::open(path, Of { workflow: meta.name, offline }, arguments.each.keep_failed)?,
        None => Results::stream(host.stdout.clone()),
    };
    let tally = Tally::new(source.survey(&results, &shared_text, limit)?, results.kept());

    let journal = file.map(|file| file.execute()).transpose()?;
    let keeps = journal.is_some();
    let trace = trace(&arguments.telling)?;
    let (spending, costs) = (Spending::default(), Costs::default());
    let tells_costs = !arguments.telling.quiet && !builder.is_offline();
    let builder = builder.observe(spending.clone()).observe(costs.clone());
    let builder = trace.iter().cloned().fold(builder, |builder, trace| builder.observe(trace));
    let builder = builder.any_workflow(*workflow);
    let (waiting, (watcher, begun_to_wait)) = (Waiting::default(), waits::Watcher::new());
    let builder = if keeps { builder } else { builder.observe(waiting.clone()).observe(watcher) };
    let builder = journal.into_iter().fold(builder, Builder::journal);
    let cap = builder.get_max_cost();
    let runtime = builder.build()?;
    workflow.check(&runtime)?;
    results.begin()?;

    let progress = Progress::new(
        host,
        arguments.telling.quiet,
        arguments.each.output.is_none(),
        &tally,
        tells_costs.then(|| costs.clone()),
    );
    let (hears_signals, shared) = (host.hears_signals, &shared);
    let mut round = Round {
        workflow,
        runtime,
        shared,
        shared_text: &shared_text,
        concurrency,
        keeps,
        waiting,
        begun_to_wait,
        begun: HashMap::new(),
        offline,
        cap,
        hears_signals,
        results,
        spending,
        progress,
        tally,
    };
    let end = round.run(source.lines(limit)?).await;
    round.progress.end();
    round.runtime.shut_down(Duration::ZERO).await;
    tell_end(tells_costs.then_some(&costs), trace, &host.stderr);
    round.finish(end, arguments, &costs, host)
}

impl Round<'_> {
    /// Reports what is done and what is not, and how to continue.
    fn finish(self, end: End, arguments: &RunArguments, costs: &Costs, host: &Host) -> Result<Outcome, Failure> {
        let tally = &self.tally;
        let is_done = matches!(end, End::Done);
        let again = match arguments.each.output {
            Some(_) => "the same command",
            None => "with `--output FILE` the same command",
        };
        let text = match end {
            End::Done => {
                nothing_beyond(&self.results, tally.last())?;
                match tally.failed {
                    0 if tally.waiting > 0 => format!("{tally}; once they are answered, {again} continues"),
                    0 => tally.to_string(),
                    _ => format!("{tally}; {again} retries the failed lines"),
                }
            }
            End::Interrupted => format!("interrupted: {tally}; {again} continues from here"),
            End::Spent(cap) => format!(
                "stopped: {tally}; what is left of {cap} is not enough for another call: raise `--max-cost`; {again} continues from here"
            ),
            End::Broken(failure) => {
                host.stderr.notice(&format!("stopped: {tally}"));
                return Err(failure);
            }
        };
        let status = match is_done && tally.failed == 0 {
            true if tally.waiting > 0 => WAITS,
            is_well => u8::from(!is_well),
        };
        if !arguments.telling.quiet || status != 0 {
            host.stderr.notice(&text);
        }
        let tells = arguments.telling.json && arguments.each.output.is_some();
        if !tells {
            return Ok(Outcome::status(status));
        }
        let mut summary = tally.to_json();
        summary["spent"] = json!(costs.total());
        Ok(Outcome { status, ..Outcome::json(summary) })
    }
}
