//! Finds the types of a lock that have not changed, so that shapes made of them need no comparison.
//!
//! Recursive types are assumed unchanged until something contradicts it.

mod alike;

use super::{Def, DefPtr, Shape};
use alike::Alike;

/// A type of a lock, and the current type that corresponds to it.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    now: Option<DefPtr>,
    unchanged: bool,
}

impl Standing {
    /// Nothing is known yet.
    pub const UNKNOWN: Self = Self { now: None, unchanged: false };
}

/// The state of a lock's types, by number.
#[derive(Clone, Copy, Debug)]
pub struct Unchanged<'a>(&'a [Standing]);

impl<'a> Unchanged<'a> {
    /// Wraps the results.
    pub const fn new(standings: &'a [Standing]) -> Self {
        Self(standings)
    }

    /// Whether nothing in the shape has changed.
    pub(crate) const fn shape(self, was: &'static Shape, now: &'static Shape) -> bool {
        match (was, now) {
            (Shape::Named(was), Shape::Named(now)) => self.named(was.get(), now.get()),
            _ => match Alike::of(was, now) {
                Some(alike) => self.all(&alike),
                None => false,
            },
        }
    }

    /// Whether nothing in a named type has changed.
    pub(crate) const fn named(self, was: &Def, now: &Def) -> bool {
        match self.standing(was) {
            Some(Standing { now: Some(known), unchanged: true }) => known.get().is(now),
            _ => false,
        }
    }

    /// A type of a lock has its number instead of a hash.
    const fn standing(self, was: &Def) -> Option<Standing> {
        let number = was.hash as usize;
        if number < self.0.len() { Some(self.0[number]) } else { None }
    }

    const fn all(self, alike: &Alike) -> bool {
        let mut at = 0;
        while at < alike.len {
            if let Some((was, now)) = alike.pairs[at]
                && !self.named(was, now.get())
            {
                return false;
            }
            at += 1;
        }
        true
    }
}

/// The computation, with one entry per type of the lock.
pub(crate) struct Following<'a> {
    standings: &'a mut [Standing],
    /// The types in the order met, and how many of them were processed.
    met: &'a mut [Option<&'static Def>],
    len: usize,
    done: usize,
}

impl<'a> Following<'a> {
    pub(crate) const fn new(standings: &'a mut [Standing], met: &'a mut [Option<&'static Def>]) -> Self {
        Self { standings, met, len: 0, done: 0 }
    }

    /// Follows the types of a shape.
    pub(crate) const fn follow(&mut self, was: &'static Shape, now: &'static Shape) {
        let _ = self.meet(was, now);
        while self.done < self.len {
            if let Some(was) = self.met[self.done]
                && let Some(now) = self.standings[was.hash as usize].now
            {
                self.standings[was.hash as usize].unchanged = self.meet(&was.body, &now.get().body);
            }
            self.done += 1;
        }
    }

    /// Whether both are equal and every type corresponds to the same type as before.
    const fn meet(&mut self, was: &'static Shape, now: &'static Shape) -> bool {
        let Some(alike) = Alike::of(was, now) else { return false };
        let (mut at, mut same) = (0, true);
        while at < alike.len {
            if let Some((was, now)) = alike.pairs[at] {
                same &= self.meet_named(was, now);
            }
            at += 1;
        }
        same
    }

    const fn meet_named(&mut self, was: &'static Def, now: DefPtr) -> bool {
        let standing = &mut self.standings[was.hash as usize];
        match standing.now {
            Some(known) => known.get().is(now.get()),
            None => {
                *standing = Standing { now: Some(now), unchanged: true };
                self.met[self.len] = Some(was);
                self.len += 1;
                true
            }
        }
    }

    /// A type that contains a changed one has changed. It runs backwards, because types met last seldom contain types met before.
    pub(crate) const fn settle(&mut self) {
        let mut again = self.any_changed();
        while again {
            again = false;
            let mut at = self.len;
            while at > 0 {
                at -= 1;
                if let Some(was) = self.met[at]
                    && let Standing { now: Some(now), unchanged: true } = self.standings[was.hash as usize]
                    && !Unchanged(self.standings).shape(&was.body, &now.get().body)
                {
                    self.standings[was.hash as usize].unchanged = false;
                    again = true;
                }
            }
        }
    }

    const fn any_changed(&self) -> bool {
        let mut at = 0;
        while at < self.len {
            if let Some(was) = self.met[at]
                && !self.standings[was.hash as usize].unchanged
            {
                return true;
            }
            at += 1;
        }
        false
    }
}
