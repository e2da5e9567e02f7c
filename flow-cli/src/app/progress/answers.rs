//! The answers of models while they arrive.

use flow_runtime::run::Place;

use crate::app::escape::Escape;
use crate::app::shown::cited;

/// How many lines of an answer are shown, and how long they are at most, in characters.
const LINES: usize = 5;
const WIDTH: usize = 76;

/// How many bytes of an answer's end are kept, enough for the lines shown.
const KEPT: usize = 4 * LINES * WIDTH;

/// The ends of the answers in progress, in the order in which they began. Only the first is shown, since several that grow at once
/// cannot be read.
#[derive(Default)]
pub(super) struct Answers(Vec<(Place, String)>);

impl Answers {
    /// Adds a piece; one that starts at 0 begins a new answer.
    pub(super) fn said(&mut self, place: &Place, at: usize, piece: &str) {
        let known = self.0.iter().position(|(other, _)| other == place);
        let index = known.unwrap_or_else(|| {
            self.0.push((place.clone(), String::new()));
            self.0.len() - 1
        });
        let text = &mut self.0[index].1;
        if at == 0 {
            text.clear();
        }
        text.push_str(piece);
        if text.len() > 2 * KEPT {
            let cut = text.floor_char_boundary(text.len() - KEPT);
            text.drain(..cut);
        }
    }

    /// Removes an answer that is complete, or was taken back.
    pub(super) fn over(&mut self, place: &Place) {
        self.0.retain(|(other, _)| other != place);
    }

    /// The answer that began first, as the text of its last lines.
    pub(super) fn first(&self) -> Option<(&Place, String)> {
        self.0.first().map(|(place, text)| (place, last_lines(text)))
    }
}

/// The last lines of a text, marked so that they do not look like lines of ours, without anything that a terminal obeys.
fn last_lines(text: &str) -> String {
    let shown = Escape::Text.apply(text).replace('\t', " ");
    let lines = shown.trim_end().lines().flat_map(cut);
    let lines: Vec<_> = lines.collect();
    cited(&lines[lines.len().saturating_sub(LINES)..].join("\n"))
}

/// Cuts a line to the width.
fn cut(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest.take()?;
        let Some((end, _)) = line.char_indices().nth(WIDTH) else { return Some(line) };
        // At a space, if there is one.
        let end = line[..end].rfind(' ').map_or(end, |space| space + 1);
        rest = Some(&line[end..]);
        Some(line[..end].trim_end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        serde_json::from_value(path.into()).unwrap()
    }

    #[test]
    fn the_answer_that_began_first_is_shown_until_it_is_over() {
        let mut answers = Answers::default();
        let shown = |answers: &Answers| answers.first().map(|(place, text)| format!("{}:{text}", place.as_str()));
        answers.said(&place("a"), 0, "one");
        answers.said(&place("b"), 0, "other");
        answers.said(&place("a"), 3, " two");
        assert_eq!(shown(&answers), Some("a:  | one two".into()));
        answers.said(&place("a"), 0, "anew");
        assert_eq!(shown(&answers), Some("a:  | anew".into()));
        answers.over(&place("a"));
        assert_eq!(shown(&answers), Some("b:  | other".into()));
        answers.over(&place("b"));
        assert_eq!(shown(&answers), None);
    }

    #[test]
    fn the_last_lines_are_shown_and_long_ones_are_cut_between_words() {
        assert_eq!(last_lines("1\n2\n3\n4\n5\n6\n7\n"), "  | 3\n  | 4\n  | 5\n  | 6\n  | 7");
        let long = "word ".repeat(40);
        let lines = last_lines(&long);
        assert!(lines.lines().count() == 3 && lines.lines().all(|line| line.len() <= WIDTH + 4), "{lines}");
        assert_eq!(lines.matches("word").count(), 40);
        assert_eq!(last_lines(&"é".repeat(WIDTH + 1)), format!("  | {}\n  | é", "é".repeat(WIDTH)));
    }

    #[test]
    fn what_a_terminal_obeys_is_shown_instead() {
        assert_eq!(last_lines("a\u{1b}[2J\rb\tc"), "  | a\\u{1b}[2J\\u{d}b c");
    }

    #[test]
    fn a_long_answer_does_not_grow() {
        let mut answers = Answers::default();
        for at in 0..100_000 {
            answers.said(&place("a"), at * 4, "é é ");
        }
        assert!(answers.0[0].1.len() <= 2 * KEPT + 8, "{}", answers.0[0].1.len());
    }
}
