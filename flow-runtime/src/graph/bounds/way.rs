//! One path through a part of a workflow.

use super::cost::Bounds;
use super::measure::Measure;
use super::sum::NONE;

/// The cost of a path, and the last term of its sum.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub(super) bounds: Bounds,
    pub(super) last: u32,
}

impl Way {
    pub(super) const FREE: Self = Self { bounds: Bounds::ZERO, last: NONE };
}

/// The maximum of two paths; the terms are those of the path that costs more by `measure`.
pub(super) const fn dearer(measure: Measure, one: Option<Way>, other: Option<Way>) -> Option<Way> {
    match (one, other) {
        (Some(a), Some(b)) => {
            let last = if is_dearer(measure, one, other) { b.last } else { a.last };
            Some(Way { bounds: a.bounds.or(b.bounds), last })
        }
        (Some(way), None) | (None, Some(way)) => Some(way),
        (None, None) => None,
    }
}

/// Whether the second path costs more.
pub(super) const fn is_dearer(measure: Measure, than: Option<Way>, way: Option<Way>) -> bool {
    let (Some(than), Some(way)) = (than, way) else { return than.is_none() && way.is_some() };
    match (measure.of(than.bounds), measure.of(way.bounds)) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(than), Some(way)) => way > than,
    }
}
