//! The name that was probably meant, found while the crate compiles.

/// Longer names are compared by no one; they get no suggestion.
const LONGEST: usize = 48;

/// The edit distance of two names, or a number above `limit` once it is known to exceed it.
///
/// Only the band of cells that can stay within the limit is computed: a contract of hundreds of fields is searched in
/// constant evaluation.
const fn distance(a: &[u8], b: &[u8], limit: usize) -> usize {
    if a.len() > LONGEST || b.len() > LONGEST || a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut row = [usize::MAX - 1; LONGEST + 1];
    let mut j = 0;
    while j <= b.len() && j <= limit {
        row[j] = j;
        j += 1;
    }
    let mut i = 1;
    while i <= a.len() {
        let low = if i > limit { i - limit } else { 1 };
        let high = if i + limit < b.len() { i + limit } else { b.len() };
        if next_row(&mut row, i, a, b, low, high) > limit {
            return limit + 1;
        }
        i += 1;
    }
    row[b.len()]
}

/// Replaces row `i - 1` of the table by row `i` between the columns `low` and `high`; its smallest cell.
const fn next_row(row: &mut [usize; LONGEST + 1], i: usize, a: &[u8], b: &[u8], low: usize, high: usize) -> usize {
    let mut diagonal = row[low - 1];
    row[low - 1] = if low == 1 { i } else { usize::MAX - 1 };
    let mut smallest = row[low - 1];
    let mut j = low;
    while j <= high {
        let replaced = if a[i - 1].eq_ignore_ascii_case(&b[j - 1]) { diagonal } else { diagonal + 1 };
        diagonal = row[j];
        row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
        smallest = least(smallest, row[j]);
        j += 1;
    }
    if high < b.len() {
        row[high + 1] = usize::MAX - 1;
    }
    smallest
}

const fn least(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

/// The best name so far for one that was not found.
pub(super) struct Nearest {
    wanted: &'static str,
    found: Option<&'static str>,
    limit: usize,
}

impl Nearest {
    pub(super) const fn new(wanted: &'static str) -> Self {
        // A third of the name may differ, but never all of it.
        let third = wanted.len().div_ceil(3);
        Self { wanted, found: None, limit: least(least(third, 3) + 1, wanted.len()) }
    }

    pub(super) const fn offer(&mut self, name: &'static str) {
        if self.limit == 0 {
            return;
        }
        let distance = distance(self.wanted.as_bytes(), name.as_bytes(), self.limit - 1);
        if distance < self.limit {
            self.limit = distance;
            self.found = Some(name);
        }
    }

    pub(super) const fn get(&self) -> Option<&'static str> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(wanted: &'static str, names: &[&'static str]) -> Option<&'static str> {
        let mut nearest = Nearest::new(wanted);
        names.iter().for_each(|name| nearest.offer(name));
        nearest.get()
    }

    #[test]
    fn counts_edits_within_the_limit() {
        let edits = |a: &str, b: &str| distance(a.as_bytes(), b.as_bytes(), 4);
        assert_eq!(edits("text", "text"), 0);
        assert_eq!(edits("txet", "text"), 2);
        assert_eq!(edits("skill", "skills"), 1);
        assert_eq!(edits("skills", "skill"), 1);
        assert_eq!(edits("abcdef", "bcdefg"), 2);
        assert_eq!(edits("Text", "tEXT"), 0);
        assert!(edits("abcdefgh", "stuvwxyz") > 4);
    }

    #[test]
    fn names_the_closest_and_only_if_close() {
        assert_eq!(nearest("nmae", &["text", "name", "names"]), Some("name"));
        assert_eq!(nearest("nam", &["text", "names", "name"]), Some("name"));
        assert_eq!(nearest("phone_numbr", &["phone", "phone_number"]), Some("phone_number"));
        assert_eq!(nearest("salary", &["text", "name"]), None);
        assert_eq!(nearest("x", &["y"]), None);
    }
}
