//! Whether a type has a finite value: lists and options may be empty, required fields may not.

use crate::contract::text::equal;
use crate::contract::{Def, EnumShape, Field, Member, Shape};

/// How many shapes the first pass inspects; const evaluation pays for the array.
const FEW: usize = 12;
/// The limit of the second pass.
const MORE: usize = 128;
/// The limit of the third pass. A larger type is assumed to have a value.
const MANY: usize = 4096;

/// A shape, and the range of its parts.
#[derive(Clone, Copy)]
struct Node {
    shape: Option<&'static Shape>,
    parent: usize,
    first: usize,
    count: usize,
    /// One of the parts is enough, as in an enum.
    any: bool,
    finite: bool,
    /// Leads back to the first node through shapes without a value.
    returns: bool,
}

const NONE: Node = Node { shape: None, parent: 0, first: 0, count: 0, any: false, finite: false, returns: false };

/// The shapes that every value must contain.
pub(super) struct Values<const N: usize> {
    nodes: [Node; N],
    len: usize,
    full: bool,
}

/// The names of the types in a cycle.
pub(super) type Circle = [&'static str; 8];

impl Values<0> {
    /// The cycle from a named type back to itself, if the type has no finite value because of it. Of several types in one cycle,
    /// only the first by position reports it.
    pub(super) const fn circle(shape: &'static Shape) -> Option<Circle> {
        if surely_ends(shape) {
            return None;
        }
        let mut few = Values::<FEW>::of(shape);
        if !few.full {
            return few.way_back();
        }
        let mut more = Values::<MORE>::of(shape);
        if !more.full {
            return more.way_back();
        }
        Values::<MANY>::of(shape).way_back()
    }
}

impl<const N: usize> Values<N> {
    const fn of(shape: &'static Shape) -> Self {
        let mut values = Self { nodes: [NONE; N], len: 0, full: false };
        values.push(shape, 0);
        let mut at = 0;
        while at < values.len && !values.full {
            if let Some(shape) = values.nodes[at].shape {
                values.visit(at, shape);
            }
            at += 1;
        }
        values
    }

    const fn push(&mut self, shape: &'static Shape, parent: usize) {
        if self.len == N {
            self.full = true;
            return;
        }
        self.nodes[self.len] = Node { shape: Some(shape), parent, ..NONE };
        self.len += 1;
    }

    const fn visit(&mut self, at: usize, shape: &'static Shape) {
        self.nodes[at].first = self.len;
        match shape {
            Shape::Named(def) => match self.known(at, def.get()) {
                Some(known) => return self.link(at, known),
                None => self.push(&def.get().body, at),
            },
            Shape::Generic(def) => self.push(&def.body, at),
            Shape::Ref(id) => return self.link(at, self.enclosing(at, id)),
            Shape::Split { write, read } => {
                self.push_part(write, at);
                self.push_part(read, at);
            }
            Shape::Tuple(items) => self.push_items(items, at),
            Shape::Struct(object) => self.push_members(object.members, at),
            Shape::Enum(one_of) => self.push_variants(one_of, at),
            _ => {}
        }
        self.nodes[at].count = self.len - self.nodes[at].first;
    }

    const fn link(&mut self, at: usize, to: usize) {
        (self.nodes[at].first, self.nodes[at].count) = (to, 1);
    }

    /// The node of a type that was met before.
    const fn known(&self, before: usize, def: &'static Def) -> Option<usize> {
        let mut at = 0;
        while at < before {
            if let Some(Shape::Named(other)) = self.nodes[at].shape
                && other.get().is(def)
            {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    const fn enclosing(&self, mut at: usize, id: &str) -> usize {
        while at > 0 {
            at = self.nodes[at].parent;
            if let Some(Shape::Generic(def)) = self.nodes[at].shape
                && equal(def.id, id)
            {
                return at;
            }
        }
        at
    }

    const fn push_part(&mut self, shape: &'static Shape, at: usize) {
        if !is_finite(shape) {
            self.push(shape, at);
        }
    }

    const fn push_items(&mut self, items: &'static [&'static Shape], at: usize) {
        let mut next = 0;
        while next < items.len() {
            self.push_part(items[next], at);
            next += 1;
        }
    }

    const fn push_members(&mut self, members: &'static [Member], at: usize) {
        let mut next = 0;
        while next < members.len() {
            match &members[next] {
                Member::Plain(_, _, shape) | Member::Flatten { shape, .. } => self.push_part(shape, at),
                Member::Field(field) => self.push_part(field.shape, at),
            }
            next += 1;
        }
    }

    const fn push_variants(&mut self, one_of: &'static EnumShape, at: usize) {
        let (mut next, variants) = (0, one_of.variants);
        self.nodes[at].any = true;
        // Empty only for a type whose own error was reported.
        self.nodes[at].finite = variants.is_empty();
        while next < variants.len() {
            match variants[next].shape {
                Some(shape) if !is_finite(shape) => self.push(shape, at),
                _ => self.nodes[at].finite = true,
            }
            next += 1;
        }
    }

    /// Determines which shapes have a value, then which of the others lead back to the first.
    const fn way_back(&mut self) -> Option<Circle> {
        while self.settle_values() {}
        if self.full || self.nodes[0].finite {
            return None;
        }
        while self.settle_returns() {}
        if self.nodes[0].returns && self.is_first() { Some(self.names()) } else { None }
    }

    /// Parts come after their parents, so one backward pass settles nearly everything.
    const fn settle_values(&mut self) -> bool {
        let (mut at, mut changed) = (self.len, false);
        while at > 0 {
            at -= 1;
            if !self.nodes[at].finite && self.has_value(at) {
                self.nodes[at].finite = true;
                changed = true;
            }
        }
        changed
    }

    const fn has_value(&self, at: usize) -> bool {
        let Node { first, count, any, .. } = self.nodes[at];
        let mut next = first;
        while next < first + count {
            if self.nodes[next].finite == any {
                return any;
            }
            next += 1;
        }
        !any
    }

    const fn settle_returns(&mut self) -> bool {
        let (mut at, mut changed) = (self.len, false);
        while at > 0 {
            at -= 1;
            if !self.nodes[at].finite && !self.nodes[at].returns && self.next(at).is_some() {
                self.nodes[at].returns = true;
                changed = true;
            }
        }
        changed
    }

    /// The part through which a shape without a value leads back.
    const fn next(&self, at: usize) -> Option<usize> {
        let Node { first, count, .. } = self.nodes[at];
        let mut next = first;
        while next < first + count {
            if !self.nodes[next].finite && (next == 0 || self.nodes[next].returns) {
                return Some(next);
            }
            next += 1;
        }
        None
    }

    const fn is_first(&self) -> bool {
        let Some(Shape::Named(first)) = self.nodes[0].shape else { return true };
        let mut at = 1;
        while at < self.len {
            if let Some(Shape::Named(other)) = self.nodes[at].shape
                && self.nodes[at].returns
                && is_before(other.get().id, first.get().id)
            {
                return false;
            }
            at += 1;
        }
        true
    }

    const fn is_again_first(&self, at: usize) -> bool {
        match (self.nodes[0].shape, self.nodes[at].shape) {
            (Some(Shape::Named(first)), Some(Shape::Named(other))) => first.get().is(other.get()),
            _ => at == 0,
        }
    }

    const fn names(&self) -> Circle {
        let mut names = [""; 8];
        let (mut at, mut len, mut left) = (0, 0, N);
        while left > 0 {
            if let Some(shape) = self.nodes[at].shape
                && let Some(def) = shape.def()
                && len < names.len()
            {
                names[len] = def.name;
                len += 1;
            }
            at = match self.next(at) {
                Some(next) if !self.is_again_first(next) => next,
                _ => break,
            };
            left -= 1;
        }
        names
    }
}

/// A quick check: most types are structs of finite types, or of such structs.
const fn surely_ends(shape: &'static Shape) -> bool {
    let Some(members) = members(shape) else { return false };
    let mut at = 0;
    while at < members.len() {
        let (Member::Plain(_, _, part)
        | Member::Flatten { shape: part, .. }
        | Member::Field(Field { shape: part, .. })) = &members[at];
        if !is_finite(part) && !all_end(part) {
            return false;
        }
        at += 1;
    }
    true
}

const fn all_end(shape: &'static Shape) -> bool {
    let Some(members) = members(shape) else { return false };
    let mut at = 0;
    while at < members.len() {
        let (Member::Plain(_, _, part)
        | Member::Flatten { shape: part, .. }
        | Member::Field(Field { shape: part, .. })) = &members[at];
        if !is_finite(part) {
            return false;
        }
        at += 1;
    }
    true
}

const fn members(shape: &'static Shape) -> Option<&'static [Member]> {
    match shape {
        Shape::Named(def) => match &def.get().body {
            Shape::Struct(object) => Some(object.members),
            _ => None,
        },
        _ => None,
    }
}

/// Whether it has a finite value regardless of its parts.
const fn is_finite(shape: &Shape) -> bool {
    !matches!(
        shape,
        Shape::Named(_)
            | Shape::Generic(_)
            | Shape::Ref(_)
            | Shape::Split { .. }
            | Shape::Tuple(_)
            | Shape::Struct(_)
            | Shape::Enum(_)
    )
}

/// Orders types by position in their file. Any order works if it is the same for all.
const fn is_before(a: &str, b: &str) -> bool {
    let (place, other) = (place(a), place(b));
    if place != other {
        return place < other;
    }
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return a[at] < b[at];
        }
        at += 1;
    }
    a.len() < b.len()
}

/// Line and column at the end of a definition's id: `…::Name@12:1`.
const fn place(id: &str) -> u64 {
    let (bytes, mut at) = (id.as_bytes(), 0);
    let (mut line, mut number) = (0_u64, 0_u64);
    while at < bytes.len() {
        match bytes[at] {
            b'@' => (line, number) = (0, 0),
            b':' => (line, number) = (number, 0),
            digit if digit.is_ascii_digit() => number = number.wrapping_mul(10).wrapping_add((digit - b'0') as u64),
            _ => {}
        }
        at += 1;
    }
    line.wrapping_mul(1 << 20).wrapping_add(number)
}
