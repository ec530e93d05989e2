//! `accept`: a customer's order becomes a promise.

use crate::model::{Draft, ORDER};
use crate::price::{Prepared, prepare};
use crate::tables;
use crate::words::{LineKind, OrderState, WhenShort};
use crate::{ACCEPT, rules};
use accounting::Role;
use base::{
    Day, Id, Money, NumberError, Price, Problem, Quantity, Rule, SalesOrderId, TextError, Timestamp,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use stock::{Demand, DemandError, Demanded, Shortage, Wanted};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to accept an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptOrder {
    /// The channel's code.
    pub channel: String,
    /// The order's number at the channel. A second order of the same number is the same order.
    pub external_ref: Option<String>,
    /// What the caller calls it.
    pub client_ref: Option<String>,
    /// The customer's code, where the customer is known.
    pub partner: Option<String>,
    /// Where the goods go, as the channel writes it; the customer's country when absent.
    pub country: Option<String>,
    /// The day of the order; today when absent. It decides the tax rates.
    pub ordered_on: Option<Day>,
    /// The moment of the order; now when absent.
    pub ordered_at: Option<Timestamp>,
    /// When the goods are due to leave; the day of the order when absent.
    pub due_on: Option<Day>,
    /// What becomes of it when goods are short; what the channel says when absent.
    pub when_short: Option<WhenShort>,
    /// Its lines, numbered from 1 in this order.
    pub lines: Vec<AcceptLine>,
}

/// A line of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptLine {
    /// What it is; by its item when absent, and a charge without one.
    pub kind: Option<LineKind>,
    /// The item's number.
    pub sku: Option<String>,
    /// What the customer reads; the item's name when absent.
    pub description: Option<String>,
    /// How much, in the item's stock unit, above zero.
    pub quantity: Quantity,
    /// The price of one, net or gross as the channel says; the item's list price when absent. What
    /// is taken off has a price below zero, goods never; free goods have none.
    pub price: Option<Price>,
    /// The tax code; the item's, or else the channel's, when absent.
    pub tax_code: Option<String>,
    /// The account of a line without goods: shipping income of a charge, discounts of a discount,
    /// revenue of a service when absent.
    pub role: Option<Role>,
}

/// An order as accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Accepted {
    /// Its id.
    pub order_id: SalesOrderId,
    /// Its spoken number.
    pub number: String,
    /// Whether it had been accepted before; nothing was written then.
    pub repeated: bool,
    /// Where it stands.
    pub state: OrderState,
    /// Raised with every change.
    pub revision: i64,
    /// What it comes to without tax.
    pub net: Money,
    /// Its tax.
    pub tax: Money,
    /// What it comes to with tax.
    pub gross: Money,
    /// Its lines.
    pub lines: Vec<AcceptedLine>,
}

/// A line of an accepted order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AcceptedLine {
    /// Its number.
    pub line: i64,
    /// How much was ordered.
    pub quantity: Quantity,
    /// How much is kept for it.
    pub reserved: Quantity,
    /// How much is still to be found: the back-order.
    pub back_order: Quantity,
}

/// Why an order was not accepted, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum AcceptError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text that cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// An order of nothing.
    #[error("an order needs at least one line")]
    NoLines,
    /// More lines than an order holds.
    #[error("the order has {count} lines; split it into orders of at most {most}")]
    TooManyLines {
        /// How many it has.
        count: usize,
        /// How many it may have.
        most: usize,
    },
    /// No such channel.
    #[error("there is no channel {code:?}; define it first")]
    UnknownChannel {
        /// What was asked.
        code: String,
    },
    /// The channel takes no orders.
    #[error("channel {code} takes no orders; make it active again or use another")]
    ChannelInactive {
        /// The channel.
        code: String,
    },
    /// No such customer.
    #[error("there is no partner {code:?}; add it first or leave it out")]
    UnknownPartner {
        /// What was asked.
        code: String,
    },
    /// The partner does not buy.
    #[error("partner {code} is not an active customer; change the partner first")]
    NotACustomer {
        /// The partner.
        code: String,
    },
    /// No such item.
    #[error("line {line}: there is no item {sku:?}")]
    UnknownItem {
        /// The line, from 1.
        line: i64,
        /// What was asked.
        sku: String,
    },
    /// The item is no longer sold.
    #[error("line {line}: item {sku} is not active; activate it or use another")]
    ItemInactive {
        /// The line, from 1.
        line: i64,
        /// The item.
        sku: String,
    },
    /// Goods without an item that can lie on a shelf, or the reverse.
    #[error(
        "line {line}: kind {kind} does not fit; goods and free need an item of goods or a kit, all others none"
    )]
    WrongKind {
        /// The line, from 1.
        line: i64,
        /// The kind asked for.
        kind: LineKind,
    },
    /// Nothing, or less.
    #[error("line {line}: the quantity is {quantity}; it must be above zero")]
    NotPositive {
        /// The line, from 1.
        line: i64,
        /// What was asked.
        quantity: Quantity,
    },
    /// A part of something that is never divided.
    #[error("line {line}: the quantity is {quantity}; the item is sold in whole numbers")]
    NotWhole {
        /// The line, from 1.
        line: i64,
        /// What was asked.
        quantity: Quantity,
    },
    /// No price, and no list price.
    #[error("line {line} has no price and its item no list price; give one")]
    NoPrice {
        /// The line, from 1.
        line: i64,
    },
    /// A price that such a line cannot have.
    #[error(
        "line {line}: a line of kind {kind} cannot have the price {price}; goods cost zero or more, free goods nothing, a discount less than zero"
    )]
    PriceNotAllowed {
        /// The line, from 1.
        line: i64,
        /// Its kind.
        kind: LineKind,
        /// What was asked.
        price: Price,
    },
    /// An account that no order books to.
    #[error(
        "line {line}: an order cannot book to {role}; name an account of income or cost, and none for goods"
    )]
    RoleNotAllowed {
        /// The line, from 1.
        line: i64,
        /// What was asked.
        role: Role,
    },
    /// No such tax code on that day.
    #[error(
        "line {line}: there is no tax code {code} with a rate on {day}; define it or set a rate"
    )]
    UnknownTaxCode {
        /// The line, from 1.
        line: i64,
        /// The code.
        code: String,
        /// The order's day.
        day: Day,
    },
    /// A kit of nothing.
    #[error("line {line}: kit {sku} has no components; set them first")]
    EmptyKit {
        /// The line, from 1.
        line: i64,
        /// The kit.
        sku: String,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// There is less than is ordered (`insufficient_stock`), or the demand is refused otherwise.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AcceptError {
    fn told(&self) -> Option<(&'static str, Option<i64>)> {
        Some(match self {
            AcceptError::NoLines => ("no_lines", None),
            AcceptError::TooManyLines { .. } => ("too_many_lines", None),
            AcceptError::UnknownChannel { .. } => ("unknown_channel", None),
            AcceptError::ChannelInactive { .. } => ("channel_inactive", None),
            AcceptError::UnknownPartner { .. } => ("unknown_partner", None),
            AcceptError::NotACustomer { .. } => ("not_a_customer", None),
            AcceptError::UnknownItem { line, .. } => ("unknown_item", Some(*line)),
            AcceptError::ItemInactive { line, .. } => ("item_inactive", Some(*line)),
            AcceptError::WrongKind { line, .. } => ("wrong_line_kind", Some(*line)),
            AcceptError::NotPositive { line, .. } => ("quantity_not_positive", Some(*line)),
            AcceptError::NotWhole { line, .. } => ("quantity_not_whole", Some(*line)),
            AcceptError::NoPrice { line } => ("no_price", Some(*line)),
            AcceptError::PriceNotAllowed { line, .. } => ("price_not_allowed", Some(*line)),
            AcceptError::RoleNotAllowed { line, .. } => ("role_not_allowed", Some(*line)),
            AcceptError::UnknownTaxCode { line, .. } => ("tax_code_not_found", Some(*line)),
            AcceptError::EmptyKit { line, .. } => ("empty_kit", Some(*line)),
            _ => return None,
        })
    }
}

impl Rule for AcceptError {
    fn problem(&self) -> Problem {
        if let Some((code, line)) = self.told() {
            let problem = Problem::refused(code, self.to_string());
            return match line.and_then(|line| u32::try_from(line).ok()) {
                Some(line) => problem.with_line(line),
                None => problem,
            };
        }
        match self {
            AcceptError::Denied(error) => error.problem(),
            AcceptError::Text(error) => error.problem(),
            AcceptError::Number(error) => error.problem(),
            AcceptError::Demand(error) => error.problem(),
            AcceptError::Store(error) => error.problem(),
            _ => Problem::refused("refused", self.to_string()),
        }
    }
}

/// Accepts an order: priced, taxed at its day's rates, and its goods demanded and reserved in the
/// same transaction. Where the channel refuses shortage, everything is kept or nothing is written;
/// of a kit every component counts. An order of a known external reference is returned as it is.
///
/// # Errors
/// The first broken rule in the order of [`AcceptError`].
pub fn accept(tx: &mut Tx<'_>, ctx: &Ctx, request: AcceptOrder) -> Result<Accepted, AcceptError> {
    ctx.require(ACCEPT)?;
    accept_one(tx, ctx, &request, |tx| tx.number(ctx.company_id, "SO"))
}

/// As [`accept`], for a caller whose permission was checked.
pub(crate) fn accept_one(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &AcceptOrder,
    mut number: impl FnMut(&mut Tx<'_>) -> Result<String, StoreError>,
) -> Result<Accepted, AcceptError> {
    let prepared = prepare(tx, ctx, &[request], |tx, _| number(tx))?;
    let draft = match prepared.into_iter().next().unwrap_or(Err(AcceptError::NoLines))? {
        Prepared::Known(id) => return Ok(tables::accepted(tx, ctx, &[id])?.remove(0)),
        Prepared::New(draft) => draft,
    };
    if draft.external_ref.is_empty() {
        tables::insert_order(tx, ctx, &draft)?;
    } else if !tables::insert_new_orders(tx, ctx, &[&draft])?.contains(&draft.id) {
        let known = tables::known(tx, ctx, &[&draft])?;
        return Ok(tables::accepted(tx, ctx, &known)?.remove(0));
    }
    let mut made = record(tx, ctx, &[&draft])?;
    Ok(made.remove(0))
}

/// Writes the lines of orders that are written and demands their goods: a fixed number of
/// statements for each warehouse, way of shortage and way of reserving.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    drafts: &[&Draft],
) -> Result<Vec<Accepted>, AcceptError> {
    tables::insert_lines(tx, ctx, drafts)?;
    let mut groups: BTreeMap<_, Vec<&Draft>> = BTreeMap::new();
    for draft in drafts {
        let refuse = draft.terms.when_short == WhenShort::Refuse;
        let reserve = draft.terms.reserve_at == crate::ReserveAt::Accept;
        groups.entry((draft.terms.warehouse_id, refuse, reserve)).or_default().push(draft);
    }
    let mut kept: BTreeMap<i64, Vec<Demanded>> = BTreeMap::new();
    for ((warehouse_id, refuse, reserve), drafts) in groups {
        let lines: Vec<Wanted> = drafts.iter().flat_map(|draft| wanted(draft)).collect();
        if lines.is_empty() {
            continue;
        }
        let owners: Vec<i64> = lines.iter().map(|line| line.line_id).collect();
        let shortage = if refuse { Shortage::Refuse } else { Shortage::BackOrder };
        let demand = Demand {
            owner_kind: ORDER,
            warehouse_id,
            place_path: String::new(),
            shortage,
            reserve,
            lines,
        };
        for (line_id, demanded) in owners.into_iter().zip(stock::demand(tx, ctx, demand)?) {
            kept.entry(line_id).or_default().push(demanded);
        }
    }
    let made = drafts.iter().map(|draft| accepted(ctx, draft, &kept));
    let made = made.collect::<Result<Vec<Accepted>, NumberError>>()?;
    for (draft, made) in drafts.iter().zip(&made) {
        tell(tx, ctx, draft, made);
    }
    Ok(made)
}

fn wanted(draft: &Draft) -> impl Iterator<Item = Wanted> + '_ {
    draft.lines.iter().flat_map(move |line| {
        line.goods.iter().map(move |(item_id, quantity)| Wanted {
            owner_id: draft.id.raw(),
            line_id: line.id.raw(),
            item_id: *item_id,
            quantity: *quantity,
            due_on: draft.due_on,
        })
    })
}

fn accepted(
    ctx: &Ctx,
    draft: &Draft,
    kept: &BTreeMap<i64, Vec<Demanded>>,
) -> Result<Accepted, NumberError> {
    let mut lines = Vec::with_capacity(draft.lines.len());
    for line in &draft.lines {
        let kept = kept.get(&line.id.raw()).map_or(&[][..], Vec::as_slice);
        let of_goods = line.goods.iter().zip(kept).map(|((_, all), kept)| (kept.reserved, *all));
        let reserved = rules::kept_of(line.quantity, line.kit, of_goods)?;
        let back_order = if line.goods.is_empty() {
            Quantity::ZERO
        } else {
            line.quantity.checked_sub(reserved)?
        };
        lines.push(AcceptedLine { line: line.line, quantity: line.quantity, reserved, back_order });
    }
    Ok(Accepted {
        order_id: draft.id,
        number: draft.number.clone(),
        repeated: false,
        state: OrderState::Accepted,
        revision: 1,
        net: Money::new(draft.total.net, ctx.currency),
        tax: Money::new(draft.total.tax, ctx.currency),
        gross: Money::new(draft.total.gross(), ctx.currency),
        lines,
    })
}

fn tell(tx: &mut Tx<'_>, ctx: &Ctx, draft: &Draft, made: &Accepted) {
    let id = draft.id.raw();
    let short: Vec<i64> = made
        .lines
        .iter()
        .filter(|line| line.back_order.is_positive())
        .map(|line| line.line)
        .collect();
    let payload = serde_json::json!({
        "number": made.number,
        "external_ref": draft.external_ref,
        "prepaid": draft.terms.prepaid,
        "gross": made.gross,
        "back_order_lines": short,
    });
    ctx.fact(tx, ORDER, id, 1, "sales.accepted", payload);
    let detail = serde_json::json!({
        "number": made.number,
        "external_ref": draft.external_ref,
        "lines": made.lines.len(),
        "gross": made.gross,
    });
    ctx.audit(tx, ACCEPT, ORDER, id, detail);
}
