//! Changes as text and as JSON.

use std::fmt;

use serde_json::{Value, json};

use super::change::{Change, Changes, Class};

impl Class {
    /// Returns the name of the class.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Behaviour => "behaviour",
            Self::Compatible => "compatible",
            Self::Additive => "additive",
            Self::Breaking => "breaking",
        }
    }
}

impl Changes {
    /// `{"breaking", "version": {"lock", "now"}, "callers": [{"class", "place", "text"}], "readers", "runs", "behaviour"}`
    pub fn to_json(&self) -> Value {
        let list = |changes: &[Change]| changes.iter().map(Change::to_json).collect::<Value>();
        json!({
            "breaking": self.is_breaking(),
            "version": { "lock": self.versions.0, "now": self.versions.1 },
            "callers": list(&self.callers),
            "readers": list(&self.readers),
            "runs": list(&self.runs),
            "behaviour": list(&self.behaviour),
        })
    }
}

impl Change {
    fn to_json(&self) -> Value {
        json!({ "class": self.class.name(), "place": self.place, "text": self.text })
    }
}

/// One line per change, grouped.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (old, new) = self.versions;
        if old != new {
            writeln!(
                f,
                "version changed from {old} to {new}: runs of version {old} stay with the build that started them"
            )?;
        }
        let groups = [
            ("callers", &self.callers),
            ("readers", &self.readers),
            ("runs in flight", &self.runs),
            ("behaviour", &self.behaviour),
        ];
        for (who, changes) in groups.into_iter().filter(|(_, changes)| !changes.is_empty()) {
            writeln!(f, "{who}:")?;
            for Change { class, place, text } in changes {
                match class {
                    Class::Behaviour => writeln!(f, "  `{place}`: {text}")?,
                    class => writeln!(f, "  {}: `{place}` {text}", class.name())?,
                }
            }
        }
        Ok(())
    }
}
