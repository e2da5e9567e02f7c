//! Human and signal steps, answered by a test.

use flow::prelude::*;

use crate::support::{Draft, draft};

/// May this go out?
#[step(human, timeout = "3d")]
async fn approve(draft: &Draft) -> Result<Review<Draft>>;

#[step(human, timeout = "3d", on_timeout = accept)]
async fn glance(urgency: u32, draft: &Draft) -> Result<Review<Draft>>;

#[step(human, timeout = "3d", on_timeout = reject)]
async fn scrutinise(draft: &Draft) -> Result<Review<Draft>>;

#[step(signal, timeout = "1h")]
async fn paid(invoice: u32) -> Result<u32>;

#[workflow]
async fn publish(draft: Draft) -> Result<Draft> {
    match approve(&draft).await? {
        Review::Accept(draft) | Review::Edit(draft) => Ok(draft),
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

#[workflow]
async fn glancing(draft: Draft) -> Result<Review<Draft>> {
    glance(3, &draft).await
}

#[workflow]
async fn scrutinising(draft: Draft) -> Result<Review<Draft>> {
    scrutinise(&draft).await
}

#[workflow]
async fn paying(invoice: u32) -> Result<u32> {
    paid(invoice).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_test_answers_for_people_and_signals() {
    let approving = Runtime::test().answer(approve, Review::Edit(draft("better")));
    assert_eq!(approving.run(publish(draft("good"))).await.unwrap(), draft("better"));
    let rejecting = Runtime::test().answer(approve, Review::Reject { reason: "dull".into() });
    assert_eq!(rejecting.run(publish(draft("good"))).await.unwrap_err().message(), "rejected: dull");
    let accepting = Runtime::test().with(approve, |draft: Draft| Ok(Review::Accept(draft)));
    assert_eq!(accepting.run(publish(draft("good"))).await.unwrap(), draft("good"));
    assert_eq!(Runtime::test().answer(paid, 7).run(paying(7)).await.unwrap(), 7);
}

#[flow::tokio::test(start_paused = true)]
async fn silence_means_what_the_step_says() {
    let silent = || Runtime::test().unanswered(approve).unanswered(glance).unanswered(scrutinise).unanswered(paid);
    let error = silent().run(publish(draft("good"))).await.unwrap_err();
    assert!(matches!(error.kind(), flow::ErrorKind::TimedOut { .. }), "{error}");
    assert_eq!(silent().run(glancing(draft("good"))).await.unwrap(), Review::Accept(draft("good")));
    let Review::Reject { reason } = silent().run(scrutinising(draft("good"))).await.unwrap() else { panic!() };
    assert_eq!(reason, "no answer within 259200s");
    assert!(silent().run(paying(7)).await.is_err());
}

#[gate]
fn careful(review: &Review<Draft>) -> Verdict {
    Verdict::ensure(!matches!(review, Review::Accept(draft) if draft.text == "bad"), "nobody has looked at it")
}

#[step(human, timeout = "1h", on_timeout = accept, gate = careful)]
async fn waved(draft: &Draft) -> Result<Review<Draft>>;

#[workflow]
async fn waving(draft: Draft) -> Result<Review<Draft>> {
    waved(&draft).await
}

#[flow::tokio::test(start_paused = true)]
async fn gates_judge_what_silence_has_decided() {
    let run = |text| Runtime::test().unanswered(waved).run(waving(draft(text)));
    assert_eq!(run("good").await.unwrap(), Review::Accept(draft("good")));
    assert!(matches!(run("bad").await.unwrap_err().kind(), flow::ErrorKind::Rejected { .. }));
}
