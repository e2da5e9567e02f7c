//! The macros that run steps concurrently.

use syn::Path;

/// The macro of a parallel block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinForm {
    Join,
    TryJoin,
    Race,
}

impl JoinForm {
    pub(crate) const ALL: [Self; 3] = [Self::Join, Self::TryJoin, Self::Race];

    /// Finds the form by the macro's path.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let last = path.segments.last()?;
        Self::ALL.into_iter().find(|form| last.ident == form.name())
    }

    /// The macro's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::TryJoin => "try_join",
            Self::Race => "race_ok",
        }
    }

    /// The macro as it is written.
    pub(crate) const fn written(self) -> &'static str {
        match self {
            Self::Join => "join!",
            Self::TryJoin => "try_join!",
            Self::Race => "race_ok!",
        }
    }
}
