//! `runs list`: one line per run.

use flow_runtime::journal::Query;
use flow_runtime::run::{Status, Summary};
use serde_json::json;

use crate::app::Outcome;
use crate::app::failure::Failure;
use crate::app::host::Host;
use crate::app::journal::{Visit, refused};
use crate::app::shown::{MADE_UP, moment, start_of, table};

pub(super) async fn list(
    visit: &Visit,
    status: Option<&str>,
    workflow: Option<String>,
    limit: usize,
    json: bool,
    host: &Host,
) -> Result<Outcome, Failure> {
    let mut query = Query::all();
    if let Some(status) = status {
        query = query.status([status.parse::<Status>().map_err(refused)?]);
    }
    query.workflow = workflow;
    // Query one more, to know whether runs are left out.
    query.limit = Some(limit.saturating_add(1));
    let mut runs = visit.runtime.runs(&query).await?;
    if runs.len() > limit {
        runs.truncate(limit);
        host.stderr.notice(&format!("only {limit} runs are shown, and there are more: raise `--limit`"));
    }
    if json {
        return Ok(Outcome::json(json!(runs)));
    }
    if runs.is_empty() {
        host.stderr.notice("no matching runs");
        return Ok(Outcome::status(0));
    }
    let rows: Vec<_> = runs.iter().map(row).collect();
    let heads = ["run", "workflow", "status", "started", "steps", "cost", ""];
    Ok(Outcome::text(table(heads, [false, false, false, false, true, true, false], &rows)))
}

fn row(run: &Summary) -> [String; 7] {
    let waits: Vec<_> = run.waits.iter().map(|wait| wait.place.as_str()).collect();
    let made_up = run.offline.then(|| MADE_UP.to_owned());
    let more = match &run.error {
        Some(error) => Some(start_of(error)),
        None if waits.is_empty() => None,
        None => Some(format!("for {}", waits.join(", "))),
    };
    let more = Vec::from_iter(made_up.into_iter().chain(more)).join("; ");
    let cost = if run.spent.is_nothing() { String::new() } else { run.spent.to_string() };
    [
        run.run.to_string(),
        run.workflow.clone(),
        run.status.name().to_owned(),
        moment(run.started),
        run.steps.to_string(),
        cost,
        more,
    ]
}
