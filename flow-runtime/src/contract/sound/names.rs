//! Two members of one object that have one name.

use crate::contract::members::{Direction, opened};
use crate::contract::text::{equal, hash};
use crate::contract::{EnumShape, Member, Repr, Shape};

/// How many flattened shapes are looked through for the names of one.
const SHAPES: usize = 64;
/// How many names one flattened shape may have.
const NAMES: usize = 512;

/// A name that two members have.
#[derive(Clone, Copy)]
pub(super) struct Clash {
    pub(super) name: &'static str,
    /// The other member; none for the tag.
    pub(super) other: Option<&'static str>,
    /// Both write it; otherwise both read it.
    pub(super) written: bool,
}

/// A name that a flattened member has in common with the tag, with a field beside it, or with what is flattened before it.
pub(super) const fn clash(members: &'static [Member], at: usize, tag: Option<&'static str>) -> Option<Clash> {
    let Member::Flatten { shape, .. } = &members[at] else { return None };
    match clash_in(members, at, shape, tag, Direction::Write) {
        Some(found) => Some(found),
        None => clash_in(members, at, shape, tag, Direction::Read),
    }
}

/// A name that the content of a variant has in common with the tag beside it.
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
    let (names, written) = (Names::of(shape, direction), matches!(direction, Direction::Write));
    let mut next = 0;
    while next < names.len {
        let name = names.names[next];
        if let Some(tag) = tag
            && equal(tag, name)
        {
            return Some(Clash { name, other: None, written });
        }
        let other = owner(members, at, name, direction);
        if other.is_some() {
            return Some(Clash { name, other, written });
        }
        next += 1;
    }
    None
}

/// The Rust name of the member beside `at`, or flattened before it, that has this name.
const fn owner(members: &'static [Member], at: usize, name: &str, direction: Direction) -> Option<&'static str> {
    let (hash, mut next) = (hash(name), 0);
    while next < members.len() {
        match &members[next] {
            Member::Flatten { rust, shape } if next < at && Names::of(shape, direction).has(name) => return Some(rust),
            Member::Flatten { .. } => {}
            member => {
                if let Some(field) = member.field()
                    && field.is_called(direction, name, hash)
                {
                    return Some(field.rust);
                }
            }
        }
        next += 1;
    }
    None
}

/// The names that a flattened shape may have in an object.
struct Names {
    names: [&'static str; NAMES],
    len: usize,
    shapes: [&'static Shape; SHAPES],
    shapes_len: usize,
}

impl Names {
    const fn of(shape: &'static Shape, direction: Direction) -> Self {
        let mut names = Self { names: [""; NAMES], len: 0, shapes: [shape; SHAPES], shapes_len: 1 };
        let mut at = 0;
        while at < names.shapes_len {
            names.look(names.shapes[at], direction);
            at += 1;
        }
        names
    }

    const fn has(&self, name: &str) -> bool {
        let mut at = 0;
        while at < self.len {
            if equal(self.names[at], name) {
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
                Member::Flatten { shape, .. } => self.queue(shape),
                member => {
                    if let Some(field) = member.field() {
                        self.name(field.name(direction), field.aliases, direction);
                    }
                }
            }
            at += 1;
        }
    }

    const fn variants(&mut self, one_of: &'static EnumShape, direction: Direction) {
        if let Repr::Internal { tag } | Repr::Adjacent { tag, .. } = one_of.repr {
            self.add(tag);
        }
        if let Repr::Adjacent { content, .. } = one_of.repr {
            return self.add(content);
        }
        let mut at = 0;
        while at < one_of.variants.len() {
            let variant = &one_of.variants[at];
            let name = match direction {
                Direction::Write => variant.ser,
                Direction::Read => variant.de,
            };
            match (one_of.repr, name, variant.shape) {
                (Repr::External, name, _) => self.name(name, variant.aliases, direction),
                (_, Some(_), Some(content)) => self.queue(content),
                _ => {}
            }
            at += 1;
        }
    }

    const fn name(&mut self, name: Option<&'static str>, aliases: &'static [&'static str], direction: Direction) {
        let Some(name) = name else { return };
        self.add(name);
        let mut at = 0;
        while matches!(direction, Direction::Read) && at < aliases.len() {
            self.add(aliases[at]);
            at += 1;
        }
    }

    const fn add(&mut self, name: &'static str) {
        if self.len < NAMES {
            self.names[self.len] = name;
            self.len += 1;
        }
    }

    /// A type that is flattened into itself is looked at once.
    const fn queue(&mut self, shape: &'static Shape) {
        let mut at = 0;
        while at < self.shapes_len {
            if crate::contract::is_same(self.shapes[at], shape) {
                return;
            }
            at += 1;
        }
        if self.shapes_len < SHAPES {
            self.shapes[self.shapes_len] = shape;
            self.shapes_len += 1;
        }
    }
}
