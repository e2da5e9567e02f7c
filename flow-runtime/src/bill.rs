//! The cost of a run's model calls.

use std::collections::BTreeMap;
use std::fmt;

use crate::event::Event;
use crate::money::Money;
use crate::place::Place;
use crate::provider::{Spent, Usage};

/// The cost of a run's model calls so far: in total, by step or workflow, and by model.
///
/// It is computed from the run's events, by [`Handle::bill`](crate::engine::Handle::bill) or by an observer that passes them to
/// [`add`](Self::add). Failed calls are included with the tokens that the provider counted. Calls that were cancelled when the
/// run failed have an unknown price.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bill {
    /// Keyed by place and model, so repeated calls do not make it grow.
    calls: BTreeMap<(Place, &'static str), Spent>,
}

impl Bill {
    /// Adds an event. Only the end of a model call affects the bill.
    pub fn add(&mut self, event: &Event) {
        if let Event::DidAttempt { place, model: Some(model), usage, cost, .. } = event {
            self.push(place.clone(), model, *usage, *cost);
        }
    }

    fn push(&mut self, place: Place, model: &'static str, usage: Usage, cost: Option<Money>) {
        let spent = self.calls.entry((place, model)).or_default();
        *spent = spent.plus(Spent::call(usage, cost));
    }

    /// Returns whether no model was called.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Returns the total of all calls.
    pub fn total(&self) -> Spent {
        sum(self.calls.values())
    }

    /// Returns the calls of the step at a place, or of all steps of the workflow at a place.
    pub fn at(&self, place: &Place) -> Spent {
        sum(self.calls.iter().filter(|((at, _), _)| at.is_within(place)).map(|(_, spent)| spent))
    }

    /// Returns the calls of each model, sorted by name.
    pub fn by_model(&self) -> Vec<(&'static str, Spent)> {
        let mut models = BTreeMap::<_, Spent>::new();
        for ((_, model), spent) in &self.calls {
            let sum = models.entry(*model).or_default();
            *sum = sum.plus(*spent);
        }
        models.into_iter().collect()
    }
}

fn sum<'a>(calls: impl Iterator<Item = &'a Spent>) -> Spent {
    calls.fold(Spent::default(), |sum, spent| sum.plus(*spent))
}

/// Formats one line per model, and the total: calls, input tokens, cached input tokens, output tokens, cost. Unknown
/// values are shown as `-`.
impl fmt::Display for Bill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.by_model();
        let width = lines.iter().map(|(model, _)| model.len()).fold("total".len(), usize::max);
        lines.push(("total", self.total()));
        write!(f, "{:width$}  {:>5}  {:>9}  {:>9}  {:>9}  cost", "model", "calls", "input", "cached", "output")?;
        for (name, spent) in lines {
            let [input, cached, output] = tokens(&spent.usage);
            write!(f, "\n{name:width$}  {:>5}  {input:>9}  {cached:>9}  {output:>9}  {spent}", spent.calls)?;
        }
        Ok(())
    }
}

fn tokens(usage: &Usage) -> [String; 3] {
    let shown = |count: Option<u64>| count.map_or("-".to_owned(), |count| count.to_string());
    [usage.input_tokens, usage.cached_input_tokens, usage.output_tokens].map(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        serde_json::from_value(path.into()).unwrap()
    }

    fn bill() -> Bill {
        let mut bill = Bill::default();
        let cost = |text| Some(Money::usd(text));
        bill.push(place("map[1]/write"), "a/large", Usage::new(100, 20), cost("0.02"));
        bill.push(place("map[1]/write"), "a/large", Usage::new(100, 20), cost("0.02"));
        bill.push(place("map[10]/write"), "a/large", Usage::new(100, 20), cost("0.02"));
        bill.push(place("sum"), "b/small", Usage::default(), None);
        bill
    }

    #[test]
    fn a_place_has_the_calls_inside_it_and_no_others() {
        let bill = bill();
        let calls = |path: &str| bill.at(&place(path)).calls;
        assert_eq!(["", "map", "map[1]", "map[1]/write", "map[10]/write", "su"].map(calls), [4, 3, 2, 2, 1, 0]);
    }

    #[test]
    fn it_reads_as_a_table() {
        let lines = bill().to_string();
        let lines: Vec<_> = lines.lines().collect();
        assert_eq!(
            lines,
            [
                "model    calls      input     cached     output  cost",
                "a/large      3        300          -         60  $0.06",
                "b/small      1          -          -          -  unknown",
                "total        4        300          -         60  at least $0.06, 1 call of unknown price",
            ]
        );
    }
}
