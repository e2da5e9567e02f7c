//! Live progress: one terminal line per running step, redrawn as it changes, and the end of one answer below its step.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use flow_runtime::event::Event;
use flow_runtime::run::Place;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::answers::Answers;
use super::places::{Group, without_indices};
use super::step::{StepEnd, Tries, told};
use crate::app::escape::Escape;

/// Redraw interval.
pub(super) const TICK: Duration = Duration::from_millis(100);

/// Live lines on standard error.
pub(in crate::app) struct Live {
    screen: MultiProgress,
    shown: Mutex<HashMap<String, Shown>>,
    answering: Mutex<Answering>,
}

/// The answers in progress, and the lines of the one that is shown.
#[derive(Default)]
struct Answering {
    answers: Answers,
    line: Option<(Place, ProgressBar)>,
}

struct Shown {
    group: Group,
    since: Instant,
    line: ProgressBar,
}

impl Live {
    pub(super) fn new() -> Self {
        Self { screen: MultiProgress::new(), shown: Mutex::default(), answering: Mutex::default() }
    }

    pub(super) fn event(&self, event: &Event) {
        match event {
            Event::WillStep { place, .. } => self.change(place, |group| group.underway += 1),
            Event::WillAttempt { place, attempt, turn, .. } => {
                let tries = Tries { attempt: *attempt, turn: *turn };
                self.change(place, |group| (group.tries, group.waits) = (tries, None));
            }
            Event::WillRetry { place, after, .. } => self.change(place, |group| group.waits = Some(*after)),
            Event::DidStep { place, error, is_cancelled, .. } => {
                let end = StepEnd::of(error.as_ref(), *is_cancelled);
                self.answer(|answers| answers.over(place));
                self.change(place, |group| group.ends(end));
                self.close(place, end);
            }
            Event::Said { place, at, text, .. } => self.answer(|answers| answers.said(place, *at, text)),
            Event::DidTakeBack { place, .. } => self.answer(|answers| answers.over(place)),
            _ => {}
        }
    }

    /// Changes the answers in progress, and shows the first of them.
    fn answer(&self, change: impl FnOnce(&mut Answers)) {
        let mut answering = self.answering.lock().unwrap_or_else(PoisonError::into_inner);
        let Answering { answers, line } = &mut *answering;
        change(answers);
        let first = answers.first();
        if let Some((_, old)) = line.take_if(|(place, _)| first.as_ref().is_none_or(|(first, _)| *first != place)) {
            old.finish_and_clear();
        }
        if let Some((place, text)) = first {
            let (_, line) = line.get_or_insert_with(|| (place.clone(), self.line_below(place)));
            line.set_message(text);
        }
    }

    /// An empty line below that of a step.
    fn line_below(&self, place: &Place) -> ProgressBar {
        let line = ProgressBar::new_spinner().with_style(style("{msg:.dim}"));
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        match shown.get(&without_indices(place).0) {
            Some(step) => self.screen.insert_after(&step.line, line),
            None => self.screen.add(line),
        }
    }

    fn change(&self, place: &Place, change: impl FnOnce(&mut Group)) {
        let (name, is_indexed) = without_indices(place);
        let mut all = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = all.entry(name.clone()).or_insert_with(|| Shown {
            group: Group::of(name, is_indexed),
            since: Instant::now(),
            line: self.line(),
        });
        change(&mut shown.group);
        shown.line.set_message(Escape::Text.apply(&shown.group.underway()).into_owned());
    }

    /// Replaces the live line of a step outside maps and loops with a permanent one.
    fn close(&self, place: &Place, end: StepEnd) {
        let (name, is_indexed) = without_indices(place);
        if is_indexed {
            return;
        }
        let closed = self.shown.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
        if let Some(Shown { group, since, line }) = closed {
            line.finish_and_clear();
            self.say(&told(place, group.tries, since.elapsed(), end));
        }
    }

    /// Replaces the remaining live lines with permanent ones.
    pub(super) fn end(&self) {
        self.answer(|answers| *answers = Answers::default());
        let mut left: Vec<_> = self.shown.lock().unwrap_or_else(PoisonError::into_inner).drain().collect();
        left.sort_by_key(|(_, shown)| shown.since);
        for (_, Shown { group, since, line }) in left {
            line.finish_and_clear();
            if group.done + group.failed + group.cancelled > 0 {
                self.say(&group.ended(since.elapsed()));
            }
        }
    }

    fn line(&self) -> ProgressBar {
        let line =
            self.screen.add(ProgressBar::new_spinner().with_style(style("{spinner:.cyan} {msg}  {elapsed:.dim}")));
        line.enable_steady_tick(TICK);
        line
    }

    pub(super) fn say(&self, text: &str) {
        // Losing a progress line is harmless.
        let _ = self.screen.println(Escape::Text.apply(text));
    }
}

pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use std::io;

    use flow_runtime::run::RunId;

    use super::*;

    #[test]
    fn a_step_has_a_line_while_it_is_under_way_and_a_map_one_to_the_end() {
        let live =
            Live { screen: MultiProgress::with_draw_target(indicatif::ProgressDrawTarget::hidden()), ..Live::new() };
        let run = flow_runtime::run::RunId::named("a");
        let place = |path: &str| -> Place { serde_json::from_value(path.into()).unwrap() };
        let will = |path| live.event(&Event::WillStep { run: run.clone(), place: place(path), step: "write" });
        let did = |path| {
            live.event(&Event::DidStep { run: run.clone(), place: place(path), error: None, is_cancelled: false });
        };
        let lines = || {
            let shown = live.shown.lock().unwrap();
            let mut lines: Vec<_> = shown.values().map(|shown| shown.line.message()).collect();
            lines.sort();
            lines
        };
        ["read", "map[0]/write", "map[1]/write"].into_iter().for_each(will);
        assert_eq!(lines(), ["map/write  2 under way, 0 done", "read"]);
        ["read", "map[1]/write"].into_iter().for_each(did);
        assert_eq!(lines(), ["map/write  1 under way, 1 done"]);
        live.end();
        assert!(lines().is_empty());
    }

    /// A terminal of 100 columns that keeps what is written to it.
    #[derive(Clone, Debug, Default)]
    struct Terminal(std::sync::Arc<Mutex<String>>);

    impl indicatif::TermLike for Terminal {
        fn width(&self) -> u16 {
            100
        }

        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(&format!("{text}\n"))
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }

        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_answer_reaches_the_terminal_without_control_sequences() {
        let terminal = Terminal::default();
        let target = indicatif::ProgressDrawTarget::term_like_with_hz(Box::new(terminal.clone()), 255);
        let live = Live { screen: MultiProgress::with_draw_target(target), ..Live::new() };
        let (run, place): (_, Place) = (RunId::named("a"), serde_json::from_value("write".into()).unwrap());
        live.event(&Event::WillStep { run: run.clone(), place: place.clone(), step: "write" });
        let text = "Dear\u{1b}[2J\rAnn\ndone    write  (1 s)".into();
        live.event(&Event::Said { run, place, attempt: 1, turn: None, at: 0, text });
        live.end();
        let written = terminal.0.lock().unwrap();
        assert!(written.contains("  | Dear\\u{1b}[2J\\u{d}Ann"), "{written:?}");
        assert!(written.contains("  | done    write"), "{written:?}");
        assert!(!written.contains("\u{1b}[2J") && !written.contains("\ndone"), "{written:?}");
    }

    #[test]
    fn an_answer_grows_below_its_step_until_it_is_taken_back_or_complete() {
        let hidden = MultiProgress::with_draw_target(indicatif::ProgressDrawTarget::hidden());
        let live = Live { screen: hidden, ..Live::new() };
        let (run, place) =
            (flow_runtime::run::RunId::named("a"), serde_json::from_value::<Place>("write".into()).unwrap());
        let said = |at, text: &str| {
            let (run, place, text) = (run.clone(), place.clone(), text.into());
            live.event(&Event::Said { run, place, attempt: 1, turn: None, at, text });
        };
        let shown = || live.answering.lock().unwrap().line.as_ref().map(|(_, line)| line.message());
        live.event(&Event::WillStep { run: run.clone(), place: place.clone(), step: "write" });
        assert_eq!(shown(), None);
        said(0, "Dear\u{1b}[2J");
        said(8, " Ann");
        assert_eq!(shown().as_deref(), Some("  | Dear\\u{1b}[2J Ann"));
        live.event(&Event::DidTakeBack { run: run.clone(), place: place.clone(), attempt: 1, turn: None });
        assert_eq!(shown(), None);
        said(0, "Hello");
        assert_eq!(shown().as_deref(), Some("  | Hello"));
        let (run, error, is_cancelled) = (run.clone(), None, false);
        live.event(&Event::DidStep { run, place: place.clone(), error, is_cancelled });
        assert_eq!(shown(), None);
    }
}
