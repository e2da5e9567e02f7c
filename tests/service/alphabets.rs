//! Names that Rust allows and URLs or OpenAPI do not: raw identifiers, and letters of other alphabets.

use flow::prelude::*;
use flow::serde_json::{Value, from_str, json};
use flow::service::Service;

use crate::client::send;
use crate::support::{JSON, Served};

/// Größen, die sich nur in einem Buchstaben unterscheiden.
#[contract]
#[derive(Debug, Clone)]
struct Maß {
    größe: Größe,
    grüße: Grüße,
    r#type: Art,
}

#[contract]
#[derive(Debug, Clone)]
struct Größe {
    r#fn: u32,
}

#[contract]
#[derive(Debug, Clone)]
struct Grüße {
    名前: String,
}

#[contract]
#[derive(Debug, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Art {
    Klein,
    r#Groß,
}

#[step]
async fn r#match(maß: &Maß, r#type: Art) -> Result<u32> {
    Ok(maß.größe.r#fn + u32::from(maß.r#type == r#type) + maß.grüße.名前.len() as u32)
}

#[workflow]
async fn messen(maß: Maß, r#type: Art) -> Result<u32> {
    r#match(&maß, r#type).await
}

#[workflow]
async fn größe(maß: Maß, r#type: Art) -> Result<u32> {
    messen(maß, r#type).await
}

#[workflow]
async fn r#loop(r#in: Art) -> Result<Art> {
    flow::now().await?;
    Ok(r#in)
}

fn service() -> Service {
    Service::new(Runtime::builder()).workflow(größe).workflow(messen).workflow(r#loop)
}

#[test]
fn the_document_has_names_that_openapi_takes() {
    let document = service().openapi().unwrap();
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().take(3).map(String::as_str).collect();
    let expected = ["/workflows/gr%C3%B6%C3%9Fe/runs", "/workflows/messen/runs", "/workflows/loop/runs"];
    assert_eq!(paths, expected);
    let official = from_str(include_str!("openapi-3.1.schema.json")).unwrap();
    let official = jsonschema::validator_for(&official).unwrap();
    let errors: Vec<_> = official.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let components = document["components"]["schemas"].as_object().unwrap();
    let plain = |name: &String| name.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-_".contains(letter));
    assert!(components.keys().all(plain), "{:?}", components.keys());
    let fields = |field: &str| {
        let maß = &components["Maudf"]["properties"];
        let target = maß[field]["$ref"].as_str().unwrap().trim_start_matches("#/components/schemas/").to_owned();
        components[&target]["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!((fields("größe"), fields("grüße")), (vec!["fn".to_owned()], vec!["名前".to_owned()]));
    assert!(components["loop_input"]["properties"]["in"].is_object(), "{:?}", components["loop_input"]);
    assert!(!document.to_string().contains("r#"), "{document}");
}

#[flow::tokio::test]
async fn runs_are_started_by_their_encoded_names() {
    let served = Served::of(service()).await;
    let input = json!({
        "maß": { "größe": { "fn": 4 }, "grüße": { "名前": "ab" }, "type": "groß" },
        "type": "groß",
    });
    for name in ["gr%C3%B6%C3%9Fe", "messen"] {
        let answer =
            send(served.at, &format!("POST /workflows/{name}/runs?wait=10s"), &[JSON], &input.to_string()).await;
        let run: Value = from_str(&answer.body).unwrap();
        assert_eq!((answer.status, &run["output"]), (200, &json!(7)), "{}", answer.body);
    }
    let answer = send(served.at, "POST /workflows/loop/runs?wait=10s", &[JSON], r#"{"in": "klein"}"#).await;
    assert_eq!(from_str::<Value>(&answer.body).unwrap()["output"], "klein", "{}", answer.body);
    let answer = send(served.at, "POST /workflows/loop/runs", &[JSON], r#"{"r#in": "klein"}"#).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
}
