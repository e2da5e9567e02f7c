//! What a template reads of its arguments, as the macro lists it.

/// A use of an argument in a template.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// The index of the argument.
    pub argument: usize,
    /// The path from the argument to the value that is read.
    pub path: &'a [Seg],
    /// How many places of the path, counted from the argument, are known to be present because of an `if` or a `default`.
    pub present: usize,
    /// How the value is used.
    pub how: How,
    /// The line and column in the template, such as `3:14`.
    pub at: &'a str,
    /// The line of the template, and a second one with carets under the use, both indented.
    pub excerpt: &'a str,
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seg {
    /// `.name`, by its JSON name.
    Field(&'static str),
    /// Each element of a list, or each key of an object, as in a `for`.
    Item,
    /// Each value of an object, as in `for key, value in map|items`.
    Value,
    /// `[2]`
    Index(usize),
    /// `[key]` with a key known only when the template is rendered.
    Lookup,
}

/// What a template does with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Printed as text.
    Print,
    /// Iterated by a `for`.
    Iterate,
    /// Only tested, in an `if` or against `none`, so it may be absent.
    Test,
    /// Compared with another value. It may be absent, too.
    Compare,
    /// Passed to the filter or operator of this name.
    Input(&'static str),
}
