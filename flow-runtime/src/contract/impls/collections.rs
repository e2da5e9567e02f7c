//! Options, sequences, sets and maps.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};

use crate::contract::{Contract, Shape};

impl<T: Contract> Contract for Option<T> {
    const SHAPE: &'static Shape = &Shape::Option(T::SHAPE);
}

impl<T: Contract> Contract for [T] {
    const SHAPE: &'static Shape = &Shape::Array(T::SHAPE);
}

impl<T: Contract, const N: usize> Contract for [T; N] {
    const SHAPE: &'static Shape = &Shape::Tuple(&[T::SHAPE; N]);
}

macro_rules! sequences {
    ($($ty:ident),+) => {$(
        impl<T: Contract> Contract for $ty<T> {
            const SHAPE: &'static Shape = &Shape::Array(T::SHAPE);
        }
    )+};
}

sequences!(Vec, VecDeque, LinkedList, BinaryHeap, BTreeSet);

impl<T: Contract, S> Contract for HashSet<T, S> {
    const SHAPE: &'static Shape = &Shape::Array(T::SHAPE);
}

impl<K: Contract, V: Contract> Contract for BTreeMap<K, V> {
    const SHAPE: &'static Shape = &Shape::Map { key: K::SHAPE, value: V::SHAPE };
}

impl<K: Contract, V: Contract, S> Contract for HashMap<K, V, S> {
    const SHAPE: &'static Shape = &Shape::Map { key: K::SHAPE, value: V::SHAPE };
}
