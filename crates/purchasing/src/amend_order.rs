//! `amend_order`: an order is changed, and returns to approval when the change asks for it.
//!
//! What raises the total, a price or a quantity beyond the tolerance, and what changes the supplier
//! or the currency, has to be agreed to again. What lowers the order does not. An order that was sent
//! has to be sent again.

use crate::approval::{self, AskError, Standing};
use crate::create_orders::{CreateOrderError, Known, OrderLine, Terms};
use crate::follow::{self, Told};
use crate::model::Line;
use crate::tables::{self, Loaded};
use crate::words::OrderState;
use crate::{AMEND_ORDER, ORDER, rules};
use base::{
    Currency, Day, Money, NumberError, Price, Problem, ProblemKind, PurchaseLineId,
    PurchaseOrderId, Quantity, Rate, Rule, TextError,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, params};
use utoipa::ToSchema;

/// Changes of an order; what is left out stays.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendOrder {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// The revision that the changes were made on, so that nobody overwrites another's change.
    #[serde(default)]
    pub revision: Option<i64>,
    /// Another supplier, by code.
    #[serde(default)]
    pub supplier: Option<String>,
    /// Another currency; prices stay as they are written.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Another note.
    #[serde(default)]
    pub note: Option<String>,
    /// Changed lines.
    #[serde(default)]
    pub lines: Vec<LineChange>,
    /// New lines.
    #[serde(default)]
    pub add: Vec<OrderLine>,
}

/// Changes of a line; what is left out stays.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineChange {
    /// The line.
    pub line: i64,
    /// Another quantity, in the line's unit, not below what was received.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// Another price per unit.
    #[serde(default)]
    pub price: Option<Price>,
    /// Another discount.
    #[serde(default)]
    pub discount: Option<Rate>,
    /// Another day.
    #[serde(default)]
    pub due_on: Option<Day>,
}

/// An order as amended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderAmended {
    /// Its revision.
    pub revision: i64,
    /// How far it has come.
    pub state: OrderState,
    /// Its net total.
    pub total: Money,
    /// Whether the change asked for a new approval.
    pub to_approval: bool,
}

/// Why an order was not amended, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum AmendOrderError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The note cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such order.
    #[error("there is no purchase order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// The order has ended.
    #[error("order {number} is {state}; write a new order")]
    Ended {
        /// The order.
        number: String,
        /// Its state.
        state: OrderState,
    },
    /// Somebody changed the order in between.
    #[error("order {number} is at revision {found}, not {asked}; look at it again")]
    Changed {
        /// The order.
        number: String,
        /// Its revision.
        found: i64,
        /// The revision given.
        asked: i64,
    },
    /// Supplier and currency stay once something was received or billed.
    #[error("order {number} was received or billed in part; its supplier and currency stay")]
    Begun {
        /// The order.
        number: String,
    },
    /// The order has no such line.
    #[error("order {number} has no line {line}")]
    UnknownLine {
        /// The order.
        number: String,
        /// The line asked for.
        line: i64,
    },
    /// The quantity is nothing, does not convert, or is less than came or was billed.
    #[error(
        "line {line}: {quantity} cannot be ordered where {taken} (stock unit) were received or billed"
    )]
    Quantity {
        /// The line.
        line: i64,
        /// What was asked, in the line's unit.
        quantity: Quantity,
        /// What was received, or billed if that is more; in the stock unit.
        taken: Quantity,
    },
    /// A supplier or a line is wrong.
    #[error(transparent)]
    Line(#[from] CreateOrderError),
    /// The order could not be valued for its approval.
    #[error(transparent)]
    Rate(#[from] accounting::RateError),
    /// An approval could not be asked for.
    #[error(transparent)]
    Approval(#[from] identity::ApprovalError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AskError> for AmendOrderError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Rate(error) => error.into(),
            AskError::Approval(error) => error.into(),
            AskError::Number(error) => error.into(),
            AskError::Store(error) => error.into(),
        }
    }
}

impl Rule for AmendOrderError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            AmendOrderError::Denied(error) => error.problem(),
            AmendOrderError::Text(error) => error.problem(),
            AmendOrderError::NotFound { .. } => Problem::not_found("order_not_found", detail),
            AmendOrderError::Ended { .. } => {
                Problem::new(ProblemKind::Conflict, "order_ended", detail)
            }
            AmendOrderError::Changed { .. } => {
                Problem::new(ProblemKind::Conflict, "order_changed", detail)
            }
            AmendOrderError::Begun { .. } => {
                Problem::new(ProblemKind::Conflict, "order_begun", detail)
            }
            AmendOrderError::UnknownLine { .. } => Problem::refused("unknown_line", detail),
            AmendOrderError::Quantity { .. } => Problem::refused("bad_quantity", detail),
            AmendOrderError::Line(error) => error.problem(),
            AmendOrderError::Rate(error) => error.problem(),
            AmendOrderError::Approval(error) => error.problem(),
            AmendOrderError::Number(error) => error.problem(),
            AmendOrderError::Store(error) => error.problem(),
        }
    }
}

/// Changes an order: raises its revision, keeps what was changed, voids approvals, and returns it to
/// approval when the change asks for it.
///
/// # Errors
/// The first broken rule in the order of [`AmendOrderError`].
pub fn amend_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AmendOrder,
) -> Result<OrderAmended, AmendOrderError> {
    ctx.require(ORDER)?;
    if let Some(note) = &request.note {
        base::check_multiline("note", note, 4_000)?;
    }
    let order_id = request.order_id;
    let mut loaded = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(AmendOrderError::NotFound { order_id })?;
    check_order(&loaded, &request)?;
    let before = loaded.clone();
    let percent = identity::policies(tx, ctx.company_id)?.number("revision_tolerance_percent");
    amend_head(tx, ctx, &mut loaded, &request)?;
    for change in &request.lines {
        let at = loaded.position(change.line).ok_or_else(|| AmendOrderError::UnknownLine {
            number: before.order.number.clone(),
            line: change.line,
        })?;
        amend_line(&mut loaded.lines[at], change, loaded.order.currency)?;
    }
    add_lines(tx, ctx, &mut loaded, &request.add)?;
    loaded.order.total = rules::sum(loaded.lines.iter().map(|line| line.net))?;

    let to_approval = before.order.state.is_due() && asks_again(&before, &loaded, percent);
    record(tx, ctx, loaded, &before, &request, to_approval)
}

fn check_order(loaded: &Loaded, request: &AmendOrder) -> Result<(), AmendOrderError> {
    let (order, number) = (&loaded.order, loaded.order.number.clone());
    if matches!(order.state, OrderState::Closed | OrderState::Cancelled) {
        return Err(AmendOrderError::Ended { number, state: order.state });
    }
    if let Some(asked) = request.revision.filter(|asked| *asked != order.revision) {
        return Err(AmendOrderError::Changed { number, found: order.revision, asked });
    }
    let begun = loaded.lines.iter().any(|line| !line.received.is_zero() || !line.billed.is_zero());
    if begun && (request.supplier.is_some() || request.currency.is_some()) {
        return Err(AmendOrderError::Begun { number });
    }
    Ok(())
}

fn amend_head(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    loaded: &mut Loaded,
    request: &AmendOrder,
) -> Result<(), AmendOrderError> {
    if let Some(code) = &request.supplier {
        let known = Known::of_lines(tx, ctx, code, &[])?;
        loaded.order.partner_id = known.supplier(code)?.id;
    }
    if let Some(note) = &request.note {
        loaded.order.note.clone_from(note);
    }
    if let Some(currency) = request.currency {
        loaded.order.currency = currency;
        for line in &mut loaded.lines {
            line.net = rules::net(line.price, line.discount, line.quantity, currency)?;
        }
    }
    Ok(())
}

fn amend_line(
    line: &mut Line,
    change: &LineChange,
    currency: Currency,
) -> Result<(), AmendOrderError> {
    if let Some(quantity) = change.quantity {
        let taken = line.received.max(line.billed);
        let refused = AmendOrderError::Quantity { line: line.line, quantity, taken };
        let stock_quantity = line.ratio.convert_exact(quantity).map_err(|_| refused.clone())?;
        if !quantity.is_positive() || stock_quantity < taken {
            return Err(refused);
        }
        (line.quantity, line.stock_quantity) = (quantity, stock_quantity);
    }
    line.price = change.price.unwrap_or(line.price);
    line.discount = change.discount.unwrap_or(line.discount);
    if line.price < Price::ZERO || line.discount < Rate::ZERO || line.discount > Rate::ONE {
        return Err(CreateOrderError::BadPrice { line: line.line }.into());
    }
    line.net = rules::net(line.price, line.discount, line.quantity, currency)?;
    if let Some(due_on) = change.due_on {
        line.due_on = due_on;
        line.promised_on = None;
    }
    Ok(())
}

fn add_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    loaded: &mut Loaded,
    add: &[OrderLine],
) -> Result<(), AmendOrderError> {
    if add.is_empty() {
        return Ok(());
    }
    let found = partners::partners_by_id(tx, ctx.company_id, &[loaded.order.partner_id])?;
    let partner = found
        .get(&loaded.order.partner_id)
        .ok_or_else(|| follow::gone("supplier", loaded.order.partner_id))?;
    let known = Known::of_lines(tx, ctx, &partner.code, add)?;
    let terms = Terms { partner, currency: loaded.order.currency, ordered_on: ctx.today };
    let mut number = loaded.lines.iter().map(|line| line.line).max().unwrap_or(0);
    let mut added = Vec::with_capacity(add.len());
    for line in add {
        number += 1;
        let id: PurchaseLineId = tx.id()?;
        added.push(known.line(terms, number, line)?.written(id, loaded.order.id, number));
    }
    tables::insert_lines(tx, ctx.company_id, &added)?;
    loaded.lines.extend(added);
    Ok(())
}

/// Whether a change has to be agreed to again.
fn asks_again(before: &Loaded, after: &Loaded, percent: i64) -> bool {
    let (old, new) = (&before.order, &after.order);
    let raised = |old: &Line, new: &Line| {
        rules::rises_beyond(old.quantity.micro(), new.quantity.micro(), percent)
            || rules::rises_beyond(unit_net(old), unit_net(new), percent)
    };
    old.partner_id != new.partner_id
        || old.currency != new.currency
        || rules::rises_beyond(old.total, new.total, percent)
        || before.lines.iter().zip(&after.lines).any(|(old, new)| raised(old, new))
}

/// The price after discount, in millionths.
fn unit_net(line: &Line) -> i64 {
    line.price.apply_percent_discount(line.discount).map_or(i64::MAX, Price::micro)
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut loaded: Loaded,
    before: &Loaded,
    request: &AmendOrder,
    to_approval: bool,
) -> Result<OrderAmended, AmendOrderError> {
    approval::void(tx, ctx, &before.order)?;
    loaded.order.revision += 1;
    loaded.order.state = match before.order.state {
        OrderState::Draft | OrderState::ToApprove => OrderState::Draft,
        _ if to_approval => match approval::ask(tx, ctx, &loaded)? {
            Standing::Waiting => OrderState::ToApprove,
            Standing::Approved => OrderState::Approved,
        },
        _ => OrderState::Approved,
    };
    let changes = serde_json::json!({
        "request": request,
        "total": [before.order.total, loaded.order.total],
        "state": [before.order.state, loaded.order.state],
    });
    tx.write(
        &tables::INSERT_REVISION,
        params![
            ctx.company_id,
            loaded.order.id,
            loaded.order.revision,
            changes.to_string(),
            to_approval,
            ctx.at,
            ctx.user_id
        ],
    )?;
    let told = Told { verb: AMEND_ORDER, fact: "purchasing.order_amended", detail: changes };
    follow::write(tx, ctx, &mut loaded, told)?;
    let order = loaded.order;
    Ok(OrderAmended {
        revision: order.revision,
        state: order.state,
        total: Money::new(order.total, order.currency),
        to_approval,
    })
}
