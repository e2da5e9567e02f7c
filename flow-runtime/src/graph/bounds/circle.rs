//! Workflows that call each other in a cycle.

use super::memo::{Memo, State};
use super::ways::{DEPTH, Level, LevelKind, Ways};
use crate::graph::Meta;

/// Whether the workflow being entered is being walked already. With `tell`, a cycle back to the first level fails the build. A
/// cycle through a step's fallback is not visible here; it only makes the worst case unknown.
#[track_caller]
pub(super) const fn closes(ways: &Ways<0>, inner: &Meta, memo: &Memo, tell: bool) -> bool {
    let (levels, top) = (&ways.levels, ways.top);
    let Some(from) = start(levels, top, inner) else { return matches!(memo.state(inner), State::UnderWay) };
    if tell && from == 0 && is_first_by_name(levels, top) {
        tell_circle(levels, top);
    }
    true
}

/// The level at which a workflow was entered.
const fn start(levels: &[Level; DEPTH], top: usize, owner: &Meta) -> Option<usize> {
    let mut at = 0;
    while at <= top {
        if matches!(levels[at].kind, LevelKind::Whole) && levels[at].owner.is(owner) {
            return Some(at);
        }
        at += 1;
    }
    None
}

const fn is_first_by_name(levels: &[Level; DEPTH], top: usize) -> bool {
    let mut at = 1;
    while at <= top {
        if matches!(levels[at].kind, LevelKind::Whole) && levels[at].owner.sorts_before(levels[0].owner) {
            return false;
        }
        at += 1;
    }
    true
}

#[track_caller]
const fn tell_circle(levels: &[Level; DEPTH], top: usize) {
    let first = levels[0].owner.name;
    let mut text = crate::contract::Text::<1024>::new();
    text.push("workflow `");
    text.push(first);
    text.push("` calls itself: ");
    let mut at = 0;
    while at <= top {
        if matches!(levels[at].kind, LevelKind::Whole) {
            text.push(levels[at].owner.name);
            text.push(" -> ");
        }
        at += 1;
    }
    text.push(first);
    text.push(
        "; a workflow graph cannot have cycles: write the repetition as a `#[bound(N)]` loop\n  see flow::errors::circle",
    );
    panic!("{}", text.as_str());
}
