//! What a model's call costs: its price, the budgets it falls under, and what it took in the end.

use std::sync::Arc;
use std::time::Duration;

use super::budget::{Budget, Exceeded, Reservation};
use super::execute::Here;
use super::{InProcess, Shared, lock};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meta;
use crate::money::Money;
use crate::provider::{Price, Request, Usage};
use crate::run::Place;

/// The budgets of the workflows under way in one run, by the place of each.
pub(super) type Budgets = Vec<(Place, Arc<Budget>)>;

/// Whether a run of this may meet a cap that a workflow has set itself.
pub(super) fn is_capped(meta: &'static Meta) -> bool {
    meta.reachable().iter().any(|part| cap(part).is_some())
}

fn cap(meta: &Meta) -> Option<Money> {
    meta.graph.and_then(|graph| graph.limits.cost)
}

impl InProcess {
    /// Opens the budget of a workflow that has one.
    pub(super) fn open_budget(&self, place: impl FnOnce() -> Place, meta: &'static Meta) {
        let Some(cap) = cap(meta) else { return };
        let budget = Budget::new(format!("`max_cost = \"{cap}\"` of workflow `{}`", meta.name), cap);
        lock(&self.budgets).push((place(), budget));
    }

    pub(super) fn close_budget(&self, place: impl FnOnce() -> Place) {
        let mut budgets = lock(&self.budgets);
        if !budgets.is_empty() {
            let place = place();
            budgets.retain(|(other, _)| *other != place);
        }
    }

    /// The budgets that a step falls under, the innermost first; the runtime's own is the last.
    fn budgets_of(&self, place: impl FnOnce() -> Place) -> Vec<Arc<Budget>> {
        let budgets = lock(&self.budgets);
        let mut mine: Vec<&(Place, Arc<Budget>)> = Vec::new();
        if !budgets.is_empty() {
            let place = place();
            mine.extend(budgets.iter().filter(|(workflow, _)| place.is_within(workflow)));
            mine.sort_by_key(|(workflow, _)| std::cmp::Reverse(workflow.as_str().len()));
        }
        mine.into_iter().map(|(_, budget)| budget.clone()).chain(self.shared.budget.clone()).collect()
    }
}

impl Shared {
    /// What the tokens of a request cost, where that is known. Answers that are made up cost nothing.
    pub(super) fn price(&self, request: &Request) -> Option<Price> {
        self.models.price(&request.model)
    }
}

/// Sets the worst case of a call aside in each budget it falls under; `None` where there is none.
pub(super) async fn reserve(
    here: &Here<'_>,
    request: &Request,
    price: Option<Price>,
    limit: Option<Duration>,
) -> Result<Option<Reservation>> {
    let budgets = here.engine.budgets_of(|| here.place());
    let Some(innermost) = budgets.first() else { return Ok(None) };
    let worst_case = match price {
        None => Err("its price is not known".to_owned()),
        Some(price) => price.worst_case(request).ok_or_else(|| "its answer may have any length".to_owned()),
    };
    let amount = match worst_case {
        Ok(amount) => amount,
        Err(why) => return Err(unknown(innermost, request, price, &why)),
    };
    let held = Reservation::new(budgets, amount);
    let held = match limit {
        None => held.await,
        Some(after) => tokio::time::timeout(after, held).await.map_err(|_| late(after))?,
    };
    held.map(Some).map_err(|exceeded| past_cap(exceeded, request, amount))
}

/// What a reservation comes to. An answer whose tokens nobody counted is taken to have cost the worst; a call that failed
/// uncounted is taken to have cost nothing.
pub(super) fn settle(reservation: Reservation, cost: Option<Money>, answered: bool) {
    let unknown = if answered { reservation.amount } else { Money::ZERO };
    reservation.settle(cost.unwrap_or(unknown));
}

/// What the tokens of an attempt cost, where a model was asked and both are known.
pub(super) fn cost(price: Option<Price>, usage: &Usage) -> Option<Money> {
    price.and_then(|price| price.of(usage))
}

fn unknown(budget: &Budget, request: &Request, price: Option<Price>, why: &str) -> Error {
    let model = request.model.id();
    let way_out = match price {
        None => format!(
            "say it with `Model::new(\"{model}\").price(Price::per_million(\"…\", \"…\"))` or with `Builder::prices`; `Price::FREE` where it costs nothing"
        ),
        Some(_) => format!("limit it with `Model::new(\"{model}\").max_output_tokens(…)`"),
    };
    let text =
        format!("the most that a call of model `{model}` may cost is unknown under {}: {why}; {way_out}", budget.name);
    Error::new(ErrorKind::Budget { cap: budget.cap, worst_case: None }, text)
}

fn past_cap(exceeded: Exceeded, request: &Request, worst_case: Money) -> Error {
    let Exceeded { budget, spent } = exceeded;
    let text = format!(
        "a call of model `{}` may cost up to {worst_case}, which is more than {} leaves, with {spent} spent; raise the cap, lower `max_output_tokens`, or shorten the prompt",
        request.model.id(),
        budget.name,
    );
    Error::new(ErrorKind::Budget { cap: budget.cap, worst_case: Some(worst_case) }, text)
}

fn late(after: Duration) -> Error {
    let text = format!("no room within the budget after {after:?}: calls under way have set it aside");
    Error::new(ErrorKind::TimedOut { after }, text)
}
