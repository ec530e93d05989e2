//! The lists: channels, orders, shipments and invoices, a page at a time.

use crate::define_channel::Channel;
use crate::views::ViewError;
use crate::words::{InvoiceKind, OrderState, Progress};
use crate::{READ, rules, tables};
use base::{
    BadCursor, CreditNoteId, Day, EntryId, Id, InvoiceId, Money, Page, Paging, SalesOrderId,
    ShipmentId, Timestamp,
};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// What to list of the channels.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelFilter {
    /// Only those that sell from this warehouse, by code.
    pub warehouse: Option<String>,
    /// `true` for those that take orders, `false` for those that do not.
    pub active: Option<bool>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Lists channels by code.
///
/// # Errors
/// See [`ViewError`].
pub fn list_channels(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ChannelFilter,
) -> Result<Page<Channel>, ViewError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: String = paging.after(String::new())?;
    if after.contains('\0') {
        return Err(BadCursor(after).into());
    }
    let which = (filter.warehouse.as_deref(), filter.active);
    let found = tables::find_channels(tx, ctx.company_id, which, &after, paging.limit())?;
    Ok(paging.page(found, |channel: &Channel| channel.code.clone()))
}

/// What to list of the orders.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SalesOrderFilter {
    /// Only this state.
    pub state: Option<OrderState>,
    /// Only this channel, by code.
    pub channel: Option<String>,
    /// Only this customer, by code.
    pub partner: Option<String>,
    /// Only with this item.
    pub sku: Option<String>,
    /// Ordered on this day or later.
    pub from_day: Option<Day>,
    /// Ordered on this day or earlier.
    pub to_day: Option<Day>,
    /// Only this number of the channel.
    pub external_ref: Option<String>,
    /// Only those that the caller calls by a name that begins so.
    pub client_ref_prefix: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SalesOrderRow {
    /// Its id.
    pub order_id: SalesOrderId,
    /// Its spoken number.
    pub number: String,
    /// Its channel's code.
    pub channel: String,
    /// Its number at the channel, empty for none.
    pub external_ref: String,
    /// What the caller calls it, empty for nothing.
    pub client_ref: String,
    /// The customer's code, empty when not known.
    pub partner: String,
    /// Where the goods go.
    pub country: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// Where it stands.
    pub state: OrderState,
    /// The day of the order.
    pub ordered_on: Day,
    /// The moment of the order.
    pub ordered_at: Timestamp,
    /// When the goods are due to leave.
    pub due_on: Day,
    /// Whether the customer pays before.
    pub prepaid: bool,
    /// What it comes to without tax.
    pub net: Money,
    /// Its tax.
    pub tax: Money,
    /// What it comes to with tax.
    pub gross: Money,
    /// How much of it was shipped.
    pub shipped: Progress,
    /// How much of it was invoiced.
    pub invoiced: Progress,
    /// Raised with every change.
    pub revision: i64,
}

/// What to list of the shipments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipmentFilter {
    /// Only of orders in this state.
    pub state: Option<OrderState>,
    /// Only of this channel, by code.
    pub channel: Option<String>,
    /// Only to this customer, by code.
    pub partner: Option<String>,
    /// Only with this item.
    pub sku: Option<String>,
    /// Left on this day or later.
    pub from_day: Option<Day>,
    /// Left on this day or earlier.
    pub to_day: Option<Day>,
    /// Only of the order of this number of the channel.
    pub external_ref: Option<String>,
    /// Only those that the caller calls by a name that begins so.
    pub client_ref_prefix: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A shipment in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShipmentRow {
    /// Its id.
    pub shipment_id: ShipmentId,
    /// Its spoken number.
    pub number: String,
    /// Its order.
    pub order_id: SalesOrderId,
    /// The order's spoken number.
    pub order_number: String,
    /// The order's number at the channel.
    pub external_ref: String,
    /// The channel's code.
    pub channel: String,
    /// The customer's code, empty when not known.
    pub partner: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// When the goods left.
    pub happened_on: Day,
    /// The books' day.
    pub posted_on: Day,
    /// Who carries them.
    pub carrier: String,
    /// The carrier's number.
    pub tracking: String,
    /// What the caller calls it.
    pub client_ref: String,
    /// Its entry in the books, when there was anything to book.
    pub entry_id: Option<EntryId>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// What to list of the invoices.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceFilter {
    /// Only invoices, or only credit notes.
    pub kind: Option<InvoiceKind>,
    /// Only of this channel, by code.
    pub channel: Option<String>,
    /// Only to this customer, by code.
    pub partner: Option<String>,
    /// Only with this item.
    pub sku: Option<String>,
    /// Dated this day or later.
    pub from_day: Option<Day>,
    /// Dated this day or earlier.
    pub to_day: Option<Day>,
    /// Only of the order of this number of the channel.
    pub external_ref: Option<String>,
    /// Only those that the caller calls by a name that begins so.
    pub client_ref_prefix: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// What to list of the invoices that were written elsewhere before the books were opened.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenedInvoiceFilter {
    /// Only to this customer, by code.
    pub partner: Option<String>,
    /// Only the one of this number.
    pub number: Option<String>,
    /// Due this day or earlier.
    pub due_by: Option<Day>,
    /// Only those of which something is open.
    #[serde(default)]
    pub only_open: bool,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// An invoice that was written elsewhere before the books were opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenedInvoiceRow {
    /// Its id: payments settle it as any `invoice`.
    pub invoice_id: InvoiceId,
    /// Its number where it was written.
    pub number: String,
    /// The customer's code.
    pub partner: String,
    /// Its date.
    pub invoiced_on: Day,
    /// When it is due.
    pub due_on: Day,
    /// What was open of it when the books were opened.
    pub amount: Money,
    /// What is open of it now.
    pub open: Money,
    /// The entry that opened it.
    pub entry_id: Option<EntryId>,
}

/// An invoice in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvoiceRow {
    /// Its id.
    pub invoice_id: InvoiceId,
    /// Its legal number.
    pub number: String,
    /// Which document it is.
    pub kind: InvoiceKind,
    /// Its order.
    pub order_id: SalesOrderId,
    /// The order's spoken number.
    pub order_number: String,
    /// The order's number at the channel.
    pub external_ref: String,
    /// The channel's code.
    pub channel: String,
    /// The customer's code, empty when not known.
    pub partner: String,
    /// Its date.
    pub invoiced_on: Day,
    /// When it is due.
    pub due_on: Day,
    /// What it comes to without tax.
    pub net: Money,
    /// Its tax.
    pub tax: Money,
    /// What it comes to with tax.
    pub gross: Money,
    /// What the caller calls it.
    pub client_ref: String,
    /// Its entry in the books, when there was anything to book.
    pub entry_id: Option<EntryId>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// Orders, newest first.
///
/// # Errors
/// See [`ViewError`].
pub fn list_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: SalesOrderFilter,
) -> Result<Page<SalesOrderRow>, ViewError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let found = tx.query(
        &tables::LIST_ORDERS,
        params![
            ctx.company_id,
            filter.state,
            filter.channel,
            filter.partner,
            filter.sku,
            filter.from_day,
            filter.to_day,
            filter.external_ref,
            filter.client_ref_prefix,
            at,
            id,
            paging.limit()
        ],
    )?;
    let rows = found.iter().map(|row| order_row(row, ctx)).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &SalesOrderRow| (row.ordered_at.micros(), row.order_id.raw())))
}

pub(crate) fn order_row(row: &Row, ctx: &Ctx) -> Result<SalesOrderRow, StoreError> {
    let money = |index| Ok::<_, StoreError>(Money::new(row.get(index)?, ctx.currency));
    Ok(SalesOrderRow {
        order_id: row.get(0)?,
        number: row.get(1)?,
        channel: row.get(2)?,
        external_ref: row.get(3)?,
        client_ref: row.get(4)?,
        partner: row.get(5)?,
        country: row.get(6)?,
        warehouse: row.get(7)?,
        state: row.get(8)?,
        ordered_on: row.get(9)?,
        ordered_at: row.get(10)?,
        due_on: row.get(11)?,
        prepaid: row.get(12)?,
        net: money(13)?,
        tax: money(14)?,
        gross: money(15)?,
        revision: row.get(16)?,
        shipped: rules::progress(row.get(17)?, row.get(18)?),
        invoiced: rules::progress(row.get(19)?, row.get(20)?),
    })
}

/// Shipments, the latest day first.
///
/// # Errors
/// See [`ViewError`].
pub fn list_shipments(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ShipmentFilter,
) -> Result<Page<ShipmentRow>, ViewError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((LAST_DAY.to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_SHIPMENTS,
        params![
            ctx.company_id,
            filter.state,
            filter.channel,
            filter.partner,
            filter.sku,
            filter.from_day,
            filter.to_day,
            filter.external_ref,
            filter.client_ref_prefix,
            day,
            id,
            paging.limit()
        ],
    )?;
    let rows = found.iter().map(shipment_row).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &ShipmentRow| (row.happened_on.to_string(), row.shipment_id.raw())))
}

/// A text after every day.
const LAST_DAY: &str = "9999-99-99";

pub(crate) fn shipment_row(row: &Row) -> Result<ShipmentRow, StoreError> {
    Ok(ShipmentRow {
        shipment_id: row.get(0)?,
        number: row.get(1)?,
        order_id: row.get(2)?,
        order_number: row.get(3)?,
        external_ref: row.get(4)?,
        channel: row.get(5)?,
        partner: row.get(6)?,
        warehouse: row.get(7)?,
        happened_on: row.get(8)?,
        posted_on: row.get(9)?,
        carrier: row.get(10)?,
        tracking: row.get(11)?,
        client_ref: row.get(12)?,
        entry_id: entry(row.get(13)?),
        recorded_at: row.get(14)?,
    })
}

fn entry(id: i64) -> Option<EntryId> {
    (id != 0).then(|| EntryId::from_raw(id))
}

/// Invoices and credit notes, the latest day first.
///
/// # Errors
/// See [`ViewError`].
pub fn list_invoices(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: InvoiceFilter,
) -> Result<Page<InvoiceRow>, ViewError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((LAST_DAY.to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_INVOICES,
        params![
            ctx.company_id,
            filter.kind,
            filter.channel,
            filter.partner,
            filter.sku,
            filter.from_day,
            filter.to_day,
            filter.external_ref,
            filter.client_ref_prefix,
            day,
            id,
            paging.limit()
        ],
    )?;
    let rows = found.iter().map(|row| invoice_row(row, ctx)).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &InvoiceRow| (row.invoiced_on.to_string(), row.invoice_id.raw())))
}

pub(crate) fn invoice_row(row: &Row, ctx: &Ctx) -> Result<InvoiceRow, StoreError> {
    let money = |index| Ok::<_, StoreError>(Money::new(row.get(index)?, ctx.currency));
    Ok(InvoiceRow {
        invoice_id: row.get(0)?,
        number: row.get(1)?,
        kind: row.get(2)?,
        order_id: row.get(3)?,
        order_number: row.get(4)?,
        external_ref: row.get(5)?,
        channel: row.get(6)?,
        partner: row.get(7)?,
        invoiced_on: row.get(8)?,
        due_on: row.get(9)?,
        net: money(10)?,
        tax: money(11)?,
        gross: money(12)?,
        client_ref: row.get(13)?,
        entry_id: entry(row.get(14)?),
        recorded_at: row.get(15)?,
    })
}

/// Invoices that were written elsewhere before the books were opened, the latest day first.
///
/// # Errors
/// See [`ViewError`].
pub fn list_opened_invoices(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: OpenedInvoiceFilter,
) -> Result<Page<OpenedInvoiceRow>, ViewError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((LAST_DAY.to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_OPENED_INVOICES,
        params![
            ctx.company_id,
            filter.partner,
            filter.number,
            filter.due_by,
            filter.only_open,
            day,
            id,
            paging.limit()
        ],
    )?;
    let read = |row: &Row| {
        Ok(OpenedInvoiceRow {
            invoice_id: row.get(0)?,
            number: row.get(1)?,
            partner: row.get(2)?,
            invoiced_on: row.get(3)?,
            due_on: row.get(4)?,
            amount: Money::new(row.get(5)?, ctx.currency),
            open: Money::new(row.get(6)?, ctx.currency),
            entry_id: entry(row.get(7)?),
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(paging
        .page(rows, |row: &OpenedInvoiceRow| (row.invoiced_on.to_string(), row.invoice_id.raw())))
}

/// What to list of the credit notes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditNoteFilter {
    /// Only of this customer, by code.
    pub partner: Option<String>,
    /// Only of this order.
    pub order_id: Option<SalesOrderId>,
    /// Credited on this day or later.
    pub from_day: Option<Day>,
    /// Credited on this day or earlier.
    pub to_day: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A credit note in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreditNoteRow {
    /// Its id.
    pub credit_note_id: CreditNoteId,
    /// Its legal number.
    pub number: String,
    /// The order it gives back; absent when the sale is not known to these books.
    pub order_id: Option<SalesOrderId>,
    /// The order's spoken number.
    pub order_number: String,
    /// The customer's code, empty when not known.
    pub partner: String,
    /// Its date.
    pub credited_on: Day,
    /// What it gives back without tax.
    pub net: Money,
    /// Its tax.
    pub tax: Money,
    /// What it gives back with tax.
    pub gross: Money,
    /// How much of it was taken off what the customer owed; the rest is to be paid.
    pub receivable: Money,
    /// Why.
    pub reason: String,
    /// The entry that books it.
    pub entry_id: Option<EntryId>,
}

/// Lists credit notes, newest first.
///
/// # Errors
/// See [`ViewError`].
pub fn list_credit_notes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CreditNoteFilter,
) -> Result<Page<CreditNoteRow>, ViewError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((LAST_DAY.to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_CREDIT_NOTES,
        params![
            ctx.company_id,
            filter.partner,
            filter.order_id,
            filter.from_day,
            filter.to_day,
            day,
            id,
            paging.limit()
        ],
    )?;
    let money = |minor: i64| Money::new(minor, ctx.currency);
    let read = |row: &Row| {
        Ok(CreditNoteRow {
            credit_note_id: row.get(0)?,
            number: row.get(1)?,
            order_id: row.get(2)?,
            order_number: row.get(3)?,
            partner: row.get(4)?,
            credited_on: row.get(5)?,
            net: money(row.get(6)?),
            tax: money(row.get(7)?),
            gross: money(row.get(8)?),
            receivable: money(row.get(9)?),
            reason: row.get(10)?,
            entry_id: entry(row.get(11)?),
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(paging
        .page(rows, |row: &CreditNoteRow| (row.credited_on.to_string(), row.credit_note_id.raw())))
}
