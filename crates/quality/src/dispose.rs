//! `dispose`: what becomes of goods that came back.
//!
//! | | debit | credit |
//! | --- | --- | --- |
//! | restock | stock | quarantine |
//! | second grade | stock at its own value, the difference to the reason's account | quarantine |
//! | scrap | the reason's account | quarantine |
//! | supplier claim | supplier claims | quarantine |
//! | back to the customer | cost of sales, or what carried their cost | quarantine |
//!
//! Until it is decided on, nothing of it is available.

use crate::claim::{self, NewClaim};
use crate::error::ReturnError;
use crate::model::{DISPOSITION, Goods, GoodsId, Return};
use crate::receive_return::{hold, tell};
use crate::words::Disposition;
use crate::{DISPOSE, tables};
use accounting::{Area, Role};
use base::{
    ClaimId, CustomerReturnId, Day, DispositionId, Id, ItemId, Money, MoveId, NumberError,
    PartnerId, PlaceId, Quantity, Rounding, check_text, mul_div,
};
use catalog::{Item, Tracking};
use identity::Ctx;
use sales::{Back, Sold};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use stock::{Class, Cost, Counter, FoundPlace, Kind, Move, Posting, Warehouse};
use store::Tx;
use utoipa::ToSchema;

/// Goods of a return that are decided on together.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispose {
    /// The return.
    pub return_id: CustomerReturnId,
    /// The day; today when absent.
    #[serde(default)]
    pub decided_on: Option<Day>,
    /// What becomes of what.
    pub lines: Vec<DisposeLine>,
    /// The client's own key of the decision: a second one with it is the same decision.
    #[serde(default)]
    pub client_ref: String,
}

/// Goods of one line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisposeLine {
    /// The return's line.
    pub line: i64,
    /// The item; all items of the line when absent, as of a kit.
    #[serde(default)]
    pub sku: Option<String>,
    /// How much of it; all that waits for a decision when absent.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// What becomes of it.
    pub outcome: Disposition,
    /// For restock and second grade, the path of the place it goes to; the warehouse's stock when
    /// absent.
    #[serde(default)]
    pub place: Option<String>,
    /// For scrap and second grade, the code of the stock reason whose account takes the loss.
    #[serde(default)]
    pub reason: String,
    /// For second grade, the SKU that it is sold as; the same item when absent.
    #[serde(default)]
    pub grade_sku: Option<String>,
    /// For second grade, what all of it is worth.
    #[serde(default)]
    pub grade_value: Option<Money>,
    /// For a supplier claim, the supplier's code.
    #[serde(default)]
    pub supplier: Option<String>,
    /// What was seen.
    #[serde(default)]
    pub note: String,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Disposed {
    /// The decision.
    pub disposition_id: DispositionId,
    /// Its number.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// What the goods were worth.
    pub value: Money,
    /// The claims that were made of it.
    pub claims: Vec<ClaimId>,
    /// Whether it was decided before: nothing was done again.
    pub repeated: bool,
}

/// Goods that are decided on: a part of what came back by one move.
struct Part {
    /// The place of its line in the request.
    asked: usize,
    goods: Goods,
    quantity: Quantity,
}

/// What is known besides the return.
struct Known {
    items: HashMap<ItemId, Item>,
    grades: HashMap<String, Item>,
    places: BTreeMap<String, FoundPlace>,
    reasons: BTreeMap<String, Role>,
    suppliers: BTreeMap<String, PartnerId>,
    warehouse: Warehouse,
    home: base::Currency,
}

/// A decision on a part of goods about to be written.
pub(crate) struct NewDisposition {
    pub goods_id: GoodsId,
    pub outcome: Disposition,
    pub quantity: Quantity,
    pub value: i64,
    pub grade_item: Option<ItemId>,
    pub grade_value: i64,
    pub place: PlaceId,
    pub reason: String,
    pub note: String,
    pub claim: Option<ClaimId>,
    pub move_id: MoveId,
}

/// Decides what becomes of goods that came back, and moves them there.
///
/// # Errors
/// The first broken rule in the order of [`ReturnError`].
pub fn dispose(tx: &mut Tx<'_>, ctx: &Ctx, request: Dispose) -> Result<Disposed, ReturnError> {
    let (mut returned, warehouse) = hold(tx, ctx, request.return_id, DISPOSE)?;
    check_text("client_ref", &request.client_ref, 200)?;
    for line in &request.lines {
        check_text("note", &line.note, 500)?;
        check_text("reason", &line.reason, 100)?;
    }
    if let Some(earlier) = tables::disposition_by_ref(tx, ctx, &returned, &request.client_ref)? {
        return Ok(earlier);
    }
    if request.lines.is_empty() {
        return Err(ReturnError::Empty);
    }
    let mut sold = match returned.order_id {
        Some(order_id) => sales::hold_sold(tx, ctx, order_id)?,
        None => None,
    };
    let known = load(tx, ctx, &returned, warehouse, &request)?;
    let parts = decide(&returned, &known, &request)?;
    record(tx, ctx, &mut returned, sold.as_mut(), &known, parts, &request)
}

fn load(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    returned: &Return,
    warehouse: Warehouse,
    request: &Dispose,
) -> Result<Known, ReturnError> {
    let ids: BTreeSet<ItemId> = returned.goods.iter().map(|goods| goods.item_id).collect();
    let ids: Vec<ItemId> = ids.into_iter().collect();
    let skus: Vec<&str> =
        request.lines.iter().filter_map(|line| line.grade_sku.as_deref()).collect();
    let paths = request.lines.iter().filter_map(|line| line.place.as_deref());
    let codes: Vec<&str> =
        request.lines.iter().filter_map(|line| line.supplier.as_deref()).collect();
    let suppliers = partners::partners_by_code(tx, ctx.company_id, &codes)?
        .into_iter()
        .filter(|(_, partner)| partner.supplier)
        .map(|(code, partner)| (code, partner.id));
    Ok(Known {
        items: catalog::items_by_id(tx, ctx.company_id, &ids)?,
        grades: catalog::items_by_sku(tx, ctx.company_id, &skus)?,
        places: stock::find_places(tx, ctx.company_id, paths)?,
        reasons: stock::reason_accounts(tx, ctx)?,
        suppliers: suppliers.collect(),
        warehouse,
        home: ctx.currency,
    })
}

/// Decides each line against what those before it left.
fn decide(returned: &Return, known: &Known, request: &Dispose) -> Result<Vec<Part>, ReturnError> {
    let mut goods = returned.goods.clone();
    let mut parts = Vec::new();
    let mut back: BTreeMap<i64, Quantity> = BTreeMap::new();
    for (asked, line) in request.lines.iter().enumerate() {
        let number = line.line;
        let at = returned.lines.binary_search_by_key(&number, |known| known.line);
        let at = at.map_err(|_| ReturnError::UnknownLine { line: number })?;
        let of = &returned.lines[at];
        let wanted = wanted_item(known, returned, line)?;
        known.needs(line)?;
        let fits = |goods: &Goods| {
            goods.line_id == of.id && wanted.is_none_or(|item| goods.item_id == item)
        };
        let mut open = Quantity::ZERO;
        for goods in goods.iter().filter(|goods| fits(goods)) {
            open = open.checked_add(goods.quantity.checked_sub(goods.decided)?)?;
        }
        let quantity = line.quantity.unwrap_or(open);
        if line.quantity.is_some_and(|quantity| !quantity.is_positive()) {
            return Err(ReturnError::BadQuantity { line: number, quantity });
        }
        if quantity > open || !quantity.is_positive() {
            return Err(ReturnError::ExceedsUndecided { line: number, asked: quantity, open });
        }
        let several = goods.iter().filter(|goods| fits(goods)).any(|one| {
            goods.iter().filter(|goods| fits(goods)).any(|other| other.item_id != one.item_id)
        });
        if several && line.quantity.is_some() {
            return Err(needs(line, "the item, as several came back for the line"));
        }
        if line.outcome == Disposition::BackToCustomer {
            let sum = back.entry(number).or_default();
            *sum = sum.checked_add(quantity)?;
            check_back(of, &returned.goods, *sum, line)?;
        }
        let mut left = quantity;
        for goods in goods.iter_mut().filter(|goods| fits(goods)) {
            let part = goods.quantity.checked_sub(goods.decided)?.min(left);
            if part.is_positive() {
                goods.decided = goods.decided.checked_add(part)?;
                left = left.checked_sub(part)?;
                parts.push(Part { asked, goods: goods.clone(), quantity: part });
            }
        }
    }
    Ok(parts)
}

/// Goods go to the customer again as long as their price was not given back; a kit is sold anew.
fn check_back(
    of: &crate::model::Line,
    goods: &[Goods],
    quantity: Quantity,
    line: &DisposeLine,
) -> Result<(), ReturnError> {
    let of_line = || goods.iter().filter(|goods| goods.line_id == of.id);
    if of_line().any(|goods| goods.item_id != of.item_id) {
        return Err(needs(line, "a line without a kit; send its parts as a new order"));
    }
    let before = of_line().try_fold(Quantity::ZERO, |sum, goods| sum.checked_add(goods.back))?;
    let kept = of.received.checked_sub(before)?.checked_sub(of.refunded)?;
    if quantity > kept {
        return Err(ReturnError::Refunded { line: line.line });
    }
    Ok(())
}

fn wanted_item(
    known: &Known,
    returned: &Return,
    line: &DisposeLine,
) -> Result<Option<ItemId>, ReturnError> {
    let Some(sku) = &line.sku else { return Ok(None) };
    let came = returned.goods.iter().map(|goods| goods.item_id);
    let found = came.into_iter().find(|id| known.items.get(id).is_some_and(|i| i.sku == *sku));
    let missing = || ReturnError::UnknownItem { line: line.line, sku: sku.clone() };
    found.map(Some).ok_or_else(missing)
}

fn needs(line: &DisposeLine, needs: &'static str) -> ReturnError {
    ReturnError::Needs { line: line.line, outcome: line.outcome, needs }
}

impl Known {
    /// Whether a line says what its outcome needs, and nothing else.
    fn needs(&self, line: &DisposeLine) -> Result<(), ReturnError> {
        use Disposition::{Restock, Scrap, SecondGrade, SupplierClaim};
        let outcome = line.outcome;
        if matches!(outcome, Scrap | SecondGrade) {
            if !self.reasons.contains_key(&line.reason) {
                return Err(needs(line, "the code of a stock reason"));
            }
        } else if !line.reason.is_empty() {
            return Err(needs(line, "no reason code; write what was seen into the note"));
        }
        if matches!(outcome, Restock | SecondGrade) {
            self.place(line)?;
        } else if line.place.is_some() {
            return Err(needs(line, "no place"));
        }
        match (outcome, line.grade_value) {
            (SecondGrade, Some(value)) if value.minor >= 0 && value.currency == self.home => {}
            (SecondGrade, _) => {
                return Err(needs(line, "a value of zero or more in the company's currency"));
            }
            (_, None) if line.grade_sku.is_none() => {}
            _ => return Err(needs(line, "no second grade")),
        }
        if let Some(sku) = &line.grade_sku {
            let fits = |item: &&Item| {
                item.kind == catalog::ItemKind::Goods && item.tracking == Tracking::None
            };
            if self.grades.get(sku).filter(fits).is_none() {
                return Err(needs(line, "a grade_sku of goods that are not told apart by lot"));
            }
        }
        match (outcome, &line.supplier) {
            (SupplierClaim, Some(code)) if self.suppliers.contains_key(code) => Ok(()),
            (SupplierClaim, _) => Err(needs(line, "the code of a supplier")),
            (_, None) => Ok(()),
            _ => Err(needs(line, "no supplier")),
        }
    }

    fn place(&self, line: &DisposeLine) -> Result<PlaceId, ReturnError> {
        let Some(path) = &line.place else { return Ok(self.warehouse.stock) };
        let ours = |place: &&FoundPlace| place.kind.holds_stock() && place.class == Class::Normal;
        let found = self.places.get(path).filter(ours);
        found
            .map(|p| p.place_id)
            .ok_or_else(|| needs(line, "the path of a place of ours to sell from"))
    }

    fn reason(&self, line: &DisposeLine) -> Counter {
        Counter::role(self.reasons.get(&line.reason).copied().unwrap_or(Role::Scrap))
    }
}

/// The part of a value that belongs to the pieces from `before` to `after` of all.
fn share(value: i64, before: Quantity, after: Quantity, all: Quantity) -> Result<i64, NumberError> {
    let upto = |part: Quantity| mul_div(value, part.micro(), all.micro(), Rounding::HalfUp);
    Ok(upto(after)? - upto(before)?)
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    returned: &mut Return,
    sold: Option<&mut Sold>,
    known: &Known,
    parts: Vec<Part>,
    request: &Dispose,
) -> Result<Disposed, ReturnError> {
    let disposition_id: DispositionId = tx.id()?;
    let number = tx.number(ctx.company_id, "DI")?;
    let decided_on = request.decided_on.unwrap_or(ctx.today);
    let mut claims: BTreeMap<usize, ClaimId> = BTreeMap::new();
    for part in &parts {
        if request.lines[part.asked].outcome == Disposition::SupplierClaim
            && !claims.contains_key(&part.asked)
        {
            claims.insert(part.asked, tx.id()?);
        }
    }
    let mut totals: BTreeMap<usize, (Quantity, Quantity)> = BTreeMap::new();
    for part in &parts {
        let total = totals.entry(part.asked).or_default();
        total.0 = total.0.checked_add(part.quantity)?;
    }
    let mut moves: Vec<Move> = Vec::new();
    let mut rows = Vec::with_capacity(parts.len());
    let mut first_of = Vec::with_capacity(parts.len());
    for (part, n) in parts.iter().zip(1_i64..) {
        let line = &request.lines[part.asked];
        let goods = &part.goods;
        let (item, from, quantity) = (goods.item_id, goods.place, part.quantity);
        first_of.push(moves.len());
        let out = |to, kind, counter: Option<Counter>| Move {
            lot_id: goods.lot_id,
            kind,
            counter,
            line_id: n,
            ..Move::plain(item, from, to, quantity)
        };
        let place = known.place(line)?;
        let mut grade = (None, 0);
        let mut to = place;
        match line.outcome {
            Disposition::Restock => moves.push(out(place, Kind::TransferOut, None)),
            Disposition::SecondGrade => {
                let (all, before) =
                    totals.get_mut(&part.asked).map_or_else(Default::default, |t| {
                        let before = t.1;
                        (t.0, before)
                    });
                let after = before.checked_add(quantity)?;
                if let Some(total) = totals.get_mut(&part.asked) {
                    total.1 = after;
                }
                let minor = line.grade_value.map_or(0, |value| value.minor);
                let value = share(minor, before, after, all)?;
                let of = line.grade_sku.as_ref().and_then(|sku| known.grades.get(sku));
                let grade_item = of.map_or(item, |item| item.id);
                let reason = known.reason(line);
                moves.push(out(known.warehouse.loss, Kind::Loss, Some(reason.clone())));
                moves.push(Move {
                    lot_id: if of.is_none() { goods.lot_id } else { None },
                    cost: Cost::Given(value),
                    kind: Kind::Found,
                    counter: Some(reason),
                    line_id: n,
                    ..Move::plain(grade_item, known.warehouse.loss, place, quantity)
                });
                grade = (Some(grade_item), value);
            }
            Disposition::Scrap => {
                to = known.warehouse.loss;
                moves.push(out(to, Kind::Loss, Some(known.reason(line))));
            }
            Disposition::SupplierClaim => {
                to = known.warehouse.supplier;
                let partner = line.supplier.as_ref().and_then(|code| known.suppliers.get(code));
                let counter = claim::counter(claims[&part.asked], partner.copied());
                moves.push(out(to, Kind::SupplierReturn, Some(counter)));
            }
            Disposition::BackToCustomer => {
                to = sold.as_ref().map_or(known.warehouse.customer, |sold| sold.customer_place());
                let order_line = returned
                    .lines
                    .iter()
                    .find(|known| known.id == goods.line_id)
                    .and_then(|line| line.order_line);
                let counter = match (&sold, order_line) {
                    (Some(sold), Some(line)) => sold.cost_counter(line)?,
                    _ => Counter::role(Role::Cogs),
                };
                let goods = out(to, Kind::Issue, Some(counter));
                moves.push(Move { confirm_expired: true, ..goods });
            }
        }
        rows.push(NewDisposition {
            goods_id: goods.id,
            outcome: line.outcome,
            quantity,
            value: 0,
            grade_item: grade.0,
            grade_value: grade.1,
            place: to,
            reason: line.reason.clone(),
            note: line.note.clone(),
            claim: claims.get(&part.asked).copied(),
            move_id: MoveId::from_raw(0),
        });
    }
    let posting = Posting {
        area: Area::Stock,
        happened_on: decided_on,
        source_kind: DISPOSITION,
        source_id: disposition_id.raw(),
        memo: format!("{number} of {}", returned.number),
        moves,
        lines: Vec::new(),
    };
    let posted = stock::post(tx, ctx, posting)?;
    let mut value = 0_i64;
    for (row, first) in rows.iter_mut().zip(&first_of) {
        let moved = posted.moves[*first];
        (row.value, row.move_id) = (moved.value, moved.move_id);
        value = value.checked_add(moved.value).ok_or(NumberError::OutOfRange)?;
    }
    for (asked, line) in request.lines.iter().enumerate() {
        let of_line = || parts.iter().zip(&rows).filter(move |(part, _)| part.asked == asked);
        let cost: i64 = of_line().map(|(_, row)| row.value).sum();
        let worth: i64 = of_line().map(|(_, row)| row.grade_value).sum();
        if worth > cost {
            return Err(ReturnError::WorthMore { line: line.line, value: worth, cost });
        }
        if let Some(&id) = claims.get(&asked) {
            let mut of: BTreeMap<ItemId, (Quantity, i64)> = BTreeMap::new();
            for (part, row) in of_line() {
                let sum = of.entry(part.goods.item_id).or_default();
                sum.0 = sum.0.checked_add(part.quantity)?;
                sum.1 += row.value;
            }
            let one = of.len() == 1;
            let Some((&item_id, &(quantity, amount))) = of.iter().next().filter(|_| one) else {
                return Err(needs(line, "the item, as several came back for the line"));
            };
            let supplier = line.supplier.as_ref().and_then(|code| known.suppliers.get(code));
            let claimed = NewClaim {
                id,
                partner_id: supplier.copied(),
                item_id,
                quantity,
                amount,
                cause: format!("{} of {}", number, returned.number),
                evidence: line.note.clone(),
                receipt_line_id: None,
                opened_on: decided_on,
                client_ref: String::new(),
            };
            claim::open(tx, ctx, &claimed)?;
        }
    }
    let days = (decided_on, posted.posted_on);
    let head = (disposition_id, number.as_str(), request.client_ref.as_str());
    tables::insert_dispositions(tx, ctx, returned.id, head, days, &rows)?;
    tables::add_to_goods(tx, ctx, &decided_of(&rows)?)?;
    if let Some(sold) = sold {
        go_again(tx, ctx, returned, sold, &parts, request)?;
    }
    let value = Money::new(value, ctx.currency);
    let told = serde_json::json!({
        "number": returned.number, "disposition": number, "lines": rows.len(), "value": value,
    });
    tell(tx, ctx, returned, (DISPOSE, "quality.disposed"), told)?;
    Ok(Disposed {
        disposition_id,
        number,
        posted_on: posted.posted_on,
        value,
        claims: claims.into_values().collect(),
        repeated: false,
    })
}

/// What is decided on of goods, and what of it goes to the customer again.
fn decided_of(rows: &[NewDisposition]) -> Result<Vec<(GoodsId, Quantity, Quantity)>, NumberError> {
    let mut sums: BTreeMap<GoodsId, (Quantity, Quantity)> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry(row.goods_id).or_default();
        sum.0 = sum.0.checked_add(row.quantity)?;
        if row.outcome == Disposition::BackToCustomer {
            sum.1 = sum.1.checked_add(row.quantity)?;
        }
    }
    Ok(sums.into_iter().map(|(id, (decided, back))| (id, decided, back)).collect())
}

/// Tells the order what went to the customer again.
fn go_again(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    returned: &Return,
    sold: &mut Sold,
    parts: &[Part],
    request: &Dispose,
) -> Result<(), ReturnError> {
    let mut again: BTreeMap<i64, Quantity> = BTreeMap::new();
    for part in parts {
        if request.lines[part.asked].outcome == Disposition::BackToCustomer {
            let of = returned.lines.iter().find(|line| line.id == part.goods.line_id);
            if let Some(line) = of.and_then(|line| line.order_line) {
                let sum = again.entry(line).or_default();
                *sum = sum.checked_sub(part.quantity)?;
            }
        }
    }
    if !again.is_empty() {
        let back: Vec<Back> =
            again.into_iter().map(|(line, quantity)| Back { line, quantity }).collect();
        sales::come_back(tx, ctx, sold, &back)?;
    }
    Ok(())
}
