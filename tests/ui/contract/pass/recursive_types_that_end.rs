// A type may contain itself if it has a finite value.
use std::collections::BTreeMap;

use flow::contract;

#[contract]
struct Tree {
    kids: Vec<Tree>,
    parent: Option<Box<Self>>,
    by_name: BTreeMap<String, Tree>,
    pair: Option<(Box<Tree>, Box<Tree>)>,
}

#[contract]
struct Left {
    right: Box<Right>,
}

#[contract]
enum Right {
    Left(Box<Left>),
    End,
}

#[contract]
enum Formula {
    Not(Box<Formula>),
    And { left: Box<Self>, right: Box<Self> },
    Constant(bool),
}

#[contract]
enum Expression {
    Term(Box<Term>),
    Sum(Vec<Expression>),
}

#[contract]
struct Term {
    left: Expression,
    right: Expression,
}

#[contract]
struct Page<T> {
    first: Box<T>,
    next: Option<Box<Page<T>>>,
}

#[contract]
struct Book {
    pages: Vec<Page<Book>>,
    cover: Page<Term>,
}

#[contract]
struct List(Vec<List>);

fn main() {}
