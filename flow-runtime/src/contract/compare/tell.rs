//! The messages for mismatches, of an edge or of two versions of a contract.

use super::evolution::Evolution;
use super::pair::Step;
use super::search::Search;
use crate::contract::Shape;
use crate::contract::words::shape_text;

impl<const N: usize> Search<'_, N> {
    /// `expected` is read, `found` is written.
    pub(super) const fn unlike(&mut self, at: usize, expected: &str, found: &str) {
        match self.evolution {
            None => self.mismatch(at, Step::Same, &["expected ", expected, ", found ", found]),
            Some(Evolution { forward: true, .. }) => self.mismatch(at, Step::Same, &["was ", found, ", is ", expected]),
            Some(_) => self.mismatch(at, Step::Same, &["was ", expected, ", is ", found]),
        }
    }

    /// The field `name` is always written as `text`, the tag of a variant.
    pub(super) const fn unlike_text(&mut self, at: usize, name: &'static str, expected: &str, text: &str) {
        let step = Step::Field(name);
        match self.evolution {
            None => self.mismatch(at, step, &["expected ", expected, ", found `", text, "`"]),
            Some(Evolution { forward: true, .. }) => {
                self.mismatch(at, step, &["was `", text, "`, is ", expected]);
            }
            Some(_) => self.mismatch(at, step, &["was ", expected, ", is `", text, "`"]),
        }
    }

    /// Only the written or only the read side of a variant has content.
    pub(super) const fn unlike_content(&mut self, at: usize, step: Step, is_written: bool) {
        let words = match (self.evolution, is_written) {
            (None, true) => "written with content, but read without",
            (None, false) => "written without content, but read with it",
            (Some(Evolution { forward, .. }), written) if forward == written => "had content, now has none",
            (Some(_), _) => "had no content, now has some",
        };
        self.mismatch(at, step, &[words]);
    }

    pub(super) const fn unlike_keys(&mut self, at: usize, expected: &str, found: &str) {
        match self.evolution {
            None => self.mismatch(at, Step::Same, &["expected keys ", expected, ", found ", found]),
            Some(Evolution { forward: true, .. }) => {
                self.mismatch(at, Step::Same, &["keys were ", found, ", are ", expected]);
            }
            Some(_) => self.mismatch(at, Step::Same, &["keys were ", expected, ", are ", found]),
        }
    }

    pub(super) const fn unlike_forms(&mut self, at: usize, expected: &str, found: &str) {
        match self.evolution {
            None => self.mismatch(at, Step::Same, &["expected an enum ", expected, ", found one ", found]),
            Some(Evolution { forward: true, .. }) => {
                self.mismatch(at, Step::Same, &["was an enum ", found, ", is one ", expected]);
            }
            Some(_) => self.mismatch(at, Step::Same, &["was an enum ", expected, ", is one ", found]),
        }
    }

    /// A required field that is not written. `near` is a similar name that is written.
    pub(super) const fn missing(&mut self, at: usize, name: &str, shape: &'static Shape, near: Option<&str>) {
        let shape = shape_text(shape);
        let (before, after, beside, end) = match self.evolution {
            None => ("missing field `", ")", "; the producer writes `", "`"),
            Some(Evolution { forward: true, .. }) => {
                ("field `", ") is required, but was not there before", "; renamed from `", "`?")
            }
            Some(_) => ("field `", ") is gone", "; renamed to `", "`?"),
        };
        match near {
            Some(near) => {
                self.mismatch(at, Step::Same, &[before, name, "` (", shape.as_str(), after, beside, near, end]);
            }
            None => self.mismatch(at, Step::Same, &[before, name, "` (", shape.as_str(), after]),
        }
    }

    pub(super) const fn not_always_written(&mut self, at: usize, name: &'static str) {
        let words = match self.evolution {
            None => "required, but not always written",
            Some(Evolution { forward: true, .. }) => "is required, but was not always present",
            Some(_) => "was always present, but may be missing now",
        };
        self.mismatch(at, Step::Field(name), &[words]);
    }

    /// A field that is written to a closed object.
    pub(super) const fn not_known(&mut self, at: usize, name: &'static str) {
        let words = match self.evolution {
            None => "written, but the consumer rejects unknown fields",
            Some(Evolution { forward: true, whole: true }) => "is gone",
            Some(Evolution { forward: true, whole: false }) => "is gone, and unknown fields are rejected",
            Some(Evolution { forward: false, whole: true }) => "is new",
            Some(Evolution { forward: false, whole: false }) => "is new, and unknown fields were rejected",
        };
        self.mismatch(at, Step::Field(name), &[words]);
    }

    /// Entries with arbitrary names, written to a closed object.
    pub(super) const fn others_not_known(&mut self, at: usize) {
        let words = match self.evolution {
            None => "a map may write any field, but the consumer rejects unknown ones",
            Some(Evolution { forward: true, whole: true }) => "entries with other names are gone",
            Some(Evolution { forward: true, whole: false }) => "entries with other names are rejected",
            Some(Evolution { forward: false, whole: true }) => "entries with other names are new",
            Some(Evolution { forward: false, whole: false }) => "entries with other names are new, and were rejected",
        };
        self.mismatch(at, Step::Same, &[words]);
    }

    /// Flattened content without known members.
    pub(super) const fn unclear(&mut self, at: usize) {
        self.mismatch(at, Step::Same, &["a flattened enum cannot be checked: make it a separate field"]);
    }

    /// A written variant that is not read. `near` is a similar name that is read.
    pub(super) const fn not_read(&mut self, at: usize, name: &str, near: Option<&str>) {
        match (self.evolution, near) {
            (None, Some(near)) => self.mismatch(
                at,
                Step::Same,
                &["variant `", name, "` is unknown to the consumer, which reads `", near, "`"],
            ),
            (None, None) => self.mismatch(at, Step::Same, &["variant `", name, "` is unknown to the consumer"]),
            (Some(Evolution { forward: true, .. }), Some(near)) => {
                self.mismatch(at, Step::Same, &["variant `", name, "` is gone; renamed to `", near, "`?"]);
            }
            (Some(Evolution { forward: true, .. }), None) => {
                self.mismatch(at, Step::Same, &["variant `", name, "` is gone"]);
            }
            (Some(_), _) => self.mismatch(at, Step::Same, &["variant `", name, "` is new"]),
        }
    }
}
