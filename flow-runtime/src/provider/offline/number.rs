//! Numbers found near the words of a property, within its bounds.

use serde_json::{Map, Value};

use super::document::Document;
use super::hash;
use super::hint::Hint;
use super::words::{self, alike};

/// How many numbers are considered.
const NUMBERS: usize = 400;

/// The width of the range for made-up numbers.
const SPREAD: f64 = 10.0;

/// A number for a property.
pub(super) fn number(document: &Document, hint: &Hint, constraints: &Map<String, Value>, whole: bool) -> Value {
    let range = Range::new(constraints, whole);
    let fitting = near(document, hint).into_iter().filter_map(|number| range.fit(number)).nth(hint.nth);
    let number = fitting.unwrap_or_else(|| range.made_up(hash(document.seed, &hint.key())));
    if whole { range.whole(number) } else { number.into() }
}

/// The numbers in lines that mention the property, the nearest to the mention first.
fn near(document: &Document, hint: &Hint) -> Vec<f64> {
    let wanted = hint.words();
    let mut found: Vec<(usize, f64)> = Vec::new();
    for line in &document.lines {
        let words: Vec<_> = line.split_whitespace().collect();
        let named: Vec<_> = (0..words.len()).filter(|index| speaks_of(words[*index], &wanted)).collect();
        for (index, number) in words.iter().enumerate().filter_map(|(index, word)| Some((index, parse(word)?))) {
            let distance = named.iter().map(|at| at.abs_diff(index)).min();
            found.extend(distance.map(|distance| (distance, number)));
        }
        if found.len() > NUMBERS {
            break;
        }
    }
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().map(|(_, number)| number).collect()
}

fn speaks_of(word: &str, wanted: &[String]) -> bool {
    words::of_text(word).any(|word| wanted.iter().any(|wanted| alike(&word, wanted)))
}

/// Parses a word as a number, without the punctuation and signs around it: `$1,200.50`, `87%`, `(3)`.
fn parse(word: &str) -> Option<f64> {
    let plain = word.trim_matches(|letter: char| !letter.is_ascii_digit() && letter != '-');
    let digits = plain.replace(',', "");
    digits.parse().ok().filter(|number: &f64| number.is_finite() && digits.len() < 16)
}

/// The numbers that a schema allows.
struct Range {
    low: Option<f64>,
    high: Option<f64>,
    step: Option<f64>,
}

impl Range {
    fn new(constraints: &Map<String, Value>, whole: bool) -> Self {
        let get = |key: &str| constraints.get(key).and_then(Value::as_f64);
        let step = get("multipleOf").or(whole.then_some(1.0));
        // The nearest number inside an exclusive bound; for real numbers, any small step will do.
        let inside = step.unwrap_or(1e-3);
        let above = get("exclusiveMinimum").map(|bound| ((bound / inside).floor() + 1.0) * inside);
        let below = get("exclusiveMaximum").map(|bound| ((bound / inside).ceil() - 1.0) * inside);
        let low = [get("minimum"), above].into_iter().flatten().reduce(f64::max);
        let high = [get("maximum"), below].into_iter().flatten().reduce(f64::min);
        Self { low, high, step }
    }

    /// The number, rounded down to a multiple, if it is in range.
    fn fit(&self, number: f64) -> Option<f64> {
        // A fraction may be written as a percentage.
        let share = self.high.is_some_and(|high| high <= 1.0) && number > 1.0 && number <= 100.0;
        let number = if share { number / 100.0 } else { number };
        let number = self.step.map_or(number, |step| (number / step).floor() * step);
        let inside = self.low.is_none_or(|low| number >= low) && self.high.is_none_or(|high| number <= high);
        inside.then_some(number)
    }

    /// A number near zero, as far as the bounds allow.
    fn made_up(&self, seed: u64) -> f64 {
        let (least, most) = (self.low.unwrap_or(f64::MIN), self.high.unwrap_or(f64::MAX));
        let low = least.max(0.0_f64.min(most - SPREAD));
        let high = most.min(low + SPREAD);
        let number = low + (high - low) * ((seed % 101) as f64 / 100.0);
        let Some(step) = self.step else { return ((number * 100.0).round() / 100.0).clamp(low, high.max(low)) };
        let below = (number / step).floor() * step;
        if below < least { (least / step).ceil() * step } else { below }
    }

    /// A whole number as a JSON integer.
    fn whole(&self, number: f64) -> Value {
        if number >= 0.0 { (number as u64).into() } else { (number as i64).into() }
    }
}
