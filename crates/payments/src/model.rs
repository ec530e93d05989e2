//! The nouns: payments, where their money is, and what they are for.

use accounting::{Area, Role};
use base::{Currency, Day, Money, PartnerId, TaxCodeId};
use identity::Permission;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::ToSchema;

use crate::{CAPTURE, CHANNEL, PAY, PAYOUT, RECEIVE, REFUND};

/// What sort of payment it is: the verb that made it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A channel took a customer's money for us.
    Capture,
    /// A customer got money back.
    Refund,
    /// A customer paid us.
    ReceivePayment,
    /// We paid a supplier.
    Pay,
    /// We paid a supplier before the bill.
    PayDeposit,
    /// A deposit was set against what is owed.
    ApplyDeposit,
    /// A channel paid out what it held for us.
    Payout,
    /// A channel or the bank charged us, or gave a charge back.
    BookFee,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Kind] = &[
        Kind::Capture,
        Kind::Refund,
        Kind::ReceivePayment,
        Kind::Pay,
        Kind::PayDeposit,
        Kind::ApplyDeposit,
        Kind::Payout,
        Kind::BookFee,
    ];

    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Capture => "capture",
            Kind::Refund => "refund",
            Kind::ReceivePayment => "receive_payment",
            Kind::Pay => "pay",
            Kind::PayDeposit => "pay_deposit",
            Kind::ApplyDeposit => "apply_deposit",
            Kind::Payout => "payout",
            Kind::BookFee => "book_fee",
        }
    }

    /// The name of the fact that states it.
    pub(crate) const fn fact(self) -> &'static str {
        match self {
            Kind::Capture => "payments.captured",
            Kind::Refund => "payments.refunded",
            Kind::ReceivePayment => "payments.received",
            Kind::Pay => "payments.paid",
            Kind::PayDeposit => "payments.deposit_paid",
            Kind::ApplyDeposit => "payments.deposit_applied",
            Kind::Payout => "payments.paid_out",
            Kind::BookFee => "payments.fee_booked",
        }
    }
}

impl store::ToValue for Kind {
    fn to_value(&self) -> store::Value {
        store::Value::Text(self.as_str().to_owned())
    }
}

impl store::FromValue for Kind {
    fn from_value(value: &store::Value) -> Option<Kind> {
        let store::Value::Text(text) = value else { return None };
        Kind::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// An open line of the books, by its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenRef {
    /// The kind of what is open: `bill`, `invoice`, `sales_order`.
    pub kind: String,
    /// Its id.
    pub id: i64,
}

/// Through which account money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Through {
    /// The bank.
    Bank,
    /// What this channel holds for us; its id, as its owner counts.
    Channel(i64),
}

/// Which side of the trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// A customer's.
    Customer,
    /// A supplier's.
    Supplier,
}

/// The key of an open line: words of our own code, or as a caller wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub kind: Cow<'static, str>,
    pub id: i64,
}

impl Key {
    pub(crate) const fn of(kind: &'static str, id: i64) -> Key {
        Key { kind: Cow::Borrowed(kind), id }
    }
}

impl From<OpenRef> for Key {
    fn from(open: OpenRef) -> Key {
        Key { kind: Cow::Owned(open.kind), id: open.id }
    }
}

/// Whether money comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    In,
    Out,
}

impl Direction {
    /// The side of the books on which allocations stand: debit is 1.
    pub(crate) const fn sign(self) -> i64 {
        match self {
            Direction::In => -1,
            Direction::Out => 1,
        }
    }
}

/// Where the money is that a payment moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purse {
    Bank,
    Channel(i64),
    /// A deposit, which cannot be used beyond what is left of it.
    Deposit(Role, Key),
}

impl Purse {
    pub(crate) fn role(&self) -> Role {
        match self {
            Purse::Bank => Role::Bank,
            Purse::Channel(_) => Role::ChannelClearing,
            Purse::Deposit(role, _) => *role,
        }
    }

    pub(crate) fn key(&self) -> Option<Key> {
        match self {
            Purse::Bank => None,
            Purse::Channel(id) => Some(Key::of(CHANNEL, *id)),
            Purse::Deposit(_, key) => Some(key.clone()),
        }
    }
}

impl From<Through> for Purse {
    fn from(through: Through) -> Purse {
        match through {
            Through::Bank => Purse::Bank,
            Through::Channel(id) => Purse::Channel(id),
        }
    }
}

/// How much of a payment a part takes, in its currency, signed in the payment's direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Exactly(i64),
    /// All that is open, up to what is left of the payment.
    Open,
}

/// What a part does to its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Settles what is open, never more.
    Settles,
    /// Opens a deposit, or adds to one.
    Opens,
    /// Books an amount on an account without open lines.
    Books,
}

/// One thing that a payment is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub role: Role,
    pub key: Option<Key>,
    pub wanted: Wanted,
    pub effect: Effect,
    /// The tax code and the net amount, in the payment's currency and direction.
    pub tax: Option<(TaxCodeId, i64)>,
}

impl Part {
    pub(crate) fn settles(role: Role, key: impl Into<Key>, wanted: Wanted) -> Part {
        Part { role, key: Some(key.into()), wanted, effect: Effect::Settles, tax: None }
    }

    pub(crate) fn opens(role: Role, key: Key, amount: i64) -> Part {
        let wanted = Wanted::Exactly(amount);
        Part { role, key: Some(key), wanted, effect: Effect::Opens, tax: None }
    }

    pub(crate) fn books(role: Role, amount: i64) -> Part {
        let wanted = Wanted::Exactly(amount);
        Part { role, key: None, wanted, effect: Effect::Books, tax: None }
    }
}

/// A payment to be decided.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub kind: Kind,
    pub direction: Direction,
    pub purse: Purse,
    pub happened_on: Day,
    pub partner_id: Option<PartnerId>,
    pub currency: Currency,
    /// The whole payment; `None` is what its parts add up to.
    pub amount: Option<i64>,
    /// What the bank moved in the company's currency, when the bank said so.
    pub bank_amount: Option<Money>,
    pub parts: Vec<Part>,
    /// Whether what is left becomes a customer's deposit.
    pub keep_rest: bool,
    pub method: String,
    pub reference: String,
    pub client_ref: String,
    pub memo: String,
    /// The request, to tell a repeat from another payment of the same reference.
    pub told: serde_json::Value,
}

impl Draft {
    /// An empty payment of a kind, for its verb to fill.
    pub(crate) fn new(kind: Kind, direction: Direction, purse: Purse, on: Day, of: Money) -> Draft {
        Draft {
            kind,
            direction,
            purse,
            happened_on: on,
            partner_id: None,
            currency: of.currency,
            amount: Some(of.minor),
            bank_amount: None,
            parts: Vec::new(),
            keep_rest: false,
            method: String::new(),
            reference: String::new(),
            client_ref: String::new(),
            memo: String::new(),
            told: serde_json::Value::Null,
        }
    }

    pub(crate) fn permission(&self) -> Permission {
        match self.kind {
            Kind::Capture => CAPTURE,
            Kind::Refund => REFUND,
            Kind::ReceivePayment => RECEIVE,
            Kind::Pay | Kind::PayDeposit => PAY,
            Kind::ApplyDeposit if self.purse.role() == Role::CustomerDeposits => RECEIVE,
            Kind::ApplyDeposit => PAY,
            Kind::Payout | Kind::BookFee => PAYOUT,
        }
    }

    pub(crate) fn area(&self) -> Area {
        area(self.kind, self.purse.role())
    }
}

/// The part of the business whose periods hold for a payment.
pub(crate) fn area(kind: Kind, place: Role) -> Area {
    match kind {
        Kind::Pay | Kind::PayDeposit => Area::Purchasing,
        Kind::ApplyDeposit if place == Role::SupplierDeposits => Area::Purchasing,
        Kind::BookFee if place == Role::Bank => Area::All,
        _ => Area::Sales,
    }
}

/// What a payment is for, decided. Amounts are signed in the payment's direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allocation {
    pub role: Role,
    pub key: Option<Key>,
    pub partner_id: Option<PartnerId>,
    /// Minor units of the company's currency.
    pub amount: i64,
    /// Minor units of the payment's currency.
    pub amount_foreign: i64,
    /// The tax code and the net amount, minor units of the company's currency.
    pub tax: Option<(TaxCodeId, i64)>,
}

/// A payment decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decided {
    pub amount: i64,
    pub amount_company: i64,
    pub partner_id: Option<PartnerId>,
    pub allocations: Vec<Allocation>,
}
