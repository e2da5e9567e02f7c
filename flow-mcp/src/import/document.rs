//! Descriptions as doc comments, with the words that a model reads as they were published.

/// The description of an argument, which never reaches rustdoc.
pub(super) fn argument(text: Option<&str>) -> String {
    lines(text).iter().map(|line| comment(line)).collect()
}

/// The description of an item. What Markdown reads as Rust code would be compiled as an example, so it is marked as text.
pub(super) fn item(text: Option<&str>, indent: &str) -> String {
    without_examples(lines(text)).iter().map(|line| format!("{indent}{}", comment(line))).collect()
}

/// Allows what rustdoc would report in the words of a server.
pub(super) fn allowed(documented: &str) -> String {
    let lints =
        [("[", "rustdoc::broken_intra_doc_links"), ("<", "rustdoc::invalid_html_tags"), ("://", "rustdoc::bare_urls")];
    let comments: Vec<_> = documented.lines().map(str::trim).filter(|line| is_doc(line)).collect();
    let needed =
        lints.iter().filter(|(sign, _)| comments.iter().any(|line| line.trim_start_matches("#[").contains(sign)));
    let needed: Vec<_> = needed.map(|(_, lint)| *lint).collect();
    if needed.is_empty() { String::new() } else { format!("#[allow({})]\n", needed.join(", ")) }
}

fn is_doc(line: &str) -> bool {
    line.starts_with("///") || line.starts_with("#[doc")
}

/// A comment for the reader of the printed code, in one line.
pub(super) fn note(text: &str) -> String {
    format!("// {}\n", line(text))
}

/// Says what a type does not say.
pub(super) fn unchecked(lost: &[String], indent: &str) -> String {
    let mut once: Vec<&str> = Vec::new();
    lost.iter().for_each(|one| {
        if !once.contains(&one.as_str()) {
            once.push(one)
        }
    });
    if once.is_empty() {
        String::new()
    } else {
        format!("{indent}{}", note(&format!("Not checked: {}.", once.join("; "))))
    }
}

/// The text in one line.
pub(super) fn line(text: &str) -> String {
    text.split_whitespace().map(escaped).collect::<Vec<_>>().join(" ")
}

/// Without the indentation that the lines after the first share, which is that of the server's source code.
fn lines(text: Option<&str>) -> Vec<String> {
    let text = text.unwrap_or_default().trim();
    let rest = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let shared = rest.map(indentation).min().unwrap_or(0);
    let cut = |(at, line): (usize, &str)| {
        line.get(if at == 0 { 0 } else { shared }..).unwrap_or_default().trim_end().to_owned()
    };
    text.lines().enumerate().map(cut).collect()
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

fn comment(line: &str) -> String {
    match line {
        "" => "///\n".to_owned(),
        // An attribute can escape them, a comment cannot.
        _ if line.contains(is_hidden) => {
            format!("#[doc = \" {}\"]\n", escaped(&line.replace('\\', "\\\\").replace('"', "\\\"")))
        }
        _ => format!("/// {line}\n"),
    }
}

fn escaped(text: &str) -> String {
    text.chars()
        .map(|letter| if is_hidden(letter) { letter.escape_unicode().to_string() } else { letter.into() })
        .collect()
}

/// Characters that a reader does not see or that reorder what is read; rustc refuses some of them in comments.
fn is_hidden(letter: char) -> bool {
    let is_tab = letter == '\t';
    (letter.is_control() && !is_tab)
        || matches!(letter, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Marks code that has no language, or is Rust, as text.
fn without_examples(lines: Vec<String>) -> Vec<String> {
    let (mut marked, mut fence, mut is_indented) = (Vec::new(), None::<String>, false);
    for line in lines {
        let (before, content) = line.split_at(line.len() - unmarked(&line).len());
        if let Some(open) = &fence {
            let closes = content.starts_with(open.as_str()) && content.trim_start_matches(&open[..1]).is_empty();
            fence = fence.filter(|_| !closes);
            marked.push(line);
            continue;
        }
        let begins_block = marked.last().is_none_or(|last: &String| last.trim().is_empty());
        let is_code = indentation(&line.replace('\t', "    ")) >= 4 && (begins_block || is_indented);
        if is_indented && !is_code && !line.is_empty() {
            close(&mut marked);
        }
        if is_code && !is_indented {
            marked.push("```text".to_owned());
        }
        is_indented = is_code || (is_indented && line.is_empty());
        match opened(content).filter(|_| !is_code) {
            Some((open, info)) => {
                marked.push(if is_rust(info) { format!("{before}{open}text") } else { line.clone() });
                fence = Some(open.to_owned());
            }
            None => marked.push(line),
        }
    }
    if is_indented {
        close(&mut marked);
    }
    marked
}

/// Ends an indented block before the empty lines that follow it.
fn close(marked: &mut Vec<String>) {
    let code = marked.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    marked.insert(code, "```".to_owned());
}

/// The line without indentation and the marks of quotes and lists.
fn unmarked(line: &str) -> &str {
    let text = line.trim_start_matches([' ', '\t', '>']);
    let number = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let item = ["- ", "* ", "+ "].iter().find_map(|mark| text.strip_prefix(mark));
    let numbered = [". ", ") "].iter().filter(|_| number.len() < text.len()).find_map(|mark| number.strip_prefix(mark));
    item.or(numbered).map_or(text, unmarked)
}

/// The fence that a line opens, and the language after it.
fn opened(content: &str) -> Option<(&str, &str)> {
    let mark = content.chars().next().filter(|mark| "`~".contains(*mark))?;
    let info = content.trim_start_matches(mark);
    let fence = &content[..content.len() - info.len()];
    (fence.len() >= 3 && !(mark == '`' && info.contains('`'))).then_some((fence, info))
}

/// Whether rustdoc would compile a block of this language.
fn is_rust(info: &str) -> bool {
    let own = ["rust", "should_panic", "no_run", "compile_fail", "test_harness", "standalone_crate", "standalone"];
    let mut words = info.split([' ', ',', '\t']).filter(|word| !word.is_empty());
    let is_known = |word: &str| {
        let is_error = word.strip_prefix('E').is_some_and(|code| code.len() == 4 && code.parse::<u16>().is_ok());
        own.contains(&word)
            || word.starts_with("ignore")
            || word.starts_with("edition")
            || word.starts_with('{')
            || is_error
    };
    words.clone().all(is_known) || words.any(|word| word == "rust")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> String {
        item(Some(text), "")
    }

    #[test]
    fn words_stay_as_they_are() {
        let text = "Reads `Vec<u8>` from [FILE].\n\n- one\n    two\n\n```json\n{ \"a\": [1] }\n```\n\tx";
        let comments = printed(text);
        assert_eq!(
            comments
                .lines()
                .map(|line| line.trim_start_matches("///").strip_prefix(' ').unwrap_or(""))
                .collect::<Vec<_>>()
                .join("\n"),
            text
        );
        assert_eq!(argument(Some(text)), comments);
        assert_eq!(
            printed("Finds.\n\n        Args:\n            words: what\n    "),
            "/// Finds.\n///\n/// Args:\n///     words: what\n"
        );
        assert_eq!(allowed(&comments), "#[allow(rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags)]\n");
        assert_eq!(allowed(&printed("Plain.")), "");
    }

    #[test]
    fn code_is_no_example() {
        let cases = [
            ("```\nfind(1)\n```", "/// ```text\n/// find(1)\n/// ```\n"),
            ("~~~ rust,no_run\nfind(1)\n~~~", "/// ~~~text\n/// find(1)\n/// ~~~\n"),
            ("- > ```\n  > find(1)\n  > ```\n  ```", "/// - > ```text\n///   > find(1)\n///   > ```\n///   ```text\n"),
            (
                "a\n\n    find(1)\n\n    find(2)\n\nb",
                "/// a\n///\n/// ```text\n///     find(1)\n///\n///     find(2)\n/// ```\n///\n/// b\n",
            ),
            ("```inline``` text", "/// ```inline``` text\n"),
        ];
        for (text, expected) in cases {
            assert_eq!(printed(&format!("{text}\n.")).trim_end_matches("/// .\n"), expected, "{text}");
        }
        assert_eq!(argument(Some("```\nfind(1)\n```")), "/// ```\n/// find(1)\n/// ```\n");
    }

    #[test]
    fn hidden_characters_are_escaped() {
        assert_eq!(
            printed("a \u{202e}\"b\\\n\u{1b}[0m"),
            "#[doc = \" a \\u{202e}\\\"b\\\\\"]\n#[doc = \" \\u{1b}[0m\"]\n"
        );
        assert_eq!(note("a\n\u{202e}b\u{7}"), "// a \\u{202e}b\\u{7}\n");
    }
}
