//! Model steps with tools: conversations, their limits, and what is recorded of them.

mod again;
mod approval;
mod attachments;
mod durable;
mod limits;
mod mistakes;
mod requests;
mod support;
mod turns;
mod wild;
