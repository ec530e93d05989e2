//! All SQL of this crate, and small typed functions over it.

use accounting::Role;
use base::{CompanyId, Currency, Day, EntryId, Id, Money, PartnerId, PaymentId};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use store::{Row, Rows, StoreError, Tx, params, row};

use crate::model::{Decided, Draft, Kind, OpenRef};
use crate::rehearse::OpenLeft;
use crate::settle::Paid;
use crate::views::{AllocationRow, ListPayments, PaymentDetail, PaymentRow};

store::statements! {
    /// Claims clients' references, waiting for whoever claims one of them now.
    CLAIM_REFERENCES = "insert into payments_reference
        (company_id, client_ref, payment_id, fingerprint)
        select $1, d.client_ref, d.payment_id, d.fingerprint
        from {rows:d(client_ref text, payment_id, fingerprint bytes)} where true
        on conflict (company_id, client_ref) do nothing returning client_ref";

    /// Frees references of payments that were refused.
    RELEASE_REFERENCES = "delete from payments_reference where company_id = $1
        and payment_id in (select d.payment_id from {rows:d(payment_id)})";

    /// Payments by the client's reference.
    EARLIER_PAYMENTS = "select r.client_ref, r.fingerprint, p.id, p.number, p.entry_id,
            p.posted_on, p.currency, p.amount, p.amount_company
        from {rows:d(client_ref text)}
        join payments_reference as r on r.company_id = $1 and r.client_ref = d.client_ref
        join payments_payment as p on p.company_id = r.company_id and p.id = r.payment_id";

    /// Writes payments.
    INSERT_PAYMENTS = "insert into payments_payment
        (company_id, id, number, kind, direction, happened_on, posted_on, recorded_at, user_id,
            partner_id, place_role, place_kind, place_id, currency, amount, amount_company, method,
            reference, client_ref, memo, entry_id, reverses_id)
        select $1, d.id, d.number, d.kind, d.direction, d.happened_on, d.posted_on, $2, $3,
            d.partner_id, d.place_role, d.place_kind, d.place_id, d.currency, d.amount,
            d.amount_company, d.method, d.reference, d.client_ref, d.memo, d.entry_id, 0
        from {rows:d(id, number text, kind text, direction, happened_on text, posted_on text,
            partner_id, place_role text, place_kind text, place_id, currency text, amount,
            amount_company, method text, reference text, client_ref text, memo text, entry_id)}";

    /// Writes what payments were for.
    INSERT_ALLOCATIONS = "insert into payments_allocation
        (company_id, payment_id, line, role, open_kind, open_id, amount, amount_foreign)
        select $1, d.payment_id, d.line, d.role, d.open_kind, d.open_id, d.amount, d.amount_foreign
        from {rows:d(payment_id, line, role text, open_kind text, open_id, amount,
            amount_foreign)}";

    /// Holds a payment while it is reversed, so that it is reversed once.
    HOLD_PAYMENT = "select kind, direction, place_role, place_kind, place_id, currency, amount,
            amount_company, entry_id, reverses_id
        from payments_payment where company_id = $1 and id = $2 {for_update}";

    /// The payment that reverses a payment.
    REVERSED_BY = "select id from payments_payment where company_id = $1 and reverses_id = $2";

    /// Writes a reversal: the payment with the other sign.
    INSERT_REVERSAL = "insert into payments_payment
        (company_id, id, number, kind, direction, happened_on, posted_on, recorded_at, user_id,
            partner_id, place_role, place_kind, place_id, currency, amount, amount_company, method,
            reference, client_ref, memo, entry_id, reverses_id)
        select p.company_id, $3, $4, p.kind, p.direction, $5, $6, $7, $8, p.partner_id,
            p.place_role, p.place_kind, p.place_id, p.currency, -p.amount, -p.amount_company,
            p.method, p.reference, '', $9, $10, p.id
        from payments_payment as p where p.company_id = $1 and p.id = $2";

    /// Writes what a reversal takes back.
    INSERT_REVERSED_ALLOCATIONS = "insert into payments_allocation
        (company_id, payment_id, line, role, open_kind, open_id, amount, amount_foreign)
        select a.company_id, $3, a.line, a.role, a.open_kind, a.open_id, -a.amount,
            -a.amount_foreign
        from payments_allocation as a where a.company_id = $1 and a.payment_id = $2";

    /// What a payment was for.
    ALLOCATIONS_OF = "select role, open_kind, open_id, amount, amount_foreign
        from payments_allocation where company_id = $1 and payment_id = $2 order by line";

    /// The open lines that a payment touched, as they stand, and what it did to each: debits positive.
    LEFT_OPEN = "select x.role, x.open_kind, x.open_id, o.currency, o.amount_foreign,
            cast(sum(x.booked) as {i64}) as booked
        from (select l.role as role, l.open_kind as open_kind, l.open_id as open_id,
                p.currency as currency, -p.direction * l.amount_foreign as booked
            from payments_payment as p
            join payments_allocation as l on l.company_id = p.company_id and l.payment_id = p.id
            where p.company_id = $1 and p.id = $2 and l.open_kind <> ''
            union all
            select p.place_role, p.place_kind, p.place_id, p.currency, p.direction * p.amount
            from payments_payment as p
            where p.company_id = $1 and p.id = $2 and p.place_kind <> '') as x
        join accounting_account as a on a.company_id = $1 and a.role = x.role
        join accounting_open_item as o on o.company_id = $1 and o.account_id = a.id
            and o.kind = x.open_kind and o.source_id = x.open_id and o.currency = x.currency
        group by x.role, x.open_kind, x.open_id, o.currency, o.amount_foreign
        order by x.role, x.open_kind, x.open_id";

    /// Payments, newest first.
    LIST_PAYMENTS = "select p.id, p.number, p.kind, p.direction, p.happened_on, p.posted_on,
            p.partner_id, p.place_role, p.place_kind, p.place_id, p.currency, p.amount,
            p.amount_company, p.method, p.reference, p.client_ref, p.memo, p.entry_id,
            p.reverses_id, coalesce(r.id, 0) as reversed_by,
            (select count(*) from partners_bank_change as b
                where b.company_id = p.company_id and b.partner_id = p.partner_id
                    and p.kind in ('pay', 'pay_deposit') and b.requested_at <= p.recorded_at
                    and (b.state = 'waiting' or b.decided_at > p.recorded_at)) as waited,
            coalesce(w.code, '') as partner, coalesce(w.name, '') as partner_name
        from payments_payment as p
        left join partners_partner as w on w.company_id = p.company_id and w.id = p.partner_id
        left join payments_payment as r on r.company_id = p.company_id and r.reverses_id = p.id
        where p.company_id = $1
            and (p.happened_on < $2 or (p.happened_on = $2 and p.id < $3))
            and p.happened_on >= $4 and p.happened_on <= $5
            and (cast($6 as {text}) is null or p.kind = $6)
            and (cast($7 as {i64}) is null or p.partner_id = $7)
            and (cast($8 as {i64}) is null or (p.place_kind = 'channel' and p.place_id = $8)
                or exists (select 1 from payments_allocation as c
                    where c.company_id = p.company_id and c.payment_id = p.id
                        and c.open_kind = 'channel' and c.open_id = $8))
            and (cast($9 as {text}) is null
                or substr(p.client_ref, 1, length(cast($9 as {text}))) = cast($9 as {text}))
            and (cast($10 as {text}) is null or p.reference = $10)
            and (cast($11 as {text}) is null or (p.place_kind = $11 and p.place_id = $12)
                or exists (select 1 from payments_allocation as a
                    where a.company_id = p.company_id and a.payment_id = p.id
                        and a.open_kind = $11 and a.open_id = cast($12 as {i64})))
        order by p.happened_on desc, p.id desc limit $13";

    /// One payment.
    PAYMENT = "select p.id, p.number, p.kind, p.direction, p.happened_on, p.posted_on,
            p.partner_id, p.place_role, p.place_kind, p.place_id, p.currency, p.amount,
            p.amount_company, p.method, p.reference, p.client_ref, p.memo, p.entry_id,
            p.reverses_id, coalesce(r.id, 0) as reversed_by,
            (select count(*) from partners_bank_change as b
                where b.company_id = p.company_id and b.partner_id = p.partner_id
                    and p.kind in ('pay', 'pay_deposit') and b.requested_at <= p.recorded_at
                    and (b.state = 'waiting' or b.decided_at > p.recorded_at)) as waited,
            coalesce(w.code, '') as partner, coalesce(w.name, '') as partner_name, p.recorded_at,
            p.user_id
        from payments_payment as p
        left join partners_partner as w on w.company_id = p.company_id and w.id = p.partner_id
        left join payments_payment as r on r.company_id = p.company_id and r.reverses_id = p.id
        where p.company_id = $1 and p.id = $2";
}

/// Claims references in their order and returns those that were free.
pub(crate) fn claim_references(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    claims: &HashMap<String, (PaymentId, Vec<u8>)>,
) -> Result<HashSet<String>, StoreError> {
    let mut rows = Rows::new(3);
    for (client_ref, (payment_id, fingerprint)) in claims.iter().collect::<BTreeMap<_, _>>() {
        rows.push(row![client_ref, *payment_id, *fingerprint]);
    }
    let claimed = tx.query(&CLAIM_REFERENCES, params![company_id; rows])?;
    claimed.iter().map(|row| row.get(0)).collect()
}

/// Frees references of payments that were refused.
pub(crate) fn release_references(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    refused: &[PaymentId],
) -> Result<(), StoreError> {
    tx.write(&RELEASE_REFERENCES, params![company_id; Rows::column(refused)])
}

/// The payments that clients' references belong to, with the fingerprints of their requests.
pub(crate) fn earlier_payments(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    references: &[&String],
) -> Result<HashMap<String, (Vec<u8>, Paid)>, StoreError> {
    let set = Rows::column(references);
    let found = tx.query(&EARLIER_PAYMENTS, params![ctx.company_id; set])?;
    found
        .iter()
        .map(|row| {
            let currency: Currency = row.get(6)?;
            let paid = Paid {
                payment_id: row.get(2)?,
                number: row.get(3)?,
                entry_id: row.get(4)?,
                posted_on: row.get(5)?,
                amount: Money::new(row.get(7)?, currency),
                amount_company: Money::new(row.get(8)?, ctx.currency),
                repeated: true,
            };
            Ok((row.get(0)?, (row.get(1)?, paid)))
        })
        .collect()
}

/// A payment to be written.
pub(crate) struct NewPayment<'p> {
    pub draft: &'p Draft,
    pub paid: &'p Paid,
    pub decided: &'p Decided,
}

/// Writes payments with their allocations: two statements.
pub(crate) fn insert_payments(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    payments: &[NewPayment<'_>],
) -> Result<(), StoreError> {
    let mut heads = Rows::new(18);
    let mut allocations = Rows::new(7);
    for NewPayment { draft, paid, decided } in payments {
        let (place_kind, place_id) =
            draft.purse.key().map_or((String::new(), 0), |key| (key.kind.into_owned(), key.id));
        heads.push(row![
            paid.payment_id,
            paid.number,
            draft.kind,
            -draft.direction.sign(),
            draft.happened_on,
            paid.posted_on,
            decided.partner_id.map_or(0, Id::raw),
            draft.purse.role(),
            place_kind,
            place_id,
            draft.currency,
            decided.amount,
            decided.amount_company,
            draft.method,
            draft.reference,
            draft.client_ref,
            draft.memo,
            paid.entry_id
        ]);
        for (index, allocation) in decided.allocations.iter().enumerate() {
            let key = allocation.key.as_ref();
            allocations.push(row![
                paid.payment_id,
                index as u64 + 1,
                allocation.role,
                *key.map_or("", |key| &*key.kind),
                key.map_or(0, |key| key.id),
                allocation.amount,
                allocation.amount_foreign
            ]);
        }
    }
    let head = params![ctx.company_id, ctx.at, ctx.user_id; heads];
    tx.write_exactly(payments.len(), &INSERT_PAYMENTS, head)?;
    tx.write(&INSERT_ALLOCATIONS, params![ctx.company_id; allocations])
}

/// What was allocated to an open line: its account, kind and id, and the amount in the payment's
/// currency, debit positive.
type Touched = ((Role, String, i64), i64);

/// A payment about to be reversed.
pub(crate) struct Stored {
    pub kind: Kind,
    pub place_role: Role,
    pub currency: Currency,
    pub amount: i64,
    pub amount_company: i64,
    pub entry_id: EntryId,
    pub reverses: bool,
    /// Every open line it touched.
    touched: Vec<Touched>,
}

impl Stored {
    /// The open lines that it touched.
    pub(crate) fn keys(&self) -> BTreeSet<(Role, String, i64)> {
        self.touched.iter().map(|(key, _)| key.clone()).collect()
    }

    /// The deposits among them, with what it booked on each, debit positive.
    pub(crate) fn deposits(&self) -> BTreeMap<(Role, String, i64), i64> {
        let mut deposits = BTreeMap::new();
        for (key, amount) in &self.touched {
            if matches!(key.0, Role::CustomerDeposits | Role::SupplierDeposits) {
                *deposits.entry(key.clone()).or_insert(0) += amount;
            }
        }
        deposits
    }
}

/// Holds a payment and reads what it was for.
pub(crate) fn hold_payment(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    payment_id: PaymentId,
) -> Result<Option<Stored>, StoreError> {
    let Some(head) = tx.query_opt(&HOLD_PAYMENT, params![company_id, payment_id])? else {
        return Ok(None);
    };
    let direction: i64 = head.get(1)?;
    let (place_role, amount): (Role, i64) = (head.get(2)?, head.get(6)?);
    let mut touched = Vec::new();
    let place_kind: String = head.get(3)?;
    if !place_kind.is_empty() {
        touched.push(((place_role, place_kind, head.get(4)?), direction * amount));
    }
    for row in tx.query(&ALLOCATIONS_OF, params![company_id, payment_id])? {
        let kind: String = row.get(1)?;
        if !kind.is_empty() {
            let booked = -direction * row.get::<i64>(4)?;
            touched.push(((row.get(0)?, kind, row.get(2)?), booked));
        }
    }
    Ok(Some(Stored {
        kind: head.get(0)?,
        place_role,
        currency: head.get(5)?,
        amount,
        amount_company: head.get(7)?,
        entry_id: head.get(8)?,
        reverses: head.get::<i64>(9)? != 0,
        touched,
    }))
}

/// The payment that reverses a payment, if one does.
pub(crate) fn reversed_by(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    payment_id: PaymentId,
) -> Result<Option<PaymentId>, StoreError> {
    let row = tx.query_opt(&REVERSED_BY, params![company_id, payment_id])?;
    row.map(|row| row.get(0)).transpose()
}

/// Writes a reversal.
pub(crate) fn insert_reversal(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    paid: &Paid,
    original: PaymentId,
    happened_on: Day,
    reason: &str,
) -> Result<(), StoreError> {
    let head = params![
        ctx.company_id,
        original,
        paid.payment_id,
        paid.number,
        happened_on,
        paid.posted_on,
        ctx.at,
        ctx.user_id,
        reason,
        paid.entry_id
    ];
    tx.write_exactly(1, &INSERT_REVERSAL, head)?;
    let lines = params![ctx.company_id, original, paid.payment_id];
    tx.write(&INSERT_REVERSED_ALLOCATIONS, lines)
}

/// Reads a page of payments that begins after a day and id.
pub(crate) fn list_payments(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &ListPayments,
    after: (String, i64),
    limit: i64,
) -> Result<Vec<PaymentRow>, StoreError> {
    let asked = params![
        ctx.company_id,
        after.0,
        after.1,
        filter.from.map_or_else(String::new, |day| day.to_string()),
        filter.through.map_or_else(|| LAST_DAY.to_owned(), |day| day.to_string()),
        filter.kind,
        filter.partner_id,
        filter.channel_id,
        filter.client_ref_prefix,
        filter.reference,
        filter.open.as_ref().map(|open| open.kind.clone()),
        filter.open.as_ref().map_or(0, |open| open.id),
        limit
    ];
    tx.query(&LIST_PAYMENTS, asked)?.iter().map(|row| payment_row(ctx, row)).collect()
}

/// The open lines that a payment touched, as it left them.
pub(crate) fn left_open(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    payment_id: PaymentId,
) -> Result<Vec<OpenLeft>, StoreError> {
    let found = tx.query(&LEFT_OPEN, params![ctx.company_id, payment_id])?;
    let read = |row: &Row| {
        let currency: Currency = row.get(3)?;
        let (left, booked): (i64, i64) = (row.get(4)?, row.get(5)?);
        let money = |minor| Money::new(minor, currency);
        Ok(OpenLeft {
            role: row.get(0)?,
            open: OpenRef { kind: row.get(1)?, id: row.get(2)? },
            // What was open before was held, so it is an amount.
            before: money(left.saturating_sub(booked)),
            left: money(left),
        })
    };
    found.iter().map(read).collect()
}

/// The last day that a list may reach.
pub(crate) const LAST_DAY: &str = "9999-12-31";

/// Reads a payment with what it was for.
pub(crate) fn payment(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    payment_id: PaymentId,
) -> Result<Option<PaymentDetail>, StoreError> {
    let Some(row) = tx.query_opt(&PAYMENT, params![ctx.company_id, payment_id])? else {
        return Ok(None);
    };
    let payment = payment_row(ctx, &row)?;
    let currency = payment.amount.currency;
    let allocations = tx
        .query(&ALLOCATIONS_OF, params![ctx.company_id, payment_id])?
        .iter()
        .map(|row| {
            Ok(AllocationRow {
                role: row.get(0)?,
                open: open_at(row, 1)?,
                amount: Money::new(row.get(4)?, currency),
                amount_company: Money::new(row.get(3)?, ctx.currency),
            })
        })
        .collect::<Result<_, StoreError>>()?;
    let (recorded_at, user_id) = (row.get(23)?, row.get(24)?);
    Ok(Some(PaymentDetail { payment, recorded_at, user_id, allocations }))
}

fn payment_row(ctx: &Ctx, row: &Row) -> Result<PaymentRow, StoreError> {
    let currency: Currency = row.get(10)?;
    Ok(PaymentRow {
        payment_id: row.get(0)?,
        number: row.get(1)?,
        kind: row.get(2)?,
        incoming: row.get::<i64>(3)? > 0,
        happened_on: row.get(4)?,
        posted_on: row.get(5)?,
        partner_id: id_at::<PartnerId>(row, 6)?,
        place: row.get(7)?,
        place_open: open_at(row, 8)?,
        amount: Money::new(row.get(11)?, currency),
        amount_company: Money::new(row.get(12)?, ctx.currency),
        method: row.get(13)?,
        reference: row.get(14)?,
        client_ref: row.get(15)?,
        memo: row.get(16)?,
        entry_id: row.get(17)?,
        reverses: id_at(row, 18)?,
        reversed_by: id_at(row, 19)?,
        bank_details_waited: row.get::<i64>(20)? > 0,
        partner: row.get(21)?,
        partner_name: row.get(22)?,
    })
}

/// Reads the key of an open line, '' as none.
fn open_at(row: &Row, index: usize) -> Result<Option<OpenRef>, StoreError> {
    let kind: String = row.get(index)?;
    if kind.is_empty() { Ok(None) } else { Ok(Some(OpenRef { kind, id: row.get(index + 1)? })) }
}

/// Reads an id, 0 as none.
fn id_at<I: Id>(row: &Row, index: usize) -> Result<Option<I>, StoreError> {
    let raw: i64 = row.get(index)?;
    Ok(if raw == 0 { None } else { Some(I::from_raw(raw)) })
}
