//! `blind_match`: for which orders counted goods came, before anything is booked; and the same decided
//! again from what it was decided from.

use crate::model::BlindReceipt;
use crate::rules::{self, Basis, Match, OpenLine};
use crate::words::Fit;
use crate::{MATCH, ReadError, tables};
use base::{BlindReceiptId, CompanyId, Day, Id, ItemId, NumberError, PurchaseOrderId, Quantity};
use catalog::Item;
use identity::Ctx;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// What was counted and what it came for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlindMatch {
    /// The blind receipt.
    pub blind_receipt_id: BlindReceiptId,
    /// Its number.
    pub number: String,
    /// How often it was written: what booking has to name.
    pub seq: i64,
    /// What the match was decided from, as a fingerprint: what booking has to name, too.
    pub fingerprint: String,
    /// The goods and what they fit.
    pub lines: Vec<MatchedGoods>,
    /// What is still due of the orders that goods came for.
    pub short: Vec<ShortGoods>,
}

/// Goods and what they fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MatchedGoods {
    /// The item; empty for one that nobody knows.
    pub sku: String,
    /// Its name, or what the goods look like.
    pub name: String,
    /// The lot's or the piece's number; empty for none.
    pub lot: String,
    /// Whether they are damaged: they are taken into quarantine.
    pub damaged: bool,
    /// How much, in the item's stock unit.
    pub quantity: Quantity,
    /// That unit; empty for an item that nobody knows.
    pub unit: String,
    /// What they fit.
    pub fit: Fit,
    /// The order that they are received for; none for goods that wait.
    pub order_id: Option<PurchaseOrderId>,
    /// Its number; empty for none.
    pub order: String,
    /// The number of its line; 0 for none.
    pub line: i64,
    /// The day that the line was expected on.
    pub expected_on: Option<Day>,
}

/// Goods of an order that did not come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShortGoods {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub order: String,
    /// The number of its line.
    pub line: i64,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How much is still due, in the stock unit.
    pub quantity: Quantity,
    /// That unit.
    pub unit: String,
    /// The day that it is expected on.
    pub expected_on: Day,
}

/// Tells for which orders the goods of an open blind receipt came, by the same rule as booking it:
/// the line that is expected first takes first. Nothing is written.
///
/// # Errors
/// See [`ReadError`].
pub fn blind_match(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    blind_receipt_id: BlindReceiptId,
) -> Result<BlindMatch, ReadError> {
    let missing = ReadError::BlindReceipt(blind_receipt_id);
    let receipt = tables::blind(tx, ctx.company_id, blind_receipt_id)?.ok_or(missing)?;
    ctx.require_in(MATCH, receipt.warehouse_id)?;
    let matched = Matched::load(tx, ctx, &receipt, false)?;
    let short = matched.short(tx, ctx)?;
    let lines = matched.lines();
    let fingerprint = matched.fingerprint();
    let BlindReceipt { number, seq, .. } = receipt;
    Ok(BlindMatch { blind_receipt_id, number, seq, fingerprint, lines, short })
}

/// Counted goods as they are matched.
pub(crate) struct Matched {
    pub basis: Basis,
    pub matches: Vec<Match>,
    pub items: HashMap<ItemId, Item>,
}

impl Matched {
    /// Reads what was counted and what is due, and decides.
    pub(crate) fn load(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        receipt: &BlindReceipt,
        confirm_over: bool,
    ) -> Result<Matched, Undecided> {
        Matched::load_of(tx, ctx, receipt, confirm_over, None)
    }

    /// The same among some orders only.
    pub(crate) fn load_of(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        receipt: &BlindReceipt,
        confirm_over: bool,
        orders: Option<&BTreeSet<PurchaseOrderId>>,
    ) -> Result<Matched, Undecided> {
        let counted = rules::group(tables::scanned(tx, ctx.company_id, receipt.id)?)?;
        let ids: BTreeSet<ItemId> = counted.iter().filter_map(|group| group.item_id).collect();
        let of = (Some(receipt.partner_id), receipt.warehouse_id);
        let open = purchasing::open_goods(tx, ctx, of, &ids)?;
        let open = open
            .into_iter()
            .filter(|line| orders.is_none_or(|orders| orders.contains(&line.order_id)));
        let open = open.map(|line| OpenLine {
            order_id: line.order_id,
            number: line.number,
            line: line.line,
            item_id: line.item_id,
            ordered_on: line.ordered_on,
            expected_on: line.expected_on,
            due: line.due,
            room: line.room,
            held: line.held,
        });
        let open = open.collect();
        let items = catalog::items_by_id(tx, ctx.company_id, &ids.into_iter().collect::<Vec<_>>())?;
        let basis = Basis { rule: rules::RULE, counted, open, confirm_over };
        let matches = rules::match_goods(&basis)?;
        Ok(Matched { basis, matches, items })
    }

    /// Tells whether two matches were decided from the same goods and the same open lines, whether or
    /// not what is over is confirmed.
    pub(crate) fn fingerprint(&self) -> String {
        let Basis { rule, counted, open, confirm_over: _ } = &self.basis;
        let told = serde_json::to_vec(&(rule, counted, open)).unwrap_or_default();
        let hash = Sha256::digest(told);
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The goods that are received, each with the line that it came for.
    pub(crate) fn received(&self) -> impl Iterator<Item = (&Match, &OpenLine)> {
        self.matches.iter().filter_map(|found| Some((found, &self.basis.open[found.open?])))
    }

    /// The orders that goods came for.
    pub(crate) fn orders(&self) -> BTreeSet<PurchaseOrderId> {
        self.received().map(|(_, open)| open.order_id).collect()
    }

    /// The goods and what they fit, for people.
    pub(crate) fn lines(&self) -> Vec<MatchedGoods> {
        self.matches.iter().map(|found| self.line(found)).collect()
    }

    fn line(&self, found: &Match) -> MatchedGoods {
        let counted = &self.basis.counted[found.counted];
        let item = counted.item_id.and_then(|id| self.items.get(&id));
        let open = found.open.map(|at| &self.basis.open[at]);
        MatchedGoods {
            sku: item.map_or_else(String::new, |item| item.sku.clone()),
            name: item.map_or_else(|| counted.description.clone(), |item| item.name.clone()),
            lot: counted.lot.clone(),
            damaged: counted.damaged,
            quantity: found.quantity,
            unit: item.map_or_else(String::new, |item| item.stock_unit.code.clone()),
            fit: found.fit,
            order_id: open.map(|line| line.order_id),
            order: open.map_or_else(String::new, |line| line.number.clone()),
            line: open.map_or(0, |line| line.line),
            expected_on: open.map(|line| line.expected_on),
        }
    }

    /// What will still be due of the orders that goods came for.
    pub(crate) fn short(&self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<ShortGoods>, Undecided> {
        let mut came: BTreeMap<(PurchaseOrderId, i64), Quantity> = BTreeMap::new();
        for (found, line) in self.received() {
            let sum = came.entry((line.order_id, line.line)).or_default();
            *sum = sum.checked_add(found.quantity)?;
        }
        let mut short = Vec::new();
        for due in purchasing::still_due(tx, ctx, &self.orders())? {
            let taken = came.get(&(due.order_id, due.line)).copied().unwrap_or_default();
            let quantity = due.due.checked_sub(taken)?;
            if quantity.is_positive() {
                short.push(ShortGoods {
                    order_id: due.order_id,
                    order: due.number,
                    line: due.line,
                    sku: due.sku,
                    name: due.name,
                    quantity,
                    unit: due.unit,
                    expected_on: due.expected_on,
                });
            }
        }
        Ok(short)
    }
}

/// Why nothing was decided: never a rule of the trade.
#[derive(Debug)]
pub(crate) enum Undecided {
    Number(NumberError),
    Store(StoreError),
}

impl From<NumberError> for Undecided {
    fn from(error: NumberError) -> Undecided {
        Undecided::Number(error)
    }
}

impl From<StoreError> for Undecided {
    fn from(error: StoreError) -> Undecided {
        Undecided::Store(error)
    }
}

/// Lets an error take on why nothing was decided.
macro_rules! undecided {
    ($($error:ty),+) => {$(
        impl From<Undecided> for $error {
            fn from(error: Undecided) -> Self {
                match error {
                    Undecided::Number(error) => error.into(),
                    Undecided::Store(error) => error.into(),
                }
            }
        }
    )+};
}

undecided!(crate::BlindError, ReadError);

/// Which booked blind receipts would be matched otherwise from what they were decided from; nothing
/// when none would. A decision of an earlier version of the rule stands as it is.
///
/// # Errors
/// Those of the engine.
pub fn verify_matches(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<String>, StoreError> {
    let mut broken = Vec::new();
    let mut after = BlindReceiptId::from_raw(0);
    loop {
        let bases = tables::bases_after(tx, company_id, after, AT_ONCE)?;
        let Some(&(last, ..)) = bases.last() else { return Ok(broken) };
        after = last;
        let mut kept = tables::kept_matches(tx, company_id, bases.iter().map(|(id, ..)| *id))?;
        for (id, number, text) in bases {
            broken.extend(
                verify(&text, &kept.remove(&id).unwrap_or_default())
                    .map(|why| format!("{number}: {why}")),
            );
        }
    }
}

/// How many blind receipts are decided again at once: the checks run on books of any size.
const AT_ONCE: i64 = 50;

/// What is wrong with what was kept of a decision; nothing when it would be the same again.
fn verify(basis: &str, kept: &[Kept]) -> Option<&'static str> {
    let Ok(basis) = serde_json::from_str::<Basis>(basis) else {
        return Some("what it was decided from cannot be read");
    };
    if basis.rule != rules::RULE {
        return None;
    }
    let again = rules::match_goods(&basis).map(|matches| told(&basis, &matches));
    (again.as_deref() != Ok(kept)).then_some("its goods would be matched otherwise")
}

/// What is kept of a match: quantity, fit, order and line, as [`verify_matches`] compares it.
pub(crate) type Kept = (Quantity, Fit, i64, i64);

fn told(basis: &Basis, matches: &[Match]) -> Vec<Kept> {
    let one = |found: &Match| {
        let open = found.open.map(|at| &basis.open[at]);
        let order = open.map_or(0, |line| line.order_id.raw());
        (found.quantity, found.fit, order, open.map_or(0, |line| line.line))
    };
    matches.iter().map(one).collect()
}
