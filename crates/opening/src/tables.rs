//! All SQL of openings.

use crate::open::Made;
use base::{CompanyId, Day, EntryId, Id, OpeningId};
use identity::Ctx;
use std::collections::BTreeMap;
use store::{Rows, StoreError, Tx, params, row};

store::statements! {
    /// The opening that stands, held while it is taken back.
    LOCK_STANDING = "select id, opened_on, stock_entry_id, bills_entry_id, invoices_entry_id
        from opening_opening where company_id = $1 and undone_at = 0 {for_update}";

    /// Writes an opening.
    INSERT_OPENING = "insert into opening_opening
        (company_id, id, opened_on, difference, stock_entry_id, bills_entry_id, invoices_entry_id,
         user_id, recorded_at, undone_at, undone_by, reason)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, '')";

    /// Writes what an opening made.
    INSERT_DOCUMENTS = "insert into opening_document (company_id, opening_id, kind, document_id)
        select $1, $2, d.kind, d.document_id from {rows:d(kind text, document_id)}";

    /// What an opening made.
    DOCUMENTS = "select kind, document_id from opening_document
        where company_id = $1 and opening_id = $2 order by kind, document_id";

    /// Marks an opening as taken back.
    MARK_UNDONE = "update opening_opening set undone_at = $3, undone_by = $4, reason = $5
        where company_id = $1 and id = $2 and undone_at = 0";

    /// A page of openings, newest first.
    LIST_OPENINGS = "select o.id, o.opened_on, o.difference, o.recorded_at,
            coalesce(u.login, '') as opened_by, o.undone_at,
            o.reason,
            (select count(*) from opening_document as d where d.company_id = o.company_id
                and d.opening_id = o.id) as documents
        from opening_opening as o
        left join identity_user as u on u.id = o.user_id
        where o.company_id = $1 and (o.recorded_at < $2 or (o.recorded_at = $2 and o.id < $3))
            and (cast($5 as {i64}) = 0 or o.id = cast($5 as {i64}))
        order by o.recorded_at desc, o.id desc limit $4";

    /// How many documents of each kind an opening made.
    COUNT_DOCUMENTS = "select kind, cast(count(*) as {i64}) as documents from opening_document
        where company_id = $1 and opening_id = $2 group by kind order by kind";

    /// A page of what openings made.
    LIST_DOCUMENTS = "select d.opening_id, d.kind, d.document_id,
            coalesce(o.number, b.number, i.number, s.number, '') as number,
            coalesce(p.code, '') as partner, coalesce(p.name, '') as partner_name,
            coalesce(o.ordered_on, b.billed_on, i.invoiced_on, s.ordered_on, '') as happened_on,
            coalesce(o.currency, b.currency, s.currency, '') as currency,
            cast(coalesce(o.total, b.total, i.amount, s.gross, 0) as {i64}) as amount
        from opening_document as d
        left join purchasing_order as o on d.kind = 'purchase_order'
            and o.company_id = d.company_id and o.id = d.document_id
        left join purchasing_bill as b on d.kind = 'bill'
            and b.company_id = d.company_id and b.id = d.document_id
        left join sales_opened_invoice as i on d.kind = 'invoice'
            and i.company_id = d.company_id and i.id = d.document_id
        left join sales_order as s on d.kind = 'sales_order'
            and s.company_id = d.company_id and s.id = d.document_id
        left join partners_partner as p on p.company_id = d.company_id
            and p.id = coalesce(o.partner_id, b.partner_id, i.partner_id, s.partner_id)
        where d.company_id = $1
            and (cast($2 as {i64}) = 0 or d.opening_id = cast($2 as {i64}))
            and (cast($3 as {text}) is null or d.kind = cast($3 as {text}))
            and (d.opening_id > $4
                or (d.opening_id = $4 and (d.kind > $5 or (d.kind = $5 and d.document_id > $6))))
        order by d.opening_id, d.kind, d.document_id limit $7";
}

/// The opening that stands.
pub(crate) struct Standing {
    pub id: OpeningId,
    pub opened_on: Day,
    pub stock_entry: EntryId,
    pub bills_entry: EntryId,
    pub invoices_entry: EntryId,
}

/// The opening that stands, locked until the transaction ends.
pub(crate) fn lock_standing(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<Option<Standing>, StoreError> {
    let found = tx.query_opt(&LOCK_STANDING, params![company_id])?;
    found
        .map(|row| {
            Ok(Standing {
                id: row.get(0)?,
                opened_on: row.get(1)?,
                stock_entry: row.get(2)?,
                bills_entry: row.get(3)?,
                invoices_entry: row.get(4)?,
            })
        })
        .transpose()
}

/// Writes an opening with what it made.
pub(crate) fn insert_opening(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpeningId,
    opened_on: Day,
    difference: i64,
    made: &Made,
) -> Result<(), StoreError> {
    let entry = |id: Option<EntryId>| id.map_or(0, Id::raw);
    tx.write(
        &INSERT_OPENING,
        params![
            ctx.company_id,
            id,
            opened_on,
            difference,
            entry(made.stock_entry),
            entry(made.bills_entry),
            entry(made.invoices_entry),
            ctx.user_id,
            ctx.at
        ],
    )?;
    let mut set = Rows::new(2);
    for (kind, document) in &made.documents {
        set.push(row![*kind, document]);
    }
    tx.write(&INSERT_DOCUMENTS, params![ctx.company_id, id; set])
}

/// What an opening made: ids by kind of document.
pub(crate) fn documents(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: OpeningId,
) -> Result<BTreeMap<String, Vec<i64>>, StoreError> {
    let mut documents: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for row in tx.query(&DOCUMENTS, params![company_id, id])? {
        documents.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(documents)
}

/// Marks an opening as taken back.
pub(crate) fn mark_undone(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpeningId,
    reason: &str,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &MARK_UNDONE, params![ctx.company_id, id, ctx.at, ctx.user_id, reason])
}
