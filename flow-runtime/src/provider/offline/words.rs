//! Splits names and texts into words, and compares words.

/// Stop words.
const EMPTY: &[&str] = &[
    "about", "after", "also", "and", "any", "are", "been", "but", "can", "for", "from", "had", "has", "have", "her",
    "his", "how", "into", "its", "may", "more", "must", "not", "one", "only", "our", "out", "should", "some", "than",
    "that", "the", "their", "them", "then", "there", "they", "this", "those", "was", "were", "what", "when", "where",
    "which", "who", "whose", "will", "with", "would", "you", "your",
];

/// The lower-case words of a name in any casing: `yearsOfWork`, `years_of_work` and `Years of work` are equal.
pub(super) fn of_name(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && spaced.ends_with(|before: char| before.is_lowercase() || before.is_numeric()) {
            spaced.push(' ');
        }
        spaced.push(letter);
    }
    of_text(&spaced).collect()
}

/// The lower-case words of a text.
pub(super) fn of_text(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// The significant words of a text.
pub(super) fn telling(text: &str) -> impl Iterator<Item = String> + '_ {
    of_text(text).filter(|word| word.chars().count() > 2 && !EMPTY.contains(&&word[..]))
}

/// Whether a text contains one of the words, or a similar one.
pub(super) fn mentions(text: &str, wanted: &[String]) -> bool {
    of_text(text).any(|word| wanted.iter().any(|wanted| alike(&word, wanted)))
}

/// Whether two lower-case words mean the same: they are equal, or one starts with the other and is not much longer (`year`,
/// `years`).
pub(super) fn alike(left: &str, right: &str) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    short == long || (short.len() >= 4 && long.len() - short.len() <= 4 && long.starts_with(short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_in_every_case() {
        for name in ["yearsOfWork", "years_of_work", "Years of work", "years-of-work", "YearsOfWork"] {
            assert_eq!(of_name(name), ["years", "of", "work"], "{name}");
        }
        assert_eq!(of_name("größe"), ["größe"]);
        assert!(of_name("__").is_empty());
    }

    #[test]
    fn plurals_are_alike_and_short_beginnings_are_not() {
        assert!(alike("year", "years") && alike("Skill".to_lowercase().as_str(), "skills") && alike("a", "a"));
        assert!(!alike("car", "cars") && !alike("inter", "international"));
    }
}
