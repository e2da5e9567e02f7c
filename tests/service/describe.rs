//! Descriptions of the service itself, and invalid paths.

use flow::serde_json::json;
use flow::service::Service;
use flow::{Runtime, graph};

use crate::client::send;
use crate::support::{Desk, Served, digest};

#[tokio::test]
async fn the_workflows_are_listed() {
    let service = Served::with(&Desk::open()).await;
    let expected = json!({ "workflows": [
        { "name": "digest", "arguments": ["note", "most"], "description": "Sums a note up." },
        { "name": "length", "arguments": ["note"], "description": "Counts and nothing else." },
    ]});
    assert_eq!(service.get("/workflows").await.json(), expected);
    for path in ["/healthz", "/readyz", "/health"] {
        assert_eq!(service.get(path).await.json(), json!({ "status": "ok" }));
    }
}

#[tokio::test]
async fn a_graph_comes_as_json_or_mermaid() {
    let service = Served::with(&Desk::open()).await;
    let path = "/workflows/digest/graph";
    let (json, mermaid) = (graph(&digest).to_json(), graph(&digest).to_mermaid());
    assert_eq!(service.get(path).await.json(), json);
    assert_eq!(service.get(&format!("{path}?format=json")).await.json(), json);
    let drawn = service.get(&format!("{path}?format=mermaid")).await;
    assert_eq!((drawn.header("content-type"), &drawn.body), (Some("text/vnd.mermaid"), &mermaid));
    let accepted = send(service.at, &format!("GET {path}"), &["accept: text/vnd.mermaid"], "").await;
    assert_eq!(accepted.body, mermaid);
    send(service.at, &format!("GET {path}"), &["accept: image/png"], "").await.problem(406, "not-acceptable");
    service.get(&format!("{path}?format=svg")).await.problem(400, "bad-request");
}

#[tokio::test]
async fn the_schemas_are_those_of_the_contracts() {
    let service = Served::with(&Desk::open()).await;
    let schema = service.get("/workflows/digest/schema").await.json();
    assert_eq!(schema, flow::meta(&digest).to_schema().unwrap());
    assert_eq!(schema["input"]["required"], json!(["note"]));
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_is() {
    let service = Served::with(&Desk::open()).await;
    service.get("/nothing").await.problem(404, "no-such-route");
    for path in ["/workflows/digst/graph", "/workflows/digst/schema"] {
        let problem = service.get(path).await.problem(404, "no-such-workflow");
        assert_eq!(problem["detail"], "unknown workflow `digst`; this service has `digest`, `length`");
    }
    service.post("digst", "", "{}").await.problem(404, "no-such-workflow");
    service.get("/runs/none").await.problem(404, "no-such-run");
    service.get("/runs/none/record").await.problem(404, "no-such-run");
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_one() {
    let service = Served::with(&Desk::open()).await;
    let answer = service.get("/workflows/digest/runs").await;
    answer.problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), Some("POST"));
    let answer = send(service.at, "POST /runs/x", &[], "").await;
    answer.problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), Some("GET,HEAD,DELETE"));
}

#[tokio::test]
async fn every_problem_type_leads_to_its_meaning() {
    let service = Served::with(&Desk::open()).await;
    let problem = service.get("/nothing").await.json();
    let meaning = service.get(problem["type"].as_str().unwrap()).await.json();
    assert_eq!((&meaning["title"], &meaning["status"]), (&problem["title"], &json!(404)));
    service.get("/problems/none").await.problem(404, "no-such-route");
}

#[tokio::test]
async fn a_request_for_another_host_is_refused() {
    let service = Served::with(&Desk::open()).await;
    let problem = send(service.at, "GET /workflows", &["host: evil.example:80"], "").await.problem(421, "wrong-host");
    assert!(problem["detail"].as_str().unwrap().starts_with("the request is for host `evil.example:80`"), "{problem}");
}

#[tokio::test]
async fn a_service_listens_on_this_machine_alone() {
    let service = Service::new(Runtime::builder()).workflow(digest);
    let error = service.bind(([0, 0, 0, 0], 0).into()).await.unwrap_err().to_string();
    assert!(error.starts_with("`0.0.0.0:0` can be reached from other machines"), "{error}");
}

#[tokio::test]
async fn an_address_in_use_and_twins_are_told_before_anything_is_served() {
    let service = Served::with(&Desk::open()).await;
    let second = Service::new(Runtime::builder()).workflow(digest).bind(service.at).await.unwrap_err().to_string();
    assert!(second.starts_with(&format!("the service cannot listen on `{}`", service.at)), "{second}");
    let twins = Service::new(Runtime::builder()).workflow(digest).workflow(digest);
    assert_eq!(twins.openapi().unwrap_err().to_string(), "two workflows are named `digest`");
}
