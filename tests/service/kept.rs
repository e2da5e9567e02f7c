//! Runs in a journal: across services, with answers, lists and ends.

use flow::journal::Sqlite;
use flow::prelude::*;
use flow::serde_json::{Value, from_str, json};
use flow::service::Service;

use crate::client::{Answer, send};
use crate::support::{Desk, JSON, Served, digest, note};

/// Is it fit to be sent?
#[step(human, timeout = "7d", prompt = "{{ text }}")]
async fn approve(text: &str) -> Result<Review<String>>;

/// What a person has made of it.
#[workflow]
pub(crate) async fn letter(text: String) -> Result<String> {
    match approve(&text).await? {
        Review::Accept(text) | Review::Edit(text) => Ok(text),
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

#[gate]
fn polite(text: &str, to: &str) -> Verdict {
    Verdict::ensure(text.contains(to), format!("{to} is not greeted"))
        .and(Verdict::ensure(!text.contains("damn"), "rude"))
}

#[step]
async fn signed(text: &str) -> Result<Verdict> {
    Ok(Verdict::ensure(text.ends_with("Bob"), "not signed"))
}

#[step(human, timeout = "7d", gate = polite(to), gate = signed)]
async fn write(to: &str) -> Result<String>;

/// What a person has written.
#[workflow]
async fn written(to: String) -> Result<String> {
    write(&to).await
}

#[step(effect = idempotent, compensate = unbook)]
async fn book(text: &str) -> Result<String> {
    Ok(text.to_owned())
}

#[step(effect = idempotent)]
async fn unbook(text: String) -> Result<()> {
    if text == "a boat" { flow::bail!("boats are not taken back") } else { Ok(()) }
}

/// Books, and waits for a person.
#[workflow]
pub(crate) async fn errand(text: String) -> Result<String> {
    book("a room").await?;
    book(&text).await?;
    letter(text).await
}

/// A journal file; `name` must be unique to the test.
fn file(name: &str) -> std::path::PathBuf {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("service-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder.join("flow.db")
}

async fn served(file: &std::path::Path, desk: &Desk) -> Served {
    let builder = Runtime::builder().provider(desk.clone()).journal(Sqlite::open(file).unwrap());
    let service = Service::new(builder).workflow(letter).workflow(digest).workflow(written);
    Served::of(service.grace(std::time::Duration::ZERO)).await
}

pub(crate) async fn waiting(service: &Served, id: &str) {
    let started = service.post("letter", &format!("?id={id}"), "{\"text\": \"Dear all\"}").await;
    assert_eq!(started.status, 202, "{}", started.body);
    until_waiting(service, id).await;
}

/// A run starts waiting a moment after it was started.
pub(crate) async fn until_waiting(service: &Served, id: &str) {
    let waits = async {
        while service.get(&format!("/runs/{id}")).await.json()["status"] != "waiting" {
            flow::tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    };
    let most = std::time::Duration::from_secs(120);
    flow::tokio::time::timeout(most, waits).await.unwrap_or_else(|_| panic!("run {id} never waited"));
}

async fn answered(service: &Served, path: &str, body: Value) -> Answer {
    send(service.at, &format!("POST {path}"), &[JSON], &body.to_string()).await
}

#[tokio::test]
async fn a_run_that_waits_is_answered_in_a_later_service() {
    let (file, desk) = (file("later"), Desk::open());
    let service = served(&file, &desk).await;
    waiting(&service, "l1").await;
    let wait = &service.get("/runs/l1").await.json()["waits"][0];
    assert_eq!((&wait["place"], &wait["prompt"]["messages"][0]["content"]), (&json!("approve"), &json!("Dear all")));
    assert_eq!(service.stop().await.unwrap().kept, 0, "what waits is not under way");

    let service = served(&file, &desk).await;
    let unfit = answered(&service, "/runs/l1/answers/approve", json!({ "decision": "edit", "value": 3 })).await;
    let problem = unfit.problem(422, "invalid-answer");
    assert_eq!(problem["errors"][0]["pointer"], "/value");
    let twice = r#"{"decision": "edit", "value": "Dear Ann", "value": "Dear Bob"}"#;
    let twice = send(service.at, "POST /runs/l1/answers/approve", &[JSON], twice).await;
    assert_eq!(twice.problem(400, "bad-request")["errors"][0]["pointer"], "/value");
    answered(&service, "/runs/l1/answers/other", json!({ "decision": "accept" })).await.problem(409, "not-waiting");
    answered(&service, "/runs/l2/answers/approve", json!({ "decision": "accept" })).await.problem(404, "no-such-run");
    answered(&service, "/runs/l1/answers/approve", json!({ "decision": "yes" })).await.problem(400, "bad-request");

    let body = json!({ "decision": "edit", "value": "Dear Ann", "by": "bob" });
    let taken = answered(&service, "/runs/l1/answers/approve", body).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    let ended = service.get("/runs/l1?wait=30s").await.json();
    assert_eq!(ended, json!({ "id": "l1", "workflow": "letter", "status": "finished", "output": "Dear Ann" }));
    let records = service.get("/runs/l1/records").await.body;
    let who: Vec<Value> = records
        .lines()
        .map(|line| from_str(line).unwrap())
        .filter(|fact: &Value| fact["record"] == "answered")
        .collect();
    assert_eq!((who.len(), &who[0]["by"]), (1, &json!("bob")));
    assert_eq!(service.get("/runs/l1/record").await.body, records, "the older path works too");
    let again = service.post("letter", "?id=l1", "{\"text\": \"Dear all\"}").await;
    assert_eq!((again.status, &again.json()["output"]), (200, &json!("Dear Ann")), "the same id is the same run");
    service.post("letter", "?id=l1", "{\"text\": \"Dear you\"}").await.problem(422, "id-taken");
    service.stop().await.unwrap();
}

/// The same workflow in a later build, with a different reviewer.
mod later {
    use super::*;

    #[step(human, timeout = "7d", prompt = "{{ text }}")]
    async fn agree(text: &str) -> Result<Review<String>>;

    #[workflow]
    pub(super) async fn letter(text: String) -> Result<String> {
        match agree(&text).await? {
            Review::Accept(text) | Review::Edit(text) => Ok(text),
            Review::Reject { reason } => flow::bail!("rejected: {reason}"),
        }
    }
}

#[tokio::test]
async fn a_run_that_does_not_fit_the_build_takes_no_answer_and_says_why() {
    let (file, desk) = (file("later-build"), Desk::open());
    let service = served(&file, &desk).await;
    waiting(&service, "l1").await;
    service.stop().await.unwrap();

    let builder = Runtime::builder().provider(desk.clone()).journal(Sqlite::open(&file).unwrap());
    let service = Served::of(Service::new(builder).workflow(later::letter)).await;
    let path = "/runs/l1/answers/approve";
    let refused = answered(&service, path, json!({ "decision": "accept" })).await.problem(409, "cannot-go-on");
    let why = refused["detail"].as_str().unwrap();
    assert!(why.starts_with("run `l1` was started by another build of workflow `letter`"), "{why}");
    assert!(why.contains("`approve`"), "{why}");
    let run = service.get("/runs/l1").await.json();
    assert_eq!((&run["status"], run["error"]["detail"].as_str()), (&json!("waiting"), Some(why)));
    let listed = service.get("/runs?status=waiting").await.json();
    assert_eq!(listed["runs"][0]["error"].as_str(), Some(why));
    // Other runs continue, and this one can be cancelled.
    waiting(&service, "l2").await;
    assert_eq!(answered(&service, "/runs/l2/answers/agree", json!({ "decision": "accept" })).await.status, 200);
    let cancelled = send(service.at, "DELETE /runs/l1", &[], "").await;
    assert_eq!(cancelled.json()["status"], "cancelled", "{}", cancelled.body);
    service.stop().await.unwrap();
}

#[tokio::test]
async fn what_gates_reject_is_refused_with_the_reasons() {
    let (file, desk) = (file("gates"), Desk::open());
    let service = served(&file, &desk).await;
    let started = service.post("written", "?id=w1", "{\"to\": \"Ann\"}").await;
    assert_eq!(started.status, 202, "{}", started.body);
    let path = "/runs/w1/answers/write";
    let answer = async |text: &str| {
        loop {
            let answer = answered(&service, path, json!({ "value": text })).await;
            // The run may not be waiting yet.
            if answer.status != 409 {
                return answer;
            }
            flow::tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    };
    let refused = answer("Dear Eve, damn you. Bob").await;
    let problem = refused.problem(422, "rejected-answer");
    assert_eq!(problem["reasons"], json!(["Ann is not greeted", "rude"]));
    let refused = answer("Dear Ann").await;
    assert_eq!(refused.problem(422, "rejected-answer")["reasons"], json!(["not signed"]), "by the run itself");
    let waits = service.get("/runs/w1").await.json();
    let rejected = json!({ "times": 1, "reasons": ["not signed"] });
    assert_eq!((&waits["status"], &waits["waits"][0]["rejected"]), (&json!("waiting"), &rejected));
    assert_eq!(answer("Dear Ann, yours, Bob").await.status, 200);
    let ended = service.get("/runs/w1?wait=30s").await.json();
    assert_eq!(ended["output"], "Dear Ann, yours, Bob");
    service.stop().await.unwrap();
}

#[tokio::test]
async fn a_run_that_is_cut_off_goes_on_when_the_journal_is_served_again() {
    let (file, desk) = (file("cut"), Desk::held());
    let service = served(&file, &desk).await;
    service.digest("?id=d1", &note("pump failed")).await;
    desk.asked(1).await;
    let stopped = service.stop().await.unwrap();
    assert_eq!((stopped.kept, stopped.cancelled), (1, 0));
    desk.dropped().await;

    let service = served(&file, &desk).await;
    desk.asked(1).await;
    desk.allow(1);
    let ended = service.get("/runs/d1?wait=30s").await.json();
    assert_eq!(ended["output"], json!({ "title": "pump failed", "words": 2 }));
    service.stop().await.unwrap();
}

#[tokio::test]
async fn runs_are_listed_by_status_and_workflow_and_ended_for_good() {
    let (file, desk) = (file("listed"), Desk::open());
    let service = served(&file, &desk).await;
    waiting(&service, "l1").await;
    waiting(&service, "l2").await;
    assert_eq!(service.digest("?id=d1&wait=30s", &note("pump")).await.status, 200);
    let listed = async |query: &str| {
        let runs = service.get(&format!("/runs{query}")).await.json();
        let ids: Vec<_> = runs["runs"].as_array().unwrap().iter().map(|run| run["id"].clone()).collect();
        ids
    };
    assert_eq!(listed("").await, ["d1", "l2", "l1"]);
    assert_eq!(listed("?status=waiting&limit=1").await, ["l2"]);
    assert_eq!(listed("?workflow=digest").await, ["d1"]);
    for query in ["?status=asleep", "?limit=0", "?limit=5000", "?state=waiting"] {
        service.get(&format!("/runs{query}")).await.problem(400, "bad-request");
    }
    let ended = send(service.at, "DELETE /runs/l1", &[], "").await;
    let expected = json!({ "id": "l1", "workflow": "letter", "status": "cancelled" });
    assert_eq!((ended.status, ended.json()), (200, expected));
    answered(&service, "/runs/l1/answers/approve", json!({ "decision": "accept" })).await.problem(409, "not-waiting");
    send(service.at, "DELETE /runs/none", &[], "").await.problem(404, "no-such-run");
    assert_eq!(listed("?status=cancelled").await, ["l1"]);
    service.stop().await.unwrap();
}

#[tokio::test]
async fn people_answer_where_no_journal_is_given_too() {
    let service = Served::of(Service::new(Runtime::builder()).workflow(letter).max_running_runs(1)).await;
    waiting(&service, "l1").await;
    waiting(&service, "l2").await;
    answered(&service, "/runs/l1/answers/approve", json!({ "decision": "reject", "reason": "no" })).await;
    let failed = service.get("/runs/l1?wait=30s").await.json();
    assert_eq!(failed["error"]["detail"], "rejected: no");
}

#[tokio::test]
async fn a_run_whose_answers_are_made_up_says_so() {
    let (file, desk) = (file("made-up"), Desk::open());
    let made_up = Runtime::builder().offline().journal(Sqlite::open(&file).unwrap());
    let service = Served::of(Service::new(made_up).workflow(letter).workflow(digest)).await;
    let ended = service.digest("?id=d1&wait=30s", &note("One. Two.")).await;
    assert_eq!((ended.status, &ended.json()["offline"]), (200, &json!(true)), "{}", ended.body);
    assert_eq!(service.get("/runs/d1").await.json()["offline"], true);
    waiting(&service, "l1").await;
    assert!(service.get("/runs/l1").await.json().get("offline").is_none(), "it asks no model");
    let runs = service.get("/runs").await.json()["runs"].as_array().unwrap().clone();
    let marks: Vec<_> = runs.iter().map(|run| run.get("offline").is_some()).collect();
    assert_eq!(marks, [false, true]);
    service.stop().await.unwrap();

    let real = served(&file, &desk).await;
    let again = real.digest("?id=d1&wait=30s", &note("One. Two.")).await;
    again.problem(422, "id-taken");
    assert!(again.body.contains("was started offline"), "{}", again.body);
    real.stop().await.unwrap();
}

#[tokio::test]
async fn a_run_is_ended_and_undone_on_request() {
    for builder in [Runtime::builder(), Runtime::builder().journal(Sqlite::open(file("undone")).unwrap())] {
        let service = Served::of(Service::new(builder).workflow(errand)).await;
        for (id, text) in [("e1", "a car"), ("e2", "a boat")] {
            let body = json!({ "text": text }).to_string();
            assert_eq!(service.post("errand", &format!("?id={id}"), &body).await.status, 202);
            until_waiting(&service, id).await;
        }
        let undone = send(service.at, "DELETE /runs/e1?undo=true&wait=30s", &[], "").await;
        let expected = json!({
            "id": "e1", "workflow": "errand", "status": "cancelled", "undone": ["book.2", "book"],
        });
        assert_eq!((undone.status, undone.json()), (200, expected));
        let stuck = send(service.at, "DELETE /runs/e2?undo=true&wait=30s", &[], "").await.json();
        assert_eq!((&stuck["status"], &stuck["undone"]), (&json!("cancelled"), &json!(["book"])));
        let not_undone = &stuck["not_undone"][0];
        assert_eq!((&not_undone["of"], &not_undone["message"]), (&json!("book"), &json!("boats are not taken back")));
        let again = send(service.at, "DELETE /runs/e1?undo=true", &[], "").await;
        assert_eq!((again.status, &again.json()["status"]), (200, &json!("cancelled")));
        send(service.at, "DELETE /runs/e1?undo=maybe", &[], "").await.problem(400, "bad-request");
        service.stop().await.unwrap();
    }
}
