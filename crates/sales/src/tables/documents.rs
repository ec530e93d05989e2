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
use std::collections::BTreeMap;
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
#[derive(Debug, Clone)]
pub(crate) struct NewShipment<'a> {
    pub id: ShipmentId,
    pub number: &'a str,
    pub order: &'a Order,
    pub request: &'a Ship,
    pub happened_on: Day,
    pub posted_on: Day,
    pub entry_id: Option<EntryId>,
    pub lines: &'a [DoneLine],
}

/// Writes shipments with their lines, and adds what left to the orders' lines.
pub(crate) fn insert_shipments(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    shipments: &[NewShipment<'_>],
) -> Result<(), StoreError> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (mut heads, mut lines, mut shipped) = (Rows::new(10), Rows::new(10), Rows::new(5));
    for NewShipment { id, number, order, request, happened_on, posted_on, entry_id, lines: done } in
        shipments
    {
        heads.push(row![
            id,
            number,
            order.id,
            order.warehouse_id,
            happened_on,
            posted_on,
            text(&request.carrier),
            text(&request.tracking),
            text(&request.client_ref),
            entry_id.map_or(0, Id::raw)
        ]);
        for done in *done {
            let Amounts { net, tax } = done.amounts;
            let (gross, cost) = (done.amounts.gross(), done.cost);
            let DoneLine { id: line_id, line, quantity, .. } = done;
            lines.push(row![
                id,
                order.id,
                line_id,
                line,
                done.line_id,
                quantity,
                net,
                tax,
                gross,
                cost
            ]);
            shipped.push(row![order.id, line, quantity, 0_i64, 0_i64]);
        }
    }
    let company = ctx.company_id;
    tx.write(&INSERT_SHIPMENTS, params![company, ctx.at, ctx.user_id; heads])?;
    tx.write(&INSERT_SHIPMENT_LINES, params![company; lines])?;
    tx.write_exactly(shipped.len(), &ADD_TO_LINES, params![company; shipped])
}

/// Adds what was cancelled to the lines of an order.
pub(crate) fn add_cancelled(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    order: SalesOrderId,
    lines: &[(i64, Quantity)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(5);
    lines.iter().for_each(|(line, quantity)| set.push(row![order, line, 0_i64, 0_i64, quantity]));
    tx.write_exactly(set.len(), &ADD_TO_LINES, params![company_id; set])
}

/// Notes what was cancelled of lines, on which day, by the order's new revision.
pub(crate) fn insert_cancellations(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (order, revision): (SalesOrderId, i64),
    reason: &str,
    lines: &[(i64, Quantity)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(2);
    lines.iter().for_each(|(line, quantity)| set.push(row![line, quantity]));
    let asked = params![
        ctx.company_id,
        order,
        revision,
        ctx.today,
        reason,
        ctx.at,
        ctx.user_id;
        set
    ];
    tx.write(&INSERT_CANCELLATIONS, asked)?;
    Ok(())
}

/// Takes so many positions of a legal series in a year and returns the first. From here on every
/// other document of the series waits for this transaction.
fn next_positions(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    (series, year): (&str, i64),
    count: i64,
) -> Result<i64, StoreError> {
    let rows = tx.query(&NEXT_POSITIONS, params![company_id, series, year, count])?;
    let none = || StoreError::Unusable("a legal series answered nothing".to_owned());
    let last: i64 = rows.first().ok_or_else(none)?.get(0)?;
    Ok(last - count + 1)
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
    let position = next_positions(tx, ctx.company_id, (series, year), 1)?;
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
pub(crate) struct NewInvoice<'a> {
    pub id: InvoiceId,
    pub kind: InvoiceKind,
    pub order: &'a Order,
    pub invoiced_on: Day,
    pub due_on: Day,
    pub total: Amounts,
    pub client_ref: &'a str,
    pub entry_id: Option<EntryId>,
    pub lines: &'a [DoneLine],
}

impl NewInvoice<'_> {
    fn series(&self) -> (&'static str, i64) {
        (self.kind.series(), i64::from(self.invoiced_on.year()))
    }
}

/// Writes invoices with their lines, and adds what was invoiced to the orders' lines. Returns their
/// numbers: the next ones of their series, taken last.
pub(crate) fn insert_invoices(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    invoices: &[NewInvoice<'_>],
) -> Result<Vec<String>, StoreError> {
    let company = ctx.company_id;
    let mut invoiced = Rows::new(5);
    for invoice in invoices {
        for done in invoice.lines {
            invoiced.push(row![invoice.order.id, done.line, 0_i64, done.quantity, 0_i64]);
        }
    }
    tx.write_exactly(invoiced.len(), &ADD_TO_LINES, params![company; invoiced])?;

    let mut next: BTreeMap<(&str, i64), i64> = BTreeMap::new();
    invoices.iter().for_each(|invoice| *next.entry(invoice.series()).or_default() += 1);
    for (series, count) in &mut next {
        *count = next_positions(tx, company, *series, *count)?;
    }
    let (mut heads, mut lines) = (Rows::new(15), Rows::new(9));
    let mut numbers = Vec::with_capacity(invoices.len());
    for invoice in invoices {
        let (series, year) = invoice.series();
        let next = next.entry((series, year)).or_default();
        let number = format!("{series}-{year}-{next:06}");
        heads.push(row![
            invoice.id,
            number,
            series,
            year,
            *next,
            invoice.kind,
            invoice.order.id,
            invoice.order.partner_id,
            invoice.invoiced_on,
            invoice.due_on,
            invoice.total.net,
            invoice.total.tax,
            invoice.total.gross(),
            invoice.client_ref,
            invoice.entry_id.map_or(0, Id::raw)
        ]);
        *next += 1;
        numbers.push(number);
        for done in invoice.lines {
            let (Amounts { net, tax }, gross) = (done.amounts, done.amounts.gross());
            let DoneLine { id, line, line_id, quantity, .. } = done;
            let order_id = invoice.order.id;
            lines.push(row![invoice.id, order_id, id, line, line_id, quantity, net, tax, gross]);
        }
    }
    tx.write(&INSERT_INVOICES, params![company, ctx.currency, ctx.at, ctx.user_id; heads])?;
    tx.write(&INSERT_INVOICE_LINES, params![company; lines])?;
    Ok(numbers)
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
