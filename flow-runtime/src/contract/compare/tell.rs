//! The words of a mismatch: about two contracts at an edge, or about one contract at two times.

use super::evolution::Evolution;
use super::search::{Search, Step};
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

    /// Only one side of a variant has content: the one that is written, or the one that is read.
    pub(super) const fn unlike_content(&mut self, at: usize, step: Step, is_written: bool) {
        let words = match (self.evolution, is_written) {
            (None, true) => "written with content, but read without",
            (None, false) => "written without content, but read with it",
            (Some(Evolution { forward, .. }), written) if forward == written => "had content, and has none",
            (Some(_), _) => "had no content, and has some",
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

    /// A field that is read and must be there, but is not written; `near` is written.
    pub(super) const fn missing(&mut self, at: usize, name: &str, shape: &'static Shape, near: Option<&str>) {
        let shape = shape_text(shape);
        let (before, after, beside, end) = match self.evolution {
            None => ("missing field `", ")", "; the producer writes `", "`"),
            Some(Evolution { forward: true, .. }) => ("field `", ") is required and was not there", "; was it `", "`?"),
            Some(_) => ("field `", ") is gone", "; is it `", "`?"),
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
            Some(Evolution { forward: true, .. }) => "is required, and was not always there",
            Some(_) => "was always there, and may be missing",
        };
        self.mismatch(at, Step::Field(name), &[words]);
    }

    /// A field that is written to an object that is closed.
    pub(super) const fn not_known(&mut self, at: usize, name: &'static str) {
        let words = match self.evolution {
            None => "written, but the consumer refuses unknown fields",
            Some(Evolution { forward: true, whole: true }) => "is gone",
            Some(Evolution { forward: true, whole: false }) => "is gone, and unknown fields are refused",
            Some(Evolution { forward: false, whole: true }) => "is new",
            Some(Evolution { forward: false, whole: false }) => "is new, and unknown fields were refused",
        };
        self.mismatch(at, Step::Field(name), &[words]);
    }

    /// Entries of any name that are written to an object that is closed.
    pub(super) const fn others_not_known(&mut self, at: usize) {
        let words = match self.evolution {
            None => "a map may write any field, but the consumer refuses unknown ones",
            Some(Evolution { forward: true, whole: true }) => "entries of other names are gone",
            Some(Evolution { forward: true, whole: false }) => "entries of other names are refused",
            Some(Evolution { forward: false, whole: true }) => "entries of other names are new",
            Some(Evolution { forward: false, whole: false }) => "entries of other names are new, and were refused",
        };
        self.mismatch(at, Step::Same, &[words]);
    }

    /// A variant that is written and not read; `near` is read.
    pub(super) const fn not_read(&mut self, at: usize, name: &str, near: Option<&str>) {
        match (self.evolution, near) {
            (None, Some(near)) => self.mismatch(
                at,
                Step::Same,
                &["variant `", name, "` is not one that is read; the consumer reads `", near, "`"],
            ),
            (None, None) => self.mismatch(at, Step::Same, &["variant `", name, "` is not one that is read"]),
            (Some(Evolution { forward: true, .. }), Some(near)) => {
                self.mismatch(at, Step::Same, &["variant `", name, "` is gone; is it `", near, "`?"]);
            }
            (Some(Evolution { forward: true, .. }), None) => {
                self.mismatch(at, Step::Same, &["variant `", name, "` is gone"]);
            }
            (Some(_), _) => self.mismatch(at, Step::Same, &["variant `", name, "` is new"]),
        }
    }
}
