//! The levels of effort that an endpoint knows, as somebody says them.

use super::Effort;

/// The words for levels, from the least effort to the most.
const WORDS: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/// The effort levels that an endpoint supports. An [effort](crate::provider::Model::effort) is sent as the nearest level, the
/// lower one of two equally near; without levels, none is sent.
///
/// ```
/// use flow_runtime::provider::{Effort, EffortLevels};
///
/// let levels = EffortLevels::named(["low", "high"]).unwrap();
/// assert_eq!(levels.nearest(Effort::Minimal), Some("low"));
/// assert_eq!(EffortLevels::named(["lots"]), Err("lots"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EffortLevels(u8);

impl EffortLevels {
    /// Creates a set of levels by name, see [`names`](Self::names).
    ///
    /// # Errors
    ///
    /// Returns the first unknown name.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, &'a str> {
        names.into_iter().try_fold(Self::default(), |levels, name| {
            let at = WORDS.iter().position(|word| *word == name).ok_or(name)?;
            Ok(Self(levels.0 | 1 << at))
        })
    }

    /// Returns the names of all known levels, from least to most effort.
    pub fn names() -> impl Iterator<Item = &'static str> {
        WORDS.into_iter()
    }

    /// Returns the name of the level nearest to an effort.
    pub fn nearest(self, effort: Effort) -> Option<&'static str> {
        let wanted = WORDS.iter().position(|word| *word == effort.name())?;
        let known = (0..WORDS.len()).filter(|at| self.0 & 1 << at != 0);
        known.min_by_key(|at| at.abs_diff(wanted)).map(|at| WORDS[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effort_is_sent_as_the_nearest_level() {
        for (levels, sent) in [
            (&["low", "high"][..], [Some("low"), Some("low"), Some("low"), Some("high")]),
            (&["none", "max"], [Some("none"), Some("none"), Some("none"), Some("max")]),
            (&["none", "low", "medium", "high"], [Some("none"), Some("low"), Some("medium"), Some("high")]),
            (&[], [None; 4]),
        ] {
            let levels = EffortLevels::named(levels.iter().copied()).unwrap();
            let efforts = [Effort::Minimal, Effort::Low, Effort::Medium, Effort::High];
            assert_eq!(efforts.map(|effort| levels.nearest(effort)), sent, "{levels:?}");
        }
    }
}
