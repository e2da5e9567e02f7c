//! The rules for one pair of shapes, with named types resolved.

use super::pair::Step;
use super::search::Search;
use crate::contract::{EnumShape, Repr, Shape, StructShape, Variant};

impl<const N: usize> Search<'_, N> {
    /// The first matching rule decides, so the order matters: the producer's alternatives are split before the consumer's are
    /// tried.
    pub(super) const fn compare(&mut self, at: usize, from: &'static Shape, to: &'static Shape) {
        match (from, to) {
            (_, Shape::Any) => {}
            (Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }), _) => self.each_written(at, variants),
            (Shape::Enum(one_of), _) if let Some(name) = self.chosen_name(at, one_of) => self.literal(at, name, to),
            (Shape::Option(inner), _) => self.option(at, inner, to),
            (_, Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. })) => {
                self.any_read(at, from, to, variants);
            }
            (Shape::Null, Shape::Option(_)) => {}
            (_, Shape::Option(inner)) => {
                self.push_chosen(at, self.met(at).0, inner, Step::Same, self.pairs[at].choice);
            }
            (Shape::Array(f), Shape::Array(t)) => self.push(at, f, t, Step::Item),
            (Shape::Tuple(items), Shape::Array(t)) => self.each_item(at, items, t),
            (Shape::Tuple(f), Shape::Tuple(t)) if f.len() == t.len() => self.items(at, f, t),
            (Shape::Tuple(items), Shape::Struct(t)) if self.lenient && !self.is_named_only(at) => {
                self.positions(at, items, t);
            }
            (Shape::Struct(_) | Shape::Enum(_), Shape::Struct(_) | Shape::Map { .. }) if self.is_open(at, from) => {
                self.each_choice(at, from, to);
            }
            (Shape::Struct(_) | Shape::Enum(_), Shape::Struct(t)) => self.objects(at, self.source(at, from), t),
            (Shape::Struct(_) | Shape::Enum(_), Shape::Map { key, value }) => {
                self.object_into_map(at, self.source(at, from), key, value);
            }
            (Shape::Map { key, value }, Shape::Struct(t)) => self.map_into_object(at, key, value, t),
            (Shape::Map { key: fk, value: fv }, Shape::Map { key: tk, value: tv }) => self.maps(at, (fk, fv), (tk, tv)),
            (Shape::Enum(f), Shape::Enum(t)) if f.repr.is(t.repr) => self.variants(at, f, t),
            (Shape::Struct(_) | Shape::Enum(_), Shape::Enum(_)) if self.is_open(at, from) => {
                self.each_choice(at, from, to)
            }
            (Shape::Struct(_) | Shape::Enum(_), Shape::Enum(t)) => self.object_into_enum(at, self.source(at, from), t),
            // A named type may wrap a scalar; unnamed scalars were compared before they got here.
            _ if self.scalar_fits(from, to) => {}
            _ => self.differ(at),
        }
    }

    const fn each_written(&mut self, at: usize, variants: &'static [Variant]) {
        let (_, to) = self.met(at);
        let mut next = 0;
        while next < variants.len() {
            if variants[next].ser.is_some() {
                self.push(at, content(&variants[next]), to, Step::Same);
            }
            next += 1;
        }
    }

    const fn option(&mut self, at: usize, inner: &'static Shape, to: &'static Shape) {
        if matches!(to, Shape::Option(_)) || self.fits_here(at, &Shape::Null, to) {
            let (_, to) = self.met(at);
            self.push(at, inner, to, Step::Same);
        } else {
            self.differ(at);
        }
    }

    const fn any_read(&mut self, at: usize, from: &'static Shape, to: &'static Shape, variants: &'static [Variant]) {
        let mut next = 0;
        while next < variants.len() {
            if variants[next].de.is_some() {
                let read = content(&variants[next]);
                if self.fits_here(at, from, read) {
                    return;
                }
                // serde takes the first variant that reads the value, even if it rounds.
                if self.is_rounded(at, from, read) {
                    return self.differ(at);
                }
            }
            next += 1;
        }
        // Each written variant may be read by a different alternative.
        if self.is_open(at, from) { self.each_choice(at, from, to) } else { self.differ(at) }
    }

    const fn items(&mut self, at: usize, from: &'static [&'static Shape], to: &'static [&'static Shape]) {
        let mut next = 0;
        while next < from.len() {
            self.push(at, from[next], to[next], Step::Index(next));
            next += 1;
        }
    }

    /// serde reads a list as the fields of a struct, in order. Missing items depend on the values.
    const fn positions(&mut self, at: usize, items: &'static [&'static Shape], to: &'static StructShape) {
        let (mut next, mut position) = (0, 0);
        while next < to.members.len() {
            match to.members[next].field() {
                None => return self.differ(at),
                Some(field) if field.de.is_some() => {
                    if position < items.len() {
                        self.push(at, items[position], field.shape, Step::Index(position));
                    }
                    position += 1;
                }
                Some(_) => {}
            }
            next += 1;
        }
        if position != items.len() {
            self.differ(at);
        }
    }

    const fn each_item(&mut self, at: usize, items: &'static [&'static Shape], to: &'static Shape) {
        let mut next = 0;
        while next < items.len() {
            self.push(at, items[next], to, Step::Index(next));
            next += 1;
        }
    }
}

/// The content of an untagged variant: `null` for a unit variant.
const fn content(variant: &Variant) -> &'static Shape {
    match variant.shape {
        Some(shape) => shape,
        None => &Shape::Null,
    }
}
