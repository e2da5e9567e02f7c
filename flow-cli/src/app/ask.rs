//! Interactive answers on the terminal that started the run.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};

use flow_runtime::engine::{Runtime, Said};
use flow_runtime::graph::{Kind, Meta};
use flow_runtime::run::{Wait, WaitsFor};
use serde_json::Value;
use tokio::sync::mpsc;

use super::failure::Failure;
use super::host::Host;
use super::journal::refused;
use super::{input, waits};

/// Queue of open questions, asked one at a time.
pub(super) struct Desk {
    lines: mpsc::UnboundedReceiver<String>,
    open: VecDeque<Question>,
    user: Option<String>,
    max_bytes: u64,
}

pub(super) struct Question {
    wait: Wait,
    form: Form,
}

/// Grammar of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Review,
    Verdict,
    Value,
    Outcome,
}

/// Result of an input line.
pub(super) enum Heard {
    /// The question is answered, or no longer open.
    Settled(String),
    /// The question is asked again, for this reason.
    Again(String),
}

/// A step of the workflow that may wait for an answer, if there is one.
pub(super) fn asking(meta: &'static Meta) -> Option<&'static Meta> {
    meta.reachable().into_iter().find(|part| matches!(part.kind, Kind::Human | Kind::Signal))
}

impl Desk {
    /// Starts reading standard input.
    pub(super) fn open(host: &mut Host, max_bytes: u64) -> Self {
        let (user, lines) = (host.user(), lines_of(host.take_stdin(), max_bytes));
        Self { lines, open: VecDeque::new(), user, max_bytes }
    }

    /// Queues a question, and returns whether to ask it now. A question that is already queued (its answer was rejected) keeps its
    /// position.
    pub(super) fn add(&mut self, wait: Wait, workflow: Option<&'static Meta>) -> bool {
        let form = match wait.waits_for {
            timed if !timed.takes_answer() => return false,
            WaitsFor::Outcome => Form::Outcome,
            _ if waits::is_reviewed(&wait, workflow) => Form::Review,
            _ if waits::is_judged(&wait, workflow) => Form::Verdict,
            _ => Form::Value,
        };
        let is_same = |other: &&mut Question| (&other.wait.run, &other.wait.place) == (&wait.run, &wait.place);
        if let Some(asked) = self.open.iter_mut().find(is_same) {
            asked.wait = wait;
            return false;
        }
        self.open.push_back(Question { wait, form });
        self.open.len() == 1
    }

    /// Text of the current question.
    pub(super) fn question(&self) -> Option<String> {
        let Question { wait, form } = self.open.front()?;
        let how = match form {
            Form::Review => "`accept`, `edit JSON` or `reject REASON`",
            Form::Verdict => "`accept` or `reject REASON`",
            Form::Value => "JSON, or `@FILE`",
            Form::Outcome => "`happened JSON` with the output the step would have returned, or `did-not-happen`",
        };
        Some(format!("{}\n  answer with {how}, then press Enter", waits::asked(wait)))
    }

    /// Next line of input; pending while no question is open, `None` at the end of the input.
    pub(super) async fn line(&mut self) -> Option<String> {
        if self.open.is_empty() {
            return std::future::pending().await;
        }
        self.lines.recv().await
    }

    /// Answers the current question with a line of input.
    pub(super) async fn hear(&mut self, line: &str, runtime: &Runtime) -> Heard {
        let Some(Question { wait, form }) = self.open.front() else { return Heard::Again(String::new()) };
        let said = match form.read(line, self.max_bytes) {
            Ok(said) => said,
            Err(failure) => return Heard::Again(failure.to_string()),
        };
        let answering = runtime.answer(&wait.run, wait.place.as_str());
        let answering = self.user.iter().fold(answering, |answering, user| answering.by(user));
        match answering.say(said).await {
            Ok(_) => self.settled("answered"),
            Err(error) if self.still_waits(runtime).await => Heard::Again(refused(error).to_string()),
            Err(_) => self.settled("no longer waits"),
        }
    }

    /// The waits that are still unanswered.
    pub(super) fn into_waits(self) -> Vec<Wait> {
        self.open.into_iter().map(|question| question.wait).collect()
    }

    fn settled(&mut self, how: &str) -> Heard {
        let place = self.open.pop_front().map(|question| question.wait.place.to_string()).unwrap_or_default();
        Heard::Settled(format!("{how}  {place}"))
    }

    async fn still_waits(&self, runtime: &Runtime) -> bool {
        let Some(Question { wait, .. }) = self.open.front() else { return false };
        let open = waits::of(runtime, &wait.run).await;
        open.is_ok_and(|(_, open)| open.iter().any(|other| other.place == wait.place))
    }
}

impl Form {
    fn read(self, line: &str, max_bytes: u64) -> Result<Said, Failure> {
        let value = |source: &str| input::value("value", source, &mut std::io::empty(), max_bytes);
        let line = line.trim();
        let (verb, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim_start();
        match (self, verb) {
            (Self::Review | Self::Verdict, "accept") if rest.is_empty() => Ok(Said::Accept),
            (Self::Review, "edit") if !rest.is_empty() => value(rest).map(Said::Edit),
            (Self::Review | Self::Verdict, "reject") if !rest.is_empty() => Ok(Said::Reject(rest.to_owned())),
            (Self::Outcome, "did-not-happen") if rest.is_empty() => Ok(Said::DidNotHappen),
            (Self::Outcome, "happened") if rest.is_empty() => Ok(Said::Happened(Value::Null)),
            (Self::Outcome, "happened") => value(rest).map(Said::Happened),
            (Self::Value, _) if !line.is_empty() => value(line).map(Said::Whole),
            _ => Err(Failure::refused("unrecognized answer")),
        }
    }
}

/// Reads lines on a separate thread, so that a pending read does not delay program exit.
fn lines_of(source: Box<dyn Read + Send>, max_bytes: u64) -> mpsc::UnboundedReceiver<String> {
    let (send, receive) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let mut source = BufReader::new(source);
        loop {
            let mut line = Vec::new();
            match source.by_ref().take(max_bytes).read_until(b'\n', &mut line) {
                Ok(1..) if send.send(String::from_utf8_lossy(&line).into_owned()).is_ok() => {}
                _ => return,
            }
        }
    });
    receive
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: Form, line: &str) -> String {
        form.read(line, 1_000).map_or_else(|failure| failure.to_string(), |said| format!("{said:?}"))
    }

    #[test]
    fn an_answer_is_one_line() {
        for (form, line, said) in [
            (Form::Review, " accept \n", "Accept"),
            (Form::Review, "edit  {\"a\": 1}", "Edit(Object {\"a\": Number(1)})"),
            (Form::Review, "reject too long, and dull\n", "Reject(\"too long, and dull\")"),
            (Form::Value, "{\"stars\": 5}\n", "Whole(Object {\"stars\": Number(5)})"),
            (Form::Value, "3", "Whole(Number(3))"),
            (Form::Outcome, "happened", "Happened(Null)"),
            (Form::Outcome, "happened 7", "Happened(Number(7))"),
            (Form::Outcome, "did-not-happen", "DidNotHappen"),
        ] {
            assert_eq!(read(form, line), said);
        }
    }

    #[test]
    fn what_is_no_answer_is_asked_again() {
        for (form, line) in [
            (Form::Review, ""),
            (Form::Verdict, "edit {}"),
            (Form::Verdict, "reject"),
            (Form::Review, "yes"),
            (Form::Review, "accept it"),
            (Form::Review, "reject"),
            (Form::Review, "edit"),
            (Form::Value, " \n"),
            (Form::Outcome, "accept"),
        ] {
            assert_eq!(read(form, line), "unrecognized answer", "{line}");
        }
        assert!(read(Form::Value, "stars").contains("is not JSON"));
    }
}
