//! The manual, one page a concept.
//!
//! | about | pages |
//! |---|---|
//! | what is written | [`contracts`], [`steps`], [`prompts`], [`gates`], [`calls`], [`workflows`] |
//! | what follows from it | [`edges`], [`graph`], [`effects`], [`locks`] |
//! | what happens | [`models`], [`cost`], [`failures`], [`observability`] |
//! | what lasts | [`runs`], [`people`] |
//! | around it | [`testing`], [`binary`], [`service`], [`journal`] |
//!
//! What the build refuses has a page for each rule in [`errors`](crate::errors). The words are at the start of the
//! [crate's own page](crate).
//!
//! # Coming from elsewhere
//!
//! | there | here |
//! |---|---|
//! | LangChain, LangGraph: a node, an edge, the state dictionary | a step, a value passed on, the variables of a function |
//! | LangGraph: a conditional edge, a recursion limit | `match` and `if`, `#[bound(N)]` at the loop |
//! | LangChain: an output parser, a retry parser | the return type, `repair = N` |
//! | Temporal: an activity and its options | a code step and its options |
//! | Temporal: deterministic workflow code | the same rule, which the build checks by name ([`impure`](crate::errors::impure)); [`runs`] of a journal |
//! | BAML: a function, a class, a test block | a model step, a contract, `Runtime::test()` |

crate::pages! { "manual":
    contracts steps prompts gates calls workflows
    edges graph effects locks
    models cost failures observability
    runs people
    testing binary service journal
}
