//! What can be shown of a step or workflow: bounds, drawing, JSON, schemas.

use serde_json::Value;

use super::{Bounds, Graph, Meta, bounds, is_verdict, json, mermaid, portability, schema};
use crate::contract::Direction;
use crate::error::Result;

impl Graph {
    /// Returns the worst case of one run, see [`Meta::bounds`].
    pub const fn bounds(&self) -> Bounds {
        self.workflow.get().bounds()
    }

    /// Returns the bounds as text, term by term, see [`Meta::to_bounds_text`].
    pub fn to_bounds_text(&self) -> String {
        self.workflow.get().to_bounds_text()
    }

    /// Returns the bounds as JSON, see [`Meta::to_bounds_json`].
    pub fn to_bounds_json(&self) -> Value {
        self.workflow.get().to_bounds_json()
    }

    /// Returns the graph as a mermaid flowchart.
    pub fn to_mermaid(&self) -> String {
        self.workflow.get().to_mermaid()
    }

    /// Returns the workflow, its contracts and its graph as JSON, see [`Meta::to_json`].
    pub fn to_json(&self) -> Value {
        self.workflow.get().to_json()
    }
}

impl Meta {
    /// Returns whether the output is a [`Verdict`](crate::gate::Verdict): a person accepts, or rejects with a reason.
    pub fn gives_verdict(&self) -> bool {
        // Another type of the same shape has another name.
        is_verdict(self.output.shape) && (self.output.schema)(Direction::Write)["title"] == "Verdict"
    }

    /// Returns the worst case of one run. Unknown if workflows call each other in a cycle, which the build rejects.
    pub const fn bounds(&'static self) -> Bounds {
        bounds::of(self)
    }

    /// Returns the [bounds](Self::bounds) with their terms, as indented lines:
    ///
    /// ```text
    /// max_model_calls = 606, limited to 700
    ///   for each of 100 `chunks`: 100 × 6 = 600
    ///     summarise: 3 attempts × (1 + 1 repair) = 6
    ///   summarise.2: 3 attempts × (1 + 1 repair) = 6
    /// ```
    pub fn to_bounds_text(&'static self) -> String {
        bounds::text(self)
    }

    /// Returns the bounds with their terms as JSON: `{"max_model_calls": {"value", "limit", "terms": [{"depth", "kind", "name",
    /// "value", "text"}], "more_terms"}, …}`. A value is `null` if it is unknown.
    pub fn to_bounds_json(&'static self) -> Value {
        bounds::json(self)
    }

    /// Returns the graph as a mermaid flowchart; empty for a step.
    pub fn to_mermaid(&'static self) -> String {
        mermaid::render(self)
    }

    /// Returns the step or workflow, its contracts and its graph as JSON.
    pub fn to_json(&'static self) -> Value {
        json::render(self)
    }

    /// Returns the published JSON Schemas of input and output: `{"workflow": name, "input": schema, "output": schema}`, with
    /// `step` instead of `workflow` for a step. The input is an object of the arguments by name, without states.
    ///
    /// # Errors
    ///
    /// Fails if a contract, of this or of a called step, disagrees with its published schema.
    pub fn to_schema(&'static self) -> Result<Value> {
        schema::render(self)
    }

    /// Returns what each kind of provider would receive as the answer schema of each model step.
    ///
    /// By step and provider: `schema`, the adapted schema; `in_words`, constraints that are only in the description and checked
    /// on the answer; `refused`, why the provider cannot give such an answer; `source` and `read`, the page that documents this
    /// and the date it was read.
    pub fn to_portability(&'static self) -> Value {
        portability::render(self)
    }
}
