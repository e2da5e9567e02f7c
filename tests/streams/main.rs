//! Answers of models are streamed to those who listen, and taken back if they do not count. Nothing else of a run changes by it.

mod listeners;
mod order;
mod readers;
mod resumed;
mod same;
mod support;
mod taken_back;
mod turns;
