//! Writing and finding bills and credit notes.

use super::{BILL_BY_REF, INSERT_BILL, INSERT_BILL_LINES, SAME_REFERENCE, day_text};
use crate::Billed;
use crate::bill::BillExpense;
use crate::charge::{Charge, Goods};
use crate::words::{BillKind, BillState};
use base::{
    BillId, BillLineId, CompanyId, Currency, Day, EntryId, Money, PartnerId, Price, Quantity,
};
use identity::Ctx;
use store::{Rows, StoreError, Tx, params, row};

/// A bill to be written, amounts in its currency but `total_home`.
pub(crate) struct NewBill {
    pub id: BillId,
    pub kind: BillKind,
    pub number: String,
    pub client_ref: String,
    pub partner_id: PartnerId,
    pub reference: String,
    pub copy: i64,
    pub currency: Currency,
    pub billed_on: Day,
    pub posted_on: Day,
    pub due_on: Option<Day>,
    pub net: i64,
    pub tax: i64,
    pub total: i64,
    pub total_home: i64,
    pub state: BillState,
    pub entry_id: EntryId,
    pub note: String,
}

/// The bill that has a reference of the client, if it has one and it was used.
pub(crate) fn bill_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<Billed>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&BILL_BY_REF, params![ctx.company_id, client_ref])?;
    found
        .map(|row| {
            Ok(Billed {
                bill_id: row.get(0)?,
                number: row.get(1)?,
                posted_on: row.get(2)?,
                total: Money::new(row.get(5)?, row.get(4)?),
                state: row.get(3)?,
                matches: Vec::new(),
                repeated: true,
            })
        })
        .transpose()
}

/// The bills of a supplier with a number of the supplier's: ours, and which copy.
pub(crate) fn same_reference(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    partner_id: PartnerId,
    reference: &str,
) -> Result<Vec<(String, i64)>, StoreError> {
    let found = tx.query(&SAME_REFERENCE, params![company_id, partner_id, reference])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Writes a bill with its lines; `sign` -1 writes quantities and amounts of lines below zero.
pub(crate) fn insert_bill(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    bill: &NewBill,
    goods: &[Goods],
    expenses: &[(&BillExpense, Charge)],
    sign: i64,
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_BILL,
        params![
            ctx.company_id,
            bill.id,
            bill.kind,
            bill.number,
            bill.client_ref,
            bill.partner_id,
            bill.reference,
            bill.copy,
            bill.currency,
            bill.billed_on,
            bill.posted_on,
            day_text(bill.due_on),
            bill.net,
            bill.tax,
            bill.total,
            bill.total_home,
            bill.state,
            bill.entry_id,
            bill.note,
            ctx.user_id,
            ctx.at
        ],
    )?;
    let mut set = Rows::new(19);
    push_goods(tx, &mut set, goods, sign)?;
    push_expenses(tx, &mut set, expenses, goods.len() as i64 + 1)?;
    tx.write(&INSERT_BILL_LINES, params![ctx.company_id, bill.id; set])
}

fn push_goods(
    tx: &mut Tx<'_>,
    set: &mut Rows,
    goods: &[Goods],
    sign: i64,
) -> Result<(), StoreError> {
    for (line, number) in goods.iter().zip(1_i64..) {
        let id: BillLineId = tx.id()?;
        set.push(row![
            id,
            number,
            line.order_id,
            line.line_id,
            "",
            "",
            sign * line.quantity.micro(),
            line.price,
            line.tax_code,
            sign * line.charge.net,
            sign * line.charge.tax.charged,
            line.billed_before,
            sign * line.matched.quantity.micro(),
            sign * line.matched.value,
            sign * line.ahead.quantity.micro(),
            sign * line.ahead.value,
            sign * line.difference,
            sign * line.exchange,
            line.state
        ]);
    }
    Ok(())
}

fn push_expenses(
    tx: &mut Tx<'_>,
    set: &mut Rows,
    expenses: &[(&BillExpense, Charge)],
    first: i64,
) -> Result<(), StoreError> {
    for ((asked, charge), number) in expenses.iter().zip(first..) {
        let id: BillLineId = tx.id()?;
        set.push(row![
            id,
            number,
            0_i64,
            0_i64,
            asked.role,
            asked.description,
            asked.quantity,
            asked.price,
            asked.tax_code,
            charge.net,
            charge.tax.charged,
            Quantity::ZERO,
            Quantity::ZERO,
            0_i64,
            Quantity::ZERO,
            0_i64,
            Price::ZERO,
            0_i64,
            "matched"
        ]);
    }
    Ok(())
}
