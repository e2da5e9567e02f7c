//! Formats timestamps, durations, tables and values for people.

use std::time::Duration;

use flow_runtime::run::Stamp;
use serde_json::Value;

/// Marks a run whose answers are made up.
pub(super) const MADE_UP: &str = "answers made up offline";

/// `2026-11-26 14:51:21 UTC`
pub(super) fn moment(stamp: Stamp) -> String {
    let millis = i64::try_from(stamp.0).unwrap_or(i64::MAX);
    match jiff::Timestamp::from_millisecond(millis) {
        Ok(moment) => moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => "never".to_owned(),
    }
}

/// Milliseconds below one second, otherwise seconds with one decimal.
pub(super) fn duration(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

/// `812 B`, `48 kB` or `1.5 MB`.
pub(super) fn bytes(count: usize) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{} kB", count / 1_000),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

/// Aligned table; columns marked `right` are right-aligned.
pub(super) fn table<const N: usize>(heads: [&str; N], right: [bool; N], rows: &[[String; N]]) -> String {
    // Cells may contain line breaks, but a row must stay on one line.
    let flat = |text: &str| text.replace('\n', "\\n");
    let all: Vec<[String; N]> =
        std::iter::once(heads.map(flat)).chain(rows.iter().map(|row| row.each_ref().map(|cell| flat(cell)))).collect();
    let width = |column: usize| all.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let cell = |(column, text): (usize, &String)| match right[column] {
        true => format!("{text:>width$}", width = widths[column]),
        false => format!("{text:width$}", width = widths[column]),
    };
    let line =
        |row: &[String; N]| row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned();
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// First line of a value as JSON, truncated.
pub(super) fn start(value: &Value) -> String {
    start_of(&value.to_string())
}

/// First line of a text, truncated.
pub(super) fn start_of(text: &str) -> String {
    const SHOWN: usize = 200;
    let line = text.lines().next().unwrap_or_default();
    let shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < text.trim_end().len() { format!("{shown}…") } else { shown }
}

/// Prefixes each line of untrusted text, so that it cannot pass for the program's own output.
pub(super) fn cited(text: &str) -> String {
    text.lines().map(|line| format!("  | {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Same as [`cited`], for text that starts in the middle of a line.
pub(super) fn behind(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join("\n  | ")
}

/// Quotes a word for a POSIX shell if necessary.
pub(super) fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@%+,=".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_utc() {
        assert_eq!(moment(Stamp(1_764_168_681_999)), "2025-11-26 14:51:21 UTC");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!([812, 48_999, 1_500_000].map(bytes), ["812 B", "48 kB", "1.5 MB"]);
    }

    #[test]
    fn times_are_short() {
        assert_eq!(duration(Duration::from_micros(999_400)), "999 ms");
        assert_eq!(duration(Duration::from_millis(1_260)), "1.3 s");
    }

    #[test]
    fn what_a_shell_would_change_is_quoted() {
        assert_eq!((quoted("cv-17").as_str(), quoted("map[1]/a").as_str()), ("cv-17", "'map[1]/a'"));
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }

    #[test]
    fn a_row_is_one_line() {
        let rows = [["a\nforged".to_owned(), "1".to_owned()]];
        assert_eq!(table(["x", "n"], [false, true], &rows), "x          n\na\\nforged  1");
    }

    #[test]
    fn columns_are_as_wide_as_they_need() {
        let rows = [["a".to_owned(), "10".to_owned()], ["long".to_owned(), "9".to_owned()]];
        assert_eq!(table(["x", "n"], [false, true], &rows), "x      n\na     10\nlong   9");
    }
}
