//! The command `review`: lists and answers waits for people and outside systems.

use flow_runtime::engine::{Answering, Said};
use flow_runtime::journal::Query;
use flow_runtime::run::{RunId, Status, Summary, Wait};
use serde_json::{Value, json};

use crate::app::arguments::{AtArguments, LookArguments, ReviewCommand};
use crate::app::failure::Failure;
use crate::app::host::Host;
use crate::app::journal::{Visit, refused};
use crate::app::setting::Setting;
use crate::app::shown::MADE_UP;
use crate::app::workflows::Workflows;
use crate::app::{Outcome, input, waits};

pub(in crate::app) async fn review(
    command: ReviewCommand,
    workflows: &Workflows,
    setting: &Setting,
    host: &mut Host,
) -> Result<Outcome, Failure> {
    let value = |source: &str, host: &mut Host| input::value("value", source, &mut host.stdin, setting.max_input_bytes);
    let (at, said) = match command {
        ReviewCommand::List { json, look } => return list(&look, json, workflows, setting, host).await,
        ReviewCommand::Accept(at) => (at, Said::Accept),
        ReviewCommand::Edit { at, value: given } => (at, Said::Edit(value(&given.value, host)?)),
        ReviewCommand::Reject { at, reason } => (at, Said::Reject(reason)),
        ReviewCommand::Answer { at, value: given } => (at, Said::Whole(value(&given.value, host)?)),
        ReviewCommand::Signal(signal) => return super::signal::send(&signal, workflows, setting, host).await,
        ReviewCommand::Happened { at, value: given } => (at, Said::Happened(value(&given, host)?)),
        ReviewCommand::DidNotHappen(at) => (at, Said::DidNotHappen),
    };
    let visit = Visit::begin(workflows, &at.look, setting, host)?;
    answer(&visit, &at, said, host).await
}

async fn answer(visit: &Visit, at: &AtArguments, said: Said, host: &Host) -> Result<Outcome, Failure> {
    let run = RunId::named(&at.run);
    let place = place(visit, &run, at.place.as_deref()).await?;
    let answering = visit.runtime.answer(&run, &place);
    let by = at.by.clone().or_else(|| host.user());
    let answering = by.into_iter().fold(answering, Answering::by);
    let later = judged_later(&answering.say(said).await.map_err(refused)?.judged_later);
    let goes_on = visit.goes_on(&[&at.run])?;
    Ok(Outcome::text(format!("answered `{place}` of run {run}; {goes_on}{later}")))
}

/// Names the gates that the executing process still has to apply to the answer.
fn judged_later(gates: &[&str]) -> String {
    if gates.is_empty() {
        return String::new();
    }
    let gates: Vec<_> = gates.iter().map(|gate| format!("`{gate}`")).collect();
    format!(
        "\n  {} will judge it when the run continues: if it is rejected, the step waits again and `review list` shows why",
        gates.join(", ")
    )
}

/// The given place, or else the only one that waits.
async fn place(visit: &Visit, run: &RunId, given: Option<&str>) -> Result<String, Failure> {
    let state = visit.state_of(run).await?;
    if let Some(place) = given {
        return Ok(place.to_owned());
    }
    if state.end.is_some() {
        return Err(Failure::refused(format!("run `{run}` has ended; nothing in it waits")));
    }
    let mut places: Vec<_> =
        state.waits().filter(|wait| is_answered(wait)).map(|wait| wait.place.to_string()).collect();
    places.sort_unstable();
    match &places[..] {
        [place] => Ok(place.clone()),
        [] => Err(Failure::refused(format!("nothing in run `{run}` waits for an answer"))),
        several => {
            let several: Vec<_> = several.iter().map(|place| format!("`{place}`")).collect();
            Err(Failure::refused(format!("several steps of run `{run}` wait: name one of {}", several.join(", "))))
        }
    }
}

fn is_answered(wait: &Wait) -> bool {
    wait.waits_for.takes_answer()
}

async fn list(
    look: &LookArguments,
    json: bool,
    workflows: &Workflows,
    setting: &Setting,
    host: &Host,
) -> Result<Outcome, Failure> {
    let visit = Visit::begin(workflows, look, setting, host)?;
    let runs = visit.runtime.runs(&Query::all().status([Status::Waiting])).await?;
    let of_run = |run: &'_ Summary| run.waits.clone().into_iter().filter(is_answered);
    let mut open: Vec<_> = runs.iter().flat_map(|run| of_run(run).map(move |wait| (run, wait))).collect();
    open.sort_by(|(_, one), (_, other)| (one.at, &one.run, &one.place).cmp(&(other.at, &other.run, &other.place)));
    if json {
        let entry = |(run, wait): &(&Summary, Wait)| {
            let mut entry = json!(wait);
            entry["workflow"] = run.workflow.as_str().into();
            if run.offline {
                entry["offline"] = true.into();
            }
            if let Some(why) = &run.error {
                entry["error"] = why.as_str().into();
            }
            entry
        };
        return Ok(Outcome::json(open.iter().map(entry).collect::<Value>()));
    }
    if open.is_empty() {
        host.stderr.notice("nothing waits");
        return Ok(Outcome::status(0));
    }
    let told = |(run, wait): &(&Summary, Wait)| {
        let meta = workflows.find(Some(&run.workflow)).ok().map(|workflow| workflow.meta());
        let made_up = if run.offline { format!(" ({MADE_UP})") } else { String::new() };
        let wait = waits::told_of(run.error.as_deref(), wait, meta, &visit.file);
        format!("run {} of {}{made_up}\n{wait}", run.run, run.workflow)
    };
    Ok(Outcome::text(open.iter().map(told).collect::<Vec<_>>().join("\n\n")))
}
