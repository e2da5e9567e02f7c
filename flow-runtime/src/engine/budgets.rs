//! The budgets of the workflows in progress in one run.

use std::sync::Arc;

use super::budget::{Budget, Tokens};
use crate::money::Money;
use crate::place::Place;

/// The budgets of the workflows in progress in one run.
#[derive(Default)]
pub(super) struct Budgets {
    pub(super) money: Open<Money>,
    pub(super) output_tokens: Open<Tokens>,
}

/// Budgets with the place of the workflow that each belongs to.
pub(super) type Open<A> = Vec<(Place, Arc<Budget<A>>)>;

/// The budgets that a call counts against, from the innermost to the outermost.
pub(super) type Line<A> = Vec<Arc<Budget<A>>>;

impl Budgets {
    pub(super) fn is_empty(&self) -> bool {
        self.money.is_empty() && self.output_tokens.is_empty()
    }
}

pub(super) fn around<A>(open: &Open<A>, place: &Place) -> Line<A> {
    let mut mine: Vec<_> = open.iter().filter(|(workflow, _)| place.is_within(workflow)).collect();
    mine.sort_by_key(|(workflow, _)| std::cmp::Reverse(workflow.as_str().len()));
    mine.into_iter().map(|(_, budget)| budget.clone()).collect()
}
