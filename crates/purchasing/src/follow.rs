//! What several verbs do with an order: look up what its lines name, keep stock's expectations in
//! step, end the order when nothing is left of it, and tell what happened.

use crate::model::{Line, Order, Waiting};
use crate::rules;
use crate::tables::{self, Loaded};
use crate::words::OrderState;
use accounting::{Line as EntryLine, OpenKey, Role, TaxRate};
use base::{Currency, Day, Id, ItemId, NumberError, PlaceId, Quantity, WarehouseId};
use catalog::Item;
use identity::{Ctx, Permission};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use stock::{Expectation, Warehouse, Way};
use store::{StoreError, Tx};

/// The kind of source under which stock expects an order's lines and the books keep them open.
pub const SOURCE: &str = "purchase_line";

/// What is told of a write: the verb, the fact and what both carry.
pub(crate) struct Told {
    pub verb: Permission,
    pub fact: &'static str,
    pub detail: serde_json::Value,
}

/// A row that foreign keys promise was not there.
pub(crate) fn gone(what: &str, id: impl Id) -> StoreError {
    StoreError::Unusable(format!("the {what} {} of an order is missing", id.raw()))
}

/// The items of lines.
pub(crate) fn items(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    lines: &[Line],
) -> Result<HashMap<ItemId, Item>, StoreError> {
    let ids: BTreeSet<ItemId> = lines.iter().map(|line| line.item_id).collect();
    catalog::items_by_id(tx, ctx.company_id, &ids.into_iter().collect::<Vec<_>>())
}

/// An item that a line names.
pub(crate) fn item(items: &HashMap<ItemId, Item>, id: ItemId) -> Result<&Item, StoreError> {
    items.get(&id).ok_or_else(|| gone("item", id))
}

/// The tax codes with their rates on a day.
pub(crate) fn taxes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    day: Day,
) -> Result<BTreeMap<String, TaxRate>, StoreError> {
    let codes = accounting::tax_codes_on(tx, ctx.company_id, day)?;
    Ok(codes.into_iter().map(|rate| (rate.code.clone(), rate)).collect())
}

/// The places of a warehouse that lines name by their path; paths elsewhere are left out. As a rule
/// lines name none, and nothing is read.
pub(crate) fn places<'p>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse: &Warehouse,
    named: impl Iterator<Item = &'p Option<String>>,
) -> Result<BTreeMap<String, PlaceId>, StoreError> {
    let found = stock::find_places(tx, ctx.company_id, named.flatten().map(String::as_str))?;
    let here = found.into_iter().filter(|(_, place)| place.warehouse_id == warehouse.warehouse_id);
    Ok(here.map(|(path, place)| (path, place.place_id)).collect())
}

/// The open line of an order's line.
pub(crate) fn open_key(order: &Order, line: &Line) -> OpenKey {
    OpenKey::new(SOURCE, line.id.raw()).with(order.partner_id)
}

/// Splits what a move books on "received, not invoiced" in the company's currency: the part billed
/// ahead goes to "billed, not received", and a foreign order's debt is kept in its currency. Nothing
/// to do for an order in the company's currency of which nothing was billed ahead. Values are those
/// of goods coming in; of goods going back they are below zero.
///
/// The lines name no item, as the line of a move on its [`Counter`](stock::Counter) does not: so the
/// books merge the first with it, and what is split leaves neither a line nor an open item behind.
pub(crate) fn split_counter(
    order: &Order,
    line: &Line,
    (grni, ahead): (Waiting, Waiting),
    home: Currency,
) -> Result<Vec<EntryLine>, NumberError> {
    if order.currency == home && ahead.quantity.is_zero() {
        return Ok(Vec::new());
    }
    let key = open_key(order, line);
    let all = rules::sum([grni.value, ahead.value])?;
    let on = |role, waiting: Waiting| {
        rules::open_line(role, key, -waiting.value, -waiting.foreign, order.currency, home)
    };
    Ok(vec![
        EntryLine::new(Role::Grni, all).open(key),
        on(Role::Grni, grni),
        on(Role::BilledNotReceived, ahead),
    ])
}

/// Puts an order that had ended back on its way when something is due again.
pub(crate) fn reopen(loaded: &mut Loaded) -> Result<(), NumberError> {
    let settled = loaded.lines.iter().map(Line::is_settled).collect::<Result<Vec<_>, _>>()?;
    if loaded.order.state == OrderState::Closed && settled.contains(&false) {
        loaded.order.state = match (loaded.order.acknowledged_on, loaded.order.sent_at) {
            (Some(_), _) => OrderState::Acknowledged,
            (None, Some(_)) => OrderState::Sent,
            (None, None) => OrderState::Approved,
        };
    }
    Ok(())
}

/// After goods or bills of one order, see [`all_goods`].
pub(crate) fn goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    loaded: &mut Loaded,
    told: Told,
) -> Result<OrderState, GoodsError> {
    all_goods(tx, ctx, vec![loaded], &told)?;
    Ok(loaded.order.state)
}

/// After goods or bills: writes orders with their lines, ends those of which nothing is left, and
/// keeps stock's expectations in step.
pub(crate) fn all_goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut orders: Vec<&mut Loaded>,
    told: &Told,
) -> Result<(), GoodsError> {
    for loaded in &mut orders {
        let settled = loaded.lines.iter().map(Line::is_settled).collect::<Result<Vec<_>, _>>()?;
        if loaded.order.state.is_due() && settled.into_iter().all(|settled| settled) {
            loaded.order.state = OrderState::Closed;
        }
    }
    write_all(tx, ctx, orders, told)
}

/// Why the end of a verb failed: never a rule of the trade.
#[derive(Debug)]
pub(crate) enum GoodsError {
    Number(NumberError),
    Store(StoreError),
}

impl From<NumberError> for GoodsError {
    fn from(error: NumberError) -> GoodsError {
        GoodsError::Number(error)
    }
}

impl From<StoreError> for GoodsError {
    fn from(error: StoreError) -> GoodsError {
        GoodsError::Store(error)
    }
}

/// Lets a verb's error take on the error of its end.
macro_rules! ends_with_goods {
    ($($error:ty),+ $(,)?) => {$(
        impl From<GoodsError> for $error {
            fn from(error: GoodsError) -> Self {
                match error {
                    GoodsError::Number(error) => error.into(),
                    GoodsError::Store(error) => error.into(),
                }
            }
        }
    )+};
}

ends_with_goods!(
    crate::ReceiveError,
    crate::BillError,
    crate::CreditNoteError,
    crate::ReturnToSupplierError,
    crate::ApproveOrderError,
    crate::AmendOrderError,
    crate::AcknowledgeOrderError,
    crate::SubmitOrderError,
    crate::CloseShortError,
    crate::CancelOrderError,
);

/// Writes an order with its lines, keeps stock's expectations in step and tells what happened.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    loaded: &mut Loaded,
    told: Told,
) -> Result<(), GoodsError> {
    write_all(tx, ctx, vec![loaded], &told)
}

fn write_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut orders: Vec<&mut Loaded>,
    told: &Told,
) -> Result<(), GoodsError> {
    expect(tx, ctx, &mut orders)?;
    tables::update_lines(tx, ctx.company_id, &mut orders)?;
    tell_all(tx, ctx, orders.into_iter().map(|loaded| &mut loaded.order).collect(), told)?;
    Ok(())
}

/// Raises an order's `seq`, writes its head, and tells what happened.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: &mut Order,
    told: Told,
) -> Result<(), StoreError> {
    tell_all(tx, ctx, vec![order], &told)
}

fn tell_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut orders: Vec<&mut Order>,
    told: &Told,
) -> Result<(), StoreError> {
    for order in &mut orders {
        order.seq += 1;
        let mut payload = told.detail.clone();
        if let Some(fields) = payload.as_object_mut() {
            fields.insert("order".to_owned(), order.number.clone().into());
            fields.insert("state".to_owned(), order.state.word().into());
        }
        ctx.audit(tx, told.verb, "purchase_order", order.id.raw(), told.detail.clone());
        ctx.fact(tx, "purchase_order", order.id.raw(), order.seq, told.fact, payload);
    }
    tables::update_orders(tx, ctx.company_id, orders.iter().map(|order| &**order))
}

/// Tells stock what is still due of orders, and when; nothing of those that are not on their way.
fn expect(tx: &mut Tx<'_>, ctx: &Ctx, orders: &mut [&mut Loaded]) -> Result<(), GoodsError> {
    let mut amended = Vec::new();
    let mut planned: BTreeMap<WarehouseId, Vec<Expectation>> = BTreeMap::new();
    for loaded in orders {
        let due = loaded.order.state.is_due();
        for line in loaded.lines.iter_mut().filter(|line| line.expected || due) {
            let quantity = if due { line.due()? } else { Quantity::ZERO };
            let expectation = Expectation {
                source_id: line.id.raw(),
                item_id: line.item_id,
                quantity,
                due_on: line.expected_on(),
            };
            if line.expected {
                amended.push(expectation);
            } else {
                planned.entry(loaded.order.warehouse_id).or_default().push(expectation);
            }
            line.expected = true;
        }
    }
    for (warehouse_id, planned) in planned {
        stock::expect(tx, ctx, warehouse_id, Way::Incoming, SOURCE, &planned)?;
    }
    stock::amend_expectations(tx, ctx, Way::Incoming, SOURCE, &amended)?;
    Ok(())
}
