//! Orders, bills and invoices of a going company: rows become what the doors of buying and sales
//! take, and what a door refuses becomes an error of its row.

use crate::files::{
    BILLED_ON, BillRow, CURRENCY, CUSTOMER, HOME_VALUE, INVOICED_ON, InvoiceRow, NUMBER, Numbered,
    OPEN, ORDER, OrderRow, REFERENCE, SUPPLIER,
};
use base::{Currency, Day, Money, OpeningId};
use identity::Ctx;
use partners::Partner;
use purchasing::{OpenBill, OpenBillError, OpenBills, OpenOrder, OpenOrders};
use sales::{OpenInvoice, OpenInvoiceError, OpenInvoices};
use std::collections::{HashMap, HashSet};
use store::{StoreError, Tx};
use tabular::{Column, RowError};

/// Orders to suppliers with the rows of their lines. Rows of the same supplier and number are lines
/// of one order, which takes what concerns the order from its first row.
pub(crate) fn orders(
    id: OpeningId,
    day: Day,
    rows: Vec<Numbered<OrderRow>>,
) -> Result<(OpenOrders, Vec<Vec<u64>>), Vec<RowError>> {
    let mut orders: Vec<OpenOrder> = Vec::new();
    let (mut rows_of, mut errors): (Vec<Vec<u64>>, Vec<RowError>) = (Vec::new(), Vec::new());
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    for Numbered { row, is } in rows {
        let ordered_on = is.ordered_on.unwrap_or(day);
        let key = (is.supplier.clone(), is.order.clone());
        let at = *places.entry(key).or_insert(orders.len());
        if at == orders.len() {
            rows_of.push(Vec::new());
            orders.push(OpenOrder {
                supplier: is.supplier,
                warehouse: is.warehouse,
                reference: is.order,
                currency: is.currency,
                ordered_on,
                sent_on: is.sent_on,
                lines: Vec::new(),
            });
        } else if (&is.warehouse, is.currency) != (&orders[at].warehouse, orders[at].currency) {
            let message = "another row of the order names another warehouse or currency";
            errors.push(RowError::of(row, ORDER, message));
        }
        orders[at].lines.push(is.line);
        rows_of[at].push(row);
    }
    if errors.is_empty() {
        Ok((OpenOrders { opening_id: id, opened_on: day, orders }, rows_of))
    } else {
        Err(errors)
    }
}

/// Where a refused order stands in its file.
pub(crate) fn order_error(
    rows: &[Vec<u64>],
    (at, error): &(usize, purchasing::OpenOrderError),
) -> RowError {
    let lines = rows.get(*at);
    let line = error.line().and_then(|line| lines?.get(line.checked_sub(1)? as usize));
    let row = line.or(lines.and_then(|lines| lines.first())).copied().unwrap_or(1);
    RowError::whole(row, error.to_string())
}

/// The partners that rows name, by code.
pub(crate) fn partners<'a>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    codes: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Partner>, StoreError> {
    let codes: HashSet<&str> = codes.collect();
    partners::partners_by_code(tx, ctx.company_id, &codes.into_iter().collect::<Vec<_>>())
}

/// An amount that a row gives in the currency it names, else in its partner's.
pub(crate) fn amount(
    text: &str,
    named: Option<Currency>,
    partner: Option<&Partner>,
    home: Currency,
    (row, column): (u64, Column),
) -> Result<Money, RowError> {
    let currency = named.or(partner.map(|partner| partner.currency)).unwrap_or(home);
    Money::parse(text, currency).map_err(|error| {
        let expects = column.expects;
        let message =
            format!("{text:?} is not accepted in {currency} ({error}); expected {expects}");
        RowError::of(row, column, message)
    })
}

/// Bills of suppliers, in the order of the file.
pub(crate) fn bills(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (id, day): (OpeningId, Day),
    rows: &[Numbered<BillRow>],
) -> Result<Result<OpenBills, Vec<RowError>>, StoreError> {
    let suppliers = partners(tx, ctx, rows.iter().map(|row| row.is.supplier.as_str()))?;
    let (mut bills, mut errors) = (Vec::with_capacity(rows.len()), Vec::new());
    for Numbered { row, is } in rows {
        let partner = suppliers.get(&is.supplier);
        match amount(&is.open, is.currency, partner, ctx.currency, (*row, OPEN)) {
            Ok(open) => bills.push(OpenBill {
                supplier: is.supplier.clone(),
                reference: is.reference.clone(),
                billed_on: is.billed_on.unwrap_or(day),
                due_on: is.due_on,
                open,
                value: is.value,
            }),
            Err(error) => errors.push(error),
        }
    }
    let opened = OpenBills { opening_id: id, opened_on: day, bills };
    Ok(if errors.is_empty() { Ok(opened) } else { Err(errors) })
}

/// Where a refused bill stands in its file.
pub(crate) fn bill_error(
    rows: &[Numbered<BillRow>],
    (at, error): &(usize, OpenBillError),
) -> RowError {
    let column = match error {
        OpenBillError::Text(_)
        | OpenBillError::Twice { .. }
        | OpenBillError::AlreadyHere { .. } => REFERENCE,
        OpenBillError::UnknownSupplier { .. } => SUPPLIER,
        OpenBillError::NothingOpen { .. } | OpenBillError::Number(_) => OPEN,
        OpenBillError::NotBefore { .. } => BILLED_ON,
        OpenBillError::OtherSign { .. } | OpenBillError::OtherValue { .. } => HOME_VALUE,
        OpenBillError::Rate(_) => CURRENCY,
    };
    RowError::of(rows.get(*at).map_or(1, |row| row.row), column, error.to_string())
}

/// Invoices to customers, in the order of the file.
pub(crate) fn invoices(id: OpeningId, day: Day, rows: &[Numbered<InvoiceRow>]) -> OpenInvoices {
    let invoice = |Numbered { is, .. }: &Numbered<InvoiceRow>| OpenInvoice {
        customer: is.customer.clone(),
        number: is.number.clone(),
        invoiced_on: is.invoiced_on.unwrap_or(day),
        due_on: is.due_on,
        open: is.open,
    };
    let invoices = rows.iter().map(invoice).collect();
    OpenInvoices { opening_id: id, opened_on: day, invoices }
}

/// Where a refused invoice stands in its file.
pub(crate) fn invoice_error(
    rows: &[Numbered<InvoiceRow>],
    (at, error): &(usize, OpenInvoiceError),
) -> RowError {
    let column = match error {
        OpenInvoiceError::Text(_) | OpenInvoiceError::Twice { .. } => NUMBER,
        OpenInvoiceError::UnknownCustomer { .. } => CUSTOMER,
        OpenInvoiceError::NothingOpen { .. } => OPEN,
        OpenInvoiceError::NotBefore { .. } | OpenInvoiceError::DueBefore { .. } => INVOICED_ON,
    };
    RowError::of(rows.get(*at).map_or(1, |row| row.row), column, error.to_string())
}
