//! Two hundred concurrent calls under one cap.

use std::sync::{Arc, Mutex};

use flow::prelude::*;
use flow::provider::{BoxFuture, Failure, FailureKind, Price, Provider, Reply, Request, Usage};
use flow::{ErrorKind, Money};

use super::PRICE;
use crate::support::{Draft, rest};

const CAP: Money = Money::usd("30000");
const MODEL: Model = Model::new("till/dear").max_output_tokens(50).price(PRICE);

#[step(model = MODEL, prompt = "Write {{ what }}.", repair = 1, retry(max_attempts = 2, initial_delay = "1ms"))]
async fn write(what: &u32) -> Result<Draft>;

#[workflow(max_cost = "$30000")]
async fn crowd(items: Vec<u32>) -> Result<Vec<String>> {
    let drafts = map(items, async |item| write(&item).await).concurrency(200).bound(200).settle().await?;
    Ok(drafts
        .into_iter()
        .map(|draft| draft.map_or_else(|error| error.kind().name().into(), |draft| draft.text))
        .collect())
}

/// A provider that keeps accounts: the money charged, and the maximum cost of calls under way.
#[derive(Clone, Default)]
struct Till(Arc<Mutex<Accounts>>);

#[derive(Default)]
struct Accounts {
    charged: Money,
    open: Money,
    /// The maximum of charged plus open money at any moment.
    most: Money,
    calls: u32,
}

impl Till {
    fn with<R>(&self, look: impl FnOnce(&mut Accounts) -> R) -> R {
        look(&mut self.0.lock().unwrap())
    }

    fn open(&self, price: &Price, request: &Request) -> (u32, Money) {
        let worst = price.worst_case(request).unwrap();
        self.with(|till| {
            till.calls += 1;
            till.open = till.open.plus(worst);
            till.most = till.most.max(till.charged.plus(till.open));
            (till.calls, worst)
        })
    }

    fn close(&self, worst: Money, charge: Money) {
        self.with(|till| {
            till.open = till.open.minus(worst);
            till.charged = till.charged.plus(charge);
        });
    }
}

impl Provider for Till {
    fn name(&self) -> &str {
        "till"
    }

    /// One call in five fails uncharged, one in five returns an invalid answer, and the others cost their maximum.
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, std::result::Result<Reply, Failure>> {
        Box::pin(async move {
            let (number, worst) = self.open(&PRICE, request);
            rest(u64::from(number % 7)).await;
            let usage = Usage::new(worst.nanos() / 1_000_000_000 - 50, 50);
            let charge = PRICE.of(&usage).unwrap();
            assert_eq!(charge, worst);
            match number % 5 {
                0 => {
                    self.close(worst, Money::ZERO);
                    Err(Failure::new(FailureKind::Transport, "no luck"))
                }
                1 => {
                    self.close(worst, charge);
                    Ok(Reply::new("no answer").usage(usage))
                }
                _ => {
                    self.close(worst, charge);
                    Ok(Reply::new(r#"{"text": "written"}"#).usage(usage))
                }
            }
        })
    }
}

fn count(said: &[String], what: &str) -> usize {
    said.iter().filter(|said| *said == what).count()
}

#[flow::tokio::test(start_paused = true)]
async fn the_sum_never_passes_the_cap() {
    let till = Till::default();
    let (runtime, _) = Runtime::test().provider(till.clone()).build().unwrap();
    let said = runtime.run(crowd((0..200).collect())).await.unwrap();
    let (charged, most, open) = till.with(|till| (till.charged, till.most, till.open));
    assert!(most <= CAP, "{most} of {CAP} were charged or open at one moment");
    assert_eq!(open, Money::ZERO);
    assert!(
        CAP.minus(charged) < Money::usd("1000"),
        "only {charged} of {CAP} were used, though a call takes less than $1000"
    );
    let (written, refused) = (count(&said, "written"), count(&said, "budget"));
    assert!(written > 20 && refused > 100, "{written} written, {refused} refused");
}

#[flow::tokio::test(start_paused = true)]
async fn the_cap_of_a_runtime_holds_for_all_its_runs() {
    let till = Till::default();
    let runtime = Runtime::builder().provider(till.clone()).max_cost(Money::usd("5000")).build().unwrap();
    let runs = (0..20).map(|item| runtime.run(alone(item)));
    let outcomes = futures_util::future::join_all(runs).await;
    let most = till.with(|till| till.most);
    assert!(most <= Money::usd("5000"), "{most}");
    let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    let refused: Vec<_> = refused.filter(|error| matches!(error.kind(), ErrorKind::Budget { .. })).collect();
    assert!(refused.len() > 5 && outcomes.iter().any(Result::is_ok), "{refused:?}");
}

#[workflow]
async fn alone(item: u32) -> Result<Draft> {
    write(&item).await
}
