//! A run never exceeds the steps, model calls and output tokens in its graph's bounds, and can reach them.

mod cap;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use flow::event::{Event, Observer};
use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, FailureKind, Provider, Reply, Request, Usage};
use flow::run::Place;
use flow::serde_json::Value;
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::support::Draft;

const PLAIN: Model = Model::new("dice/plain").max_output_tokens(10);
/// Always fails, so that the next model of its chain is asked.
const FIRST: Model = Model::new("dice/first").max_output_tokens(20);
/// Its answers are never good, so that a fallback is called.
const BAD: Model = Model::new("dice/bad").max_output_tokens(30);
const JUDGE: Model = Model::new("dice/judge").max_output_tokens(5);
const MEND: Model = Model::new("dice/mend").max_output_tokens(7);

#[gate]
fn good(draft: &Draft) -> Verdict {
    Verdict::ensure(draft.text.starts_with("good"), "not good")
}

#[step(model = PLAIN, prompt = "{{ what }}", retry(max_attempts = 2, jitter = false), repair = 1, gate = good)]
async fn write(what: &str) -> Result<Draft>;

#[step(model = [FIRST, PLAIN], prompt = "{{ what }}", retry(max_attempts = 2, jitter = false), repair = 1, gate = good)]
async fn either(what: &str) -> Result<Draft>;

#[step(model = BAD, prompt = "{{ what }}", retry(max_attempts = 2, jitter = false), repair = 1, gate = good, fallback = write)]
async fn risky(what: &str) -> Result<Draft>;

#[step(model = JUDGE, prompt = "{{ draft.text }}", retry(max_attempts = 2, jitter = false), repair = 0)]
async fn judge(draft: &Draft) -> Result<Verdict>;

#[step(model = PLAIN, prompt = "{{ what }}", retry(max_attempts = 2, jitter = false), repair = 1, gate = judge)]
async fn judged(what: &str) -> Result<Draft>;

#[step(model = MEND, prompt = "{{ draft.text }} {{ rejection.reasons }} {{ rejection.rejected }}", retry(max_attempts = 2, jitter = false), repair = 0)]
async fn mend(draft: Draft, rejection: &Rejection) -> Result<Draft>;

#[step(gate = judge, fix(mend, 1))]
async fn mended(what: &str) -> Result<Draft> {
    Ok(Draft { text: format!("bad {what}") })
}

#[step]
async fn more(turn: u32) -> Result<bool> {
    Ok(turn < 2)
}

#[workflow]
async fn part(what: String) -> Result<Draft> {
    let mut draft = write(&what).await?;
    let mut turn = 0;
    #[bound(2)]
    while more(turn).await? {
        draft = either(&draft.text).await?;
        turn += 1;
    }
    Ok(draft)
}

#[workflow(max_steps = 23, max_model_calls = 90, max_output_tokens = 1174)]
async fn whole(items: Vec<String>) -> Result<u32> {
    let drafts = map(items, async |item: String| part(item).await).bound(3).await?;
    let (a, b) = try_join!(risky("r"), judged("j"))?;
    let c = mended("m").await?;
    match drafts.len() {
        3 => {
            for turn in 0..2 {
                let what = format!("turn {turn}");
                write(&what).await?;
            }
        }
        _ => {
            more(0).await?;
        }
    }
    Ok((a.text.len() + b.text.len() + c.text.len()) as u32)
}

/// How the provider answers.
enum Luck {
    /// The worst case that still ends well: all attempts but the last fail, all answers but the last are rejected.
    Worst(Mutex<HashMap<String, u32>>),
    /// Decisions from these numbers, in a cycle.
    Random(Mutex<std::iter::Cycle<std::vec::IntoIter<u8>>>),
}

struct Dice(Luck);

impl Dice {
    /// The text, or `None` for a failure, and the tokens it used.
    fn throw(&self, request: &Request) -> (Option<String>, u64) {
        let most = u64::from(request.model.get_max_output_tokens().unwrap());
        let first = request.prompt.messages[0].text();
        let verdict = |accepts: bool| if accepts { r#"{"reasons": []}"# } else { r#"{"reasons": ["no"]}"# }.to_owned();
        let draft = |how: &str| format!(r#"{{"text": "{how} {first}"}}"#);
        match &self.0 {
            Luck::Worst(asked) => {
                let mut asked = asked.lock().unwrap();
                let times = asked.entry(format!("{} {:?}", request.model.id(), request.prompt)).or_default();
                *times += 1;
                let repaired = request.prompt.messages.len() > 1;
                let text = match request.model.api_name() {
                    _ if *times == 1 => None,
                    "first" => None,
                    "judge" => Some(verdict(first.starts_with("good"))),
                    "mend" => Some(r#"{"text": "good"}"#.to_owned()),
                    "plain" if repaired => Some(draft("good")),
                    _ => Some(draft("bad")),
                };
                (text, most)
            }
            Luck::Random(numbers) => {
                let mut numbers = numbers.lock().unwrap();
                let (choice, tokens) = (numbers.next().unwrap(), numbers.next().unwrap());
                let text = match (choice % 8, request.model.api_name()) {
                    (0 | 1, _) => None,
                    (2, _) => Some("no json".to_owned()),
                    (choice, "judge") => Some(verdict(choice > 4)),
                    (3 | 4, _) => Some(draft("bad")),
                    _ => Some(draft("good")),
                };
                (text, u64::from(tokens) % (most + 1))
            }
        }
    }
}

impl Provider for Dice {
    fn name(&self) -> &str {
        "dice"
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        let (text, tokens) = self.throw(request);
        let usage = Usage::new(1, tokens);
        let failure = move || Failure::new(FailureKind::Overloaded { retry_after: None }, "no luck").usage(usage);
        Box::pin(async move { text.map(|text| Reply::new(text).usage(usage)).ok_or_else(failure) })
    }
}

/// Counts everything the graph has bounds for.
#[derive(Clone, Default)]
struct Counter(Arc<Mutex<Counts>>);

#[derive(Default)]
struct Counts {
    steps: Vec<Place>,
    model_calls: u64,
    output_tokens: u64,
}

impl Observer for Counter {
    fn event(&self, event: &Event) {
        let mut counts = self.0.lock().unwrap();
        match event {
            Event::WillStep { place, .. } => counts.steps.push(place.clone()),
            Event::DidAttempt { model: Some(_), usage, .. } => {
                counts.model_calls += 1;
                counts.output_tokens += usage.output_tokens.unwrap();
            }
            _ => {}
        }
    }
}

impl Counter {
    /// Steps, model calls and output tokens. Gates, fixes and fallbacks are nested in the step they serve and not counted as steps.
    fn counts(&self) -> [u64; 3] {
        let counts = self.0.lock().unwrap();
        let all: HashSet<_> = counts.steps.iter().collect();
        assert_eq!(all.len(), counts.steps.len(), "each place is used once");
        let serves = |step: &&Place| counts.steps.iter().any(|other| step.is_within(other) && *step != other);
        let steps = counts.steps.iter().filter(|step| !serves(step)).count();
        [steps as u64, counts.model_calls, counts.output_tokens]
    }
}

/// Runs the workflow; returns its outcome and what it used.
fn taken(luck: Luck) -> (Result<u32>, [u64; 3]) {
    let counter = Counter::default();
    let runtime = Runtime::builder().provider(Dice(luck)).observe(counter.clone()).build().unwrap();
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let items = ["a", "b", "c"].map(str::to_owned).to_vec();
    (tokio.block_on(runtime.run(whole(items))), counter.counts())
}

fn most() -> [u64; 3] {
    let bounds = flow::graph(&whole).bounds();
    [bounds.max_steps, bounds.max_model_calls, bounds.max_output_tokens].map(Option::unwrap)
}

#[test]
fn the_worst_luck_takes_all_that_the_graph_says() {
    let (outcome, taken) = taken(Luck::Worst(Mutex::default()));
    outcome.unwrap();
    assert_eq!(taken, most());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_run_takes_more_than_its_graph_says(numbers in proptest::collection::vec(any::<u8>(), 2..200)) {
        let (_, taken) = taken(Luck::Random(Mutex::new(numbers.into_iter().cycle())));
        let most = most();
        assert!(taken.iter().zip(&most).all(|(taken, most)| taken <= most), "{taken:?}, but the bounds are {most:?}");
    }
}

#[test]
fn the_sums_are_shown_term_by_term() {
    insta::assert_snapshot!(flow::graph(&whole).to_bounds_text());
}

/// Nested terms add up to the term above them, and top-level terms to the bound.
#[test]
fn the_terms_come_to_the_bounds() {
    let json = flow::graph(&whole).to_bounds_json();
    for (option, most) in ["max_steps", "max_model_calls", "max_output_tokens"].into_iter().zip(most()) {
        let sum = &json[option];
        assert_eq!((sum["value"].as_u64(), sum["limit"].as_u64()), (Some(most), Some(most)));
        let terms = sum["terms"].as_array().unwrap();
        let own = terms.iter().take_while(|term| term["kind"] != "section").filter(|term| term["depth"] == 0);
        assert_eq!(own.map(value).sum::<u64>(), most);
        for (at, term) in terms.iter().enumerate() {
            let Some(parts) = parts(term, &terms[at + 1..]) else { continue };
            match term["kind"].as_str().unwrap() {
                "loop" | "map" => {
                    let end = format!(" × {parts} = {}", value(term));
                    assert!(term["text"].as_str().unwrap().ends_with(&end), "{term}");
                }
                _ => assert_eq!(parts, value(term), "{term}"),
            }
        }
    }
}

fn value(term: &Value) -> u64 {
    term["value"].as_u64().unwrap()
}

/// The sum of the nested terms, if there are any.
fn parts(term: &Value, next: &[Value]) -> Option<u64> {
    let depth = |term: &Value| term["depth"].as_u64().unwrap();
    let inside: Vec<_> = next.iter().take_while(|part| depth(part) > depth(term)).collect();
    let sum = inside.iter().filter(|part| depth(part) == depth(term) + 1).map(|part| value(part)).sum();
    (!inside.is_empty()).then_some(sum)
}
