//! Types that contain themselves.

use super::*;

contracts! {
    struct Tree { value: u8, kids: Vec<Tree> }
    struct Wood { value: u32, kids: Vec<Wood> }
    struct Forest { value: u8, kids: Vec<Tree> }
    #[serde(untagged)] enum Json { Text(String), List(Vec<Json>) }
    #[serde(untagged)] enum Other { Number(u8), Text(String), List(Vec<Other>) }
}

#[contract]
struct Node<T> {
    value: T,
    kids: Vec<Node<T>>,
}

#[contract]
struct Branch<T> {
    value: T,
    kids: Vec<Self>,
}

#[test]
fn recursive_types_are_compared_to_an_end() {
    accepted::<Tree, Wood>();
    accepted::<Forest, Tree>();
    accepted::<Json, Other>();
    refused::<Wood, Tree>("at `.value`: expected integer (0..=255), found integer (0..=4294967295)");
    assert!(!fit::<Other, Json>().ok());
}

#[test]
fn generic_recursive_types_differ_by_their_parameter() {
    accepted::<Node<u8>, Node<u32>>();
    accepted::<Node<u8>, Branch<u8>>();
    accepted::<Branch<u8>, Wood>();
    refused::<Node<u32>, Node<u8>>("at `.value`: expected integer (0..=255), found integer (0..=4294967295)");
    accepted::<Node<Node<u8>>, Branch<Branch<u8>>>();
    assert!(!fit::<Node<Node<u32>>, Branch<Branch<u8>>>().ok());
}
