//! Configured effort levels of an endpoint.

use super::Effort;

/// The names of the levels, from the least effort to the most, with their position on a scale. `default` leaves the effort to the
/// model and counts as a middle level.
const LEVELS: [(&str, u8); 8] =
    [("none", 0), ("minimal", 2), ("low", 4), ("default", 5), ("medium", 6), ("high", 8), ("xhigh", 10), ("max", 12)];

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
            let index = LEVELS.iter().position(|(level, _)| *level == name).ok_or(name)?;
            Ok(Self(levels.0 | 1 << index))
        })
    }

    /// Returns the names of all known levels, from least to most effort.
    pub fn names() -> impl Iterator<Item = &'static str> {
        LEVELS.into_iter().map(|(level, _)| level)
    }

    /// Returns the name of the level nearest to an effort.
    pub fn nearest(self, effort: Effort) -> Option<&'static str> {
        let (_, wanted) = LEVELS.into_iter().find(|(level, _)| *level == effort.name())?;
        let known = LEVELS.into_iter().enumerate().filter(|(index, _)| self.0 & 1 << index != 0);
        known.map(|(_, level)| level).min_by_key(|(_, at)| at.abs_diff(wanted)).map(|(level, _)| level)
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
            // Groq's qwen3: thinking is off, or as long as the model likes.
            (&["none", "default"], [Some("none"), Some("default"), Some("default"), Some("default")]),
            (&["low", "default", "high"], [Some("low"), Some("low"), Some("default"), Some("high")]),
            (&[], [None; 4]),
        ] {
            let levels = EffortLevels::named(levels.iter().copied()).unwrap();
            let efforts = [Effort::Minimal, Effort::Low, Effort::Medium, Effort::High];
            assert_eq!(efforts.map(|effort| levels.nearest(effort)), sent, "{levels:?}");
        }
    }
}
