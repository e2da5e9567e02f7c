//! Where values come from.

use std::rc::Rc;

use syn::Expr;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Origin {
    /// It holds no value of a step: a literal, a state.
    Nothing,
    /// Plain code made it of values, and nobody follows how.
    Lost(Loss),
    /// A value, or a part of it.
    Traced(Trace),
    /// Plain code put it together of these parts; parts that hold nothing are left out.
    Made(Vec<(Seg, Origin)>),
    /// One of these.
    Either(Vec<Origin>),
}

/// A value, and the part of it that is meant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trace {
    pub(crate) source: Source,
    pub(crate) path: Vec<Seg>,
}

/// Values that plain code made another of.
#[derive(Clone)]
pub(crate) struct Loss {
    /// The code; `None` where it is the argument itself.
    pub(crate) code: Option<Rc<Expr>>,
    pub(crate) made_of: Vec<Trace>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Source {
    /// The argument of the workflow with this position.
    Input(usize),
    /// The output of a node.
    Node(usize),
    /// A local variable, while the body is being read.
    Binding(usize),
}

/// One step of a path into a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Seg {
    Field(String),
    Index(usize),
    Item,
    Some,
    /// The content of a variant, or of a struct with this name: position or field.
    Payload(String, String),
    /// The same text in another type.
    Text,
}

impl Origin {
    pub(crate) fn node(index: usize) -> Self {
        Self::Traced(Trace { source: Source::Node(index), path: Vec::new() })
    }

    /// A value that is put together of parts.
    pub(crate) fn made(parts: impl IntoIterator<Item = (Seg, Self)>) -> Self {
        let parts: Vec<_> = parts.into_iter().filter(|(_, part)| *part != Self::Nothing).collect();
        if parts.is_empty() { Self::Nothing } else { Self::Made(parts) }
    }

    /// A value in which another has one place.
    pub(crate) fn around(self, seg: Seg) -> Self {
        Self::made([(seg, self)])
    }

    /// One of several values.
    pub(crate) fn either(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::Nothing, Self::or)
    }

    /// Either of two values.
    pub(crate) fn or(self, other: Self) -> Self {
        let mut all = Vec::new();
        for origin in self.alternatives().into_iter().chain(other.alternatives()) {
            if !all.contains(&origin) {
                all.push(origin);
            }
        }
        match all.len() {
            0 => Self::Nothing,
            1 => all.remove(0),
            _ => Self::Either(all),
        }
    }

    fn alternatives(self) -> Vec<Self> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Either(all) => all,
            one => vec![one],
        }
    }

    /// What plain code makes of values: its origin is lost if anything in it had one.
    pub(crate) fn lost(parts: impl IntoIterator<Item = Self>) -> Self {
        let made_of = parts.into_iter().map(Self::traces).fold(Vec::new(), united);
        if made_of.is_empty() { Self::Nothing } else { Self::Lost(Loss { code: None, made_of }) }
    }

    /// The same, with the code that makes it.
    pub(crate) fn by(self, code: &Expr) -> Self {
        match self {
            Self::Lost(loss) if loss.code.is_none() => Self::Lost(Loss { code: Some(Rc::new(code.clone())), ..loss }),
            other => other,
        }
    }

    /// The part of the value that a segment leads to.
    pub(crate) fn part(self, seg: Seg) -> Self {
        match self {
            Self::Nothing => Self::Nothing,
            Self::Lost(loss) => Self::Lost(loss),
            Self::Traced(mut trace) => {
                trace.path.push(seg);
                Self::Traced(trace)
            }
            Self::Either(all) => Self::either(all.into_iter().map(|one| one.part(seg.clone()))),
            Self::Made(parts) => part_of(parts, &seg),
        }
    }

    /// Every value in it.
    pub(crate) fn traces(self) -> Vec<Trace> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Lost(loss) => loss.made_of,
            Self::Traced(trace) => vec![trace],
            Self::Made(parts) => parts.into_iter().map(|(_, part)| part.traces()).fold(Vec::new(), united),
            Self::Either(all) => all.into_iter().map(Self::traces).fold(Vec::new(), united),
        }
    }

    /// The values that it may be as they are. What plain code puts together has the type of the place it goes to.
    pub(crate) fn traced(&self) -> Vec<&Trace> {
        match self {
            Self::Traced(trace) => vec![trace],
            Self::Either(all) => all.iter().flat_map(Self::traced).collect(),
            Self::Nothing | Self::Lost(_) | Self::Made(_) => Vec::new(),
        }
    }

    /// Each origin in it that is no composition of others, with its place in the whole.
    pub(crate) fn leaves(&self) -> Vec<(Vec<Seg>, &Self)> {
        let mut all = Vec::new();
        self.add_leaves(&[], &mut all);
        all
    }

    fn add_leaves<'o>(&'o self, place: &[Seg], all: &mut Vec<(Vec<Seg>, &'o Self)>) {
        match self {
            Self::Nothing => {}
            Self::Lost(_) | Self::Traced(_) => all.push((place.to_vec(), self)),
            Self::Either(either) => either.iter().for_each(|one| one.add_leaves(place, all)),
            Self::Made(parts) => {
                for (seg, part) in parts {
                    part.add_leaves(&[place, std::slice::from_ref(seg)].concat(), all);
                }
            }
        }
    }

    /// The steps and inputs of a value whose variables were followed.
    pub(crate) fn sources(&self) -> Vec<Source> {
        let mut all = Vec::new();
        for trace in self.clone().traces() {
            if !all.contains(&trace.source) {
                all.push(trace.source);
            }
        }
        all
    }
}

/// A part that is asked for in the way of another kind, as an item of what has fields, is anything in the whole.
fn part_of(parts: Vec<(Seg, Origin)>, seg: &Seg) -> Origin {
    if parts.iter().any(|(has, _)| !has.is_like(seg)) {
        return Origin::lost([Origin::Made(parts)]);
    }
    Origin::either(parts.into_iter().filter(|(has, _)| has.is(seg)).map(|(_, part)| part))
}

impl Seg {
    /// The name or position of a part that is one of several.
    fn member(&self) -> Option<String> {
        match self {
            Self::Field(name) | Self::Payload(_, name) => Some(name.clone()),
            Self::Index(index) => Some(index.to_string()),
            Self::Item | Self::Some | Self::Text => None,
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        self.member().is_some() == other.member().is_some() && (self.member().is_some() || self.is(other))
    }

    /// A struct has the same parts in a pattern and behind a dot.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Payload(..), Self::Payload(..)) => self == other,
            // An option is a list of at most one.
            (Self::Some, Self::Item) => true,
            _ => match (self.member(), other.member()) {
                (Some(one), Some(two)) => one == two,
                _ => self == other,
            },
        }
    }
}

impl Loss {
    /// Whether the same piece of code made both.
    pub(crate) fn is_by_the_code_of(&self, other: &Self) -> bool {
        match (&self.code, &other.code) {
            (Some(one), Some(two)) => Rc::ptr_eq(one, two),
            (one, two) => one.is_none() && two.is_none(),
        }
    }
}

impl PartialEq for Loss {
    fn eq(&self, other: &Self) -> bool {
        self.is_by_the_code_of(other) && self.made_of == other.made_of
    }
}

impl std::fmt::Debug for Loss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.made_of).finish()
    }
}

fn united(mut a: Vec<Trace>, b: Vec<Trace>) -> Vec<Trace> {
    for trace in b {
        if !a.contains(&trace) {
            a.push(trace);
        }
    }
    a
}
