// Contracts work in a crate that forbids `unsafe` and denies all warnings.
#![forbid(unsafe_code)]
#![deny(warnings)]

use flow::contract;

/// A tree.
#[contract]
pub struct Tree {
    /// Its branches.
    pub branches: Vec<Tree>,
}

/// A tree of anything.
#[contract]
pub struct Node<T> {
    /// What it holds.
    pub value: T,
    /// Its branches.
    pub branches: Vec<Node<T>>,
}

const _: () = assert!(flow::contract::fits(
    <Node<u8> as flow::Contract>::SHAPE,
    <Node<u32> as flow::Contract>::SHAPE,
)
.ok());

fn main() {}
