//! Which of several names was probably meant.

/// Names longer than this are not compared: nobody mistypes them by one letter.
const LONGEST: usize = 63;

/// The best of the names offered so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nearest<'w, 'n> {
    wanted: &'w str,
    best: Option<&'n str>,
    distance: usize,
}

impl<'w, 'n> Nearest<'w, 'n> {
    /// A search for a name like `wanted`.
    pub(crate) const fn new(wanted: &'w str) -> Self {
        // A third of the letters may differ, as in rustc's own suggestions.
        let limit = if wanted.len() < 3 { 1 } else { wanted.len() / 3 };
        Self { wanted, best: None, distance: limit + 1 }
    }

    /// Offers a name.
    pub(crate) const fn offer(&mut self, name: &'n str) {
        let distance = if loosely_equal(self.wanted, name) { 0 } else { distance(self.wanted, name) };
        if distance < self.distance {
            self.best = Some(name);
            self.distance = distance;
        }
    }

    /// The nearest name, if any is near.
    pub(crate) const fn get(&self) -> Option<&'n str> {
        self.best
    }
}

/// The names differ only in case, `_` and `-`: `phoneNumber` and `phone_number`.
const fn loosely_equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (mut i, mut j) = (0, 0);
    loop {
        while i < a.len() && is_joint(a[i]) {
            i += 1;
        }
        while j < b.len() && is_joint(b[j]) {
            j += 1;
        }
        if i == a.len() || j == b.len() {
            return i == a.len() && j == b.len();
        }
        if !a[i].eq_ignore_ascii_case(&b[j]) {
            return false;
        }
        i += 1;
        j += 1;
    }
}

const fn is_joint(byte: u8) -> bool {
    byte == b'_' || byte == b'-'
}

/// How many bytes to insert, delete, replace or swap with the next: by the usual table, of which three rows are kept.
const fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let (mut before, mut row) = ([0_usize; LONGEST + 1], [0_usize; LONGEST + 1]);
    let mut j = 0;
    while j <= b.len() {
        row[j] = j;
        j += 1;
    }
    let mut i = 0;
    while i < a.len() {
        let next = next_row(&before, &row, (a, i), b);
        before = row;
        row = next;
        i += 1;
    }
    row[b.len()]
}

const fn next_row(
    before: &[usize; LONGEST + 1],
    row: &[usize; LONGEST + 1],
    (a, i): (&[u8], usize),
    b: &[u8],
) -> [usize; LONGEST + 1] {
    let mut next = [0_usize; LONGEST + 1];
    next[0] = i + 1;
    let mut j = 0;
    while j < b.len() {
        let replaced = row[j] + (a[i] != b[j]) as usize;
        next[j + 1] = least(replaced, row[j + 1] + 1, next[j] + 1);
        if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
            next[j + 1] = least(next[j + 1], before[j - 1] + 1, usize::MAX);
        }
        j += 1;
    }
    next
}

const fn least(a: usize, b: usize, c: usize) -> usize {
    let ab = if a < b { a } else { b };
    if ab < c { ab } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(wanted: &str, names: &[&'static str]) -> Option<&'static str> {
        let mut search = Nearest::new(wanted);
        names.iter().for_each(|name| search.offer(name));
        search.get()
    }

    #[test]
    fn spelling_in_another_case_is_nearest() {
        assert_eq!(nearest("phoneNumber", &["phoneNumbers", "phone_number"]), Some("phone_number"));
    }

    #[test]
    fn a_letter_too_many_is_near() {
        assert_eq!(nearest("skils", &["name", "skills"]), Some("skills"));
    }

    #[test]
    fn an_unrelated_name_is_not_offered() {
        assert_eq!(nearest("years", &["name", "id"]), None);
    }

    #[test]
    fn letters_that_have_changed_places_are_near() {
        assert_eq!(nearest("noet", &["text", "note"]), Some("note"));
        assert_eq!(nearest("ton", &["not"]), None);
    }

    #[test]
    fn edits_are_counted() {
        for (a, b, expected) in [
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("same", "same", 0),
            ("noet", "note", 1),
            ("ab", "ba", 1),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
