//! What the parser came upon in a function that a rule may refuse: facts, each with the tokens to report at.

use proc_macro2::TokenStream;
use syn::Path;

use super::JoinForm;

/// One fact.
pub(crate) struct Finding {
    pub(crate) what: What,
    pub(crate) at: TokenStream,
    /// The expression was replaced by the placeholder with the index of this finding, so that it causes no further errors.
    pub(crate) replaced: bool,
}

pub(crate) enum What {
    Parameter(Parameter),
    Bound(Bounding),
    CallOption(CallOption),
    Dropped(Dropped),
    Hidden(Hiding),
    Impure(Impure),
    Map(MapForm),
    NotAStep(NotAStep),
    /// A `race_ok!` with fewer than two branches.
    LoneRace,
    /// A `map` that is called but not awaited.
    UnawaitedMap,
}

/// Parameters of a function.
pub(crate) enum Parameter {
    Const,
    Type,
    /// More arguments than a call can have.
    Ninth,
    Receiver,
    /// An argument that is not a plain name.
    Pattern,
    /// An argument of type `&mut T`.
    MutableReference,
    ImplTrait,
    /// A `#[state]` taken by value.
    OwnedState,
    /// A `#[state]` behind a reference to an unsized type, and a sized type that can hold it.
    UnsizedState(String),
}

/// Loops and maps with and without a bound.
pub(crate) enum Bounding {
    /// `#[bound]` on something other than a loop.
    Elsewhere,
    /// A bound that is not a number.
    Invalid,
    /// A bound that is a constant of the body.
    Inside(Path),
    /// The bound of a loop that awaits nothing.
    WithoutSteps,
    /// A bound beyond which the run fails, and the number of iterations of the loop, if known.
    Most {
        most: u32,
        turns: Option<u32>,
    },
    /// A `for` around steps without a bound.
    UnboundedFor,
    /// A `while` or `loop` around steps without a bound.
    UnboundedLoop,
    UnboundedMap,
}

/// The options of an awaited call.
pub(crate) enum CallOption {
    /// An option without a value, or with several.
    NotOneValue(String),
    IdNotLiteral,
    /// A value that cannot be read, and why.
    Invalid(String),
    /// An option of `map` on a step.
    OfMap(String),
    Unknown(String),
}

/// What a statement drops.
pub(crate) enum Dropped {
    Map,
    Join(JoinForm),
}

/// Code that keeps its steps out of the graph.
pub(crate) enum Hiding {
    Cfg,
    AsyncBlock,
    Closure,
    Guard,
    /// A macro, by name.
    Macro(String),
    /// A function around a future, as written.
    Wrapper(String, Wrapper),
}

#[derive(Clone, Copy)]
pub(crate) enum Wrapper {
    Box,
    Timeout,
    Spawn,
}

/// Code that a resumed run would not repeat exactly.
pub(crate) enum Impure {
    /// A function, as written.
    Call(String, Impurity),
    /// A macro that prints, by name.
    Print(String),
    /// A macro that races its branches, by name.
    Select(String),
}

/// What a function does besides computing its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Impurity {
    Clock,
    Random,
    Id,
    Sleep,
    Environment,
    Task,
    Io,
}

/// The parts of a `map`, and of the functions in it and in a `join!`.
pub(crate) enum MapForm {
    /// Anything but items and a closure.
    Arguments,
    /// A closure that is not async, or that does not take one item.
    Closure,
    /// The name of a function in the place of the closure.
    ByName(Box<ByName>),
    /// A change of a variable that all items share.
    Shared {
        place: String,
        variable: String,
    },
    /// A closure of a `map` that ends without a value.
    ClosureWithoutValue,
    /// A branch of a `join!` that ends without a value.
    BranchWithoutValue(JoinForm),
    NoConcurrency,
    NoItems,
    /// A count that is a constant of the body.
    Inside(Path),
    /// A count that is not a number.
    NotANumber(String),
    UnknownOption(String),
}

/// `map(over, function)`, and how its closure would be written.
pub(crate) struct ByName {
    pub(crate) over: String,
    pub(crate) function: String,
    /// A name for one item.
    pub(crate) item: String,
    /// The item as the argument of the function.
    pub(crate) argument: String,
}

/// What is awaited instead of a step.
pub(crate) enum NotAStep {
    /// A function declared inside the body.
    Inside(String),
    Variable(String),
    /// A variable that holds a call.
    Apart(String),
    Method(String),
    /// A `join!`, which awaits its branches itself.
    Join(String),
    /// A branch of a `join!` that is neither a call nor an `async` block.
    Branch(JoinForm),
    Other,
}
