//! Answers a support ticket: a small model sorts it, each team has its own answering step, and urgent tickets go to a better model,
//! or in the second workflow to a person.
//!
//! ```text
//! cargo run --example support_router                                             # a ticket from examples/data, offline
//! cargo run --example support_router -- run support_router --file document=PATH  # any text file
//! cargo run --example support_router -- graph supervised                         # the step graph as a flowchart
//! ```
//!
//! Offline, no model is asked: answers are made up from the words of the ticket. With a real model:
//!
//! ```text
//! OPENAI_API_KEY=… cargo run --example support_router
//! OPENAI_BASE_URL=http://127.0.0.1:8080/v1 cargo run --example support_router   # any compatible server
//! FLOW_MODEL_SENIOR=anthropic/claude-sonnet-4-5 ANTHROPIC_API_KEY=… OPENAI_API_KEY=… cargo run --example support_router
//! ```

use flow::prelude::*;

/// What a ticket is about.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Who answers it.
    pub team: Team,
    /// How soon.
    pub urgency: Urgency,
    /// What the customer wants, in one sentence.
    pub summary: String,
}

/// Who answers a ticket.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Team {
    /// Invoices, payments, refunds, charged cards.
    Billing,
    /// Crashes, errors, versions, installation.
    Technical,
    /// Accounts, passwords, login.
    Account,
}

/// How soon a ticket is answered.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Thank you and please: whenever there is time.
    Normal,
    /// An emergency, safety, patients, many people who cannot work.
    Urgent,
}

/// The reply to the customer.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The team that answers.
    pub team: Team,
    /// Whether the ticket was escalated.
    pub escalated: bool,
    /// The answer.
    pub text: String,
}

const FAST: Model = Model::new("openai/gpt-5-mini").name("fast").max_output_tokens(800);
const SENIOR: Model = Model::new("openai/gpt-5").name("senior").max_output_tokens(1500);

/// Who answers the ticket, and how soon.
#[step(model = FAST, prompt = "Classify this support ticket.\n\n{{ document }}", gate = summed_up)]
pub async fn classify(document: &str) -> Result<Ticket>;

/// The answer of the billing team.
#[step(
    model = FAST,
    system = "You answer for billing. Promise no refund; say that a payment is checked within two working days.",
    prompt = "Answer this ticket. In short: {{ ticket.summary }}\n\n{{ document }}",
    gate = sendable
)]
pub async fn billing(document: &str, ticket: &Ticket) -> Result<String>;

/// The answer of the technical team.
#[step(
    model = FAST,
    system = "You answer for technical support. Ask for what is missing to reproduce the error.",
    prompt = "Answer this ticket. In short: {{ ticket.summary }}\n\n{{ document }}",
    gate = sendable
)]
pub async fn technical(document: &str, ticket: &Ticket) -> Result<String>;

/// The answer of the accounts team.
#[step(
    model = FAST,
    system = "You answer for accounts. Never ask for a password.",
    prompt = "Answer this ticket. In short: {{ ticket.summary }}\n\n{{ document }}",
    gate = sendable
)]
pub async fn account(document: &str, ticket: &Ticket) -> Result<String>;

/// The answer to an urgent ticket.
#[step(
    model = SENIOR,
    system = "You are the senior of the support desk. Say what happens now, by whom, and when the next news will come.",
    prompt = "Answer this urgent ticket. In short: {{ ticket.summary }}\n\n{{ document }}",
    gate = sendable,
    repair = 2
)]
pub async fn senior(document: &str, ticket: &Ticket) -> Result<String>;

/// May this go to the customer?
#[step(
    human,
    prompt = "An urgent ticket:\n\n{{ document }}\n\nThe answer would be:\n\n{{ reply.text }}",
    timeout = "30m",
    on_timeout = reject
)]
pub async fn approve(document: &str, reply: &Reply) -> Result<Review<Reply>>;

/// Answers a ticket without people.
#[workflow(max_model_calls = 15, strict)]
pub async fn support_router(document: String) -> Result<Reply> {
    let ticket = classify(&document).await?;
    let escalated = ticket.urgency == Urgency::Urgent;
    let text = match (ticket.urgency, ticket.team) {
        (Urgency::Urgent, _) => senior(&document, &ticket).await?,
        (Urgency::Normal, Team::Billing) => billing(&document, &ticket).await?,
        (Urgency::Normal, Team::Technical) => technical(&document, &ticket).await?,
        (Urgency::Normal, Team::Account) => account(&document, &ticket).await?,
    };
    Ok(Reply { team: ticket.team, escalated, text })
}

/// Answers a ticket; a person reviews escalated answers before they are sent.
#[workflow(max_model_calls = 15, strict)]
pub async fn supervised(document: String) -> Result<Reply> {
    let reply = support_router(document.clone()).await?;
    if !reply.escalated {
        return Ok(reply);
    }
    match approve(&document, &reply).await? {
        Review::Accept(reply) | Review::Edit(reply) => Ok(reply),
        Review::Reject { reason } => flow::bail!("the answer was not sent: {reason}"),
    }
}

#[gate]
fn summed_up(ticket: &Ticket) -> Verdict {
    Verdict::ensure(!ticket.summary.trim().is_empty(), "the summary is empty")
}

#[gate]
fn sendable(text: &str) -> Verdict {
    Verdict::ensure(!text.trim().is_empty(), "the answer is empty")
        .and(Verdict::ensure(text.chars().count() <= 2000, "the answer is longer than 2000 characters"))
}

const TICKET: &str = concat!("document=", env!("CARGO_MANIFEST_DIR"), "/data/ticket_double_charge.txt");

flow::main!(flow::App::new().workflow(support_router).workflow(supervised).offline_without_key().default_arguments([
    "run",
    "support_router",
    "--file",
    TICKET
]));

#[cfg(test)]
mod tests {
    use flow::testing::TestRuntime;

    use super::*;

    fn ticket(team: Team, urgency: Urgency) -> Ticket {
        Ticket { team, urgency, summary: "help".into() }
    }

    fn script(team: Team, urgency: Urgency) -> TestRuntime {
        let test = Runtime::test().answer(classify, ticket(team, urgency));
        let test = test.answer(billing, "from billing".into()).answer(technical, "from technical".into());
        test.answer(account, "from account".into()).answer(senior, "from senior".into())
    }

    #[tokio::test]
    async fn a_class_without_a_summary_is_asked_again() {
        let empty = Ticket { summary: " ".into(), ..ticket(Team::Billing, Urgency::Normal) };
        let (runtime, happened) =
            Runtime::test().answers(classify, [empty, ticket(Team::Account, Urgency::Normal)]).build().unwrap();
        assert_eq!(runtime.step(classify("help")).await.unwrap().team, Team::Account);
        assert!(happened.lines().iter().any(|line| line.starts_with("did reject classify by summed_up")));
    }

    #[tokio::test]
    async fn no_team_sends_nothing_or_a_novel() {
        let silent = || {
            let test = Runtime::test().answer(billing, "".into()).answer(technical, " ".into());
            test.answer(account, "a".repeat(2001)).answer(senior, "\n".into()).build().unwrap().0
        };
        let of = ticket(Team::Billing, Urgency::Normal);
        for (error, reason) in [
            (silent().step(billing("help", &of)).await.unwrap_err(), "the answer is empty"),
            (silent().step(technical("help", &of)).await.unwrap_err(), "the answer is empty"),
            (silent().step(account("help", &of)).await.unwrap_err(), "longer than 2000 characters"),
            (silent().step(senior("help", &of)).await.unwrap_err(), "the answer is empty"),
        ] {
            assert!(error.to_string().contains(reason), "{error}");
        }
    }

    #[tokio::test]
    async fn a_person_is_asked_with_the_ticket_and_the_answer() {
        let reply = Reply { team: Team::Billing, escalated: true, text: "soon".into() };
        let test = Runtime::test().with(approve, |(document, reply): (String, Reply)| {
            Ok(Review::Edit(Reply { text: format!("{document}: {}", reply.text), ..reply }))
        });
        let (runtime, _) = test.build().unwrap();
        let review = runtime.step(approve("help", &reply)).await.unwrap();
        assert_eq!(review, Review::Edit(Reply { text: "help: soon".into(), ..reply }));
    }

    #[tokio::test]
    async fn each_team_answers_its_own_kind() {
        for (team, name) in [(Team::Billing, "billing"), (Team::Technical, "technical"), (Team::Account, "account")] {
            let (runtime, happened) = script(team, Urgency::Normal).build().unwrap();
            let reply = runtime.run(supervised("help".into())).await.unwrap();
            assert_eq!(reply, Reply { team, escalated: false, text: format!("from {name}") });
            let asked = happened.lines().iter().filter(|line| line.starts_with("will attempt ")).count();
            assert_eq!(asked, 2, "classified and answered, nothing else");
        }
    }

    #[tokio::test]
    async fn what_is_urgent_goes_to_the_senior_and_then_to_a_person() {
        let test = script(Team::Account, Urgency::Urgent).with(approve, |(_, reply): (String, Reply)| {
            Ok(Review::Edit(Reply { text: format!("{}, seen by Ann", reply.text), ..reply }))
        });
        let (runtime, happened) = test.build().unwrap();
        let reply = runtime.run(supervised("help".into())).await.unwrap();
        assert_eq!(reply, Reply { team: Team::Account, escalated: true, text: "from senior, seen by Ann".into() });
        let steps: Vec<_> = happened.lines().into_iter().filter(|line| line.starts_with("did step ")).collect();
        assert_eq!(steps, ["did step support_router/classify", "did step support_router/senior", "did step approve"]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_nobody_approves_is_not_sent() {
        let test = script(Team::Account, Urgency::Urgent).unanswered(approve);
        let error = test.run(supervised("help".into())).await.unwrap_err();
        assert_eq!(error.message(), "the answer was not sent: no answer within 1800s");
    }
}
