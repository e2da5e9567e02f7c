//! Measures the lowered schema of a shape at compile time.
//!
//! The result never exceeds what [`Size`](super::size::Size) finds at run time, so no acceptable answer is rejected: a type that
//! occurs twice counts once, and enum values are left to the run-time check.

use crate::contract::{Def, EnumShape, Member, Repr, Shape, Variant};

/// The maximum nesting of shapes, number of named types, and number of steps. Anything larger is left to the run-time check.
const WITHIN: usize = 192;
const NAMES: usize = 512;
const STEPS: usize = 40_000;

/// A lower bound on the size of a schema.
#[derive(Clone, Copy)]
pub(crate) struct Measure {
    pub(crate) properties: usize,
    /// The total length of all names, in characters.
    pub(crate) letters: usize,
    /// The maximum nesting of objects.
    pub(crate) depth: usize,
    /// The names on the path to the deepest object.
    pub(crate) path: Path,
}

/// Field names, outermost first.
#[derive(Clone, Copy)]
pub(crate) struct Path {
    pub(crate) names: [&'static str; WITHIN],
    pub(crate) len: usize,
}

/// A shape being visited.
#[derive(Clone, Copy)]
struct Frame {
    shape: &'static Shape,
    /// The name of the field that holds it.
    name: &'static str,
    /// The index of its definition in `known`.
    def: Option<usize>,
    /// The index of the next part to visit.
    next: usize,
    /// The number of objects between the parent frame and this one.
    around: usize,
    /// The maximum nesting of objects from here on.
    depth: usize,
}

/// A part of a shape: its name, the objects around it, and what it adds to the counts.
struct Part {
    shape: &'static Shape,
    name: &'static str,
    around: usize,
    properties: usize,
    letters: usize,
}

struct Walk {
    open: [Frame; WITHIN],
    len: usize,
    /// Each named type with its depth; 0 while it is being measured, which ends recursion.
    known: [Option<(&'static Def, usize)>; NAMES],
    names: usize,
    found: Measure,
}

/// The size of an answer's schema; `None` if it is too large to be measured here.
pub(crate) const fn measure(shape: &'static Shape) -> Option<Measure> {
    const NOWHERE: Path = Path { names: [""; WITHIN], len: 0 };
    let first = Frame { shape, name: "", def: None, next: 0, around: 0, depth: 0 };
    let found = Measure { properties: 0, letters: 0, depth: 0, path: NOWHERE };
    let mut walk = Walk { open: [first; WITHIN], len: 0, known: [None; NAMES], names: 0, found };
    // An answer that is not an object is wrapped in one.
    let around = !is_object(shape) as usize;
    if !walk.enter(Part { shape, name: "", around, properties: around, letters: around * "value".len() }) {
        return None;
    }
    let mut steps = 0;
    while walk.len > 0 {
        steps += 1;
        if steps > STEPS || !walk.step() {
            return None;
        }
    }
    Some(walk.found)
}

impl Walk {
    /// Visits the next part of the innermost shape, or leaves it. Returns `false` if there is no room.
    const fn step(&mut self) -> bool {
        let frame = &mut self.open[self.len - 1];
        frame.next += 1;
        if let Some(part) = part(frame.shape, frame.next - 1) {
            return self.enter(part);
        }
        let (depth, around, def) = (frame.depth, frame.around, frame.def);
        if let Some(def) = def
            && let Some((_, known)) = &mut self.known[def]
        {
            *known = depth;
        }
        self.len -= 1;
        self.deepen(depth + around);
        true
    }

    /// Raises the depth of the innermost frame to at least that of its part.
    const fn deepen(&mut self, depth: usize) {
        if self.len == 0 {
            return;
        }
        let frame = &mut self.open[self.len - 1];
        if depth > frame.depth {
            frame.depth = depth;
        }
    }

    const fn enter(&mut self, part: Part) -> bool {
        self.found.properties += part.properties;
        self.found.letters += part.letters;
        let (mut shape, mut def) = (part.shape, None);
        loop {
            shape = match shape {
                Shape::Named(named) => match self.find(named.get()) {
                    Some(depth) => {
                        self.reach(part.name, part.around, depth);
                        self.deepen(depth + part.around);
                        return true;
                    }
                    None if self.names == NAMES => return false,
                    None => {
                        self.known[self.names] = Some((named.get(), 0));
                        if def.is_none() {
                            def = Some(self.names);
                        }
                        self.names += 1;
                        &named.get().body
                    }
                },
                Shape::Generic(def) => &def.body,
                Shape::Split { read, .. } => read,
                Shape::Option(inner) => inner,
                _ => break,
            };
        }
        if self.len == WITHIN {
            return false;
        }
        let depth = own_depth(shape);
        self.reach(part.name, part.around, depth);
        self.open[self.len] = Frame { shape, name: part.name, def, next: 0, around: part.around, depth };
        self.len += 1;
        true
    }

    const fn find(&self, def: &'static Def) -> Option<usize> {
        let mut at = 0;
        while at < self.names {
            if let Some((known, depth)) = self.known[at]
                && known.is(def)
            {
                return Some(depth);
            }
            at += 1;
        }
        None
    }

    /// Records the path to the deepest object.
    const fn reach(&mut self, name: &'static str, around: usize, depth: usize) {
        let (mut total, mut at) = (around + depth, 0);
        while at < self.len {
            total += self.open[at].around;
            at += 1;
        }
        if total <= self.found.depth {
            return;
        }
        self.found.depth = total;
        self.found.path.len = 0;
        at = 0;
        while at < self.len {
            self.found.path.push(self.open[at].name);
            at += 1;
        }
        self.found.path.push(name);
    }
}

impl Path {
    const fn push(&mut self, name: &'static str) {
        if !name.is_empty() && self.len < WITHIN {
            self.names[self.len] = name;
            self.len += 1;
        }
    }
}

/// The number of object levels of the shape itself.
const fn own_depth(shape: &Shape) -> usize {
    match shape {
        Shape::Struct(_) | Shape::Tuple(_) | Shape::Map { .. } => 1,
        Shape::Enum(shape) => match shape.repr {
            Repr::Internal { .. } | Repr::Adjacent { .. } => 1,
            Repr::External | Repr::Untagged => 0,
        },
        _ => 0,
    }
}

const fn is_object(mut shape: &'static Shape) -> bool {
    loop {
        shape = match shape {
            Shape::Named(named) => &named.get().body,
            Shape::Generic(def) => &def.body,
            Shape::Split { read, .. } => read,
            Shape::Struct(_) | Shape::Tuple(_) => return true,
            // A sole variant may be an object.
            Shape::Enum(shape) => return shape.variants.len() == 1,
            _ => return false,
        };
    }
}

/// The part of a shape at an index: each part inside an object is one level deeper.
const fn part(shape: &'static Shape, index: usize) -> Option<Part> {
    match shape {
        Shape::Struct(shape) if index < shape.members.len() => Some(member(&shape.members[index])),
        Shape::Tuple(items) if index < items.len() => {
            Some(Part { shape: items[index], name: "", around: 1, properties: 1, letters: 1 })
        }
        Shape::Array(inner) if index == 0 => Some(within(inner, 0)),
        // Becomes a list of keys with their values.
        Shape::Map { value, .. } if index == 0 => {
            Some(Part { shape: value, name: "", around: 1, properties: 2, letters: "keyvalue".len() })
        }
        Shape::Enum(shape) if index < shape.variants.len() => Some(variant(shape, &shape.variants[index])),
        _ => None,
    }
}

const fn within(shape: &'static Shape, around: usize) -> Part {
    Part { shape, name: "", around, properties: 0, letters: 0 }
}

const fn member(member: &'static Member) -> Part {
    match member {
        Member::Plain(name, _, shape) => Part { shape, name, around: 1, properties: 1, letters: letters(name) },
        // A flattened object stays on the same level.
        Member::Flatten { shape, .. } => within(shape, 0),
        Member::Field(field) => match field.de {
            Some(name) => {
                Part { shape: field.shape, name: field.rust, around: 1, properties: 1, letters: letters(name) }
            }
            None => within(&Shape::Null, 0),
        },
    }
}

const fn variant(shape: &'static EnumShape, variant: &'static Variant) -> Part {
    let Some(name) = variant.de else { return within(&Shape::Null, 0) };
    let content = match variant.shape {
        Some(content) => content,
        None => &Shape::Null,
    };
    let around = match shape.repr {
        // A unit variant is an enum value.
        Repr::External => variant.shape.is_some() as usize,
        Repr::Adjacent { .. } => 1,
        Repr::Internal { .. } | Repr::Untagged => 0,
    };
    let properties = match shape.repr {
        Repr::External => around,
        Repr::Internal { .. } => 1,
        Repr::Adjacent { .. } => 1 + variant.shape.is_some() as usize,
        Repr::Untagged => 0,
    };
    let said = match shape.repr {
        Repr::Untagged => 0,
        _ => letters(name),
    };
    Part { shape: content, name: variant.rust, around, properties, letters: said }
}

/// Counts characters, not bytes.
const fn letters(text: &str) -> usize {
    let (bytes, mut at, mut count) = (text.as_bytes(), 0, 0);
    while at < bytes.len() {
        count += (bytes[at] & 0xc0 != 0x80) as usize;
        at += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use schemars::{JsonSchema, schema_for};

    use super::*;
    use crate::contract::{Access, DefPtr, EnumShape, StructShape};
    use crate::provider::lower::size::Size;
    use crate::provider::{SchemaSupport, lower};

    const TEXT: &Shape = &Shape::Str { format: None };

    const fn object(members: &'static [Member]) -> Shape {
        Shape::Struct(StructShape { members, deny_unknown: false })
    }

    const fn named(name: &'static str, body: Shape) -> Def {
        Def { id: name, name, hash: crate::contract::hash(name), access: Access::Members, body }
    }

    /// Properties, depth and name lengths, as counted at compile time and at run time.
    fn both<T: JsonSchema>(shape: &'static Shape) -> ([usize; 3], [usize; 3]) {
        let built = measure(shape).unwrap();
        let run = Size::of(&lower(schema_for!(T).as_value(), SchemaSupport::Strict).schema);
        ([built.properties, built.depth, built.letters], [run.properties, run.depth, run.letters])
    }

    #[derive(JsonSchema)]
    #[expect(dead_code)]
    struct Leaf {
        size: u32,
    }

    static LEAF: Def = named("Leaf", object(&[Member::plain("size", &Shape::Number)]));
    const LEAF_SHAPE: &Shape = &Shape::Named(DefPtr::new(&LEAF));

    #[test]
    fn structs_lists_maps_and_tuples_are_counted_as_at_run_time() {
        #[derive(JsonSchema)]
        #[expect(dead_code)]
        struct All {
            leaf: Leaf,
            again: Option<Leaf>,
            list: Vec<Leaf>,
            map: BTreeMap<String, Leaf>,
            pair: (String, Leaf),
        }
        static ALL: Def = named(
            "All",
            object(&[
                Member::plain("leaf", LEAF_SHAPE),
                Member::plain("again", &Shape::Option(LEAF_SHAPE)),
                Member::plain("list", &Shape::Array(LEAF_SHAPE)),
                Member::plain("map", &Shape::Map { key: TEXT, value: LEAF_SHAPE }),
                Member::plain("pair", &Shape::Tuple(&[TEXT, LEAF_SHAPE])),
            ]),
        );
        let (built, run) = both::<All>(const { &Shape::Named(DefPtr::new(&ALL)) });
        assert_eq!(built, [10, 3, 34]);
        assert_eq!(built, run);
        let (built, run) = both::<Vec<Leaf>>(&Shape::Array(LEAF_SHAPE));
        assert_eq!(built, run);
    }

    #[test]
    fn enums_are_counted_as_at_run_time() {
        #[derive(JsonSchema)]
        #[expect(dead_code)]
        enum Next {
            Stop,
            Go(Leaf),
        }
        #[derive(JsonSchema)]
        #[serde(tag = "kind")]
        #[expect(dead_code)]
        enum Tagged {
            Stop,
            Go(Leaf),
        }
        const fn variant(rust: &'static str, shape: Option<&'static Shape>) -> Variant {
            Variant { rust, ser: Some(rust), de: Some(rust), aliases: &[], other: false, newtype: true, shape }
        }
        const VARIANTS: &[Variant] = &[variant("Stop", None), variant("Go", Some(LEAF_SHAPE))];
        const fn next(repr: Repr) -> Shape {
            Shape::Enum(EnumShape { repr, variants: VARIANTS, deny_unknown: false })
        }
        static EXTERNAL: Shape = next(Repr::External);
        static INTERNAL: Shape = next(Repr::Internal { tag: "kind" });
        let (built, run) = both::<Next>(&EXTERNAL);
        assert_eq!(built[1], run[1]);
        assert!(built[0] <= run[0] && built[2] <= run[2], "{built:?} {run:?}");
        let (built, run) = both::<Tagged>(&INTERNAL);
        assert!(built[0] <= run[0] && built[1] <= run[1] && built[2] <= run[2], "{built:?} {run:?}");
    }

    #[test]
    fn a_type_within_itself_has_an_end_and_the_deepest_place_a_name() {
        #[derive(JsonSchema)]
        #[expect(dead_code)]
        struct Tree {
            leaf: Leaf,
            children: Vec<Tree>,
        }
        static TREE: Def = named(
            "Tree",
            object(&[Member::plain("leaf", LEAF_SHAPE), Member::plain("children", &Shape::Array(TREE_SHAPE))]),
        );
        const TREE_SHAPE: &Shape = &Shape::Named(DefPtr::new(&TREE));
        let (built, run) = both::<Tree>(TREE_SHAPE);
        // At run time, the root counts once more when it is reached by reference.
        assert!(built[0] <= run[0] && built[1] <= run[1] && built[2] <= run[2], "{built:?} {run:?}");
        let path = measure(TREE_SHAPE).unwrap().path;
        assert_eq!(path.names[..path.len], ["leaf"]);
    }
}
