//! `receive_direct`: goods of an order went from the supplier straight to a customer, for whoever
//! arranges that.
//!
//! The goods never lie with us: they are received at the customer's place, by the move that also
//! ships them. What they are owed by is decided as in [`receive`](crate::receive()).

use crate::model::{Line, Waiting};
use crate::owed::Terms;
use crate::receive::{ReceiveError, Received};
use crate::tables::{self, Loaded};
use crate::words::Outcome;
use crate::{RECEIVE, follow, rules};
use accounting::{Line as EntryLine, Role};
use base::{
    Currency, Day, ItemId, Money, PurchaseOrderId, Quantity, ReceiptId, WarehouseId, check_text,
};
use identity::Ctx;
use std::collections::BTreeMap;
use stock::{Counter, PostedMove, Warehouse};
use store::Tx;

/// An order of which goods go straight to a customer, held until the transaction ends.
pub struct DirectReceipt {
    loaded: Loaded,
    warehouse: Warehouse,
    terms: Terms,
    home: Currency,
    /// Why lines are held back, by their ids.
    held: BTreeMap<i64, String>,
}

/// What is due of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLine {
    /// Its number.
    pub line: i64,
    /// The item.
    pub item_id: ItemId,
    /// How much is still to come, in the stock unit.
    pub due: Quantity,
}

/// Goods of a line that go straight to a customer, as they are owed.
#[derive(Debug, Clone)]
pub struct DirectGoods {
    at: usize,
    quantity: Quantity,
    ahead: Waiting,
    grni: Waiting,
}

/// Holds an order of which goods are to go straight to a customer. For verbs that have their own
/// permission.
///
/// # Errors
/// [`ReceiveError::NotFound`], [`ReceiveError::NotDue`], a missing rate, or the store's own.
pub fn hold_direct(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: PurchaseOrderId,
    received_on: Day,
) -> Result<DirectReceipt, ReceiveError> {
    let loaded = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(ReceiveError::NotFound { order_id })?;
    if !loaded.order.state.is_due() {
        let (number, state) = (loaded.order.number, loaded.order.state);
        return Err(ReceiveError::NotDue { number, state });
    }
    let warehouse = stock::warehouse(tx, ctx.company_id, loaded.order.warehouse_id)?
        .ok_or_else(|| follow::gone("warehouse", loaded.order.warehouse_id))?;
    let terms = Terms::load(tx, ctx, &loaded.order, received_on)?;
    let lines = loaded.lines.iter().map(|line| base::Id::raw(line.id));
    let held = stock::held_expected(tx, ctx.company_id, crate::EXPECTED, lines)?;
    Ok(DirectReceipt { loaded, warehouse, terms, home: ctx.currency, held })
}

impl DirectReceipt {
    /// The warehouse that the order is for.
    #[must_use]
    pub fn warehouse_id(&self) -> WarehouseId {
        self.loaded.order.warehouse_id
    }

    /// Where the goods come from.
    #[must_use]
    pub fn supplier_place(&self) -> base::PlaceId {
        self.warehouse.supplier
    }

    /// What is due, line by line.
    ///
    /// # Errors
    /// When the numbers are out of range.
    pub fn due(&self) -> Result<Vec<DueLine>, ReceiveError> {
        let due =
            |line: &Line| Ok(DueLine { line: line.line, item_id: line.item_id, due: line.due()? });
        self.loaded.lines.iter().map(due).collect()
    }

    /// How goods of a line are owed, at most what is due of it.
    ///
    /// # Errors
    /// [`ReceiveError`], in its order.
    pub fn goods(&self, number: i64, quantity: Quantity) -> Result<DirectGoods, ReceiveError> {
        let order = &self.loaded.order;
        let unknown = || ReceiveError::UnknownLine { number: order.number.clone(), line: number };
        let at = self.loaded.position(number).ok_or_else(unknown)?;
        let line = &self.loaded.lines[at];
        if line.closed_short {
            let reason = line.close_reason.clone();
            return Err(ReceiveError::LineClosed { line: number, reason });
        }
        if let Some(reason) = self.held.get(&base::Id::raw(line.id)) {
            return Err(ReceiveError::Held { line: number, reason: reason.clone() });
        }
        if !quantity.is_positive() {
            return Err(ReceiveError::NotPositive { line: number, quantity });
        }
        let due = line.due()?;
        if quantity > due {
            return Err(ReceiveError::ExceedsDue { line: number, due, quantity });
        }
        let ahead = line.ahead.clone().take(quantity)?;
        let grni = self.terms.owed(line, ahead.quantity, quantity)?;
        Ok(DirectGoods { at, quantity, ahead, grni })
    }

    /// What the goods cost, in minor units of the company's currency.
    ///
    /// # Errors
    /// When the numbers are out of range.
    pub fn value(&self, goods: &DirectGoods) -> Result<i64, ReceiveError> {
        Ok(rules::sum([goods.ahead.value, goods.grni.value])?)
    }

    /// Where the goods are owed.
    #[must_use]
    pub fn counter(&self, goods: &DirectGoods) -> Counter {
        let line = &self.loaded.lines[goods.at];
        Counter::open(Role::Grni, follow::open_key(&self.loaded.order, line))
    }

    /// Further lines of the entry: what was billed ahead, and a debt in another currency.
    ///
    /// # Errors
    /// When the numbers are out of range.
    pub fn entry_lines(&self, goods: &DirectGoods) -> Result<Vec<EntryLine>, ReceiveError> {
        let line = &self.loaded.lines[goods.at];
        let owed = (goods.grni, goods.ahead);
        Ok(follow::split_counter(&self.loaded.order, line, owed, self.home)?)
    }
}

/// Writes down that goods went straight to a customer by these moves, one for each.
///
/// # Errors
/// The first broken rule in the order of [`ReceiveError`].
pub fn receive_direct(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: DirectReceipt,
    goods: Vec<(DirectGoods, PostedMove)>,
    (posted_on, delivery_note): (Day, &str),
) -> Result<Received, ReceiveError> {
    check_text("delivery_note", delivery_note, 200)?;
    let DirectReceipt { mut loaded, warehouse, terms, .. } = held;
    let receipt_id: ReceiptId = tx.id()?;
    let number = tx.number(ctx.company_id, "RC")?;
    let mut rows = Vec::with_capacity(goods.len());
    for (goods, moved) in goods {
        let line = &mut loaded.lines[goods.at];
        line.ahead.take(goods.ahead.quantity)?;
        line.grni.add(goods.grni)?;
        line.received = line.received.checked_add(goods.quantity)?;
        rows.push(tables::ReceiptRow {
            id: tx.id()?,
            line_id: line.id,
            line: rows.len() as i64 + 1,
            outcome: Outcome::Accepted,
            quantity: goods.quantity,
            lot: String::new(),
            place_id: warehouse.customer,
            move_id: base::Id::raw(moved.move_id),
            value: moved.value,
            over: false,
            reason: String::new(),
            inspect_to: None,
        });
    }
    let value = rules::sum(rows.iter().map(|row| row.value))?;
    let receipt = tables::NewReceipt {
        id: receipt_id,
        number: number.clone(),
        client_ref: String::new(),
        order_id: loaded.order.id,
        received_on: terms.day,
        posted_on,
        delivery_note: delivery_note.to_owned(),
        value,
    };
    tables::insert_receipt(tx, ctx, &receipt, &rows)?;
    let told = follow::Told {
        verb: RECEIVE,
        fact: "purchasing.received",
        detail: serde_json::json!({ "receipt": number, "lines": rows.len(), "direct": true }),
    };
    let order_state = follow::goods(tx, ctx, &mut loaded, told)?;
    let value = Money::new(value, ctx.currency);
    Ok(Received { receipt_id, number, posted_on, value, order_state, repeated: false })
}
