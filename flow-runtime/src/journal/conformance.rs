//! The conformance suite for journals.
//!
//! ```
//! use flow_runtime::journal::{Memory, conformance};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! conformance::check(async || Memory::new()).await;
//! # }
//! ```

mod result;
mod script;
mod signals;

use futures_util::future::join_all;
use serde_json::json;

use self::result::ok;
use self::script::{Script, begin, end, finish, said, text, wait};
use super::{Journal, Query};
use crate::place::RunId;
use crate::run::{Record, Stamp, Status, Summary};

/// Runs the suite. `make` returns an empty journal on every call.
///
/// # Panics
///
/// Panics at the first violation, with what was expected and found.
pub async fn check<J: Journal>(make: impl AsyncFn() -> J) {
    keeps_the_order(&make().await).await;
    keeps_runs_apart(&make().await).await;
    queues_at_the_call(&make().await).await;
    keeps_what_was_said(&make().await).await;
    sums_up_as_records_do(&make().await).await;
    answers_queries(&make().await).await;
    forgets_what_ended(&make().await).await;
    forgets_answers_in_time(&make().await).await;
    keeps_many_runs(&make().await).await;
    takes_appends_at_once(&make().await).await;
    signals::check(&make).await;
}

/// Checks that records survive reopening. `open` opens a journal in the same location each time; the previous one has been
/// dropped by then.
///
/// # Panics
///
/// Like [`check`].
pub async fn check_reopening<J: Journal>(open: impl AsyncFn() -> J) {
    let run = RunId::fresh();
    let mut script = Script::new(run.clone());
    let mut written = Vec::new();
    for _ in 0..20 {
        let journal = open().await;
        for _ in 0..10 {
            let record = script.next();
            ok(journal.append(&run, std::slice::from_ref(&record)).await);
            written.push(record);
        }
        drop(journal);
        let journal = open().await;
        assert_eq!(ok(journal.read(&run).await), written, "records survive reopening");
        assert_eq!(ok(journal.runs(&Query::all()).await), [summary(&written)], "summaries survive reopening");
    }
}

async fn keeps_the_order(journal: &impl Journal) {
    let run = RunId::named("order");
    assert_eq!(ok(journal.read(&run).await), [], "a run that has not started has no records");
    let mut written = vec![begin(&run)];
    ok(journal.append(&run, &written).await);
    for batch in 1..50 {
        let records: Vec<_> = (0..batch % 4).map(|n| finish(&run, &format!("step[{batch}]/{n}"), json!(n))).collect();
        ok(journal.append(&run, &records).await);
        written.extend(records);
        assert_eq!(ok(journal.read(&run).await), written, "records come back in their order");
    }
}

async fn keeps_runs_apart(journal: &impl Journal) {
    let runs = [RunId::fresh(), RunId::fresh(), RunId::named("r"), RunId::named("R"), RunId::named("名 ' \" \0 🦀")];
    for run in &runs {
        ok(journal.append(run, &[begin(run), finish(run, "a", json!(run.to_string()))]).await);
    }
    let strange = RunId::named("never started");
    ok(journal.append(&strange, &[finish(&strange, "a", json!(1))]).await);
    assert_eq!(ok(journal.read(&strange).await), [], "records of a run that has not started are not stored");
    for run in &runs {
        let expected = [begin(run), finish(run, "a", json!(run.to_string()))];
        assert_eq!(ok(journal.read(run).await), expected, "run `{run}` has only its own records");
    }
    let listed: Vec<_> = ok(journal.runs(&Query::all()).await).into_iter().map(|summary| summary.run).collect();
    assert_eq!(listed, runs.iter().rev().cloned().collect::<Vec<_>>(), "the most recently started run comes first");
}

async fn queues_at_the_call(journal: &impl Journal) {
    let run = RunId::fresh();
    let mut written = vec![begin(&run)];
    drop(journal.append(&run, &written));
    for n in 0..100 {
        let record = finish(&run, &format!("step[{n}]"), json!(n));
        drop(journal.append(&run, std::slice::from_ref(&record)));
        written.push(record);
    }
    let last = end(&run, json!("last"));
    ok(journal.append(&run, std::slice::from_ref(&last)).await);
    written.push(last);
    assert_eq!(
        ok(journal.read(&run).await),
        written,
        "appends are stored in call order, even if their futures are dropped"
    );
}

async fn keeps_what_was_said(journal: &impl Journal) {
    let run = RunId::fresh();
    let long = text(60_000);
    let items: Vec<_> = (0..30).map(|n| json!({ "n": n, "text": text(9_000 + n) })).collect();
    let values = [
        json!(null),
        json!(""),
        json!("\u{0} \u{7f} \u{ffff} 🦀 \" \\ \u{2028} é"),
        json!([0.1, -0.0, 1e308, 5e-324, u64::MAX, i64::MIN, 1.0]),
        json!({ "b": 1, "a": { "": [[], {}] } }),
        json!(long),
        json!({ "~payload": "0123", "beside": long }),
        json!([{ "~payload": long }, { "~~payload": { "~payload": 5 } }, { "~payload": "0123" }]),
        json!(items),
        json!({ "first": items[0], "last": items[29] }),
    ];
    let mut written = vec![begin(&run)];
    ok(journal.append(&run, &written).await);
    for (n, value) in values.iter().enumerate() {
        let place = format!("step[{n}]");
        let records = said(&run, &place, value);
        ok(journal.append(&run, &records).await);
        written.extend(records);
    }
    let read = ok(journal.read(&run).await);
    for (read, written) in read.iter().zip(&written) {
        // Compared as text: equality of JSON objects ignores the order of fields.
        assert_eq!(
            serde_json::to_string(read).ok(),
            serde_json::to_string(written).ok(),
            "values are read back unchanged"
        );
    }
    assert_eq!(read.len(), written.len(), "no record is lost");
}

async fn sums_up_as_records_do(journal: &impl Journal) {
    let mut scripts: Vec<_> = (0..20).map(|_| (Script::new(RunId::fresh()), Vec::new())).collect();
    for _ in 0..40 {
        for (script, written) in &mut scripts {
            let records: Vec<_> = (0..fastrand::usize(1..4)).map(|_| script.next()).collect();
            ok(journal.append(&script.run, &records).await);
            written.extend(records);
        }
        let expected: Vec<_> = scripts.iter().rev().map(|(_, written)| summary(written)).collect();
        assert_eq!(
            ok(journal.runs(&Query::all()).await),
            expected,
            "summaries equal `Summary::apply` over the records"
        );
    }
}

async fn answers_queries(journal: &impl Journal) {
    let mut expected = Vec::new();
    for _ in 0..60 {
        let mut script = Script::new(RunId::fresh());
        let records: Vec<_> = (0..fastrand::usize(1..12)).map(|_| script.next()).collect();
        ok(journal.append(&script.run, &records).await);
        expected.insert(0, summary(&records));
    }
    let states = Status::ALL;
    let mut queries =
        vec![Query::all(), Query::all().limit(0), Query::all().limit(7), Query::all().workflow("nothing")];
    queries.extend(expected.iter().take(3).map(|summary| Query::all().run(summary.run.clone())));
    queries.push(Query::all().run(RunId::named("nothing")));
    queries.extend(states.map(|status| Query::all().status([status])));
    queries.extend(states.map(|status| Query::all().status([status, Status::Waiting]).workflow("screen").limit(3)));
    for query in queries {
        let wanted = expected.iter().filter(|summary| query.wants(summary)).take(query.limit.unwrap_or(usize::MAX));
        assert_eq!(ok(journal.runs(&query).await), wanted.cloned().collect::<Vec<_>>(), "{query:?}");
    }
    let open = |summary: &&Summary| matches!(summary.status, Status::Running | Status::Waiting);
    let open = expected.iter().rev().filter(open).map(|summary| (summary.run.clone(), summary.workflow.clone()));
    assert_eq!(ok(journal.unfinished().await), open.collect::<Vec<_>>(), "unfinished runs, the oldest first");
}

async fn forgets_what_ended(journal: &impl Journal) {
    let shared = json!(text(50_000));
    let runs: Vec<_> = (0..6).map(|n| RunId::named(format!("run {n}"))).collect();
    for run in &runs {
        ok(journal.append(run, &[begin(run), finish(run, "a", shared.clone())]).await);
    }
    for (n, run) in runs.iter().enumerate().take(4) {
        ok(journal.append(run, &[script::failed(run, Stamp(1_000 + n as u64))]).await);
    }
    ok(journal.append(&runs[0], &[Record::RunResumed { run: runs[0].clone(), at: Stamp(2_000) }]).await);
    assert_eq!(ok(journal.prune(Stamp(1_003)).await), 2, "runs 1 and 2 ended before; run 0 was resumed");
    assert_eq!(ok(journal.prune(Stamp(1_003)).await), 0, "they were pruned already");
    for (n, run) in runs.iter().enumerate() {
        let left = ok(journal.read(run).await);
        assert_eq!(left.is_empty(), n == 1 || n == 2, "run {n}: {} records", left.len());
        assert!(
            left.is_empty() || left[1] == finish(run, "a", shared.clone()),
            "shared values stay while another run refers to them"
        );
    }
    assert_eq!(ok(journal.runs(&Query::all()).await).len(), 4);
    // A pruned id can be used again.
    ok(journal.append(&runs[1], &[begin(&runs[1]), end(&runs[1], shared.clone())]).await);
    assert_eq!(ok(journal.read(&runs[1]).await), [begin(&runs[1]), end(&runs[1], shared)]);
}

async fn forgets_answers_in_time(journal: &impl Journal) {
    let (first, second) = (json!({ "said": text(20_000) }), json!("second"));
    assert_eq!(ok(journal.cached("key", Stamp(0)).await), None, "nothing was cached");
    ok(journal.cache("key", &first, Some(Stamp(100))).await);
    ok(journal.cache("other", &second, None).await);
    assert_eq!(ok(journal.cached("key", Stamp(99)).await), Some(first.clone()));
    assert_eq!(ok(journal.cached("key", Stamp(100)).await), None, "it has expired");
    assert_eq!(ok(journal.cached("other", Stamp(u64::MAX >> 1)).await), Some(second.clone()), "it does not expire");
    ok(journal.cache("key", &second, None).await);
    assert_eq!(ok(journal.cached("key", Stamp(100)).await), Some(second), "a later answer replaces it");
}

async fn keeps_many_runs(journal: &impl Journal) {
    const RUNS: usize = 10_000;
    let runs: Vec<_> = (0..RUNS).map(|_| RunId::fresh()).collect();
    let begun = join_all(runs.iter().map(|run| journal.append(run, &[begin(run), wait(run, "approve")]))).await;
    begun.into_iter().for_each(ok);
    let waiting = ok(journal.runs(&Query::all().status([Status::Waiting])).await);
    assert_eq!(waiting.len(), RUNS, "all runs wait");
    assert!(
        waiting.iter().map(|summary| &summary.run).eq(runs.iter().rev()),
        "the most recently started run comes first"
    );
    let latest = ok(journal.runs(&Query::all().limit(2)).await);
    assert_eq!(latest[..], waiting[..2]);
}

async fn takes_appends_at_once(journal: &impl Journal) {
    let runs: Vec<_> = (0..64).map(|_| RunId::fresh()).collect();
    join_all(runs.iter().map(async |run| {
        ok(journal.append(run, &[begin(run)]).await);
        for n in 0..50 {
            ok(journal.append(run, &[finish(run, &format!("step[{n}]"), json!({ "n": n }))]).await);
        }
    }))
    .await;
    for run in &runs {
        let steps = (0..50).map(|n| finish(run, &format!("step[{n}]"), json!({ "n": n })));
        let expected: Vec<_> = [begin(run)].into_iter().chain(steps).collect();
        assert_eq!(ok(journal.read(run).await), expected, "concurrent appends keep the order within each run");
    }
}

fn summary(records: &[Record]) -> Summary {
    let mut summary = Summary::begin(&records[0]).expect("a script begins a run");
    records[1..].iter().for_each(|record| summary.apply(record));
    summary
}
