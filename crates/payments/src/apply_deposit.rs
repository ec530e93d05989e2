//! `apply_deposit` sets a deposit against what is owed.

use accounting::Role;
use base::{Day, Money};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

use crate::error::PaymentError;
use crate::model::{Direction, Draft, Kind, OpenRef, Purse, Side};
use crate::pay::{Allocate, parts};
use crate::settle::{Paid, settle_one};
use crate::{PAY, RECEIVE};

/// A deposit to be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyDeposit {
    /// Whose deposit it is: a customer's pays what that customer owes, one paid to a supplier pays
    /// what we owe.
    pub side: Side,
    /// The deposit's open line.
    pub deposit: OpenRef,
    /// How much of it, in the currency of the deposit and the lines it pays.
    pub amount: Money,
    /// What it pays; all of it has to be allocated.
    pub allocations: Vec<Allocate>,
    /// The day; today when absent.
    #[serde(default)]
    pub happened_on: Option<Day>,
    /// The client's own reference: the same one applies once. Empty for none.
    #[serde(default)]
    pub client_ref: String,
    /// A line for people.
    #[serde(default)]
    pub memo: String,
}

/// Uses a deposit, at most what is left of it, for what is open, never more than that. No money
/// moves; what exchange rates won or lost between the two is booked.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn apply_deposit(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ApplyDeposit,
) -> Result<Paid, PaymentError> {
    let (permission, deposits, owed, direction) = match request.side {
        Side::Customer => (RECEIVE, Role::CustomerDeposits, Role::Receivable, Direction::In),
        Side::Supplier => (PAY, Role::SupplierDeposits, Role::Payable, Direction::Out),
    };
    ctx.require(permission)?;
    let told = serde_json::json!(request);
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let purse = Purse::Deposit(deposits, request.deposit.into());
    let draft = Draft {
        parts: parts(owed, request.amount.currency, request.allocations)?,
        client_ref: request.client_ref,
        memo: request.memo,
        told,
        ..Draft::new(Kind::ApplyDeposit, direction, purse, happened_on, request.amount)
    };
    settle_one(tx, ctx, draft)
}
