//! Writing and finding bills and credit notes.

use super::{
    BILL_BY_REF, BILLS_BY_ID, BILLS_BY_REFERENCE, INSERT_BILL_LINES, INSERT_BILLS, day_text,
};
use crate::Billed;
use crate::bill::BillExpense;
use crate::charge::{Charge, Goods};
use crate::words::{BillKind, BillState, MatchState};
use accounting::Role;
use base::{
    BillId, BillLineId, CompanyId, Currency, Day, EntryId, Money, PartnerId, Price, Quantity,
};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Rows, StoreError, Tx, params, row};

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

/// The bills of a supplier with a number of the supplier's, by copy.
pub(crate) fn same_reference(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    partner_id: PartnerId,
    reference: &str,
) -> Result<Vec<SameReference>, StoreError> {
    let mut found = bills_by_reference(tx, company_id, &BTreeSet::from([(partner_id, reference)]))?;
    Ok(found.remove(&(partner_id, reference.to_owned())).unwrap_or_default())
}

/// A bill that has a supplier's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SameReference {
    /// Our number.
    pub number: String,
    /// Which of the bills of one number it is, from 0.
    pub copy: i64,
    /// What it comes to, in its currency.
    pub total: i64,
}

/// The same for many suppliers' numbers; those that no bill has are left out.
pub(crate) fn bills_by_reference(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    wanted: &BTreeSet<(PartnerId, &str)>,
) -> Result<BTreeMap<(PartnerId, String), Vec<SameReference>>, StoreError> {
    let mut set = Rows::new(2);
    for (partner_id, reference) in wanted {
        set.push(row![partner_id, *reference]);
    }
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in tx.query(&BILLS_BY_REFERENCE, params![company_id; set])? {
        let same = SameReference { number: row.get(2)?, copy: row.get(3)?, total: row.get(4)? };
        found.entry((row.get(0)?, row.get(1)?)).or_default().push(same);
    }
    Ok(found)
}

/// A bill as taking it back needs to know it.
pub(crate) struct HeldBill {
    pub id: BillId,
    pub kind: BillKind,
    pub number: String,
    pub partner_id: PartnerId,
    pub reference: String,
    pub copy: i64,
    pub currency: Currency,
    pub total: i64,
    pub total_home: i64,
}

/// Bills by id.
pub(crate) fn bills_by_id(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &[BillId],
) -> Result<Vec<HeldBill>, StoreError> {
    let found = tx.query(&BILLS_BY_ID, params![company_id; Rows::column(ids)])?;
    let read = |row: &Row| {
        Ok(HeldBill {
            id: row.get(0)?,
            kind: row.get(1)?,
            number: row.get(2)?,
            partner_id: row.get(3)?,
            reference: row.get(4)?,
            copy: row.get(5)?,
            currency: row.get(6)?,
            total: row.get(7)?,
            total_home: row.get(8)?,
        })
    };
    found.iter().map(read).collect()
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
    let mut lines = Rows::new(20);
    push_goods(tx, &mut lines, bill.id, goods, sign)?;
    push_expenses(tx, &mut lines, bill.id, expenses, goods.len() as i64 + 1)?;
    insert_bills(tx, ctx, [bill], lines)
}

/// Writes bills of one line each, a balance without tax: the price is that of the whole.
pub(crate) fn insert_balances(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    bills: &[(NewBill, Price)],
    description: &str,
) -> Result<(), StoreError> {
    let mut lines = Rows::new(20);
    for (bill, price) in bills {
        let id: BillLineId = tx.id()?;
        lines.push(row![
            id,
            bill.id,
            1_i64,
            0_i64,
            0_i64,
            Role::OpeningDifference,
            description,
            Quantity::from_micro(bill.net.signum() * Quantity::MICRO),
            price,
            "",
            bill.net,
            0_i64,
            0_i64,
            0_i64,
            0_i64,
            0_i64,
            0_i64,
            0_i64,
            0_i64,
            MatchState::Matched
        ]);
    }
    insert_bills(tx, ctx, bills.iter().map(|(bill, _)| bill), lines)
}

fn insert_bills<'b>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    bills: impl IntoIterator<Item = &'b NewBill>,
    lines: Rows,
) -> Result<(), StoreError> {
    let mut set = Rows::new(18);
    for bill in bills {
        set.push(row![
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
            bill.note
        ]);
    }
    tx.write(&INSERT_BILLS, params![ctx.company_id, ctx.user_id, ctx.at; set])?;
    tx.write(&INSERT_BILL_LINES, params![ctx.company_id; lines])
}

fn push_goods(
    tx: &mut Tx<'_>,
    set: &mut Rows,
    bill_id: BillId,
    goods: &[Goods],
    sign: i64,
) -> Result<(), StoreError> {
    for (line, number) in goods.iter().zip(1_i64..) {
        let id: BillLineId = tx.id()?;
        set.push(row![
            id,
            bill_id,
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
    bill_id: BillId,
    expenses: &[(&BillExpense, Charge)],
    first: i64,
) -> Result<(), StoreError> {
    for ((asked, charge), number) in expenses.iter().zip(first..) {
        let id: BillLineId = tx.id()?;
        set.push(row![
            id,
            bill_id,
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
