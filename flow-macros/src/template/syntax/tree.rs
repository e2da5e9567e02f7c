//! The syntax tree of a template. Ranges are in bytes and cover the complete expression.

use std::ops::Range;

#[derive(Debug)]
pub(crate) struct Expr<'a> {
    pub(crate) kind: Kind<'a>,
    range: Range<usize>,
}

#[derive(Debug)]
pub(crate) enum Kind<'a> {
    Const(Const),
    Var(&'a str),
    /// `a.b`
    Attribute(Box<Expr<'a>>, &'a str),
    /// `a[b]`
    Item(Box<[Expr<'a>; 2]>),
    /// `a[from:to:step]`
    Slice(Box<Expr<'a>>, Box<[Option<Expr<'a>>; 3]>),
    Unary(Unary, Box<Expr<'a>>),
    Binary(Binary, Box<[Expr<'a>; 2]>),
    /// A chain of comparisons, such as `a < b <= c`.
    Chain(Vec<Expr<'a>>),
    If(Box<If<'a>>),
    Filter(Box<Applied<'a>>),
    Test(Box<Applied<'a>>),
    Call(Box<Call<'a>>),
    /// `[a, b]` or `(a, b)`
    List(Vec<Expr<'a>>),
    Map(Vec<[Expr<'a>; 2]>),
}

#[derive(Debug, PartialEq)]
pub(crate) enum Const {
    Text(String),
    /// A number, with its value if it can be an index.
    Number(Option<usize>),
    Bool,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Unary {
    Not,
    Neg,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Binary {
    Or,
    And,
    Eq,
    Ne,
    /// `<`, `<=`, `>` or `>=`
    Order,
    In,
    /// An arithmetic operator or `~`, as written.
    Math(&'static str),
}

/// `yes if test else no`
#[derive(Debug)]
pub(crate) struct If<'a> {
    pub(crate) test: Expr<'a>,
    pub(crate) yes: Expr<'a>,
    pub(crate) no: Option<Expr<'a>>,
}

/// A filter or a test.
#[derive(Debug)]
pub(crate) struct Applied<'a> {
    pub(crate) name: &'a str,
    /// The start offset of the name.
    pub(crate) at: usize,
    /// The input; `None` for the first filter of a tag, which takes the text of the body.
    pub(crate) of: Option<Expr<'a>>,
    pub(crate) args: Vec<Arg<'a>>,
}

#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) of: Expr<'a>,
    pub(crate) args: Vec<Arg<'a>>,
}

#[derive(Debug)]
pub(crate) enum Arg<'a> {
    Value(Expr<'a>),
    Named(&'a str, Expr<'a>),
    /// `*list`
    List(Expr<'a>),
    /// `**map`
    Map(Expr<'a>),
}

#[derive(Debug)]
pub(crate) enum Stmt<'a> {
    /// `{{ … }}`
    Print(Expr<'a>),
    For(Box<For<'a>>),
    If(Box<Branch<'a>>),
    With(Vec<(Target<'a>, Expr<'a>)>, Vec<Stmt<'a>>),
    Set(Target<'a>, Expr<'a>),
    /// `{% set name|filter %}…{% endset %}`
    SetBlock(Target<'a>, Option<Expr<'a>>, Vec<Stmt<'a>>),
    FilterBlock(Expr<'a>, Vec<Stmt<'a>>),
    Macro(Macro<'a>),
    CallBlock(CallBlock<'a>),
    Do(Expr<'a>),
    Break,
    Continue,
    /// A Jinja tag that prompts do not support: name, offset and body.
    Refused(&'a str, usize, Vec<Stmt<'a>>),
}

#[derive(Debug)]
pub(crate) struct For<'a> {
    pub(crate) target: Target<'a>,
    pub(crate) of: Expr<'a>,
    pub(crate) filter: Option<Expr<'a>>,
    pub(crate) recursive: bool,
    pub(crate) body: Vec<Stmt<'a>>,
    pub(crate) otherwise: Vec<Stmt<'a>>,
}

/// `if` or `elif`. An `elif` is nested as the only statement of `otherwise`.
#[derive(Debug)]
pub(crate) struct Branch<'a> {
    pub(crate) test: Expr<'a>,
    pub(crate) body: Vec<Stmt<'a>>,
    pub(crate) otherwise: Vec<Stmt<'a>>,
}

#[derive(Debug)]
pub(crate) struct Macro<'a> {
    pub(crate) name: &'a str,
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) body: Vec<Stmt<'a>>,
}

#[derive(Debug)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) default: Option<Expr<'a>>,
}

#[derive(Debug)]
pub(crate) struct CallBlock<'a> {
    pub(crate) call: Expr<'a>,
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) body: Vec<Stmt<'a>>,
}

/// An assignment target.
#[derive(Debug)]
pub(crate) enum Target<'a> {
    Name(&'a str),
    Parts(Vec<Target<'a>>),
    /// `box.field`, as one expression.
    Field(Expr<'a>),
}

impl<'a> Expr<'a> {
    pub(super) fn new(kind: Kind<'a>, range: Range<usize>) -> Self {
        Self { kind, range }
    }

    pub(crate) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The text of a string literal.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Const(Const::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn name(&self) -> Option<&'a str> {
        match self.kind {
            Kind::Var(name) => Some(name),
            _ => None,
        }
    }
}

impl<'a> Arg<'a> {
    pub(crate) fn value(&self) -> &Expr<'a> {
        match self {
            Self::Value(expr) | Self::Named(_, expr) | Self::List(expr) | Self::Map(expr) => expr,
        }
    }
}
