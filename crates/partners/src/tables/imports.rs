//! The SQL of imports: which files were taken over, and what each of them made and changed.

use std::collections::HashSet;

use base::{BatchId, CompanyId, PartnerId};
use identity::Ctx;
use store::{Row, Rows, StoreError, Tx, params, row};

store::statements! {
    /// Notes that a file was taken over.
    INSERT_IMPORT = "insert into partners_import
            (company_id, id, rows, created, changed, user_id, recorded_at, undone_by, undone_at,
             reason, supplier)
        values ($1, $2, $3, $4, $5, $6, $7, 0, 0, '', $8)";

    /// Notes what it made and changed.
    INSERT_IMPORTED = "insert into partners_import_row
            (company_id, import_id, partner_id, revision, before)
        select $1, $2, d.partner_id, d.revision, d.before
        from {rows:d(partner_id, revision, before text)}";

    /// Locks an import, with whether it was taken back.
    LOCK_IMPORT = "select m.undone_at from partners_import as m
        where m.company_id = $1 and m.id = $2 {for_update:m}";

    /// What an import made and changed.
    IMPORTED = "select r.partner_id, r.revision, r.before from partners_import_row as r
        where r.company_id = $1 and r.import_id = $2 order by r.partner_id";

    /// Notes that an import was taken back.
    END_IMPORT = "update partners_import set undone_by = $3, undone_at = $4, reason = $5
        where company_id = $1 and id = $2 and undone_at = 0";

    /// An import and its undoing raised a revision by two; what earlier ones left is as far from it as
    /// it was before both.
    STAND_AGAIN = "with d as materialized (select r.* from {rows:r(partner_id, revision)})
        update partners_import_row as i set revision = i.revision + 2
        from d where i.company_id = $1 and i.partner_id = d.partner_id and i.revision < d.revision";

    /// Those that are retired only because the import that made them was taken back.
    TAKEN_BACK = "select distinct r.partner_id from {rows:d(partner_id)}
        cross join partners_import_row as r
        join partners_import as m on m.company_id = r.company_id and m.id = r.import_id
        join partners_partner as t on t.company_id = r.company_id and t.id = r.partner_id
        where r.company_id = $1 and r.partner_id = d.partner_id and r.before = ''
            and m.undone_at <> 0 and t.active = 0 and t.revision = r.revision + 1";

    /// A page of imports, the newest first.
    IMPORTS = "select m.id, m.recorded_at, coalesce(u.display_name, '') as imported_by, m.rows,
            m.created, m.changed, m.undone_at, coalesce(v.display_name, '') as undone_by,
            m.reason, m.supplier
        from partners_import as m
        left join identity_user as u on u.id = m.user_id
        left join identity_user as v on v.id = m.undone_by
        where m.company_id = $1
            and (cast($2 as {i64}) is null
                or cast($2 as {i64}) = case when m.undone_at = 0 then 0 else 1 end)
            and (cast($3 as {text}) is null or u.login = cast($3 as {text}))
            and (cast($7 as {i64}) is null or m.supplier = cast($7 as {i64}))
            and (m.recorded_at < $4 or (m.recorded_at = $4 and m.id < $5))
        order by m.recorded_at desc, m.id desc limit cast($6 as {i64})";

    /// A page of what imports made and changed, the newest import first.
    IMPORT_LINES = "select r.import_id, r.partner_id, t.code, t.name, r.before,
            case when m.undone_at = 0 and t.revision <> r.revision then 1 else 0 end as since,
            m.recorded_at
        from partners_import_row as r
        join partners_import as m on m.company_id = r.company_id and m.id = r.import_id
        join partners_partner as t on t.company_id = r.company_id and t.id = r.partner_id
        where r.company_id = $1
            and (cast($2 as {i64}) = 0 or r.import_id = cast($2 as {i64}))
            and (cast($3 as {i64}) is null
                or cast($3 as {i64}) = case when r.before = '' then 1 else 0 end)
            and (cast($4 as {i64}) is null or cast($4 as {i64})
                = case when m.undone_at = 0 and t.revision <> r.revision then 1 else 0 end)
            and (cast($5 as {text}) is null or t.code = cast($5 as {text}))
            and (r.import_id < $6 or (r.import_id = $6 and t.code > $7))
        order by r.import_id desc, t.code limit cast($8 as {i64})";
}

/// What an import made or changed, as it was noted.
#[derive(Debug, Clone)]
pub(crate) struct Imported {
    pub partner_id: PartnerId,
    /// The revision that the import left.
    pub revision: i64,
    /// What it changed; none when it made the partner.
    pub before: Option<serde_json::Value>,
}

/// Notes that a file was taken over, with how many rows it had, made and changed.
pub(crate) fn insert_import(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    import_id: BatchId,
    supplier: bool,
    [rows, created, changed]: [u64; 3],
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_IMPORT,
        params![ctx.company_id, import_id, rows, created, changed, ctx.user_id, ctx.at, supplier],
    )
}

/// Notes what an import made and changed.
pub(crate) fn insert_imported(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    import_id: BatchId,
    imported: &[Imported],
) -> Result<(), StoreError> {
    let mut rows = Rows::new(3);
    for Imported { partner_id, revision, before } in imported {
        let before = before.as_ref().map_or_else(String::new, ToString::to_string);
        rows.push(row![partner_id, revision, before]);
    }
    tx.write_exactly(imported.len(), &INSERT_IMPORTED, params![company_id, import_id; rows])
}

/// Whether an import was taken back; nothing when there is none. Locked.
pub(crate) fn lock_import(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    import_id: BatchId,
) -> Result<Option<bool>, StoreError> {
    let found = tx.query_opt(&LOCK_IMPORT, params![company_id, import_id])?;
    found.map(|row| row.get::<i64>(0).map(|undone_at| undone_at != 0)).transpose()
}

/// What an import made and changed, by id.
pub(crate) fn imported(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    import_id: BatchId,
) -> Result<Vec<Imported>, StoreError> {
    let read = |row: &Row| {
        let before: String = row.get(2)?;
        let before = match before.as_str() {
            "" => None,
            text => Some(serde_json::from_str(text).map_err(|error| {
                StoreError::Unusable(format!("what an import changed is not JSON: {error}"))
            })?),
        };
        Ok(Imported { partner_id: row.get(0)?, revision: row.get(1)?, before })
    };
    tx.query(&IMPORTED, params![company_id, import_id])?.iter().map(read).collect()
}

/// Notes that what earlier imports left of these stands again, which were at these revisions when an
/// import was taken back.
pub(crate) fn stand_again(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    taken_back: impl IntoIterator<Item = (PartnerId, i64)>,
) -> Result<(), StoreError> {
    let mut rows = Rows::new(2);
    for (id, revision) in taken_back {
        rows.push(row![id, revision]);
    }
    tx.write(&STAND_AGAIN, params![company_id; rows])
}

/// Notes that an import was taken back.
pub(crate) fn end_import(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    import_id: BatchId,
    reason: &str,
) -> Result<(), StoreError> {
    let values = params![ctx.company_id, import_id, ctx.user_id, ctx.at, reason];
    tx.write_exactly(1, &END_IMPORT, values)
}

/// Which of these are retired only because the import that made them was taken back: a file that names
/// them again takes them into use again.
pub(crate) fn taken_back(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    partners: &[PartnerId],
) -> Result<HashSet<PartnerId>, StoreError> {
    let rows = tx.query(&TAKEN_BACK, params![company_id; Rows::column(partners)])?;
    rows.iter().map(|row| row.get(0)).collect()
}
