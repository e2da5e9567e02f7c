//! Numbers taken from the text by the name of a property, within its bounds.

use serde_json::Value;

use super::document::Document;
use super::hint::Hint;
use super::words::mentions;
use crate::provider::lower::tree::Node;

/// The width of the range for made-up numbers, in steps.
const SPREAD: f64 = 10.0;

/// A number for a property: from the text if possible, otherwise near zero or the bounds.
pub(super) fn number(document: &Document, hint: &Hint, node: &Node, whole: bool) -> Value {
    let get = |key: &str| node.constraints.get(key).and_then(Value::as_f64);
    let (above, below) = (get("exclusiveMinimum"), get("exclusiveMaximum"));
    let least = get("minimum").into_iter().chain(above).reduce(f64::max);
    let most = get("maximum").into_iter().chain(below).reduce(f64::min);
    let step = get("multipleOf").or(whole.then_some(1.0));
    let fits = |number: &f64| {
        let inside = least.is_none_or(|least| *number >= least) && most.is_none_or(|most| *number <= most);
        inside && above != Some(*number) && below != Some(*number)
    };
    let rounded = |number: f64| step.map_or((number * 1e3).round() / 1e3, |step| (number / step).floor() * step);
    // A fraction may be written as a percentage.
    let is_percent = |number: f64| most.is_some_and(|most| most <= 1.0) && number > 1.0 && number <= 100.0;
    let found = near(document, hint).into_iter().map(|number| if is_percent(number) { number / 100.0 } else { number });

    let low = least.unwrap_or_else(|| most.map_or(0.0, |most| (most - SPREAD).min(0.0)));
    let low = step.map_or(low, |step| (low / step).ceil() * step);
    let spread = (most.unwrap_or(f64::MAX) - low).min(SPREAD * step.unwrap_or(1.0).max(1.0));
    let pick = hint.pick(document.seed);
    let mut made_up = (0..=10).map(|nth| low + spread * ((pick + nth) % 11) as f64 / 10.0).map(rounded);

    let found = found.map(rounded).filter(fits).nth(hint.nth);
    let number = found.or_else(|| made_up.find(fits)).unwrap_or(low);
    if whole { (number as i64).into() } else { number.into() }
}

/// The numbers in lines that mention the property, the nearest to the mention first.
fn near(document: &Document, hint: &Hint) -> Vec<f64> {
    let mut found: Vec<(usize, f64)> = Vec::new();
    for line in &document.lines {
        let words: Vec<_> = line.split_whitespace().collect();
        let named: Vec<_> = (0..words.len()).filter(|at| mentions(words[*at], &hint.said)).collect();
        for (at, word) in words.iter().enumerate() {
            found.extend(named.iter().map(|named| named.abs_diff(at)).min().zip(parse(word)));
        }
    }
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().map(|(_, number)| number).collect()
}

/// Parses a word as a number, without the punctuation and signs around it: `$1,200.50`, `87%`, `(3)`.
fn parse(word: &str) -> Option<f64> {
    let plain = word.trim_matches(|letter: char| !letter.is_ascii_digit() && letter != '-').replace(',', "");
    plain.parse().ok().filter(|_| plain.len() < 16 && !plain.contains(['e', 'E']))
}
