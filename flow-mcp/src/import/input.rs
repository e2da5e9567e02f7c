//! The arguments of a tool, wherever its input schema names them.

use serde_json::Value;

use super::schema::{Property, Schema};

/// How deep schemas may be combined.
const DEPTH: usize = 16;

#[derive(Default)]
pub(super) struct Input<'s> {
    pub(super) properties: Vec<Property<'s>>,
    /// The keyword of which only the first schema was read.
    pub(super) first_of: Option<&'static str>,
    /// What no argument says.
    pub(super) unsaid: Vec<String>,
}

impl<'s> Input<'s> {
    pub(super) fn of(schema: &'s Value) -> Self {
        let mut input = Self::default();
        input.add(Schema::of(schema), DEPTH);
        input
    }

    fn add(&mut self, schema: Schema<'s>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        self.unsaid.extend(schema.unsaid().iter().map(|keyword| format!("`{keyword}`")));
        self.merge(schema.properties());
        let all = schema.list("allOf").into_iter().flatten();
        for part in schema.target().into_iter().chain(all) {
            self.add(part, depth);
        }
        // All that fits the first fits the choice.
        for keyword in ["anyOf", "oneOf"] {
            if let Some(first) = schema.list(keyword).and_then(|all| all.first().copied()) {
                self.first_of = Some(keyword);
                self.add(first, depth);
            }
        }
    }

    fn merge(&mut self, properties: Vec<Property<'s>>) {
        for property in properties {
            match self.properties.iter_mut().find(|known| known.name == property.name) {
                Some(known) => {
                    known.is_required |= property.is_required;
                    if known.schema.is_silent() {
                        known.schema = property.schema;
                    }
                }
                None => self.properties.push(property),
            }
        }
    }
}
