//! Reviews a contract before it is signed: a lawyer, a buyer and an engineer read it in parallel, and one report lists the worst
//! findings first.
//!
//! ```text
//! cargo run --example contract_review                                           # a lease from examples/data, offline
//! cargo run --example contract_review -- run contract_review --file document=PATH   # any text file
//! cargo run --example contract_review -- graph                                  # the step graph as a flowchart
//! ```
//!
//! Offline, no model is asked: answers are made up from the words of the document. With a real model:
//!
//! ```text
//! OPENAI_API_KEY=… cargo run --example contract_review
//! OPENAI_BASE_URL=http://127.0.0.1:8080/v1 cargo run --example contract_review   # any compatible server
//! ```

use flow::prelude::*;

/// How much is at stake.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Usual in such contracts.
    Low,
    /// Should be negotiated.
    Medium,
    /// Should not be signed.
    High,
}

/// What a lawyer objects to.
#[contract]
#[derive(Debug, Clone)]
pub struct LegalRisk {
    /// The sentence on liability, consent, termination or law, as it is written.
    pub quote: String,
    /// How much is at stake.
    pub risk: Risk,
    /// What to ask for.
    pub advice: String,
}

/// What a buyer objects to.
#[contract]
#[derive(Debug, Clone)]
pub struct FinancialRisk {
    /// The sentence on payment, rent, fee or deposit, as it is written.
    pub quote: String,
    /// How much is at stake.
    pub risk: Risk,
    /// What to ask for.
    pub advice: String,
    /// The amount in question, where the sentence names one.
    pub amount: Option<f64>,
}

/// What an engineer objects to.
#[contract]
#[derive(Debug, Clone)]
pub struct TechnicalRisk {
    /// The sentence on delivery, service, backups or manual, as it is written.
    pub quote: String,
    /// How much is at stake.
    pub risk: Risk,
    /// What to ask for.
    pub advice: String,
}

/// An objection of any reader. Each of the three types above fits this contract, so no conversion is needed.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Objection {
    /// The sentence in question.
    pub quote: String,
    /// How much is at stake.
    pub risk: Risk,
    /// What to ask for.
    pub advice: String,
}

/// What to do with the contract.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Nothing is worth a letter.
    Sign,
    /// Something should be asked for.
    Negotiate,
    /// Something has to change.
    Refuse,
}

/// The result: a recommendation with its reasons.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What to do.
    pub decision: Decision,
    /// Who objects to what, the highest risk first.
    pub objections: Vec<Point>,
}

/// An objection and who raised it.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// All readers who object to this sentence.
    pub by: Vec<Reader>,
    /// The highest risk that one of them sees, with the advice of that reader.
    pub objection: Objection,
}

/// A reader of the contract.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// The lawyer.
    Legal,
    /// The buyer.
    Financial,
    /// The engineer.
    Technical,
}

const CAREFUL: Model = Model::new("openai/gpt-5-mini").name("careful").max_output_tokens(1500);

/// What a lawyer objects to.
#[step(
    model = CAREFUL,
    system = "You are a lawyer of the party that receives this contract. Quote it word by word.",
    prompt = "List the legal risks of this contract.\n\n{{ document }}",
    gate = legal_quotes(document),
    repair = 2
)]
pub async fn legal(document: &str) -> Result<Vec<LegalRisk>>;

/// What a buyer objects to.
#[step(
    model = CAREFUL,
    system = "You are the buyer of the party that receives this contract. Quote it word by word.",
    prompt = "List the financial risks of this contract.\n\n{{ document }}",
    gate = financial_quotes(document),
    repair = 2
)]
pub async fn financial(document: &str) -> Result<Vec<FinancialRisk>>;

/// What an engineer objects to.
#[step(
    model = CAREFUL,
    system = "You are an engineer of the party that receives this contract. Quote it word by word.",
    prompt = "List the technical risks of this contract.\n\n{{ document }}",
    gate = technical_quotes(document),
    repair = 2
)]
pub async fn technical(document: &str) -> Result<Vec<TechnicalRisk>>;

/// Merges all objections into one report. A sentence with several objections is listed once.
#[step]
pub async fn aggregate(legal: &[Objection], financial: &[Objection], technical: &[Objection]) -> Result<Report> {
    let mut objections: Vec<Point> = Vec::new();
    for (reader, found) in [(Reader::Legal, legal), (Reader::Financial, financial), (Reader::Technical, technical)] {
        found.iter().for_each(|objection| add(&mut objections, reader, objection));
    }
    objections.sort_by_key(|point| std::cmp::Reverse(point.objection.risk));
    let decision = match objections.first().map(|worst| worst.objection.risk) {
        None | Some(Risk::Low) => Decision::Sign,
        Some(Risk::Medium) => Decision::Negotiate,
        Some(Risk::High) => Decision::Refuse,
    };
    Ok(Report { decision, objections })
}

/// Reviews a contract.
#[workflow(max_model_calls = 27, max_steps = 4, strict)]
pub async fn contract_review(document: String) -> Result<Report> {
    let (legal, financial, technical) = try_join!(legal(&document), financial(&document), technical(&document))?;
    aggregate(&legal, &financial, &technical).await
}

#[gate]
fn legal_quotes(risks: &[LegalRisk], document: &str) -> Verdict {
    all_occur(risks.iter().map(|risk| &risk.quote[..]), document)
}

#[gate]
fn financial_quotes(risks: &[FinancialRisk], document: &str) -> Verdict {
    all_occur(risks.iter().map(|risk| &risk.quote[..]), document)
}

#[gate]
fn technical_quotes(risks: &[TechnicalRisk], document: &str) -> Verdict {
    all_occur(risks.iter().map(|risk| &risk.quote[..]), document)
}

fn all_occur<'a>(quotes: impl Iterator<Item = &'a str>, document: &str) -> Verdict {
    let text = plain(document);
    quotes.fold(Verdict::accept(), |verdict, quote| {
        let occurs = !quote.trim().is_empty() && text.contains(&plain(quote));
        verdict.and(Verdict::ensure(occurs, format!("`{quote}` does not occur in the contract")))
    })
}

fn add(points: &mut Vec<Point>, by: Reader, objection: &Objection) {
    let quote = plain(&objection.quote);
    match points.iter_mut().find(|point| plain(&point.objection.quote) == quote) {
        None => points.push(Point { by: vec![by], objection: objection.clone() }),
        Some(point) => {
            if !point.by.contains(&by) {
                point.by.push(by);
            }
            if objection.risk > point.objection.risk {
                point.objection = objection.clone();
            }
        }
    }
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

const LEASE: &str = concat!("document=", env!("CARGO_MANIFEST_DIR"), "/data/contract_print_shop_lease.txt");

flow::main!(
    flow::App::new().workflow(contract_review).offline_without_key().default_arguments(["run", "--file", LEASE])
);

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "1. The fee is 900.00 euros.\n2. Liability is\nlimited to one fee.\n3. Backups are not taken.";

    fn objection(quote: &str, risk: Risk) -> Objection {
        Objection { quote: quote.into(), risk, advice: format!("strike `{quote}`") }
    }

    fn legal_risk(quote: &str, risk: Risk) -> LegalRisk {
        LegalRisk { quote: quote.into(), risk, advice: "ask".into() }
    }

    fn financial_risk(quote: &str, risk: Risk) -> FinancialRisk {
        FinancialRisk { quote: quote.into(), risk, advice: "ask".into(), amount: Some(900.0) }
    }

    fn technical_risk(quote: &str, risk: Risk) -> TechnicalRisk {
        TechnicalRisk { quote: quote.into(), risk, advice: "ask".into() }
    }

    #[tokio::test]
    async fn the_highest_risk_comes_first_and_decides() {
        let (low, high) = (objection("a", Risk::Low), objection("b", Risk::High));
        let report = aggregate(&[low], &[], &[high]).await.unwrap();
        assert_eq!(report.decision, Decision::Refuse);
        let quotes: Vec<_> = report.objections.iter().map(|point| &point.objection.quote[..]).collect();
        assert_eq!(quotes, ["b", "a"]);
        assert_eq!(aggregate(&[], &[], &[]).await.unwrap().decision, Decision::Sign);
        let medium = aggregate(&[], &[objection("c", Risk::Medium)], &[]).await.unwrap();
        assert_eq!(medium.decision, Decision::Negotiate);
    }

    #[tokio::test]
    async fn a_sentence_that_two_object_to_is_listed_once() {
        let report =
            aggregate(&[objection("One  fee.", Risk::Low)], &[objection("one fee.", Risk::High)], &[]).await.unwrap();
        let point = Point { by: vec![Reader::Legal, Reader::Financial], objection: objection("one fee.", Risk::High) };
        assert_eq!(report.objections, [point]);
    }

    #[tokio::test]
    async fn each_reader_has_to_quote_the_contract() {
        let runtime = || {
            let lost = "The moon is included.";
            let test = Runtime::test().answer(legal, vec![legal_risk(lost, Risk::Low)]);
            let test = test.answer(financial, vec![financial_risk(lost, Risk::Low)]);
            test.answer(technical, vec![technical_risk(lost, Risk::Low)]).build().unwrap().0
        };
        for error in [
            runtime().step(legal(TEXT)).await.unwrap_err(),
            runtime().step(financial(TEXT)).await.unwrap_err(),
            runtime().step(technical(TEXT)).await.unwrap_err(),
        ] {
            assert!(error.to_string().contains("`The moon is included.` does not occur in the contract"), "{error}");
        }
    }

    #[test]
    fn a_quote_may_be_broken_into_other_lines_and_must_not_be_empty() {
        assert!(legal_quotes(&[legal_risk("liability is limited to one fee", Risk::Low)], TEXT).is_accepted());
        assert!(!legal_quotes(&[legal_risk(" ", Risk::Low)], TEXT).is_accepted());
    }

    #[tokio::test]
    async fn an_invented_quote_is_asked_again_and_all_readings_make_one_report() {
        let invented = legal_risk("The client has no rights.", Risk::High);
        let (runtime, happened) = Runtime::test()
            .answers(legal, [vec![invented], vec![legal_risk("Liability is limited to one fee.", Risk::Medium)]])
            .answer(financial, vec![financial_risk("The fee is 900.00 euros.", Risk::Low)])
            .answer(technical, vec![technical_risk("Backups are not taken.", Risk::High)])
            .build()
            .unwrap();
        let report = runtime.run(contract_review(TEXT.into())).await.unwrap();
        assert_eq!(report.decision, Decision::Refuse);
        let by: Vec<_> = report.objections.iter().map(|point| point.by[0]).collect();
        assert_eq!(by, [Reader::Technical, Reader::Legal, Reader::Financial]);
        let lines = happened.lines();
        let at = |text: &str| lines.iter().position(|line| line.starts_with(text)).unwrap_or_else(|| panic!("{text}"));
        assert!(at("did reject legal by legal_quotes") < at("did step legal"));
        assert!(at("did step legal") < at("will step aggregate"));
    }
    #[tokio::test(start_paused = true)]
    async fn the_three_read_at_once() {
        let test = Runtime::test().unanswered(legal).answer(financial, vec![]).answer(technical, vec![]);
        let (runtime, happened) = test.build().unwrap();
        let run = runtime.run(contract_review(TEXT.into()));
        tokio::time::timeout(std::time::Duration::from_secs(1), run).await.unwrap_err();
        let did: Vec<_> = happened.lines().into_iter().filter(|line| line.starts_with("did step ")).collect();
        assert_eq!(did[..2], ["did step financial", "did step technical"], "the lawyer holds up nobody else");
        assert!(!happened.lines().contains(&"will step aggregate".to_owned()));
    }
}
