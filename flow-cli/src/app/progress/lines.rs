//! Progress of `run --each`: a bar on a terminal, otherwise an occasional line.

use std::fmt::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::live::{TICK, style};
use crate::app::costs::Costs;
use crate::app::each::Tally;
use crate::app::escape::Escape;
use crate::app::host::{Host, Stream};

/// Interval between progress lines in a log.
const SILENCE: Duration = Duration::from_secs(10);

const BAR: &str = "{bar:30.cyan} {pos}/{len} lines, {msg}, {rate}, {eta} left";
const COUNT: &str = "{spinner:.cyan} {pos} lines, {msg}, {rate}, {elapsed}";

/// Shows how many lines are done.
pub(in crate::app) struct Lines {
    face: Face,
    /// Costs to show, if any.
    costs: Option<Costs>,
}

enum Face {
    Quiet,
    Plain { stream: Stream, told: Instant },
    Bar(ProgressBar),
}

impl Lines {
    /// Uses a bar only if results do not go to the same terminal; `prints` means that they go to standard output.
    pub(in crate::app) fn new(host: &Host, quiet: bool, prints: bool, tally: &Tally, costs: Option<Costs>) -> Self {
        let has_terminal = host.is_watched && !(prints && host.shows_output);
        let face = match (quiet, has_terminal) {
            (true, _) => Face::Quiet,
            (false, false) => Face::Plain { stream: host.stderr.clone(), told: Instant::now() },
            (false, true) => Face::Bar(bar(tally)),
        };
        Self { face, costs }
    }

    pub(in crate::app) fn show(&mut self, tally: &Tally) {
        match &mut self.face {
            Face::Quiet => {}
            Face::Plain { stream, told } => {
                if told.elapsed() >= SILENCE {
                    *told = Instant::now();
                    stream.notice(&self.costs.iter().fold(standing(tally), with_costs));
                }
            }
            Face::Bar(bar) => {
                bar.set_position(tally.ended());
                let message = format!("{} failed, {} under way", tally.failed, tally.underway);
                bar.set_message(self.costs.iter().fold(message, with_costs));
            }
        }
    }

    /// Prints a line above the bar.
    pub(in crate::app) fn notice(&self, text: &str) {
        match &self.face {
            Face::Quiet => {}
            Face::Plain { stream, .. } => stream.notice(text),
            Face::Bar(bar) => bar.println(Escape::Text.apply(text)),
        }
    }

    /// Clears the bar.
    pub(in crate::app) fn end(&self) {
        if let Face::Bar(bar) = &self.face {
            bar.finish_and_clear();
        }
    }
}

fn bar(tally: &Tally) -> ProgressBar {
    let target = ProgressDrawTarget::stderr();
    let bar = match tally.asked() {
        Some(asked) => ProgressBar::with_draw_target(Some(asked), target).with_style(with_rate(BAR)),
        None => ProgressBar::with_draw_target(None, target).with_style(with_rate(COUNT)),
    };
    bar.enable_steady_tick(TICK);
    bar
}

/// Adds `{rate}`, in lines per second.
fn with_rate(template: &str) -> ProgressStyle {
    style(template).with_key("rate", |state: &ProgressState, text: &mut dyn Write| {
        let _ = write!(text, "{:.1}/s", state.per_sec());
    })
}

/// `120 of 300 lines: 110 done, 10 failed, 16 under way`
fn standing(tally: &Tally) -> String {
    let of = tally.asked().map_or(String::new(), |asked| format!(" of {asked}"));
    let Tally { done, failed, underway, .. } = tally;
    format!("{}{of} lines: {done} done, {failed} failed, {underway} under way", tally.ended())
}

fn with_costs(text: String, costs: &Costs) -> String {
    let total = costs.total();
    if total.is_nothing() { text } else { format!("{text}, {total}") }
}
