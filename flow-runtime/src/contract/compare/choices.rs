//! Enums read as something else: each written variant is an object or a name, and is compared separately.

use super::pair::Step;
use super::scalars::is_one_char;
use super::search::Search;
use super::variants::{form, reader, reads_variant};
use crate::contract::members::{Direction, Item, Members, Names, Source, opened};
use crate::contract::text::hash;
use crate::contract::{EnumShape, Member, Repr, Shape, StructShape};

impl<const N: usize> Search<'_, N> {
    pub(super) const fn source(&self, at: usize, from: &'static Shape) -> Source {
        Source::new(from, self.pairs[at].choice)
    }

    /// Whether the written value has alternatives and none is chosen yet.
    pub(super) const fn is_open(&self, at: usize, from: &'static Shape) -> bool {
        self.pairs[at].choice.is_none() && matches!(from, Shape::Struct(_) | Shape::Enum(_)) && Source::has_enums(from)
    }

    /// All alternatives must fit. The error describes the complete value for an enum, and the first bad alternative for a struct.
    pub(super) const fn each_choice(&mut self, at: usize, from: &'static Shape, to: &'static Shape) {
        let is_enum = matches!(from, Shape::Enum(_));
        let Some(count) = Source::choices(from) else {
            return if is_enum { self.other_form(at, from, to) } else { self.unclear(at) };
        };
        let mut choice = 0;
        while choice < count {
            self.buffering = self.is_buffered(at);
            if !self.fits_chosen(at, from, to, Some(choice)) {
                return match is_enum {
                    true => self.other_form(at, from, to),
                    false => self.push_chosen(at, from, to, Step::Same, Some(choice)),
                };
            }
            choice += 1;
        }
    }

    const fn other_form(&mut self, at: usize, from: &'static Shape, to: &'static Shape) {
        match (from, to) {
            (Shape::Enum(from), Shape::Enum(to)) if !matches!(to.repr, Repr::Untagged) => {
                self.unlike_forms(at, form(to.repr), form(from.repr))
            }
            _ => self.differ(at),
        }
    }

    /// The name of the chosen variant, if only the name is written.
    pub(super) const fn chosen_name(&self, at: usize, one_of: &'static EnumShape) -> Option<&'static str> {
        let Some(choice) = self.pairs[at].choice else { return None };
        match (one_of.repr, one_of.written(choice)) {
            (Repr::External, Some((variant, name))) if variant.shape.is_none() => Some(name),
            _ => None,
        }
    }

    pub(super) const fn literal(&mut self, at: usize, text: &str, to: &'static Shape) {
        if !literal_fits(text, to) {
            self.differ(at);
        }
    }

    /// An object read as a tagged enum: its tag must be known.
    pub(super) const fn object_into_enum(&mut self, at: usize, from: Source, to: &'static EnumShape) {
        if to.deny_unknown || matches!(to.repr, Repr::External) || !self.tag_is_read(at, from, to, &[]) {
            self.differ(at);
        }
    }

    /// An enum flattened into the reader.
    pub(super) const fn flattened_enum(
        &mut self,
        at: usize,
        from: Source,
        (to, soft): (&'static Shape, bool),
        beside: &'static [Member],
    ) {
        let known = match to {
            Shape::Enum(to) if !soft => match to.repr {
                Repr::External => self.name_is_read(at, from, to, beside),
                _ => self.tag_is_read(at, from, to, beside),
            },
            _ => false,
        };
        if !known {
            self.unclear(at);
        }
    }

    /// The single variant whose name is one of the written fields.
    const fn name_is_read(
        &mut self,
        at: usize,
        from: Source,
        to: &'static EnumShape,
        beside: &'static [Member],
    ) -> bool {
        let mut members = from.members();
        let mut found = None;
        while let Some(item) = members.next() {
            let Item::Field { writer, .. } = item else { return false };
            if let Some(name) = writer.field.ser
                && !takes(beside, name)
                && let Some(variant) = reader(to, name)
            {
                if found.is_some() || variant.other || writer.soft || !writer.field.always_written {
                    return false;
                }
                let content = match variant.shape {
                    Some(shape) => shape,
                    None => &Shape::Null,
                };
                found = Some((name, writer.field.shape, content));
            }
        }
        let Some((name, from, to)) = found else { return false };
        self.buffering = true;
        self.push(at, from, to, Step::Field(name));
        self.buffering = false;
        true
    }

    /// The variant named by the tag is read from the fields next to it, or from the content field.
    const fn tag_is_read(
        &mut self,
        at: usize,
        from: Source,
        to: &'static EnumShape,
        beside: &'static [Member],
    ) -> bool {
        let (Repr::Internal { tag } | Repr::Adjacent { tag, .. }) = to.repr else { return false };
        let mut written = Names::written(from);
        let Some(writer) = written.find(tag, hash(tag)) else { return false };
        let (Some(name), false) = (writer.literal, writer.soft || takes(beside, tag)) else { return false };
        let Some(variant) = reader(to, name) else { return false };
        match (to.repr, variant.shape) {
            (Repr::Adjacent { content, .. }, Some(shape)) => match written.find(content, hash(content)) {
                Some(writer) if !writer.soft && writer.literal.is_none() && !takes(beside, content) => {
                    self.push(at, writer.field.shape, shape, Step::Variant(name));
                    true
                }
                _ => false,
            },
            (Repr::Adjacent { content, .. }, None) => written.find(content, hash(content)).is_none(),
            (_, None) => true,
            (_, Some(shape)) => self.beside_tag_is_read(at, from, shape, beside),
        }
    }

    const fn beside_tag_is_read(
        &mut self,
        at: usize,
        from: Source,
        content: &'static Shape,
        beside: &'static [Member],
    ) -> bool {
        match opened(content, Direction::Read) {
            Shape::Null => true,
            Shape::Struct(object) if !object.deny_unknown && !takes_any(beside, object) => {
                self.read_members(at, from, object, Members::of(object, Direction::Read), true);
                true
            }
            _ => false,
        }
    }
}

/// Whether a field next to a flattened enum has this name and hides it from the enum.
const fn takes(beside: &[Member], name: &str) -> bool {
    let (hash, mut at) = (hash(name), 0);
    while at < beside.len() {
        if beside[at].is_called(Direction::Read, name, hash) {
            return true;
        }
        at += 1;
    }
    false
}

const fn takes_any(beside: &[Member], object: &StructShape) -> bool {
    let mut members = Members::of(object, Direction::Read);
    while let Some(item) = members.next() {
        if let Item::Field { writer, .. } = item
            && let Some(name) = writer.field.de
            && takes(beside, name)
        {
            return true;
        }
    }
    false
}

/// Whether this text can be read.
pub(super) const fn literal_fits(text: &str, to: &'static Shape) -> bool {
    match opened(to, Direction::Read) {
        Shape::Any | Shape::Str { format: None } => true,
        Shape::Char => is_one_char(text),
        Shape::Option(inner) => literal_fits(text, inner),
        Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => {
            let mut at = 0;
            while at < variants.len() {
                if let (Some(_), Some(shape)) = (variants[at].de, variants[at].shape)
                    && literal_fits(text, shape)
                {
                    return true;
                }
                at += 1;
            }
            false
        }
        Shape::Enum(one_of) if matches!(one_of.repr, Repr::External) => reads_variant(one_of, text),
        _ => false,
    }
}
