//! The text of a compile error about mismatches.

use super::text::Text;

/// How many mismatches are listed before `… and N more`.
const SHOWN: u32 = 8;

/// The mismatches found by a check, as text. A report without mismatches is [`ok`](Self::ok).
#[derive(Clone, Copy, Debug)]
pub struct Report {
    text: Text<4096>,
    mismatches: u32,
    told: u32,
    checked: bool,
    /// What begins a line.
    margin: &'static str,
}

impl Report {
    /// Creates an empty report.
    pub const fn new() -> Self {
        Self { text: Text::new(), mismatches: 0, told: 0, checked: true, margin: "\n  " }
    }

    /// Creates a report for something that could not be checked: it is ok, but not [`checked`](Self::checked).
    pub const fn unchecked() -> Self {
        Self { checked: false, ..Self::new() }
    }

    /// An empty report with deeper indentation, to be embedded in another text.
    pub(crate) const fn part() -> Self {
        Self { margin: "\n    ", ..Self::new() }
    }

    /// Returns whether nothing was found.
    pub const fn ok(&self) -> bool {
        self.mismatches == 0
    }

    /// Returns whether anything was compared; `false` if a projection led nowhere known.
    pub const fn checked(&self) -> bool {
        self.checked
    }

    /// Returns the number of mismatches, listed or not.
    pub const fn mismatches(&self) -> u32 {
        self.mismatches
    }

    /// Returns the text.
    pub const fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// Appends `pieces` to the text as they are: the headline, before anything is compared.
    pub const fn headline(mut self, pieces: &[&str]) -> Self {
        self.write(pieces);
        self
    }

    /// Appends a line after the mismatches, if there are any: where something is, or the way out.
    pub const fn note(mut self, pieces: &[&str]) -> Self {
        if !self.ok() {
            self.write(&[self.margin]);
            self.write(pieces);
        }
        self
    }

    /// Appends the page of the manual that explains the rule, if there is a mismatch.
    pub(crate) const fn see(self, page: &str) -> Self {
        self.note(&["see flow::errors::", page])
    }

    /// Adds a mismatch with its complete text.
    pub(crate) const fn mismatch(&mut self, pieces: &[&str]) {
        if self.begin() {
            self.write(pieces);
        }
    }

    /// Counts a mismatch; returns `true` if it is to be listed.
    pub(crate) const fn begin(&mut self) -> bool {
        self.mismatches += 1;
        if self.mismatches > SHOWN {
            return false;
        }
        self.told += 1;
        if !self.text.is_empty() {
            self.text.push(self.margin);
        }
        true
    }

    /// Adds how many mismatches were not listed.
    pub(crate) const fn finish(&mut self) {
        if self.mismatches > self.told {
            self.text.push(self.margin);
            self.text.push("… and ");
            self.text.push_int((self.mismatches - self.told) as i128);
            self.text.push(" more");
            self.told = self.mismatches;
        }
    }

    pub(crate) const fn write(&mut self, pieces: &[&str]) {
        let mut at = 0;
        while at < pieces.len() {
            self.text.push(pieces[at]);
            at += 1;
        }
    }

    pub(crate) const fn write_int(&mut self, value: usize) {
        self.text.push_int(value as i128);
    }
}

impl Default for Report {
    fn default() -> Self {
        Self::new()
    }
}

impl core::fmt::Display for Report {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Fails the build with the text of a report that is not ok, at the caller's location.
#[track_caller]
pub const fn enforce(report: &Report) {
    if !report.ok() {
        panic!("{}", report.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_counted() {
        let mut report = Report::new().headline(&["too much"]);
        for _ in 0..11 {
            report.mismatch(&["at `.`: wrong"]);
        }
        report.finish();
        assert_eq!(report.as_str().matches("wrong").count(), 8);
        assert!(report.as_str().ends_with("\n  … and 3 more"));
    }

    #[test]
    fn a_note_needs_a_mismatch() {
        assert_eq!(Report::new().note(&["change it"]).as_str(), "");
        let mut report = Report::new();
        report.mismatch(&["wrong"]);
        assert_eq!(report.note(&["change it"]).as_str(), "wrong\n  change it");
    }

    #[test]
    #[should_panic(expected = "wrong")]
    fn a_bad_report_stops() {
        let mut report = Report::new();
        report.mismatch(&["wrong"]);
        enforce(&report);
    }
}
