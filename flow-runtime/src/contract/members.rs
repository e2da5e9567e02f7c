//! The members of an object in one direction, with flattened ones in place.

use super::text::equal;
use super::{Field, Member, Shape, StructShape};

/// Which side of a contract is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// What is written.
    Write,
    /// What is read.
    Read,
}

/// How deep flattened structs may be nested.
const DEPTH: usize = 8;

/// How many named types may wrap each other, so that a mistake in a hand-written shape cannot hang the build.
const WRAPPED: usize = 64;

/// The shape behind names, in one direction.
pub(crate) const fn opened(mut shape: &'static Shape, direction: Direction) -> &'static Shape {
    let mut left = WRAPPED;
    while left > 0 {
        shape = match open_once(shape, direction) {
            Some(body) => body,
            None => return shape,
        };
        left -= 1;
    }
    shape
}

/// One step of [`opened`].
pub(crate) const fn open_once(shape: &'static Shape, direction: Direction) -> Option<&'static Shape> {
    match (shape, direction) {
        (Shape::Named(def), _) => Some(&def.get().body),
        (Shape::Generic(def), _) => Some(&def.body),
        (Shape::Split { write, .. }, Direction::Write) => Some(write),
        (Shape::Split { read, .. }, Direction::Read) => Some(read),
        _ => None,
    }
}

/// What a walk over the members meets.
#[derive(Clone, Copy)]
pub(crate) enum Item {
    /// A field, `flat` if it is one of something flattened. It is `soft` under a flattened option: then it may be missing
    /// whatever it says of itself.
    Field { field: Field, soft: bool, flat: bool },
    /// The entries of a flattened map.
    Rest { key: &'static Shape, value: &'static Shape },
    /// Something flattened whose members are not known by name, such as an enum.
    Unclear,
}

#[derive(Clone, Copy)]
struct Frame {
    members: &'static [Member],
    at: usize,
    soft: bool,
}

/// A walk over the members of an object. It yields fields of both directions; `name` says which of them count.
pub(crate) struct Members {
    stack: [Frame; DEPTH],
    depth: usize,
    direction: Direction,
}

impl Members {
    pub(crate) const fn of(object: &StructShape, direction: Direction) -> Self {
        let first = Frame { members: object.members, at: 0, soft: false };
        Self { stack: [first; DEPTH], depth: 1, direction }
    }

    pub(crate) const fn next(&mut self) -> Option<Item> {
        while self.depth > 0 {
            let frame = &mut self.stack[self.depth - 1];
            if frame.at == frame.members.len() {
                self.depth -= 1;
                continue;
            }
            let (member, soft) = (&frame.members[frame.at], frame.soft);
            frame.at += 1;
            if let Member::Flatten { shape, .. } = member {
                if let Some(item) = self.enter(shape, soft) {
                    return Some(item);
                }
            } else if let Some(field) = member.field() {
                return Some(Item::Field { field, soft, flat: self.depth > 1 });
            }
        }
        None
    }

    const fn enter(&mut self, shape: &'static Shape, soft: bool) -> Option<Item> {
        match opened(shape, self.direction) {
            Shape::Option(inner) => self.enter(inner, true),
            Shape::Struct(object) if self.depth < DEPTH => {
                self.stack[self.depth] = Frame { members: object.members, at: 0, soft };
                self.depth += 1;
                None
            }
            Shape::Null => None,
            Shape::Map { key, value } => Some(Item::Rest { key, value }),
            Shape::Any => Some(Item::Rest { key: &Shape::Str { format: None }, value: &Shape::Any }),
            _ => Some(Item::Unclear),
        }
    }
}

impl Member {
    /// The hash of a field's name in one direction.
    const fn name_hash(&self, direction: Direction) -> Option<u64> {
        match self {
            Self::Plain(_, hash, _) => Some(*hash),
            Self::Field(field) => Some(field.name_hash(direction)),
            Self::Flatten { .. } => None,
        }
    }

    /// It is a field with this name in this direction.
    pub(crate) const fn is_called(&self, direction: Direction, name: &str, hash: u64) -> bool {
        match self.field() {
            Some(field) => field.is_called(direction, name, hash),
            None => false,
        }
    }
}

impl Field {
    /// The name in one direction.
    pub const fn name(&self, direction: Direction) -> Option<&'static str> {
        match direction {
            Direction::Write => self.ser,
            Direction::Read => self.de,
        }
    }

    const fn name_hash(&self, direction: Direction) -> u64 {
        match direction {
            Direction::Write => self.hash.0,
            Direction::Read => self.hash.1,
        }
    }

    /// The field has this name in this direction; an alias is a name that is read.
    pub(crate) const fn is_called(&self, direction: Direction, name: &str, hash: u64) -> bool {
        if self.name_hash(direction) == hash
            && let Some(own) = self.name(direction)
            && equal(own, name)
        {
            return true;
        }
        match (direction, self.de) {
            (Direction::Read, Some(_)) => super::text::contains(self.aliases, name),
            _ => false,
        }
    }
}

/// Objects with more members than this get a table of names.
const SMALL: usize = 16;

/// Slots of the table; objects with more than half as many members are searched in order.
const SLOTS: usize = 4096;

/// Finds fields by name. Fields mostly come in the same order on both sides, so a search begins after the last find;
/// large objects have a hash table besides, since a search of every field for every field would be quadratic.
pub(crate) struct Names {
    pub(crate) object: &'static StructShape,
    direction: Direction,
    table: Option<[u16; SLOTS]>,
    next: usize,
    flattened: bool,
}

impl Names {
    pub(crate) const fn of(object: &'static StructShape, direction: Direction) -> Self {
        let members = object.members;
        let large = members.len() > SMALL && members.len() * 2 <= SLOTS;
        let table = if large { Some([0; SLOTS]) } else { None };
        let mut names = Self { object, direction, table, next: 0, flattened: false };
        let mut at = 0;
        while at < members.len() {
            match members[at].name_hash(direction) {
                Some(hash) => names.enter(hash, at),
                None => names.flattened = true,
            }
            at += 1;
        }
        names
    }

    const fn enter(&mut self, hash: u64, at: usize) {
        if let Some(table) = &mut self.table {
            let mut slot = hash as usize % SLOTS;
            while table[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            table[slot] = at as u16 + 1;
        }
    }

    /// Something is flattened into the object.
    pub(crate) const fn flattens(&self) -> bool {
        self.flattened
    }

    /// The field with this name, and whether it is soft. Aliases count where the direction is reading.
    pub(crate) const fn find(&mut self, name: &str, hash: u64) -> Option<(Field, bool)> {
        match self.find_direct(name, hash) {
            Some(field) => Some((field, false)),
            None if self.flattened || matches!(self.direction, Direction::Read) => self.find_everywhere(name, hash),
            None => None,
        }
    }

    const fn find_direct(&mut self, name: &str, hash: u64) -> Option<Field> {
        if let Some(field) = self.field_at(self.next, name, hash) {
            self.next += 1;
            return Some(field);
        }
        match &self.table {
            Some(table) => self.find_in(table, name, hash),
            None => self.find_in_order(name, hash),
        }
    }

    const fn find_in(&self, table: &[u16; SLOTS], name: &str, hash: u64) -> Option<Field> {
        let mut slot = hash as usize % SLOTS;
        while table[slot] != 0 {
            if let Some(field) = self.field_at(table[slot] as usize - 1, name, hash) {
                return Some(field);
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }

    const fn find_in_order(&mut self, name: &str, hash: u64) -> Option<Field> {
        let mut at = 0;
        while at < self.object.members.len() {
            if let Some(field) = self.field_at(at, name, hash) {
                self.next = at + 1;
                return Some(field);
            }
            at += 1;
        }
        None
    }

    const fn field_at(&self, at: usize, name: &str, hash: u64) -> Option<Field> {
        if at < self.object.members.len()
            && let Some(own_hash) = self.object.members[at].name_hash(self.direction)
            && own_hash == hash
            && let Some(field) = self.object.members[at].field()
            && let Some(own) = field.name(self.direction)
            && equal(own, name)
        {
            return Some(field);
        }
        None
    }

    const fn find_everywhere(&self, name: &str, hash: u64) -> Option<(Field, bool)> {
        let mut members = Members::of(self.object, self.direction);
        while let Some(item) = members.next() {
            if let Item::Field { field, soft, .. } = item
                && field.is_called(self.direction, name, hash)
            {
                return Some((field, soft));
            }
        }
        None
    }
}
