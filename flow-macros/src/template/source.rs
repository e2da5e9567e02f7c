//! Lines, columns and excerpts of a template.

use std::ops::Range;

/// The maximum width of an excerpt, in characters. Longer lines are cut around the marked range.
const WIDTH: usize = 96;
/// Characters kept before the marked range in a cut line.
const BEFORE: usize = 40;

#[derive(Clone, Copy)]
pub(super) struct Source<'a>(pub(super) &'a str);

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The text in a byte range; empty if out of bounds.
    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.0.get(range).unwrap_or_default()
    }

    /// Line and column, both from 1; columns count characters.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.before(offset);
        let line = before.matches('\n').count() + 1;
        (line, before[line_start(before)..].chars().count() + 1)
    }

    /// The line where a range starts, and a line of carets below it, both indented by four spaces.
    pub(super) fn excerpt(&self, range: Range<usize>) -> String {
        let before = self.before(range.start);
        let start = line_start(before);
        let line: Vec<char> = self.0[start..].lines().next().unwrap_or_default().chars().map(plain).collect();
        let column = before[start..].chars().count();
        let marked = self.slice(before.len()..range.end).lines().next().unwrap_or_default().chars().count();
        let cut = if line.len() > WIDTH { column.saturating_sub(BEFORE) } else { 0 };
        let shown: String = line.iter().skip(cut).take(WIDTH).collect();
        let (head, tail) = (if cut > 0 { "…" } else { "" }, if line.len() > cut + WIDTH { "…" } else { "" });
        let indent = " ".repeat(column - cut + head.chars().count());
        let carets = "^".repeat(marked.clamp(1, WIDTH.saturating_sub(column - cut).max(1)));
        format!("    {head}{shown}{tail}\n    {indent}{carets}")
    }

    /// The text before an offset, rounded down to a character boundary.
    fn before(&self, offset: usize) -> &'a str {
        let mut offset = offset.min(self.0.len());
        while !self.0.is_char_boundary(offset) {
            offset -= 1;
        }
        &self.0[..offset]
    }
}

fn line_start(before: &str) -> usize {
    before.rfind('\n').map_or(0, |newline| newline + 1)
}

/// Replaces control characters such as tabs, which would misalign the carets.
fn plain(character: char) -> char {
    if character.is_control() { ' ' } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let source = Source::new("a\né {{ x }}");
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(source.0.find('x').unwrap()), (2, 6));
        assert_eq!(source.position(999), (2, 10));
    }

    #[test]
    fn excerpts_mark_the_place() {
        let source = Source::new("first\n\té {{ resume.txet }}\nlast");
        let start = source.0.find("resume").unwrap();
        assert_eq!(source.excerpt(start..start + 11), "     é {{ resume.txet }}\n          ^^^^^^^^^^^");
        assert_eq!(source.excerpt(0..0), "    first\n    ^");
        assert_eq!(source.excerpt(999..1000), "    last\n        ^");
        assert_eq!(Source::new("").excerpt(0..3), "    \n    ^");
    }

    #[test]
    fn excerpts_of_several_lines_mark_the_first() {
        assert_eq!(Source::new("ab\ncd").excerpt(1..5), "    ab\n     ^");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = format!("{}MARK{}", "x".repeat(500), "y".repeat(500));
        let excerpt = Source::new(&text).excerpt(500..504);
        let (line, carets) = excerpt.split_once('\n').unwrap();
        assert!(line.starts_with("    …x") && line.ends_with("y…") && line.chars().count() < 110);
        assert_eq!(line.find("MARK").map(|at| line[..at].chars().count()), carets.find('^'));
        assert!(carets.ends_with("^^^^") && !carets.ends_with("^^^^^"));
    }
}
