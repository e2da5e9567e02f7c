//! The context of a value in a schema.

use super::words;

/// The name and description of the property to fill, and its index in a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Hint {
    /// The words of the property's name.
    pub(super) name: Vec<String>,
    /// Significant words of its description.
    pub(super) said: Vec<String>,
    /// Its index in the list it belongs to.
    pub(super) nth: usize,
}

impl Hint {
    /// The hint for a property.
    pub(super) fn property(name: &str, nth: usize) -> Self {
        Self { name: words::of_name(name), said: Vec::new(), nth }
    }

    /// Adds a description.
    pub(super) fn described(mut self, description: Option<&str>) -> Self {
        self.said.extend(description.into_iter().flat_map(words::telling).take(40));
        self
    }

    /// The hint for an item of this hint's list.
    pub(super) fn item(&self, nth: usize) -> Self {
        Self { nth: self.nth + nth, ..self.clone() }
    }

    pub(super) fn words(&self) -> Vec<String> {
        self.name.iter().chain(&self.said).cloned().collect()
    }

    /// Whether the name contains one of these words.
    pub(super) fn is_about(&self, wanted: &[&str]) -> bool {
        self.name.iter().any(|word| wanted.contains(&&word[..]))
    }

    /// A text that differs between properties and items.
    pub(super) fn key(&self) -> String {
        format!("{}#{}", self.name.join("_"), self.nth)
    }
}
