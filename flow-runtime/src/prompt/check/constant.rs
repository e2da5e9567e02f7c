//! Templates held by a constant, which the macro cannot read: they are parsed here, in constant evaluation.
//!
//! They can contain only text, comments, and `{{ names }}` with their fields. Anything else is rejected with a way out, so that
//! every accepted template is checked as if it were written inline.

use super::follow::follow;
use super::say::Report;
use super::text::{Text, same};
use super::{How, Seg, Use};
use crate::contract::Shape;
use flow_base::near::Nearest;

/// The maximum length of a path.
const LONGEST: usize = 16;

/// A pair of braces.
struct Tag {
    /// The start of the name, in bytes.
    start: usize,
    /// The end of its last field.
    end: usize,
    name: &'static str,
    fields: [Seg; LONGEST],
    len: usize,
}

/// The next element of a text.
#[allow(clippy::large_enum_variant, reason = "constant evaluation has no heap")]
enum Found {
    Tag(Tag),
    /// An unsupported element, described.
    Other(&'static str),
    End,
}

/// Checks every name in the text of a constant. The result lists all problems, and is empty if there are none.
pub const fn constant(template: &str, text: &'static str, arguments: &[(&'static str, &'static Shape)]) -> Text {
    checked(template, text, arguments, false)
}

/// Like [`constant`], for a system message, which cannot have attachments.
pub const fn constant_system(template: &str, text: &'static str, arguments: &[(&'static str, &'static Shape)]) -> Text {
    checked(template, text, arguments, true)
}

const fn checked(
    template: &str,
    text: &'static str,
    arguments: &[(&'static str, &'static Shape)],
    system: bool,
) -> Text {
    let mut reader = Reader { text, at: 0 };
    loop {
        match reader.next() {
            Found::End => return Text::new(),
            Found::Other(what) => return refused(template, what),
            Found::Tag(tag) => {
                let wrong = follow_tag(template, text, &tag, arguments, system);
                if !wrong.ok() {
                    return wrong;
                }
            }
        }
    }
}

/// Whether the text of a constant uses an argument. Returns `true` at an unsupported element, which alone is reported.
pub const fn mentions(text: &'static str, argument: &str) -> bool {
    let mut reader = Reader { text, at: 0 };
    loop {
        match reader.next() {
            Found::End => return false,
            Found::Other(_) => return true,
            Found::Tag(tag) if same(tag.name, argument) => return true,
            Found::Tag(_) => {}
        }
    }
}

/// Whether the text of a constant has nothing but white space.
pub const fn is_empty(text: &str) -> bool {
    text.trim_ascii().is_empty()
}

const fn follow_tag(
    template: &str,
    text: &'static str,
    tag: &Tag,
    arguments: &[(&'static str, &'static Shape)],
    system: bool,
) -> Text {
    let Some(argument) = position(arguments, tag.name) else { return unknown(template, tag.name, arguments) };
    let (mut at, mut excerpt) = (Text::new(), Text::new());
    show(text, tag, &mut at, &mut excerpt);
    let usage = Use {
        argument,
        path: tag.fields.split_at(tag.len).0,
        present: 0,
        how: How::Print,
        at: at.as_str(),
        excerpt: excerpt.as_str(),
    };
    let uses = [usage];
    let mut report = Report::new(template, arguments, &uses).of_system(system);
    follow(&mut report, 0, arguments[argument].1);
    report.finish()
}

const fn position(arguments: &[(&'static str, &'static Shape)], name: &str) -> Option<usize> {
    let mut i = 0;
    while i < arguments.len() {
        if same(arguments[i].0, name) {
            return Some(i);
        }
        i += 1;
    }
    None
}

const fn unknown(template: &str, name: &'static str, arguments: &[(&'static str, &'static Shape)]) -> Text {
    let (mut out, mut nearest) = (Text::new(), Nearest::new(name));
    out.push(template);
    out.push(": the constant uses ");
    out.code(name);
    out.push(", but the step has no such argument (arguments: ");
    let mut i = 0;
    while i < arguments.len() {
        out.push(if i > 0 { ", " } else { "" });
        out.code(arguments[i].0);
        nearest.offer(arguments[i].0);
        i += 1;
    }
    out.push(")");
    if let Some(name) = nearest.get() {
        out.push("; did you mean ");
        out.code(name);
        out.push("?");
    }
    out.push("\nsee flow::errors::prompt_variable");
    out
}

const fn refused(template: &str, what: &str) -> Text {
    let mut out = Text::new();
    out.push(template);
    out.push(": the constant has ");
    out.push(what);
    out.push(", but a template in a constant can contain only text and `{{ name.field }}`: write the template inline, or in a file named by `prompt_file` or `system_file`");
    out.push("\nsee flow::errors::prompt_syntax");
    out
}

/// The line and column of a tag, and its line with carets under the tag.
const fn show(text: &'static str, tag: &Tag, at: &mut Text, excerpt: &mut Text) {
    let bytes = text.as_bytes();
    let (mut line, mut begins, mut i) = (1, 0, 0);
    while i < tag.start {
        if bytes[i] == b'\n' {
            line += 1;
            begins = i + 1;
        }
        i += 1;
    }
    let mut ends = tag.end;
    while ends < bytes.len() && bytes[ends] != b'\n' && bytes[ends] != b'\r' {
        ends += 1;
    }
    let column = characters(bytes, begins, tag.start);
    at.number(line);
    at.push(":");
    at.number(column + 1);
    excerpt.push("    ");
    excerpt.push(text.split_at(ends).0.split_at(begins).1);
    excerpt.push("\n    ");
    repeat(excerpt, " ", column);
    repeat(excerpt, "^", characters(bytes, tag.start, tag.end));
}

const fn repeat(out: &mut Text, sign: &str, times: usize) {
    let mut i = 0;
    while i < times {
        out.push(sign);
        i += 1;
    }
}

const fn characters(bytes: &[u8], from: usize, to: usize) -> usize {
    let (mut count, mut i) = (0, from);
    while i < to {
        if !is_inside(bytes[i]) {
            count += 1;
        }
        i += 1;
    }
    count
}

/// Whether a byte continues a UTF-8 character.
const fn is_inside(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// Iterates over the tags of a text.
struct Reader {
    text: &'static str,
    at: usize,
}

impl Reader {
    const fn next(&mut self) -> Found {
        while self.at + 1 < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                (b'{', b'{') => return self.tag(),
                (b'{', b'%') => return Found::Other("a `{% … %}` tag"),
                (b'{', b'#') => {
                    if !self.comment() {
                        return Found::Other("an unterminated comment");
                    }
                }
                _ => self.at += 1,
            }
        }
        Found::End
    }

    const fn peek(&self, ahead: usize) -> u8 {
        let bytes = self.text.as_bytes();
        if self.at + ahead < bytes.len() { bytes[self.at + ahead] } else { 0 }
    }

    /// Skips a comment; returns whether it is terminated.
    const fn comment(&mut self) -> bool {
        self.at += 2;
        while self.at < self.text.len() {
            if self.peek(0) == b'#' && self.peek(1) == b'}' {
                self.at += 2;
                return true;
            }
            self.at += 1;
        }
        false
    }

    const fn tag(&mut self) -> Found {
        const OTHER: &str = "more than a name in `{{ … }}`";
        self.at += 2;
        if matches!(self.peek(0), b'-' | b'+') {
            self.at += 1;
        }
        self.blanks();
        let start = self.at;
        let Some(name) = self.name() else { return Found::Other(OTHER) };
        let mut tag = Tag { start, end: self.at, name, fields: [Seg::Item; LONGEST], len: 0 };
        self.blanks();
        while self.peek(0) == b'.' && tag.len < LONGEST {
            self.at += 1;
            self.blanks();
            let Some(field) = self.name() else { return Found::Other(OTHER) };
            tag.fields[tag.len] = Seg::Field(field);
            tag.len += 1;
            tag.end = self.at;
            self.blanks();
        }
        if matches!(self.peek(0), b'-' | b'+') {
            self.at += 1;
        }
        if self.peek(0) != b'}' || self.peek(1) != b'}' {
            return Found::Other(OTHER);
        }
        self.at += 2;
        Found::Tag(tag)
    }

    const fn blanks(&mut self) {
        while self.peek(0).is_ascii_whitespace() {
            self.at += 1;
        }
    }

    /// Reads a name. All non-ASCII characters are accepted: a name with invalid ones matches no argument.
    const fn name(&mut self) -> Option<&'static str> {
        let start = self.at;
        while self.peek(0).is_ascii_alphanumeric() || self.peek(0) == b'_' || !self.peek(0).is_ascii() {
            self.at += 1;
        }
        let name = self.text.split_at(self.at).0.split_at(start).1;
        if name.is_empty() || name.as_bytes()[0].is_ascii_digit() { None } else { Some(name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contract;

    fn said(text: &'static str) -> String {
        let arguments = [("text", String::SHAPE), ("name", <Option<String>>::SHAPE)];
        constant("prompt of step `read`", text, &arguments).as_str().to_owned()
    }

    #[test]
    fn names_and_text_are_followed() {
        for text in ["", "Be brief.", "{{ text }}", "{{-text-}} {# a {{ b }} #} { } }} {{\n text }}", "a { {b} %} {"] {
            assert_eq!(said(text), "", "{text}");
        }
        assert!(said("Read\n  {{ name }}").contains("`name` at 2:6: `name` is optional"), "{}", said("{{ name }}"));
        assert!(
            said("Read\n  {{ name }}").contains("\n      {{ name }}\n         ^^^^"),
            "{}",
            said("Read\n  {{ name }}")
        );
        assert!(said("{{ text.title }}").contains("is a string and has no field `title`"));
        assert!(said("{{ txet }}").contains("no such argument (arguments: `text`, `name`); did you mean `text`?"));
    }

    #[test]
    fn anything_else_is_refused() {
        for (text, what) in [
            ("{% if text %}a{% endif %}", "a `{% … %}` tag"),
            ("{{ text | upper }}", "more than a name"),
            ("{{ text[0] }}", "more than a name"),
            ("{{ 1 }}", "more than a name"),
            ("{{ text", "more than a name"),
            ("{# text", "an unterminated comment"),
        ] {
            assert!(said(text).contains(what), "{text}: {}", said(text));
            assert!(mentions(text, "name"), "{text}");
        }
    }

    #[test]
    fn what_is_not_mentioned_is_known() {
        assert!(mentions("{{ text }} {{ name.a }}", "name"));
        assert!(!mentions("name {# {{ name }} #} {{ text.name }}", "name"));
        assert!(is_empty(" \n\t") && !is_empty("a"));
    }
}
