//! Removes Rust examples from published descriptions: they are for programmers only.

use schemars::Schema;
use serde_json::Value;

/// Removes the Rust examples from a schema's description.
pub(super) fn describe(schema: &mut Schema) {
    let Some(Value::String(text)) = schema.get("description") else { return };
    if !text.contains("```") && !text.contains("~~~") {
        return;
    }
    match prose(text) {
        text if text.is_empty() => schema.remove("description"),
        text => schema.insert("description".to_owned(), text.into()),
    };
}

/// Removes blocks of Rust code, and headings with nothing else below them.
fn prose(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut removed_since_heading = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if is_heading(line) {
            remove_heading(&mut kept, removed_since_heading);
            removed_since_heading = false;
        }
        let Some(fence) = Fence::opened_by(line) else {
            push(&mut kept, line);
            continue;
        };
        if !fence.is_rust() {
            kept.push(line);
        }
        removed_since_heading |= fence.is_rust();
        for line in lines.by_ref() {
            if !fence.is_rust() {
                kept.push(line);
            }
            if fence.is_closed_by(line) {
                break;
            }
        }
    }
    remove_heading(&mut kept, removed_since_heading);
    kept.join("\n").trim_end().to_owned()
}

/// Collapses consecutive blank lines, which a removed block leaves behind.
fn push<'t>(kept: &mut Vec<&'t str>, line: &'t str) {
    let is_blank = |line: &str| line.trim().is_empty();
    if !is_blank(line) || kept.last().is_some_and(|last| !is_blank(last)) {
        kept.push(line);
    }
}

/// Removes the last heading if only code was below it.
fn remove_heading(kept: &mut Vec<&str>, had_code: bool) {
    while had_code && kept.last().is_some_and(|line| line.trim().is_empty()) {
        kept.pop();
    }
    if had_code && kept.last().is_some_and(|line| is_heading(line)) {
        kept.pop();
    } else if had_code && !kept.is_empty() {
        kept.push("");
    }
}

fn is_heading(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    text.len() < line.len() && text.starts_with(' ')
}

/// The opening line of a code block.
struct Fence<'t> {
    /// The fence character and how often it is repeated.
    of: char,
    length: usize,
    /// The info string, such as `rust,no_run`.
    info: &'t str,
}

impl<'t> Fence<'t> {
    fn opened_by(line: &'t str) -> Option<Self> {
        let line = line.trim();
        let of = line.chars().next().filter(|first| matches!(first, '`' | '~'))?;
        let info = line.trim_start_matches(of);
        let length = line.len() - info.len();
        // With more backticks it is inline code.
        (length >= 3 && !info.contains('`')).then_some(Self { of, length, info })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let line = line.trim();
        line.len() >= self.length && line.chars().all(|letter| letter == self.of)
    }

    /// As in rustdoc, a block is Rust unless its info string says otherwise.
    fn is_rust(&self) -> bool {
        let mut words = self.info.split([',', ' ', '\t']).filter(|word| !word.is_empty());
        words.all(|word| {
            matches!(word, "rust" | "should_panic" | "no_run" | "compile_fail" | "test_harness" | "standalone_crate")
                || word.starts_with("ignore")
                || word.starts_with("edition20")
                || is_error_code(word)
        })
    }
}

/// `E0308`
fn is_error_code(word: &str) -> bool {
    word.len() == 5 && word.strip_prefix('E').is_some_and(|code| code.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn rust_examples_are_left_out() {
        for info in [
            "",
            "rust",
            "rust,ignore",
            "ignore",
            "ignore-wasm32",
            "no_run",
            "should_panic",
            "edition2024",
            "compile_fail,E0308",
        ] {
            let text = format!("How many.\n\n```{info}\nlet count = 3;\n# hidden\n```\n\nAt least one.");
            assert_eq!(prose(&text), "How many.\n\nAt least one.", "{info}");
        }
    }

    #[test]
    fn other_blocks_are_kept() {
        for info in ["json", "text", "yaml", "sql"] {
            let text = format!("As in\n\n```{info}\n{{\"count\": 3}}\n\n\n{{}}\n```\n\nand so on.");
            assert_eq!(prose(&text), text, "{info}");
        }
    }

    #[test]
    fn a_heading_goes_with_its_example() {
        let text = "How many.\n\n# Examples\n\n```\nlet count = 3;\n```\n\n# Units\n\nPieces.";
        assert_eq!(prose(text), "How many.\n\n# Units\n\nPieces.");
        assert_eq!(prose("How many.\n\n# Examples\n\n~~~\nlet count = 3;\n~~~"), "How many.");
        assert_eq!(prose("# Examples\n\nOne:\n```\nlet count = 3;\n```"), "# Examples\n\nOne:");
        assert_eq!(prose("```\nlet count = 3;\n```"), "");
    }

    #[test]
    fn a_fence_is_closed_by_one_as_long() {
        assert_eq!(prose("a\n````\n```\nb\n```\n````\nc"), "a\nc");
        assert_eq!(prose("a\n~~~\n```\n~~~\nc"), "a\nc");
        assert_eq!(prose("a\n```\nnever closed"), "a");
        assert_eq!(prose("a\n```code``` in a line"), "a\n```code``` in a line");
    }
}
