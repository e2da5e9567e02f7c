//! Run ids chosen by callers.

use flow::serde_json::json;

use crate::client::send;
use crate::support::{Desk, JSON, Served, note, start};

#[tokio::test]
async fn the_same_id_twice_is_the_same_run() {
    let desk = Desk::held();
    let service = Served::with(&desk).await;
    let first = service.digest("?id=cv-17", &note("pump")).await;
    let again = service.digest("?id=cv-17", &note("pump")).await;
    assert_eq!((first.status, first.json()), (202, again.json()));
    desk.asked(1).await;
    desk.allow(1);
    let ended = service.digest("?id=cv-17&wait=30s", &note("pump")).await;
    let later = service.digest("?id=cv-17", &note("pump")).await;
    assert_eq!((ended.status, later.status, ended.json()), (200, 200, later.json()));
    assert_eq!(desk.unseen(), 0, "a second run asked the model");
}

#[tokio::test]
async fn a_header_names_a_run_as_well() {
    let service = Served::with(&Desk::open()).await;
    for key in ["idempotency-key: cv-17", "idempotency-key: \"cv-17\""] {
        let answer = send(service.at, &start("digest", "?wait=30s"), &[JSON, key], &note("pump").to_string()).await;
        assert_eq!((answer.status, answer.header("location")), (200, Some("/runs/cv-17")));
    }
}

#[tokio::test]
async fn an_id_is_not_used_for_something_else() {
    let desk = Desk::open();
    let service = Served::with(&desk).await;
    service.digest("?id=cv-17&wait=30s", &note("pump")).await;
    let other = service.digest("?id=cv-17&wait=30s", &note("valve")).await;
    assert!(other.problem(422, "id-taken")["detail"].as_str().unwrap().contains("`cv-17`"));
    service.post("length", "?id=cv-17", &note("pump").to_string()).await.problem(422, "id-taken");
    desk.asked(1).await;
    assert_eq!(desk.unseen(), 0);
}

#[tokio::test]
async fn starts_of_one_id_at_once_are_one_run() {
    let desk = Desk::held();
    let service = Served::with(&desk).await;
    let input = note("pump");
    let starts = (0..20).map(|_| service.digest("?id=cv-17&wait=30s", &input));
    let all = flow::tokio::spawn({
        let desk = desk.clone();
        async move {
            desk.asked(1).await;
            desk.allow(1);
        }
    });
    let answers = futures_util::future::join_all(starts).await;
    all.await.unwrap();
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.json() == answers[0].json()));
    assert_eq!(desk.unseen(), 0);
}

#[tokio::test]
async fn what_is_no_id_is_refused_with_the_rule() {
    let service = Served::with(&Desk::open()).await;
    let problem = service.digest("?id=a.b", &note("pump")).await.problem(400, "bad-request");
    assert_eq!(problem["detail"], json!("invalid run id: expected 1 to 128 letters, digits, `-`, `_` or `:`"));
    let problem = service.digest("?wiat=3", &note("pump")).await.problem(400, "bad-request");
    assert_eq!(problem["detail"], json!("unknown query parameter `wiat`; this path accepts `id` and `wait`"));
}
