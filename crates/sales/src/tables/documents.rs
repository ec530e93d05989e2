//! Shipments, invoices and cancellations: writing them, and what they add to an order's lines.

use super::*;
use crate::credit::{Credit, CreditLine};
use crate::model::{Amounts, Order};
use crate::open_invoices::OpenedInvoice;
use crate::ship::Ship;
use crate::words::InvoiceKind;
use base::{
    CompanyId, CreditNoteId, Day, EntryId, Id, InvoiceId, Quantity, SalesLineId, SalesOrderId,
    ShipmentId,
};
use identity::Ctx;
use store::{Rows, StoreError, Tx, params, row};

/// A line of a shipment or invoice about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DoneLine {
    pub id: i64,
    pub line: i64,
    pub line_id: SalesLineId,
    pub quantity: Quantity,
    pub amounts: Amounts,
    pub cost: i64,
}

/// The head of a shipment about to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewShipment<'a> {
    pub id: ShipmentId,
    pub number: &'a str,
    pub happened_on: Day,
    pub posted_on: Day,
    pub entry_id: Option<EntryId>,
}

/// Writes the head of a shipment.
pub(crate) fn insert_shipment(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: &Order,
    request: &Ship,
    shipment: &NewShipment<'_>,
) -> Result<(), StoreError> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    tx.write(
        &INSERT_SHIPMENT,
        params![
            ctx.company_id,
            shipment.id,
            shipment.number,
            order.id,
            order.warehouse_id,
            shipment.happened_on,
            shipment.posted_on,
            text(&request.carrier),
            text(&request.tracking),
            text(&request.client_ref),
            shipment.entry_id.map_or(0, Id::raw),
            ctx.at,
            ctx.user_id
        ],
    )
}

/// Writes the lines of a shipment.
pub(crate) fn insert_shipment_lines(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    shipment: ShipmentId,
    order: SalesOrderId,
    lines: &[DoneLine],
) -> Result<(), StoreError> {
    let mut set = Rows::new(8);
    for done in lines {
        let Amounts { net, tax } = done.amounts;
        let gross = done.amounts.gross();
        set.push(row![done.id, done.line, done.line_id, done.quantity, net, tax, gross, done.cost]);
    }
    tx.write(&INSERT_SHIPMENT_LINES, params![company_id, shipment, order; set])
}

/// Adds what was shipped to the lines of an order.
pub(crate) fn add_shipped(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    order: SalesOrderId,
    lines: &[DoneLine],
) -> Result<(), StoreError> {
    let mut set = Rows::new(4);
    lines.iter().for_each(|done| set.push(row![done.line, done.quantity, 0_i64, 0_i64]));
    tx.write_exactly(set.len(), &ADD_TO_LINES, params![company_id, order; set])
}

/// Adds what was invoiced to the lines of an order.
pub(crate) fn add_invoiced(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    order: SalesOrderId,
    lines: &[DoneLine],
) -> Result<(), StoreError> {
    let mut set = Rows::new(4);
    lines.iter().for_each(|done| set.push(row![done.line, 0_i64, done.quantity, 0_i64]));
    tx.write_exactly(set.len(), &ADD_TO_LINES, params![company_id, order; set])
}

/// Adds what was cancelled to the lines of an order.
pub(crate) fn add_cancelled(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    order: SalesOrderId,
    lines: &[(i64, Quantity)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(4);
    lines.iter().for_each(|(line, quantity)| set.push(row![line, 0_i64, 0_i64, quantity]));
    tx.write_exactly(set.len(), &ADD_TO_LINES, params![company_id, order; set])
}

/// Takes the next position of a legal series in a year. From here on every other invoice of the
/// series waits for this transaction.
fn next_position(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    kind: InvoiceKind,
    year: i64,
) -> Result<i64, StoreError> {
    let rows = tx.query(&NEXT_POSITION, params![company_id, kind.series(), year])?;
    let none = || StoreError::Unusable("a legal series answered nothing".to_owned());
    rows.first().ok_or_else(none)?.get(0)
}

/// Adds to what came back, and to what was given back, of the lines of an order: line, quantity that
/// came back, quantity credited, amounts credited.
pub(crate) fn add_given_back(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    order: SalesOrderId,
    lines: &[(i64, Quantity, Quantity, Amounts)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(5);
    for (line, returned, credited, given) in lines {
        set.push(row![line, returned, credited, given.net, given.tax]);
    }
    tx.write_exactly(set.len(), &ADD_GIVEN_BACK, params![company_id, order; set])
}

/// The invoices of an order, oldest first.
pub(crate) fn invoices_of(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    order: SalesOrderId,
) -> Result<Vec<InvoiceId>, StoreError> {
    tx.query(&INVOICE_IDS_OF, params![company_id, order])?.iter().map(|row| row.get(0)).collect()
}

/// Takes the next number of the series of credit notes and writes one with its lines; returns the
/// number.
pub(crate) fn insert_credit_note(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CreditNoteId,
    credit: &Credit,
    (total, receivable): (Amounts, i64),
    entry_id: Option<EntryId>,
) -> Result<String, StoreError> {
    let kind = InvoiceKind::CreditNote;
    let (series, year) = (kind.series(), i64::from(credit.credited_on.year()));
    let position = next_position(tx, ctx.company_id, kind, year)?;
    let number = format!("{series}-{year}-{position:06}");
    tx.write(
        &INSERT_CREDIT_NOTE,
        params![
            ctx.company_id,
            id,
            number,
            series,
            year,
            position,
            credit.sold.as_ref().map(|sold| sold.order().id),
            credit.partner_id,
            credit.credited_on,
            ctx.currency,
            total.net,
            total.tax,
            total.gross(),
            receivable,
            credit.reason,
            credit.source_kind,
            credit.source_id,
            entry_id.map_or(0, Id::raw),
            ctx.at,
            ctx.user_id
        ],
    )?;
    let mut set = Rows::new(7);
    for (line, CreditLine { order_line, quantity, tax_code_id, net, tax, .. }) in
        (1_i64..).zip(&credit.lines)
    {
        let code = tax_code_id.map_or(0, Id::raw);
        set.push(row![line, order_line.unwrap_or(0), quantity, code, net, tax, net + tax]);
    }
    tx.write(&INSERT_CREDIT_NOTE_LINES, params![ctx.company_id, id; set])?;
    Ok(number)
}

/// An invoice about to be written.
#[derive(Debug, Clone)]
pub(crate) struct NewInvoice {
    pub id: InvoiceId,
    pub kind: InvoiceKind,
    pub invoiced_on: Day,
    pub due_on: Day,
    pub total: Amounts,
    pub client_ref: String,
    pub entry_id: Option<EntryId>,
}

/// Takes the next number of an invoice's series and writes the invoice with its lines; returns the
/// number.
pub(crate) fn insert_invoice(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: &Order,
    invoice: &NewInvoice,
    lines: &[DoneLine],
) -> Result<String, StoreError> {
    let (series, year) = (invoice.kind.series(), i64::from(invoice.invoiced_on.year()));
    let position = next_position(tx, ctx.company_id, invoice.kind, year)?;
    let number = format!("{series}-{year}-{position:06}");
    tx.write(
        &INSERT_INVOICE,
        params![
            ctx.company_id,
            invoice.id,
            number,
            series,
            year,
            position,
            invoice.kind,
            order.id,
            order.partner_id,
            invoice.invoiced_on,
            invoice.due_on,
            ctx.currency,
            invoice.total.net,
            invoice.total.tax,
            invoice.total.gross(),
            invoice.client_ref,
            invoice.entry_id.map_or(0, Id::raw),
            ctx.at,
            ctx.user_id
        ],
    )?;
    let mut set = Rows::new(7);
    for done in lines {
        let Amounts { net, tax } = done.amounts;
        set.push(row![
            done.id,
            done.line,
            done.line_id,
            done.quantity,
            net,
            tax,
            done.amounts.gross()
        ]);
    }
    tx.write(&INSERT_INVOICE_LINES, params![ctx.company_id, invoice.id, order.id; set])?;
    Ok(number)
}

/// Takes down invoices written elsewhere.
pub(crate) fn insert_opened_invoices(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    entry_id: EntryId,
    owed: &[OpenedInvoice<'_>],
) -> Result<(), StoreError> {
    let mut set = Rows::new(6);
    for OpenedInvoice { id, partner_id, due_on, asked } in owed {
        set.push(row![id, asked.number, partner_id, asked.invoiced_on, due_on, asked.open]);
    }
    tx.write(&INSERT_OPENED_INVOICES, params![ctx.company_id, entry_id, ctx.at, ctx.user_id; set])
}

/// Strikes invoices that an undone opening brought.
pub(crate) fn strike_invoices(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &[InvoiceId],
    reversed_by: EntryId,
) -> Result<(), StoreError> {
    let set = Rows::column(ids);
    tx.write_exactly(ids.len(), &STRIKE_INVOICES, params![company_id, reversed_by; set])
}

/// Frees the numbers at their channels of orders that were cancelled.
pub(crate) fn free_references(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &[SalesOrderId],
) -> Result<(), StoreError> {
    tx.write_exactly(ids.len(), &FREE_REFERENCES, params![company_id; Rows::column(ids)])
}
