//! The manual: one page per concept.
//!
//! | topic | pages |
//! |---|---|
//! | writing workflows | [`contracts`], [`steps`], [`prompts`], [`gates`], [`tools`], [`calls`], [`workflows`] |
//! | what the build checks | [`edges`], [`graph`], [`effects`], [`locks`] |
//! | running | [`models`], [`cost`], [`failures`], [`observability`], [`streams`] |
//! | durable runs | [`runs`], [`people`] |
//! | tests, tools, storage | [`testing`], [`binary`], [`service`], [`journal`] |
//!
//! Every rule that the build enforces has a page in [`errors`](crate::errors). The terms are defined at the start of the
//! [crate documentation](crate).
//!
//! # Coming from other tools
//!
//! | there | here |
//! |---|---|
//! | LangChain, LangGraph: a node, an edge, the state dictionary | a step, a value passed to a step, local variables |
//! | LangGraph: a conditional edge, a recursion limit | `match` and `if`, `#[bound(N)]` on the loop |
//! | LangChain: an output parser, a retry parser | the return type, `repair = N` |
//! | Temporal: an activity and its options | a code step and its options |
//! | Temporal: deterministic workflow code | the same rule, checked by the build ([`impure`](crate::errors::impure)); [`runs`] with a journal |
//! | BAML: a function, a class, a test block | a model step, a contract, `Runtime::test()` |

crate::pages! { "manual":
    contracts steps prompts gates tools calls workflows
    edges graph effects locks
    models cost failures observability streams
    runs people
    testing binary service journal
}
