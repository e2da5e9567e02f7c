//! The worst case of a workflow in numbers, and that no run exceeds it.

use flow::graphs::Bounds;
use flow::prelude::*;
use flow::provider::FailureKind;
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::support::{Draft, FAST, SMART, Say, fake};

#[gate]
fn odd(draft: &Draft) -> Verdict {
    Verdict::ensure(!draft.text.len().is_multiple_of(2), "even")
}

#[step]
async fn code(n: u32) -> Result<u32> {
    Ok(n + 1)
}

/// Three attempts, one repair: 6.
#[step(model = FAST, prompt = "{{ what }}")]
async fn usual(what: &str) -> Result<Draft>;

/// Two models, two attempts each, two repairs: 12.
#[step(model = [FAST, SMART], prompt = "{{ what }}", retry(max_attempts = 2, jitter = false), repair = 2)]
async fn chained(what: &str) -> Result<Draft>;

/// 1 attempt, no repair: 1.
#[step(model = FAST, prompt = "{{ draft.text }}", retry = 1, repair = 0)]
async fn judge(draft: &Draft) -> Result<Verdict>;

/// Two attempts, two answers, each judged once: 4 + 2.
#[step(model = FAST, prompt = "{{ what }}", retry = 2, repair = 1, gate = judge, gate = odd)]
async fn judged(what: &str) -> Result<Draft>;

/// One attempt: 1.
#[step(model = SMART, prompt = "{{ draft.text }} {{ rejection.reasons }} {{ rejection.rejected }}", retry = 1, repair = 0)]
async fn mend(draft: Draft, rejection: &Rejection) -> Result<Draft>;

/// Fixed twice, judged three times by a model: 2 + 3.
#[step(gate = judge, gate = odd, fix(mend, 2))]
async fn mended(what: &str) -> Result<Draft> {
    Ok(Draft { text: what.to_owned() })
}

/// All of it together.
#[step(model = FAST, prompt = "{{ what }}", retry = 2, repair = 1, gate = judge, gate = odd, fix(mend, 2), fallback = usual)]
async fn everything(what: &str) -> Result<Draft>;

#[workflow]
async fn nothing(n: u32) -> Result<u32> {
    Ok(n)
}

#[workflow]
async fn chain(n: u32) -> Result<u32> {
    let n = code(n).await?;
    code(n).await
}

#[workflow]
async fn one_model(what: String) -> Result<u32> {
    Ok(usual(&what).await?.text.len() as u32)
}

#[workflow]
async fn model_chain(what: String) -> Result<u32> {
    Ok(chained(&what).await?.text.len() as u32)
}

#[workflow]
async fn other_model(what: String) -> Result<u32> {
    Ok(chained(&what).model(SMART).await?.text.len() as u32)
}

#[workflow]
async fn model_judge(what: String) -> Result<u32> {
    Ok(judged(&what).await?.text.len() as u32)
}

#[workflow]
async fn fixed(what: String) -> Result<u32> {
    Ok(mended(&what).await?.text.len() as u32)
}

// 2 × 2 answers, 2 fixes, 6 calls of the fallback, and 5 judgements: of 2 answers, 2 fixes and the fallback's output.
#[workflow]
async fn all_at_once(what: String) -> Result<u32> {
    Ok(everything(&what).await?.text.len() as u32)
}

#[workflow]
async fn routed(n: u32, what: String) -> Result<u32> {
    match n {
        0 => Ok(usual(&what).await?.text.len() as u32),
        1 => {
            let n = code(n).await?;
            code(n).await
        }
        _ => Ok(n),
    }
}

#[workflow]
async fn beside(what: String) -> Result<u32> {
    let (a, b) = try_join!(usual(&what), async {
        let n = code(1).await?;
        code(n).await
    })?;
    Ok(b + a.text.len() as u32)
}

#[workflow]
async fn conditioned(n: u32) -> Result<u32> {
    let mut n = n;
    #[bound(4)]
    while code(n).await? < 9 {
        n = code(n).await?;
    }
    Ok(n)
}

#[workflow]
async fn counted(what: String) -> Result<u32> {
    let mut n = 0;
    for _ in 0..3 {
        n += usual(&what).await?.text.len() as u32;
    }
    Ok(n)
}

#[workflow]
async fn spread(items: Vec<String>) -> Result<u32> {
    let all = map(items, async |item: String| usual(&item).await).concurrency(4).bound(10).await?;
    Ok(all.len() as u32)
}

#[workflow]
async fn nested(items: Vec<String>) -> Result<u32> {
    let (a, b) = try_join!(spread(items.clone()), one_model("x".into()))?;
    Ok(a + b)
}

#[workflow]
async fn unknown(items: Vec<String>) -> Result<u32> {
    for item in &items {
        usual(item).await?;
    }
    Ok(0)
}

#[workflow]
async fn unknown_but_free(items: Vec<u32>) -> Result<u32> {
    let all = map(items, async |item: u32| code(item).await).await?;
    Ok(all.len() as u32)
}

/// Asserts the bounds as constants: steps, model calls, concurrent steps.
macro_rules! assert_bounds {
    ($($name:ident: $steps:expr, $calls:expr, $parallel:expr;)*) => {$({
        const FOUND: Bounds = flow::graph(&$name).bounds();
        let found = (FOUND.max_steps, FOUND.max_model_calls, FOUND.max_parallel);
        assert_eq!(found, ($steps, $calls, $parallel), stringify!($name));
    })*};
}

#[test]
fn the_worst_case_is_a_constant() {
    assert_bounds! {
        nothing: Some(0), Some(0), Some(0);
        chain: Some(2), Some(0), Some(1);
        one_model: Some(1), Some(6), Some(1);
        model_chain: Some(1), Some(12), Some(1);
        other_model: Some(1), Some(6), Some(1);
        model_judge: Some(1), Some(6), Some(1);
        fixed: Some(1), Some(5), Some(1);
        all_at_once: Some(1), Some(17), Some(1);
        routed: Some(2), Some(6), Some(1);
        beside: Some(3), Some(6), Some(2);
        conditioned: Some(9), Some(0), Some(1);
        counted: Some(3), Some(18), Some(1);
        spread: Some(10), Some(60), Some(4);
        nested: Some(11), Some(66), Some(5);
        unknown: None, None, Some(1);
        unknown_but_free: None, Some(0), Some(16);
    }
}

#[workflow]
async fn gauntlet(what: String) -> Result<u32> {
    let (a, b) = join!(everything(&what), chained(&what));
    #[bound(2, break)]
    while judged(&what).await.is_err() {
        if mended(&what).await.is_ok() {
            break;
        }
    }
    Ok(u32::from(a.is_ok()) + u32::from(b.is_ok()))
}

/// Possible answers of a model to any question here, good or bad.
fn say(choice: u8) -> Say {
    match choice % 7 {
        0 => Say::Fail(FailureKind::Overloaded { retry_after: None }),
        1 => Say::Fail(FailureKind::Refused),
        2 => Say::Text("no json"),
        3 => Say::Text(r#"{"text": "even"}"#),
        4 => Say::Text(r#"{"reasons": ["no"]}"#),
        5 => Say::Text(r#"{"reasons": []}"#),
        _ => Say::Text(r#"{"text": "odd"}"#),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_run_asks_more_often_than_its_graph_says(fast in proptest::collection::vec(any::<u8>(), 200), smart in proptest::collection::vec(any::<u8>(), 200)) {
        let most = flow::graph(&gauntlet).bounds().max_model_calls.unwrap();
        let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let asked = tokio.block_on(async {
            let (fast, fast_asked) = fake("fake", fast.into_iter().map(say));
            let (smart, smart_asked) = fake("other", smart.into_iter().map(say));
            let runtime = Runtime::builder().provider(fast).provider(smart).build().unwrap();
            let _ = runtime.run(gauntlet("what".into())).await;
            fast_asked.count() + smart_asked.count()
        });
        assert!(asked as u64 <= most, "{asked} questions, but the bound is {most}");
    }
}
