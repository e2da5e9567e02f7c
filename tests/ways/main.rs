//! The graph shows every way: what a run does is a path of the drawing, and no run costs more than the bounds say.

mod bounds;
mod drawing;
mod drawn;
#[rustfmt::skip]
mod generated;
mod generator;
mod script;
mod walks;
