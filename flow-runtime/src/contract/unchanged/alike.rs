//! Whether two shapes are equal, apart from the named types in them.

use crate::contract::text::{contains, equal};
use crate::contract::{Def, DefPtr, EnumShape, Field, Member, Repr, Shape, StructShape, Variant};

/// Maximum number of named types in one body; a larger one counts as changed and is compared.
const NAMES: usize = 64;
/// Maximum nesting of instances of generic types.
const DEPTH: usize = 12;

/// The pairs of named types in two bodies that are otherwise equal: the old one and the new one.
pub(super) struct Alike {
    pub(super) pairs: [Option<(&'static Def, DefPtr)>; NAMES],
    pub(super) len: usize,
    /// The enclosing instances.
    around: [Option<(&'static Def, &'static Def)>; DEPTH],
    depth: usize,
}

impl Alike {
    /// `None` if the two differ without looking into named types.
    pub(super) const fn of(was: &'static Shape, now: &'static Shape) -> Option<Self> {
        let mut alike = Self { pairs: [None; NAMES], len: 0, around: [None; DEPTH], depth: 0 };
        if alike.shapes(was, now) { Some(alike) } else { None }
    }

    const fn shapes(&mut self, was: &'static Shape, now: &'static Shape) -> bool {
        match (was, now) {
            (Shape::Any, Shape::Any)
            | (Shape::Null, Shape::Null)
            | (Shape::Bool, Shape::Bool)
            | (Shape::Number, Shape::Number)
            | (Shape::Char, Shape::Char) => true,
            (Shape::Int { min, max }, Shape::Int { min: now_min, max: now_max }) => {
                *min == *now_min && *max == *now_max
            }
            (Shape::Float { bits: was }, Shape::Float { bits: now }) => *was == *now,
            (Shape::Str { format: was }, Shape::Str { format: now }) => same(*was, *now),
            (Shape::Opaque(was), Shape::Opaque(now)) => equal(was, now),
            (Shape::Array(was), Shape::Array(now)) | (Shape::Option(was), Shape::Option(now)) => self.shapes(was, now),
            (Shape::Tuple(was), Shape::Tuple(now)) => self.items(was, now),
            (Shape::Map { key, value }, Shape::Map { key: now_key, value: now_value }) => {
                self.shapes(key, now_key) && self.shapes(value, now_value)
            }
            (Shape::Split { write, read }, Shape::Split { write: now_write, read: now_read }) => {
                self.shapes(write, now_write) && self.shapes(read, now_read)
            }
            (Shape::Struct(was), Shape::Struct(now)) => self.objects(was, now),
            (Shape::Enum(was), Shape::Enum(now)) => self.enums(was, now),
            (Shape::Named(was), Shape::Named(now)) => self.named(was.get(), *now),
            (Shape::Named(was), Shape::Generic(now)) => self.instance(was.get(), now),
            (Shape::Named(was), Shape::Ref(id)) => self.is_around(was.get(), id),
            _ => false,
        }
    }

    const fn named(&mut self, was: &'static Def, now: DefPtr) -> bool {
        if self.len == NAMES {
            return false;
        }
        self.pairs[self.len] = Some((was, now));
        self.len += 1;
        true
    }

    /// An instance depends on its surroundings, so it is compared in place.
    const fn instance(&mut self, was: &'static Def, now: &'static Def) -> bool {
        if self.depth == DEPTH {
            return false;
        }
        self.around[self.depth] = Some((was, now));
        self.depth += 1;
        let alike = self.shapes(&was.body, &now.body);
        self.depth -= 1;
        alike
    }

    /// Whether the nearest instance with this id corresponds to the old one.
    const fn is_around(&self, was: &'static Def, id: &str) -> bool {
        let mut at = self.depth;
        while at > 0 {
            at -= 1;
            if let Some((known, now)) = self.around[at]
                && equal(now.id, id)
            {
                return known.is(was);
            }
        }
        false
    }

    const fn items(&mut self, was: &'static [&'static Shape], now: &'static [&'static Shape]) -> bool {
        let mut at = 0;
        while at < now.len() {
            if at == was.len() || !self.shapes(was[at], now[at]) {
                return false;
            }
            at += 1;
        }
        at == was.len()
    }

    /// A lock sorts fields by name, followed by the flattened members in source order.
    const fn objects(&mut self, was: &'static StructShape, now: &'static StructShape) -> bool {
        if was.members.len() != now.members.len() || was.deny_unknown != now.deny_unknown {
            return false;
        }
        let (mut at, mut flattened) = (0, first_flattened(was.members));
        while at < now.members.len() {
            let alike = match now.members[at] {
                Member::Plain(name, hash, shape) => self.plain(was.members, at, name, hash, shape),
                Member::Field(ref field) => self.field(was.members, field),
                Member::Flatten { shape, .. } => {
                    flattened += 1;
                    flattened <= was.members.len() && self.flattened(&was.members[flattened - 1], shape)
                }
            };
            if !alike {
                return false;
            }
            at += 1;
        }
        true
    }

    const fn flattened(&mut self, was: &'static Member, now: &'static Shape) -> bool {
        match was {
            Member::Flatten { shape, .. } => self.shapes(shape, now),
            _ => false,
        }
    }

    /// The search starts at the current position of the field, which is most often the old one.
    const fn plain(
        &mut self,
        was: &'static [Member],
        start: usize,
        name: &str,
        hash: u64,
        shape: &'static Shape,
    ) -> bool {
        let (mut at, mut left) = (start, was.len());
        while left > 0 {
            if let Member::Plain(was_name, was_hash, was_shape) = was[at]
                && was_hash == hash
                && equal(was_name, name)
            {
                return self.shapes(was_shape, shape);
            }
            at = if at + 1 == was.len() { 0 } else { at + 1 };
            left -= 1;
        }
        false
    }

    const fn field(&mut self, was: &'static [Member], now: &Field) -> bool {
        let mut at = 0;
        while at < was.len() {
            if let Some(field) = was[at].field()
                && same(field.ser, now.ser)
                && same(field.de, now.de)
            {
                return field.always_written == now.always_written
                    && field.never_null == now.never_null
                    && field.required == now.required
                    && same_names(field.aliases, now.aliases)
                    && self.shapes(field.shape, now.shape);
            }
            at += 1;
        }
        false
    }

    /// A lock sorts variants by name, except for untagged enums, whose order matters.
    const fn enums(&mut self, was: &'static EnumShape, now: &'static EnumShape) -> bool {
        if was.variants.len() != now.variants.len() || was.deny_unknown != now.deny_unknown || !was.repr.is(now.repr) {
            return false;
        }
        let mut at = 0;
        while at < now.variants.len() {
            let found = match now.repr {
                Repr::Untagged => Some(&was.variants[at]),
                _ => find(was.variants, &now.variants[at]),
            };
            match found {
                Some(was) if self.variant(was, &now.variants[at]) => {}
                _ => return false,
            }
            at += 1;
        }
        true
    }

    const fn variant(&mut self, was: &'static Variant, now: &'static Variant) -> bool {
        let alike = match (was.shape, now.shape) {
            (None, None) => true,
            (Some(was), Some(now)) => self.shapes(was, now),
            _ => false,
        };
        alike
            && same(was.ser, now.ser)
            && same(was.de, now.de)
            && was.other == now.other
            && same_names(was.aliases, now.aliases)
    }
}

const fn first_flattened(members: &[Member]) -> usize {
    let mut at = 0;
    while at < members.len() && !matches!(members[at], Member::Flatten { .. }) {
        at += 1;
    }
    at
}

const fn find(variants: &'static [Variant], wanted: &Variant) -> Option<&'static Variant> {
    let mut at = 0;
    while at < variants.len() {
        if same(variants[at].ser, wanted.ser) && same(variants[at].de, wanted.de) {
            return Some(&variants[at]);
        }
        at += 1;
    }
    None
}

const fn same(was: Option<&str>, now: Option<&str>) -> bool {
    match (was, now) {
        (Some(was), Some(now)) => equal(was, now),
        (None, None) => true,
        _ => false,
    }
}

/// The same names, in any order.
const fn same_names(was: &[&str], now: &[&str]) -> bool {
    let mut at = 0;
    while at < now.len() {
        if !contains(was, now[at]) {
            return false;
        }
        at += 1;
    }
    was.len() == now.len()
}
