//! The graph shows every path: a run follows a path of the drawing, and never exceeds the bounds.

mod bounds;
mod drawing;
mod drawn;
#[rustfmt::skip]
mod generated;
mod generator;
mod script;
mod walks;
