//! Reading and writing refunds.

use super::*;

fn decided(row: &Row, ctx: &Ctx, repeated: bool) -> Result<RefundDecided, StoreError> {
    let money = |minor: i64| Money::new(minor, ctx.currency);
    let state: RefundState = row.get(2)?;
    let (gross, receivable): (i64, i64) = (row.get(6)?, row.get(7)?);
    let payable = if state == RefundState::Decided { gross - receivable } else { 0 };
    Ok(RefundDecided {
        refund_id: row.get(0)?,
        number: row.get(1)?,
        state,
        credit_note: row.get(3)?,
        net: money(row.get(4)?),
        tax: money(row.get(5)?),
        gross: money(gross),
        payable: money(payable),
        repeated,
    })
}

/// The refund that has a reference of the client, if it has one and it was used.
pub(crate) fn refund_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<RefundDecided>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&REFUND_BY_REF, params![ctx.company_id, client_ref])?;
    found.map(|row| decided(&row, ctx, true)).transpose()
}

/// A refund as it is answered.
pub(crate) fn refund(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: RefundId,
) -> Result<Option<RefundDecided>, StoreError> {
    let found = tx.query_opt(&REFUND, params![ctx.company_id, id])?;
    found.map(|row| decided(&row, ctx, false)).transpose()
}

/// A refund with what it asks for, held until the transaction ends.
pub(crate) fn lock_refund(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: RefundId,
) -> Result<Option<Waiting>, StoreError> {
    let key = || params![ctx.company_id, id];
    let Some(head) = tx.query_opt(&LOCK_REFUND, key())? else { return Ok(None) };
    let lines = tx.query(&REFUND_LINES, key())?;
    let line = |row: &Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    Ok(Some(Waiting {
        number: head.get(0)?,
        return_id: head.get(1)?,
        order_id: head.get(2)?,
        state: head.get(3)?,
        revision: head.get(4)?,
        reason: head.get(5)?,
        decided_on: head.get(6)?,
        lines: lines.iter().map(line).collect::<Result<_, StoreError>>()?,
    }))
}

/// Writes a refund with what it asks for.
pub(crate) fn insert_refund(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    new: &NewRefund<'_>,
) -> Result<(), StoreError> {
    let state = if new.credited.is_some() { RefundState::Decided } else { RefundState::ToApprove };
    tx.write(
        &INSERT_REFUND,
        params![
            ctx.company_id,
            new.id,
            new.number,
            new.client_ref,
            new.return_id,
            new.order_id,
            new.partner_id,
            state,
            new.net,
            new.tax,
            new.net + new.tax,
            new.credited.map_or(0, |credited| credited.receivable),
            new.reason,
            new.decided_on,
            new.credited.map_or(0, |credited| credited.credit_note_id.raw()),
            new.credited.map_or("", |credited| credited.number.as_str()),
            ctx.at,
            ctx.user_id
        ],
    )?;
    let mut set = Rows::new(4);
    for (line, quantity, amount) in new.lines {
        set.push(row![line, quantity, i64::from(amount.is_some()), amount.unwrap_or(0)]);
    }
    tx.write(&INSERT_REFUND_LINES, params![ctx.company_id, new.id; set])
}

/// Ends the waiting of a refund: what was credited, and on which day; nothing when it was refused.
pub(crate) fn decide_refund(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: RefundId,
    credited: Option<(&sales::Credited, Day)>,
) -> Result<(), StoreError> {
    let state = if credited.is_some() { RefundState::Decided } else { RefundState::Refused };
    let of = credited.map(|(credited, _)| credited);
    tx.write_exactly(
        1,
        &DECIDE_REFUND,
        params![
            ctx.company_id,
            id,
            state,
            of.map(|credited| credited.net),
            of.map(|credited| credited.tax),
            of.map(|credited| credited.net + credited.tax),
            of.map_or(0, |credited| credited.receivable),
            credited.map(|(_, day)| day),
            of.map_or(0, |credited| credited.credit_note_id.raw()),
            of.map_or("", |credited| credited.number.as_str())
        ],
    )
}
