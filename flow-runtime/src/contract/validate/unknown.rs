//! Fields that nothing in a contract reads. serde ignores them, so a misspelt optional field would go unnoticed.

use serde_json::{Map, Value};

use super::object::has_field;
use super::validator::Validator;
use super::variants::{content, reader};
use crate::contract::{EnumShape, Member, Repr, Shape, StructShape};
use crate::violation::Violation;
use flow_base::near::Nearest;

type Entries = Map<String, Value>;

/// Maximum number of fields named in a message.
const SHOWN: usize = 12;

/// Every field of `value`, at any depth, that is ignored when read as `shape`.
pub(crate) fn unknown_fields(shape: &'static Shape, value: &Value) -> Vec<Violation> {
    let mut validator = Validator::default();
    validator.unread(shape, value);
    validator.found
}

impl Violation {
    /// An unknown field; `path` ends with its name, and `known` are the valid names.
    pub(crate) fn unknown(path: &[String], what: &str, known: &[&str]) -> Self {
        let name = path.last().map_or("", String::as_str);
        let mut near = Nearest::new(name);
        known.iter().for_each(|known| near.offer(known));
        let listed: Vec<_> = known.iter().take(SHOWN).map(|known| format!("`{known}`")).collect();
        let expected = match listed.is_empty() {
            true => format!("no {what}"),
            false => {
                let more = if known.len() > SHOWN { ", …" } else { "" };
                format!("only the {what} {}{more}", listed.join(", "))
            }
        };
        let hint = near.get().map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        Self::new(path, &expected, &format!("`{name}`{hint}"))
    }
}

/// The entries of one object that are read.
#[derive(Default)]
struct Read {
    taken: Vec<String>,
    /// The names that can be read, for messages.
    known: Vec<&'static str>,
    /// Whether all entries are read: by a map, or by something that cannot be inspected.
    all: bool,
}

impl Read {
    fn takes(&self, name: &str) -> bool {
        self.all || self.taken.iter().any(|taken| taken == name)
    }
}

impl Validator {
    /// Reports an unknown field.
    pub(super) fn refuse_field(&mut self, name: &str, known: &[&str]) {
        self.at(name, |validator| {
            let violation = Violation::unknown(&validator.path, "fields", known);
            validator.found.push(violation);
        });
    }

    fn unread(&mut self, shape: &'static Shape, value: &Value) {
        match (shape, value) {
            (Shape::Named(def), _) => self.unread(&def.get().body, value),
            (Shape::Generic(def), _) => self.within(def, |validator| validator.unread(&def.body, value)),
            (Shape::Ref(id), _) => self.enclosing(id, |validator, body| validator.unread(body, value)),
            (Shape::Split { read, .. }, _) => self.unread(read, value),
            (Shape::Option(inner), _) => self.unread(inner, value),
            (Shape::Array(item), Value::Array(values)) => {
                self.each(values.iter().map(|value| (*item, value)), Self::unread);
            }
            (Shape::Tuple(items), Value::Array(values)) => self.each(items.iter().copied().zip(values), Self::unread),
            (Shape::Map { value: shape, .. }, Value::Object(entries)) => {
                entries.iter().for_each(|(name, value)| self.at(name, |validator| validator.unread(shape, value)));
            }
            (Shape::Struct(_), Value::Object(entries)) => self.unread_in(shape, entries),
            (Shape::Enum(one_of), _) => self.unread_variant(shape, one_of, value),
            _ => {}
        }
    }

    fn unread_variant(&mut self, shape: &'static Shape, one_of: &'static EnumShape, value: &Value) {
        match (one_of.repr, value) {
            (Repr::Untagged, _) => {
                if let Some(inner) = self.untagged(one_of, value) {
                    self.unread(inner, value);
                }
            }
            (Repr::External, Value::Object(entries)) => {
                for (name, value) in entries {
                    if let Some(variant) = reader(one_of, name) {
                        self.at(name, |validator| validator.unread(content(variant), value));
                    }
                }
            }
            (Repr::Internal { .. } | Repr::Adjacent { .. }, Value::Object(entries)) => self.unread_in(shape, entries),
            _ => {}
        }
    }

    /// The content of the first untagged variant that reads the value, as in serde.
    pub(super) fn untagged(&mut self, one_of: &'static EnumShape, value: &Value) -> Option<&'static Shape> {
        let mut variants = one_of.variants.iter().filter(|variant| variant.de.is_some()).map(content);
        variants.find(|shape| self.reads(shape, value))
    }

    fn unread_in(&mut self, shape: &'static Shape, entries: &Entries) {
        let mut read = Read::default();
        self.members(shape, entries, &mut read);
        for name in entries.keys().filter(|name| !read.takes(name)) {
            self.refuse_field(name, &read.known);
        }
    }

    /// Collects the entries that `shape`, an object or something flattened into one, reads, and inspects each.
    fn members(&mut self, shape: &'static Shape, entries: &Entries, read: &mut Read) {
        match shape {
            Shape::Named(def) => self.members(&def.get().body, entries, read),
            Shape::Generic(def) => self.within(def, |validator| validator.members(&def.body, entries, read)),
            Shape::Ref(id) => self.enclosing(id, |validator, body| validator.members(body, entries, read)),
            Shape::Split { read: shape, .. } => self.members(shape, entries, read),
            Shape::Option(inner) => self.optional_members(inner, entries, read),
            Shape::Struct(object) => self.fields_read(object, entries, read),
            Shape::Map { value: shape, .. } => {
                let rest = entries.iter().filter(|(name, _)| !read.takes(name));
                rest.for_each(|(name, value)| self.at(name, |validator| validator.unread(shape, value)));
                read.all = true;
            }
            Shape::Enum(one_of) => self.variant_read(one_of, entries, read),
            Shape::Null => {}
            _ => read.all = true,
        }
    }

    fn fields_read(&mut self, object: &'static StructShape, entries: &Entries, read: &mut Read) {
        for field in object.members.iter().filter_map(Member::field) {
            read.known.extend(field.de);
            for name in field.de.iter().chain(field.aliases) {
                self.entry_read(name, field.shape, entries, read);
            }
        }
        let mut rest = entries.clone();
        rest.retain(|name, _| !has_field(object, name));
        for member in object.members {
            if let Member::Flatten { shape, .. } = member {
                self.members(shape, &rest, read);
            }
        }
    }

    fn entry_read(&mut self, name: &str, shape: &'static Shape, entries: &Entries, read: &mut Read) {
        if let Some(value) = entries.get(name) {
            read.taken.push(name.to_owned());
            self.at(name, |validator| validator.unread(shape, value));
        }
    }

    /// A flattened option is `None`, and its fields are dropped, unless it is complete.
    fn optional_members(&mut self, inner: &'static Shape, entries: &Entries, read: &mut Read) {
        let is_whole = self.reads(inner, &Value::Object(entries.clone()));
        let before = self.found.len();
        let taken = read.taken.len();
        self.members(inner, entries, read);
        if !is_whole && read.taken.len() > taken {
            self.found.truncate(before);
            self.check(inner, &Value::Object(entries.clone()));
        }
    }

    fn variant_read(&mut self, one_of: &'static EnumShape, entries: &Entries, read: &mut Read) {
        match one_of.repr {
            Repr::External => {
                read.known.extend(one_of.variants.iter().filter_map(|variant| variant.de));
                let named = entries.keys().find_map(|name| Some((name, reader(one_of, name)?)));
                if let Some((name, variant)) = named {
                    self.entry_read(name, content(variant), entries, read);
                }
            }
            Repr::Internal { tag } => self.tagged_read(one_of, tag, None, entries, read),
            Repr::Adjacent { tag, content } => self.tagged_read(one_of, tag, Some(content), entries, read),
            Repr::Untagged => match self.untagged(one_of, &Value::Object(entries.clone())) {
                Some(shape) => self.members(shape, entries, read),
                None => read.all = true,
            },
        }
    }

    fn tagged_read(
        &mut self,
        one_of: &'static EnumShape,
        tag: &'static str,
        beside: Option<&'static str>,
        entries: &Entries,
        read: &mut Read,
    ) {
        let name = entries.get(tag).and_then(Value::as_str);
        let variant = name.and_then(|name| reader(one_of, name));
        // `#[serde(other)]` stands for future variants, so their fields are accepted. A tag that matches no variant is reported
        // elsewhere.
        let Some(variant) = variant.filter(|variant| !variant.other) else {
            read.all = true;
            return;
        };
        read.known.push(tag);
        read.taken.push(tag.to_owned());
        match (beside, variant.shape) {
            (Some(name), _) => {
                read.known.push(name);
                self.entry_read(name, content(variant), entries, read);
            }
            (None, Some(shape)) => {
                let mut rest = entries.clone();
                rest.remove(tag);
                self.members(shape, &rest, read);
            }
            (None, None) => {}
        }
    }
}
