//! `plan_picks`: what is kept for orders is put on lists, in the order in which places are walked.

use crate::PLAN;
use crate::model::{LIST, Line, Spot};
use crate::rules::{self, Ready};
use crate::tables::{self, Candidates};
use crate::words::PickKind;
use base::{
    Day, Id, ItemId, NumberError, PickListId, PlaceId, Problem, ProblemKind, Quantity, Rule,
    SalesOrderId, UserId, WarehouseId,
};
use identity::{Ctx, Denied};
use sales::{OrderState, Unshipped};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use stock::{Pick, Standing};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// The most orders that are put on lists at once.
pub const MAX_ORDERS: usize = 1_000;
/// How many orders a batch has when nobody says.
const ORDERS_PER_LIST: i64 = 10;

/// A request for pick lists: of the orders named, or of all in a warehouse that are ready.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanPicks {
    /// The warehouse's code; the only one when left out.
    pub warehouse: Option<String>,
    /// One list for each order when left out.
    pub kind: Option<PickKind>,
    /// The orders, at most 1,000; when left out those that are ready, the first promised first.
    pub order_ids: Vec<SalesOrderId>,
    /// Of the ready orders only those of this channel, by code.
    pub channel: Option<String>,
    /// Of the ready orders only those promised for this day or earlier.
    pub due_by: Option<Day>,
    /// Also orders of which the warehouse keeps only a part; sets that are not whole stay out.
    pub partly: bool,
    /// How many orders a batch has at most; 10 when left out.
    pub orders_per_list: Option<i64>,
    /// Who walks the lists; whoever begins when left out.
    pub picker_id: Option<UserId>,
}

/// The lists that were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PicksPlanned {
    /// The lists; none when nothing is ready that is not on a list already.
    pub lists: Vec<PlannedPicks>,
    /// Orders that were named and are on no new list.
    pub left_out: Vec<LeftOut>,
}

/// A list that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedPicks {
    /// The list.
    pub list_id: PickListId,
    /// Its number.
    pub number: String,
    /// What it is for: an order's number, how many orders, or channel and day.
    pub title: String,
    /// How many orders it is for.
    pub orders: i64,
    /// How many times the picker stops.
    pub stops: i64,
    /// How many lines it has.
    pub lines: i64,
}

/// Why an order is on no new list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeftOut {
    /// The order.
    pub order_id: SalesOrderId,
    /// The reason's code.
    pub code: String,
    /// The reason in words.
    pub detail: String,
}

/// Why no lists were made, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum PlanPicksError {
    /// There is no such warehouse, or several and none was named.
    #[error("there is no warehouse {code:?}; name one of: {known}")]
    UnknownWarehouse {
        /// The code asked for.
        code: String,
        /// What there is.
        known: String,
    },
    /// No permission in the warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many orders.
    #[error("the request names {count} orders; name at most {MAX_ORDERS} at once")]
    TooMany {
        /// How many it names.
        count: usize,
    },
    /// A batch of no orders.
    #[error("a list of {asked} orders cannot be made; ask for 1 to {MAX_ORDERS}")]
    OutOfRange {
        /// What was asked.
        asked: i64,
    },
    /// There is nobody of this id who could have a list.
    #[error("there is no active user {user_id}")]
    UnknownUser {
        /// The id asked for.
        user_id: UserId,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PlanPicksError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            PlanPicksError::UnknownWarehouse { .. } => {
                Problem::not_found("warehouse_not_found", detail).with_field("warehouse")
            }
            PlanPicksError::Denied(error) => error.problem(),
            PlanPicksError::TooMany { .. } => {
                Problem::new(ProblemKind::TooLarge, "batch_too_large", detail)
            }
            PlanPicksError::OutOfRange { .. } => {
                Problem::invalid("out_of_range", detail).with_field("orders_per_list")
            }
            PlanPicksError::UnknownUser { .. } => {
                Problem::not_found("user_not_found", detail).with_field("picker_id")
            }
            PlanPicksError::Number(error) => error.problem(),
            PlanPicksError::Store(error) => error.problem(),
        }
    }
}

/// A list about to be written.
pub(crate) struct NewList {
    pub id: PickListId,
    pub number: String,
    pub kind: PickKind,
    pub title: String,
    pub due_on: Day,
    pub lines: Vec<Line>,
}

/// An order with what is kept for it here and on no list.
struct Chosen<'o> {
    order: &'o Unshipped,
    ready: Ready,
    goods: Vec<(&'o Standing, i64, Pick)>,
}

/// Makes pick lists of what is kept for orders in a warehouse. What is on an open line already is on
/// no second one, so that planning again makes nothing. Lines are in the order in which places are
/// walked; those of one item, lot and place share a stop.
///
/// # Errors
/// The first broken rule in the order of [`PlanPicksError`].
pub fn plan_picks(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PlanPicks,
) -> Result<PicksPlanned, PlanPicksError> {
    let warehouse_id = warehouse(tx, ctx, request.warehouse.as_deref())?;
    ctx.require_in(PLAN, warehouse_id)?;
    let per_list = check(tx, ctx, &request)?;
    let named = !request.order_ids.is_empty();
    let mut ids = request.order_ids.clone();
    if !named {
        let asked = Candidates {
            warehouse_id,
            partly: request.partly,
            channel: request.channel.as_deref(),
            due_by: request.due_by,
            limit: MAX_ORDERS,
        };
        ids = tables::candidates(tx, ctx.company_id, &asked)?;
    }
    let orders = sales::hold_unshipped(tx, ctx, &ids)?;
    let facts = tables::order_facts(tx, ctx.company_id, &ids)?;
    let here = |demand: &&Standing| demand.warehouse_id == warehouse_id;
    let demands = orders.iter().flat_map(|order| order.demands.iter().filter(here));
    let demands: Vec<_> = demands.map(|demand| demand.demand_id).collect();
    let mut kept: BTreeMap<_, Vec<Pick>> = BTreeMap::new();
    for pick in stock::pick(tx, ctx, &demands)? {
        kept.entry(pick.demand_id).or_default().push(pick);
    }
    let on_lists = tables::open_lines(tx, ctx.company_id, &demands)?;

    let known: BTreeMap<SalesOrderId, &Unshipped> =
        orders.iter().map(|order| (order.order_id, order)).collect();
    let (mut chosen, mut left_out, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for order_id in ids.into_iter().filter(|id| seen.insert(*id)) {
        let choice = match (known.get(&order_id), facts.get(&order_id)) {
            (Some(order), Some(facts)) => {
                let goods = goods(order, warehouse_id, request.partly, &kept, &on_lists)?;
                goods.map(|goods| {
                    let ready = Ready {
                        number: order.number.clone(),
                        channel: facts.channel.clone(),
                        due_on: facts.due_on,
                        ordered_at: facts.ordered_at,
                    };
                    Chosen { order, ready, goods }
                })
            }
            _ => Err(("order_not_found", format!("there is no order {order_id}"))),
        };
        match choice {
            Ok(choice) => chosen.push(choice),
            Err((code, detail)) if named => {
                left_out.push(LeftOut { order_id, code: code.to_owned(), detail });
            }
            Err(_) => {}
        }
    }
    let kind = request.kind.unwrap_or(PickKind::Order);
    let lists = lists(tx, ctx, kind, per_list, chosen)?;
    tables::insert_lists(tx, ctx, (warehouse_id, request.picker_id), &lists)?;
    for list in &lists {
        let detail = serde_json::json!({
            "number": list.number, "kind": list.kind, "title": list.title,
            "lines": list.lines.len(), "picker_id": request.picker_id,
        });
        ctx.audit(tx, PLAN, LIST, list.id.raw(), detail.clone());
        ctx.fact(tx, LIST, list.id.raw(), 1, "picking.planned", detail);
    }
    Ok(PicksPlanned { lists: lists.iter().map(told).collect(), left_out })
}

/// How many orders a batch has, once the rest of the request is seen to be right.
fn check(tx: &mut Tx<'_>, ctx: &Ctx, request: &PlanPicks) -> Result<usize, PlanPicksError> {
    let count = request.order_ids.len();
    if count > MAX_ORDERS {
        return Err(PlanPicksError::TooMany { count });
    }
    let asked = request.orders_per_list.unwrap_or(ORDERS_PER_LIST);
    let per_list = usize::try_from(asked).ok().filter(|n| (1..=MAX_ORDERS).contains(n));
    let per_list = per_list.ok_or(PlanPicksError::OutOfRange { asked })?;
    if let Some(user_id) = request.picker_id
        && !identity::is_member(tx, ctx.company_id, user_id)?
    {
        return Err(PlanPicksError::UnknownUser { user_id });
    }
    Ok(per_list)
}

fn warehouse(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    code: Option<&str>,
) -> Result<WarehouseId, PlanPicksError> {
    let all = stock::warehouses(tx, ctx.company_id)?;
    let only = all.len() == 1;
    let found = all.iter().find(|warehouse| code.map_or(only, |code| warehouse.code == code));
    found.map(|warehouse| warehouse.warehouse_id).ok_or_else(|| {
        let known = all.iter().map(|warehouse| &*warehouse.code).collect::<Vec<_>>().join(", ");
        PlanPicksError::UnknownWarehouse { code: code.unwrap_or_default().to_owned(), known }
    })
}

type Goods<'o> = Vec<(&'o Standing, i64, Pick)>;

/// What of an order can be put on a list: each part of what is kept with its order line's number; or
/// why nothing can.
fn goods<'o>(
    order: &'o Unshipped,
    warehouse_id: WarehouseId,
    partly: bool,
    kept: &BTreeMap<base::DemandId, Vec<Pick>>,
    on_lists: &BTreeMap<Spot, String>,
) -> Result<Result<Goods<'o>, (&'static str, String)>, NumberError> {
    let number = &order.number;
    if order.state != OrderState::Accepted {
        let detail = format!("order {number} is {}; it wants no goods any more", order.state);
        return Ok(Err(("order_not_open", detail)));
    }
    let (mut goods, mut missing, mut listed) = (Vec::new(), Quantity::ZERO, None);
    for line in &order.lines {
        let of_line = |demand: &&Standing| {
            demand.line_id == line.line_id.raw() && demand.warehouse_id == warehouse_id
        };
        let demands: Vec<&Standing> = order.demands.iter().filter(of_line).collect();
        let set = demands.iter().any(|demand| demand.item_id != line.item_id);
        let mut lacks = Quantity::ZERO;
        for demand in &demands {
            lacks = lacks.checked_add(demand.missing()?)?;
        }
        missing = missing.checked_add(lacks)?;
        if set && lacks.is_positive() {
            continue;
        }
        for demand in demands {
            for pick in kept.get(&demand.demand_id).into_iter().flatten() {
                let lot = pick.lot_id.map_or(0, Id::raw);
                match on_lists.get(&(demand.demand_id, pick.place_id, lot)) {
                    Some(list) => listed = Some(list),
                    None if pick.quantity.is_positive() => goods.push((demand, line.line, *pick)),
                    None => {}
                }
            }
        }
    }
    if missing.is_positive() && !partly {
        let detail = format!(
            "order {number} still lacks {missing}; reserve goods for it, or ask for it partly"
        );
        return Ok(Err(("order_lacks_goods", detail)));
    }
    Ok(match (goods.is_empty(), listed) {
        (false, _) => Ok(goods),
        (true, Some(list)) => {
            Err(("on_a_list", format!("what is kept for order {number} is on list {list}")))
        }
        (true, None) => {
            let detail = format!("nothing that could leave is kept for order {number} here");
            Err(("nothing_kept", detail))
        }
    })
}

/// The lists of chosen orders.
fn lists(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: PickKind,
    per_list: usize,
    chosen: Vec<Chosen<'_>>,
) -> Result<Vec<NewList>, StoreError> {
    let all = || chosen.iter().flat_map(|chosen| &chosen.goods);
    let places: BTreeSet<PlaceId> = all().map(|(.., pick)| pick.place_id).collect();
    let items: BTreeSet<ItemId> = all().map(|(.., pick)| pick.item_id).collect();
    let items: Vec<ItemId> = items.into_iter().collect();
    let paths = tables::place_paths(tx, ctx.company_id, &places)?;
    let items = catalog::items_by_id(tx, ctx.company_id, &items)?;
    let ready: Vec<Ready> = chosen.iter().map(|chosen| chosen.ready.clone()).collect();
    let mut lists = Vec::new();
    for group in rules::group(kind, &ready, per_list) {
        let id: PickListId = tx.id()?;
        let orders: Vec<&Ready> = group.iter().map(|at| &ready[*at]).collect();
        let mut lines = Vec::new();
        for at in &group {
            let Chosen { order, goods, .. } = &chosen[*at];
            for (demand, order_line, pick) in goods {
                lines.push(line(tx.id()?, id, order.order_id, (demand, *order_line), pick));
            }
        }
        let word = |line: &Line| {
            let path = paths.get(&line.place_id).map_or("", String::as_str);
            (path, items.get(&line.item_id).map_or("", |item| item.sku.as_str()), line.lot)
        };
        lines.sort_by(|a, b| {
            let ((a_path, a_sku, a_lot), (b_path, b_sku, b_lot)) = (word(a), word(b));
            rules::natural(a_path, b_path)
                .then_with(|| rules::natural(a_sku, b_sku))
                .then_with(|| a_lot.cmp(&b_lot))
        });
        number(&mut lines);
        lists.push(NewList {
            id,
            number: tx.number(ctx.company_id, "PL")?,
            kind,
            title: rules::title(kind, &orders),
            due_on: orders.iter().map(|order| order.due_on).min().unwrap_or(ctx.today),
            lines,
        });
    }
    Ok(lists)
}

/// A line of goods that are kept.
pub(crate) fn line(
    id: base::PickLineId,
    list_id: PickListId,
    order_id: SalesOrderId,
    (demand, order_line): (&Standing, i64),
    pick: &Pick,
) -> Line {
    Line {
        id,
        list_id,
        stop: 0,
        line: 0,
        demand_id: demand.demand_id,
        order_id,
        order_line,
        order_line_id: demand.line_id,
        item_id: pick.item_id,
        place_id: pick.place_id,
        lot: pick.lot_id.map_or(0, Id::raw),
        wanted: pick.quantity,
        picked: Quantity::ZERO,
        missed: Quantity::ZERO,
        voided: Quantity::ZERO,
        packed: Quantity::ZERO,
        shipped: Quantity::ZERO,
        put_back: Quantity::ZERO,
    }
}

/// Numbers sorted lines; goods of one item, lot and place share a stop.
fn number(lines: &mut [Line]) {
    let mut last = None;
    let mut stop = 0;
    for (number, line) in (1..).zip(lines) {
        let here = (line.place_id, line.item_id, line.lot);
        if last != Some(here) {
            (last, stop) = (Some(here), stop + 1);
        }
        (line.stop, line.line) = (stop, number);
    }
}

fn told(list: &NewList) -> PlannedPicks {
    let orders: BTreeSet<SalesOrderId> = list.lines.iter().map(|line| line.order_id).collect();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    PlannedPicks {
        list_id: list.id,
        number: list.number.clone(),
        title: list.title.clone(),
        orders: count(orders.len()),
        stops: list.lines.last().map_or(0, |line| line.stop),
        lines: count(list.lines.len()),
    }
}
