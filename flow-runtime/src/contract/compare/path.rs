//! The path of a mismatch, as in `.candidate.skills[].name`.

use super::pair::Step;
use super::search::Search;

/// Maximum number of path steps shown.
const SHOWN: usize = 64;

impl<const N: usize> Search<'_, N> {
    /// Reports a mismatch one step from a pair.
    pub(super) const fn mismatch(&mut self, at: usize, step: Step, pieces: &[&str]) {
        if !self.ends_trial() && self.report.begin() {
            self.report.write(&["at `"]);
            self.write_path(at, step);
            self.report.write(&["`: "]);
            self.report.write(pieces);
        }
    }

    const fn write_path(&mut self, at: usize, last: Step) {
        let mut steps = [Step::Same; SHOWN];
        let mut first = SHOWN - 1;
        steps[first] = last;
        let mut pair = at;
        while pair > 0 && first > 0 {
            if !matches!(self.pairs[pair].step, Step::Same | Step::Opened | Step::Scope) {
                first -= 1;
                steps[first] = self.pairs[pair].step;
            }
            pair = self.pairs[pair].parent;
        }
        let mut empty = self.write_base();
        if pair > 0 {
            self.report.write(&["…"]);
        }
        while first < SHOWN {
            empty &= matches!(steps[first], Step::Same);
            self.write_step(steps[first]);
            first += 1;
        }
        if empty {
            self.report.write(&["."]);
        }
    }

    /// Writes the projection that the comparison began at; returns `true` if there is none.
    const fn write_base(&mut self) -> bool {
        let mut at = 0;
        while at < self.base.len() {
            self.base[at].write(&mut self.report);
            at += 1;
        }
        self.base.is_empty()
    }

    const fn write_step(&mut self, step: Step) {
        match step {
            Step::Same | Step::Opened | Step::Scope => {}
            Step::Field(name) => self.report.write(&[".", name]),
            Step::Index(index) => {
                self.report.write(&["."]);
                self.report.write_int(index);
            }
            Step::Item => self.report.write(&["[]"]),
            Step::Value => self.report.write(&["{}"]),
            Step::Variant(name) => self.report.write(&["::", name]),
        }
    }
}
