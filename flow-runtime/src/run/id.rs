//! Ids of runs.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The id of a run: what the caller named it, or `run_` and 32 hexadecimal digits that sort by time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(String);

impl RunId {
    /// A run named by its caller.
    pub fn named(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// A fresh id: 48 bits of milliseconds since 1970, then 80 random bits, the layout of a version 7 UUID without its marks.
    pub fn fresh() -> Self {
        let millis = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64);
        Self(format!("run_{:012x}{:020x}", millis & 0xffff_ffff_ffff, fastrand::u128(..) >> 48))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_ids_differ_and_have_one_length() {
        let (a, b) = (RunId::fresh(), RunId::fresh());
        assert_ne!(a, b);
        assert_eq!((a.as_str().len(), b.as_str().len()), (36, 36));
    }
}
