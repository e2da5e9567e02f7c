//! Failures known from other engines when runs are resumed, one test each.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow::ErrorKind;
use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, Price, Provider, Reply, Request, Spent, Usage};
use flow::run::{Record, RunId, Status};
use flow::serde_json::json;

use super::support::{Counts, process, settle, tokio_clock};

/// Long enough for everything quick, too short for steps that take a minute.
async fn a_while() {
    flow::tokio::time::sleep(Duration::from_secs(30)).await;
}

#[step]
async fn quick(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("quick {n}"));
    Ok(n + 1)
}

#[step]
async fn slow(n: u32, #[state] counts: &Counts) -> Result<u32> {
    counts.count(format!("slow {n}"));
    flow::tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(n + 10)
}

#[workflow]
async fn siblings(#[state] counts: &Counts) -> Result<Vec<u32>> {
    let (a, b) = try_join!(
        async {
            let n = quick(1, counts).await?;
            quick(n, counts).await
        },
        slow(100, counts)
    )?;
    map(vec![a, b, 7], async |n| {
        let n = quick(n, counts).await?;
        if n == 8 { slow(n, counts).await } else { quick(n, counts).await }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn finished_siblings_are_not_run_again() {
    let (journal, counts) = (Memory::new(), Counts::default());
    // The first process dies in the join, the second in the map, each with one sibling under way and the others done.
    for lives in [30, 90] {
        let runtime = process(&journal, &counts);
        drop(runtime.start(siblings().id("r")).await.unwrap());
        flow::tokio::time::sleep(Duration::from_secs(lives)).await;
        runtime.shut_down(Duration::ZERO).await;
    }
    let output = process(&journal, &counts).run(siblings().id("r")).await.unwrap();
    assert_eq!(output, [5, 112, 18]);
    let again: Vec<_> = counts.all().into_iter().filter(|(_, times)| *times != 1).collect();
    assert_eq!(again, [("slow 100".into(), 2), ("slow 8".into(), 2)]);
    assert_eq!(counts.all().len(), 2 + 2 + 5);
}

#[step(human, timeout = "7d", prompt = "Is this right?\n\n{{ text }}")]
async fn approve(text: &str) -> Result<Review<String>>;

#[workflow]
async fn proofread(texts: Vec<String>) -> Result<Vec<String>> {
    map(texts, async |text| {
        let mut text = text;
        #[bound(3)]
        loop {
            match approve(&text).await? {
                Review::Accept(text) => return Ok(text),
                Review::Edit(edited) => text = edited,
                Review::Reject { reason } => flow::bail!("{reason}"),
            }
        }
    })
    .await
}

/// The waiting steps and the texts shown to people.
async fn shown(runtime: &Runtime) -> Vec<(String, String)> {
    let waits = runtime.runs(&Query::all()).await.unwrap().remove(0).waits;
    let text = |wait: &flow::run::Wait| wait.prompt.as_ref().unwrap().messages[0].text().into_owned();
    let mut shown: Vec<_> = waits.iter().map(|wait| (wait.place.to_string(), text(wait))).collect();
    shown.sort();
    shown
}

#[tokio::test(start_paused = true)]
async fn an_answer_belongs_to_its_item_and_its_turn() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let (id, texts) = (RunId::named("r"), ["a", "b", "c"].map(str::to_owned).to_vec());
    let place = |item: usize, turn: usize| format!("map[{item}]/loop[{turn}]/approve");
    // The last item is edited first, the middle one twice; each answer goes to a new process.
    for (item, turn, text) in [(2, 0, "c1"), (1, 0, "b1"), (1, 1, "b2")] {
        let runtime = process(&journal, &counts);
        drop(runtime.start(proofread(texts.clone()).id("r")).await.unwrap());
        settle().await;
        runtime.answer(&id, &place(item, turn)).edit(json!(text)).await.unwrap();
        settle().await;
        runtime.shut_down(Duration::ZERO).await;
    }
    let runtime = process(&journal, &counts);
    let handle = runtime.start(proofread(texts).id("r")).await.unwrap();
    settle().await;
    let asks = |text: &str| format!("Is this right?\n\n{text}");
    let open = [(0, 0, "a"), (1, 2, "b2"), (2, 1, "c1")];
    assert_eq!(shown(&runtime).await, open.map(|(item, turn, text)| (place(item, turn), asks(text))));
    // Answered turns are over: a late answer to one must not reach the turn that waits now.
    let late = runtime.answer(&id, &place(1, 1)).accept().await.unwrap_err();
    assert!(late.message().starts_with("no step is waiting at `map[1]/loop[1]/approve`"), "{late}");
    for (item, turn, _) in open.into_iter().rev() {
        runtime.answer(&id, &place(item, turn)).accept().await.unwrap();
    }
    assert_eq!(handle.result().await.unwrap(), ["a", "b2", "c1"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_edit_leaves_the_original() {
    let (journal, counts) = (Memory::new(), Counts::default());
    let (id, place) = (RunId::named("r"), "map[0]/loop[0]/approve");
    let runtime = process(&journal, &counts);
    drop(runtime.start(proofread(vec!["the original".into()]).id("r")).await.unwrap());
    settle().await;
    let before = runtime.records(&id).await.unwrap();
    for edit in [json!(7), json!(null), json!({ "text": "the original" })] {
        let refused = runtime.answer(&id, place).edit(edit.clone()).await.unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::ContractViolated { .. }), "{edit}: {refused}");
    }
    assert_eq!(runtime.records(&id).await.unwrap(), before, "nothing of it is kept");
    runtime.shut_down(Duration::ZERO).await;

    let runtime = process(&journal, &counts);
    let handle = runtime.start(proofread(vec!["the original".into()]).id("r")).await.unwrap();
    settle().await;
    assert_eq!(shown(&runtime).await, [(place.into(), "Is this right?\n\nthe original".into())]);
    runtime.answer(&id, place).accept().await.unwrap();
    assert_eq!(handle.result().await.unwrap(), ["the original"]);
}

/// A dollar per output token.
const DEAR: Model = Model::new("till/dear").max_output_tokens(50).price(Price::per_million("0", "1000000"));

/// Answers and counts, but hangs for an hour at one call.
#[derive(Clone, Default)]
struct Till {
    /// The output tokens of all answers, across processes.
    answered: Arc<Mutex<Vec<u64>>>,
    /// The call of this process at which it hangs, counted from 1.
    hangs_at: usize,
    asked: Arc<Mutex<usize>>,
}

impl Till {
    /// The same till in another process.
    fn reopened(&self, hangs_at: usize) -> Self {
        Self { answered: self.answered.clone(), hangs_at, asked: Arc::default() }
    }

    fn process(&self, journal: &Memory) -> Runtime {
        let runtime = Runtime::builder().journal(journal.clone()).clock(tokio_clock);
        runtime.provider(self.clone()).build().unwrap()
    }
}

impl Provider for Till {
    fn name(&self) -> &str {
        "till"
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            let asked = {
                let mut asked = self.asked.lock().unwrap();
                *asked += 1;
                *asked
            };
            if asked == self.hangs_at {
                flow::tokio::time::sleep(Duration::from_secs(3600)).await;
            }
            let messages = &request.prompt.messages;
            let n: u64 = messages[0].text().parse().unwrap();
            self.answered.lock().unwrap().push(n);
            // An odd question first gets an odd answer; the repair makes it even.
            let answer = n + u64::from(messages.len() > 1);
            Ok(Reply::new(json!({ "n": answer }).to_string()).usage(Usage::new(1, n)))
        })
    }
}

#[contract]
#[derive(Debug, Clone)]
struct Number {
    n: u64,
}

#[step(model = DEAR, prompt = "{{ n }}", repair = 0, retry(max_attempts = 1))]
async fn spend(n: u64) -> Result<Number>;

#[workflow(max_cost = "$120")]
async fn under_a_cap_of_money() -> Result<u64> {
    let (a, b) = try_join!(spend(40), spend(41))?;
    flow::sleep("1d").await?;
    Ok(spend(a.n + b.n).await?.n)
}

// The provider counts more tokens than it was allowed, and the build can only add up what was allowed.
#[workflow(max_output_tokens = 150)]
async fn under_a_cap_of_tokens() -> Result<u64> {
    let (a, b) = (spend(60).await?, spend(61).await?);
    flow::sleep("1d").await?;
    Ok(spend(a.n + b.n).await?.n)
}

#[tokio::test(start_paused = true)]
async fn a_budget_remembers_what_earlier_processes_have_paid() {
    for (money, spent) in [(true, "$81.00 spent"), (false, "121 written")] {
        let (journal, till) = (Memory::new(), Till::default());
        let runtime = till.process(&journal);
        match money {
            true => drop(runtime.start(under_a_cap_of_money().id("r")).await.unwrap()),
            false => drop(runtime.start(under_a_cap_of_tokens().id("r")).await.unwrap()),
        }
        a_while().await;
        assert_eq!(runtime.runs(&Query::all()).await.unwrap()[0].status, Status::Waiting);
        runtime.shut_down(Duration::ZERO).await;

        let runtime = till.reopened(0).process(&journal);
        let error = match money {
            true => runtime.run(under_a_cap_of_money().id("r")).await.unwrap_err(),
            false => runtime.run(under_a_cap_of_tokens().id("r")).await.unwrap_err(),
        };
        assert!(matches!(error.kind(), ErrorKind::Budget { .. } | ErrorKind::TokenBudget { .. }), "{error}");
        assert!(error.message().contains(spent), "{error}");
        assert_eq!(till.answered.lock().unwrap().len(), 2, "the third call was not made");
    }
}

#[step(model = DEAR, prompt = "{{ n }}", gate = even, repair = 1)]
async fn repaired(n: u64) -> Result<Number>;

#[gate]
fn even(number: &Number) -> Verdict {
    Verdict::ensure(number.n.is_multiple_of(2), "odd")
}

#[workflow]
async fn counted() -> Result<u64> {
    let first = spend(2).await?;
    let second = repaired(first.n + 1).await?;
    let (third, fourth) = try_join!(repaired(second.n + 7), spend(20))?;
    Ok(third.n + fourth.n)
}

#[tokio::test(start_paused = true)]
async fn tokens_are_counted_once_whichever_process_paid_for_them() {
    let calls = 6;
    // The process dies at each of its calls, including between an answer and its repair, and while a sibling is under way.
    for hangs_at in 1..=calls {
        let (journal, till) = (Memory::new(), Till { hangs_at, ..Till::default() });
        let runtime = till.process(&journal);
        drop(runtime.start(counted().id("r")).await.unwrap());
        a_while().await;
        runtime.shut_down(Duration::ZERO).await;

        let runtime = till.reopened(0).process(&journal);
        assert_eq!(runtime.run(counted().id("r")).await.unwrap(), 12 + 20);
        let answered = till.answered.lock().unwrap().clone();
        let tokens = Usage::new(answered.len() as u64, answered.iter().sum());
        let summary = runtime.runs(&Query::all()).await.unwrap().remove(0);
        let records = runtime.records(&RunId::named("r")).await.unwrap();
        let Some(Record::RunFinished { spent, .. }) = records.last() else { panic!("the run has no end") };
        assert_eq!((spent.usage, summary.spent.usage), (tokens, tokens), "killed at call {hangs_at}");
        let steps = records.iter().filter_map(|record| match record {
            Record::StepFinished { spent, .. } => Some(*spent),
            _ => None,
        });
        assert_eq!(steps.fold(Spent::default(), Spent::plus).usage, tokens, "killed at call {hangs_at}");
    }
}
