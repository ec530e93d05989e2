//! Reading and writing claims on suppliers.

use super::*;

/// How much of receipts' lines is claimed, and how much inspections scrapped or found gone.
pub(crate) fn claimed_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    lines: impl IntoIterator<Item = ReceiptLineId>,
) -> Result<BTreeMap<ReceiptLineId, Gone>, StoreError> {
    let found = tx.query(&CLAIMED_OF, params![ctx.company_id; Rows::column(lines)])?;
    let read = |row: &Row| Ok((row.get(0)?, Gone { claimed: row.get(1)?, lost: row.get(2)? }));
    found.iter().map(read).collect()
}

/// The claim that has a reference of the client, if it has one and it was used.
pub(crate) fn claim_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<ClaimOpened>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&CLAIM_BY_REF, params![ctx.company_id, client_ref])?;
    found
        .map(|row| {
            Ok(ClaimOpened {
                claim_id: row.get(0)?,
                number: row.get(1)?,
                amount: Money::new(row.get(2)?, ctx.currency),
                repeated: true,
            })
        })
        .transpose()
}

/// Writes claims, each with its number.
pub(crate) fn insert_claims(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    claims: &[(&NewClaim, String)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(11);
    for (new, number) in claims {
        set.push(row![
            new.id,
            number,
            new.client_ref,
            new.partner_id,
            zero(new.receipt_line_id),
            new.item_id,
            new.quantity,
            new.amount,
            new.cause,
            new.evidence,
            new.opened_on
        ]);
    }
    tx.write_exactly(
        claims.len(),
        &INSERT_CLAIMS,
        params![ctx.company_id, ctx.at, ctx.user_id; set],
    )
}

/// A claim, held until the transaction ends.
pub(crate) fn lock_claim(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ClaimId,
) -> Result<Option<Claim>, StoreError> {
    let found = tx.query_opt(&LOCK_CLAIM, params![ctx.company_id, id])?;
    found
        .map(|row| {
            Ok(Claim {
                number: row.get(0)?,
                partner_id: row.get(1)?,
                item_id: row.get(2)?,
                quantity: row.get(3)?,
                amount: row.get(4)?,
                state: row.get(5)?,
            })
        })
        .transpose()
}

/// Ends a claim.
pub(crate) fn settle_claim(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ClaimId,
    outcome: ClaimOutcome,
    reference: &str,
    settled_on: Day,
) -> Result<(), StoreError> {
    let key = params![ctx.company_id, id, outcome, reference, settled_on];
    tx.write_exactly(1, &SETTLE_CLAIM, key)
}
