//! `add_lines`: draft orders take further lines, many orders at once, for whoever plans purchases.
//! `destine_lines`: where the goods of lines go inside the warehouse.

use crate::create_orders::{CreateOrder, CreateOrderError, Known, OrderLine, Terms};
use crate::follow::{self, GoodsError, Told};
use crate::tables::{self, Loaded};
use crate::words::OrderState;
use crate::{ADD_LINES, ORDER, rules};
use base::{Id, NumberError, PlaceId, Problem, ProblemKind, PurchaseOrderId, Rule};
use identity::{Ctx, Denied};
use partners::Partner;
use std::collections::BTreeMap;
use store::{Rows, StoreError, Tx, params, row};

/// Lines to be added to draft orders; one refusal refuses all of them.
#[derive(Debug, Clone)]
pub struct AddLines {
    /// The orders, each once, with their new lines.
    pub orders: Vec<MoreLines>,
}

/// New lines of one order.
#[derive(Debug, Clone)]
pub struct MoreLines {
    /// The order, a draft.
    pub order_id: PurchaseOrderId,
    /// What is ordered, too.
    pub lines: Vec<OrderLine>,
}

/// An order that took lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinesAdded {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// The number of the first new line; the others follow.
    pub first_line: i64,
}

/// Where the goods of a line go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Its line.
    pub line: i64,
    /// The place, inside the order's warehouse.
    pub place_id: PlaceId,
}

/// Why no lines were added, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum AddLinesError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such order.
    #[error("there is no purchase order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// The order is no draft any more.
    #[error("order {number} is {state}; only a draft takes lines this way, amend it instead")]
    NotDraft {
        /// The order.
        number: String,
        /// Its state.
        state: OrderState,
    },
    /// A line cannot be ordered.
    #[error("order {number}: {error}")]
    Line {
        /// The order.
        number: String,
        /// Why.
        error: CreateOrderError,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<GoodsError> for AddLinesError {
    fn from(error: GoodsError) -> Self {
        match error {
            GoodsError::Number(error) => error.into(),
            GoodsError::Store(error) => error.into(),
        }
    }
}

impl Rule for AddLinesError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            AddLinesError::Denied(error) => error.problem(),
            AddLinesError::NotFound { .. } => Problem::not_found("order_not_found", detail),
            AddLinesError::NotDraft { .. } => {
                Problem::new(ProblemKind::Conflict, "order_not_draft", detail)
            }
            AddLinesError::Line { error, .. } => Problem { detail, ..error.problem() },
            AddLinesError::Number(error) => error.problem(),
            AddLinesError::Store(error) => error.problem(),
        }
    }
}

/// Adds lines to draft orders: raises each order's revision and keeps what was added. The number of
/// statements depends neither on the orders nor on their lines.
///
/// # Errors
/// The first broken rule in the order of [`AddLinesError`].
pub fn add_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AddLines,
) -> Result<Vec<LinesAdded>, AddLinesError> {
    ctx.require(ORDER)?;
    if request.orders.is_empty() {
        return Ok(Vec::new());
    }
    let ids = request.orders.iter().map(|more| more.order_id).collect();
    let mut loaded = tables::lock_orders(tx, ctx.company_id, &ids)?;
    let partners: Vec<_> = loaded.values().map(|found| found.order.partner_id).collect();
    let partners = partners::partners_by_id(tx, ctx.company_id, &partners)?;
    let partner = |of: &Loaded| {
        let id = of.order.partner_id;
        partners.get(&id).ok_or_else(|| follow::gone("supplier", id))
    };
    let mut named = Vec::with_capacity(request.orders.len());
    for MoreLines { order_id, lines } in &request.orders {
        let order_id = *order_id;
        let found = loaded.get(&order_id).ok_or(AddLinesError::NotFound { order_id })?;
        let (number, state) = (found.order.number.clone(), found.order.state);
        if state != OrderState::Draft {
            return Err(AddLinesError::NotDraft { number, state });
        }
        named.push(CreateOrder::naming(&partner(found)?.code, lines));
    }
    let known = Known::of_orders(tx, ctx, &named)?;

    let (mut answers, mut added, mut revisions) = (Vec::new(), Vec::new(), Rows::new(3));
    for more in &request.orders {
        let Some(found) = loaded.get_mut(&more.order_id) else { continue };
        let first_line = found.lines.iter().map(|line| line.line).max().unwrap_or(0) + 1;
        let new = extend(tx, &known, partner(found)?, found, first_line, &more.lines)?;
        found.order.total = rules::sum(found.lines.iter().map(|line| line.net))?;
        found.order.revision += 1;
        let changes = serde_json::json!({ "added": more.lines });
        revisions.push(row![more.order_id, found.order.revision, changes.to_string()]);
        added.extend(new);
        answers.push(LinesAdded { order_id: more.order_id, first_line });
    }
    tables::insert_lines(tx, ctx.company_id, &added)?;
    tx.write(&tables::INSERT_REVISIONS, params![ctx.company_id, ctx.at, ctx.user_id; revisions])?;
    let told = Told {
        verb: ADD_LINES,
        fact: "purchasing.order_amended",
        detail: serde_json::json!({ "lines": added.len() }),
    };
    follow::all_goods(tx, ctx, loaded.values_mut().collect(), &told)?;
    Ok(answers)
}

/// The order takes on new lines, which are returned as well.
fn extend(
    tx: &mut Tx<'_>,
    known: &Known,
    partner: &Partner,
    found: &mut Loaded,
    first_line: i64,
    lines: &[OrderLine],
) -> Result<Vec<crate::model::Line>, AddLinesError> {
    let order = &found.order;
    let terms = Terms { partner, currency: order.currency, ordered_on: order.ordered_on };
    let mut new = Vec::with_capacity(lines.len());
    for (asked, number) in lines.iter().zip(first_line..) {
        let refused = |error| AddLinesError::Line { number: order.number.clone(), error };
        let draft = known.line(terms, number, asked).map_err(refused)?;
        new.push(draft.written(tx.id()?, order.id, number));
    }
    found.lines.extend(new.iter().cloned());
    Ok(new)
}

/// Says where the goods of lines go inside the warehouse when the dock does not say otherwise. For
/// whoever plans purchases, in the transaction in which the lines were written.
///
/// # Errors
/// The caller may not; the store's own, as for a line that is not there.
pub fn destine_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    lines: &[Destination],
) -> Result<(), AddLinesError> {
    ctx.require(ORDER)?;
    let once: BTreeMap<_, _> =
        lines.iter().map(|to| ((to.order_id, to.line), to.place_id)).collect();
    let mut set = Rows::new(3);
    for ((order_id, line), place_id) in once {
        set.push(row![order_id.raw(), line, place_id]);
    }
    tx.write_exactly(set.len(), &tables::DESTINE_LINES, params![ctx.company_id; set])?;
    Ok(())
}
