//! Writes a text from a brief: draft, judge, improve, until the editor is satisfied or three rounds are over. The best draft is kept,
//! not the last one.
//!
//! ```text
//! cargo run --example self_refinement                                              # a brief from examples/data, offline
//! cargo run --example self_refinement -- run self_refinement --file document=PATH  # any text file
//! cargo run --example self_refinement -- graph                                     # the step graph as a flowchart
//! ```
//!
//! Offline, no model is asked: answers are made up from the words of the brief. With a real model:
//!
//! ```text
//! OPENAI_API_KEY=… cargo run --example self_refinement
//! OPENAI_BASE_URL=http://127.0.0.1:8080/v1 cargo run --example self_refinement   # any compatible server
//! FLOW_MODEL_EDITOR=anthropic/claude-sonnet-4-5 ANTHROPIC_API_KEY=… OPENAI_API_KEY=… cargo run --example self_refinement
//! ```

use flow::prelude::*;

/// What the editor says of a draft.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// How far the draft is.
    pub grade: Grade,
    /// What has to be better, one sentence each.
    pub flaws: Vec<String>,
}

/// How far a draft is; the later in this list, the better.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Something of the brief is missing or wrong.
    Incomplete,
    /// All is there, and reads badly.
    Rough,
    /// It can be published.
    Ready,
}

/// The result: the best draft.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The best draft.
    pub text: String,
    /// What the editor says of it.
    pub judgement: Judgement,
    /// Number of rewrites.
    pub rounds: u32,
}

const WRITER: Model = Model::new("openai/gpt-5-mini").name("writer").max_output_tokens(1000);
const EDITOR: Model = Model::new("openai/gpt-5").name("editor").max_output_tokens(1000);

/// The first draft.
#[step(model = WRITER, prompt = "Write the text that this brief asks for.\n\n{{ document }}", gate = written)]
pub async fn draft(document: &str) -> Result<String>;

/// What the editor says of a draft.
#[step(
    model = EDITOR,
    system = "You are an editor. Judge a draft by its brief alone.",
    prompt = "Judge this draft.\n\nThe draft:\n{{ draft }}\n\nThe brief:\n{{ document }}",
    gate = consistent
)]
pub async fn evaluate(draft: &str, document: &str) -> Result<Judgement>;

/// A better draft.
#[step(
    model = WRITER,
    system = "Change what the editor objects to:
{% for flaw in judgement.flaws %}- {{ flaw }}
{% endfor %}",
    prompt = "Improve this draft.\n\nThe draft:\n{{ draft }}\n\nThe brief:\n{{ document }}",
    gate = written
)]
pub async fn refine(draft: &str, judgement: &Judgement, document: &str) -> Result<String>;

/// Writes a text from a brief.
#[workflow(max_model_calls = 48, max_steps = 8, strict)]
pub async fn self_refinement(document: String) -> Result<Text> {
    let text = draft(&document).await?;
    let judgement = evaluate(&text, &document).await?;
    let mut best = Text { text, judgement, rounds: 0 };
    let mut rounds = 0;
    #[bound(3, break)]
    while best.judgement.grade != Grade::Ready {
        rounds += 1;
        let text = refine(&best.text, &best.judgement, &document).await?;
        let judgement = evaluate(&text, &document).await?;
        let next = Text { text, judgement, rounds };
        best = if is_better(&best, &next) { best } else { next };
    }
    Ok(best)
}

#[gate]
fn written(text: &str) -> Verdict {
    Verdict::ensure(!text.trim().is_empty(), "the text is empty")
}

/// A draft that is not ready has flaws to work on.
#[gate]
fn consistent(judgement: &Judgement) -> Verdict {
    let ready = judgement.grade == Grade::Ready;
    Verdict::ensure(ready || !judgement.flaws.is_empty(), "the draft is not ready, but no flaw is named")
}

/// Compares by grade, then by fewer flaws.
fn is_better(one: &Text, other: &Text) -> bool {
    let rank = |text: &Text| (text.judgement.grade, std::cmp::Reverse(text.judgement.flaws.len()));
    rank(one) > rank(other)
}

const BRIEF: &str = concat!("document=", env!("CARGO_MANIFEST_DIR"), "/data/brief_release_notes.txt");

flow::main!(
    flow::App::new().workflow(self_refinement).offline_without_key().default_arguments(["run", "--file", BRIEF])
);

#[cfg(test)]
mod tests {
    use super::*;

    fn judgement(grade: Grade, flaws: &[&str]) -> Judgement {
        Judgement { grade, flaws: flaws.iter().map(|flaw| (*flaw).to_owned()).collect() }
    }

    #[tokio::test]
    async fn nothing_is_no_draft() {
        let runtime = || Runtime::test().answer(draft, " ".into()).answer(refine, "".into()).build().unwrap().0;
        let rough = judgement(Grade::Rough, &["dull"]);
        for error in [
            runtime().step(draft("a letter")).await.unwrap_err(),
            runtime().step(refine("Dear all", &rough, "a letter")).await.unwrap_err(),
        ] {
            assert!(error.to_string().contains("the text is empty"), "{error}");
        }
    }

    #[tokio::test]
    async fn an_editor_who_is_not_content_says_why() {
        let silent = judgement(Grade::Rough, &[]);
        let (runtime, happened) =
            Runtime::test().answers(evaluate, [silent, judgement(Grade::Ready, &[])]).build().unwrap();
        assert_eq!(runtime.step(evaluate("Dear all", "a letter")).await.unwrap().grade, Grade::Ready);
        assert!(happened.lines().iter().any(|line| line.starts_with("did reject evaluate by consistent")));
    }

    #[test]
    fn the_better_draft_is_kept() {
        let text = |rounds, grade, flaws: &[&str]| Text { text: "".into(), judgement: judgement(grade, flaws), rounds };
        let kept = |before: Text, after: Text| if is_better(&before, &after) { before.rounds } else { after.rounds };
        assert_eq!(kept(text(0, Grade::Rough, &["a"]), text(1, Grade::Incomplete, &["a"])), 0);
        assert_eq!(kept(text(0, Grade::Rough, &["a"]), text(1, Grade::Rough, &["a", "b"])), 0);
        assert_eq!(kept(text(0, Grade::Rough, &["a"]), text(1, Grade::Rough, &["b"])), 1);
        assert_eq!(kept(text(0, Grade::Rough, &["a"]), text(1, Grade::Ready, &["a", "b"])), 1);
    }

    #[tokio::test]
    async fn a_draft_is_refined_until_the_editor_is_content() {
        let (runtime, happened) = Runtime::test()
            .answer(draft, "one".into())
            .with(refine, |(draft, judgement, _): (String, Judgement, String)| {
                Ok(format!("{draft}, {}", judgement.flaws[0]))
            })
            .answers(evaluate, [judgement(Grade::Incomplete, &["two"]), judgement(Grade::Ready, &[])])
            .build()
            .unwrap();
        let text = runtime.run(self_refinement("count to two".into())).await.unwrap();
        assert_eq!(text, Text { text: "one, two".into(), judgement: judgement(Grade::Ready, &[]), rounds: 1 });
        let did: Vec<_> = happened.lines().into_iter().filter(|line| line.starts_with("did step ")).collect();
        assert_eq!(
            did,
            ["did step draft", "did step evaluate", "did step while[0]/refine", "did step while[0]/evaluate.2"]
        );
    }

    #[tokio::test]
    async fn after_three_rounds_the_best_draft_is_given() {
        let judgements = [Grade::Incomplete, Grade::Rough, Grade::Incomplete, Grade::Incomplete]
            .map(|grade| judgement(grade, &["-"]));
        let runtime = Runtime::test()
            .answer(draft, "first".into())
            .answers(refine, ["second", "third", "fourth"].map(str::to_owned))
            .answers(evaluate, judgements);
        let text = runtime.run(self_refinement("anything".into())).await.unwrap();
        assert_eq!((&text.text[..], text.judgement.grade, text.rounds), ("second", Grade::Rough, 1));
    }
}
