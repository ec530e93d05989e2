//! Taking over a file of items, and writing one.

use std::collections::{HashMap, HashSet};
use std::iter::zip;

use base::{BatchId, Id, ItemId, Price, Problem, Quantity, Rule};
use identity::{Ctx, Denied};
use serde_json::json;
use store::{Search, StoreError, Tx, Value};
use tabular::{Cells, Column, ImportReport, RowError};

use crate::item::{NewItem, ratio_text};
use crate::model::{Draft, Item};
use crate::permissions::{IMPORT, READ};
use crate::rules::{self, World};
use crate::tables::{self, Imported};
use crate::{ItemKind, ItemSort, Tracking};

const SKU: Column = Column::text("sku", "a number of 1 to 64 characters").required();
const NAME: Column = Column::text("name", "a name of 1 to 200 characters").required();
const KIND: Column = Column::plain("kind", "goods, service or kit");
const CATEGORY: Column = Column::text("category", "the code of a category, or nothing");
const STOCK_UNIT: Column = Column::text("stock_unit", "the code of a unit, or nothing for pcs");
const PURCHASE_UNIT: Column =
    Column::text("purchase_unit", "the code of a unit, or nothing for the stock unit");
const PURCHASE_RATIO: Column =
    Column::plain("purchase_ratio", "how many stock units make one purchase unit, such as 12");
const LIST_PRICE: Column = Column::plain("list_price", "a price such as 12.50");
const WEIGHT: Column = Column::plain("weight_grams", "a weight in grams such as 250");
const VOLUME: Column = Column::plain("volume_litres", "a volume in litres such as 0.75");
const TRACKING: Column = Column::plain("tracking", "none, lot or serial");
const EXPIRY_DAYS: Column = Column::plain("expiry_days", "a number of days such as 365");
const BEST_BEFORE_DAYS: Column =
    Column::plain("best_before_days", "a number of days before the expiry such as 5");
const REMOVAL_DAYS_BEFORE: Column =
    Column::plain("removal_days_before", "a number of days before the expiry such as 2");
const ALERT_DAYS_BEFORE: Column =
    Column::plain("alert_days_before", "a number of days before the expiry such as 6");
const TAX_CODE: Column = Column::text("tax_code", "the code of a tax, or nothing");
const ACTIVE: Column = Column::plain("active", "yes or no");

/// The columns of a file of items.
pub const ITEM_COLUMNS: [Column; 17] = [
    SKU,
    NAME,
    KIND,
    CATEGORY,
    STOCK_UNIT,
    PURCHASE_UNIT,
    PURCHASE_RATIO,
    LIST_PRICE,
    WEIGHT,
    VOLUME,
    TRACKING,
    EXPIRY_DAYS,
    BEST_BEFORE_DAYS,
    REMOVAL_DAYS_BEFORE,
    ALERT_DAYS_BEFORE,
    TAX_CODE,
    ACTIVE,
];

/// How many rows travel in one statement.
const CHUNK: usize = 5_000;
/// The most new items of one file: a transaction takes its ids from one lease of 100,000.
const MAX_NEW: u64 = 99_000;
/// How many changes one audit row tells.
const TOLD_AT_ONCE: usize = 500;

/// Why a file was not read at all. What is wrong inside a file, the report says.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ImportItemsError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ImportItemsError {
    fn problem(&self) -> Problem {
        match self {
            ImportItemsError::Denied(error) => error.problem(),
            ImportItemsError::Store(error) => error.problem(),
        }
    }
}

/// What becomes of one row.
enum Change {
    New(Draft),
    Changed { item_id: ItemId, revision: i64, before: Box<Draft>, after: Draft },
    Same,
    Refused,
}

/// Takes over a file of items: new SKUs are made, known ones changed in the columns that the file
/// has. An empty cell takes the column's default. A file with any bad cell changes nothing; the same
/// file again changes nothing.
///
/// With `dry_run` the report says what would happen, and it runs on a read snapshot too.
///
/// # Errors
/// See [`ImportItemsError`].
pub fn import_items(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    csv: &[u8],
    dry_run: bool,
) -> Result<ImportReport, ImportItemsError> {
    ctx.require(IMPORT)?;
    let table = match tabular::read(csv, &ITEM_COLUMNS) {
        Ok(table) => table,
        Err(errors) => return Ok(ImportReport::refused(0, errors)),
    };
    let rows = table.len() as u64;
    let skus: Vec<&str> = table.column(SKU).collect();
    let known = known_items(tx, ctx, &skus, dry_run)?;
    let taken_back = taken_back(tx, ctx, &known)?;
    let world =
        World::new(tables::units(tx, ctx.company_id)?, tables::categories(tx, ctx.company_id)?);
    let mut first_rows: HashMap<String, u64> = HashMap::with_capacity(skus.len());
    let changes = table.map(|cells| {
        let sku = cells.text(SKU);
        match first_rows.get(sku) {
            Some(first) => cells.refuse(SKU, format!("{sku} is in row {first} already; keep one")),
            None => drop(first_rows.insert(sku.to_owned(), cells.row())),
        }
        change(cells, known.get(sku), &taken_back, &world)
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
            format!("{} new items; a file makes at most {MAX_NEW}, so split it", report.created);
        return Ok(ImportReport::refused(rows, vec![RowError::whole(1, message)]));
    }
    if !dry_run {
        record(tx, ctx, &changes, &report)?;
    }
    Ok(report)
}

fn known_items(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    skus: &[&str],
    dry_run: bool,
) -> Result<HashMap<String, Item>, StoreError> {
    let mut known = HashMap::new();
    for chunk in skus.chunks(CHUNK) {
        known.extend(if dry_run {
            tables::items_by_sku(tx, ctx.company_id, chunk)?
        } else {
            tables::lock_items_by_sku(tx, ctx.company_id, chunk)?
        });
    }
    Ok(known)
}

/// What the row asks for, against the item that is there.
fn change(
    cells: &mut Cells<'_>,
    there: Option<&Item>,
    taken_back: &HashSet<ItemId>,
    world: &World,
) -> Change {
    let (fields, active) = asked(cells, there, taken_back);
    if cells.is_refused() {
        return Change::Refused;
    }
    let fixed = there.map_or(Ok(()), |item| rules::check_fixed(item, &fields));
    let after = match fixed.and_then(|()| rules::draft(&fields, active, world)) {
        Ok(after) => after,
        Err(error) => {
            let column = ITEM_COLUMNS.iter().find(|column| column.name == error.field());
            cells.refuse(*column.unwrap_or(&SKU), error.to_string());
            return Change::Refused;
        }
    };
    match there {
        None => Change::New(after),
        Some(item) => {
            let before = Draft::of(item);
            if before == after {
                Change::Same
            } else {
                Change::Changed {
                    item_id: item.id,
                    revision: item.revision,
                    before: Box::new(before),
                    after,
                }
            }
        }
    }
}

/// The item as the row asks for it: columns that the file lacks stay as they are, and of one that is
/// taken into use again only what can never change.
fn asked(
    cells: &mut Cells<'_>,
    there: Option<&Item>,
    taken_back: &HashSet<ItemId>,
) -> (NewItem, bool) {
    let again = there.is_some_and(|item| taken_back.contains(&item.id));
    let mut fields = match there.map(NewItem::of) {
        Some(NewItem { kind, stock_unit, tracking, .. }) if again => {
            NewItem { kind, stock_unit, tracking, ..NewItem::new("", "") }
        }
        Some(fields) => fields,
        None => NewItem::new("", ""),
    };
    let mut active = there.is_none_or(|item| item.active || again);
    let texts = [
        (SKU, &mut fields.sku),
        (NAME, &mut fields.name),
        (CATEGORY, &mut fields.category),
        (TAX_CODE, &mut fields.tax_code),
    ];
    for (column, field) in texts {
        if let Some(text) = cells.given(column) {
            text.clone_into(field);
        }
    }
    if let Some(unit) = cells.given(STOCK_UNIT) {
        fields.stock_unit = if unit.is_empty() { "pcs".to_owned() } else { unit.to_owned() };
    }
    if let Some(unit) = cells.given(PURCHASE_UNIT) {
        let unit = if unit.is_empty() { fields.stock_unit.clone() } else { unit.to_owned() };
        if unit != fields.purchase_unit {
            // The old ratio says nothing about another unit.
            fields.purchase_ratio.clear();
        }
        fields.purchase_unit = unit;
    }
    if let Some(ratio) = cells.given(PURCHASE_RATIO) {
        ratio.clone_into(&mut fields.purchase_ratio);
    }
    if cells.given(KIND).is_some() {
        fields.kind = cells.value_or(KIND, ItemKind::Goods);
    }
    if cells.given(LIST_PRICE).is_some() {
        fields.list_price = cells.value_or(LIST_PRICE, Price::ZERO);
    }
    if cells.given(WEIGHT).is_some() {
        fields.weight_grams = cells.value_or(WEIGHT, Quantity::ZERO);
    }
    if cells.given(VOLUME).is_some() {
        fields.volume_litres = cells.value_or(VOLUME, Quantity::ZERO);
    }
    if cells.given(TRACKING).is_some() {
        fields.tracking = cells.value_or(TRACKING, Tracking::None);
    }
    if cells.given(EXPIRY_DAYS).is_some() {
        fields.expiry_days = cells.value_or(EXPIRY_DAYS, 0);
    }
    for (column, days) in [
        (BEST_BEFORE_DAYS, &mut fields.best_before_days),
        (REMOVAL_DAYS_BEFORE, &mut fields.removal_days_before),
        (ALERT_DAYS_BEFORE, &mut fields.alert_days_before),
    ] {
        if cells.given(column).is_some() {
            *days = cells.value_or(column, 0);
        }
    }
    if cells.given(ACTIVE).is_some() {
        active = cells.flag_or(ACTIVE, true);
    }
    (fields, active)
}

/// Which known items are retired only because the import that made them was taken back.
fn taken_back(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    known: &HashMap<String, Item>,
) -> Result<HashSet<ItemId>, StoreError> {
    let retired = known.values().filter(|item| !item.active).map(|item| item.id);
    let retired: Vec<ItemId> = retired.collect();
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
) -> Result<(), StoreError> {
    let mut made = Vec::new();
    let mut changed = Vec::new();
    let mut told = Vec::new();
    let mut imported = Vec::new();
    for change in changes {
        match change {
            Change::New(draft) => made.push(draft),
            Change::Changed { item_id, revision, before, after } => {
                let (item_id, fields) = (*item_id, before.changes(after));
                changed.push((item_id, *revision, [&**before, after]));
                told.push(json!({ "item_id": item_id, "fields": fields }));
                imported.push(Imported { item_id, revision: revision + 1, before: Some(fields) });
            }
            Change::Same | Change::Refused => {}
        }
    }
    for chunk in made.chunks(CHUNK) {
        let ids = chunk.iter().map(|_| tx.id()).collect::<Result<Vec<ItemId>, _>>()?;
        let new = ids.iter().map(|id| Imported { item_id: *id, revision: 1, before: None });
        imported.extend(new);
        tables::insert_items(tx, ctx.company_id, ctx.at, zip(ids, chunk.iter().copied()))?;
    }
    for chunk in changed.chunks(CHUNK) {
        tables::update_items(tx, ctx.company_id, ctx.at, chunk.iter().copied())?;
    }
    if made.is_empty() && changed.is_empty() {
        return Ok(());
    }
    let batch_id: BatchId = tx.id()?;
    let counts = [report.rows, report.created, report.changed];
    tables::insert_import(tx, ctx, batch_id, counts)?;
    for chunk in imported.chunks(CHUNK) {
        tables::insert_imported(tx, ctx.company_id, batch_id, chunk)?;
    }
    // One fact and a few audit rows for the file, not a pair for each of its rows.
    let (batch, counts) = (
        batch_id.raw(),
        json!({ "rows": report.rows, "created": report.created, "changed": report.changed }),
    );
    ctx.fact(tx, "item_import", batch, 1, "catalog.items_imported", counts.clone());
    ctx.audit(tx, IMPORT, "item_import", batch, counts);
    for chunk in told.chunks(TOLD_AT_ONCE) {
        ctx.audit(tx, IMPORT, "item_import", batch, json!({ "changes": chunk }));
    }
    Ok(())
}

/// Writes all items, by SKU, with the columns that [`import_items`] reads.
///
/// # Errors
/// See [`ImportItemsError`].
pub fn export_items(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<u8>, ImportItemsError> {
    ctx.require(READ)?;
    let mut items = Vec::new();
    loop {
        let company = Value::Int(ctx.company_id.raw());
        let any = [company, Value::Text(String::new()), Value::Text(String::new()), Value::Int(-1)];
        let after = items
            .last()
            .map_or((String::new(), 0), |item: &Item| (item.sku.clone(), item.id.raw()));
        let after = (after.0.as_str(), after.1);
        let all = Search::for_all();
        let page = tables::list_items(tx, ItemSort::Sku, all, any, after, CHUNK as i64)?;
        let last = page.len() < CHUNK;
        items.extend(page);
        if last {
            break;
        }
    }
    Ok(tabular::write(&ITEM_COLUMNS, items.iter().map(cells_of)))
}

fn cells_of(item: &Item) -> [String; 17] {
    [
        item.sku.clone(),
        item.name.clone(),
        item.kind.to_string(),
        item.category.clone(),
        item.stock_unit.code.clone(),
        item.purchase_unit.code.clone(),
        ratio_text(item),
        item.list_price.to_string(),
        item.weight_grams.to_string(),
        item.volume_litres.to_string(),
        item.tracking.to_string(),
        item.expiry_days.to_string(),
        item.best_before_days.to_string(),
        item.removal_days_before.to_string(),
        item.alert_days_before.to_string(),
        item.tax_code.clone(),
        if item.active { "yes" } else { "no" }.to_owned(),
    ]
}
