//! The OpenAPI 3.1 document of the service, generated from the contracts.

mod components;
mod enums;
mod naming;
mod operations;
mod parameters;
mod responses;
mod runs;
mod schemas;

use flow_runtime::engine::AnyWorkflow;
use flow_runtime::error::Result;
use flow_runtime::graph::Meta;
use serde_json::{Map, Value, json};

/// Builds the document. Its version is that of this crate, which defines the routes; contracts have no version.
pub(crate) fn document(title: &str, workflows: &[AnyWorkflow]) -> Result<Value> {
    let metas: Vec<_> = workflows.iter().map(AnyWorkflow::meta).collect();
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Runs of workflows. Start a run under its workflow, and query it by its id.",
        },
        "servers": [{ "url": "/", "description": "The server of this document" }],
        "security": [],
        "tags": tags(&metas),
        "paths": paths(&metas),
        "components": { "schemas": schemas::all(&metas)?, "parameters": parameters::all() },
    }))
}

fn tags(metas: &[&'static Meta]) -> Value {
    let of_workflow = |meta: &&'static Meta| json!({ "name": meta.name, "description": operations::described(meta) });
    let others = [
        json!({ "name": "runs", "description": "Runs of all workflows." }),
        json!({ "name": "service", "description": "The service and its workflows." }),
    ];
    metas.iter().map(of_workflow).chain(others).collect()
}

fn paths(metas: &[&'static Meta]) -> Value {
    let mut paths: Map<String, Value> = metas.iter().map(|meta| operations::start(meta)).collect();
    paths.extend(runs::runs(metas));
    paths.extend(operations::service(metas));
    Value::Object(paths)
}
