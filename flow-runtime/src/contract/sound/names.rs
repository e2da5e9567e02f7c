//! Members of one object with the same name.

use crate::contract::members::{Direction, opened};
use crate::contract::text::{equal, hash};
use crate::contract::{EnumShape, Member, Repr, Shape};

/// How many names and shapes the first pass inspects; const evaluation pays for the arrays.
const FEW: usize = 16;
/// The limit of the second pass.
const MANY: usize = 1024;

/// A name that two members share.
#[derive(Clone, Copy)]
pub(super) struct Clash {
    pub(super) name: &'static str,
    /// The other member; `None` for the tag.
    pub(super) other: Option<&'static str>,
    /// Whether both write it; otherwise both read it.
    pub(super) written: bool,
}

/// A name that a flattened member shares with the tag, with a field next to it, or with an earlier flattened member.
pub(super) const fn clash(members: &'static [Member], at: usize, tag: Option<&'static str>) -> Option<Clash> {
    let Member::Flatten { shape, .. } = &members[at] else { return None };
    match clash_in(members, at, shape, tag, Direction::Write) {
        Some(found) => Some(found),
        None => clash_in(members, at, shape, tag, Direction::Read),
    }
}

/// A name that a variant's content shares with the tag next to it.
pub(super) const fn tag_clash(content: &'static Shape, tag: &'static str) -> Option<Clash> {
    match clash_in(&[], 0, content, Some(tag), Direction::Write) {
        Some(found) => Some(found),
        None => clash_in(&[], 0, content, Some(tag), Direction::Read),
    }
}

const fn clash_in(
    members: &'static [Member],
    at: usize,
    shape: &'static Shape,
    tag: Option<&'static str>,
    direction: Direction,
) -> Option<Clash> {
    let few = Names::<FEW>::of(shape, direction);
    if !few.full {
        return few.clash(members, at, tag, direction);
    }
    Names::<MANY>::of(shape, direction).clash(members, at, tag, direction)
}

const fn has_name(shape: &'static Shape, name: Name, direction: Direction) -> bool {
    let few = Names::<FEW>::of(shape, direction);
    if few.full { Names::<MANY>::of(shape, direction).has(&name) } else { few.has(&name) }
}

/// The Rust name of the member with this name: a field, or a member flattened before `at`.
const fn owner(members: &'static [Member], at: usize, name: Name, direction: Direction) -> Option<&'static str> {
    let mut next = 0;
    while next < members.len() {
        match &members[next] {
            Member::Plain(own, hash, _) => {
                if *hash == name.hash && equal(own, name.text) {
                    return Some(own);
                }
            }
            Member::Field(field) => {
                if field.is_called(direction, name.text, name.hash) {
                    return Some(field.rust);
                }
            }
            Member::Flatten { rust, shape } => {
                if next < at && has_name(shape, name, direction) {
                    return Some(rust);
                }
            }
        }
        next += 1;
    }
    None
}

/// A name with its hash, so that most comparisons end early.
#[derive(Clone, Copy)]
struct Name {
    text: &'static str,
    hash: u64,
}

impl Name {
    const fn is(&self, other: &Self) -> bool {
        self.hash == other.hash && equal(self.text, other.text)
    }
}

/// The names that a flattened shape may have in an object.
struct Names<const N: usize> {
    names: [Name; N],
    len: usize,
    shapes: [&'static Shape; N],
    shapes_len: usize,
    full: bool,
}

impl<const N: usize> Names<N> {
    const fn of(shape: &'static Shape, direction: Direction) -> Self {
        let none = Name { text: "", hash: 0 };
        let mut names = Self { names: [none; N], len: 0, shapes: [shape; N], shapes_len: 1, full: false };
        let mut at = 0;
        while at < names.shapes_len {
            names.look(names.shapes[at], direction);
            at += 1;
        }
        names
    }

    const fn clash(
        &self,
        members: &'static [Member],
        at: usize,
        tag: Option<&'static str>,
        direction: Direction,
    ) -> Option<Clash> {
        let written = matches!(direction, Direction::Write);
        let tag = match tag {
            Some(text) => Some(Name { text, hash: hash(text) }),
            None => None,
        };
        let mut next = 0;
        while next < self.len {
            let name = self.names[next];
            if let Some(tag) = &tag
                && tag.is(&name)
            {
                return Some(Clash { name: name.text, other: None, written });
            }
            let other = owner(members, at, name, direction);
            if other.is_some() {
                return Some(Clash { name: name.text, other, written });
            }
            next += 1;
        }
        None
    }

    const fn has(&self, name: &Name) -> bool {
        let mut at = 0;
        while at < self.len {
            if self.names[at].is(name) {
                return true;
            }
            at += 1;
        }
        false
    }

    const fn look(&mut self, shape: &'static Shape, direction: Direction) {
        match opened(shape, direction) {
            Shape::Option(inner) => self.queue(inner),
            Shape::Struct(object) => self.members(object.members, direction),
            Shape::Enum(one_of) => self.variants(one_of, direction),
            _ => {}
        }
    }

    const fn members(&mut self, members: &'static [Member], direction: Direction) {
        let mut at = 0;
        while at < members.len() {
            match &members[at] {
                Member::Plain(text, hash, _) => self.add(Name { text, hash: *hash }),
                Member::Flatten { shape, .. } => self.queue(shape),
                Member::Field(field) => self.named(field.name(direction), field.aliases, direction),
            }
            at += 1;
        }
    }

    const fn variants(&mut self, one_of: &'static EnumShape, direction: Direction) {
        if let Repr::Internal { tag } | Repr::Adjacent { tag, .. } = one_of.repr {
            self.add_text(tag);
        }
        if let Repr::Adjacent { content, .. } = one_of.repr {
            return self.add_text(content);
        }
        let mut at = 0;
        while at < one_of.variants.len() {
            let variant = &one_of.variants[at];
            let name = match direction {
                Direction::Write => variant.ser,
                Direction::Read => variant.de,
            };
            match (one_of.repr, name, variant.shape) {
                (Repr::External, name, _) => self.named(name, variant.aliases, direction),
                (_, Some(_), Some(content)) => self.queue(content),
                _ => {}
            }
            at += 1;
        }
    }

    const fn named(&mut self, name: Option<&'static str>, aliases: &'static [&'static str], direction: Direction) {
        let Some(name) = name else { return };
        self.add_text(name);
        let mut at = 0;
        while matches!(direction, Direction::Read) && at < aliases.len() {
            self.add_text(aliases[at]);
            at += 1;
        }
    }

    const fn add_text(&mut self, text: &'static str) {
        self.add(Name { text, hash: hash(text) });
    }

    const fn add(&mut self, name: Name) {
        if self.len == N {
            self.full = true;
            return;
        }
        self.names[self.len] = name;
        self.len += 1;
    }

    /// A type flattened into itself is inspected once.
    const fn queue(&mut self, shape: &'static Shape) {
        let mut at = 0;
        while at < self.shapes_len {
            if crate::contract::is_same(self.shapes[at], shape) {
                return;
            }
            at += 1;
        }
        if self.shapes_len == N {
            self.full = true;
            return;
        }
        self.shapes[self.shapes_len] = shape;
        self.shapes_len += 1;
    }
}
