//! Orders and channels: finding, locking and writing them.

use super::*;
use crate::accept::{AcceptOrder, Accepted, AcceptedLine};
use crate::define_channel::Channel;
use crate::model::{Amounts, ChannelId, Draft, Line, LineTax, Order, Terms};
use crate::rules;
use crate::unshipped::{Unshipped, UnshippedLine};
use crate::words::{OrderState, WhenShort};
use accounting::TaxKind;
use base::{
    CompanyId, Id, ItemId, Money, PartnerId, Price, Quantity, Rate, SalesOrderId, TaxCodeId,
    WarehouseId,
};
use catalog::ItemKind;
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use store::{Row, Rows, StoreError, Tx, params, row};

/// The id and revision of the channel of a code, held.
pub(crate) fn channel_by_code(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    code: &str,
) -> Result<Option<(ChannelId, i64)>, StoreError> {
    let found = tx.query_opt(&LOCK_CHANNEL, params![company_id, code])?;
    found.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Adds or changes a channel.
pub(crate) fn write_channel(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: ChannelId,
    channel: &Channel,
    exists: bool,
) -> Result<(), StoreError> {
    let statement = if exists { &UPDATE_CHANNEL } else { &INSERT_CHANNEL };
    let values = params![
        company_id,
        id,
        channel.code,
        channel.name,
        channel.warehouse_id,
        channel.when_short,
        channel.reserve_at,
        channel.prepaid,
        channel.prices,
        channel.revenue_at,
        channel.terms_days,
        channel.tax_code,
        channel.active,
        channel.revision
    ];
    tx.write_exactly(1, statement, values)
}

/// Every channel by code.
pub(crate) fn all_channels(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<Vec<Channel>, StoreError> {
    find_channels(tx, company_id, (None, None), "", i64::MAX)
}

/// Channels by code, of a warehouse and in use or not, after a code.
pub(crate) fn find_channels(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    (warehouse, active): (Option<&str>, Option<bool>),
    after: &str,
    limit: i64,
) -> Result<Vec<Channel>, StoreError> {
    let read = |row: &Row| {
        Ok(Channel {
            channel_id: row.get::<i64>(0)?.to_string(),
            code: row.get(1)?,
            name: row.get(2)?,
            warehouse_id: row.get(3)?,
            warehouse: row.get(4)?,
            when_short: row.get(5)?,
            reserve_at: row.get(6)?,
            prepaid: row.get(7)?,
            prices: row.get(8)?,
            revenue_at: row.get(9)?,
            terms_days: row.get(10)?,
            tax_code: row.get(11)?,
            active: row.get(12)?,
            revision: row.get(13)?,
        })
    };
    let values = params![company_id, warehouse, active, after, limit];
    tx.query(&CHANNELS, values)?.iter().map(read).collect()
}

/// What each channel does when goods are short.
pub(crate) fn channels_short(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<BTreeMap<String, WhenShort>, StoreError> {
    let channels = all_channels(tx, company_id)?;
    Ok(channels.into_iter().map(|channel| (channel.code, channel.when_short)).collect())
}

/// What was found for an order that is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub terms: Option<FoundTerms>,
    pub known: Option<SalesOrderId>,
    pub partner: Option<FoundPartner>,
    pub lines: Vec<FoundLine>,
    /// Policy: tax is rounded once for the document.
    pub tax_by_document: bool,
    /// Policy: the cost of goods waits for the invoice.
    pub cost_at_invoice: bool,
}

/// A channel's terms, and whether it takes orders.
#[derive(Debug, Clone)]
pub(crate) struct FoundTerms {
    pub terms: Terms,
    pub active: bool,
}

/// A partner as an order needs to know it.
#[derive(Debug, Clone)]
pub(crate) struct FoundPartner {
    pub id: PartnerId,
    pub customer: bool,
    pub active: bool,
    pub country: String,
}

/// What was found for a line.
#[derive(Debug, Clone)]
pub(crate) struct FoundLine {
    pub item: Option<FoundItem>,
    pub tax: Option<LineTax>,
    /// The tax code that counts for the line; empty for none.
    pub tax_asked: String,
}

/// An item as an order needs to know it.
#[derive(Debug, Clone)]
pub(crate) struct FoundItem {
    pub id: ItemId,
    pub sku: String,
    pub name: String,
    pub kind: ItemKind,
    pub list_price: Price,
    pub active: bool,
    pub whole: bool,
}

/// Finds what orders need to know, in one read for any number of orders and lines.
pub(crate) fn look_up(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &[(usize, &AcceptOrder)],
) -> Result<Vec<Asked>, StoreError> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let mut set = Rows::new(7);
    let mut places = Vec::new();
    for (place, (_, order)) in orders.iter().enumerate() {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let day = order.ordered_on.unwrap_or(ctx.today);
        for line in &order.lines {
            let (sku, tax_code) = (text(&line.sku), text(&line.tax_code));
            let external_ref = text(&order.external_ref);
            let partner = text(&order.partner);
            let n = places.len() as i64;
            set.push(row![n, order.channel, external_ref, partner, day, sku, tax_code]);
            places.push(place);
        }
    }
    let mut found: Vec<Asked> = vec![Asked::default(); orders.len()];
    let rows = tx.query(&LOOK_UP, params![ctx.company_id; set])?;
    for (row, place) in rows.iter().zip(places) {
        let asked = &mut found[place];
        if asked.lines.is_empty() {
            asked.terms = found_terms(row)?;
            asked.known = row.get(10)?;
            asked.partner = found_partner(row)?;
            asked.tax_by_document = row.get::<Option<String>>(26)?.as_deref() == Some("document");
            asked.cost_at_invoice = row.get::<Option<String>>(27)?.as_deref() == Some("invoice");
        }
        asked.lines.push(found_line(row)?);
    }
    Ok(found)
}

fn found_terms(row: &Row) -> Result<Option<FoundTerms>, StoreError> {
    let Some(channel) = row.get::<Option<ChannelId>>(1)? else { return Ok(None) };
    let terms = Terms {
        channel,
        warehouse_id: row.get(2)?,
        when_short: row.get(3)?,
        reserve_at: row.get(4)?,
        prepaid: row.get(5)?,
        prices: row.get(6)?,
        revenue_at: row.get(7)?,
        terms_days: row.get(8)?,
    };
    Ok(Some(FoundTerms { terms, active: row.get(9)? }))
}

fn found_partner(row: &Row) -> Result<Option<FoundPartner>, StoreError> {
    let Some(id) = row.get::<Option<PartnerId>>(11)? else { return Ok(None) };
    let (customer, active) = (row.get(12)?, row.get(13)?);
    Ok(Some(FoundPartner { id, customer, active, country: row.get(14)? }))
}

fn found_line(row: &Row) -> Result<FoundLine, StoreError> {
    let item = match row.get::<Option<ItemId>>(15)? {
        Some(id) => Some(FoundItem {
            id,
            sku: row.get(16)?,
            name: row.get(17)?,
            kind: row.get(18)?,
            list_price: row.get(19)?,
            active: row.get(20)?,
            whole: row.get(21)?,
        }),
        None => None,
    };
    let tax_asked: String = row.get(25)?;
    let code: Option<TaxCodeId> = row.get(22)?;
    let kind: Option<TaxKind> = row.get(23)?;
    let rate: Option<Rate> = row.get(24)?;
    let tax = match (code, kind, rate) {
        (Some(id), Some(kind), Some(rate)) => {
            // Of these the buyer declares the tax; the seller charges none.
            let declared = matches!(kind, TaxKind::ReverseCharge | TaxKind::Import);
            let rate = if declared { Rate::ZERO } else { rate };
            Some(LineTax { code_id: Some(id), code: tax_asked.clone(), rate })
        }
        _ => None,
    };
    Ok(FoundLine { item, tax, tax_asked })
}

fn order_set(drafts: &[&Draft]) -> Rows {
    let mut sorted: Vec<&Draft> = drafts.to_vec();
    // Two batches that meet wait for each other's orders in one order.
    sorted.sort_by(|a, b| {
        (a.terms.channel, &a.external_ref).cmp(&(b.terms.channel, &b.external_ref))
    });
    let mut set = Rows::new(20);
    for draft in sorted {
        set.push(row![
            draft.id,
            draft.number,
            draft.terms.channel,
            draft.external_ref,
            draft.client_ref,
            draft.partner_id,
            draft.country,
            draft.terms.warehouse_id,
            draft.ordered_on,
            draft.ordered_at,
            draft.due_on,
            draft.terms.when_short,
            draft.terms.prepaid,
            draft.terms.prices,
            draft.terms.revenue_at,
            draft.cost_at,
            draft.terms.terms_days,
            draft.total.net,
            draft.total.tax,
            draft.total.gross()
        ]);
    }
    set
}

/// Writes the head of an order that has no external reference.
pub(crate) fn insert_order(tx: &mut Tx<'_>, ctx: &Ctx, draft: &Draft) -> Result<(), StoreError> {
    let set = order_set(&[draft]);
    tx.write_exactly(
        1,
        &INSERT_ORDERS,
        params![ctx.company_id, ctx.currency, ctx.at, ctx.user_id; set],
    )
}

/// Writes the heads of orders that are not there yet; returns which it wrote.
pub(crate) fn insert_new_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    drafts: &[&Draft],
) -> Result<HashSet<SalesOrderId>, StoreError> {
    if drafts.is_empty() {
        return Ok(HashSet::new());
    }
    let set = order_set(drafts);
    let written = tx.query(
        &INSERT_NEW_ORDERS,
        params![ctx.company_id, ctx.currency, ctx.at, ctx.user_id; set],
    )?;
    written.iter().map(|row| row.get(0)).collect()
}

/// The orders that have the references of these, in their order.
pub(crate) fn known(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    drafts: &[&Draft],
) -> Result<Vec<SalesOrderId>, StoreError> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let mut set = Rows::new(2);
    for draft in drafts {
        set.push(row![draft.terms.channel, draft.external_ref]);
    }
    let mut found: HashMap<(ChannelId, String), SalesOrderId> = HashMap::new();
    for row in tx.query(&ORDERS_BY_REF, params![ctx.company_id; set])? {
        found.insert((row.get(0)?, row.get(1)?), row.get(2)?);
    }
    let of = |draft: &&Draft| {
        let key = (draft.terms.channel, draft.external_ref.clone());
        // The order that was in the way has gone with its transaction: run again.
        found.get(&key).copied().ok_or_else(|| StoreError::Retry("a reference was freed".into()))
    };
    drafts.iter().map(of).collect()
}

/// Writes the lines of orders.
pub(crate) fn insert_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    drafts: &[&Draft],
) -> Result<(), StoreError> {
    let mut set = Rows::new(16);
    for draft in drafts {
        for line in &draft.lines {
            set.push(row![
                draft.id,
                line.line,
                line.id,
                line.kind,
                line.item_id,
                line.kit,
                line.description,
                line.quantity,
                line.price,
                line.tax.code_id.map_or(0, Id::raw),
                line.tax.code,
                line.tax.rate,
                line.role,
                line.amounts.net,
                line.amounts.tax,
                line.amounts.gross()
            ]);
        }
    }
    tx.write_exactly(set.len(), &INSERT_LINES, params![ctx.company_id; set])
}

/// Orders as a repeated request is answered, in the order given.
pub(crate) fn accepted(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    ids: &[SalesOrderId],
) -> Result<Vec<Accepted>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let distinct: BTreeSet<SalesOrderId> = ids.iter().copied().collect();
    let mut found: HashMap<SalesOrderId, Accepted> = HashMap::new();
    let heads =
        tx.query(&ACCEPTED_ORDERS, params![ctx.company_id; Rows::column(distinct.iter())])?;
    for row in &heads {
        let money = |minor: i64| Money::new(minor, ctx.currency);
        let order_id = row.get(0)?;
        let order = Accepted {
            order_id,
            number: row.get(1)?,
            repeated: true,
            state: row.get(2)?,
            revision: row.get(3)?,
            net: money(row.get(4)?),
            tax: money(row.get(5)?),
            gross: money(row.get(6)?),
            lines: Vec::new(),
        };
        found.insert(order_id, order);
    }
    let lines =
        tx.query(&ACCEPTED_LINES, params![ctx.company_id; Rows::column(distinct.iter())])?;
    let mut kept = KeptLines::default();
    for row in &lines {
        let (order_id, line): (SalesOrderId, i64) = (row.get(0)?, row.get(1)?);
        kept.add((order_id, line), (row.get(2)?, row.get(3)?), row, 6)?;
        let open = open(row.get(2)?, row.get(4)?, row.get(5)?)?;
        if let Some(order) = found.get_mut(&order_id)
            && order.lines.last().is_none_or(|last| last.line != line)
        {
            let (quantity, reserved) = (row.get(2)?, Quantity::ZERO);
            order.lines.push(AcceptedLine { line, quantity, reserved, back_order: open });
        }
    }
    for order in found.values_mut() {
        for line in &mut order.lines {
            let (reserved, back_order) = kept.of((order.order_id, line.line), line.back_order)?;
            (line.reserved, line.back_order) = (reserved, back_order);
        }
    }
    let gone = || StoreError::Unusable("an accepted order was not found again".to_owned());
    ids.iter().map(|id| found.get(id).cloned().ok_or_else(gone)).collect()
}

fn open(
    quantity: Quantity,
    shipped: Quantity,
    cancelled: Quantity,
) -> Result<Quantity, StoreError> {
    quantity
        .checked_sub(shipped)
        .and_then(|rest| rest.checked_sub(cancelled))
        .map_err(|error| StoreError::Unusable(format!("a line's quantities: {error}")))
}

/// Which goods, and how much of how much is kept.
type KeptGoods = Vec<(Quantity, Quantity)>;

/// What is kept for lines, read row by row: one for each item of a line.
#[derive(Debug, Default)]
pub(crate) struct KeptLines {
    lines: BTreeMap<(SalesOrderId, i64), (Quantity, bool, KeptGoods)>,
}

impl KeptLines {
    /// Adds a row whose columns from `first` on are item, reserved and wanted.
    pub(crate) fn add(
        &mut self,
        key: (SalesOrderId, i64),
        (quantity, kit): (Quantity, bool),
        row: &Row,
        first: usize,
    ) -> Result<(), StoreError> {
        let line = self.lines.entry(key).or_insert((quantity, kit, Vec::new()));
        if row.get::<Option<ItemId>>(first)?.is_some() {
            line.2.push((row.get(first + 1)?, row.get(first + 2)?));
        }
        Ok(())
    }

    /// How much of a line is kept, and how much of what is open is not.
    pub(crate) fn of(
        &self,
        key: (SalesOrderId, i64),
        open: Quantity,
    ) -> Result<(Quantity, Quantity), StoreError> {
        let Some((quantity, kit, goods)) = self.lines.get(&key).filter(|line| !line.2.is_empty())
        else {
            return Ok((Quantity::ZERO, Quantity::ZERO));
        };
        let kept = rules::kept_of(*quantity, *kit, goods.iter().copied());
        kept.and_then(|kept| Ok((kept, open.checked_sub(kept)?)))
            .map_err(|error| StoreError::Unusable(format!("a line's quantities: {error}")))
    }
}

/// An order with its lines, held until the transaction ends.
pub(crate) fn lock_order(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: SalesOrderId,
) -> Result<Option<Order>, StoreError> {
    Ok(lock_orders(tx, company_id, &[id])?.remove(&id))
}

/// Orders with their lines, held until the transaction ends.
pub(crate) fn lock_orders(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &[SalesOrderId],
) -> Result<BTreeMap<SalesOrderId, Order>, StoreError> {
    let ids: BTreeSet<SalesOrderId> = ids.iter().copied().collect();
    let mut orders = BTreeMap::new();
    for row in tx.query(&LOCK_ORDERS, params![company_id; Rows::column(ids.iter())])? {
        let id = row.get(11)?;
        let order = Order {
            id,
            number: row.get(0)?,
            partner_id: row.get(1)?,
            warehouse_id: row.get(2)?,
            customer_place: row.get(3)?,
            state: row.get(4)?,
            prepaid: row.get(5)?,
            prices: row.get(6)?,
            revenue_at: row.get(7)?,
            cost_at: row.get(8)?,
            terms_days: row.get(9)?,
            revision: row.get(10)?,
            lines: Vec::new(),
        };
        orders.insert(id, order);
    }
    if orders.is_empty() {
        return Ok(orders);
    }
    // The lines are read after the lock is had: by then nobody else changes them.
    for row in &tx.query(&LINES_OF, params![company_id; Rows::column(orders.keys())])? {
        if let Some(order) = orders.get_mut(&row.get(19)?) {
            order.lines.push(line(row)?);
        }
    }
    Ok(orders)
}

fn line(row: &Row) -> Result<Line, StoreError> {
    let tax_code: i64 = row.get(7)?;
    Ok(Line {
        id: row.get(0)?,
        line: row.get(1)?,
        kind: row.get(2)?,
        kit: row.get(3)?,
        item_id: row.get(4)?,
        whole: row.get(5)?,
        quantity: row.get(6)?,
        tax_code_id: (tax_code != 0).then(|| Id::from_raw(tax_code)),
        role: row.get(8)?,
        amounts: Amounts { net: row.get(9)?, tax: row.get(10)? },
        shipped: row.get(11)?,
        invoiced: row.get(12)?,
        cancelled: row.get(13)?,
        tax_rate: row.get(14)?,
        returned: row.get(15)?,
        credited: row.get(16)?,
        given_back: Amounts { net: row.get(17)?, tax: row.get(18)? },
    })
}

/// Raises a held order's revision and moves it to a state; returns the new revision.
pub(crate) fn raise_order(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    order: &Order,
    state: OrderState,
) -> Result<i64, StoreError> {
    raise_orders(tx, company_id, [(order, state)])?;
    Ok(order.revision + 1)
}

/// Raises held orders' revisions by one and moves each to a state.
pub(crate) fn raise_orders<'o>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    orders: impl IntoIterator<Item = (&'o Order, OrderState)>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(3);
    for (order, state) in orders {
        set.push(row![order.id, order.revision, state]);
    }
    tx.write_exactly(set.len(), &RAISE_ORDERS, params![company_id; set])
}

/// Orders with their lines of goods, held until the transaction ends; what they want is added by
/// whoever asks.
pub(crate) fn lock_unshipped(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &[SalesOrderId],
) -> Result<BTreeMap<SalesOrderId, Unshipped>, StoreError> {
    let ids: BTreeSet<SalesOrderId> = ids.iter().copied().collect();
    let mut held = BTreeMap::new();
    for row in &tx.query(&LOCK_UNSHIPPED, params![company_id; Rows::column(ids.iter())])? {
        let order_id = row.get(0)?;
        let order = Unshipped {
            order_id,
            number: row.get(1)?,
            channel: row.get(2)?,
            warehouse_id: row.get(3)?,
            state: row.get(4)?,
            revision: row.get(5)?,
            lines: Vec::new(),
            demands: Vec::new(),
        };
        held.insert(order_id, order);
    }
    for row in &tx.query(&UNSHIPPED_LINES, params![company_id; Rows::column(held.keys())])? {
        let line = UnshippedLine {
            line: row.get(1)?,
            line_id: row.get(2)?,
            item_id: row.get(3)?,
            sku: row.get(4)?,
            whole: row.get::<bool>(5)? || row.get::<bool>(6)?,
            quantity: row.get(7)?,
            open: row.get(8)?,
        };
        if let Some(order) = held.get_mut(&row.get::<SalesOrderId>(0)?) {
            order.lines.push(line);
        }
    }
    Ok(held)
}

/// Lets held orders, at their revisions, be shipped by these warehouses, and raises the revisions.
pub(crate) fn rehome(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    orders: &[(SalesOrderId, i64, WarehouseId)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(3);
    for (id, revision, warehouse) in orders {
        set.push(row![id, revision, warehouse]);
    }
    tx.write_exactly(orders.len(), &REHOME, params![company_id; set])
}
