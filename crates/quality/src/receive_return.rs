//! `receive_return`: goods come back, into quarantine, at the cost they left with.
//!
//! | | debit | credit |
//! | --- | --- | --- |
//! | came back | quarantine | cost of sales, or what carried their cost |
//!
//! Of a sale that the books do not know, the goods come in at the item's cost of that day.
//! `close_return` says that the rest will not come.

use crate::error::ReturnError;
use crate::model::{GoodsId, LINE, Line, RETURN, Return};
use crate::{RECEIVE, rules, tables};
use accounting::{Area, Role};
use base::{
    CustomerReturnId, Day, Id, ItemId, LotId, Money, MoveId, Quantity, Rounding, check_text,
};
use identity::{Ctx, Permission};
use sales::{Back, Sold};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use stock::{Cost, Counter, Expectation, Kind, Move, Posting, Warehouse, Way};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Goods of a return that arrived.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveReturn {
    /// The return.
    pub return_id: CustomerReturnId,
    /// What arrived; all that is expected when absent.
    #[serde(default)]
    pub lines: Option<Vec<ReceiveReturnLine>>,
    /// The day they arrived; today when absent.
    #[serde(default)]
    pub received_on: Option<Day>,
    /// The client's own key of the arrival: a second one with it is the same arrival.
    #[serde(default)]
    pub client_ref: String,
}

/// Goods of one line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveReturnLine {
    /// The return's line.
    pub line: i64,
    /// How much, in the stock unit, above zero.
    pub quantity: Quantity,
    /// The lot's or the piece's number; any that left when absent.
    #[serde(default)]
    pub lot: Option<String>,
}

/// Goods as they came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnReceived {
    /// The return.
    pub return_id: CustomerReturnId,
    /// Its number.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// What the goods are worth.
    pub value: Money,
    /// Whether they had arrived before: nothing was done again.
    pub repeated: bool,
}

/// What is not going to come.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseReturn {
    /// The return.
    pub return_id: CustomerReturnId,
    /// Why.
    pub reason: String,
}

/// A return of which nothing more is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnClosed {
    /// The return.
    pub return_id: CustomerReturnId,
    /// How many lines were closed; none when nothing was expected any more.
    pub lines: i64,
}

/// Goods of one move that come back.
struct Came {
    /// The return's line, from 0.
    at: usize,
    item_id: ItemId,
    lot_id: Option<LotId>,
    quantity: Quantity,
    /// The move they left by.
    of: Option<MoveId>,
    cost: Cost,
    counter: Counter,
}

/// Goods that came back about to be written.
pub(crate) struct NewGoods {
    pub id: GoodsId,
    pub line_id: base::CustomerReturnLineId,
    pub item_id: ItemId,
    pub lot_id: Option<LotId>,
    pub quantity: Quantity,
    pub value: i64,
    pub of: Option<MoveId>,
    pub move_id: MoveId,
}

/// Takes returned goods into quarantine.
///
/// # Errors
/// The first broken rule in the order of [`ReturnError`].
pub fn receive_return(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReceiveReturn,
) -> Result<ReturnReceived, ReturnError> {
    let (mut returned, warehouse) = hold(tx, ctx, request.return_id, RECEIVE)?;
    check_text("client_ref", &request.client_ref, 200)?;
    for line in request.lines.iter().flatten() {
        line.lot.as_ref().map_or(Ok(()), |lot| base::check_code("lot", lot))?;
    }
    if let Some(earlier) = tables::arrival_by_ref(tx, ctx, &returned, &request.client_ref)? {
        return Ok(earlier);
    }
    let mut sold = match returned.order_id {
        Some(order_id) => sales::hold_sold(tx, ctx, order_id)?,
        None => None,
    };
    let arrived = arrived(&returned, &request)?;
    let received_on = request.received_on.unwrap_or(ctx.today);
    let came = match &sold {
        Some(sold) => of_order(tx, ctx, &returned, sold, &arrived)?,
        None => of_unknown(tx, ctx, &returned, &arrived, received_on)?,
    };
    record(tx, ctx, &mut returned, sold.as_mut(), &warehouse, (came, arrived), &request)
}

/// Says that what has not come of a return will not come; it may be authorized anew.
///
/// # Errors
/// The first broken rule in the order of [`ReturnError`].
pub fn close_return(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CloseReturn,
) -> Result<ReturnClosed, ReturnError> {
    let (mut returned, _) = hold(tx, ctx, request.return_id, RECEIVE)?;
    check_reason(&request.reason)?;
    let mut closed = Vec::new();
    for line in &returned.lines {
        let expected = line.expected()?;
        if expected.is_positive() {
            closed.push((line.line, Quantity::ZERO, expected, Quantity::ZERO));
        }
    }
    if !closed.is_empty() {
        let ids: Vec<_> = returned.lines.iter().map(|line| line.id.raw()).collect();
        let mut planned = Vec::new();
        for (source_id, item_id, due_on) in tables::expectations_of(tx, ctx, &ids)? {
            planned.push(Expectation { source_id, item_id, quantity: Quantity::ZERO, due_on });
        }
        stock::amend_expectations(tx, ctx, Way::Incoming, LINE, &planned)?;
        tables::add_to_lines(tx, ctx, returned.id, &closed)?;
        let told = serde_json::json!({ "number": returned.number, "reason": request.reason });
        tell(tx, ctx, &mut returned, (RECEIVE, "quality.return_closed"), told)?;
    }
    Ok(ReturnClosed { return_id: returned.id, lines: closed.len() as i64 })
}

/// Holds a return, to a caller with the permission in its warehouse.
pub(crate) fn hold(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    return_id: CustomerReturnId,
    permission: Permission,
) -> Result<(Return, Warehouse), ReturnError> {
    let returned =
        tables::lock_return(tx, ctx, return_id)?.ok_or(ReturnError::NotFound { return_id })?;
    ctx.require_in(permission, returned.warehouse_id)?;
    let warehouse = stock::warehouse(tx, ctx.company_id, returned.warehouse_id)?;
    let gone = || StoreError::Unusable("the warehouse of a return is missing".to_owned());
    Ok((returned, warehouse.ok_or_else(gone)?))
}

pub(crate) fn check_reason(reason: &str) -> Result<(), base::TextError> {
    if reason.trim().is_empty() {
        return Err(base::TextError::Empty { field: "reason" });
    }
    check_text("reason", reason, 500)
}

/// Raises the return's revision, and tells what happened.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    returned: &mut Return,
    (verb, fact): (Permission, &'static str),
    told: serde_json::Value,
) -> Result<(), StoreError> {
    tables::raise_return(tx, ctx, returned)?;
    returned.revision += 1;
    ctx.fact(tx, RETURN, returned.id.raw(), returned.revision, fact, told.clone());
    ctx.audit(tx, verb, RETURN, returned.id.raw(), told);
    Ok(())
}

/// What arrived, by the return's line: its place among the lines, how much, and of which lot.
type Arrived = Vec<(usize, Quantity, Option<String>)>;

fn arrived(returned: &Return, request: &ReceiveReturn) -> Result<Arrived, ReturnError> {
    let mut left: Vec<Quantity> =
        returned.lines.iter().map(Line::expected).collect::<Result<_, _>>()?;
    let mut arrived = Vec::new();
    match &request.lines {
        None => {
            let expected = left.iter().enumerate().filter(|(_, left)| left.is_positive());
            arrived.extend(expected.map(|(at, left)| (at, *left, None)));
        }
        Some(lines) => {
            for asked in lines {
                let line = asked.line;
                let at = returned.lines.binary_search_by_key(&line, |known| known.line);
                let at = at.map_err(|_| ReturnError::UnknownLine { line })?;
                if !asked.quantity.is_positive() {
                    return Err(ReturnError::BadQuantity { line, quantity: asked.quantity });
                }
                if asked.quantity > left[at] {
                    let (asked, expected) = (asked.quantity, left[at]);
                    return Err(ReturnError::ExceedsExpected { line, asked, expected });
                }
                left[at] = left[at].checked_sub(asked.quantity)?;
                arrived.push((at, asked.quantity, asked.lot.clone()));
            }
        }
    }
    if arrived.is_empty() {
        return Err(ReturnError::Empty);
    }
    Ok(arrived)
}

fn of_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    returned: &Return,
    sold: &Sold,
    arrived: &Arrived,
) -> Result<Vec<Came>, ReturnError> {
    let mut left = tables::left(tx, ctx, sold.order_id())?;
    let mut lines: BTreeMap<i64, _> = sold.lines().map(|line| (line.line, line)).collect();
    let mut came = Vec::new();
    for (at, quantity, lot) in arrived {
        let line = &returned.lines[*at];
        let number = line.line;
        let order_line = line.order_line.unwrap_or_default();
        let of = lines.get_mut(&order_line).ok_or(ReturnError::UnknownLine { line: number })?;
        if of.whole && quantity.micro() % Quantity::MICRO != 0 {
            return Err(ReturnError::BadQuantity { line: number, quantity: *quantity });
        }
        let of_line: Vec<_> = left.iter().filter(|left| left.order_line == order_line).collect();
        let goods = rules::goods_of(&of_line, of.shipped, of.returned, *quantity)?;
        of.returned = of.returned.checked_add(*quantity)?;
        let counter = sold.cost_counter(order_line)?;
        for (item_id, quantity) in goods.into_iter().filter(|(_, q)| q.is_positive()) {
            let taken =
                rules::take(&mut left, order_line, item_id, lot.as_deref(), quantity)?.ok_or_else(
                    || ReturnError::OtherLot { line: number, lot: lot.clone().unwrap_or_default() },
                )?;
            for (move_id, lot_id, quantity) in taken {
                came.push(Came {
                    at: *at,
                    item_id,
                    lot_id,
                    quantity,
                    of: Some(move_id),
                    cost: Cost::FromMove(move_id),
                    counter: counter.clone(),
                });
            }
        }
    }
    Ok(came)
}

fn of_unknown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    returned: &Return,
    arrived: &Arrived,
    received_on: Day,
) -> Result<Vec<Came>, ReturnError> {
    let ids: BTreeSet<ItemId> =
        arrived.iter().map(|(at, ..)| returned.lines[*at].item_id).collect();
    let ids: Vec<ItemId> = ids.into_iter().collect();
    let items = catalog::items_by_id(tx, ctx.company_id, &ids)?;
    let costs = valuation::unit_cost(tx, ctx, &ids)?;
    let wanted: Vec<_> = arrived
        .iter()
        .filter_map(|(at, _, lot)| {
            let item_id = returned.lines[*at].item_id;
            lot.clone().map(|code| (item_id, code))
        })
        .collect();
    let lots = stock::lots(tx, ctx.company_id, received_on, &wanted)?;
    let mut came = Vec::new();
    for (at, quantity, lot) in arrived {
        let line = &returned.lines[*at];
        let (item_id, quantity) = (line.item_id, *quantity);
        let item = items.get(&item_id);
        let told_apart = item.is_some_and(|item| item.tracking != catalog::Tracking::None);
        if item.is_some_and(|item| item.stock_unit.whole) && quantity.micro() % Quantity::MICRO != 0
        {
            return Err(ReturnError::BadQuantity { line: line.line, quantity });
        }
        if told_apart != lot.is_some() {
            let lot = lot.clone().unwrap_or_default();
            return Err(ReturnError::OtherLot { line: line.line, lot });
        }
        let lot_id = lot.as_ref().and_then(|code| lots.get(&(item_id, code.clone())).copied());
        let value = match costs.get(&item_id) {
            Some(cost) => cost.extend(quantity, ctx.currency, Rounding::HalfUp)?,
            None => 0,
        };
        came.push(Came {
            at: *at,
            item_id,
            lot_id,
            quantity,
            of: None,
            cost: Cost::Given(value),
            counter: Counter::role(Role::Cogs),
        });
    }
    Ok(came)
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    returned: &mut Return,
    sold: Option<&mut Sold>,
    warehouse: &Warehouse,
    (came, arrived): (Vec<Came>, Arrived),
    request: &ReceiveReturn,
) -> Result<ReturnReceived, ReturnError> {
    let received_on = request.received_on.unwrap_or(ctx.today);
    let from = sold.as_ref().map_or(warehouse.customer, |sold| sold.customer_place());
    let moves = came.iter().map(|came| Move {
        lot_id: came.lot_id,
        cost: came.cost,
        kind: Kind::CustomerReturn,
        counter: Some(came.counter.clone()),
        line_id: returned.lines[came.at].id.raw(),
        reverses: came.of,
        ..Move::plain(came.item_id, from, warehouse.quarantine, came.quantity)
    });
    let posting = Posting {
        area: Area::Sales,
        happened_on: received_on,
        source_kind: RETURN,
        source_id: returned.id.raw(),
        memo: format!("{} arrived", returned.number),
        moves: moves.collect(),
        lines: Vec::new(),
    };
    let posted = stock::post(tx, ctx, posting)?;
    let mut goods = Vec::with_capacity(came.len());
    let mut met: BTreeMap<(i64, ItemId), Quantity> = BTreeMap::new();
    let mut value = 0_i64;
    for (came, moved) in came.iter().zip(&posted.moves) {
        let line_id = returned.lines[came.at].id;
        let sum = met.entry((line_id.raw(), came.item_id)).or_default();
        *sum = sum.checked_add(came.quantity)?;
        value = value.checked_add(moved.value).ok_or(base::NumberError::OutOfRange)?;
        goods.push(NewGoods {
            id: tx.id()?,
            line_id,
            item_id: came.item_id,
            lot_id: came.lot_id,
            quantity: came.quantity,
            value: moved.value,
            of: came.of,
            move_id: moved.move_id,
        });
    }
    let met: Vec<_> = met.into_iter().map(|((line, item), q)| (line, item, q)).collect();
    stock::meet_expectations(tx, ctx, Way::Incoming, LINE, &met)?;
    let place = warehouse.quarantine;
    let days = (received_on, posted.posted_on);
    tables::insert_goods(tx, ctx, returned.id, place, days, &request.client_ref, &goods)?;
    let mut by_line: BTreeMap<usize, Quantity> = BTreeMap::new();
    for (at, quantity, _) in &arrived {
        let sum = by_line.entry(*at).or_default();
        *sum = sum.checked_add(*quantity)?;
    }
    let lines: Vec<_> = by_line
        .iter()
        .map(|(at, quantity)| (returned.lines[*at].line, *quantity, Quantity::ZERO, Quantity::ZERO))
        .collect();
    tables::add_to_lines(tx, ctx, returned.id, &lines)?;
    if let Some(sold) = sold {
        let back: Vec<Back> = by_line
            .iter()
            .filter_map(|(at, quantity)| {
                let line = returned.lines[*at].order_line?;
                Some(Back { line, quantity: *quantity })
            })
            .collect();
        sales::come_back(tx, ctx, sold, &back)?;
    }
    let value = Money::new(value, ctx.currency);
    let told = serde_json::json!({
        "number": returned.number, "lines": lines.len(), "value": value,
    });
    tell(tx, ctx, returned, (RECEIVE, "quality.return_received"), told)?;
    Ok(ReturnReceived {
        return_id: returned.id,
        number: returned.number.clone(),
        posted_on: posted.posted_on,
        value,
        repeated: false,
    })
}
