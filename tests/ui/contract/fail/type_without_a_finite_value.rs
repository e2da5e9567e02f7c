// A type that always contains itself has no finite value.
// errors: 9
use flow::contract;

#[contract]
struct Chain {
    next: Box<Chain>,
}

#[contract]
struct Left {
    right: Box<Right>,
    names: Vec<String>,
}

#[contract]
struct Right {
    #[serde(default = "left")]
    left: Box<Left>,
}

fn left() -> Box<Left> {
    unreachable!()
}

#[contract]
struct Contains {
    chain: Chain,
}

#[contract]
enum Formula {
    Not(Box<Formula>),
    And { left: Box<Self>, right: Box<Self> },
    Sum(Pair),
}

#[contract]
struct Pair(Box<Formula>, u8);

#[contract]
struct Wrapper(Box<Wrapper>);

#[contract]
struct Page<T> {
    items: Vec<T>,
    first: Box<T>,
}

#[contract]
struct Book {
    page: Page<Book>,
}

#[contract]
enum Never {}

#[contract]
enum Skipped {
    #[serde(skip)]
    Nothing,
}

#[contract]
struct Inside {
    id: u8,
    #[serde(flatten)]
    inside: Box<Inside>,
}

type Itself = Box<(u8, Aliased)>;

#[contract]
struct Aliased {
    pair: Itself,
}

fn main() {}
