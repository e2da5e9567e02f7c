//! Which types of a lock are what they were, found out once for all parts of the promise.

use super::data::{Locked, LockedArgument};
use super::keeps;
use super::place::{Located, locate};
use crate::contract::{Def, Following, Standing};
use crate::graph::{Argument, Meta};

/// The standing of each type of a lock that has `N`, by number.
pub const fn standings<const N: usize>(meta: &'static Meta, locked: &'static Locked) -> [Standing; N] {
    let (mut standings, mut met) = ([Standing::UNKNOWN; N], [None; N]);
    fill(meta, locked, &mut standings, &mut met);
    standings
}

/// The same of a lock that was read at run time.
pub(super) fn all(meta: &'static Meta, locked: &'static Locked, types: usize) -> Vec<Standing> {
    let (mut standings, mut met) = (vec![Standing::UNKNOWN; types], vec![None; types]);
    fill(meta, locked, &mut standings, &mut met);
    standings
}

const fn fill(
    meta: &'static Meta,
    locked: &'static Locked,
    standings: &mut [Standing],
    met: &mut [Option<&'static Def>],
) {
    let mut following = Following::new(standings, met);
    arguments(&mut following, locked.input, meta.arguments);
    following.follow(locked.output, meta.output.shape);
    let mut at = 0;
    while at < locked.steps.len() {
        let step = &locked.steps[at];
        if let Located::Call(_, node, _) = locate(meta, step.place) {
            let now = node.step.get();
            arguments(&mut following, step.input, now.arguments);
            following.follow(step.output, now.output.shape);
        }
        at += 1;
    }
    following.settle();
}

const fn arguments(following: &mut Following, old: &'static [LockedArgument], new: &'static [Argument]) {
    let mut at = 0;
    while at < new.len() {
        if let Some(old) = keeps::find(old, new[at].name) {
            following.follow(old.shape, new[at].contract.shape);
        }
        at += 1;
    }
}
