//! All SQL about partners.
//!
//! A set comes first: `cross join` and `as materialized` keep SQLite, which knows nothing about the
//! size of a set, from reading the whole table once for each of its rows or the other way round.

use std::collections::HashMap;

use base::{CompanyId, Id, PartnerId, Timestamp, search_text};
use store::{Params, Row, Rows, Search, StoreError, Tx, Value, WordChange, WordIndex, params, row};

use crate::model::{Draft, Partner};
use crate::views::{AddressRow, ContactRow, PartnerSort};

mod imports;

pub(crate) use imports::{
    IMPORT_LINES, IMPORTS, Imported, end_import, imported, insert_import, insert_imported,
    lock_import, stand_again, taken_back,
};

/// Every statement of partners.
pub(crate) static ALL: [&store::Statement; COUNT + imports::COUNT] =
    store::statement::joined(&[STATEMENTS, imports::STATEMENTS]);

/// The columns of a partner as [`partner_of`] reads them, from `partners_partner as p`.
macro_rules! partner_columns {
    () => {
        "select p.id, p.code, p.name, p.supplier, p.customer, p.customer_kind, p.country,
            p.currency, p.payment_days, p.email, p.tax_number, p.language, p.bank_account,
            p.active, p.revision, p.category"
    };
}

/// The columns of a change of bank details as `bank_details.rs` reads them.
macro_rules! bank_change_columns {
    () => {
        "select b.id, b.partner_id, p.code, p.name, b.number, b.before_account, b.after_account,
            b.state, b.requested_by, coalesce(q.display_name, '') as requested_name,
            b.requested_at, b.decided_by, coalesce(u.display_name, '') as decided_name, b.decided_at,
            b.reason
        from partners_bank_change as b
        join partners_partner as p on p.company_id = b.company_id and p.id = b.partner_id
        left join identity_user as q on q.id = b.requested_by
        left join identity_user as u on u.id = b.decided_by "
    };
}

/// Partners that have a word in one of the parts from `$12` on and before `$13`.
macro_rules! partners_of_parts {
    () => {
        "with found as materialized (
            select distinct w.partner_id
            from partners_word_part as q cross join partners_partner_word as w
            where q.company_id = $1 and q.part >= $12 and q.part < $13
                and w.company_id = q.company_id and w.word = q.word) "
    };
}

/// The filters of the list, each with a value for "any".
macro_rules! partner_filters {
    () => {
        " where p.company_id = $1 and ($2 = '' or p.search like $2 escape '\\')
            and not exists (select 1 from {rows:o(pattern text)}
                where p.search not like o.pattern escape '\\')
            and (cast($3 as {i64}) < 0 or p.supplier = $3)
            and (cast($4 as {i64}) < 0 or p.customer = $4)
            and ($5 = '' or p.country = $5)
            and (cast($6 as {i64}) < 0 or p.active = $6)
            and ($7 = '' or p.category = $7)
            and (cast($8 as {i64}) < 0 or cast($8 as {i64}) = (select count(*)
                from partners_bank_change as b where b.company_id = p.company_id
                    and b.partner_id = p.id and b.state = 'waiting')) "
    };
}

store::statements! {
    /// Partners by id.
    PARTNERS_BY_ID = concat!(partner_columns!(), " from {rows:d(id)}
        cross join partners_partner as p where p.company_id = $1 and p.id = d.id");

    /// Partners by code.
    PARTNERS_BY_CODE = concat!(partner_columns!(), " from {rows:d(code text)}
        cross join partners_partner as p where p.company_id = $1 and p.code = d.code");

    /// Locks partners by id.
    LOCK_BY_ID = "select p.id from partners_partner as p
        where p.company_id = $1 and p.id in (select d.id from {rows:d(id)})
        order by p.id {for_update:p}";

    /// Locks partners by code.
    LOCK_BY_CODE = "select p.id from partners_partner as p
        where p.company_id = $1 and p.code in (select d.code from {rows:d(code text)})
        order by p.id {for_update:p}";

    /// Adds partners.
    INSERT_PARTNERS = "insert into partners_partner
            (company_id, id, code, name, supplier, customer, customer_kind, country, currency,
             payment_days, email, tax_number, language, bank_account, active, revision, search,
             created_at, changed_at, category)
        select $1, d.id, d.code, d.name, d.supplier, d.customer, d.customer_kind, d.country,
            d.currency, d.payment_days, d.email, d.tax_number, d.language, '', d.active, 1,
            d.search, cast($2 as {i64}), cast($2 as {i64}), d.category
        from {rows:d(id, code text, name text, supplier, customer, customer_kind text,
            country text, currency text, payment_days, email text, tax_number text,
            language text, active, search text, category text)}";

    /// Changes partners that are still at their revision.
    UPDATE_PARTNERS = "with d as materialized (select r.* from {rows:r(id, code text, name text,
            supplier, customer, customer_kind text, country text, currency text, payment_days,
            email text, tax_number text, language text, active, search text, revision,
            category text)})
        update partners_partner as p
        set code = d.code, name = d.name, supplier = d.supplier, customer = d.customer,
            customer_kind = d.customer_kind, country = d.country, currency = d.currency,
            payment_days = d.payment_days, email = d.email, tax_number = d.tax_number,
            language = d.language, active = d.active, search = d.search,
            category = d.category, revision = p.revision + 1, changed_at = $2
        from d where p.company_id = $1 and p.id = d.id and p.revision = d.revision";

    /// Changes the bank account of a partner that is still at its revision.
    UPDATE_BANK_ACCOUNT = "update partners_partner
        set bank_account = $4, revision = revision + 1, changed_at = $5
        where company_id = $1 and id = $2 and revision = $3";

    /// Asks for other bank details, or notes those in force.
    INSERT_BANK_CHANGE = "insert into partners_bank_change
            (company_id, id, partner_id, number, before_account, after_account, state,
             requested_by, requested_at, decided_by, decided_at, reason)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '')";

    /// The number of a partner's latest change of bank details.
    LAST_BANK_CHANGE = "select coalesce(max(number), 0) as number from partners_bank_change
        where company_id = $1 and partner_id = $2";

    /// Ends what waits for a partner.
    END_BANK_CHANGE = "update partners_bank_change
        set state = $3, decided_by = $4, decided_at = $5, reason = $6
        where company_id = $1 and partner_id = $2 and state = 'waiting'";

    /// What waits for partners.
    BANK_CHANGES_WAITING = concat!(bank_change_columns!(), "
        where b.company_id = $1 and b.state = 'waiting'
            and b.partner_id in (select d.partner_id from {rows:d(partner_id)})");

    /// The partners for whom other bank details wait.
    PARTNERS_WAITING = "select partner_id from partners_bank_change
        where company_id = $1 and state = 'waiting' order by partner_id";

    /// A page of changes of bank details, the newest first.
    BANK_CHANGES = concat!(bank_change_columns!(), "
        where b.company_id = $1
            and (cast($2 as {i64}) = 0 or b.partner_id = cast($2 as {i64}))
            and ($3 = '' or b.state = $3)
            and (b.requested_at < $4 or (b.requested_at = $4 and b.id < $5))
        order by b.requested_at desc, b.id desc limit $6");

    /// Raises the revision of a partner whose contacts or addresses changed.
    TOUCH_PARTNER = "update partners_partner set revision = revision + 1, changed_at = $4
        where company_id = $1 and id = $2 and revision = $3";

    /// A page of partners by code.
    LIST_BY_CODE = concat!(partner_columns!(), " from partners_partner as p", partner_filters!(),
        "and (p.code, p.id) > ($9, $10) order by p.code, p.id limit $11");

    /// A page of partners by name.
    LIST_BY_NAME = concat!(partner_columns!(), " from partners_partner as p", partner_filters!(),
        "and (p.name, p.id) > ($9, $10) order by p.name, p.id limit $11");

    /// A page of partners that have one of the words that parts lead to, by code.
    FIND_BY_CODE = concat!(partners_of_parts!(), partner_columns!(),
        " from found as f cross join partners_partner as p", partner_filters!(),
        "and p.id = f.partner_id and (p.code, p.id) > ($9, $10) order by p.code, p.id limit $11");

    /// A page of partners that have one of the words that parts lead to, by name.
    FIND_BY_NAME = concat!(partners_of_parts!(), partner_columns!(),
        " from found as f cross join partners_partner as p", partner_filters!(),
        "and p.id = f.partner_id and (p.name, p.id) > ($9, $10) order by p.name, p.id limit $11");

    /// Gives words to partners.
    GIVE_WORDS = "insert into partners_partner_word (company_id, word, partner_id)
        select $1, d.word, d.partner_id from {rows:d(word text, partner_id)}
        where true on conflict do nothing";

    /// Takes words from partners.
    TAKE_WORDS = "delete from partners_partner_word where company_id = $1
        and (word, partner_id) in (select d.word, d.partner_id from {rows:d(word text, partner_id)})";

    /// Keeps the parts of words.
    KEEP_PARTS = "insert into partners_word_part (company_id, part, word)
        select $1, d.part, d.word from {rows:d(part text, word text)}
        where true on conflict do nothing";

    /// Counts what parts lead to, up to a number.
    COUNT_WORDS = "select d.number, (select count(*) from (
            select 1 from partners_word_part as q cross join partners_partner_word as w
            where q.company_id = $1 and q.part >= d.low and q.part < d.high
                and w.company_id = q.company_id and w.word = q.word limit $2) as c) as partners
        from {rows:d(number, low text, high text)}";

    /// Partners that were made before partners had words.
    WORDLESS = "select p.id, p.code, p.name, p.email
        from partners_wordless as l cross join partners_partner as p
        where l.company_id = $1 and p.company_id = l.company_id and p.id = l.partner_id
        order by l.partner_id limit $2 {for_update}";

    /// Writes the text in which the list looks.
    SET_SEARCH = "with d as materialized (select r.* from {rows:r(id, search text)})
        update partners_partner as p set search = d.search
        from d where p.company_id = $1 and p.id = d.id";

    /// Partners that have words now.
    DELETE_WORDLESS = "delete from partners_wordless
        where company_id = $1 and partner_id in (select d.partner_id from {rows:d(partner_id)})";

    /// What partners are found by, from an id on.
    SEARCHED = "select id, code, name, email, search from partners_partner
        where company_id = $1 and id > $2 order by id limit $3";

    /// The contacts of a partner.
    CONTACTS = "select name, job, email, phone from partners_contact
        where company_id = $1 and partner_id = $2 order by number";

    /// Forgets the contacts of a partner.
    DELETE_CONTACTS = "delete from partners_contact where company_id = $1 and partner_id = $2";

    /// Adds contacts to a partner.
    INSERT_CONTACTS = "insert into partners_contact
            (company_id, partner_id, number, name, job, email, phone)
        select $1, $2, d.number, d.name, d.job, d.email, d.phone
        from {rows:d(number, name text, job text, email text, phone text)}";

    /// The addresses of a partner.
    ADDRESSES = "select kind, name, street, city, region, postcode, country from partners_address
        where company_id = $1 and partner_id = $2 order by number";

    /// Forgets the addresses of a partner.
    DELETE_ADDRESSES = "delete from partners_address where company_id = $1 and partner_id = $2";

    /// Adds addresses to a partner.
    INSERT_ADDRESSES = "insert into partners_address
            (company_id, partner_id, number, kind, name, street, city, region, postcode, country)
        select $1, $2, d.number, d.kind, d.name, d.street, d.city, d.region, d.postcode, d.country
        from {rows:d(number, kind text, name text, street text, city text, region text,
            postcode text, country text)}";
}

/// A partner from the columns of `partner_columns!`.
fn partner_of(row: &Row) -> Result<Partner, StoreError> {
    Ok(Partner {
        id: row.get(0)?,
        code: row.get(1)?,
        name: row.get(2)?,
        supplier: row.get(3)?,
        customer: row.get(4)?,
        customer_kind: row.get(5)?,
        country: row.get(6)?,
        currency: row.get(7)?,
        payment_days: row.get(8)?,
        email: row.get(9)?,
        tax_number: row.get(10)?,
        language: row.get(11)?,
        bank_account: row.get(12)?,
        active: row.get(13)?,
        revision: row.get(14)?,
        category: row.get(15)?,
    })
}

/// The partners with these ids, in one statement. Ids of no partner of the company are left out.
///
/// # Errors
/// Those of the engine.
pub fn partners_by_id(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &[PartnerId],
) -> Result<HashMap<PartnerId, Partner>, StoreError> {
    let rows = tx.query(&PARTNERS_BY_ID, params![company_id; Rows::column(ids)])?;
    rows.iter().map(|row| partner_of(row).map(|partner| (partner.id, partner))).collect()
}

/// The partners with these codes, in one statement. Codes of no partner of the company are left
/// out.
///
/// # Errors
/// Those of the engine.
pub fn partners_by_code<S: AsRef<str>>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    codes: &[S],
) -> Result<HashMap<String, Partner>, StoreError> {
    // A NUL is in no stored text, and PostgreSQL refuses to be asked for one.
    let storable = |code: &&str| !code.contains('\0');
    let codes = Rows::column(codes.iter().map(AsRef::as_ref).filter(storable));
    let rows = tx.query(&PARTNERS_BY_CODE, params![company_id; codes])?;
    rows.iter().map(|row| partner_of(row).map(|partner| (partner.code.clone(), partner))).collect()
}

/// As [`partners_by_id`], locked until the transaction ends.
pub(crate) fn lock_partners(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &[PartnerId],
) -> Result<HashMap<PartnerId, Partner>, StoreError> {
    tx.query(&LOCK_BY_ID, params![company_id; Rows::column(ids)])?;
    partners_by_id(tx, company_id, ids)
}

/// As [`partners_by_code`], locked until the transaction ends.
pub(crate) fn lock_partners_by_code(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    codes: &[&str],
) -> Result<HashMap<String, Partner>, StoreError> {
    tx.query(&LOCK_BY_CODE, params![company_id; Rows::column(codes)])?;
    partners_by_code(tx, company_id, codes)
}

/// Adds partners at revision 1, without bank details, with the words by which they are found.
pub(crate) fn insert_partners<'d>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    at: Timestamp,
    partners: impl IntoIterator<Item = (PartnerId, &'d Draft)>,
) -> Result<(), StoreError> {
    let (mut rows, mut words) = (Rows::new(15), Vec::new());
    for (id, partner) in partners {
        let after = partner.words();
        rows.push(row![
            id,
            partner.code,
            partner.name,
            partner.supplier,
            partner.customer,
            partner.customer_kind,
            partner.country,
            partner.currency,
            partner.payment_days,
            partner.email,
            partner.tax_number,
            partner.language,
            partner.active,
            search_text(&after),
            partner.category
        ]);
        words.push(WordChange { record: id.raw(), after, ..WordChange::default() });
    }
    tx.write_exactly(rows.len(), &INSERT_PARTNERS, params![company_id, at; rows])?;
    WORDS.change(tx, company_id, &words)
}

/// Changes partners that are at the revision given, as they were and as they are, and raises it.
pub(crate) fn update_partners<'d>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    at: Timestamp,
    partners: impl IntoIterator<Item = (PartnerId, i64, [&'d Draft; 2])>,
) -> Result<(), StoreError> {
    let (mut rows, mut words) = (Rows::new(16), Vec::new());
    for (id, revision, [before, partner]) in partners {
        let (before, after) = (before.words(), partner.words());
        rows.push(row![
            id,
            partner.code,
            partner.name,
            partner.supplier,
            partner.customer,
            partner.customer_kind,
            partner.country,
            partner.currency,
            partner.payment_days,
            partner.email,
            partner.tax_number,
            partner.language,
            partner.active,
            search_text(&after),
            revision,
            partner.category
        ]);
        words.push(WordChange { record: id.raw(), before, after });
    }
    tx.write_exactly(rows.len(), &UPDATE_PARTNERS, params![company_id, at; rows])?;
    WORDS.change(tx, company_id, &words)
}

/// The words of partners.
pub(crate) static WORDS: WordIndex = WordIndex {
    give: &GIVE_WORDS,
    take: &TAKE_WORDS,
    keep_parts: &KEEP_PARTS,
    count: &COUNT_WORDS,
};

/// A page of partners after a sort key and id.
pub(crate) fn list_partners(
    tx: &mut Tx<'_>,
    sort: PartnerSort,
    search: Search,
    filters: [Value; 7],
    after: (&str, i64),
    limit: i64,
) -> Result<Vec<Partner>, StoreError> {
    let [company, supplier, customer, country, active, category, waits] = filters;
    let Search { parts, pattern, others } = search;
    let pattern = Value::Text(pattern);
    let mut values = vec![company, pattern, supplier, customer, country, active, category, waits];
    values.extend([Value::Text(after.0.to_owned()), Value::Int(after.1), Value::Int(limit)]);
    let statement = match (sort, parts.is_some()) {
        (PartnerSort::Code, false) => &LIST_BY_CODE,
        (PartnerSort::Name, false) => &LIST_BY_NAME,
        (PartnerSort::Code, true) => &FIND_BY_CODE,
        (PartnerSort::Name, true) => &FIND_BY_NAME,
    };
    values.extend(parts.into_iter().flat_map(|(low, high)| [Value::Text(low), Value::Text(high)]));
    let rows = tx.query(statement, Params::new(values).with_rows(others))?;
    rows.iter().map(partner_of).collect()
}

/// The next partners that were made before partners had words, with code, name and e-mail address;
/// locked.
pub(crate) fn wordless(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    limit: usize,
) -> Result<Vec<(PartnerId, [String; 3])>, StoreError> {
    let rows = tx.query(&WORDLESS, params![company_id, limit as u64])?;
    rows.iter().map(|row| Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?]))).collect()
}

/// Notes that partners have words now, with the text in which the list looks for each.
pub(crate) fn set_search(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    partners: &[(PartnerId, String)],
) -> Result<(), StoreError> {
    let (ids, mut rows) = (Rows::column(partners.iter().map(|(id, _)| *id)), Rows::new(2));
    for (id, search) in partners {
        rows.push(row![id, search]);
    }
    tx.write_exactly(partners.len(), &SET_SEARCH, params![company_id; rows])?;
    tx.write_exactly(partners.len(), &DELETE_WORDLESS, params![company_id; ids])
}

/// Code, name, e-mail address and the text in which the list looks, of the next partners after an id.
pub(crate) fn searched(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    after: i64,
    limit: usize,
) -> Result<Vec<(PartnerId, [String; 4])>, StoreError> {
    let rows = tx.query(&SEARCHED, params![company_id, after, limit as u64])?;
    let texts = |row: &Row| Ok([row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]);
    rows.iter().map(|row| Ok((row.get(0)?, texts(row)?))).collect()
}

/// The contacts of a partner, in the order given.
pub(crate) fn contacts(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    partner_id: PartnerId,
) -> Result<Vec<ContactRow>, StoreError> {
    let contact_of = |row: &Row| {
        Ok(ContactRow {
            name: row.get(0)?,
            job: row.get(1)?,
            email: row.get(2)?,
            phone: row.get(3)?,
        })
    };
    tx.query(&CONTACTS, params![company_id, partner_id])?.iter().map(contact_of).collect()
}

/// The addresses of a partner, in the order given.
pub(crate) fn addresses(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    partner_id: PartnerId,
) -> Result<Vec<AddressRow>, StoreError> {
    let address_of = |row: &Row| {
        Ok(AddressRow {
            kind: row.get(0)?,
            name: row.get(1)?,
            street: row.get(2)?,
            city: row.get(3)?,
            region: row.get(4)?,
            postcode: row.get(5)?,
            country: row.get(6)?,
        })
    };
    tx.query(&ADDRESSES, params![company_id, partner_id])?.iter().map(address_of).collect()
}

/// Raises a partner's revision from the one given.
pub(crate) fn touch_partner(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    partner_id: PartnerId,
    revision: i64,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &TOUCH_PARTNER, params![company_id, partner_id.raw(), revision, at])
}
