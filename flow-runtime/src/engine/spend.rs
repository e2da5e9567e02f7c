//! The cost of model calls in money and tokens, and the budgets they count against.

use std::time::Duration;

use super::budget::{Amount, Budget, Exceeded, Reservation, Tokens};
use super::budgets::{Line, around};
use super::here::Here;
use super::in_process::InProcess;
use super::mutex::lock;
use super::shared::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Meta;
use crate::money::Money;
use crate::place::Place;
use crate::provider::{Price, Request, Usage};

/// Returns whether a run of `meta` may be subject to a workflow's cap.
pub(super) fn is_capped(meta: &'static Meta) -> bool {
    meta.reachable().iter().any(|part| caps(part) != (None, None))
}

fn caps(meta: &Meta) -> (Option<Money>, Option<Tokens>) {
    meta.graph.map_or((None, None), |graph| (graph.limits.cost, graph.limits.output_tokens.map(Tokens)))
}

impl InProcess {
    /// Opens the budgets of a workflow, if it has any.
    pub(super) fn open_budgets(&self, place: impl FnOnce() -> Place, meta: &'static Meta) {
        let (money, output_tokens) = caps(meta);
        if (money, output_tokens) == (None, None) {
            return;
        }
        let (place, mut budgets) = (place(), lock(&self.budgets));
        if let Some(cap) = money {
            let name = format!("`max_cost = \"{cap}\"` of workflow `{}`", meta.name);
            budgets.money.push((place.clone(), Budget::with_spent(name, cap, self.paid(&place).0)));
        }
        if let Some(cap) = output_tokens {
            let name = format!("`max_output_tokens = {}` of workflow `{}`", cap.0, meta.name);
            let written = self.paid(&place).1;
            budgets.output_tokens.push((place, Budget::with_spent(name, cap, written)));
        }
    }

    /// Returns what the recorded calls of a resumed run spent within a place.
    fn paid(&self, place: &Place) -> (Money, Tokens) {
        let Some(paid) = self.host.look(|state| state.paid(place)) else { return Default::default() };
        (paid.cost, Tokens(paid.usage.output_tokens.unwrap_or_default()))
    }

    pub(super) fn close_budgets(&self, place: impl FnOnce() -> Place) {
        let mut budgets = lock(&self.budgets);
        if !budgets.is_empty() {
            let place = place();
            budgets.money.retain(|(other, _)| *other != place);
            budgets.output_tokens.retain(|(other, _)| *other != place);
        }
    }

    /// Returns the budgets that a step counts against, the innermost first and the runtime's own last.
    fn budgets_of(&self, place: impl FnOnce() -> Place) -> (Line<Money>, Line<Tokens>) {
        let budgets = lock(&self.budgets);
        let (mut money, output_tokens) = match budgets.is_empty() {
            true => Default::default(),
            false => {
                let place = place();
                (around(&budgets.money, &place), around(&budgets.output_tokens, &place))
            }
        };
        money.extend(self.shared.budget.clone());
        (money, output_tokens)
    }
}

impl Shared {
    /// Returns the price of a request's tokens, if known. Made-up answers are free.
    pub(super) fn price(&self, request: &Request) -> Option<Price> {
        self.models.price(&request.model)
    }
}

/// The amounts reserved for one call.
#[derive(Default)]
pub(super) struct Held {
    money: Option<Reservation<Money>>,
    output_tokens: Option<Reservation<Tokens>>,
}

/// Reserves the worst case of a call in each budget it counts against.
///
/// All calls reserve money before tokens, which rules out deadlocks.
pub(super) async fn reserve(
    here: &Here<'_>,
    request: &Request,
    price: Option<Price>,
    limit: Option<Duration>,
) -> Result<Held> {
    let (money, output_tokens) = here.engine.budgets_of(|| here.place());
    if money.is_empty() && output_tokens.is_empty() {
        return Ok(Held::default());
    }
    let held = async {
        let money = reserve_money(money, request, price).await?;
        Ok(Held { money, output_tokens: reserve_tokens(output_tokens, request).await? })
    };
    match limit {
        None => held.await,
        Some(after) => tokio::time::timeout(after, held).await.map_err(|_| late(after))?,
    }
}

async fn reserve_money(
    budgets: Line<Money>,
    request: &Request,
    price: Option<Price>,
) -> Result<Option<Reservation<Money>>> {
    let Some(innermost) = budgets.first() else { return Ok(None) };
    let worst_case = match price {
        None => Err("its price is unknown".to_owned()),
        Some(price) => match request.media_tokens() {
            Ok(_) => price.worst_case(request).ok_or_else(|| "the length of its answer is not limited".to_owned()),
            Err(media_type) => return Err(uncounted(innermost, request, media_type)),
        },
    };
    let amount = match worst_case {
        Ok(amount) => amount,
        Err(why) => return Err(unknown(innermost, request, price, &why)),
    };
    let held = Reservation::new(budgets, amount).await;
    held.map(Some).map_err(|exceeded| past_cap(exceeded, request, amount))
}

async fn reserve_tokens(budgets: Line<Tokens>, request: &Request) -> Result<Option<Reservation<Tokens>>> {
    let Some(innermost) = budgets.first() else { return Ok(None) };
    let Some(most) = request.model.get_max_output_tokens() else { return Err(unlimited(innermost, request)) };
    let held = Reservation::new(budgets, Tokens(most.into())).await;
    held.map(Some).map_err(|exceeded| past_tokens(&exceeded, request, most.into()))
}

impl Held {
    /// Charges what the call actually cost.
    pub(super) fn settle(self, cost: Option<Money>, usage: &Usage, answered: bool) {
        settle(self.money, cost, answered);
        settle(self.output_tokens, usage.output_tokens.map(Tokens), answered);
    }
}

/// An answer with unknown usage is charged its worst case; a failed call with unknown usage is charged nothing.
fn settle<A: Amount>(reservation: Option<Reservation<A>>, spent: Option<A>, answered: bool) {
    let Some(reservation) = reservation else { return };
    let unknown = if answered { reservation.amount } else { A::default() };
    reservation.settle(spent.unwrap_or(unknown));
}

/// Returns the cost of an attempt's tokens, if a model was asked and both price and usage are known.
pub(super) fn cost(price: Option<Price>, usage: &Usage) -> Option<Money> {
    price.and_then(|price| price.of(usage))
}

fn unknown(budget: &Budget<Money>, request: &Request, price: Option<Price>, why: &str) -> Error {
    let model = request.model.id();
    let way_out = match price {
        None => format!(
            "set it with `Model::new(\"{model}\").price(Price::per_million(\"…\", \"…\"))` or `Builder::prices`; use `Price::FREE` if it costs nothing"
        ),
        Some(_) => format!("limit it with `Model::new(\"{model}\").max_output_tokens(…)`"),
    };
    let text = format!(
        "the worst-case cost of a call of model `{model}` is unknown, which {} does not allow: {why}; {way_out}",
        budget.name
    );
    Error::new(ErrorKind::Budget { cap: budget.cap, worst_case: None }, text)
}

fn uncounted(budget: &Budget<Money>, request: &Request, media_type: &str) -> Error {
    let model = request.model.id();
    let text = format!(
        "the worst-case cost of a call of model `{model}` is unknown, which {} does not allow: no rule is known for how many tokens the attached `{media_type}` has; attach its bytes in a form that can be measured, ask a model of another provider, or remove the cap",
        budget.name
    );
    Error::new(ErrorKind::Budget { cap: budget.cap, worst_case: None }, text)
}

fn past_cap(exceeded: Exceeded<Money>, request: &Request, worst_case: Money) -> Error {
    let Exceeded { budget, spent } = exceeded;
    let text = format!(
        "a call of model `{}` may cost up to {worst_case}, more than {} has left ({spent} spent); raise the cap, lower `max_output_tokens`, or shorten the prompt",
        request.model.id(),
        budget.name,
    );
    Error::new(ErrorKind::Budget { cap: budget.cap, worst_case: Some(worst_case) }, text)
}

fn unlimited(budget: &Budget<Tokens>, request: &Request) -> Error {
    let model = request.model.id();
    let text = format!(
        "the length of an answer of model `{model}` is not limited, which {} does not allow; limit it with `Model::new(\"{model}\").max_output_tokens(…)`",
        budget.name,
    );
    Error::new(ErrorKind::TokenBudget { cap: budget.cap.0, worst_case: None }, text)
}

fn past_tokens(exceeded: &Exceeded<Tokens>, request: &Request, most: u64) -> Error {
    let Exceeded { budget, spent } = exceeded;
    let text = format!(
        "an answer of model `{}` may have {most} tokens, more than {} has left ({} written); raise the cap, or lower the model's `max_output_tokens`",
        request.model.id(),
        budget.name,
        spent.0,
    );
    Error::new(ErrorKind::TokenBudget { cap: budget.cap.0, worst_case: Some(most) }, text)
}

fn late(after: Duration) -> Error {
    let text = format!("no budget available within {after:?}: calls in progress have reserved it");
    Error::new(ErrorKind::TimedOut { after }, text)
}
