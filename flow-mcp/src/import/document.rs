//! Doc comments.

/// A text as doc comments. A line that Markdown reads as code would be compiled, so it is not indented.
pub(super) fn comment(text: Option<&str>, indent: &str) -> String {
    let lines = text.unwrap_or_default().trim().lines().map(str::trim);
    lines.map(|line| format!("{indent}/// {}", plain(line)).trim_end().to_owned() + "\n").collect()
}

/// The text in one line.
pub(super) fn line(text: &str) -> String {
    text.split_whitespace().map(plain).collect::<Vec<_>>().join(" ")
}

/// Fences would begin examples, and angle brackets and square brackets would be HTML and links.
fn plain(text: &str) -> String {
    text.replace("```", "'''").replace('<', "\\<").replace('[', "\\[").replace('\r', "")
}
