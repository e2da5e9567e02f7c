//! Signals are delivered once, to all waiting steps, or kept for the first step that waits later.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use super::result::ok;
use super::script::{at_place, begin, end};
use crate::error::Error;
use crate::journal::{Delivered, Journal, Judged, Query, Signal, Slot};
use crate::place::{Place, RunId};
use crate::run::{Record, Stamp, Wait, WaitsFor};

pub(super) async fn check<J: Journal>(make: &impl AsyncFn() -> J) {
    gives_to_all_that_wait(&make().await).await;
    gives_nothing_to_those_that_lost_a_race(&make().await).await;
    keeps_for_the_first_that_comes(&make().await).await;
    knows_repeats(&make().await).await;
    forgets_in_time(&make().await).await;
    loses_none(&make().await).await;
}

fn signal(key: u32, answer: Value) -> Signal {
    let (slot, at, until) = (Slot::new("paid", &json!(key)), Stamp(100), Stamp(200));
    Signal { slot, answer, id: None, by: Some("shop".into()), at, until }
}

fn waiting(run: &RunId, place: &str, key: u32) -> Record {
    Record::Waiting(Box::new(Wait {
        run: run.clone(),
        place: at_place(place),
        step: "paid".into(),
        id: None,
        waits_for: WaitsFor::Signal,
        key: json!(key),
        prompt: None,
        until: None,
        rejected: None,
        at: Stamp(90),
    }))
}

async fn waits(journal: &impl Journal, run: &RunId, place: &str, key: u32, now: u64) -> Option<Record> {
    let (records, slot) = ([waiting(run, place, key)], Slot::new("paid", &json!(key)));
    let appended = journal.log(run).append_wait(&records, &at_place(place), &slot, Stamp(now)).await;
    ok(appended.map_err(Error::from))
}

async fn begun(journal: &impl Journal, names: &[&str]) -> Vec<RunId> {
    let runs: Vec<_> = names.iter().map(|name| RunId::named(*name)).collect();
    for run in &runs {
        ok(journal.append(run, &[begin(run)]).await);
    }
    runs
}

async fn answers(journal: &impl Journal, run: &RunId) -> Vec<(Place, Value)> {
    let answered = |record| match record {
        Record::Answered { place, answer, .. } => Some((place, answer)),
        _ => None,
    };
    ok(journal.read(run).await).into_iter().filter_map(answered).collect()
}

async fn gives_to_all_that_wait(journal: &impl Journal) {
    let runs = begun(journal, &["a", "b", "c", "d"]).await;
    assert_eq!(waits(journal, &runs[0], "paid", 7, 95).await, None);
    ok(journal.append(&runs[1], &[waiting(&runs[1], "map[0]/paid", 7), waiting(&runs[1], "map[1]/paid", 7)]).await);
    assert_eq!(waits(journal, &runs[2], "paid", 8, 95).await, None, "it waits for another key");
    assert_eq!(waits(journal, &runs[3], "paid", 7, 95).await, None);
    ok(journal.append(&runs[3], &[end(&runs[3], json!(1))]).await);
    let not = Judged { run: runs[1].clone(), place: at_place("map[0]/paid"), accepts: false };
    let given = ok(journal.signal(&signal(7, json!("yes")), std::slice::from_ref(&not)).await);
    let to = [(runs[0].clone(), at_place("paid")), (runs[1].clone(), at_place("map[1]/paid"))];
    assert_eq!(given, Delivered::To(to.to_vec()), "all waiting steps receive it, except those that reject it");
    for (run, place) in &to {
        assert_eq!(answers(journal, run).await, [(place.clone(), json!("yes"))]);
    }
    assert!(answers(journal, &runs[2]).await.is_empty() && answers(journal, &runs[3]).await.is_empty());
    let left = ok(journal.runs(&Query::all()).await).into_iter().flat_map(|run| run.waits);
    assert_eq!(left.map(|wait| wait.place).collect::<Vec<_>>(), [at_place("paid"), at_place("map[0]/paid")]);
    let none = ok(journal.signal(&signal(7, json!("no")), &[not]).await);
    assert_eq!(none, Delivered::To(Vec::new()), "a signal that all waiting steps reject is not kept");
    assert_eq!(waits(journal, &runs[0], "paid.2", 7, 110).await, None, "nothing was kept");
}

async fn gives_nothing_to_those_that_lost_a_race(journal: &impl Journal) {
    let run = &begun(journal, &["a"]).await[0];
    let places = ["race[0]/paid", "race[1]/paid", "race[10]/paid", "race[1]/race.2[3]/paid"];
    for place in places {
        assert_eq!(waits(journal, run, place, 7, 95).await, None);
    }
    let choice =
        |race: &str, branch| Record::BranchChosen { run: run.clone(), place: at_place(race), branch, at: Stamp(96) };
    ok(journal.append(run, &[choice("race", 1)]).await);
    let left = ok(journal.runs(&Query::all()).await).into_iter().flat_map(|run| run.waits);
    let left: Vec<_> = left.map(|wait| wait.place).collect();
    assert_eq!(left, [at_place(places[1]), at_place(places[3])], "the waits of the other branches are withdrawn");
    ok(journal.append(run, &[choice("race[1]/race.2", 0)]).await);
    let given = ok(journal.signal(&signal(7, json!("yes")), &[]).await);
    assert_eq!(given, Delivered::To(vec![(run.clone(), at_place(places[1]))]));
}

async fn keeps_for_the_first_that_comes(journal: &impl Journal) {
    let runs = begun(journal, &["a", "b"]).await;
    let long = json!("long ".repeat(20_000));
    for answer in [json!(1), long.clone(), json!(null)] {
        assert_eq!(ok(journal.signal(&signal(7, answer), &[]).await), Delivered::Kept);
    }
    assert_eq!(waits(journal, &runs[0], "paid", 8, 110).await, None, "another key");
    let place = at_place("paid");
    for (run, at, answer) in
        [(&runs[1], "paid", json!(1)), (&runs[0], "paid.2", long), (&runs[1], "paid.2", json!(null))]
    {
        let (by, place) = (Some("shop".to_owned()), at_place(at));
        let expected =
            Record::Answered { run: run.clone(), place: place.clone(), answer: answer.clone(), by, at: Stamp(110) };
        assert_eq!(waits(journal, run, at, 7, 110).await, Some(expected.clone()), "the oldest first");
        let records = ok(journal.read(run).await);
        assert_eq!(records[records.len() - 2..], [waiting(run, at, 7), expected], "the wait, and its end");
    }
    assert_eq!(waits(journal, &runs[0], "paid.3", 7, 110).await, None, "each signal is taken once");
    let open: Vec<_> = ok(journal.runs(&Query::all()).await).into_iter().flat_map(|run| run.waits).collect();
    assert_eq!(open.iter().map(|wait| &wait.place).collect::<Vec<_>>(), [&place, &at_place("paid.3")]);
}

async fn knows_repeats(journal: &impl Journal) {
    let runs = begun(journal, &["a", "b"]).await;
    let event = |id: &str, key| Signal { id: Some(id.into()), ..signal(key, json!(id)) };
    assert_eq!(ok(journal.signal(&event("one", 7), &[]).await), Delivered::Kept);
    assert_eq!(ok(journal.signal(&event("one", 7), &[]).await), Delivered::Repeated, "while it is kept");
    assert!(waits(journal, &runs[0], "paid", 7, 110).await.is_some());
    assert_eq!(ok(journal.signal(&event("one", 7), &[]).await), Delivered::Repeated, "after it was delivered");
    assert_eq!(waits(journal, &runs[1], "paid", 8, 110).await, None);
    assert_eq!(
        ok(journal.signal(&event("two", 8), &[]).await),
        Delivered::To(vec![(runs[1].clone(), at_place("paid"))])
    );
    assert_eq!(ok(journal.signal(&event("two", 9), &[]).await), Delivered::Repeated, "whatever its key");
    let other = Signal { slot: Slot::new("shipped", &json!(8)), ..event("two", 8) };
    assert_eq!(ok(journal.signal(&other, &[]).await), Delivered::Kept, "an id counts per step");
    assert_eq!(
        ok(journal.signal(&signal(9, json!(1)), &[]).await),
        Delivered::Kept,
        "a signal without an id is never a repeat"
    );
    assert_eq!(ok(journal.signal(&signal(9, json!(1)), &[]).await), Delivered::Kept);
    let later = Signal { at: Stamp(200), until: Stamp(300), ..event("one", 7) };
    assert_eq!(ok(journal.signal(&later, &[]).await), Delivered::Kept, "its id has expired");
}

async fn forgets_in_time(journal: &impl Journal) {
    let runs = begun(journal, &["a"]).await;
    assert_eq!(ok(journal.signal(&signal(7, json!(1)), &[]).await), Delivered::Kept);
    assert_eq!(ok(journal.signal(&Signal { until: Stamp(300), ..signal(7, json!(2)) }, &[]).await), Delivered::Kept);
    let second = waits(journal, &runs[0], "paid", 7, 200).await;
    assert!(matches!(second, Some(Record::Answered { answer, .. }) if answer == 2), "the first has expired");
    assert_eq!(waits(journal, &runs[0], "paid.2", 7, 200).await, None);
}

/// Whether the wait or the signal comes first, each signal reaches exactly one step.
async fn loses_none(journal: &impl Journal) {
    const RUNS: u32 = 50;
    let runs: Vec<_> = (0..RUNS).map(|_| RunId::fresh()).collect();
    join_all(runs.iter().map(async |run| ok(journal.append(run, &[begin(run)]).await))).await;
    let waits = join_all((0..RUNS).map(async |n| waits(journal, &runs[n as usize], "paid", n, 110).await.is_some()));
    let signals = join_all((0..RUNS).map(async |n| ok(journal.signal(&signal(n, json!(n)), &[]).await)));
    let (waits, signals) = join(waits, signals).await;
    for n in 0..RUNS as usize {
        let (taken, kept) = (waits[n], signals[n] == Delivered::Kept);
        assert_eq!(taken, kept, "signal {n} is given when it comes, or taken when the wait begins");
        assert_eq!(answers(journal, &runs[n]).await, [(at_place("paid"), json!(n))]);
    }
}
