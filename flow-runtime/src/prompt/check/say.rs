//! The messages for templates that do not fit.

use super::kind::Kinds;
use super::step::{Absent, same_way};
use super::text::{Text, same};
use super::walk::{Concrete, Defs, Shapes};
use super::{Seg, Use, field};
use crate::contract::{MediaKind, Shape};

/// How many problems are shown in full.
const SHOWN: usize = 8;

/// The problems of one template.
pub(super) struct Report<'a> {
    template: &'a str,
    pub(super) arguments: &'a [(&'static str, &'static Shape)],
    pub(super) uses: &'a [Use<'a>],
    /// Whether the text is a system message.
    pub(super) system: bool,
    text: Text,
    mistakes: usize,
    /// The mistakes that are about attachments.
    media: usize,
    /// The use and path length of each problem shown, so that the same one is shown only once.
    told: [(usize, usize); SHOWN],
}

impl<'a> Report<'a> {
    pub(super) const fn new(
        template: &'a str,
        arguments: &'a [(&'static str, &'static Shape)],
        uses: &'a [Use<'a>],
    ) -> Self {
        Self {
            template,
            arguments,
            uses,
            system: false,
            text: Text::new(),
            mistakes: 0,
            media: 0,
            told: [(0, 0); SHOWN],
        }
    }

    /// Sets whether the text is a system message.
    pub(super) const fn of_system(mut self, system: bool) -> Self {
        self.system = system;
        self
    }

    pub(super) const fn finish(mut self) -> Text {
        if self.mistakes > SHOWN {
            self.text.push("\n… and ");
            self.text.number(self.mistakes - SHOWN);
            self.text.push(" more");
        }
        if self.mistakes > self.media {
            self.text.push("\nsee flow::errors::prompt_field");
        } else if self.mistakes > 0 {
            self.text.push("\nsee flow::errors::prompt_media");
        }
        self.text
    }

    pub(super) const fn no_field(
        &mut self,
        number: usize,
        place: usize,
        named: &Shapes,
        here: &Concrete,
        name: &'static str,
        defs: &mut Defs,
    ) {
        if !self.open(number, place + 1, true) {
            return;
        }
        match type_name(named) {
            Some(name) => self.text.code(name),
            None => self.path(number, place),
        }
        if !Kinds::at(here).within(super::kind::OBJECT) {
            self.text.push(" is ");
            Kinds::at(here).name(&mut self.text);
            self.text.push(" and");
        }
        self.text.push(" has no field ");
        self.text.code(name);
        field::suggest(here, name, defs, &mut self.text);
        self.close(number);
    }

    pub(super) const fn absent(&mut self, number: usize, place: usize, why: Absent) {
        if !self.open(number, place, false) {
            return;
        }
        self.path(number, place);
        self.text.push(match why {
            Absent::Null => " is optional",
            Absent::Field => " may be absent: not every value has it",
            Absent::Key => " may be absent: the map may lack the key",
            Absent::Index => " may be absent: the list may be shorter",
        });
        self.text.push("; wrap it in `{% if ");
        self.bare_path(number, place);
        // The bare path would also be false for 0, "" and false.
        self.text.push(match why {
            Absent::Null => " is not none",
            Absent::Field | Absent::Key | Absent::Index => " is defined",
        });
        self.text.push(" %}…{% endif %}`, or append `|default(…)`");
        self.close(number);
    }

    /// `taker` is a filter, an operator or a tag.
    pub(super) const fn wrong_kind(&mut self, number: usize, place: usize, taker: &str, takes: Kinds, here: &Concrete) {
        if !self.open(number, place, true) {
            return;
        }
        if same(taker, super::kind::JOINED) {
            self.text.push("`join` expects each item to be ");
        } else {
            self.text.code(taker);
            self.text.push(" expects ");
        }
        takes.name(&mut self.text);
        self.text.push(", but ");
        self.path(number, place);
        self.text.push(" is ");
        Kinds::at(here).name(&mut self.text);
        if Kinds::at(here).is_media() {
            self.media += 1;
            self.text.push("; print it by itself, as in `{{ ");
            self.bare_path(number, place);
            self.text.push(" }}`");
        }
        self.close(number);
    }

    pub(super) const fn short(&mut self, number: usize, place: usize, elements: usize) {
        if !self.open(number, place + 1, true) {
            return;
        }
        self.path(number, place);
        self.text.push(" has ");
        self.text.number(elements);
        self.text.push(if elements == 1 { " element" } else { " elements" });
        self.text.push("; indexes start at 0");
        self.close(number);
    }

    pub(super) const fn opaque(&mut self, number: usize, place: usize, name: &'static str, inside: bool) {
        if !self.open(number, place, true) {
            return;
        }
        self.path(number, place);
        self.text.push(if inside { " holds" } else { " is" });
        self.text.push(" a secret or opaque value (");
        self.text.push(name);
        self.text.push("), which never reaches a prompt");
        if inside {
            self.text.push("; print only the fields that the model needs");
        }
        self.close(number);
    }

    pub(super) const fn media_inside(&mut self, number: usize, place: usize, kind: MediaKind) {
        if !self.open(number, place, true) {
            return;
        }
        self.media += 1;
        self.path(number, place);
        self.text.push(" holds ");
        self.text.push(kind.text());
        self.text.push(", which is attached rather than printed as text; print its fields, each by itself");
        self.close(number);
    }

    pub(super) const fn media_in_system(&mut self, number: usize, place: usize, here: &Concrete) {
        if !self.open(number, place, true) {
            return;
        }
        self.media += 1;
        self.path(number, place);
        self.text.push(" is ");
        Kinds::at(here).name(&mut self.text);
        self.text.push(", and a system message has only text; attach it in `prompt`");
        self.close(number);
    }

    /// Starts a problem at the first `steps` of the path; `false` if it is not to be shown.
    const fn open(&mut self, number: usize, steps: usize, once: bool) -> bool {
        let shown = if self.mistakes < SHOWN { self.mistakes } else { SHOWN };
        let mut i = 0;
        while once && i < shown {
            let (other, length) = self.told[i];
            let (a, b) = (&self.uses[other], &self.uses[number]);
            if a.argument == b.argument && length == steps && same_way(a.path, b.path, steps) {
                return false;
            }
            i += 1;
        }
        self.mistakes += 1;
        if self.mistakes > SHOWN {
            return false;
        }
        // A problem that may be repeated must not match any other.
        self.told[self.mistakes - 1] = (number, if once { steps } else { usize::MAX });
        if self.mistakes > 1 {
            self.text.push("\n");
        }
        self.text.push(self.template);
        self.text.push(": ");
        self.path(number, self.uses[number].path.len());
        self.text.push(" at ");
        self.text.push(self.uses[number].at);
        self.text.push(": ");
        true
    }

    const fn close(&mut self, number: usize) {
        self.text.push("\n");
        self.text.push(self.uses[number].excerpt);
    }

    const fn path(&mut self, number: usize, places: usize) {
        self.text.push("`");
        self.bare_path(number, places);
        self.text.push("`");
    }

    const fn bare_path(&mut self, number: usize, places: usize) {
        let usage = &self.uses[number];
        write_path(&mut self.text, self.arguments[usage.argument].0, usage.path.split_at(places).0);
    }
}

/// Writes `resume.skills[].name`.
pub(super) const fn write_path(out: &mut Text, argument: &str, path: &[Seg]) {
    out.push(argument);
    let mut i = 0;
    while i < path.len() {
        match path[i] {
            Seg::Field(name) if is_word(name) => {
                out.push(".");
                out.push(name);
            }
            Seg::Field(name) => {
                out.push("[\"");
                out.push(name);
                out.push("\"]");
            }
            Seg::Index(n) => {
                out.push("[");
                out.number(n);
                out.push("]");
            }
            Seg::Item | Seg::Value => out.push("[]"),
            Seg::Lookup => out.push("[…]"),
        }
        i += 1;
    }
}

/// Whether a field can be written after a dot.
const fn is_word(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if !(bytes[i].is_ascii_alphanumeric() || bytes[i] == b'_') || i == 0 && bytes[i].is_ascii_digit() {
            return false;
        }
        i += 1;
    }
    i > 0
}

/// The name of the type, if it is a single named type.
const fn type_name(shapes: &Shapes) -> Option<&'static str> {
    if shapes.len != 1 {
        return None;
    }
    match shapes.at[0] {
        Shape::Named(def) | Shape::Option(Shape::Named(def)) => Some(def.get().name),
        _ => None,
    }
}
