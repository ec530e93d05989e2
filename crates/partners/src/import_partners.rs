//! Taking over files of suppliers and of customers, and writing them.

use std::collections::{HashMap, HashSet};
use std::iter::zip;

use base::{BatchId, Id, PartnerId, Problem, Rule};
use identity::{Ctx, Denied};
use serde_json::json;
use store::{Search, StoreError, Tx, Value};
use tabular::{Cells, Column, ImportReport, RowError};

use crate::model::{Draft, Partner};
use crate::partner::NewPartner;
use crate::permissions::{IMPORT, READ};
use crate::tables::{self, Imported};
use crate::{Country, CustomerKind, PartnerSort, rules};

const CODE: Column = Column::text("code", "a number of 1 to 64 characters").required();
const NAME: Column = Column::text("name", "a name of 1 to 200 characters").required();
const COUNTRY: Column = Column::plain("country", "a country of ISO 3166 such as GB").required();
const CURRENCY: Column =
    Column::plain("currency", "a currency of ISO 4217 such as GBP, or nothing for the company's");
const PAYMENT_DAYS: Column = Column::plain("payment_days", "a number of days such as 30");
const EMAIL: Column = Column::text("email", "an address such as orders@example.com");
const TAX_NUMBER: Column = Column::text("tax_number", "a tax number, or nothing");
const LANGUAGE: Column = Column::plain("language", "a language such as en or de-CH");
const CATEGORY: Column = Column::text("category", "a category such as overseas, or nothing");
const CUSTOMER_KIND: Column = Column::plain("customer_kind", "consumer or business");
const ACTIVE: Column = Column::plain("active", "yes or no");

/// The columns of a file of suppliers. Bank details are none of them: `change_bank_details` alone
/// changes those.
pub const SUPPLIER_COLUMNS: [Column; 10] =
    [CODE, NAME, COUNTRY, CURRENCY, PAYMENT_DAYS, EMAIL, TAX_NUMBER, LANGUAGE, CATEGORY, ACTIVE];

/// The columns of a file of customers.
pub const CUSTOMER_COLUMNS: [Column; 11] = [
    CODE,
    NAME,
    COUNTRY,
    CURRENCY,
    PAYMENT_DAYS,
    EMAIL,
    TAX_NUMBER,
    LANGUAGE,
    CATEGORY,
    CUSTOMER_KIND,
    ACTIVE,
];

/// How many rows travel in one statement.
const CHUNK: usize = 5_000;
/// The most new partners of one file: a transaction takes its ids from one lease of 100,000.
const MAX_NEW: u64 = 99_000;
/// How many changes one audit row tells.
const TOLD_AT_ONCE: usize = 500;
/// How many days a partner pays after when a file does not say.
const USUAL_DAYS: i64 = 30;

/// Why a file was not read at all. What is wrong inside a file, the report says.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ImportPartnersError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ImportPartnersError {
    fn problem(&self) -> Problem {
        match self {
            ImportPartnersError::Denied(error) => error.problem(),
            ImportPartnersError::Store(error) => error.problem(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Supplier,
    Customer,
}

/// What becomes of one row.
enum Change {
    New(Draft),
    Changed { partner_id: PartnerId, revision: i64, before: Draft, after: Draft },
    Same,
    Refused,
}

/// Takes over a file of suppliers: new codes are made, known ones changed in the columns that the
/// file has and made suppliers if they were none. An empty cell takes the column's default. A file
/// with any bad cell changes nothing; the same file again changes nothing.
///
/// With `dry_run` the report says what would happen, and it runs on a read snapshot too.
///
/// # Errors
/// See [`ImportPartnersError`].
pub fn import_suppliers(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    csv: &[u8],
    dry_run: bool,
) -> Result<ImportReport, ImportPartnersError> {
    import(tx, ctx, csv, dry_run, Side::Supplier)
}

/// Takes over a file of customers, as [`import_suppliers`] does for suppliers.
///
/// # Errors
/// See [`ImportPartnersError`].
pub fn import_customers(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    csv: &[u8],
    dry_run: bool,
) -> Result<ImportReport, ImportPartnersError> {
    import(tx, ctx, csv, dry_run, Side::Customer)
}

fn import(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    csv: &[u8],
    dry_run: bool,
    side: Side,
) -> Result<ImportReport, ImportPartnersError> {
    ctx.require(IMPORT)?;
    let columns: &[Column] = match side {
        Side::Supplier => &SUPPLIER_COLUMNS,
        Side::Customer => &CUSTOMER_COLUMNS,
    };
    let table = match tabular::read(csv, columns) {
        Ok(table) => table,
        Err(errors) => return Ok(ImportReport::refused(0, errors)),
    };
    let rows = table.len() as u64;
    let codes: Vec<&str> = table.column(CODE).collect();
    let known = known_partners(tx, ctx, &codes, dry_run)?;
    let taken_back = taken_back(tx, ctx, &known)?;
    let mut first_rows: HashMap<String, u64> = HashMap::with_capacity(codes.len());
    let changes = table.map(|cells| {
        let code = cells.text(CODE);
        match first_rows.get(code) {
            Some(first) => {
                cells.refuse(CODE, format!("{code} is in row {first} already; keep one"))
            }
            None => drop(first_rows.insert(code.to_owned(), cells.row())),
        }
        change(cells, known.get(code), &taken_back, side, ctx)
    });
    let changes = match changes {
        Ok(changes) => changes,
        Err(errors) => return Ok(ImportReport::refused(rows, errors)),
    };
    let mut report = ImportReport { rows, applied: !dry_run, ..ImportReport::default() };
    for change in &changes {
        match change {
            Change::New(_) => report.created += 1,
            Change::Changed { .. } => report.changed += 1,
            Change::Same | Change::Refused => report.unchanged += 1,
        }
    }
    if report.created > MAX_NEW {
        let message =
            format!("{} new partners; a file makes at most {MAX_NEW}, so split it", report.created);
        return Ok(ImportReport::refused(rows, vec![RowError::whole(1, message)]));
    }
    if !dry_run {
        record(tx, ctx, &changes, &report, side)?;
    }
    Ok(report)
}

fn known_partners(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    codes: &[&str],
    dry_run: bool,
) -> Result<HashMap<String, Partner>, StoreError> {
    let mut known = HashMap::new();
    for chunk in codes.chunks(CHUNK) {
        known.extend(if dry_run {
            tables::partners_by_code(tx, ctx.company_id, chunk)?
        } else {
            tables::lock_partners_by_code(tx, ctx.company_id, chunk)?
        });
    }
    Ok(known)
}

/// What the row asks for, against the partner that is there.
fn change(
    cells: &mut Cells<'_>,
    there: Option<&Partner>,
    taken_back: &HashSet<PartnerId>,
    side: Side,
    ctx: &Ctx,
) -> Change {
    let Some((fields, active)) = asked(cells, there, taken_back, side) else {
        return Change::Refused;
    };
    if cells.is_refused() {
        return Change::Refused;
    }
    let after = match rules::draft(&fields, active, ctx.currency) {
        Ok(after) => after,
        Err(error) => {
            let column = CUSTOMER_COLUMNS.iter().find(|column| column.name == error.field());
            cells.refuse(*column.unwrap_or(&CODE), error.to_string());
            return Change::Refused;
        }
    };
    match there {
        None => Change::New(after),
        Some(partner) => {
            let before = Draft::of(partner);
            if before == after {
                Change::Same
            } else {
                let (partner_id, revision) = (partner.id, partner.revision);
                Change::Changed { partner_id, revision, before, after }
            }
        }
    }
}

/// The partner as the row asks for it: columns that the file lacks stay as they are, but not of one
/// that is taken into use again. Nothing when the country cannot be read.
fn asked(
    cells: &mut Cells<'_>,
    there: Option<&Partner>,
    taken_back: &HashSet<PartnerId>,
    side: Side,
) -> Option<(NewPartner, bool)> {
    let country = cells.value::<Country>(COUNTRY);
    let again = there.is_some_and(|partner| taken_back.contains(&partner.id));
    let kept = there.filter(|_| !again);
    let mut fields = match kept {
        Some(partner) => NewPartner::of(partner),
        None => NewPartner::supplier("", "", country.unwrap_or(Country::NOWHERE)),
    };
    match side {
        Side::Supplier => fields.supplier = true,
        Side::Customer => {
            fields.customer = true;
            fields.supplier = kept.is_some_and(|partner| partner.supplier);
        }
    }
    let texts = [
        (CODE, &mut fields.code),
        (NAME, &mut fields.name),
        (EMAIL, &mut fields.email),
        (TAX_NUMBER, &mut fields.tax_number),
        (LANGUAGE, &mut fields.language),
        (CATEGORY, &mut fields.category),
    ];
    for (column, field) in texts {
        if let Some(text) = cells.given(column) {
            text.clone_into(field);
        }
    }
    if cells.given(CURRENCY).is_some() {
        fields.currency = cells.value(CURRENCY);
    }
    if cells.given(PAYMENT_DAYS).is_some() {
        fields.payment_days = cells.value_or(PAYMENT_DAYS, USUAL_DAYS);
    }
    if cells.given(CUSTOMER_KIND).is_some() {
        fields.customer_kind = cells.value_or(CUSTOMER_KIND, CustomerKind::Business);
    }
    let mut active = there.is_none_or(|partner| partner.active || again);
    if cells.given(ACTIVE).is_some() {
        active = cells.flag_or(ACTIVE, true);
    }
    fields.country = country?;
    Some((fields, active))
}

/// Which known partners are retired only because the import that made them was taken back.
fn taken_back(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    known: &HashMap<String, Partner>,
) -> Result<HashSet<PartnerId>, StoreError> {
    let retired = known.values().filter(|partner| !partner.active).map(|partner| partner.id);
    let retired: Vec<PartnerId> = retired.collect();
    let mut found = HashSet::new();
    for chunk in retired.chunks(CHUNK) {
        found.extend(tables::taken_back(tx, ctx.company_id, chunk)?);
    }
    Ok(found)
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    changes: &[Change],
    report: &ImportReport,
    side: Side,
) -> Result<(), StoreError> {
    let mut made = Vec::new();
    let mut changed = Vec::new();
    let mut told = Vec::new();
    let mut imported = Vec::new();
    for change in changes {
        match change {
            Change::New(draft) => made.push(draft),
            Change::Changed { partner_id, revision, before, after } => {
                let (partner_id, fields) = (*partner_id, before.changes(after));
                changed.push((partner_id, *revision, [before, after]));
                told.push(json!({ "partner_id": partner_id, "fields": fields }));
                imported.push(Imported {
                    partner_id,
                    revision: revision + 1,
                    before: Some(fields),
                });
            }
            Change::Same | Change::Refused => {}
        }
    }
    for chunk in made.chunks(CHUNK) {
        let ids = chunk.iter().map(|_| tx.id()).collect::<Result<Vec<PartnerId>, _>>()?;
        let new = ids.iter().map(|id| Imported { partner_id: *id, revision: 1, before: None });
        imported.extend(new);
        tables::insert_partners(tx, ctx.company_id, ctx.at, zip(ids, chunk.iter().copied()))?;
    }
    for chunk in changed.chunks(CHUNK) {
        tables::update_partners(tx, ctx.company_id, ctx.at, chunk.iter().copied())?;
    }
    if made.is_empty() && changed.is_empty() {
        return Ok(());
    }
    let batch_id: BatchId = tx.id()?;
    let counts = [report.rows, report.created, report.changed];
    tables::insert_import(tx, ctx, batch_id, side == Side::Supplier, counts)?;
    for chunk in imported.chunks(CHUNK) {
        tables::insert_imported(tx, ctx.company_id, batch_id, chunk)?;
    }
    // One fact and a few audit rows for the file, not a pair for each of its rows.
    let (batch, counts) = (
        batch_id.raw(),
        json!({ "rows": report.rows, "created": report.created, "changed": report.changed }),
    );
    ctx.fact(tx, "partner_import", batch, 1, "partners.partners_imported", counts.clone());
    ctx.audit(tx, IMPORT, "partner_import", batch, counts);
    for chunk in told.chunks(TOLD_AT_ONCE) {
        ctx.audit(tx, IMPORT, "partner_import", batch, json!({ "changes": chunk }));
    }
    Ok(())
}

/// Writes all suppliers, by code, with the columns that [`import_suppliers`] reads.
///
/// # Errors
/// See [`ImportPartnersError`].
pub fn export_suppliers(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<u8>, ImportPartnersError> {
    ctx.require(READ)?;
    let partners = everyone(tx, ctx, Side::Supplier)?;
    let rows = partners.iter().map(|partner| {
        let [code, name, country, currency, days, email, tax, language, category] = shared(partner);
        [code, name, country, currency, days, email, tax, language, category, active(partner)]
    });
    Ok(tabular::write(&SUPPLIER_COLUMNS, rows))
}

/// Writes all customers, by code, with the columns that [`import_customers`] reads.
///
/// # Errors
/// See [`ImportPartnersError`].
pub fn export_customers(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<u8>, ImportPartnersError> {
    ctx.require(READ)?;
    let partners = everyone(tx, ctx, Side::Customer)?;
    let rows = partners.iter().map(|partner| {
        let [code, name, country, currency, days, email, tax, language, category] = shared(partner);
        let kind = partner.customer_kind.to_string();
        [code, name, country, currency, days, email, tax, language, category, kind, active(partner)]
    });
    Ok(tabular::write(&CUSTOMER_COLUMNS, rows))
}

fn everyone(tx: &mut Tx<'_>, ctx: &Ctx, side: Side) -> Result<Vec<Partner>, StoreError> {
    let mut partners: Vec<Partner> = Vec::new();
    let (supplier, customer) = if side == Side::Supplier { (1, -1) } else { (-1, 1) };
    loop {
        let filters = [
            Value::Int(ctx.company_id.raw()),
            Value::Int(supplier),
            Value::Int(customer),
            Value::Text(String::new()),
            Value::Int(-1),
            Value::Text(String::new()),
            Value::Int(-1),
        ];
        let after = partners.last().map_or(("", 0), |last| (last.code.as_str(), last.id.raw()));
        let (all, sort) = (Search::for_all(), PartnerSort::Code);
        let page = tables::list_partners(tx, sort, all, filters, after, CHUNK as i64)?;
        let last = page.len() < CHUNK;
        partners.extend(page);
        if last {
            return Ok(partners);
        }
    }
}

fn shared(partner: &Partner) -> [String; 9] {
    [
        partner.code.clone(),
        partner.name.clone(),
        partner.country.to_string(),
        partner.currency.to_string(),
        partner.payment_days.to_string(),
        partner.email.clone(),
        partner.tax_number.clone(),
        partner.language.clone(),
        partner.category.clone(),
    ]
}

fn active(partner: &Partner) -> String {
    if partner.active { "yes" } else { "no" }.to_owned()
}
