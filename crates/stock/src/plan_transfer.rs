//! `plan_transfer`: goods shall go from one warehouse to another.

use crate::demand::{Demand, Shortage, Wanted, demand};
use crate::expect::{Expectation, Way, expect};
use crate::places::Warehouse;
use crate::set_lead_time::ends;
use crate::tables::{self, NewTransfer};
use crate::transfer::{TRANSFER, TRANSFER_LINE, TransferError};
use base::{Day, Id, ItemId, PlaceId, Quantity, TransferId, TransferLineId, check_text};
use catalog::{Item, ItemKind};
use identity::{Ctx, Permission};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// May plan, amend and cancel transfers out of a warehouse.
pub const PLAN_TRANSFER: Permission = Permission("stock.plan_transfer");

/// Goods that shall go from one warehouse to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanTransfer {
    /// The code of the warehouse that they leave.
    pub from: String,
    /// The code of the warehouse that they go to.
    pub to: String,
    /// The path of the place where they shall lie; the warehouse's stock when absent.
    #[serde(default)]
    pub to_place: Option<String>,
    /// When they leave; the lead time before they arrive when only that is given, else today.
    #[serde(default)]
    pub depart_on: Option<Day>,
    /// When they arrive; the lead time after they leave when absent.
    #[serde(default)]
    pub arrive_on: Option<Day>,
    /// Whether goods are kept for it at once; true when absent. What is not there yet is kept as
    /// soon as it is sent.
    #[serde(default)]
    pub reserve: Option<bool>,
    /// What.
    pub lines: Vec<TransferItem>,
    /// What for, in words.
    #[serde(default)]
    pub note: String,
    /// What the caller calls it: a second request with it is the same transfer.
    #[serde(default)]
    pub client_ref: String,
}

/// An item that shall go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferItem {
    /// The item's SKU.
    pub sku: String,
    /// How much, in the stock unit.
    pub quantity: Quantity,
}

/// A transfer as planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TransferPlanned {
    /// The transfer.
    pub transfer_id: TransferId,
    /// Its spoken number.
    pub number: String,
    /// When the goods leave.
    pub depart_on: Day,
    /// When they arrive.
    pub arrive_on: Day,
    /// How much is kept for each line, in their order; none of a repeat.
    pub reserved: Vec<Quantity>,
    /// Whether it had been planned before; nothing was written then.
    pub repeated: bool,
}

/// Plans a transfer: goods are wanted at one warehouse, and expected at the other.
///
/// # Errors
/// The first broken rule in the order of [`TransferError`].
pub fn plan_transfer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PlanTransfer,
) -> Result<TransferPlanned, TransferError> {
    ctx.require_somewhere(PLAN_TRANSFER)?;
    check_text("note", &request.note, 500)?;
    check_text("client_ref", &request.client_ref, 200)?;
    let (from, to) = ends(tx, ctx, &request.from, &request.to)?;
    ctx.require_in(PLAN_TRANSFER, from.warehouse_id)?;
    if let Some(earlier) = tables::transfer_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    let to_place = place_in(tx, ctx, &to, request.to_place.as_deref())?;
    let lead = tables::lead_time(tx, ctx, from.warehouse_id, to.warehouse_id)?;
    let (depart_on, arrive_on) = days(&request, ctx.today, lead)?;
    let wanted = wanted(tx, ctx, &request.lines)?;

    let transfer_id: TransferId = tx.id()?;
    let number = tx.number(ctx.company_id, "TR")?;
    let mut lines: Vec<(TransferLineId, ItemId, Quantity)> = Vec::with_capacity(wanted.len());
    for (item, quantity) in wanted {
        lines.push((tx.id()?, item, quantity));
    }
    let planned = TransferPlanned {
        transfer_id,
        number,
        depart_on,
        arrive_on,
        reserved: Vec::new(),
        repeated: false,
    };
    let new = NewTransfer { from: from.warehouse_id, to: to.warehouse_id, to_place };
    tables::insert_transfer(tx, ctx, &new, &planned, (&request.note, &request.client_ref), &lines)?;
    let reserved = want(tx, ctx, from.warehouse_id, &planned, &lines, request.reserve)?;
    let expected = lines.iter().map(|(id, item_id, quantity)| Expectation {
        source_id: id.raw(),
        item_id: *item_id,
        quantity: *quantity,
        due_on: arrive_on,
    });
    let expected: Vec<Expectation> = expected.collect();
    expect(tx, ctx, to.warehouse_id, Way::Incoming, TRANSFER_LINE, &expected)?;
    let detail = serde_json::json!({
        "number": planned.number, "from": from.code, "to": to.code, "depart_on": depart_on,
        "arrive_on": arrive_on, "lines": lines.len(),
    });
    ctx.audit(tx, PLAN_TRANSFER, TRANSFER, transfer_id.raw(), detail.clone());
    ctx.fact(tx, TRANSFER, transfer_id.raw(), 1, "stock.transfer_planned", detail);
    Ok(TransferPlanned { reserved, ..planned })
}

/// Wants the goods of new or raised lines at the warehouse that they leave.
pub(crate) fn want(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse_id: base::WarehouseId,
    planned: &TransferPlanned,
    lines: &[(TransferLineId, ItemId, Quantity)],
    reserve: Option<bool>,
) -> Result<Vec<Quantity>, TransferError> {
    let wanted = lines.iter().map(|(id, item_id, quantity)| Wanted {
        owner_id: planned.transfer_id.raw(),
        line_id: id.raw(),
        item_id: *item_id,
        quantity: *quantity,
        due_on: planned.depart_on,
    });
    let asked = Demand {
        owner_kind: TRANSFER,
        warehouse_id,
        place_path: String::new(),
        shortage: Shortage::BackOrder,
        reserve: reserve.unwrap_or(true),
        lines: wanted.collect(),
    };
    Ok(demand(tx, ctx, asked)?.into_iter().map(|demanded| demanded.reserved).collect())
}

/// A place of a warehouse by its path; its stock when none is named.
pub(crate) fn place_in(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse: &Warehouse,
    path: Option<&str>,
) -> Result<PlaceId, TransferError> {
    let Some(path) = path else { return Ok(warehouse.stock) };
    let found = crate::find_places(tx, ctx.company_id, [path])?.remove(path);
    let inside = found.filter(|p| p.warehouse_id == warehouse.warehouse_id && p.kind.holds_stock());
    inside.map(|place| place.place_id).ok_or_else(|| TransferError::UnknownPlace {
        place: path.to_owned(),
        warehouse: warehouse.code.clone(),
    })
}

/// When goods leave and arrive.
fn days(request: &PlanTransfer, today: Day, lead: i64) -> Result<(Day, Day), TransferError> {
    let (depart_on, arrive_on) = match (request.depart_on, request.arrive_on) {
        (Some(depart), Some(arrive)) => (depart, arrive),
        (Some(depart), None) => (depart, depart.plus(lead)?),
        (None, Some(arrive)) => (arrive.plus(-lead)?, arrive),
        (None, None) => (today, today.plus(lead)?),
    };
    if arrive_on < depart_on {
        return Err(TransferError::ArrivesBeforeDeparture { depart_on, arrive_on });
    }
    Ok((depart_on, arrive_on))
}

/// The lines with their items, each of goods and above zero.
fn wanted(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    lines: &[TransferItem],
) -> Result<Vec<(ItemId, Quantity)>, TransferError> {
    if lines.is_empty() {
        return Err(TransferError::Empty);
    }
    let skus: Vec<&str> = lines.iter().map(|line| line.sku.as_str()).collect();
    let items = catalog::items_by_sku(tx, ctx.company_id, &skus)?;
    (1_i64..)
        .zip(lines)
        .map(|(line, asked)| {
            let item = items.get(&asked.sku);
            let item =
                item.ok_or_else(|| TransferError::UnknownItem { line, sku: asked.sku.clone() })?;
            if item.kind != ItemKind::Goods {
                return Err(TransferError::NotGoods { line, sku: asked.sku.clone() });
            }
            check_quantity(line, item, asked.quantity)?;
            Ok((item.id, asked.quantity))
        })
        .collect()
}

/// A quantity is above zero and, where the unit is whole, a whole number of it.
pub(crate) fn check_quantity(
    line: i64,
    item: &Item,
    quantity: Quantity,
) -> Result<(), TransferError> {
    if !quantity.is_positive() {
        return Err(TransferError::NotPositive { line, quantity });
    }
    if item.stock_unit.whole && quantity.micro() % Quantity::MICRO != 0 {
        let unit = item.stock_unit.code.clone();
        return Err(TransferError::NotWhole { line, quantity, unit });
    }
    Ok(())
}
