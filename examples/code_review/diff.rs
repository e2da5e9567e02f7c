//! The lines of a unified diff, each with its place.

/// A line of a hunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line<'a> {
    pub(crate) file: &'a str,
    /// Counted from 1, in the new file; of a removed line, in the old one.
    pub(crate) number: u32,
    pub(crate) is_added: bool,
    /// Without the sign.
    pub(crate) text: &'a str,
}

/// A hunk under way: the next line and what is left, in the old file and in the new one.
#[derive(Default)]
struct Hunk {
    old: u32,
    new: u32,
    old_left: u32,
    new_left: u32,
}

/// All lines of all hunks: added, removed and unchanged.
pub(crate) fn lines(diff: &str) -> Vec<Line<'_>> {
    let (mut file, mut hunk, mut lines) = ("", Hunk::default(), Vec::new());
    for line in diff.lines() {
        if hunk.old_left + hunk.new_left > 0 {
            lines.extend(hunk.line(file, line));
        } else if let Some(path) = line.strip_prefix("--- ").or_else(|| line.strip_prefix("+++ ")) {
            // A deleted file keeps its old name.
            file = if path == "/dev/null" {
                file
            } else {
                path.strip_prefix(['a', 'b']).and_then(|path| path.strip_prefix('/')).unwrap_or(path)
            };
        } else {
            hunk = Hunk::parse(line).unwrap_or_default();
        }
    }
    lines
}

impl Hunk {
    /// Parses `@@ -21,12 +21,15 @@`; a count that is left out is 1.
    fn parse(header: &str) -> Option<Self> {
        let mut ranges = header.strip_prefix("@@ ")?.split(' ');
        let (old, old_left) = range(ranges.next()?.strip_prefix('-')?)?;
        let (new, new_left) = range(ranges.next()?.strip_prefix('+')?)?;
        Some(Self { old, new, old_left, new_left })
    }

    fn line<'a>(&mut self, file: &'a str, line: &'a str) -> Option<Line<'a>> {
        // Some editors strip the sign of an empty line.
        let (sign, text) = line.split_at_checked(1).unwrap_or((" ", ""));
        let number = if sign == "-" { self.old } else { self.new };
        match sign {
            "+" => self.step(0, 1),
            "-" => self.step(1, 0),
            " " => self.step(1, 1),
            // `\ No newline at end of file`
            _ => return None,
        }
        Some(Line { file, number, is_added: sign == "+", text })
    }

    fn step(&mut self, old: u32, new: u32) {
        (self.old, self.new) = (self.old + old, self.new + new);
        (self.old_left, self.new_left) = (self.old_left.saturating_sub(old), self.new_left.saturating_sub(new));
    }
}

fn range(text: &str) -> Option<(u32, u32)> {
    match text.split_once(',') {
        Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
        None => Some((text.parse().ok()?, 1)),
    }
}

/// The line that a quote is taken from; an added one, if several contain it.
pub(crate) fn find<'a>(diff: &'a str, quote: &str) -> Option<Line<'a>> {
    let quote = quote.trim();
    // Models copy the sign more often than not.
    let quote = plain(quote.strip_prefix(['+', '-']).unwrap_or(quote));
    let found = lines(diff).into_iter().filter(|line| !quote.is_empty() && plain(line.text).contains(&quote));
    found.min_by_key(|line| !line.is_added)
}

/// Ignores indentation and runs of spaces.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
