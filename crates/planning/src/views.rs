//! What readers get: rules, proposals, and how long suppliers take.

use crate::READ;
use crate::model::{Became, Document};
use crate::tables::{self, After, Listed, ListedRule, Which, WhichRules};
use crate::words::{ProposalState, Trigger, What};
use base::{
    BadCursor, Day, Id, ItemId, NumberError, Page, Paging, PlaceId, Price, Problem, ProposalId,
    PurchaseOrderId, Quantity, Rule, RuleId, Timestamp, TransferId, UserId, WarehouseId, mul_div,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Why a list cannot be read.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ListError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor is not one of this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// There is no such warehouse.
    #[error("there is no warehouse {code:?}")]
    UnknownWarehouse {
        /// The code asked for.
        code: String,
        /// Which filter asks for it.
        filter: &'static str,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ListError {
    fn problem(&self) -> Problem {
        match self {
            ListError::Denied(error) => error.problem(),
            ListError::Cursor(error) => error.problem(),
            ListError::UnknownWarehouse { filter, .. } => {
                Problem::refused("unknown_warehouse", self.to_string()).with_field(filter)
            }
            ListError::Number(error) => error.problem(),
            ListError::Store(error) => error.problem(),
        }
    }
}

/// Which rules to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RuleFilter {
    /// Only of this item, by SKU.
    pub sku: Option<String>,
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only those that prefer this supplier, by code.
    pub supplier: Option<String>,
    /// Only those that this warehouse supplies, by code.
    pub source: Option<String>,
    /// Those out of use, too.
    pub retired: bool,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, 1 to 200; 200 when absent.
    pub limit: Option<i64>,
}

/// A rule in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuleRow {
    /// Its id.
    pub rule_id: RuleId,
    /// The item's SKU.
    pub sku: String,
    /// The place's path.
    pub place: String,
    /// Raised with every change.
    pub version: i64,
    /// Stock that is projected below this is filled up.
    pub min: Quantity,
    /// Up to here.
    pub max: Quantity,
    /// Stock that is projected at or below this is filled up, too.
    pub reorder_point: Option<Quantity>,
    /// Orders come in multiples of this; zero for any.
    pub multiple: Quantity,
    /// No order is less.
    pub minimum: Quantity,
    /// Days from order to arrival; none where the offer, or the time between the warehouses, says.
    pub lead_days: Option<i64>,
    /// Days after the arrival that decide whether to order; none for the company's.
    pub horizon_days: Option<i64>,
    /// Days after those that widen the quantity.
    pub visibility_days: i64,
    /// Who turns its proposals into orders.
    pub trigger: Trigger,
    /// The preferred supplier; empty for none.
    pub supplier: String,
    /// The code of the warehouse that supplies the place; empty where suppliers do.
    pub source: String,
    /// Nothing is proposed before this day.
    pub snoozed_until: Option<Day>,
    /// Whether it is in use.
    pub active: bool,
    /// The place.
    #[serde(skip)]
    pub(crate) place_id: Option<PlaceId>,
}

/// Rules by SKU and place.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_rules(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &RuleFilter,
) -> Result<Page<RuleRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: (String, i64) = paging.after((String::new(), 0))?;
    let which = WhichRules {
        sku: filter.sku.as_deref(),
        warehouse_id: warehouse(tx, ctx, "warehouse", filter.warehouse.as_deref())?,
        supplier: filter.supplier.as_deref(),
        source_id: warehouse(tx, ctx, "source", filter.source.as_deref())?,
        retired: filter.retired,
    };
    let after = (after.0, PlaceId::from_raw(after.1));
    let found = tables::list_rules(tx, ctx, &which, after, paging.limit())?;
    let rows: Vec<RuleRow> = found.into_iter().map(rule_row).collect();
    Ok(paging.page(rows, |row| (row.sku.clone(), row.place_id.map_or(0, Id::raw))))
}

fn rule_row(listed: ListedRule) -> RuleRow {
    let ListedRule { rule, sku, place, supplier, source } = listed;
    RuleRow {
        rule_id: rule.id,
        sku,
        place,
        version: rule.version,
        min: rule.levels.min,
        max: rule.levels.max,
        reorder_point: rule.levels.reorder_point,
        multiple: rule.levels.multiple,
        minimum: rule.levels.minimum,
        lead_days: rule.levels.lead_days,
        horizon_days: rule.horizon_days,
        visibility_days: rule.levels.visibility_days,
        trigger: rule.trigger,
        supplier,
        source,
        snoozed_until: rule.snoozed_until,
        active: rule.active,
        place_id: Some(rule.place_id),
    }
}

pub(crate) fn warehouse(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &'static str,
    code: Option<&str>,
) -> Result<Option<WarehouseId>, ListError> {
    let Some(code) = code else { return Ok(None) };
    let found = stock::warehouse_by_code(tx, ctx.company_id, code)?;
    let unknown = || ListError::UnknownWarehouse { code: code.to_owned(), filter };
    Ok(Some(found.ok_or_else(unknown)?.warehouse_id))
}

/// Which proposals to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProposalFilter {
    /// Only in this state.
    pub state: Option<ProposalState>,
    /// Only of this item, by SKU.
    pub sku: Option<String>,
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only for this supplier, by code.
    pub supplier: Option<String>,
    /// Only from this warehouse, by code.
    pub source: Option<String>,
    /// Only those that became lines of this order.
    pub order_id: Option<PurchaseOrderId>,
    /// Only those that became lines of this transfer.
    pub transfer_id: Option<TransferId>,
    /// In which order.
    pub sort: ProposalSort,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, 1 to 200; 200 when absent.
    pub limit: Option<i64>,
}

/// The order of a list of proposals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposalSort {
    /// In which they were first made.
    #[default]
    Made,
    /// By the code of the supplier or warehouse that supplies them, so that what goes onto one order or
    /// transfer stands together.
    SuppliedBy,
}

/// A proposal in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposalRow {
    /// Its id.
    pub proposal_id: ProposalId,
    /// Raised with everything that happens to it.
    pub version: i64,
    /// How far it has come.
    pub state: ProposalState,
    /// The item.
    pub item_id: ItemId,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The path of the place that it is for.
    pub place: String,
    /// The rule; none for an item without one.
    pub rule_id: Option<RuleId>,
    /// The rule's version that it was decided by; 0 without one.
    pub rule_version: i64,
    /// The version of the algorithm that decided.
    pub algorithm: i64,
    /// The day from which it looked ahead.
    pub planned_on: Day,
    /// When it would arrive.
    pub arrives_on: Day,
    /// The lowest stock projected.
    pub forecast: Quantity,
    /// What is needed, before it is made an order.
    pub need: Quantity,
    /// What is proposed, in the stock unit.
    pub quantity: Quantity,
    /// The stock unit.
    pub stock_unit: String,
    /// The supplier; empty when nobody offers the item, and where a warehouse supplies the place.
    pub supplier: String,
    /// The code of the warehouse that supplies the place; empty where suppliers do.
    pub source: String,
    /// The day on which a transfer is needed; none of what is bought.
    pub needed_on: Option<Day>,
    /// What the warehouse that supplies can give, in the stock unit; zero of what is bought.
    pub available: Quantity,
    /// The currency of the order.
    pub currency: String,
    /// Why this supplier, or whether the warehouse can give all of it.
    pub chosen: String,
    /// The same quantity in the unit of the order.
    pub order_quantity: Quantity,
    /// That unit.
    pub unit: String,
    /// What a stock unit costs, in the company's currency.
    pub unit_cost: Price,
    /// What an automatic rule waits for; empty for nothing.
    pub held_back: String,
    /// The day until which somebody said no.
    pub dismissed_until: Option<Day>,
    /// Why it was dismissed, or ordered with another quantity.
    pub reason: String,
    /// What was ordered of it, in the stock unit; zero until it was.
    pub approved_quantity: Quantity,
    /// The order that it became a line of.
    pub order_id: Option<PurchaseOrderId>,
    /// That order's number; empty until then.
    pub order: String,
    /// The line's number; 0 until then.
    pub order_line: i64,
    /// The transfer that it became a line of.
    pub transfer_id: Option<TransferId>,
    /// That transfer's number; empty until then.
    pub transfer: String,
    /// The line's number; 0 until then.
    pub transfer_line: i64,
}

/// What happened to a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposalVersion {
    /// The version that it made.
    pub version: i64,
    /// What.
    pub what: What,
    /// The quantity after it, in the stock unit.
    pub quantity: Quantity,
    /// Why.
    pub reason: String,
    /// Who.
    pub user_id: UserId,
    /// When.
    pub recorded_at: Timestamp,
}

/// Proposals in the order that the filter asks for.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_proposals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &ProposalFilter,
) -> Result<Page<ProposalRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let which = Which {
        state: filter.state,
        sku: filter.sku.as_deref(),
        warehouse_id: warehouse(tx, ctx, "warehouse", filter.warehouse.as_deref())?,
        supplier: filter.supplier.as_deref(),
        order_id: filter.order_id,
        id: None,
        source_id: warehouse(tx, ctx, "source", filter.source.as_deref())?,
        transfer_id: filter.transfer_id,
    };
    let rows = |found: Vec<Listed>| found.into_iter().map(row_of).collect();
    let in_state = filter.state.is_some() && filter.supplier.is_some() != filter.source.is_some();
    match filter.sort {
        ProposalSort::Made if in_state => {
            // Nothing of a supplier that is not there.
            let code = filter.supplier.as_slice();
            let known = partners::partners_by_code(tx, ctx.company_id, code)?;
            let partner = code.first().and_then(|code| known.get(code)).map(|found| found.id);
            if partner.is_some() != filter.supplier.is_some() {
                return Ok(Page { lines: Vec::new(), next_cursor: None });
            }
            let after = After::Of(partner, paging.after(0)?);
            let found = tables::list_proposals(tx, ctx, &which, after, paging.limit())?;
            Ok(paging.page(rows(found), |row: &ProposalRow| row.proposal_id.raw()))
        }
        ProposalSort::Made => {
            let after = After::Made(paging.after(0)?);
            let found = tables::list_proposals(tx, ctx, &which, after, paging.limit())?;
            Ok(paging.page(rows(found), |row: &ProposalRow| row.proposal_id.raw()))
        }
        ProposalSort::SuppliedBy => {
            let (code, id): (String, i64) = paging.after(Default::default())?;
            let after = After::Supply(&code, id);
            let found = tables::list_proposals(tx, ctx, &which, after, paging.limit())?;
            let key = |row: &ProposalRow| {
                let code = if row.source.is_empty() { &row.supplier } else { &row.source };
                (code.clone(), row.proposal_id.raw())
            };
            Ok(paging.page(rows(found), key))
        }
    }
}

pub(crate) fn row_of(listed: Listed) -> ProposalRow {
    let Listed { proposal, sku, name, place, supplier, order, stock_unit, source, transfer } =
        listed;
    let (mut order_id, mut order_line, mut transfer_id, mut transfer_line) = (None, 0, None, 0);
    match proposal.became {
        None => {}
        Some(Became { document: Document::Order(id), line }) => {
            (order_id, order_line) = (Some(id), line);
        }
        Some(Became { document: Document::Transfer(id), line }) => {
            (transfer_id, transfer_line) = (Some(id), line);
        }
    }
    let figures = proposal.figures;
    ProposalRow {
        proposal_id: proposal.id,
        version: proposal.version,
        state: proposal.state,
        item_id: proposal.item_id,
        sku,
        name,
        place,
        rule_id: proposal.rule_id,
        rule_version: figures.rule_version,
        algorithm: figures.algorithm,
        planned_on: figures.planned_on,
        arrives_on: figures.arrives_on,
        forecast: figures.forecast,
        need: figures.need,
        quantity: figures.quantity,
        stock_unit,
        supplier,
        source,
        needed_on: figures.needed_on,
        available: figures.available,
        currency: figures.currency,
        chosen: figures.chosen,
        order_quantity: figures.order_quantity,
        unit: figures.unit,
        unit_cost: figures.unit_cost,
        held_back: proposal.held_back,
        dismissed_until: proposal.dismissed_until,
        reason: proposal.reason,
        approved_quantity: proposal.approved_quantity,
        order_id,
        order,
        order_line,
        transfer_id,
        transfer,
        transfer_line,
    }
}

/// Whose lead times to tell.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LeadTimeFilter {
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only of this item, by SKU.
    pub sku: Option<String>,
}

/// How long a supplier takes from order to arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeadTime {
    /// The supplier's code.
    pub supplier: String,
    /// The item's SKU; empty for all items of the supplier together.
    pub sku: String,
    /// How many deliveries were measured, each open line counting as one.
    pub measured: u64,
    /// How many of them are lines that something is still due of, measured to today.
    pub open: u64,
    /// The mean of their days.
    pub average_days: Quantity,
    /// The fewest days.
    pub least_days: i64,
    /// The most days.
    pub most_days: i64,
}

/// How long suppliers take, measured from orders of the days before today (policy
/// `lead_time_window_days`): each receipt of a line from the day of its order, and a line of which
/// something is due as if it came today, so that a late supplier looks late before the goods arrive.
/// First all items of a supplier together, then one by one.
///
/// # Errors
/// [`ListError`], in its order.
pub fn lead_times(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &LeadTimeFilter,
) -> Result<Vec<LeadTime>, ListError> {
    ctx.require(READ)?;
    let window = identity::policies(tx, ctx.company_id)?.number("lead_time_window_days");
    let since = ctx.today.plus(-window).map_err(|_| NumberError::OutOfRange)?;
    let (supplier, sku) = (filter.supplier.as_deref(), filter.sku.as_deref());
    let mut measured: BTreeMap<(String, String), Vec<(i64, bool)>> = BTreeMap::new();
    // A line comes once for each of its receipts; what is due of it counts once.
    let mut before: Option<(String, String, Day)> = None;
    for delivery in tables::deliveries(tx, ctx.company_id, since, supplier, sku)? {
        let key = (delivery.supplier.clone(), delivery.sku.clone(), delivery.ordered_on);
        let all = (delivery.supplier.clone(), String::new());
        let each = (delivery.supplier, delivery.sku);
        let mut measure = |days: i64, open: bool| {
            measured.entry(all.clone()).or_default().push((days, open));
            measured.entry(each.clone()).or_default().push((days, open));
        };
        if let Some(received_on) = delivery.received_on {
            measure(delivery.ordered_on.days_until(received_on), false);
        }
        let again = before.as_ref() == Some(&key) && delivery.received_on.is_some();
        if delivery.due && !again && delivery.ordered_on <= ctx.today {
            measure(delivery.ordered_on.days_until(ctx.today), true);
        }
        before = Some(key);
    }
    measured.into_iter().map(|((supplier, sku), days)| lead_time(supplier, sku, &days)).collect()
}

fn lead_time(supplier: String, sku: String, days: &[(i64, bool)]) -> Result<LeadTime, ListError> {
    let count = days.len() as i64;
    let sum: i64 = days.iter().map(|(days, _)| days).sum();
    let average = mul_div(sum, Quantity::MICRO, count, base::Rounding::HalfUp)?;
    Ok(LeadTime {
        supplier,
        sku,
        measured: days.len() as u64,
        open: days.iter().filter(|(_, open)| *open).count() as u64,
        average_days: Quantity::from_micro(average),
        least_days: days.iter().map(|(days, _)| *days).min().unwrap_or(0),
        most_days: days.iter().map(|(days, _)| *days).max().unwrap_or(0),
    })
}
