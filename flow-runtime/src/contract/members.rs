//! The members of an object in one direction, with flattened ones in place.

use super::text::equal;
use super::{EnumShape, Field, Member, Repr, Shape, StructShape, Variant};

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
    /// A field, `flat` if it is one of something flattened.
    Field { writer: Written, flat: bool },
    /// The entries of a flattened map.
    Rest { key: &'static Shape, value: &'static Shape },
    /// Something flattened whose members are not known by name, such as an enum of which no variant is chosen.
    Unclear { shape: &'static Shape, soft: bool },
}

/// A field as one value has it.
#[derive(Clone, Copy)]
pub(crate) struct Written {
    pub(crate) field: Field,
    /// Under a flattened option it may be missing, whatever it says of itself.
    pub(crate) soft: bool,
    /// The tag of the variant that is chosen: always this text.
    pub(crate) literal: Option<&'static str>,
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
    /// The enum to begin with, if it is one.
    first: Option<&'static Shape>,
    /// Which variant each flattened enum has, as the digits of a number.
    choice: Option<usize>,
    /// What stands beside the tag that was yielded last.
    beside: Option<Item>,
}

impl Members {
    pub(crate) const fn of(object: &StructShape, direction: Direction) -> Self {
        let first = Frame { members: object.members, at: 0, soft: false };
        Self { stack: [first; DEPTH], depth: 1, direction, first: None, choice: None, beside: None }
    }

    pub(crate) const fn next(&mut self) -> Option<Item> {
        if let Some(item) = self.beside {
            self.beside = None;
            return Some(item);
        }
        if let Some(shape) = self.first {
            self.first = None;
            return self.enter(shape, false);
        }
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
                return Some(Item::Field { writer: Written { field, soft, literal: None }, flat: self.depth > 1 });
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
            Shape::Enum(one_of) => match self.choice {
                Some(choice) => self.variant(one_of, choice, soft),
                None => Some(Item::Unclear { shape: opened(shape, self.direction), soft }),
            },
            shape => Some(Item::Unclear { shape, soft }),
        }
    }

    /// What the chosen variant of an enum is written as.
    const fn variant(&mut self, one_of: &'static EnumShape, choice: usize, soft: bool) -> Option<Item> {
        let count = one_of.written_count();
        self.choice = Some(choice / count);
        let Some((variant, name)) = one_of.written(choice % count) else { return None };
        match (one_of.repr, variant.shape) {
            (Repr::Internal { tag }, content) => {
                self.beside = match content {
                    Some(shape) => self.enter(shape, soft),
                    None => None,
                };
                Some(entry(tag, &TEXT, soft, Some(name)))
            }
            (Repr::Adjacent { tag, content }, shape) => {
                self.beside = match shape {
                    Some(shape) => Some(entry(content, shape, soft, None)),
                    None => None,
                };
                Some(entry(tag, &TEXT, soft, Some(name)))
            }
            (_, Some(shape)) => Some(entry(name, shape, soft, None)),
            (_, None) => Some(entry(name, &Shape::Null, soft, None)),
        }
    }
}

const TEXT: Shape = Shape::Str { format: None };

/// A field that no struct has: a tag, or what is under the name of a variant.
const fn entry(name: &'static str, shape: &'static Shape, soft: bool, literal: Option<&'static str>) -> Item {
    let Some(field) = Member::plain(name, shape).field() else { return Item::Unclear { shape, soft } };
    Item::Field { writer: Written { field, soft, literal }, flat: true }
}

/// What a producer writes an object from: a struct, or a variant of an enum.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    shape: &'static Shape,
    choice: Option<usize>,
}

/// The most alternatives of one object that are looked at one by one.
const CHOICES: usize = 256;

impl Source {
    pub(crate) const fn new(shape: &'static Shape, choice: Option<usize>) -> Self {
        Self { shape, choice }
    }

    pub(crate) const fn members(&self) -> Members {
        const NONE: StructShape = StructShape { members: &[], deny_unknown: false };
        let (mut members, first) = match self.shape {
            Shape::Struct(object) => (Members::of(object, Direction::Write), None),
            shape => (Members::of(&NONE, Direction::Write), Some(shape)),
        };
        members.first = first;
        members.choice = self.choice;
        members
    }

    /// The struct, whose own fields are found faster than those of anything else.
    const fn object(&self) -> &'static StructShape {
        match self.shape {
            Shape::Struct(object) => object,
            _ => &StructShape { members: &[], deny_unknown: false },
        }
    }

    /// Enums are among what is flattened into it, or it is one.
    pub(crate) const fn has_enums(shape: &'static Shape) -> bool {
        has_enums(shape, DEPTH)
    }

    /// In how many ways its enums may be written together. None if they are too many, or not told apart by their names.
    pub(crate) const fn choices(shape: &'static Shape) -> Option<usize> {
        match choices(shape, DEPTH) {
            0 => None,
            count => Some(count),
        }
    }
}

const fn has_enums(shape: &'static Shape, depth: usize) -> bool {
    match opened(shape, Direction::Write) {
        _ if depth == 0 => false,
        Shape::Enum(_) => true,
        Shape::Option(inner) => has_enums(inner, depth - 1),
        Shape::Struct(object) => {
            let mut at = 0;
            while at < object.members.len() {
                if let Member::Flatten { shape, .. } = &object.members[at]
                    && has_enums(shape, depth - 1)
                {
                    return true;
                }
                at += 1;
            }
            false
        }
        _ => false,
    }
}

/// 0 stands for what is unclear.
const fn choices(shape: &'static Shape, depth: usize) -> usize {
    match opened(shape, Direction::Write) {
        _ if depth == 0 => 0,
        Shape::Option(inner) => choices(inner, depth - 1),
        Shape::Struct(object) => {
            let (mut count, mut at) = (1_usize, 0);
            while at < object.members.len() {
                if let Member::Flatten { shape, .. } = &object.members[at] {
                    count = count.saturating_mul(choices(shape, depth - 1));
                }
                at += 1;
            }
            if count > CHOICES { 0 } else { count }
        }
        Shape::Enum(EnumShape { repr: Repr::Untagged, .. }) => 0,
        Shape::Enum(one_of) if matches!(one_of.repr, Repr::Internal { .. }) && !has_plain_contents(one_of, depth) => 0,
        Shape::Enum(one_of) => one_of.written_count(),
        _ => 1,
    }
}

/// No variant has alternatives of its own beside the tag.
const fn has_plain_contents(one_of: &'static EnumShape, depth: usize) -> bool {
    let mut at = 0;
    while at < one_of.variants.len() {
        if let Some(shape) = one_of.variants[at].shape
            && choices(shape, depth - 1) != 1
        {
            return false;
        }
        at += 1;
    }
    true
}

impl EnumShape {
    /// How many variants are written.
    pub(crate) const fn written_count(&self) -> usize {
        let (mut count, mut at) = (0, 0);
        while at < self.variants.len() {
            count += self.variants[at].ser.is_some() as usize;
            at += 1;
        }
        count
    }

    /// One of the variants that are written, and its name.
    pub(crate) const fn written(&self, mut index: usize) -> Option<(&Variant, &'static str)> {
        let mut at = 0;
        while at < self.variants.len() {
            match self.variants[at].ser {
                Some(name) if index == 0 => return Some((&self.variants[at], name)),
                Some(_) => index -= 1,
                None => {}
            }
            at += 1;
        }
        None
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
    /// The shape of what is written: a field that is left out when it is `null` never is.
    pub(crate) const fn written_shape(&self) -> &'static Shape {
        match self.shape {
            Shape::Option(inner) if self.never_null => inner,
            shape => shape,
        }
    }

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
    object: &'static StructShape,
    /// What is written, where that is the direction.
    source: Option<Source>,
    direction: Direction,
    table: Option<[u16; SLOTS]>,
    next: usize,
    flattened: bool,
}

impl Names {
    /// What a producer writes.
    pub(crate) const fn written(source: Source) -> Self {
        let mut names = Self::of(source.object(), Direction::Write);
        names.source = Some(source);
        names.flattened |= !matches!(source.shape, Shape::Struct(_));
        names
    }

    /// What a consumer reads.
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

    /// Something is flattened into the object.
    pub(crate) const fn flattens(&self) -> bool {
        self.flattened
    }

    /// The field with this name. Aliases count where the direction is reading.
    pub(crate) const fn find(&mut self, name: &str, hash: u64) -> Option<Written> {
        match self.find_direct(name, hash) {
            Some(field) => Some(Written { field, soft: false, literal: None }),
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
