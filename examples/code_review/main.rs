//! Reviews a change: three reviewers read the diff in parallel, skeptics try to refute each finding, and the reviewers look
//! again until they find nothing new.
//!
//! Models miscount lines, so a finding quotes the line it is about, a gate checks the quote, and code finds its place. A finding
//! that fewer than two of its three skeptics uphold is dropped. After three rounds the review ends in any case.
//!
//! ```text
//! cargo run --example code_review                                             # a change from examples/data, offline
//! git diff main > my.diff
//! cargo run --example code_review -- run code_review --file diff=my.diff
//! cargo run --example code_review -- graph --bounds                           # the worst case as a sum
//! ```
//!
//! Offline, no model is asked: answers are made up from the words of the diff. With a real model:
//!
//! ```text
//! OPENAI_API_KEY=… cargo run --example code_review
//! FLOW_MODEL_SKEPTIC=anthropic/claude-haiku-4-5 OPENAI_API_KEY=… ANTHROPIC_API_KEY=… cargo run --example code_review
//! ```

mod diff;
#[cfg(test)]
mod tests;

use flow::prelude::*;

/// How bad it is; the later in this list, the worse.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A matter of style.
    Nit,
    /// Wrong or slow in rare cases that do little harm.
    Minor,
    /// Wrong or slow in ordinary use.
    Major,
    /// Loses data, lets in an attacker, or takes the service down.
    Critical,
}

/// Something wrong with a change.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// An input or a situation in which it goes wrong, and what happens then.
    #[schemars(length(min = 10, max = 500))]
    pub scenario: String,
    /// What is wrong, in one sentence.
    #[schemars(length(min = 10, max = 300))]
    pub claim: String,
    /// How bad it is.
    pub severity: Severity,
    /// The line it is about, word for word, without its leading `+` or `-`.
    #[schemars(length(min = 2, max = 300))]
    pub quote: String,
}

/// What a reviewer finds.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// The worst first; empty if there is nothing to report.
    #[schemars(length(max = 3))]
    pub findings: Vec<Finding>,
}

/// What a reviewer looks for.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Wrong results.
    Correctness,
    /// Attackers.
    Security,
    /// Time and memory.
    Performance,
}

/// A new finding, to be verified.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The worst of the findings about this line.
    pub finding: Finding,
    /// All who found something in this line.
    pub by: Vec<Area>,
}

/// What a skeptic says of a finding.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Vote {
    /// Why, in one or two sentences.
    #[schemars(length(min = 10, max = 400))]
    pub reason: String,
    /// Whether the finding is right.
    pub upheld: bool,
}

/// A finding with its votes.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The finding.
    pub candidate: Candidate,
    /// One for each skeptic.
    pub votes: Vec<Vote>,
}

/// The result.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// What most skeptics uphold, the worst first, then by file and line.
    pub comments: Vec<Comment>,
    /// Number of findings that were refuted.
    pub refuted: u32,
}

/// A finding and where it belongs.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// The path of the file.
    pub file: String,
    /// In the new file, or in the old one if the line was removed.
    #[schemars(range(min = 1))]
    pub line: u32,
    /// What is wrong.
    pub finding: Finding,
    /// Who found it.
    pub by: Vec<Area>,
}

const REVIEWER: Model = Model::new("openai/gpt-5").name("reviewer").max_output_tokens(2000);
const SKEPTIC: Model = Model::new("openai/gpt-5-mini").name("skeptic").max_output_tokens(600);

/// What gives wrong results.
#[step(
    model = REVIEWER,
    system = "You review changes for correctness: wrong results, missed cases, broken callers. Report only what you can show.
{% if known %}Others have reported this already; find something else:
{% for judged in known %}- {{ judged.candidate.finding.claim }}
{% endfor %}{% endif %}",
    prompt = "Review this change.\n\n{{ diff }}",
    gate = quoted(diff)
)]
pub async fn correctness(diff: &str, known: &[Judged]) -> Result<Findings>;

/// What an attacker can use.
#[step(
    model = REVIEWER,
    system = "You review changes for security: injection, leaks, missing checks. Name what an attacker does.
{% if known %}Others have reported this already; find something else:
{% for judged in known %}- {{ judged.candidate.finding.claim }}
{% endfor %}{% endif %}",
    prompt = "Review this change.\n\n{{ diff }}",
    gate = quoted(diff)
)]
pub async fn security(diff: &str, known: &[Judged]) -> Result<Findings>;

/// What costs time or memory.
#[step(
    model = REVIEWER,
    system = "You review changes for performance: needless queries, copies and locks. Name the size at which it hurts.
{% if known %}Others have reported this already; find something else:
{% for judged in known %}- {{ judged.candidate.finding.claim }}
{% endfor %}{% endif %}",
    prompt = "Review this change.\n\n{{ diff }}",
    gate = quoted(diff)
)]
pub async fn performance(diff: &str, known: &[Judged]) -> Result<Findings>;

/// Keeps what is new, once for each line.
#[step]
pub async fn collect(
    known: &[Judged],
    bugs: &Findings,
    holes: &Findings,
    costs: &Findings,
    diff: &str,
) -> Result<Vec<Candidate>> {
    let place =
        |finding: &Finding| diff::find(diff, &finding.quote).map(|line| (line.file, line.number, line.is_added));
    let all = [(Area::Correctness, bugs), (Area::Security, holes), (Area::Performance, costs)];
    let mut fresh: Vec<Candidate> = Vec::new();
    for (area, finding) in all.iter().flat_map(|(area, found)| found.findings.iter().map(|finding| (*area, finding))) {
        let is_here = |other: &Finding| place(other) == place(finding);
        if known.iter().any(|judged| is_here(&judged.candidate.finding)) {
            continue;
        }
        match fresh.iter_mut().find(|candidate| is_here(&candidate.finding)) {
            Some(candidate) => candidate.add(area, finding),
            None => fresh.push(Candidate { finding: finding.clone(), by: vec![area] }),
        }
    }
    Ok(fresh)
}

/// Tries to refute a finding.
#[step(
    model = SKEPTIC,
    system = "Reviewers are often wrong. Uphold a finding only if you cannot refute it from the change itself.",
    prompt = "{{ doubt }}

The finding: {{ finding.claim }} {{ finding.scenario }}
The line: {{ finding.quote }}

The change:
{{ diff }}",
    retry(max_attempts = 2)
)]
pub async fn verify(finding: &Finding, doubt: &str, diff: &str) -> Result<Vote>;

/// Finds the place of each finding that most of its skeptics uphold, and sorts them.
#[step]
pub async fn report(judged: &[Judged], diff: &str) -> Result<Review> {
    let upheld: Vec<_> = judged.iter().filter(|judged| judged.is_upheld()).collect();
    let refuted = (judged.len() - upheld.len()) as u32;
    let comment = |judged: &&Judged| {
        let Candidate { finding, by } = judged.candidate.clone();
        let line = diff::find(diff, &finding.quote)?;
        let finding = Finding { quote: line.text.trim().to_owned(), ..finding };
        Some(Comment { file: line.file.to_owned(), line: line.number, finding, by })
    };
    let mut comments: Vec<Comment> = upheld.iter().filter_map(comment).collect();
    comments.sort_by_key(|one| (std::cmp::Reverse(one.finding.severity), one.file.clone(), one.line));
    Ok(Review { comments, refuted })
}

/// Reviews a change in at most three rounds.
#[workflow(max_model_calls = 378, max_cost = "$5.00", strict)]
pub async fn code_review(diff: String) -> Result<Review> {
    if diff::lines(&diff).is_empty() {
        flow::bail!("this is not a unified diff: write one with `git diff`");
    }
    let mut known: Vec<Judged> = Vec::new();
    #[bound(3, break)]
    loop {
        let (bugs, holes, costs) =
            try_join!(correctness(&diff, &known), security(&diff, &known), performance(&diff, &known))?;
        let fresh = collect(&known, &bugs, &holes, &costs, &diff).await?;
        if fresh.is_empty() {
            break;
        }
        let judged = map(fresh, async |candidate| {
            let finding = &candidate.finding;
            let (a, b, c) = try_join!(
                verify(finding, "Can this happen at all, with inputs that callers really pass?", &diff),
                verify(finding, "Is it handled in another place, or was it like this before the change?", &diff),
                verify(finding, "Would the author change the code, or is it what they intend?", &diff)
            )?;
            Ok(Judged { candidate, votes: vec![a, b, c] })
        })
        .concurrency(4)
        .bound(9)
        .await?;
        known.extend(judged);
    }
    report(&known, &diff).await
}

#[gate]
fn quoted(found: &Findings, diff: &str) -> Verdict {
    found.findings.iter().fold(Verdict::accept(), |verdict, Finding { quote, .. }| {
        let is_there = diff::find(diff, quote).is_some();
        verdict.and(Verdict::ensure(
            is_there,
            format!("`{quote}` is not a line of the diff: quote one line, word for word"),
        ))
    })
}

impl Candidate {
    fn add(&mut self, area: Area, finding: &Finding) {
        if !self.by.contains(&area) {
            self.by.push(area);
        }
        if finding.severity > self.finding.severity {
            self.finding = finding.clone();
        }
    }
}

impl Judged {
    fn is_upheld(&self) -> bool {
        2 * self.votes.iter().filter(|vote| vote.upheld).count() > self.votes.len()
    }
}

const CHANGE: &str = concat!("diff=", env!("CARGO_MANIFEST_DIR"), "/data/change_last_seen.diff");

flow::main!(flow::App::new().workflow(code_review).offline_without_key().default_arguments(["run", "--file", CHANGE]));
