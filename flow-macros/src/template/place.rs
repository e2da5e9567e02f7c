//! Where a value comes from: an argument, and the way from there.

/// A step of a path, as the contract sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Seg {
    /// `.name`, by the name written to JSON.
    Field(String),
    /// Each element in turn; of an object, each key.
    Item,
    /// Each value of an object in turn.
    Value,
    /// `[2]`
    Index(usize),
    /// `[key]`, the key being known only when the template is rendered.
    Lookup,
}

/// A step of a path, as the template sees it: two loops over one list give different elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Field(String),
    Index(usize),
    /// The element of one `for`.
    Item(usize),
    /// The value of one `for` over pairs.
    Value(usize),
    /// What one key gives: its text, and which bindings it was read under.
    Lookup(String, usize),
    /// The pairs of an object, as `items` gives them.
    Pairs,
}

/// A value that comes from an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) argument: usize,
    pub(super) steps: Vec<Step>,
    /// How many places of the way, the argument being the first, are known to be there.
    pub(super) present: usize,
}

impl Place {
    pub(super) fn argument(argument: usize) -> Self {
        Self { argument, steps: Vec::new(), present: 0 }
    }

    /// One step further; `None` where the template leaves the argument, as with the key of a pair.
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

    /// The same value, known to be there.
    pub(super) fn there(mut self) -> Self {
        // Pairs are no place of their own: of each, only the object they come from is known.
        let places = self.steps.iter().position(|step| *step == Step::Pairs).unwrap_or(self.steps.len());
        self.present = places + 1;
        self
    }

    /// The loop in which `key` is each key of this value, as in `for key in value`, so that `value[key]` is there.
    pub(super) fn loop_over_keys(&self, key: &Self) -> Option<usize> {
        match key.steps.split_last() {
            Some((Step::Item(id), way)) if key.argument == self.argument && way == self.steps => Some(*id),
            _ => None,
        }
    }

    /// How many places both ways share, the argument being the first.
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
