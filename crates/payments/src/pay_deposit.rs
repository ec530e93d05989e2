//! `pay_deposit` pays a supplier before there is a bill.

use accounting::{OpenKey, Role};
use base::{Day, Money, PartnerId};
use identity::Ctx;
use serde::Serialize;
use store::Tx;

use crate::PAY;
use crate::error::PaymentError;
use crate::model::{Direction, Draft, Key, Kind, Part, Purse};
use crate::settle::{Paid, settle_one};

/// A deposit for a supplier. It is made by the domain that knows what the deposit is for, so it
/// names the open line in words of its own code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PayDeposit {
    /// The supplier.
    pub partner_id: PartnerId,
    /// The kind of what it is paid for: the deposit's open line.
    pub deposit_kind: &'static str,
    /// Its id.
    pub deposit_id: i64,
    /// How much, above 0.
    pub amount: Money,
    /// What the bank moved in the company's currency, for a foreign deposit; the day's rate when
    /// absent.
    pub bank_amount: Option<Money>,
    /// The day; today when absent.
    pub happened_on: Option<Day>,
    /// How it is paid: `transfer`.
    pub method: String,
    /// What the bank calls it.
    pub reference: String,
    /// The client's own reference: the same one pays once. Empty for none.
    pub client_ref: String,
    /// A line for people.
    pub memo: String,
}

impl PayDeposit {
    /// A deposit of an amount today, without references, on an open line with a supplier.
    #[must_use]
    pub fn new(partner_id: PartnerId, open: OpenKey, amount: Money) -> PayDeposit {
        PayDeposit {
            partner_id,
            deposit_kind: open.kind,
            deposit_id: open.id,
            amount,
            bank_amount: None,
            happened_on: None,
            method: String::new(),
            reference: String::new(),
            client_ref: String::new(),
            memo: String::new(),
        }
    }
}

/// Pays a supplier's deposit from the bank. It stays at the rate it was paid at.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn pay_deposit(tx: &mut Tx<'_>, ctx: &Ctx, request: PayDeposit) -> Result<Paid, PaymentError> {
    ctx.require(PAY)?;
    let told = serde_json::json!(request);
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let key = Key::of(request.deposit_kind, request.deposit_id);
    let deposit = Part::opens(Role::SupplierDeposits, key, request.amount.minor);
    let draft = Draft {
        partner_id: Some(request.partner_id),
        bank_amount: request.bank_amount,
        parts: vec![deposit],
        method: request.method,
        reference: request.reference,
        client_ref: request.client_ref,
        memo: request.memo,
        told,
        ..Draft::new(Kind::PayDeposit, Direction::Out, Purse::Bank, happened_on, request.amount)
    };
    settle_one(tx, ctx, draft)
}
