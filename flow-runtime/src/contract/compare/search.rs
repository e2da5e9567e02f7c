//! The work list of a comparison.

use super::evolution::Evolution;
use super::pair::{Name, Pair, Scoped, Step};
use super::scalars::{is_number, scalar_fits};
use crate::contract::buffered::unreadable;
use crate::contract::members::Direction;
use crate::contract::project::Seg;
use crate::contract::report::Report;
use crate::contract::text::equal;
use crate::contract::unchanged::Unchanged;
use crate::contract::words::shape_text;
use crate::contract::{Def, Shape};

/// Maximum number of pairs in a comparison. Exceeding it is a mismatch.
pub(super) const CAPACITY: usize = 4096;

/// Enough for most comparisons: const evaluation pays for the complete array, used or not.
pub(super) const FEW: usize = 96;

/// The result of a trial so far.
#[derive(Clone, Copy)]
enum Verdict {
    Fits,
    Differs,
}

/// A comparison in progress. Const evaluation allows about 128 nested calls, so depth is kept in a list instead of on the stack.
/// Only untagged enums nest, because their variants must be tried: a trial runs at the end of the same list, so that all
/// assumptions hold in it too, and is removed afterwards.
pub(super) struct Search<'a, const N: usize> {
    pub(super) pairs: [Pair; N],
    len: usize,
    /// The list was too short, so the result is invalid.
    pub(super) overflow: bool,
    latest: Option<usize>,
    /// During a trial, a difference ends the trial and is not reported.
    trial: Option<Verdict>,
    pub(super) base: &'a [Seg],
    /// Set if the sides are two versions of one contract; `None` for an edge.
    pub(super) evolution: Option<Evolution>,
    /// The types that need no comparison.
    unchanged: Unchanged<'a>,
    /// New pairs are read out of serde's buffer, regardless of their parent.
    pub(super) buffering: bool,
    /// Accept everything that serde reads, even if the value changes.
    pub(super) lenient: bool,
    /// The outermost struct is not read from a list.
    pub(super) named_only: bool,
    pub(super) report: Report,
}

impl<'a, const N: usize> Search<'a, N> {
    pub(super) const fn new(report: Report, base: &'a [Seg], evolution: Option<(Evolution, Unchanged<'a>)>) -> Self {
        let (evolution, unchanged) = match evolution {
            Some((evolution, unchanged)) => (Some(evolution), unchanged),
            None => (None, Unchanged::new(&[])),
        };
        Self {
            pairs: [Pair::NONE; N],
            len: 0,
            overflow: false,
            latest: None,
            trial: None,
            base,
            evolution,
            unchanged,
            buffering: false,
            lenient: false,
            named_only: false,
            report,
        }
    }

    /// A search for what serde reads, even if values change.
    pub(super) const fn lenient(positional: bool) -> Self {
        let mut search = Self::new(Report::new(), &[], None);
        search.lenient = true;
        search.named_only = !positional;
        search
    }

    /// Whether the pair is the outermost one, and that is not read from a list.
    pub(super) const fn is_named_only(&self, mut at: usize) -> bool {
        while at > 0 && matches!(self.pairs[at].step, Step::Same | Step::Opened) {
            at = self.pairs[at].parent;
        }
        self.named_only && at == 0
    }

    /// Whether `from` fits `to`, a variant of an untagged enum.
    pub(super) const fn fits(&mut self, from: &'static Shape, to: &'static Shape) -> bool {
        self.buffering = true;
        self.fits_chosen(0, from, to, None)
    }

    pub(super) const fn run(&mut self, from: &'static Shape, to: &'static Shape) {
        self.push(0, from, to, Step::Same);
        let mut at = 0;
        while at < self.len {
            self.visit(at);
            at += 1;
        }
        if self.overflow {
            self.report
                .mismatch(&["the contracts are too large to compare: split them, or use the same type on both sides"]);
        }
        self.report.finish();
    }

    /// Whether `from` fits `to`, one of several alternatives at a pair.
    pub(super) const fn fits_here(&mut self, at: usize, from: &'static Shape, to: &'static Shape) -> bool {
        // Only untagged alternatives are tried.
        self.buffering = true;
        self.fits_chosen(at, from, to, self.pairs[at].choice)
    }

    /// The same for one choice of variants of `from`.
    pub(super) const fn fits_chosen(
        &mut self,
        at: usize,
        from: &'static Shape,
        to: &'static Shape,
        choice: Option<usize>,
    ) -> bool {
        let (len, latest, enclosing) = (self.len, self.latest, self.trial);
        self.trial = Some(Verdict::Fits);
        self.push_chosen(at, from, to, Step::Same, choice);
        self.buffering = false;
        let mut next = len;
        while next < self.len && matches!(self.trial, Some(Verdict::Fits)) {
            self.visit(next);
            next += 1;
        }
        let fits = matches!(self.trial, Some(Verdict::Fits));
        (self.len, self.latest, self.trial) = (len, latest, enclosing);
        fits
    }

    /// Whether `from` does not fit the alternative `to`, but is read as it with rounded numbers.
    pub(super) const fn is_rounded(&mut self, at: usize, from: &'static Shape, to: &'static Shape) -> bool {
        if self.lenient {
            return false;
        }
        self.lenient = true;
        let fits = self.fits_here(at, from, to);
        self.lenient = false;
        fits
    }

    pub(super) const fn scalar_fits(&self, from: &Shape, to: &Shape) -> bool {
        scalar_fits(from, to) || self.lenient && is_number(from) && matches!(to, Shape::Float { .. })
    }

    pub(super) const fn is_buffered(&self, at: usize) -> bool {
        self.pairs[at].buffered
    }

    /// Ends the current trial, if any.
    pub(super) const fn ends_trial(&mut self) -> bool {
        if self.trial.is_some() {
            self.trial = Some(Verdict::Differs);
        }
        self.trial.is_some()
    }

    /// Adds another view of a pair, with the same choice of variants.
    pub(super) const fn push_chosen(
        &mut self,
        parent: usize,
        from: &'static Shape,
        to: &'static Shape,
        step: Step,
        choice: Option<usize>,
    ) {
        let len = self.len;
        self.push(parent, from, to, step);
        if self.len > len {
            self.pairs[len].choice = choice;
        }
    }

    /// Adds a pair, unless it obviously fits, as most fields do.
    pub(super) const fn push(&mut self, parent: usize, from: &'static Shape, to: &'static Shape, step: Step) {
        let buffered = self.buffering || (self.len > 0 && self.pairs[parent].buffered);
        if self.scalar_fits(from, to) && !(buffered && unreadable(to).is_some()) {
            return;
        }
        if self.len == N {
            self.overflow = true;
            return;
        }
        self.pairs[self.len] = Pair { from: Some(from), to: Some(to), parent, step, buffered, ..Pair::NONE };
        self.len += 1;
    }

    /// The parent for a pair of members. If a member refers to the type it was flattened from, that type is inserted as a scope.
    pub(super) const fn scope(&mut self, at: usize, from: Scoped, to: Scoped) -> usize {
        let (from, to) = (from.home(), to.home());
        if from.is_none() && to.is_none() {
            return at;
        }
        if self.len == N {
            self.overflow = true;
            return at;
        }
        let buffered = self.buffering || self.pairs[at].buffered;
        self.pairs[self.len] = Pair { from, to, parent: at, step: Step::Scope, buffered, ..Pair::NONE };
        self.len += 1;
        self.len - 1
    }

    /// Resolves the names of a pair and compares their definitions, unless that was done before.
    const fn visit(&mut self, at: usize) {
        if matches!(self.pairs[at].step, Step::Scope) {
            return;
        }
        let (Some(from), Some(to)) = (self.pairs[at].from, self.pairs[at].to) else { return };
        let (from_name, to_name) = (self.name(at, from, Direction::Write), self.name(at, to, Direction::Read));
        if let (Some(from), Some(to)) = (from_name, to_name) {
            if from.is_one_type(to) || self.is_assumed(from, to) || self.is_unchanged(from.def, to.def) {
                return;
            }
            self.assume(at, from, to);
        }
        self.open(at, from, to, from_name, to_name);
    }

    const fn open(
        &mut self,
        at: usize,
        from: &'static Shape,
        to: &'static Shape,
        from_name: Option<Name>,
        to_name: Option<Name>,
    ) {
        let from = body(from, from_name, Direction::Write);
        let to = body(to, to_name, Direction::Read);
        if matches!(from, Shape::Ref(_)) || matches!(to, Shape::Ref(_)) {
            self.mismatch(at, Step::Same, &["a flattened generic type that contains itself cannot be checked"]);
        } else if is_name(from) || is_name(to) {
            self.push_chosen(at, from, to, Step::Opened, self.pairs[at].choice);
        } else if let (true, Some(reason)) = (self.pairs[at].buffered, unreadable(to)) {
            self.mismatch(at, Step::Same, &[reason]);
        } else {
            self.compare(at, from, to);
        }
    }

    /// The definition that a shape names; a reference names the nearest enclosing one with its id.
    const fn name(&self, at: usize, shape: &'static Shape, side: Direction) -> Option<Name> {
        match shape {
            Shape::Ref(id) => self.enclosing(at, id, side),
            _ => match shape.def() {
                Some(def) => Some(Name { def, instance: matches!(shape, Shape::Generic(_)), home: at }),
                None => None,
            },
        }
    }

    const fn enclosing(&self, mut at: usize, id: &str, side: Direction) -> Option<Name> {
        loop {
            let shape = match side {
                Direction::Write => self.pairs[at].from,
                Direction::Read => self.pairs[at].to,
            };
            if let Some(Shape::Generic(def)) = shape
                && equal(def.id, id)
            {
                return Some(Name { def, instance: true, home: at });
            }
            if at == 0 {
                return None;
            }
            at = self.pairs[at].parent;
        }
    }

    const fn is_unchanged(&self, from: &'static Def, to: &'static Def) -> bool {
        match self.evolution {
            Some(Evolution { forward: true, .. }) => self.unchanged.named(from, to),
            Some(_) => self.unchanged.named(to, from),
            None => false,
        }
    }

    const fn assume(&mut self, at: usize, from: Name, to: Name) {
        self.pairs[at].from_name = Some(from);
        self.pairs[at].to_name = Some(to);
        self.pairs[at].earlier = self.latest;
        self.latest = Some(at);
    }

    /// Whether the pair is already being compared. Assuming that it fits makes recursive types terminate.
    const fn is_assumed(&self, from: Name, to: Name) -> bool {
        let mut next = self.latest;
        while let Some(at) = next {
            if let (Some(f), Some(t)) = (self.pairs[at].from_name, self.pairs[at].to_name)
                && f.is(from)
                && t.is(to)
            {
                return true;
            }
            next = self.pairs[at].earlier;
        }
        false
    }

    /// The shapes of a pair as first met, with their names.
    pub(super) const fn met(&self, mut at: usize) -> (&'static Shape, &'static Shape) {
        while matches!(self.pairs[at].step, Step::Opened) {
            at = self.pairs[at].parent;
        }
        match (self.pairs[at].from, self.pairs[at].to) {
            (Some(from), Some(to)) => (from, to),
            _ => (&Shape::Any, &Shape::Any),
        }
    }

    /// Reports that the written shape cannot be read. Names are more informative than definitions.
    pub(super) const fn differ(&mut self, at: usize) {
        if self.ends_trial() {
            return;
        }
        let (from, to) = self.met(at);
        self.unlike(at, shape_text(to).as_str(), shape_text(from).as_str());
    }
}

const fn is_name(shape: &Shape) -> bool {
    matches!(shape, Shape::Named(_) | Shape::Generic(_) | Shape::Ref(_) | Shape::Split { .. })
}

const fn body(shape: &'static Shape, name: Option<Name>, direction: Direction) -> &'static Shape {
    match (shape, direction, name) {
        (Shape::Split { write, .. }, Direction::Write, _) => write,
        (Shape::Split { read, .. }, Direction::Read, _) => read,
        (_, _, Some(name)) => &name.def.body,
        _ => shape,
    }
}
