//! Whether a text that is also JSON was meant as text: `123` is a number for a counter and a string for a name.

use serde_json::{Value, json};

use super::validator::Validator;
use super::variants::{content, reader};
use crate::contract::members::{Direction, opened};
use crate::contract::{EnumShape, MediaKind, Member, Repr, Shape, StructShape};

const TEXT: &Shape = &Shape::Str { format: None };

/// Returns whether the contract takes `text` as a string rather than as the JSON that it also is, at a path of names in a value
/// of this shape.
///
/// `whole` is the value with the JSON in place: neighbouring fields may determine the variant. JSON takes precedence if it fits,
/// so a string literal, or any JSON where any is allowed, is read as JSON.
///
/// ```
/// use flow_runtime::contract::{Contract, means_text};
/// use serde_json::json;
///
/// assert!(means_text(String::SHAPE, &[], &json!(123), "123"));
/// assert!(!means_text(u32::SHAPE, &[], &json!(123), "123"));
/// assert!(!means_text(<Option<String>>::SHAPE, &[], &json!(null), "null"));
/// ```
pub fn means_text(shape: &'static Shape, path: &[String], whole: &Value, text: &str) -> bool {
    let value = path.iter().try_fold(whole, |value, name| value.get(name));
    let mut search = Search { value: value.cloned(), text: text.into(), ..Search::default() };
    Validator::default().search(shape, path, Some(whole), &mut search);
    search.takes_text && !search.takes_value
}

/// The same for text that starts like JSON but does not parse; it is a string only if neither a list nor an object would fit.
pub fn means_only_text(shape: &'static Shape, path: &[String], text: &str) -> bool {
    [json!([]), json!({})].into_iter().all(|container| {
        let mut search = Search { value: Some(container), text: text.into(), ..Search::default() };
        Validator::default().search(shape, path, None, &mut search);
        search.takes_text && !search.takes_value
    })
}

/// Returns whether the contract takes `text` as a string at a path of names.
pub fn takes_text(shape: &'static Shape, path: &[String], text: &str) -> bool {
    let mut search = Search { value: None, text: text.into(), ..Search::default() };
    Validator::default().search(shape, path, None, &mut search);
    search.takes_text
}

/// Returns the kind of attachment that the contract takes at a path of names; `None` if it takes none.
pub fn takes_media(shape: &'static Shape, path: &[String]) -> Option<MediaKind> {
    let mut search = Search::default();
    Validator::default().search(shape, path, None, &mut search);
    search.media
}

/// What to ask of each shape that may be at the path.
#[derive(Default)]
struct Search {
    value: Option<Value>,
    text: Value,
    takes_value: bool,
    takes_text: bool,
    /// The first kind of attachment that may be there.
    media: Option<MediaKind>,
}

impl Validator {
    fn search(&mut self, shape: &'static Shape, path: &[String], whole: Option<&Value>, search: &mut Search) {
        match (shape, path) {
            (Shape::Named(_), []) if MediaKind::of_shape(shape).is_some() => self.ask(shape, search),
            (Shape::Option(inner), []) if MediaKind::of_shape(inner).is_some() => self.ask(inner, search),
            (Shape::Named(def), _) => self.search(&def.get().body, path, whole, search),
            (Shape::Generic(def), _) => self.within(def, |validator| validator.search(&def.body, path, whole, search)),
            (Shape::Ref(id), _) => self.enclosing(id, |validator, body| validator.search(body, path, whole, search)),
            (Shape::Split { read, .. }, _) => self.search(read, path, whole, search),
            (_, []) => self.ask(shape, search),
            (Shape::Option(inner), _) => self.search(inner, path, whole, search),
            (Shape::Struct(object), _) => self.search_members(object, path, whole, search),
            (Shape::Map { value, .. }, [name, rest @ ..]) => self.search(value, rest, part(whole, name), search),
            (Shape::Enum(one_of), _) => self.search_variants(one_of, path, whole, search),
            (Shape::Any | Shape::Opaque(_), _) => self.ask(shape, search),
            _ => {}
        }
    }

    fn ask(&mut self, shape: &'static Shape, search: &mut Search) {
        search.media = search.media.or(MediaKind::of_shape(shape));
        // A number could lose digits.
        if search.value.as_ref().is_some_and(Value::is_number) && is_decimal(shape) {
            search.takes_text = true;
            return;
        }
        if let Some(mut value) = search.value.clone() {
            self.integers(shape, &mut value);
            search.takes_value |= self.reads(shape, &value);
        }
        search.takes_text |= self.reads(shape, &search.text);
    }

    fn search_members(
        &mut self,
        object: &'static StructShape,
        path: &[String],
        whole: Option<&Value>,
        search: &mut Search,
    ) {
        let [name, rest @ ..] = path else { return };
        let mut fields = object.members.iter().filter_map(Member::field);
        if let Some(field) = fields.find(|field| field.de.iter().chain(field.aliases).any(|own| own == name)) {
            return self.search(field.shape, rest, part(whole, name), search);
        }
        for member in object.members {
            if let Member::Flatten { shape, .. } = member {
                self.search(shape, path, whole, search);
            }
        }
    }

    fn search_variants(
        &mut self,
        one_of: &'static EnumShape,
        path: &[String],
        whole: Option<&Value>,
        search: &mut Search,
    ) {
        let [name, rest @ ..] = path else { return };
        let (tag, beside) = match one_of.repr {
            Repr::External => {
                if let Some(variant) = reader(one_of, name) {
                    self.search(content(variant), rest, part(whole, name), search);
                }
                return;
            }
            Repr::Untagged => (None, None),
            Repr::Internal { tag } => (Some(tag), None),
            Repr::Adjacent { tag, content } => (Some(tag), Some(content)),
        };
        if tag == Some(name) {
            return self.ask(TEXT, search);
        }
        // A given tag selects the variant; otherwise all variants are candidates.
        let chosen = tag.and_then(|tag| reader(one_of, whole?.get(tag)?.as_str()?));
        let all = one_of.variants.iter().filter(|variant| variant.de.is_some());
        for shape in all.filter(|variant| chosen.is_none_or(|chosen| std::ptr::eq(chosen, *variant))).map(content) {
            match beside {
                None => self.search(shape, path, whole, search),
                Some(beside) if beside == name => self.search(shape, rest, part(whole, name), search),
                Some(_) => {}
            }
        }
    }
}

fn is_decimal(shape: &'static Shape) -> bool {
    match opened(shape, Direction::Read) {
        Shape::Option(inner) => is_decimal(inner),
        Shape::Str { format: Some("decimal") } => true,
        Shape::Enum(EnumShape { repr: Repr::Untagged, variants, .. }) => variants.iter().map(content).any(is_decimal),
        _ => false,
    }
}

fn part<'v>(whole: Option<&'v Value>, name: &str) -> Option<&'v Value> {
    whole?.get(name)
}
