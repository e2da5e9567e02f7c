//! Which gates judge an output, in which order, and what happens to a rejected one.

use flow::prelude::*;
use flow::serde_json::json;

use crate::support::{Draft, FAST, draft, only};

#[gate]
fn short(draft: &Draft) -> Verdict {
    Verdict::ensure(draft.text.len() < 10, "too long").and(Verdict::ensure(!draft.text.is_empty(), "empty"))
}

#[gate]
fn about(draft: &Draft, topic: &str, words: &u32) -> Verdict {
    let enough = draft.text.split(' ').count() >= *words as usize;
    Verdict::ensure(draft.text.contains(topic), "off topic").and(Verdict::ensure(enough, "too few words"))
}

/// Is it fair?
#[step(model = FAST, prompt = "Is this fair? {{ draft.text }}")]
async fn fair(draft: &Draft) -> Result<Verdict>;

#[step(model = FAST, prompt = "Write about {{ topic }}.", gate = short, gate = fair, gate = about(topic, words), repair = 1)]
async fn write(topic: &str, words: &u32) -> Result<Draft>;

#[workflow]
async fn writing(topic: String, words: u32) -> Result<Draft> {
    write(&topic, &words).await
}

#[flow::tokio::test(start_paused = true)]
async fn gates_judge_in_order_and_a_model_judges_only_what_nothing_has_rejected() {
    let (runtime, happened) = Runtime::test()
        .answers(write, [draft("far too long for it"), draft("on cats")])
        .answer(fair, Verdict::accept())
        .build()
        .unwrap();
    assert_eq!(runtime.run(writing("cats".into(), 2)).await.unwrap(), draft("on cats"));
    assert_eq!(
        happened.lines()[2..],
        [
            "will attempt write #1",
            "did attempt write #1",
            "did reject write by short: too long",
            "did reject write by about: off topic",
            "will attempt write #2",
            "did attempt write #2",
            "will step write[1]/fair",
            "will attempt write[1]/fair #1",
            "did attempt write[1]/fair #1",
            "did step write[1]/fair",
            "did accept write by short",
            "did accept write by fair",
            "did accept write by about",
            "did step write",
            "did run",
        ]
    );
}

#[flow::tokio::test(start_paused = true)]
async fn a_model_judges_each_output_at_a_place_of_its_own() {
    let (runtime, happened) = Runtime::test()
        .answers(write, [draft("on cats"), draft("my cats")])
        .answers(fair, [Verdict::reject("unfair to dogs"), Verdict::reject("and to mice")])
        .build()
        .unwrap();
    let error = runtime.run(writing("cats".into(), 2)).await.unwrap_err();
    assert_eq!(only(&happened.lines(), "will step "), ["write", "write/fair", "write[1]/fair"]);
    let flow::ErrorKind::Rejected { reasons, answer } = error.kind() else { panic!("{error}") };
    assert_eq!((&reasons[..], &answer[..]), (&["and to mice".to_owned()][..], r#"{"text":"my cats"}"#));
    assert_eq!(
        error.in_run().to_string(),
        "step `write`, attempt 2: the output was rejected by its gates\n  and to mice\n  the answer was: {\"text\":\"my cats\"}"
    );
}

mod legal {
    use flow::prelude::*;

    use crate::support::Draft;

    #[step]
    pub(super) async fn check(draft: &Draft) -> Result<Verdict> {
        Ok(Verdict::ensure(!draft.text.contains("sue"), "a threat"))
    }
}

mod style {
    use flow::prelude::*;

    use crate::support::Draft;

    #[step]
    pub(super) async fn check(draft: &Draft) -> Result<Verdict> {
        Ok(Verdict::ensure(draft.text.ends_with('.'), "no full stop"))
    }
}

mod secretary {
    use flow::prelude::*;

    use crate::support::Draft;

    #[step]
    pub(super) async fn check(mut draft: Draft, rejection: &Rejection) -> Result<Draft> {
        assert_eq!(rejection.reasons, ["no full stop"]);
        draft.text.push('.');
        Ok(draft)
    }
}

#[step(gate = legal::check, gate = style::check, gate = legal::check, fix = secretary::check)]
async fn letter(text: &str) -> Result<Draft> {
    Ok(draft(text))
}

#[workflow]
async fn corresponding(text: String) -> Result<Draft> {
    letter(&text).await
}

#[flow::tokio::test]
async fn gates_of_one_name_have_places_of_their_own() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(corresponding("dear all".into())).await.unwrap(), draft("dear all."));
    assert_eq!(
        only(&happened.lines(), "will step letter/"),
        ["check", "check.2"],
        "the third gate is not asked where the second has rejected"
    );
    assert_eq!(
        only(&happened.lines(), "will step letter[1]/"),
        ["check.4", "check", "check.2", "check.3"],
        "first the fix, then all gates again"
    );
    let graph = flow::graph(&corresponding).to_json();
    assert_eq!(graph["graph"]["nodes"][0]["gates"], json!(["check", "check.2", "check.3"]));
    assert_eq!(flow::meta(&letter).to_json()["policy"]["fix"]["id"], "check.4");
}

#[step(gate = short)]
async fn copy(text: String) -> Result<Draft> {
    Ok(Draft { text })
}

#[workflow]
async fn copying(text: String) -> Result<Draft> {
    copy(text).await
}

#[flow::tokio::test]
async fn a_code_step_is_judged_too() {
    for runtime in [Runtime::builder().build().unwrap(), Runtime::test().build().unwrap().0] {
        assert_eq!(runtime.run(copying("fine".into())).await.unwrap(), draft("fine"));
        let error = runtime.run(copying("nothing of the kind".into())).await.unwrap_err();
        assert!(matches!(error.kind(), flow::ErrorKind::Rejected { .. }), "{error}");
    }
}

#[step]
async fn shorten(draft: Draft, rejection: &Rejection) -> Result<Draft> {
    assert_eq!(rejection.rejected["text"], draft.text.as_str());
    Ok(Draft { text: draft.text[..draft.text.len() - 4].to_owned() })
}

#[step(gate = short, fix(shorten, 2))]
async fn mended(text: String) -> Result<Draft> {
    Ok(Draft { text })
}

#[workflow]
async fn mending(text: String) -> Result<Draft> {
    mended(text).await
}

#[flow::tokio::test]
async fn a_fix_mends_what_is_rejected_as_often_as_it_may() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(mending("0123456789abc".into())).await.unwrap(), draft("012345678"));
    let steps = only(&happened.lines(), "will step ");
    assert_eq!(steps, ["mended", "mended[1]/shorten"]);

    let (runtime, happened) = Runtime::test().build().unwrap();
    let error = runtime.run(mending("0123456789abcdefghijklm".into())).await.unwrap_err();
    assert_eq!(only(&happened.lines(), "will step ").len(), 3, "the step and two fixes");
    assert_eq!(only(&happened.lines(), "did reject ").len(), 3);
    let flow::ErrorKind::Rejected { answer, .. } = error.kind() else { panic!("{error}") };
    assert_eq!(answer, r#"{"text":"0123456789abcde"}"#, "the last output, not the first");
}

#[step(model = FAST, prompt = "Write {{ text }}.", gate = short, fix = shorten, repair = 3)]
async fn written(text: &str) -> Result<Draft>;

#[workflow]
async fn fixing(text: String) -> Result<Draft> {
    written(&text).await
}

#[flow::tokio::test(start_paused = true)]
async fn a_fix_stands_in_for_repairs() {
    let (runtime, happened) = Runtime::test().answer(written, draft("0123456789abcdefghijklm")).build().unwrap();
    runtime.run(fixing("x".into())).await.unwrap_err();
    assert_eq!(only(&happened.lines(), "will step "), ["written", "written[1]/shorten"]);
    assert_eq!(only(&happened.lines(), "will attempt written #"), ["1"], "the model is not asked again");
}

#[step]
async fn shorter(text: &str) -> Result<Draft> {
    Ok(draft(&text[..4]))
}

#[step(gate = short, fallback = shorter)]
async fn verbose(text: &str) -> Result<Draft> {
    Ok(draft(text))
}

#[workflow]
async fn relying(text: String) -> Result<Draft> {
    verbose(&text).await
}

#[flow::tokio::test]
async fn gates_judge_a_fallbacks_output_too() {
    let (runtime, happened) = Runtime::test().build().unwrap();
    assert_eq!(runtime.run(relying("much too verbose".into())).await.unwrap(), draft("much"));
    let (runtime, _) = Runtime::test().answer(shorter, draft("still too verbose")).build().unwrap();
    let error = runtime.run(relying("much too verbose".into())).await.unwrap_err();
    assert!(matches!(error.kind(), flow::ErrorKind::Rejected { .. }), "{error}");
    assert_eq!(
        happened.lines()[4..],
        [
            "did reject verbose by short: too long",
            "will fall back verbose to shorter",
            "will step verbose/shorter",
            "will attempt verbose/shorter #1",
            "did attempt verbose/shorter #1",
            "did step verbose/shorter",
            "did accept verbose by short",
            "did step verbose",
            "did run",
        ]
    );
}

#[flow::tokio::test(start_paused = true)]
async fn a_judge_that_cannot_answer_fails_the_step_under_its_own_name() {
    let (runtime, happened) = Runtime::test()
        .answer(write, draft("on cats"))
        .results(fair, [Err(flow::Error::terminal("the judge is asleep"))])
        .build()
        .unwrap();
    let error = runtime.run(writing("cats".into(), 2)).await.unwrap_err();
    assert_eq!(error.in_run().to_string(), "step `fair` at `write/fair`, attempt 1: the judge is asleep");
    assert_eq!(
        only(&happened.lines(), "did step "),
        [
            "write/fair: step `fair` at `write/fair`, attempt 1: the judge is asleep",
            "write: step `fair` at `write/fair`, attempt 1: the judge is asleep",
        ]
    );
}
