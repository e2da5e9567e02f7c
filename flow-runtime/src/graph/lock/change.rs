//! Changes since a lock was written, and what they mean.

/// What a change means for those who rely on the previous behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Results may differ: a prompt, a model, a policy.
    Behaviour,
    /// No impact.
    Compatible,
    /// Something new that they may use.
    Additive,
    /// Something they rely on no longer holds.
    Breaking,
}

/// A single change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it means.
    pub class: Class,
    /// Its location: `input`, `output`, or the place of a step.
    pub place: String,
    /// A description of the change.
    pub text: String,
}

/// All changes, by who relies on the changed part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The version of the lock, and the version of the current workflow.
    pub versions: (u32, u32),
    /// Changes for callers, who provide the input.
    pub callers: Vec<Change>,
    /// Changes for readers, who use the output.
    pub readers: Vec<Change>,
    /// Changes for runs started by an older build.
    pub runs: Vec<Change>,
    /// Changes of behaviour that break no promise, and compatible changes of what a step does.
    pub behaviour: Vec<Change>,
}

impl Changes {
    /// Returns whether nothing visible changed.
    pub fn is_empty(&self) -> bool {
        self.versions.0 == self.versions.1 && self.all().next().is_none()
    }

    /// Returns whether any change is breaking, regardless of versions.
    pub fn is_breaking(&self) -> bool {
        self.all().any(|change| change.class == Class::Breaking)
    }

    /// Returns whether runs started by the older build can continue.
    pub fn lets_runs_go_on(&self) -> bool {
        self.runs.iter().all(|change| change.class != Class::Breaking)
    }

    fn all(&self) -> impl Iterator<Item = &Change> {
        self.callers.iter().chain(&self.readers).chain(&self.runs).chain(&self.behaviour)
    }
}

impl Change {
    pub(super) fn new(class: Class, place: &str, text: String) -> Self {
        Self { class, place: place.to_owned(), text }
    }
}
