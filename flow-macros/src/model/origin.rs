//! The origins of values.

use std::rc::Rc;

use syn::Expr;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Origin {
    /// It contains no value of a step or input, like a literal or a state.
    Nothing,
    /// Plain code computed it from values; the computation is not followed.
    Lost(Loss),
    /// A value or a part of it.
    Traced(Trace),
    /// Plain code composed it from these parts. Parts with origin `Nothing` are omitted.
    Made(Vec<(Seg, Origin)>),
    /// One of these.
    Either(Vec<Origin>),
}

/// A value and the path to a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trace {
    pub(crate) source: Source,
    pub(crate) path: Vec<Seg>,
}

/// A value that plain code computed from others.
#[derive(Clone)]
pub(crate) struct Loss {
    /// The code; `None` if it is the argument itself.
    pub(crate) code: Option<Rc<Expr>>,
    pub(crate) made_of: Vec<Trace>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Source {
    /// The workflow argument at this position.
    Input(usize),
    /// The output of a node.
    Node(usize),
    /// A local variable; only while the body is being read.
    Binding(usize),
}

/// One segment of a path into a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Seg {
    Field(String),
    Index(usize),
    Item,
    Some,
    /// The position or field in the variant or struct with this name.
    Payload(String, String),
    /// The same text as another type.
    Text,
}

impl Origin {
    pub(crate) fn node(index: usize) -> Self {
        Self::Traced(Trace { source: Source::Node(index), path: Vec::new() })
    }

    /// Composes a value from parts.
    pub(crate) fn made(parts: impl IntoIterator<Item = (Seg, Self)>) -> Self {
        let parts: Vec<_> = parts.into_iter().filter(|(_, part)| *part != Self::Nothing).collect();
        if parts.is_empty() { Self::Nothing } else { Self::Made(parts) }
    }

    /// Wraps the value, so that it is at `seg` of another.
    pub(crate) fn around(self, seg: Seg) -> Self {
        Self::made([(seg, self)])
    }

    pub(crate) fn either(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::Nothing, Self::or)
    }

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

    /// The result of plain code: lost if any of its parts has an origin.
    pub(crate) fn lost(parts: impl IntoIterator<Item = Self>) -> Self {
        let made_of = parts.into_iter().map(Self::traces).fold(Vec::new(), united);
        if made_of.is_empty() { Self::Nothing } else { Self::Lost(Loss { code: None, made_of }) }
    }

    /// Records the code of a loss, unless it is known already.
    pub(crate) fn by(self, code: &Expr) -> Self {
        match self {
            Self::Lost(loss) if loss.code.is_none() => Self::Lost(Loss { code: Some(Rc::new(code.clone())), ..loss }),
            other => other,
        }
    }

    /// The part of the value at a segment.
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

    /// All values it contains.
    pub(crate) fn traces(self) -> Vec<Trace> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Lost(loss) => loss.made_of,
            Self::Traced(trace) => vec![trace],
            Self::Made(parts) => parts.into_iter().map(|(_, part)| part.traces()).fold(Vec::new(), united),
            Self::Either(all) => all.into_iter().map(Self::traces).fold(Vec::new(), united),
        }
    }

    /// The values it may be, unchanged. Composed values are skipped: rustc already gives them the type of their target.
    pub(crate) fn traced(&self) -> Vec<&Trace> {
        match self {
            Self::Traced(trace) => vec![trace],
            Self::Either(all) => all.iter().flat_map(Self::traced).collect(),
            Self::Nothing | Self::Lost(_) | Self::Made(_) => Vec::new(),
        }
    }

    /// The origins in it that are not composed, each with its path.
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

    /// The steps and inputs in a value whose variables have been resolved.
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

/// Returns the part at a segment. A segment of another kind, such as an item of a value with fields, may be any part, so the
/// origin is lost.
fn part_of(parts: Vec<(Seg, Origin)>, seg: &Seg) -> Origin {
    if parts.iter().any(|(has, _)| !has.is_like(seg)) {
        return Origin::lost([Origin::Made(parts)]);
    }
    Origin::either(parts.into_iter().filter(|(has, _)| has.is(seg)).map(|(_, part)| part))
}

impl Seg {
    /// The name or position of a field.
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

    /// A field accessed with a dot equals the same field in a pattern.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Payload(..), Self::Payload(..)) => self == other,
            // An option counts as a list of at most one item.
            (Self::Some, Self::Item) => true,
            _ => match (self.member(), other.member()) {
                (Some(one), Some(two)) => one == two,
                _ => self == other,
            },
        }
    }
}

impl Loss {
    /// Whether both were lost in the same piece of code.
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
