//! Objects and maps: every field that is read must be written, and everything else that is written must be allowed.

use super::choices::literal_fits;
use super::evolution::Evolution;
use super::keys::{key_fits, may_be_key, name_fits};
use super::pair::{Scoped, Step};
use super::search::Search;
use crate::contract::buffered::unreadable;
use crate::contract::members::{Direction, Item, Members, Names, Source, Written, opened};
use crate::contract::text::hash;
use crate::contract::words::shape_text;
use crate::contract::{Field, Member, Shape, StructShape};
use flow_base::near::Nearest;

/// Key and value of a map's entries.
type Entry = (&'static Shape, &'static Shape);

impl<const N: usize> Search<'_, N> {
    pub(super) const fn objects(&mut self, at: usize, from: Source, to: &'static StructShape) {
        self.read_members(at, from, to, Members::of(to, Direction::Read), false);
        if self.is_closed(to) {
            self.unknown(at, from, to);
        }
    }

    /// Whether members unknown to the object are differences.
    const fn is_closed(&self, to: &'static StructShape) -> bool {
        to.deny_unknown || matches!(self.evolution, Some(Evolution { whole: true, .. })) && !takes_any(to)
    }

    /// The members that are read. All of them come out of serde's buffer, or only the flattened ones.
    pub(super) const fn read_members(
        &mut self,
        at: usize,
        from: Source,
        to: &'static StructShape,
        mut readers: Members,
        buffered: bool,
    ) {
        let mut written = Names::written(from);
        let rest = if written.flattens() { self.flattened_by(at, from) } else { None };
        let mut flattened = None;
        while let Some(item) = readers.next() {
            match item {
                Item::Field { writer, flat } => {
                    self.buffering = flat || buffered;
                    self.field(at, &mut written, rest, writer);
                }
                Item::Rest { key, value } => {
                    self.buffering = true;
                    self.remaining(at, from, to, (key, value));
                }
                Item::Unclear { shape, soft } => flattened = Some((shape, soft)),
            }
        }
        self.buffering = false;
        if let Some(shape) = flattened {
            let alone = flattens_once(to) && !buffered;
            if alone { self.flattened_enum(at, from, shape, to.members) } else { self.unclear(at) }
        }
    }

    const fn field(&mut self, at: usize, written: &mut Names, rest: Option<Entry>, reader: Written) {
        let Written { field, soft, home, .. } = reader;
        let Some(name) = field.de else { return };
        let mut found = written.find(name, field.hash.1);
        let mut by_chance = may_be_entry(name, found, rest);
        let mut next = 0;
        while next < field.aliases.len() {
            let alias = field.aliases[next];
            let again = written.find(alias, hash(alias));
            let chance = may_be_entry(alias, again, rest);
            match (again, found) {
                (Some(again), Some(first)) => return self.duplicate(at, name, &first.field, &again.field),
                (Some(alias), None) => found = Some(alias),
                (None, _) => {}
            }
            if chance && (by_chance || found.is_some()) || by_chance && found.is_some() {
                return self.mismatch(at, Step::Same, &["a map may write two names of the same field `", name, "`"]);
            }
            by_chance |= chance;
            next += 1;
        }
        let required = field.required && !soft;
        match found {
            Some(writer) => {
                if required && (writer.soft || !writer.field.always_written) {
                    self.not_always_written(at, name);
                }
                self.value(at, writer, Scoped { shape: field.shape, home }, name);
            }
            None => self.not_written(at, written, rest, reader, required),
        }
    }

    /// The value of a written field.
    const fn value(&mut self, at: usize, writer: Written, to: Scoped, name: &'static str) {
        match writer.literal {
            Some(text) if literal_fits(text, to.shape) => {}
            Some(text) => self.unlike_text(at, name, shape_text(to.shape).as_str(), text),
            None => {
                let from = Scoped { shape: writer.field.written_shape(), home: writer.home };
                let at = self.scope(at, from, to);
                self.push(at, from.shape, to.shape, Step::Field(name));
            }
        }
    }

    const fn not_written(&mut self, at: usize, from: &Names, rest: Option<Entry>, reader: Written, required: bool) {
        let Written { field, home, .. } = reader;
        let Some(name) = field.de else { return };
        if let Some((key, value)) = rest
            && may_be_key(name, key)
        {
            let from = Scoped { shape: value, home: None };
            let at = self.scope(at, from, Scoped { shape: field.shape, home });
            self.push(at, value, field.shape, Step::Field(name));
        }
        if required {
            self.missing(at, name, field.shape, nearest_written(from, name));
        }
    }

    const fn duplicate(&mut self, at: usize, name: &str, first: &Field, again: &Field) {
        if let (Some(first), Some(again)) = (first.ser, again.ser) {
            self.mismatch(
                at,
                Step::Same,
                &["`", first, "` and `", again, "` are both written, but both are names of field `", name, "`"],
            );
        }
    }

    /// A flattened map of the consumer takes every field that nothing before it takes.
    const fn remaining(&mut self, at: usize, from: Source, to: &'static StructShape, (key, value): Entry) {
        let mut writers = from.members();
        while let Some(item) = writers.next() {
            match item {
                Item::Field { writer, .. } => {
                    if let Some(name) = writer.field.ser
                        && !taken_before_rest(to, name, writer.field.hash.0)
                    {
                        self.entry(at, name, writer, key, value);
                    }
                }
                Item::Rest { key: k, value: v } => {
                    self.check_buffered_key(at, key, value);
                    self.maps(at, (k, v), (key, value));
                }
                Item::Unclear { .. } => {}
            }
        }
    }

    const fn check_buffered_key(&mut self, at: usize, key: &'static Shape, value: &'static Shape) {
        if let Some(reason) = unreadable(&Shape::Map { key, value }) {
            self.mismatch(at, Step::Same, &[reason]);
        }
    }

    const fn entry(
        &mut self,
        at: usize,
        name: &'static str,
        writer: Written,
        key: &'static Shape,
        value: &'static Shape,
    ) {
        if !name_fits(name, key) {
            let key = shape_text(key);
            self.mismatch(at, Step::Same, &["field `", name, "` cannot be read as a key (", key.as_str(), ")"]);
        }
        self.value(at, writer, Scoped { shape: value, home: None }, name);
    }

    /// Fields that are written, but unknown to a consumer that rejects unknown fields.
    const fn unknown(&mut self, at: usize, from: Source, to: &'static StructShape) {
        let mut read = Names::read(to);
        let mut writers = from.members();
        while let Some(item) = writers.next() {
            match item {
                Item::Field { writer, .. } => {
                    if let Some(name) = writer.field.ser
                        && read.find(name, writer.field.hash.0).is_none()
                    {
                        self.not_known(at, name);
                    }
                }
                Item::Rest { .. } => self.others_not_known(at),
                Item::Unclear { .. } => {}
            }
        }
    }

    /// What the producer may write besides its fields.
    const fn flattened_by(&mut self, at: usize, from: Source) -> Option<Entry> {
        let mut rest = None;
        let mut writers = from.members();
        while let Some(item) = writers.next() {
            match item {
                Item::Rest { key, value } => rest = Some((key, value)),
                Item::Unclear { .. } => self.unclear(at),
                Item::Field { .. } => {}
            }
        }
        rest
    }

    pub(super) const fn object_into_map(
        &mut self,
        at: usize,
        from: Source,
        key: &'static Shape,
        value: &'static Shape,
    ) {
        let mut writers = from.members();
        while let Some(item) = writers.next() {
            match item {
                Item::Field { writer, .. } => {
                    if let Some(name) = writer.field.ser {
                        self.entry(at, name, writer, key, value);
                    }
                }
                Item::Rest { key: k, value: v } => self.maps(at, (k, v), (key, value)),
                Item::Unclear { .. } => self.unclear(at),
            }
        }
    }

    /// A map may be empty and may have entries of any name. It is compared like an object without fields.
    pub(super) const fn map_into_object(
        &mut self,
        at: usize,
        key: &'static Shape,
        value: &'static Shape,
        to: &'static StructShape,
    ) {
        const EMPTY: Shape = Shape::Struct(StructShape { members: &[], deny_unknown: false });
        let mut nothing = Names::written(Source::new(&EMPTY, None));
        let mut readers = Members::of(to, Direction::Read);
        while let Some(item) = readers.next() {
            match item {
                Item::Field { writer, flat } => {
                    self.buffering = flat;
                    self.field(at, &mut nothing, Some((key, value)), writer);
                }
                Item::Rest { key: k, value: v } => {
                    self.check_buffered_key(at, k, v);
                    self.maps(at, (key, value), (k, v));
                }
                Item::Unclear { .. } => self.unclear(at),
            }
        }
        self.buffering = false;
        if self.is_closed(to) {
            self.others_not_known(at);
        }
    }

    pub(super) const fn maps(&mut self, at: usize, (from_key, from): Entry, (to_key, to): Entry) {
        if !key_fits(from_key, to_key) {
            self.unlike_keys(at, shape_text(to_key).as_str(), shape_text(from_key).as_str());
        }
        self.push(at, from, to, Step::Value);
    }
}

/// A flattened map takes all remaining entries. A flattened enum is compared variant by variant.
const fn takes_any(object: &'static StructShape) -> bool {
    let mut readers = Members::of(object, Direction::Read);
    while let Some(item) = readers.next() {
        if let Item::Rest { .. } | Item::Unclear { .. } = item {
            return true;
        }
    }
    false
}

/// Whether the object itself, or a flattened struct before the flattened map, has the field: serde removes those first.
const fn taken_before_rest(object: &'static StructShape, name: &str, hash: u64) -> bool {
    let mut at = 0;
    let mut passed_rest = false;
    while at < object.members.len() {
        if let Member::Flatten { shape, .. } = &object.members[at] {
            match flattened_object(shape) {
                Some(inner) if !passed_rest && has_plain_field(inner, name, hash) => return true,
                Some(_) => {}
                None => passed_rest = true,
            }
        } else if object.members[at].is_called(Direction::Read, name, hash) {
            return true;
        }
        at += 1;
    }
    false
}

const fn flattened_object(shape: &'static Shape) -> Option<&'static StructShape> {
    match opened(shape, Direction::Read) {
        Shape::Struct(object) => Some(object),
        Shape::Option(inner) => match opened(inner, Direction::Read) {
            Shape::Struct(object) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// A struct that itself flattens something reads through a map and removes nothing.
const fn has_plain_field(object: &StructShape, name: &str, hash: u64) -> bool {
    let mut at = 0;
    let mut found = false;
    while at < object.members.len() {
        if let Member::Flatten { .. } = &object.members[at] {
            return false;
        }
        found |= object.members[at].is_called(Direction::Read, name, hash);
        at += 1;
    }
    found
}

/// Whether a flattened map may write an entry with this name, which no field has.
const fn may_be_entry(name: &str, found: Option<Written>, rest: Option<Entry>) -> bool {
    match rest {
        Some((key, _)) => found.is_none() && may_be_key(name, key),
        None => false,
    }
}

/// Whether there is only one flattened member, so that nothing else takes its fields.
const fn flattens_once(object: &StructShape) -> bool {
    let (mut at, mut count) = (0, 0);
    while at < object.members.len() {
        count += matches!(object.members[at], Member::Flatten { .. }) as usize;
        at += 1;
    }
    count == 1
}

/// The written name most similar to the missing one.
const fn nearest_written(from: &Names, name: &str) -> Option<&'static str> {
    let mut near = Nearest::new(name);
    let mut writers = from.members();
    while let Some(item) = writers.next() {
        if let Item::Field { writer, .. } = item
            && let Some(written) = writer.field.ser
        {
            near.offer(written);
        }
    }
    near.get()
}
