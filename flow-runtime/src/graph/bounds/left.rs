//! Paths that have left a block but have not reached their target yet.

use super::measure::Measure;
use super::way::{Way, dearer, is_dearer};

/// How many paths are tracked. Any further one is treated as if it continued in place, which never costs less.
const MOST: usize = 64;

/// A path that has left a block.
#[derive(Clone, Copy)]
pub(super) struct Left {
    /// The level at whose start its cost begins; in a loop, the start of the part.
    pub(super) level: usize,
    /// The level it leads to, and the position there.
    pub(super) target: usize,
    pub(super) to: To,
    pub(super) way: Way,
    /// The part of the block that it left.
    pub(super) part: &'static str,
    /// The number of that part, from 1, if paths from different parts are counted differently; otherwise 0.
    pub(super) parts: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    Behind,
    Again,
    End,
}

/// The tracked paths, in no order.
pub(super) struct All {
    left: [Left; MOST],
    len: usize,
}

impl All {
    pub(super) const NONE: Self = {
        let none = Left { level: 0, target: 0, to: To::End, way: Way::FREE, part: "", parts: 0 };
        Self { left: [none; MOST], len: 0 }
    };

    /// Adds a path; of several paths to the same target, the most expensive is kept. Returns `false` if the list is full.
    pub(super) const fn add(&mut self, new: Left, measure: Measure) -> bool {
        let mut at = 0;
        while at < self.len {
            let old = self.left[at];
            if old.leads_where(&new) {
                let part = if is_dearer(measure, Some(old.way), Some(new.way)) { new.part } else { old.part };
                if let Some(way) = dearer(measure, Some(old.way), Some(new.way)) {
                    self.left[at] = Left { way, part, ..old };
                }
                return true;
            }
            at += 1;
        }
        if self.len == MOST {
            return false;
        }
        self.left[self.len] = new;
        self.len += 1;
        true
    }

    /// Removes the path that leads from within a level to a position of that level.
    pub(super) const fn take(&mut self, level: usize, to: To) -> Option<Way> {
        let mut at = 0;
        while at < self.len {
            let left = self.left[at];
            if left.level == level && left.target == level && left.to as u8 == to as u8 {
                return Some(self.remove(at).way);
            }
            at += 1;
        }
        None
    }

    /// Removes a path that left some level above this one.
    pub(super) const fn take_above(&mut self, level: usize) -> Option<Left> {
        let mut at = 0;
        while at < self.len {
            if self.left[at].level > level {
                return Some(self.remove(at));
            }
            at += 1;
        }
        None
    }

    const fn remove(&mut self, at: usize) -> Left {
        let left = self.left[at];
        self.len -= 1;
        self.left[at] = self.left[self.len];
        left
    }
}

impl Left {
    const fn leads_where(&self, other: &Self) -> bool {
        let same_place = self.target == other.target && self.to as u8 == other.to as u8;
        self.level == other.level && self.parts == other.parts && same_place
    }
}
