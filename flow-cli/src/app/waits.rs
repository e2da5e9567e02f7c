//! Describes waits, with the commands that answer them.

use std::sync::Mutex;

use flow_runtime::contract::{EnumShape, Repr, Shape, shape_text};
use flow_runtime::engine::Runtime;
use flow_runtime::error::Result;
use flow_runtime::event::{Event, Observer};
use flow_runtime::graph::Meta;
use flow_runtime::media::{MediaKind, MediaSource};
use flow_runtime::prompt::Part;
use flow_runtime::run::{Place, RunId, RunState, Wait, WaitsFor};
use tokio::sync::mpsc;

use super::journal::File;
use super::shown::{bytes, cited, moment};

/// Reports each step that starts to wait.
pub(super) struct Watcher(Mutex<mpsc::UnboundedSender<(RunId, Place)>>);

impl Watcher {
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<(RunId, Place)>) {
        let (send, receive) = mpsc::unbounded_channel();
        (Self(Mutex::new(send)), receive)
    }
}

impl Observer for Watcher {
    fn event(&self, event: &Event) {
        if let Event::WillWait { run, place, .. } = event {
            let send = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            // Sending fails only if the receiver is gone.
            let _ = send.send((run.clone(), place.clone()));
        }
    }
}

/// The workflow of a run and its open waits, oldest first.
pub(super) async fn of(runtime: &Runtime, run: &RunId) -> Result<(String, Vec<Wait>)> {
    let state = RunState::of(runtime.records(run).await?);
    let mut waits: Vec<_> = if state.end.is_none() { state.waits().cloned().collect() } else { Vec::new() };
    waits.sort_by(|one, other| (one.at, &one.place).cmp(&(other.at, &other.place)));
    Ok((state.began.map(|began| began.workflow).unwrap_or_default(), waits))
}

/// How to answer a wait that is held in memory.
const HELD: &str = "ends with this process; to answer it, run the same command on a terminal, use `review` with --journal FILE, or \
     use HTTP with `serve`";

/// The same, for a line of `--each`.
pub(super) const HELD_LINE: &str =
    "held in memory until the wait times out; to answer it with `review`, pass --journal FILE";

/// Describes a wait that is held in memory.
pub(super) fn held(wait: &Wait) -> String {
    format!("{}\n  run {} is held in memory and {HELD}", asked(wait), wait.run)
}

/// Describes the wait of a line of `--each`, on one line.
pub(super) fn asked_of_line(line: u64, wait: &Wait) -> String {
    format!("waits   line {line}: {}  {}", wait.place, who(wait))
}

/// Describes a wait: place, who answers, deadline, and the text to read.
pub(super) fn asked(wait: &Wait) -> String {
    let mut text = format!("waits   {}  {}", wait.place, who(wait));
    for message in wait.prompt.iter().flat_map(|prompt| &prompt.messages) {
        text += &format!("\n{}", cited(&read(message.content.parts())));
    }
    if wait.waits_for == WaitsFor::Person && wait.prompt.is_none() && !wait.key.is_null() {
        text += &format!("\n{}", cited(&format!("{:#}", wait.key)));
    }
    if wait.waits_for == WaitsFor::Signal && !wait.key.is_null() {
        text += &format!("\n  key: {}", wait.key);
    }
    if let Some(rejected) = &wait.rejected {
        text += "\n  the last answer was rejected:";
        text.extend(rejected.reasons.iter().map(|reason| format!("\n  - {reason}")));
    }
    text
}

/// The text that a person reads, with a note in place of each attachment.
fn read(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text { text: more } => text += more,
            Part::Media { media_type, source } => text += &attached(media_type, source),
            _ => {}
        }
    }
    text
}

fn attached(media_type: &str, source: &MediaSource) -> String {
    match source {
        // The bytes are unknown if only the wait was read.
        MediaSource::Data(data) if data.is_empty() => format!("[{media_type}, {}]", data.hash()),
        MediaSource::Data(data) => format!("[{media_type}, {}, {}]", bytes(data.len()), data.hash()),
        MediaSource::Url(url) => {
            let kind = MediaKind::of(media_type).map_or(media_type, |kind| kind.name());
            format!("[{kind} at {url}]")
        }
        _ => format!("[{media_type}]"),
    }
}

/// Like [`told`], but `stuck` says why the run cannot be answered.
pub(super) fn told_of(stuck: Option<&str>, wait: &Wait, workflow: Option<&'static Meta>, file: &File) -> String {
    match stuck {
        None => told(wait, workflow, file),
        Some(why) => format!("{}\n  cannot be answered: {why}", asked(wait)),
    }
}

/// Describes a wait, with the commands that answer it.
pub(super) fn told(wait: &Wait, workflow: Option<&'static Meta>, file: &File) -> String {
    let mut text = asked(wait);
    if workflow.is_none() && wait.waits_for.takes_answer() {
        return format!("{text}\n  cannot be answered by this program, which does not have its workflow");
    }
    let step = workflow.and_then(|meta| meta.step_at(&wait.place));
    let (run, place) = (wait.run.to_string(), wait.place.as_str());
    let command = |verb: &str, rest: &str| format!("{}{rest}", file.command(&["review", verb, &run, place]));
    let commands = match wait.waits_for {
        timed if !timed.takes_answer() => Vec::new(),
        WaitsFor::Outcome => vec![command("happened", ""), command("did-not-happen", "")],
        WaitsFor::Person if is_reviewed(wait, workflow) => {
            vec![command("accept", ""), command("edit", " --value JSON"), command("reject", " --reason TEXT")]
        }
        WaitsFor::Person if step.is_some_and(Meta::gives_verdict) => {
            vec![command("accept", ""), command("reject", " --reason TEXT")]
        }
        _ => {
            let shape = step.map(|step| shape_text(step.output.shape));
            let shape = shape.map_or_else(String::new, |shape| format!("   where JSON is {}", shape.as_str()));
            vec![format!("{}{shape}", command("answer", " --value JSON"))]
        }
    };
    for (at, command) in commands.iter().enumerate() {
        text += &format!("\n  {}  {command}", if at == 0 { "answer with" } else { "         or" });
    }
    text
}

/// When the run can continue, as an adverbial phrase.
pub(super) fn over(waits: &[Wait]) -> String {
    let timed: Vec<_> = waits.iter().filter(|wait| !wait.waits_for.takes_answer()).collect();
    match timed.iter().filter_map(|wait| wait.until).min() {
        Some(until) if timed.len() == waits.len() => format!("after {}", moment(until)),
        _ => "once it is answered".to_owned(),
    }
}

fn who(wait: &Wait) -> String {
    let until = wait.until.map_or_else(String::new, |until| format!(" until {}", moment(until)));
    match wait.waits_for {
        WaitsFor::Person => format!("for a person{until}"),
        WaitsFor::Signal => format!("for an outside system{until}"),
        WaitsFor::Retry => format!("for its next attempt{until}"),
        WaitsFor::Outcome => "for a person to find out whether its effect happened".to_owned(),
        _ => until.trim_start().to_owned(),
    }
}

/// Whether the wait is answered with accept, edit or reject.
pub(super) fn is_reviewed(wait: &Wait, workflow: Option<&'static Meta>) -> bool {
    let step = workflow.and_then(|meta| meta.step_at(&wait.place));
    wait.waits_for == WaitsFor::Person && step.is_none_or(|step| is_review(step.output.shape))
}

/// Whether the wait is answered with accept or reject.
pub(super) fn is_judged(wait: &Wait, workflow: Option<&'static Meta>) -> bool {
    let step = workflow.and_then(|meta| meta.step_at(&wait.place));
    wait.waits_for == WaitsFor::Person && step.is_some_and(Meta::gives_verdict)
}

/// Whether the shape is that of `Review`.
fn is_review(shape: &Shape) -> bool {
    matches!(shape, Shape::Enum(EnumShape { repr: Repr::Adjacent { tag: "decision", content: "value" }, .. }))
}

#[cfg(test)]
mod tests {
    use flow_runtime::media::Image;

    use super::*;

    #[test]
    fn attachments_are_noted_where_they_are() {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.resize(48_200, 0);
        let (photo, page) = (Image::bytes(None, png).unwrap(), Image::url("https://a.example/b.png").unwrap());
        let MediaSource::Data(data) = photo.medium().source() else { panic!("a picture at a URL") };
        let parts = [Part::text("Is "), Part::media(photo.medium()), Part::text(" like "), Part::media(page.medium())];
        let expected = format!("Is [image/png, 48 kB, {}] like [image at https://a.example/b.png]", data.hash());
        assert_eq!(read(&parts), expected);
    }
}
