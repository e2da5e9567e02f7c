//! Random shapes and random changes to shapes.

use flow_runtime::contract::{EnumShape, Field, Member, Repr, Shape, StructShape, Variant, flaws, hash};

use super::random::Random;

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];
const VARIANTS: [&str; 4] = ["A", "B", "C", "D"];
const TEXT: Shape = Shape::Str { format: None };

const NUMBERS: [Shape; 3] =
    [Shape::Number, Shape::Float { bits: f32::MANTISSA_DIGITS }, Shape::Float { bits: f64::MANTISSA_DIGITS }];

const UNIT: Variant =
    Variant { rust: "", ser: None, de: None, aliases: &[], other: false, newtype: false, shape: None };

/// Shapes live until the process ends, like constants.
fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn leak_all<T>(values: Vec<T>) -> &'static [T] {
    values.leak()
}

/// Any shape; it may read something other than it writes.
pub(super) fn shape(random: &mut Random, depth: usize) -> &'static Shape {
    Shapes { random, symmetric: false, sound: true }.shape(depth)
}

/// A shape that reads what it writes.
pub(super) fn symmetric(random: &mut Random, depth: usize) -> &'static Shape {
    Shapes { random, symmetric: true, sound: true }.shape(depth)
}

/// A shape as a user might write it, whether or not the build accepts it.
#[allow(dead_code, reason = "not every test asks for one")]
pub(super) fn unchecked(random: &mut Random, depth: usize) -> &'static Shape {
    Shapes { random, symmetric: true, sound: false }.shape(depth)
}

/// A variation of a shape.
pub(super) fn changed(random: &mut Random, shape: &'static Shape) -> &'static Shape {
    let mut shapes = Shapes { random, symmetric: false, sound: true };
    loop {
        let changed = shapes.changed(shape);
        if flaws(changed).ok() {
            return changed;
        }
    }
}

struct Shapes<'a> {
    random: &'a mut Random,
    symmetric: bool,
    /// Whether to generate only shapes that the build accepts.
    sound: bool,
}

impl Shapes<'_> {
    fn shape(&mut self, depth: usize) -> &'static Shape {
        loop {
            let shape = self.any_shape(depth);
            if !self.sound || flaws(shape).ok() {
                return shape;
            }
        }
    }

    fn any_shape(&mut self, depth: usize) -> &'static Shape {
        let kinds = if depth == 0 { 8 } else { 16 };
        leak(match self.random.below(kinds) {
            0 => Shape::Any,
            1 => Shape::Null,
            2 => Shape::Bool,
            3 => self.number(),
            4 | 5 => self.integer(),
            6 => Shape::Char,
            7 => self.text(),
            8 => Shape::Array(self.shape(depth - 1)),
            9 => self.tuple(depth),
            10 => Shape::Map { key: self.key(), value: self.shape(depth - 1) },
            11 => Shape::Option(self.shape(depth - 1)),
            12 => self.one_of(depth),
            13 if !self.symmetric && self.random.one_in(3) => {
                Shape::Split { write: self.shape(depth - 1), read: self.shape(depth - 1) }
            }
            _ => Shape::Struct(self.object(depth)),
        })
    }

    fn number(&mut self) -> Shape {
        // An untagged enum with a float before a wider number does not read what it writes.
        if self.symmetric { Shape::Number } else { self.random.pick(&NUMBERS) }
    }

    fn integer(&mut self) -> Shape {
        let ranges = [
            (0, 255),
            (0, 65_535),
            (-128, 127),
            (1, 9),
            (i32::MIN.into(), i32::MAX.into()),
            (-1 << f64::MANTISSA_DIGITS, 1 << f64::MANTISSA_DIGITS),
            (0, u64::MAX.into()),
            (i64::MIN.into(), i64::MAX.into()),
        ];
        let (min, max) = self.random.pick(&ranges);
        Shape::Int { min, max }
    }

    fn text(&mut self) -> Shape {
        let format = self.random.pick(&[None, None, None, Some("ip"), Some("ipv4")]);
        Shape::Str { format }
    }

    fn key(&mut self) -> &'static Shape {
        // Ranges wide enough to include keys of several characters: integer keys that fit `char` are of no practical use.
        let integers = self.random.pick(&[Shape::Int { min: 0, max: 255 }, Shape::Int { min: -128, max: 127 }]);
        // serde does not read integer keys inside an enum.
        let integers = if self.symmetric && self.sound { TEXT } else { integers };
        let flags = if self.symmetric && self.sound { TEXT } else { Shape::Bool };
        leak(self.random.pick(&[TEXT, TEXT, integers, flags, Shape::Char]))
    }

    fn tuple(&mut self, depth: usize) -> Shape {
        let len = 1 + self.random.below(3);
        Shape::Tuple(leak_all((0..len).map(|_| self.shape(depth - 1)).collect()))
    }

    fn object(&mut self, depth: usize) -> StructShape {
        let mut members = Vec::new();
        for name in NAMES {
            if self.random.one_in(2) {
                let shape = self.shape(depth - 1);
                members.push(Member::Field(self.field(name, shape)));
            }
        }
        let flattens = depth > 1 && self.random.one_in(4);
        if flattens {
            members.push(self.flatten());
        }
        StructShape { members: leak_all(members), deny_unknown: !flattens && self.random.one_in(4) }
    }

    /// In sound shapes, flattened fields have distinct names. A flattened map comes last, as in any useful type.
    fn flatten(&mut self) -> Member {
        let shape = match self.random.below(4) {
            0 => Shape::Map { key: leak(TEXT), value: self.shape(0) },
            3 if !self.symmetric => {
                let repr = self.random.pick(&[Repr::Internal { tag: "kind" }, Repr::External]);
                self.variants(repr, 1)
            }
            _ if !self.sound && self.random.one_in(3) => *self.shape(1),
            kind => {
                let names = if !self.sound && self.random.one_in(2) { ["a", "y"] } else { ["x", "y"] };
                let fields = names.map(|name| {
                    let shape = self.shape(0);
                    Member::Field(self.field(name, shape))
                });
                let object = Shape::Struct(StructShape { members: leak_all(fields.to_vec()), deny_unknown: false });
                if kind == 1 { object } else { Shape::Option(leak(object)) }
            }
        };
        Member::Flatten { rust: "flat", shape: leak(shape) }
    }

    fn field(&mut self, name: &'static str, shape: &'static Shape) -> Field {
        let always_written = !self.random.one_in(4);
        let optional = matches!(shape, Shape::Option(_)) || self.random.one_in(4);
        let mut field = Field {
            rust: name,
            ser: Some(name),
            de: Some(name),
            hash: (0, 0),
            aliases: &[],
            always_written,
            never_null: !always_written && matches!(shape, Shape::Option(_)) && self.random.one_in(2),
            required: !optional && (always_written || !self.symmetric),
            by_hand: false,
            shape,
        };
        if !self.symmetric {
            match self.random.below(16) {
                0 => field.ser = None,
                1 => (field.de, field.required) = (None, false),
                _ => {}
            }
        }
        field.hash = (hash(field.ser.unwrap_or("")), hash(field.de.unwrap_or("")));
        field
    }

    fn one_of(&mut self, depth: usize) -> Shape {
        let repr = self.random.pick(&[
            Repr::External,
            Repr::External,
            Repr::Internal { tag: "tag" },
            Repr::Adjacent { tag: "tag", content: "content" },
            Repr::Untagged,
        ]);
        self.variants(repr, depth)
    }

    fn variants(&mut self, repr: Repr, depth: usize) -> Shape {
        let names: Vec<_> = VARIANTS.into_iter().filter(|_| self.random.one_in(2)).collect();
        let names = if names.is_empty() { vec!["A"] } else { names };
        let mut variants: Vec<_> = names.into_iter().map(|name| self.variant(name, repr, depth)).collect();
        // At least one variant must be written, or the enum has no values.
        variants[0].ser = variants[0].de;
        Shape::Enum(EnumShape { repr, variants: leak_all(variants), deny_unknown: false })
    }

    fn variant(&mut self, name: &'static str, repr: Repr, depth: usize) -> Variant {
        let shape: Option<&'static Shape> = match (self.random.one_in(2), repr) {
            (true, _) => None,
            (false, Repr::Internal { .. }) if self.sound || !self.random.one_in(4) => {
                Some(leak(Shape::Struct(self.object(1.max(depth - 1)))))
            }
            (false, _) => Some(self.shape(depth - 1)),
        };
        let mut variant =
            Variant { rust: name, ser: Some(name), de: Some(name), aliases: &[], other: false, newtype: true, shape };
        if !self.symmetric && self.random.one_in(10) {
            variant.ser = None;
        }
        variant
    }

    /// Changes parts of a shape at random. Half of the changes make it accept more.
    fn changed(&mut self, shape: &'static Shape) -> &'static Shape {
        if self.random.one_in(12) {
            return self.shape(1);
        }
        if self.random.one_in(10) {
            return leak(Shape::Option(shape));
        }
        leak(match *shape {
            Shape::Int { min, max } if min >= -128 && max <= 65_535 && self.random.one_in(4) => {
                let (low, high) = (self.random.pick(&[0, 1, -1]), self.random.pick(&[0, 1, -1]));
                Shape::Int { min: min + low, max: max + high }
            }
            Shape::Int { .. } | Shape::Number | Shape::Float { .. } if self.random.one_in(6) => self.number(),
            Shape::Char if self.random.one_in(3) => TEXT,
            Shape::Array(item) => Shape::Array(self.changed(item)),
            Shape::Tuple(items) if self.random.one_in(4) => Shape::Array(self.changed(items[0])),
            Shape::Tuple(items) => Shape::Tuple(leak_all(items.iter().map(|item| self.changed(item)).collect())),
            Shape::Map { key, value } => {
                let key = if self.random.one_in(5) { self.key() } else { key };
                Shape::Map { key, value: self.changed(value) }
            }
            Shape::Option(inner) => Shape::Option(self.changed(inner)),
            Shape::Split { write, .. } => *self.changed(write),
            Shape::Str { .. } if self.random.one_in(8) => self.text(),
            Shape::Struct(object) if self.random.one_in(12) => {
                let value = if self.random.one_in(2) { leak(Shape::Any) } else { self.shape(0) };
                let _ = object;
                Shape::Map { key: leak(TEXT), value }
            }
            Shape::Struct(object) => Shape::Struct(self.changed_object(object)),
            Shape::Enum(one_of) => Shape::Enum(self.changed_enum(one_of)),
            other => other,
        })
    }

    fn changed_object(&mut self, object: StructShape) -> StructShape {
        let mut members = Vec::new();
        for member in object.members {
            match member.field() {
                _ if self.random.one_in(10) => {}
                Some(field) => {
                    let shape = self.changed(field.shape);
                    members.push(Member::Field(self.reader(field, shape)));
                }
                None if self.random.one_in(4) => members.push(self.flatten()),
                None => members.push(*member),
            }
        }
        one_renamed(&mut members);
        let flattens = members.iter().any(|member| matches!(member, Member::Flatten { .. }));
        let deny_unknown = !flattens && (object.deny_unknown || self.random.one_in(10));
        StructShape { members: leak_all(members), deny_unknown }
    }

    fn reader(&mut self, field: Field, shape: &'static Shape) -> Field {
        let required =
            field.de.is_some() && !matches!(shape, Shape::Option(_)) && field.required && !self.random.one_in(6);
        let mut field = Field { shape, required, ..field };
        if let (Some(name), true) = (field.de, self.random.one_in(10)) {
            field.de = Some("renamed");
            field.hash.1 = hash("renamed");
            field.aliases = leak_all(vec![name, "another"]);
        }
        field
    }

    fn changed_enum(&mut self, one_of: EnumShape) -> EnumShape {
        let mut variants: Vec<_> = one_of.variants.to_vec();
        if variants.len() > 1 && self.random.one_in(6) {
            variants.remove(0);
        }
        let tagged = matches!(one_of.repr, Repr::Internal { .. } | Repr::Adjacent { .. });
        if tagged && self.random.one_in(6) {
            let other = Variant { rust: "Other", ser: Some("Other"), de: Some("Other"), ..UNIT };
            variants.push(Variant { other: true, ..other });
        }
        if let (false, Some(first)) = (matches!(one_of.repr, Repr::Untagged), variants.first_mut())
            && let (Some(name), true) = (first.de, self.random.one_in(10))
        {
            (first.de, first.aliases) = (Some("Renamed"), leak_all(vec![name, "another"]));
        }
        for variant in &mut variants {
            // The content of an internally tagged variant remains an object.
            if let Some(shape) = variant.shape {
                variant.shape = Some(match (one_of.repr, shape) {
                    (Repr::Internal { .. }, Shape::Struct(object)) => leak(Shape::Struct(self.changed_object(*object))),
                    _ => self.changed(shape),
                });
            }
        }
        EnumShape { variants: leak_all(variants), ..one_of }
    }
}

/// A type cannot have two fields of the same name.
fn one_renamed(members: &mut Vec<Member>) {
    let mut seen = false;
    members.retain(|member| match member {
        Member::Field(field) if field.de == Some("renamed") => !std::mem::replace(&mut seen, true),
        _ => true,
    });
}
