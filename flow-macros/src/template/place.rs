//! The origin of a value: an argument and a path into it.

/// A segment of a path, as seen by the contract.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Seg {
    /// `.name`, as in JSON.
    Field(String),
    /// Each element of a list, or each key of an object.
    Item,
    /// Each value of an object.
    Value,
    /// `[2]`
    Index(usize),
    /// `[key]`, with a key known only at render time.
    Lookup,
}

/// A segment of a path, as seen by the template: two loops over the same list yield different elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Field(String),
    Index(usize),
    /// The element of the `for` with this id.
    Item(usize),
    /// The value in the `for` over pairs with this id.
    Value(usize),
    /// The value under a key: the key's source text and the binding count when it was read.
    Lookup(String, usize),
    /// The pairs of an object, as returned by `items`.
    Pairs,
}

/// A value that comes from an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) argument: usize,
    pub(super) steps: Vec<Step>,
    /// How many leading places of the path, counting the argument, are known to be present.
    pub(super) present: usize,
}

impl Place {
    pub(super) fn argument(argument: usize) -> Self {
        Self { argument, steps: Vec::new(), present: 0 }
    }

    /// Extends the path by one step; `None` if the result is no longer part of the argument, such as the key of a pair.
    pub(super) fn then(mut self, step: Step) -> Option<Self> {
        let pair = self.steps.len().checked_sub(2).filter(|at| self.steps[*at] == Step::Pairs);
        match (pair, step) {
            (Some(at), Step::Index(1)) => {
                let Step::Item(id) = self.steps[at + 1] else { return None };
                self.steps.truncate(at);
                self.steps.push(Step::Value(id));
            }
            (Some(_), _) => return None,
            (None, step) => self.steps.push(step),
        }
        Some(self)
    }

    /// Marks the value as present.
    pub(super) fn there(mut self) -> Self {
        // Pairs are not places in the contract, so only the object they come from counts.
        let places = self.steps.iter().position(|step| *step == Step::Pairs).unwrap_or(self.steps.len());
        self.present = places + 1;
        self
    }

    /// The id of the loop `for key in value` that iterates over this value's keys, so that `value[key]` is present.
    pub(super) fn loop_over_keys(&self, key: &Self) -> Option<usize> {
        match key.steps.split_last() {
            Some((Step::Item(id), way)) if key.argument == self.argument && way == self.steps => Some(*id),
            _ => None,
        }
    }

    /// How many leading places both paths share, counting the argument.
    pub(super) fn shared(&self, other: &Self) -> usize {
        if self.argument != other.argument {
            return 0;
        }
        1 + self.steps.iter().zip(&other.steps).take_while(|(a, b)| a == b).count()
    }

    pub(super) fn path(&self) -> Vec<Seg> {
        let seg = |step: &Step| match step {
            Step::Field(name) => Some(Seg::Field(name.clone())),
            Step::Index(n) => Some(Seg::Index(*n)),
            Step::Item(_) => Some(Seg::Item),
            Step::Value(_) => Some(Seg::Value),
            Step::Lookup(..) => Some(Seg::Lookup),
            Step::Pairs => None,
        };
        self.steps.iter().take_while(|step| **step != Step::Pairs).filter_map(seg).collect()
    }
}
