//! What holds for every stream.

use super::cases::{Case, all};
use super::server::{broken, stream_of};
use super::*;

const CUT: &str = "the stream ended before the answer did";

/// The outcomes of a case with each of these responses, and the texts that were shown.
async fn each(case: &Case, responses: Vec<Response>) -> Vec<(Result<Reply, Failure>, String)> {
    let count = responses.len();
    let server = Server::start(responses).await;
    let (provider, question) = (provider(case.dialect, &server.url), question(case.dialect));
    let mut outcomes = Vec::with_capacity(count);
    for _ in 0..count {
        outcomes.push(follow(&*provider, &question).await);
    }
    assert_eq!(server.seen().len(), count, "{}: one attempt is one request", case.name);
    outcomes
}

/// Checks all cases at once.
async fn check<F: Future<Output = ()> + Send + 'static>(law: impl Fn(Case) -> F) {
    let checks: Vec<_> = all().into_iter().map(|case| tokio::spawn(law(case))).collect();
    assert!(checks.len() >= if cfg!(feature = "bedrock") { 44 } else { 33 });
    for check in checks {
        check.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_says_what_the_body_says_at_once() {
    check(|case| async move {
        let expected = at_once(case.dialect, &case.body).await;
        let (outcome, shown) = answered(case.dialect, stream_of(case.kind(), [&case.stream[..]])).await;
        assert_eq!((told(outcome), &shown[..]), (expected, case.shown), "{} {}", case.dialect, case.name);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pieces_in_which_it_arrives_do_not_matter() {
    check(|case| async move {
        let bytes = &case.stream[..];
        let expected = at_once(case.dialect, &case.body).await;
        let sizes = (1..=3).map(|size| stream_of(case.kind(), bytes.chunks(size)));
        let splits = (1..bytes.len()).step_by(5).map(|at| stream_of(case.kind(), [&bytes[..at], &bytes[at..]]));
        for (outcome, shown) in each(&case, sizes.chain(splits).collect()).await {
            assert_eq!((told(outcome), &shown[..]), (expected.clone(), case.shown), "{} {}", case.dialect, case.name);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_ends_anywhere_is_never_half_an_answer() {
    check(|case| async move {
        let bytes = &case.stream[..];
        let expected = at_once(case.dialect, &case.body).await;
        // Each byte of a long stream would take too long.
        let ends: Vec<_> = (0..bytes.len()).step_by(1 + bytes.len() / 1_000).collect();
        let cuts = ends.iter().map(|at| stream_of(case.kind(), [&bytes[..*at]])).collect();
        for (at, (outcome, shown)) in ends.iter().zip(each(&case, cuts).await) {
            never_half(&case, *at, outcome, &shown, &expected);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_anywhere_is_never_half_an_answer() {
    check(|case| async move {
        let bytes = &case.stream[..];
        let expected = at_once(case.dialect, &case.body).await;
        let ends: Vec<_> = (0..=bytes.len()).step_by(3).collect();
        let cuts = ends.iter().map(|at| broken(case.kind(), &bytes[..*at])).collect();
        for (at, (outcome, shown)) in ends.iter().zip(each(&case, cuts).await) {
            never_half(&case, *at, outcome, &shown, &expected);
        }
    })
    .await;
}

/// Checks what came of the first bytes of a stream.
fn never_half(case: &Case, at: usize, outcome: Result<Reply, Failure>, shown: &str, expected: &str) {
    let place = format!("{} {} at {at}", case.dialect, case.name);
    assert!(case.shown.starts_with(shown), "{place}: {shown}");
    let is_cut = outcome.as_ref().is_err_and(|failure| failure.message.starts_with(CUT));
    if is_cut {
        let failure = outcome.unwrap_err();
        assert_eq!((failure.kind, failure.is_retryable()), (FailureKind::Transport, true), "{place}");
        return;
    }
    let has_ended = case.stream[..at].windows(case.mark.len()).any(|bytes| bytes == case.mark.as_bytes());
    assert!(has_ended, "{place}: {outcome:?}");
    // OpenAI and Bedrock count tokens after the end of the answer.
    let usage = match &outcome {
        Ok(reply) => reply.usage,
        Err(failure) => *failure.usage,
    };
    let told = told(outcome);
    let is_uncounted =
        ["openai", "bedrock"].contains(&case.dialect) && usage == Usage::default() && told == without_usage(expected);
    assert!(told == expected || is_uncounted, "{place}: {told}");
}

/// An outcome as it is told without the count of its tokens.
fn without_usage(told: &str) -> String {
    let counted = format!("{:?}", Usage::new(12, 7));
    told.replace(&counted, &format!("{:?}", Usage::default()))
}
