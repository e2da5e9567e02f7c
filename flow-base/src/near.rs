//! Suggests which of several names was meant. It also works in constants, so loops must stay cheap for const evaluation.

/// Longer names get no suggestion.
const LONGEST: usize = 63;

/// The best of the names offered so far.
///
/// Up to a third of the letters may differ, but at most three and never all of them. ASCII case, `_` and `-` are ignored:
/// `phoneNumber` matches `phone_number`.
///
/// ```
/// # use flow_base::near::Nearest;
/// let mut nearest = Nearest::new("skils");
/// nearest.offer("name");
/// nearest.offer("skills");
/// assert_eq!(nearest.get(), Some("skills"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Nearest<'w, 'n> {
    wanted: &'w str,
    best: Option<&'n str>,
    /// The best distance so far; only a smaller one is an improvement.
    below: usize,
}

impl<'w, 'n> Nearest<'w, 'n> {
    /// Starts a search for a name like `wanted`.
    pub const fn new(wanted: &'w str) -> Self {
        let third = least(wanted.len().div_ceil(3), 3);
        Self { wanted, best: None, below: least(third + 1, wanted.len()) }
    }

    /// Offers a candidate.
    pub const fn offer(&mut self, name: &'n str) {
        if self.below == 0 {
            return;
        }
        let (wanted, offered) = (self.wanted.as_bytes(), name.as_bytes());
        let distance = if loosely_equal(wanted, offered) { 0 } else { distance(wanted, offered, self.below - 1) };
        if distance < self.below {
            self.below = distance;
            self.best = Some(name);
        }
    }

    /// Returns the nearest name, if any is near enough.
    pub const fn get(&self) -> Option<&'n str> {
        self.best
    }
}

/// Returns the name nearest to `wanted`, if any is near enough.
pub fn nearest<'n>(wanted: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let mut nearest = Nearest::new(wanted);
    names.into_iter().filter(|name| *name != wanted).for_each(|name| nearest.offer(name));
    nearest.get()
}

/// Returns a hint at the nearest name, to end a message with; empty if none is near enough.
///
/// ```
/// # use flow_base::near::did_you_mean;
/// assert_eq!(did_you_mean("nmae", ["name", "skills"]), "; did you mean `name`?");
/// assert_eq!(did_you_mean("salary", ["name", "skills"]), "");
/// ```
pub fn did_you_mean<'n>(wanted: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    nearest(wanted, names).map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// Whether the names differ only in case, `_` and `-`.
const fn loosely_equal(a: &[u8], b: &[u8]) -> bool {
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

type Row = [usize; LONGEST + 1];

/// The number of bytes to insert, delete, replace or swap with the next one (optimal string alignment), or `limit + 1` if it is
/// above the limit. Only cells that can stay within the limit are computed.
const fn distance(a: &[u8], b: &[u8], limit: usize) -> usize {
    if a.len() > LONGEST || b.len() > LONGEST || a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    const FAR: usize = usize::MAX - 1;
    let (mut before, mut row): (Row, Row) = ([FAR; LONGEST + 1], [FAR; LONGEST + 1]);
    let mut j = 0;
    while j <= b.len() && j <= limit {
        row[j] = j;
        j += 1;
    }
    let mut i = 1;
    while i <= a.len() {
        let mut next = [FAR; LONGEST + 1];
        let (low, high) = (if i > limit { i - limit } else { 1 }, least(i + limit, b.len()));
        next[low - 1] = if low == 1 { i } else { FAR };
        let (mut j, mut smallest) = (low, next[low - 1]);
        while j <= high {
            next[j] = cell(&before, &row, &next, (a, i), (b, j));
            smallest = least(smallest, next[j]);
            j += 1;
        }
        if smallest > limit {
            return limit + 1;
        }
        before = row;
        row = next;
        i += 1;
    }
    row[b.len()]
}

const fn cell(before: &Row, row: &Row, next: &Row, (a, i): (&[u8], usize), (b, j): (&[u8], usize)) -> usize {
    let is_same = a[i - 1].eq_ignore_ascii_case(&b[j - 1]);
    let cell = least(row[j - 1] + !is_same as usize, least(row[j], next[j - 1]) + 1);
    let is_swapped =
        i > 1 && j > 1 && a[i - 1].eq_ignore_ascii_case(&b[j - 2]) && a[i - 2].eq_ignore_ascii_case(&b[j - 1]);
    if is_swapped { least(cell, before[j - 2] + 1) } else { cell }
}

const fn least(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_in_another_case_is_nearest() {
        assert_eq!(nearest("phoneNumber", ["phoneNumbers", "phone_number"]), Some("phone_number"));
    }

    #[test]
    fn the_closest_is_named_and_only_if_it_is_close() {
        for (wanted, names, expected) in [
            ("tickt", &["user", "ticket"][..], Some("ticket")),
            ("skils", &["name", "skills"], Some("skills")),
            ("nam", &["text", "names", "name"], Some("name")),
            ("nmae", &["text", "name", "names"], Some("name")),
            ("txet", &["text"], Some("text")),
            ("noet", &["text", "note"], Some("note")),
            ("Promt", &["prompt"], Some("prompt")),
            ("phone_numbr", &["phone", "phone_number"], Some("phone_number")),
            ("résume", &["résumé"], Some("résumé")),
            ("salary", &["text", "name"], None),
            ("years", &["name", "id"], None),
            ("ton", &["not"], None),
            ("x", &["y"], None),
            ("", &["y"], None),
        ] {
            assert_eq!(nearest(wanted, names.iter().copied()), expected, "{wanted}");
        }
    }

    #[test]
    fn edits_are_counted_up_to_the_limit() {
        for (a, b, expected) in [
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("same", "SAME", 0),
            ("noet", "note", 1),
            ("ab", "ba", 1),
            ("skill", "skills", 1),
            ("skills", "skill", 1),
            ("abcdef", "bcdefg", 2),
            ("abcdefgh", "stuvwxyz", 5),
        ] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes(), 4), expected, "{a} {b}");
        }
    }
}
