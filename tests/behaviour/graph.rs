//! The graph as drawings and as JSON.

use flow::prelude::*;

use crate::support::{Draft, FAST, SMART};

#[gate]
fn short(draft: &Draft) -> Verdict {
    Verdict::ensure(draft.text.len() < 5, "too long")
}

/// Write about it.
#[step(model = [FAST, SMART], prompt = "Write {{ what }}.", gate = short)]
async fn write(what: &str) -> Result<Draft>;

/// Good enough?
#[step(human, timeout = "3d")]
async fn approve(draft: &Draft) -> Result<Review<Draft>>;

#[step(signal)]
async fn released(what: &str) -> Result<bool>;

#[step]
async fn count(text: &str) -> Result<usize> {
    Ok(text.len())
}

#[workflow]
async fn measure(text: String) -> Result<usize> {
    count(&text).await
}

#[workflow(max_model_calls = 100)]
async fn publish(what: String, parts: Vec<String>) -> Result<usize> {
    let mut draft = write(&what).await?;
    #[bound(2)]
    while count(&draft.text).await? > 3 {
        draft = write(&what).model(SMART).id("again").await?;
    }
    let sizes = map(parts, async |part: String| {
        let size = measure(part).await?;
        Ok(size)
    })
    .concurrency(4)
    .bound(8)
    .await?;
    let (review, released) = try_join!(approve(&draft), released(&what))?;
    match review {
        Review::Accept(draft) | Review::Edit(draft) if released => count(&draft.text).await,
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
        _ => Ok(sizes.iter().sum()),
    }
}

#[test]
fn a_workflow_is_drawn_as_a_flowchart() {
    insta::assert_snapshot!(flow::graph(&publish).to_mermaid());
}

#[test]
fn a_workflow_is_written_as_json() {
    let json = flow::graph(&publish).to_json();
    insta::assert_snapshot!(flow::serde_json::to_string_pretty(&json["graph"]).unwrap());
}

#[test]
fn a_step_is_written_as_json_without_a_graph() {
    let mut json = flow::meta(&write).to_json();
    assert!(json["source"].as_str().unwrap().contains("graph.rs:"));
    json.as_object_mut().unwrap().remove("source");
    insta::assert_snapshot!(flow::serde_json::to_string_pretty(&json).unwrap());
    assert_eq!(flow::meta(&write).to_mermaid(), "");
}

#[test]
fn the_graph_is_a_constant() {
    const GRAPH: &flow::graphs::Graph = flow::graph(&publish);
    const NODES: usize = GRAPH.nodes.len();
    const WORST: flow::graphs::Bounds = GRAPH.bounds();
    assert_eq!((NODES, WORST), (7, flow::meta(&publish).bounds()));
    assert!(std::ptr::eq(GRAPH.workflow.get(), flow::meta(&publish)));
    assert_eq!(GRAPH.to_json(), flow::meta(&publish).to_json());
    assert_eq!(GRAPH.to_bounds_text(), flow::meta(&publish).to_bounds_text());
    assert!(flow::meta(&write).graph.is_none(), "a step has none");
}

#[contract]
struct Parcel {
    text: String,
    notes: Vec<String>,
}

#[step]
async fn pack(parcel: Parcel) -> Result<usize> {
    Ok(parcel.notes.len())
}

#[workflow]
async fn ship(what: String) -> Result<usize> {
    let draft = write(&what).await?;
    let mut notes = vec![draft.text.clone()];
    notes.push(write(&draft.text).await?.text);
    count(&format!("{what}: {}", draft.text)).await?;
    pack(Parcel { text: draft.text, notes }).await
}

#[test]
fn what_is_put_together_has_an_edge_for_each_part() {
    let graph = flow::graph(&ship).to_json();
    let edges = graph["graph"]["edges"].as_array().expect("edges");
    let parcel: Vec<_> = edges
        .iter()
        .filter(|edge| edge["to"] == "pack")
        .map(|edge| format!("{} < {}{}", edge["into"], edge["from"]["step"], edge["path"]))
        .collect();
    assert_eq!(
        parcel,
        [r#"".text" < "write"".text""#, r#"".notes[]" < "write"".text""#, r#"".notes[]" < "write.2"".text""#]
    );
}

#[test]
fn what_is_lost_is_shown_with_its_place() {
    let meta = flow::meta(&ship);
    let graph = meta.to_json();
    let edges = graph["graph"]["edges"].as_array().expect("edges");
    let [lost] = &edges.iter().filter(|edge| edge["from"].is_null()).collect::<Vec<_>>()[..] else {
        panic!("{edges:?}")
    };
    let code = r#"format!("{what}: {}", draft.text)"#;
    assert_eq!((&lost["to"], &lost["argument"], &lost["lost"]["in"]), (&"count".into(), &"text".into(), &code.into()));
    assert_eq!(lost["made_of"], flow::serde_json::json!([{ "input": "what" }, { "step": "write" }]));
    let line = lost["lost"]["line"].as_u64().expect("a line");
    let comment = format!("%% lost: where `text` of `count` comes from, in line {line}: {code}");
    assert!(meta.to_mermaid().contains(&comment), "{}", meta.to_mermaid());
}
