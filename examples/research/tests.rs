use flow::journal::{Memory, Store};
use flow::run::{Record, RunId};
use flow::serde_json::json;
use flow::testing::{answer, call};

use super::scholar::{BEARING, INVENTED, LIMIT, Scholar, finding, passage, planned, report, task};
use super::*;

#[test]
fn the_rarest_words_find_the_passage() {
    for (query, document, word) in [
        ("Who pays for spare parts?", "council-2022", "20,000 pounds"),
        ("how heavy a crane can the slip carry", "review-2023", "44 tonnes"),
        ("turbine bearing worn", "station-log-2021", "worn through"),
    ] {
        let found = shelf().search(query);
        let is_found = found.iter().any(|passage| passage.document == document && passage.quote.contains(word));
        assert!(is_found && found.len() <= 6, "{query}: {found:#?}");
    }
    assert_eq!(shelf().search("of an ox"), []);
}

#[test]
fn every_passage_that_is_found_can_be_cited() {
    for query in ["diesel", "battery", "ferry slip council", "pounds"] {
        let found = shelf().search(query);
        assert!(!found.is_empty() && all_true(&found, &shelf()).is_accepted(), "{query}: {found:#?}");
    }
}

#[test]
fn a_citation_names_a_document_that_contains_it() {
    let check = |document: &str, quote: &str| shelf().check(&passage(document, quote));
    assert!(check("fire-notice-2021", LIMIT).is_accepted());
    assert!(check("fire-notice-2021", "The BATTERY must not be charged\nabove 60 percent.").is_accepted());
    assert_eq!(
        check("fire-notice-2021", BEARING).reasons(),
        [format!("`fire-notice-2021` does not contain `{BEARING}`: quote it word for word, or cite another document")]
    );
    assert_eq!(
        check("weather-2021", BEARING).reasons(),
        ["there is no document `weather-2021`; cite the names that `search` returns"]
    );
    let report = report(INVENTED);
    assert_eq!(cited(&report, &shelf()).reasons().len(), 1, "each citation is checked");
}

#[tokio::test(start_paused = true)]
async fn a_plan_starts_with_documents_that_exist() {
    let wrong = Plan { tasks: vec![task("What about the weather?", "weather-2021")] };
    let (runtime, happened) = Runtime::test()
        .state(shelf())
        .answers(plan, [wrong, planned()])
        .with(work, |task: Task| Ok(finding(&task.question)))
        .answer(write, report(BEARING))
        .build()
        .unwrap();
    assert_eq!(runtime.run(research(None)).await.unwrap(), report(BEARING));
    let rejected = "did reject plan by startable: there is no document `weather-2021` to start with";
    assert!(happened.lines().iter().any(|line| line == rejected), "{happened:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_makes_up_a_citation_is_told_so() {
    let invented = Finding { passages: vec![passage("station-log-2021", INVENTED)], ..finding("turbine") };
    let turns = [call(search, json!({"words": "turbine bearing"})), answer(invented), answer(finding("turbine"))];
    let (runtime, happened) = Runtime::test()
        .state(shelf())
        .answer(plan, Plan { tasks: planned().tasks[..1].to_vec() })
        .turns(work, turns)
        .answer(write, report(BEARING))
        .build()
        .unwrap();
    runtime.run(research(None)).await.unwrap();
    let rejected = format!("did reject map[0]/work by proven: `station-log-2021` does not contain `{INVENTED}`");
    assert!(happened.lines().iter().any(|line| line.starts_with(&rejected)), "{happened:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_keeps_inventing_is_left_out() {
    let (runtime, happened) = Runtime::test()
        .state(shelf())
        .answer(plan, planned())
        .with(work, |task: Task| match task.question.contains("battery") {
            true => Ok(Finding { passages: vec![passage("weather-2021", LIMIT)], ..finding("battery") }),
            false => Ok(finding("turbine")),
        })
        .with(write, |(_, tasks, findings): (String, Vec<Task>, Vec<Finding>)| {
            assert_eq!((tasks, findings), (planned().tasks, vec![finding("turbine")]));
            Ok(report(BEARING))
        })
        .build()
        .unwrap();
    assert_eq!(runtime.run(research(None)).await.unwrap(), report(BEARING));
    let rejections =
        happened.lines().iter().filter(|line| line.starts_with("did reject map[1]/work by proven")).count();
    assert_eq!(rejections, 2, "one repair: {happened:#?}");
}

#[tokio::test(start_paused = true)]
async fn without_any_finding_there_is_no_report() {
    let invented = Finding { passages: vec![passage("weather-2021", LIMIT)], ..finding("battery") };
    let runtime =
        Runtime::test().state(shelf()).answer(plan, planned()).with(work, move |_: Task| Ok(invented.clone()));
    let error = runtime.run(research(None)).await.unwrap_err();
    assert_eq!(error.message(), "none of 2 workers has found an answer");
}

#[tokio::test(start_paused = true)]
async fn a_model_is_told_that_a_document_does_not_exist() {
    let (runtime, happened) = Runtime::test()
        .state(shelf())
        .turns(work, [call(read, json!({"name": "weather-2021"})), answer(finding("turbine"))])
        .build()
        .unwrap();
    runtime.step(work(&planned().tasks[0], &shelf())).await.unwrap();
    let told = |line: &String| line.ends_with("there is no document `weather-2021`");
    assert!(happened.lines().iter().any(told), "{happened:#?}");
}

#[test]
fn the_worst_case_is_known() {
    let graph = flow::graph(&research);
    let bounds = graph.bounds();
    // 6 for the plan, 36 for each of 5 workers, 9 for the report.
    assert_eq!(bounds.max_model_calls, Some(195));
    assert_eq!(bounds.max_steps, Some(68));
    assert_eq!(bounds.max_output_tokens, Some(216_000));
    let ids: Vec<_> = graph.nodes.iter().map(|node| node.id().to_string()).collect();
    assert_eq!(ids, ["catalogue", "plan", "work", "write"]);
    // The bound of the map is the limit of the plan's contract.
    let schema = flow::schemars::schema_for!(Plan);
    assert_eq!(schema.pointer("/properties/tasks/maxItems"), Some(&json!(5)));
}

#[tokio::test]
async fn offline_every_citation_is_true() {
    let app = flow::App::new().workflow(research).state(shelf());
    let ran = app.try_run(["run", "research", "--offline"]).await;
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let report: Report = flow::serde_json::from_str(&ran.stdout).unwrap();
    assert!(cited(&report, &shelf()).is_accepted(), "{report:#?}");
}

fn run() -> impl flow::Workflow<Report> {
    research(None).id("r1")
}

/// A process over a journal: what its model was asked, and the steps that it began.
async fn process(journal: &Memory) -> (Vec<String>, Vec<String>) {
    let scholar = Scholar::default();
    let test = Runtime::test().journal(journal.clone()).state(shelf()).provider(scholar.clone());
    let (runtime, happened) = test.build().unwrap();
    assert_eq!(runtime.run(run()).await.unwrap(), report(BEARING));
    let begun = |line: String| line.strip_prefix("will step ").map(str::to_owned);
    (scholar.asked(), happened.lines().into_iter().filter_map(begun).collect())
}

#[tokio::test(start_paused = true)]
async fn killed_anywhere_it_asks_and_calls_nothing_twice() {
    let (journal, id) = (Memory::new(), RunId::named("r1"));
    let (asked, _) = process(&journal).await;
    assert_eq!(asked.len(), 7, "a plan, two turns of two workers, a report and its repair: {asked:#?}");
    let all = journal.read(&id).await.unwrap();
    for kept in 1..all.len() {
        let journal = Memory::new();
        journal.append(&id, &all[..kept]).await.unwrap();
        let (asked_again, begun) = process(&journal).await;
        let is_answered = |record: &&Record| matches!(record, Record::Attempt(attempt) if attempt.model.is_some());
        let answered = all[..kept].iter().filter(is_answered).count();
        assert_eq!(asked_again.len() + answered, asked.len(), "after {kept} records: {asked_again:#?}");
        for record in &all[..kept] {
            if let Record::StepFinished { place, .. } = record {
                assert!(!begun.contains(&place.to_string()), "after {kept} records, `{place}` began again");
            }
        }
    }
}
