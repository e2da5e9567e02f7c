//! Decides an insurance claim by majority vote of three models from different providers. A model that fails abstains; without a
//! majority the claim is investigated.
//!
//! ```text
//! cargo run --example ensemble                                       # a claim from examples/data, offline
//! cargo run --example ensemble -- run ensemble --file document=PATH  # any text file
//! cargo run --example ensemble -- graph                              # the step graph as a flowchart
//! ```
//!
//! Offline, no model is asked: answers are made up from the words of the claim, so all three agree. With
//! real models, from three providers or one:
//!
//! ```text
//! OPENAI_API_KEY=… ANTHROPIC_API_KEY=… GEMINI_API_KEY=… cargo run --example ensemble
//! OPENAI_API_KEY=… FLOW_MODEL_SECOND=openai/gpt-5 FLOW_MODEL_THIRD=openai/gpt-5-nano cargo run --example ensemble
//! ```

use flow::prelude::*;

/// What one model says.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Vote {
    /// What to do with the claim.
    pub decision: Decision,
    /// Why, in one sentence.
    pub reason: String,
}

/// What to do with a claim.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// The damage is covered and documented: invoice, estimate, confirmed cause.
    Pay,
    /// The policy excludes the damage.
    Decline,
    /// Contradictions, no receipts, nothing reported to the police.
    Investigate,
}

/// The result of the vote.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What to do.
    pub decision: Decision,
    /// Votes for it.
    pub votes: u32,
    /// Models that voted.
    pub voters: u32,
    /// Why, by each model that voted for it.
    pub reasons: Vec<String>,
}

const FIRST: Model = Model::new("openai/gpt-5-mini").name("first").max_output_tokens(800);
const SECOND: Model = Model::new("anthropic/claude-haiku-4-5").name("second").max_output_tokens(800);
const THIRD: Model = Model::new("gemini/gemini-2.5-flash").name("third").max_output_tokens(800);

/// What to do with a claim, and why.
#[step(
    model = FIRST,
    system = "You assess insurance claims. Judge by the claim alone; what it does not say is not known.",
    prompt = "Decide on this claim.\n\n{{ document }}",
    gate = reasoned
)]
pub async fn assess(document: &str) -> Result<Vote>;

/// Decides on a claim.
#[workflow(max_model_calls = 18, max_steps = 3, strict)]
pub async fn ensemble(document: String) -> Result<Outcome> {
    let (first, second, third) =
        join!(assess(&document).model(FIRST), assess(&document).model(SECOND), assess(&document).model(THIRD));
    let votes: Vec<Vote> = [first, second, third].into_iter().flatten().collect();
    if votes.is_empty() {
        flow::bail!("none of the three models voted");
    }
    Ok(count(votes))
}

#[gate]
fn reasoned(vote: &Vote) -> Verdict {
    Verdict::ensure(!vote.reason.trim().is_empty(), "no reason is given")
}

/// Decides by more than half of the votes cast.
fn count(votes: Vec<Vote>) -> Outcome {
    let cast = votes.len();
    let of = |decision| votes.iter().filter(|vote| vote.decision == decision).count();
    let majority = [Decision::Pay, Decision::Decline].into_iter().find(|decision| 2 * of(*decision) > cast);
    let decision = majority.unwrap_or(Decision::Investigate);
    let reasons: Vec<_> = votes.into_iter().filter(|vote| vote.decision == decision).map(|vote| vote.reason).collect();
    Outcome { decision, votes: reasons.len() as u32, voters: cast as u32, reasons }
}

const CLAIM: &str = concat!("document=", env!("CARGO_MANIFEST_DIR"), "/data/claim_burst_pipe.txt");

flow::main!(flow::App::new().workflow(ensemble).offline_without_key().default_arguments(["run", "--file", CLAIM]));

#[cfg(test)]
mod tests {
    use super::*;

    use Decision::{Decline, Investigate, Pay};

    fn vote(decision: Decision) -> Vote {
        Vote { decision, reason: format!("so {decision:?}") }
    }

    fn counted(decisions: &[Decision]) -> (Decision, u32, u32) {
        let outcome = count(decisions.iter().copied().map(vote).collect());
        (outcome.decision, outcome.votes, outcome.voters)
    }

    #[test]
    fn more_than_half_decide() {
        assert_eq!(counted(&[Pay, Decline, Pay]), (Pay, 2, 3));
        assert_eq!(counted(&[Decline, Decline]), (Decline, 2, 2));
        assert_eq!(counted(&[Pay]), (Pay, 1, 1));
    }

    #[test]
    fn without_a_majority_the_claim_is_investigated() {
        assert_eq!(counted(&[Pay, Decline, Investigate]), (Investigate, 1, 3));
        assert_eq!(counted(&[Pay, Decline]), (Investigate, 0, 2));
    }

    #[tokio::test]
    async fn a_vote_has_a_reason() {
        let silent = Vote { reason: " ".into(), ..vote(Pay) };
        let (runtime, happened) = Runtime::test().answers(assess, [silent, vote(Pay)]).build().unwrap();
        assert_eq!(runtime.step(assess("a claim")).await.unwrap(), vote(Pay));
        assert!(happened.lines().iter().any(|line| line.starts_with("did reject assess by reasoned")));
    }

    #[tokio::test]
    async fn three_models_vote_and_the_majority_decides() {
        let (runtime, happened) =
            Runtime::test().answers(assess, [vote(Pay), vote(Decline), vote(Pay)]).build().unwrap();
        let outcome = runtime.run(ensemble("a claim".into())).await.unwrap();
        let reasons = vec!["so Pay".to_owned(); 2];
        assert_eq!(outcome, Outcome { decision: Pay, votes: 2, voters: 3, reasons });
        let did: Vec<_> = happened.lines().into_iter().filter(|line| line.starts_with("did step ")).collect();
        assert_eq!(did, ["did step assess", "did step assess.2", "did step assess.3"]);
    }

    #[test]
    fn each_call_asks_its_own_model() {
        let graph = flow::graph(&ensemble);
        let models: Vec<_> = graph.nodes.iter().filter_map(|node| node.model).collect();
        assert_eq!(models, [FIRST, SECOND, THIRD]);
    }

    #[tokio::test]
    async fn a_model_that_fails_abstains() {
        let down = || Err(std::io::Error::other("the service is down").into());
        let outcome = Runtime::test().results(assess, [Ok(vote(Decline)), down(), Ok(vote(Decline))]);
        let outcome = outcome.run(ensemble("a claim".into())).await.unwrap();
        assert_eq!((outcome.decision, outcome.votes, outcome.voters), (Decline, 2, 2));
        let silent = Runtime::test().results(assess, [down(), down(), down()]);
        let error = silent.run(ensemble("a claim".into())).await.unwrap_err();
        assert_eq!(error.message(), "none of the three models voted");
    }
}
