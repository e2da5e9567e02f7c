//! Budgets for money or tokens: the worst case of a call is reserved before the call starts, and settled when it ends.

use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::mutex::lock;
use crate::money::Money;

pub(super) trait Amount: Copy + Ord + Default {
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
}

impl Amount for Money {
    fn plus(self, other: Self) -> Self {
        self.plus(other)
    }

    fn minus(self, other: Self) -> Self {
        self.minus(other)
    }
}

/// Output tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tokens(pub(super) u64);

impl Amount for Tokens {
    fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// A cap, with the amounts spent and reserved under it.
#[derive(Debug)]
pub(super) struct Budget<A> {
    /// The option that sets the cap, as users know it.
    pub(super) name: String,
    pub(super) cap: A,
    account: Mutex<Account<A>>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct Account<A> {
    spent: A,
    /// The worst cases of calls in progress.
    reserved: A,
}

/// A call that does not fit any more, no matter what the calls in progress will cost.
#[derive(Debug)]
pub(super) struct Exceeded<A> {
    pub(super) budget: Arc<Budget<A>>,
    pub(super) spent: A,
}

impl<A: Amount> Budget<A> {
    pub(super) fn new(name: String, cap: A) -> Arc<Self> {
        Self::with_spent(name, cap, A::default())
    }

    /// Creates a budget from which something was already spent.
    pub(super) fn with_spent(name: String, cap: A, spent: A) -> Arc<Self> {
        let account = Mutex::new(Account { spent, reserved: A::default() });
        Arc::new(Self { name, cap, account, freed: Notify::new() })
    }

    /// Reserves an amount. Waits as long as calls in progress may turn out to cost less than they have reserved.
    async fn hold(self: &Arc<Self>, amount: A) -> Result<(), Exceeded<A>> {
        loop {
            let freed = self.freed.notified();
            let mut freed = std::pin::pin!(freed);
            // Register first: otherwise a call that ends between the check and the wait would be missed.
            freed.as_mut().enable();
            {
                let mut account = lock(&self.account);
                if account.spent.plus(amount) > self.cap {
                    return Err(Exceeded { budget: self.clone(), spent: account.spent });
                }
                if account.spent.plus(account.reserved).plus(amount) <= self.cap {
                    account.reserved = account.reserved.plus(amount);
                    return Ok(());
                }
            }
            freed.await;
        }
    }

    fn settle(&self, reserved: A, spent: A) {
        {
            let mut account = lock(&self.account);
            account.reserved = account.reserved.minus(reserved);
            account.spent = account.spent.plus(spent);
        }
        self.freed.notify_waiters();
    }
}

/// The amount reserved for one call. Dropping it unsettled, when the call is cancelled, releases all of it.
#[derive(Debug)]
#[must_use = "dropping this releases the reserved amount"]
pub(super) struct Reservation<A: Amount> {
    budgets: Vec<Arc<Budget<A>>>,
    pub(super) amount: A,
}

impl<A: Amount> Reservation<A> {
    /// Reserves an amount in each budget, from the innermost to the outermost. A call that waits for an outer budget
    /// holds only inner ones, so calls that hold all of theirs can proceed, and no deadlock is possible.
    pub(super) async fn new(budgets: Vec<Arc<Budget<A>>>, amount: A) -> Result<Self, Exceeded<A>> {
        let mut held = Self { budgets: Vec::with_capacity(budgets.len()), amount };
        for budget in budgets {
            budget.hold(amount).await?;
            held.budgets.push(budget);
        }
        Ok(held)
    }

    /// Charges what the call actually cost.
    pub(super) fn settle(mut self, spent: A) {
        self.release(spent);
    }

    fn release(&mut self, spent: A) {
        self.budgets.drain(..).for_each(|budget| budget.settle(self.amount, spent));
    }
}

impl<A: Amount> Drop for Reservation<A> {
    fn drop(&mut self) {
        self.release(A::default());
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn budget(cap: &str) -> Arc<Budget<Money>> {
        Budget::new("max_cost".into(), Money::usd(cap))
    }

    /// Returns the reservation; `None` if it would have to wait.
    fn reserve(budgets: &[&Arc<Budget<Money>>], amount: &str) -> Option<Result<Reservation<Money>, Exceeded<Money>>> {
        let budgets = budgets.iter().map(|budget| Arc::clone(budget)).collect();
        Reservation::new(budgets, Money::usd(amount)).now_or_never()
    }

    #[test]
    fn a_call_waits_while_another_might_leave_enough_and_is_refused_when_none_can() {
        let budget = budget("1");
        let first = reserve(&[&budget], "0.6").unwrap().unwrap();
        assert!(reserve(&[&budget], "0.5").is_none(), "the first may cost less than it has reserved");
        first.settle(Money::usd("0.2"));
        reserve(&[&budget], "0.8").unwrap().unwrap().settle(Money::usd("0.7"));
        let exceeded = reserve(&[&budget], "0.2").unwrap().unwrap_err();
        assert_eq!(exceeded.spent, Money::usd("0.9"));
    }

    #[test]
    fn what_is_dropped_is_free_again() {
        let budget = budget("1");
        drop(reserve(&[&budget], "1").unwrap().unwrap());
        assert!(reserve(&[&budget], "1").unwrap().is_ok());
    }

    #[test]
    fn a_refusal_by_the_outer_budget_frees_the_inner_one() {
        let (inner, outer) = (budget("1"), budget("0.5"));
        let exceeded = reserve(&[&inner, &outer], "0.8").unwrap().unwrap_err();
        assert_eq!(exceeded.budget.cap, Money::usd("0.5"));
        assert!(reserve(&[&inner], "1").unwrap().is_ok());
    }
}
