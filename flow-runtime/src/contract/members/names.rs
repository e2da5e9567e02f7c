//! Finds members by name.

use super::{Direction, Item, Members, Source, Written};
use crate::contract::text::{contains, equal};
use crate::contract::{Field, Member, Shape, StructShape};

impl Member {
    /// The hash of a field's name in one direction.
    const fn name_hash(&self, direction: Direction) -> Option<u64> {
        match self {
            Self::Plain(_, hash, _) => Some(*hash),
            Self::Field(field) => Some(field.name_hash(direction)),
            Self::Flatten { .. } => None,
        }
    }

    /// Whether it is a field with this name in this direction.
    pub(crate) const fn is_called(&self, direction: Direction, name: &str, hash: u64) -> bool {
        match self.field() {
            Some(field) => field.is_called(direction, name, hash),
            None => false,
        }
    }
}

impl Field {
    /// The written shape: without the option if `None` is omitted.
    pub(crate) const fn written_shape(&self) -> &'static Shape {
        match self.shape {
            Shape::Option(inner) if self.never_null => inner,
            shape => shape,
        }
    }

    /// Returns the name in one direction.
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

    /// Whether the field has this name in this direction; aliases count for reading.
    pub(crate) const fn is_called(&self, direction: Direction, name: &str, hash: u64) -> bool {
        if self.name_hash(direction) == hash
            && let Some(own) = self.name(direction)
            && equal(own, name)
        {
            return true;
        }
        match (direction, self.de) {
            (Direction::Read, Some(_)) => contains(self.aliases, name),
            _ => false,
        }
    }
}

/// Objects with more members than this get a hash table of names.
const SMALL: usize = 16;

/// Slots of the table; objects with more than half as many members are searched linearly.
const SLOTS: usize = 4096;

/// Finds fields by name. Both sides mostly have the same order, so a search starts after the last match; large objects also get a
/// hash table, because comparing every field with every other one would be quadratic.
pub(crate) struct Names {
    object: &'static StructShape,
    /// The producer, if the direction is writing.
    source: Option<Source>,
    direction: Direction,
    table: Option<[u16; SLOTS]>,
    next: usize,
    flattened: bool,
}

impl Names {
    /// The names that a producer writes.
    pub(crate) const fn written(source: Source) -> Self {
        let mut names = Self::of(source.object(), Direction::Write);
        names.source = Some(source);
        names.flattened |= !matches!(source.shape, Shape::Struct(_));
        names
    }

    /// The names that a consumer reads.
    pub(crate) const fn read(object: &'static StructShape) -> Self {
        Self::of(object, Direction::Read)
    }

    const fn of(object: &'static StructShape, direction: Direction) -> Self {
        let members = object.members;
        let large = members.len() > SMALL && members.len() * 2 <= SLOTS;
        let table = if large { Some([0; SLOTS]) } else { None };
        let mut names = Self { object, source: None, direction, table, next: 0, flattened: false };
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

    /// Whether something is flattened into the object.
    pub(crate) const fn flattens(&self) -> bool {
        self.flattened
    }

    /// The field with this name; aliases count if the direction is reading.
    pub(crate) const fn find(&mut self, name: &str, hash: u64) -> Option<Written> {
        match self.find_direct(name, hash) {
            Some(field) => Some(Written { field, soft: false, literal: None, home: None }),
            None if self.flattened || matches!(self.direction, Direction::Read) => self.find_everywhere(name, hash),
            None => None,
        }
    }

    pub(crate) const fn members(&self) -> Members {
        match self.source {
            Some(source) => source.members(),
            None => Members::of(self.object, self.direction),
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

    const fn find_everywhere(&self, name: &str, hash: u64) -> Option<Written> {
        let mut members = self.members();
        while let Some(item) = members.next() {
            if let Item::Field { writer, .. } = item
                && writer.field.is_called(self.direction, name, hash)
            {
                return Some(writer);
            }
        }
        None
    }
}
