//! The context of a value in a schema.

use flow_base::hash::fnv_from;

use super::words;
use crate::provider::lower::tree::Node;

/// What is known of the property to fill.
#[derive(Clone, Debug, Default)]
pub(super) struct Hint {
    /// The words of its name.
    pub(super) name: Vec<String>,
    /// These and the significant words of its description.
    pub(super) said: Vec<String>,
    /// Its index in the list it belongs to.
    pub(super) nth: usize,
}

impl Hint {
    /// The hint for a property.
    pub(super) fn property(name: &str, nth: usize) -> Self {
        let name = words::of_name(name);
        Self { said: name.clone(), name, nth }
    }

    /// The hint with the description of its node.
    pub(super) fn described(&self, node: &Node) -> Self {
        let mut hint = self.clone();
        hint.said.extend(node.description.iter().flat_map(|text| words::telling(text)).take(40));
        hint
    }

    /// The hint for an item of this hint's list.
    pub(super) fn item(&self, nth: usize) -> Self {
        Self { nth: self.nth + nth, ..self.clone() }
    }

    /// Whether the name contains one of these words.
    pub(super) fn is_about(&self, wanted: &str) -> bool {
        self.name.iter().any(|word| wanted.split(' ').any(|wanted| word == wanted))
    }

    /// A number that decides when the text does not: it differs between properties, and follows on from item to item.
    pub(super) fn pick(&self, seed: u64) -> u64 {
        (fnv_from(seed, self.name.join("_").as_bytes()) >> 1) + self.nth as u64
    }
}
