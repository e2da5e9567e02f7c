//! Whether what one contract writes another can read, decided while the crate compiles.

mod choices;
mod evolution;
mod keys;
mod object;
mod pair;
mod path;
mod rules;
mod scalars;
mod search;
mod tell;
mod variants;

pub use evolution::Evolution;
pub(crate) use keys::is_key;

use super::project::{Projection, Seg, project};
use super::report::Report;
use super::shape::{Shape, is_same};
use super::unchanged::Unchanged;
use search::{CAPACITY, FEW, Search};

/// Compares what `from` writes with what `to` reads. The report is ok if every value that `from` writes can be read as `to`, and
/// lists all mismatches otherwise.
///
/// A non-generic type fits itself without being inspected.
pub const fn fits(from: &'static Shape, to: &'static Shape) -> Report {
    compare(Report::new(), &[], from, to)
}

/// Compares and appends to a report; paths begin with `base`, the projection that led to `from`.
pub const fn compare(report: Report, base: &[Seg], from: &'static Shape, to: &'static Shape) -> Report {
    search(report, base, from, to, None)
}

/// The same for two versions of a contract, with messages about the change. An unchanged part always keeps its promise.
pub const fn compare_evolved<'a>(
    report: Report,
    base: &'a [Seg],
    was: &'static Shape,
    now: &'static Shape,
    evolution: Evolution,
    unchanged: Unchanged<'a>,
) -> Report {
    if unchanged.shape(was, now) {
        return report;
    }
    let (from, to) = if evolution.forward { (was, now) } else { (now, was) };
    search(report, base, from, to, Some((evolution, unchanged)))
}

const fn search<'a>(
    report: Report,
    base: &'a [Seg],
    from: &'static Shape,
    to: &'static Shape,
    evolution: Option<(Evolution, Unchanged<'a>)>,
) -> Report {
    if is_same(from, to) {
        return report;
    }
    let mut search = Search::<FEW>::new(report, base, evolution);
    search.run(from, to);
    if !search.overflow {
        return search.report;
    }
    let mut search = Search::<CAPACITY>::new(report, base, evolution);
    search.run(from, to);
    search.report
}

/// Whether serde reads every value that `from` writes as `to`, even if the value changes: numbers may be rounded, and lists are
/// read as the fields of a struct, except as a variant of an untagged enum (`positional`).
pub(crate) const fn reads_all(from: &'static Shape, to: &'static Shape, positional: bool) -> bool {
    let mut least = Search::<LEAST>::lenient(positional);
    let reads = least.fits(from, to);
    if !least.overflow {
        return reads;
    }
    let mut few = Search::<FEW>::lenient(positional);
    let reads = few.fits(from, to);
    if !few.overflow {
        return reads;
    }
    let mut all = Search::<CAPACITY>::lenient(positional);
    all.fits(from, to) && !all.overflow
}

/// Enough to see that most variants differ.
const LEAST: usize = 4;

/// The check of one edge: the part at `path` of what `producer` returns, into an argument of `consumer`.
///
/// A path that leads nowhere known gives a report that is not [`checked`](Report::checked).
pub const fn edge(
    producer: &str,
    path: &[Seg],
    consumer: &str,
    argument: &str,
    from: &'static Shape,
    to: &'static Shape,
) -> Report {
    let Projection::Known(from) = project(from, path) else { return Report::unchecked() };
    let headline =
        ["step `", consumer, "` cannot accept the output of step `", producer, "` (argument `", argument, "`)"];
    compare(Report::new().headline(&headline), path, from, to)
}

#[cfg(test)]
mod tests;
