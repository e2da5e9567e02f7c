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

/// Members of a type that contains itself, put among others.
#[contract]
struct Joined<T> {
    id: u8,
    #[serde(flatten)]
    node: Node<T>,
}

#[contract]
#[serde(tag = "kind")]
enum Tagged<T> {
    Node(Node<T>),
}

#[test]
fn what_is_put_among_others_is_compared_as_deep_as_it_is() {
    accepted::<Joined<u8>, Joined<u32>>();
    accepted::<Joined<u8>, Node<u32>>();
    accepted::<Joined<u8>, Wood>();
    accepted::<Tagged<u8>, Tagged<u32>>();
    accepted::<Joined<Node<u8>>, Joined<Branch<u32>>>();
    refused::<Joined<u32>, Joined<u8>>(
        "at `.value`: expected integer (0..=255), found integer (0..=4294967295)\n  \
         at `.kids[].value`: expected integer (0..=255), found integer (0..=4294967295)",
    );
    assert!(!fit::<Joined<u32>, Tree>().ok() && !fit::<Wood, Joined<u8>>().ok());
}

#[test]
fn what_is_put_among_others_is_validated_as_deep_as_it_is() {
    let kid = |value: i32| serde_json::json!({"value": value, "kids": [{"value": 1, "kids": [{"value": value, "kids": []}]}]});
    let mut joined = kid(7);
    (joined["id"], joined["kind"]) = (1.into(), "Node".into());
    assert!(validate(Joined::<u8>::SHAPE, &joined).is_empty() && validate(Tagged::<u8>::SHAPE, &joined).is_empty());
    joined["kids"][0]["kids"][0]["value"] = 300.into();
    for shape in [Joined::<u8>::SHAPE, Tagged::<u8>::SHAPE] {
        let found: Vec<_> = validate(shape, &joined).into_iter().map(|violation| violation.pointer).collect();
        assert_eq!(found, ["/kids/0/kids/0/value"]);
    }
}
