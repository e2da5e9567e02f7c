//! The contracts printed so far, each once.

use flow_runtime::contract::Direction;

use super::names::{Names, camel};
use super::schema::Schema;

#[derive(Default)]
pub(super) struct Definitions<'s> {
    names: Names,
    all: Vec<Definition<'s>>,
    /// How many decisions depended on the direction.
    directed: usize,
}

struct Definition<'s> {
    /// The name before others had it too.
    stem: String,
    name: String,
    origin: Origin<'s>,
    /// `None` while its fields are being read.
    code: Option<String>,
}

enum Origin<'s> {
    /// The direction is `None` if the type is the same in both.
    Object(Schema<'s>, Option<Direction>),
    Choice,
}

/// An object whose fields are being read.
pub(super) struct Opened {
    place: usize,
    pub(super) name: String,
    pub(super) stem: String,
    directed: usize,
}

impl<'s> Definitions<'s> {
    /// Notes that a type is another one where it is sent than where it is read.
    pub(super) fn depends_on_direction(&mut self) {
        self.directed += 1;
    }

    /// The type of an equal object with the same name. One that is still being read contains itself.
    pub(super) fn known(&mut self, hint: &str, schema: Schema<'s>, direction: Direction) -> Option<String> {
        let stem = camel(hint);
        let (known, is_directed) = self.all.iter().find_map(|known| match known.origin {
            Origin::Object(other, at)
                if known.stem == stem && at.is_none_or(|at| at == direction) && schema.is_same(other) =>
            {
                Some((known, known.code.is_some() && at.is_some()))
            }
            _ => None,
        })?;
        let ty = if known.code.is_none() { format!("Box<{}>", known.name) } else { known.name.clone() };
        self.directed += usize::from(is_directed);
        Some(ty)
    }

    /// Takes a place before the types of the fields.
    pub(super) fn open(&mut self, hint: &str, schema: Schema<'s>, direction: Direction) -> Opened {
        let stem = camel(hint);
        let name = self.names.free(stem.clone());
        let origin = Origin::Object(schema, Some(direction));
        self.all.push(Definition { stem: stem.clone(), name: name.clone(), origin, code: None });
        Opened { place: self.all.len() - 1, name, stem, directed: self.directed }
    }

    pub(super) fn close(&mut self, opened: Opened, code: String) -> String {
        let definition = &mut self.all[opened.place];
        definition.code = Some(code);
        if let (Origin::Object(_, direction), true) = (&mut definition.origin, opened.directed == self.directed) {
            *direction = None;
        }
        opened.name
    }

    /// The name of an enum of this code, in which `before` and `after` surround the name.
    pub(super) fn choice(&mut self, hint: &str, before: &str, after: &str) -> String {
        let stem = camel(hint);
        let printed = |name: &str| Some(format!("{before}{name}{after}"));
        let known = self.all.iter().find(|known| known.stem == stem && known.code == printed(&known.name));
        if let Some(known) = known {
            return known.name.clone();
        }
        let name = self.names.free(stem.clone());
        let code = printed(&name);
        self.all.push(Definition { stem, name: name.clone(), origin: Origin::Choice, code });
        name
    }

    /// The code, in the order in which the types were met.
    pub(super) fn printed(self) -> String {
        self.all.into_iter().filter_map(|definition| definition.code).map(|code| format!("\n{code}")).collect()
    }
}
