//! Checks by type whether a collection that steps are repeated over has the same order when the run is resumed in
//! another process.
//!
//! Adapters of one iterator pass the answer on. An adapter of two is unordered if either side is, which takes two impls
//! of [`Unordered`] that coherence can tell apart: they differ in the path `W` to the unordered side. Generated code
//! asks for each path of interest and joins the answers with `|`.

use std::collections::{HashMap, HashSet, binary_heap, hash_map, hash_set};
use std::iter;
use std::marker::PhantomData;
use std::ops::BitOr;

/// Tells whether a collection's order is the same in every process, along the path `W`. For unordered collections the
/// inherent method wins over the one of [`Ordered`].
#[derive(Debug)]
pub struct OrderProbe<T, W>(PhantomData<fn() -> (T, W)>);

/// The order is the same in every process.
#[derive(Debug)]
pub struct Fixed;

/// The order differs from process to process.
#[derive(Debug)]
pub struct Random;

/// The path ends: at the collection itself, or at adapters of one iterator around it.
#[derive(Debug)]
pub struct Here;

/// The first of the two sides of an adapter, then on along `W`.
#[derive(Debug)]
pub struct Left<W>(PhantomData<W>);

/// The second of the two sides of an adapter, then on along `W`.
#[derive(Debug)]
pub struct Right<W>(PhantomData<W>);

/// Collections and iterators whose order differs from process to process, along the path `W`.
pub trait Unordered<W> {}

/// The answer of [`OrderProbe`] for everything else.
pub trait Ordered: Sized {
    /// The order is the same in every process.
    fn order(self) -> Fixed {
        Fixed
    }
}

/// The orders that steps may be repeated in.
#[diagnostic::on_unimplemented(
    message = "steps are repeated over a HashMap, a HashSet or a BinaryHeap, whose order is not fixed",
    label = "this order is lost when a run is resumed",
    note = "collect it into a `Vec` and sort it, or use a `BTreeMap` or `BTreeSet`",
    note = "see flow::errors::unordered"
)]
pub trait Repeatable {}

#[diagnostic::do_not_recommend]
impl Repeatable for Fixed {}

impl<T, W> OrderProbe<T, W> {
    /// Creates the probe for a value's type.
    pub const fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

impl<T: Unordered<W>, W> OrderProbe<T, W> {
    /// The order differs from process to process.
    pub fn order(self) -> Random {
        Random
    }
}

impl<T, W> Ordered for OrderProbe<T, W> {}

impl BitOr<Fixed> for Fixed {
    type Output = Fixed;

    fn bitor(self, _: Fixed) -> Fixed {
        self
    }
}

impl BitOr<Random> for Fixed {
    type Output = Random;

    fn bitor(self, random: Random) -> Random {
        random
    }
}

impl<O> BitOr<O> for Random {
    type Output = Random;

    fn bitor(self, _: O) -> Random {
        self
    }
}

/// Fails to compile if a resumed run would see a different order.
pub fn require_order<O: Repeatable>(_: O) {}

macro_rules! unordered {
    (collections: $([$($param:tt)*] $collection:ty;)*) => {
        $(impl<$($param)*> Unordered<Here> for $collection {})*
    };
    (adapters: $([$($param:tt)*] $adapter:ty;)*) => {
        $(impl<I: Iterator + Unordered<W>, W, $($param)*> Unordered<W> for $adapter {})*
    };
}

unordered! { collections:
    [K, V, S] HashMap<K, V, S>;
    [K, V] hash_map::IntoIter<K, V>;
    [K, V] hash_map::Iter<'_, K, V>;
    [K, V] hash_map::IterMut<'_, K, V>;
    [K, V] hash_map::Keys<'_, K, V>;
    [K, V] hash_map::Values<'_, K, V>;
    [K, V] hash_map::ValuesMut<'_, K, V>;
    [K, V] hash_map::IntoKeys<K, V>;
    [K, V] hash_map::IntoValues<K, V>;
    [K, V] hash_map::Drain<'_, K, V>;
    [T, S] HashSet<T, S>;
    [T] hash_set::IntoIter<T>;
    [T] hash_set::Iter<'_, T>;
    [T] hash_set::Drain<'_, T>;
    [T, S] hash_set::Union<'_, T, S>;
    [T, S] hash_set::Intersection<'_, T, S>;
    [T, S] hash_set::Difference<'_, T, S>;
    [T, S] hash_set::SymmetricDifference<'_, T, S>;
    [T] binary_heap::BinaryHeap<T>;
    [T] binary_heap::IntoIter<T>;
    [T] binary_heap::Iter<'_, T>;
    [T: Ord] binary_heap::Drain<'_, T>;
}

unordered! { adapters:
    [] iter::Cloned<I>;
    [] iter::Copied<I>;
    [] iter::Cycle<I>;
    [] iter::Enumerate<I>;
    [F] iter::Filter<I, F>;
    [F] iter::FilterMap<I, F>;
    [] iter::Fuse<I>;
    [F] iter::Inspect<I, F>;
    [F] iter::Map<I, F>;
    [F] iter::MapWhile<I, F>;
    [] iter::Peekable<I>;
    [] iter::Rev<I>;
    [S, F] iter::Scan<I, S, F>;
    [] iter::Skip<I>;
    [F] iter::SkipWhile<I, F>;
    [] iter::StepBy<I>;
    [] iter::Take<I>;
    [F] iter::TakeWhile<I, F>;
}

impl<T: Unordered<W>, W> Unordered<W> for &T {}
impl<T: Unordered<W>, W> Unordered<W> for &mut T {}

impl<A: Unordered<W>, B, W> Unordered<Left<W>> for iter::Chain<A, B> {}
impl<A, B: Unordered<W>, W> Unordered<Right<W>> for iter::Chain<A, B> {}
impl<A: Unordered<W>, B, W> Unordered<Left<W>> for iter::Zip<A, B> {}
impl<A, B: Unordered<W>, W> Unordered<Right<W>> for iter::Zip<A, B> {}
impl<I: Unordered<W>, U: IntoIterator, F, W> Unordered<Left<W>> for iter::FlatMap<I, U, F> {}
impl<I, U: IntoIterator + Unordered<W>, F, W> Unordered<Right<W>> for iter::FlatMap<I, U, F> {}
impl<I: Iterator<Item: IntoIterator> + Unordered<W>, W> Unordered<Left<W>> for iter::Flatten<I> {}
impl<I: Iterator<Item: IntoIterator + Unordered<W>>, W> Unordered<Right<W>> for iter::Flatten<I> {}

#[cfg(test)]
mod tests;
