//! The details: one order, shipment or invoice with everything that belongs to it.

use crate::READ;
use crate::lists::{InvoiceRow, SalesOrderRow, ShipmentRow, invoice_row, order_row, shipment_row};
use crate::tables::{self, KeptLines};
use crate::words::{LineKind, Prices, RevenueAt, WhenShort};
use accounting::Role;
use base::{
    BadCursor, InvoiceId, Money, NumberError, Price, Problem, Quantity, Rate, Rule, SalesLineId,
    SalesOrderId, ShipmentId, Timestamp,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// Why a list or a detail was refused, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ViewError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor was not made by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// There is no such document.
    #[error("there is no {kind} {id}")]
    NotFound {
        /// What was asked for.
        kind: &'static str,
        /// Its id.
        id: String,
    },
    /// A number beyond what can be shown.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ViewError {
    fn problem(&self) -> Problem {
        match self {
            ViewError::Denied(error) => error.problem(),
            ViewError::Cursor(error) => error.problem(),
            ViewError::NotFound { kind, .. } => {
                let code = match *kind {
                    "shipment" => "shipment_not_found",
                    "invoice" => "invoice_not_found",
                    _ => "order_not_found",
                };
                Problem::not_found(code, self.to_string())
            }
            ViewError::Number(error) => error.problem(),
            ViewError::Store(error) => error.problem(),
        }
    }
}

/// An order with its lines, shipments and invoices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SalesOrderDetail {
    /// What lists say of it.
    pub head: SalesOrderRow,
    /// What became of it when goods were short.
    pub when_short: WhenShort,
    /// Whether its prices are without or with tax.
    pub prices: Prices,
    /// When it is income.
    pub revenue_at: RevenueAt,
    /// When its goods are a cost of sales.
    pub cost_at: RevenueAt,
    /// How many days after their date its invoices are due.
    pub terms_days: i64,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// Its lines.
    pub lines: Vec<SalesOrderLine>,
    /// Its shipments, oldest first.
    pub shipments: Vec<ShipmentRow>,
    /// Its invoices, oldest first.
    pub invoices: Vec<InvoiceRow>,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SalesOrderLine {
    /// Its number, from 1.
    pub line: i64,
    /// Its id, by which demands and the books know it.
    pub line_id: SalesLineId,
    /// What it is.
    pub kind: LineKind,
    /// The item's number, empty without one.
    pub sku: String,
    /// Whether the item is a kit.
    pub kit: bool,
    /// What the customer reads.
    pub description: String,
    /// How much was ordered.
    pub quantity: Quantity,
    /// The price of one, net or gross as the order's prices are.
    pub price: Price,
    /// Its tax code, empty for none.
    pub tax_code: String,
    /// The rate of its tax on the order's day.
    pub tax_rate: Rate,
    /// The account it books to.
    pub role: Role,
    /// What it comes to without tax.
    pub net: Money,
    /// Its tax.
    pub tax: Money,
    /// What it comes to with tax.
    pub gross: Money,
    /// How much is kept for it.
    pub reserved: Quantity,
    /// How much is still to be found.
    pub back_order: Quantity,
    /// How much has left.
    pub shipped: Quantity,
    /// How much was invoiced.
    pub invoiced: Quantity,
    /// How much is no longer wanted.
    pub cancelled: Quantity,
}

/// A shipment with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShipmentDetail {
    /// What lists say of it.
    pub head: ShipmentRow,
    /// Its lines.
    pub lines: Vec<DocumentLine>,
}

/// An invoice with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvoiceDetail {
    /// What lists say of it.
    pub head: InvoiceRow,
    /// Its lines.
    pub lines: Vec<DocumentLine>,
}

/// A line of a shipment or an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DocumentLine {
    /// The order's line.
    pub line: i64,
    /// Its own id; moves of a shipment name it.
    pub id: String,
    /// The item's number, empty without one.
    pub sku: String,
    /// What the customer reads.
    pub description: String,
    /// How much of it.
    pub quantity: Quantity,
    /// What that comes to without tax.
    pub net: Money,
    /// Its tax.
    pub tax: Money,
    /// What it comes to with tax.
    pub gross: Money,
    /// What the goods cost when they left; zero on invoices.
    pub cost: Money,
}

/// One order.
///
/// # Errors
/// See [`ViewError`].
pub fn order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: SalesOrderId,
) -> Result<SalesOrderDetail, ViewError> {
    ctx.require(READ)?;
    let key = || params![ctx.company_id, order_id];
    let gone = || ViewError::NotFound { kind: "order", id: order_id.to_string() };
    let head = tx.query_opt(&tables::ORDER_ROW, key())?.ok_or_else(gone)?;
    let terms = tx.query_opt(&tables::ORDER_TERMS, key())?.ok_or_else(gone)?;
    let found = tx.query(&tables::ORDER_LINES, key())?;
    let lines = order_lines(ctx, order_id, &found)?;
    let shipments = tx.query(&tables::SHIPMENTS_OF, key())?;
    let invoices = tx.query(&tables::INVOICES_OF, key())?;
    Ok(SalesOrderDetail {
        head: order_row(&head, ctx)?,
        when_short: terms.get(0)?,
        prices: terms.get(1)?,
        revenue_at: terms.get(2)?,
        cost_at: terms.get(3)?,
        terms_days: terms.get(4)?,
        accepted_at: terms.get(5)?,
        lines,
        shipments: shipments.iter().map(shipment_row).collect::<Result<_, _>>()?,
        invoices: invoices.iter().map(|row| invoice_row(row, ctx)).collect::<Result<_, _>>()?,
    })
}

/// Rows come by line and demanded item: a kit's line has several.
fn order_lines(
    ctx: &Ctx,
    order_id: SalesOrderId,
    rows: &[Row],
) -> Result<Vec<SalesOrderLine>, ViewError> {
    let mut kept = KeptLines::default();
    let mut lines: Vec<SalesOrderLine> = Vec::new();
    for row in rows {
        let line = order_line(row, ctx)?;
        kept.add((order_id, line.line), (line.quantity, line.kit), row, 17)?;
        if lines.last().is_none_or(|last| last.line != line.line) {
            lines.push(line);
        }
    }
    for line in &mut lines {
        let open = line.quantity.checked_sub(line.shipped)?.checked_sub(line.cancelled)?;
        (line.reserved, line.back_order) = kept.of((order_id, line.line), open)?;
    }
    Ok(lines)
}

fn order_line(row: &Row, ctx: &Ctx) -> Result<SalesOrderLine, StoreError> {
    let money = |index| Ok::<_, StoreError>(Money::new(row.get(index)?, ctx.currency));
    Ok(SalesOrderLine {
        line: row.get(0)?,
        line_id: row.get(1)?,
        kind: row.get(2)?,
        sku: row.get(3)?,
        kit: row.get(4)?,
        description: row.get(5)?,
        quantity: row.get(6)?,
        price: row.get(7)?,
        tax_code: row.get(8)?,
        tax_rate: row.get(9)?,
        role: row.get(10)?,
        net: money(11)?,
        tax: money(12)?,
        gross: money(13)?,
        reserved: Quantity::ZERO,
        back_order: Quantity::ZERO,
        shipped: row.get(14)?,
        invoiced: row.get(15)?,
        cancelled: row.get(16)?,
    })
}

/// The order of a channel's number, if it is here.
///
/// # Errors
/// See [`ViewError`].
pub fn find_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    channel: &str,
    external_ref: &str,
) -> Result<Option<SalesOrderId>, ViewError> {
    ctx.require(READ)?;
    let found =
        tx.query_opt(&tables::FIND_ORDER, params![ctx.company_id, channel, external_ref])?;
    Ok(found.map(|row| row.get(0)).transpose()?)
}

/// One shipment.
///
/// # Errors
/// See [`ViewError`].
pub fn shipment(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    shipment_id: ShipmentId,
) -> Result<ShipmentDetail, ViewError> {
    ctx.require(READ)?;
    let key = || params![ctx.company_id, shipment_id];
    let gone = || ViewError::NotFound { kind: "shipment", id: shipment_id.to_string() };
    let head = tx.query_opt(&tables::SHIPMENT_ROW, key())?.ok_or_else(gone)?;
    let lines = tx.query(&tables::SHIPMENT_LINES, key())?;
    let lines = lines.iter().map(|row| document_line(row, ctx)).collect::<Result<_, _>>()?;
    Ok(ShipmentDetail { head: shipment_row(&head)?, lines })
}

/// One invoice or credit note.
///
/// # Errors
/// See [`ViewError`].
pub fn invoice_detail(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    invoice_id: InvoiceId,
) -> Result<InvoiceDetail, ViewError> {
    ctx.require(READ)?;
    let key = || params![ctx.company_id, invoice_id];
    let gone = || ViewError::NotFound { kind: "invoice", id: invoice_id.to_string() };
    let head = tx.query_opt(&tables::INVOICE_ROW, key())?.ok_or_else(gone)?;
    let lines = tx.query(&tables::INVOICE_LINES, key())?;
    let lines = lines.iter().map(|row| document_line(row, ctx)).collect::<Result<_, _>>()?;
    Ok(InvoiceDetail { head: invoice_row(&head, ctx)?, lines })
}

fn document_line(row: &Row, ctx: &Ctx) -> Result<DocumentLine, StoreError> {
    let money = |index| Ok::<_, StoreError>(Money::new(row.get(index)?, ctx.currency));
    Ok(DocumentLine {
        line: row.get(0)?,
        id: row.get::<i64>(8)?.to_string(),
        sku: row.get(1)?,
        description: row.get(2)?,
        quantity: row.get(3)?,
        net: money(4)?,
        tax: money(5)?,
        gross: money(6)?,
        cost: money(7)?,
    })
}
