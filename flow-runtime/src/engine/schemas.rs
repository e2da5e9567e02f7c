//! The schemas that models are sent, computed once for each step and kind of endpoint.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::mutex::lock;
use crate::contract::{Direction, Shape};
use crate::graph::{Meta, Tool};
use crate::provider::{AnswerSchema, Lowered, SchemaSupport, ToolSchema, lower, too_large};

/// The schemas computed so far, by the address of a step's description.
#[derive(Default)]
pub(super) struct Schemas(Mutex<HashMap<(usize, SchemaSupport), Arc<Sent>>>);

/// What a model is sent of a step.
pub(super) struct Sent {
    /// The answer; `None` for a step that returns a plain string, which is free text.
    pub(super) answer: Option<(Lowered, AnswerSchema)>,
    /// The tools; strict where the endpoint could hold a model to the schema.
    pub(super) tools: Vec<(Lowered, ToolSchema)>,
}

impl Schemas {
    pub(super) fn of(&self, meta: &'static Meta, support: SchemaSupport) -> Arc<Sent> {
        let key = (std::ptr::from_ref(meta) as usize, support);
        if let Some(sent) = lock(&self.0).get(&key) {
            return sent.clone();
        }
        let sent = Arc::new(Sent::new(meta, support));
        lock(&self.0).entry(key).or_insert(sent).clone()
    }
}

impl Sent {
    fn new(meta: &'static Meta, support: SchemaSupport) -> Self {
        let answer = answer(meta).map(|schema| {
            let lowered = lower(&schema, support);
            let sent = answer_schema(meta, &lowered);
            (lowered, sent)
        });
        let tools = meta.policy.tools.into_iter().flat_map(|tools| tools.tools);
        let tools = tools.map(|tool| {
            let lowered = lower(&tool.schema(), support.of_tools());
            let sent = tool_schema(tool, &lowered, support);
            (lowered, sent)
        });
        Self { answer, tools: tools.collect() }
    }
}

/// Returns the schema of the answer; `None` for free text.
pub(super) fn answer(meta: &'static Meta) -> Option<Value> {
    match meta.output.shape {
        Shape::Str { format: None } => None,
        _ => Some((meta.output.schema)(Direction::Read)),
    }
}

fn answer_schema(meta: &'static Meta, lowered: &Lowered) -> AnswerSchema {
    let schema = AnswerSchema::new(meta.name, lowered.schema.clone());
    match meta.doc {
        "" => schema,
        doc => schema.description(doc),
    }
}

/// A tool as a provider is told of it.
fn tool_schema(tool: &Tool, lowered: &Lowered, support: SchemaSupport) -> ToolSchema {
    let mut schema = ToolSchema::new(tool.id(), lowered.schema.clone()).description(tool.step.get().doc);
    schema.is_harmless = tool.is_harmless();
    schema.strict = support == SchemaSupport::Strict && too_large(&schema.parameters, support).is_none();
    schema
}
