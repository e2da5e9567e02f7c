//! Triages an alert at night, when every second counts. A fast model has a head start of two seconds; if it has not given an
//! answer of which it is sure by then, a careful model takes part. The first good answer wins, within a budget for both.
//!
//! ```text
//! cargo run --example hedged                                       # an alert from examples/data, offline
//! cargo run --example hedged -- run hedged --file document=PATH    # any text file
//! cargo run --example hedged -- graph                              # the step graph as a flowchart
//! ```
//!
//! Offline, no model is asked, and answers are made up. With real models:
//!
//! ```text
//! OPENAI_API_KEY=… ANTHROPIC_API_KEY=… cargo run --example hedged
//! OPENAI_API_KEY=… FLOW_MODEL_CAREFUL=openai/gpt-5 cargo run --example hedged
//! ```

use flow::prelude::*;

/// What to do about an alert.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Triage {
    /// How urgent it is.
    pub urgency: Urgency,
    /// The first thing to do, as an instruction.
    pub action: String,
    /// How sure the answer is, in percent.
    #[schemars(range(max = 100))]
    pub confidence: u8,
}

/// How urgent an alert is.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Somebody has to get up now.
    WakeSomebody,
    /// It can wait until the morning.
    Morning,
    /// Nothing has to be done.
    Ignore,
}

const FAST: Model = Model::new("openai/gpt-5-mini").name("fast").max_output_tokens(400);
const CAREFUL: Model = Model::new("anthropic/claude-sonnet-4-5").name("careful").max_output_tokens(800);

/// A first answer, of which the model has to be sure.
#[step(
    model = FAST,
    system = "You are on call. Judge by the alert alone.",
    prompt = "Triage this alert.\n\n{{ document }}",
    timeout = "5s",
    gate = sure
)]
pub async fn triage(document: &str) -> Result<Triage>;

/// A considered answer.
#[step(
    model = CAREFUL,
    system = "You are on call. Judge by the alert alone; if in doubt, wake somebody.",
    prompt = "Triage this alert. Consider what happens if nobody acts before the morning.\n\n{{ document }}",
    timeout = "30s"
)]
pub async fn consider(document: &str) -> Result<Triage>;

/// Triages an alert.
#[workflow(max_model_calls = 12, max_cost = "$0.15", strict)]
pub async fn hedged(document: String) -> Result<Triage> {
    race_ok!(triage(&document), async {
        flow::sleep("2s").await?;
        consider(&document).await
    })
}

#[gate]
fn sure(triage: &Triage) -> Verdict {
    Verdict::ensure(triage.confidence >= 80, "not sure enough: answer only if the alert itself shows what to do")
}

const ALERT: &str = concat!("document=", env!("CARGO_MANIFEST_DIR"), "/data/alert_disk_full.txt");

flow::main!(flow::App::new().workflow(hedged).offline_without_key().default_arguments(["run", "--file", ALERT]));

#[cfg(test)]
mod tests {
    use flow::ErrorKind;
    use flow::journal::Memory;
    use flow::run::{Record, RunId};

    use super::*;

    fn answer(urgency: Urgency, confidence: u8) -> Triage {
        Triage { urgency, action: "extend the volume".into(), confidence }
    }

    fn down() -> Result<Triage> {
        Err(std::io::Error::other("the service is down").into())
    }

    #[tokio::test(start_paused = true)]
    async fn a_fast_answer_leaves_the_careful_model_alone() {
        let fast = answer(Urgency::Morning, 95);
        let (runtime, happened) =
            Runtime::test().answer(triage, fast.clone()).answer(consider, answer(Urgency::Ignore, 99)).build().unwrap();
        assert_eq!(runtime.run(hedged("disk full".into())).await.unwrap(), fast);
        assert!(!happened.lines().iter().any(|line| line.contains("consider")), "{:?}", happened.lines());
    }

    #[tokio::test(start_paused = true)]
    async fn the_careful_model_answers_for_one_that_fails_or_is_not_sure() {
        let careful = answer(Urgency::WakeSomebody, 70);
        let unsure = || Ok(answer(Urgency::Ignore, 30));
        for first in [vec![down()], vec![unsure(), unsure()]] {
            let runtime = Runtime::test().results(triage, first).answer(consider, careful.clone());
            assert_eq!(runtime.run(hedged("disk full".into())).await.unwrap(), careful);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_an_answer_both_reasons_are_told() {
        let error = Runtime::test().results(triage, [down()]).results(consider, [down()]);
        let error = error.run(hedged("disk full".into())).await.unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::Terminal);
        let places: Vec<_> = error.branches().filter_map(|error| Some(error.at()?.place.to_string())).collect();
        assert_eq!(places, ["race[0]/triage", "race[1]/consider"]);
    }

    /// A run that is resumed keeps the answer it has chosen, and asks nobody again.
    #[tokio::test(start_paused = true)]
    async fn a_resumed_run_keeps_its_choice() {
        let (journal, run) = (Memory::new(), RunId::named("alert-7"));
        let fast = answer(Urgency::Morning, 95);
        let runtime = Runtime::test().answer(triage, fast.clone()).journal(journal).build().unwrap().0;
        runtime.run(hedged("disk full".into()).id("alert-7")).await.unwrap();
        let mut records = runtime.records(&run).await.unwrap();
        assert!(matches!(records.pop(), Some(Record::RunFinished { .. })));

        let journal = Memory::new();
        flow::journal::Store::append(&journal, &run, &records).await.unwrap();
        let (runtime, happened) = Runtime::test().journal(journal).build().unwrap();
        assert_eq!(runtime.run(hedged("disk full".into()).id("alert-7")).await.unwrap(), fast);
        assert!(!happened.lines().iter().any(|line| line.contains("consider")), "{:?}", happened.lines());
    }

    #[test]
    fn the_worst_case_is_known_before_the_first_call() {
        const WORST: flow::graphs::Bounds = flow::graph(&hedged).bounds();
        assert_eq!(WORST.max_model_calls, Some(12));
        assert_eq!(WORST.max_parallel, Some(2));
    }
}
