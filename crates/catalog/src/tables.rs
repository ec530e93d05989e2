//! All SQL of the catalogue.
//!
//! A set comes first: `cross join` and `as materialized` keep SQLite, which knows nothing about the
//! size of a set, from reading the whole table once for each of its rows or the other way round.

use std::collections::HashMap;
use std::hash::Hash;

use base::{CompanyId, Id, ItemId, NumberError, Ratio, Timestamp, search_text};
use store::{Params, Row, Rows, Search, StoreError, Tx, Value, WordChange, WordIndex, params, row};

use crate::item_codes::ItemCode;
use crate::model::{Category, Component, Draft, Item, Scan, Unit};
use crate::views::{BarcodeRow, ItemSort, PackagingRow};

mod imports;

pub(crate) use imports::{
    IMPORT_LINES, IMPORTS, Imported, end_import, imported, insert_import, insert_imported,
    lock_import, stand_again, taken_back,
};

/// Every statement of the catalogue.
pub(crate) static ALL: [&store::Statement; COUNT + imports::COUNT] =
    store::statement::joined(&[STATEMENTS, imports::STATEMENTS]);

/// The columns of an item as [`item_of`] reads them, from `catalog_item as i`.
macro_rules! item_columns {
    () => {
        "select i.id, i.sku, i.name, i.kind, i.category_id, coalesce(c.code, '') as category,
            s.id as stock_id, s.code as stock_code, s.name as stock_name, s.whole as stock_whole,
            s.base_unit_id as stock_base, s.numerator as stock_n, s.denominator as stock_d,
            p.id as buy_id, p.code as buy_code, p.name as buy_name, p.whole as buy_whole,
            p.base_unit_id as buy_base, p.numerator as buy_n, p.denominator as buy_d,
            i.purchase_numerator, i.purchase_denominator, i.list_price, i.weight_grams,
            i.volume_litres, i.tracking, i.expiry_days, i.tax_code, i.active, i.revision,
            i.best_before_days, i.removal_days_before, i.alert_days_before"
    };
}

/// What an item's columns need besides `catalog_item as i`.
macro_rules! item_joins {
    () => {
        " join catalog_unit as s on s.company_id = i.company_id and s.id = i.stock_unit_id
          join catalog_unit as p on p.company_id = i.company_id and p.id = i.purchase_unit_id
          left join catalog_category as c on c.company_id = i.company_id and c.id = i.category_id "
    };
}

/// Items that have a word in one of the parts from `$9` on and before `$10`.
macro_rules! items_of_parts {
    () => {
        "with found as materialized (
            select distinct w.item_id from catalog_word_part as p cross join catalog_item_word as w
            where p.company_id = $1 and p.part >= $9 and p.part < $10
                and w.company_id = p.company_id and w.word = p.word) "
    };
}

/// The filters of the item list: words, category, kind and active, each with a value for "any".
macro_rules! item_filters {
    () => {
        " where i.company_id = $1 and ($2 = '' or i.search like $2 escape '\\')
            and not exists (select 1 from {rows:o(pattern text)}
                where i.search not like o.pattern escape '\\')
            and ($3 = '' or c.code = $3) and ($4 = '' or i.kind = $4)
            and (cast($5 as {i64}) < 0 or i.active = $5) "
    };
}

store::statements! {
    /// Every unit of a company.
    UNITS = "select id, code, name, whole, base_unit_id, numerator, denominator
        from catalog_unit where company_id = $1 order by code";

    /// Adds units.
    INSERT_UNITS = "insert into catalog_unit
            (company_id, id, code, name, whole, base_unit_id, numerator, denominator)
        select $1, d.id, d.code, d.name, d.whole, d.base_unit_id, d.numerator, d.denominator
        from {rows:d(id, code text, name text, whole, base_unit_id, numerator, denominator)}";

    /// Every category of a company.
    CATEGORIES = "select id, code, name, parent_id, revision
        from catalog_category where company_id = $1 order by code";

    /// Adds a category.
    INSERT_CATEGORY = "insert into catalog_category (company_id, id, code, name, parent_id, revision)
        values ($1, $2, $3, $4, $5, 1)";

    /// Renames a category or moves it below another, if it is still at this revision.
    UPDATE_CATEGORY = "update catalog_category
        set name = $3, parent_id = $4, revision = revision + 1
        where company_id = $1 and id = $2 and revision = $5";

    /// Items by id.
    ITEMS_BY_ID = concat!(item_columns!(), " from {rows:d(id)} cross join catalog_item as i",
        item_joins!(), "where i.company_id = $1 and i.id = d.id");

    /// Items by SKU.
    ITEMS_BY_SKU = concat!(item_columns!(), " from {rows:d(sku text)} cross join catalog_item as i",
        item_joins!(), "where i.company_id = $1 and i.sku = d.sku");

    /// Locks items by id.
    LOCK_BY_ID = "select i.id from catalog_item as i
        where i.company_id = $1 and i.id in (select d.id from {rows:d(id)})
        order by i.id {for_update:i}";

    /// Locks items by SKU.
    LOCK_BY_SKU = "select i.id from catalog_item as i
        where i.company_id = $1 and i.sku in (select d.sku from {rows:d(sku text)})
        order by i.id {for_update:i}";

    /// Adds items.
    INSERT_ITEMS = "insert into catalog_item
            (company_id, id, sku, name, kind, category_id, stock_unit_id, purchase_unit_id,
             purchase_numerator, purchase_denominator, list_price, weight_grams, volume_litres,
             tracking, expiry_days, best_before_days, removal_days_before, alert_days_before,
             tax_code, active, revision, search, created_at, changed_at)
        select $1, d.id, d.sku, d.name, d.kind, d.category_id, d.stock_unit_id, d.purchase_unit_id,
            d.purchase_numerator, d.purchase_denominator, d.list_price, d.weight_grams,
            d.volume_litres, d.tracking, d.expiry_days, d.best_before_days, d.removal_days_before,
            d.alert_days_before, d.tax_code, d.active, 1, d.search,
            cast($2 as {i64}), cast($2 as {i64})
        from {rows:d(id, sku text, name text, kind text, category_id, stock_unit_id,
            purchase_unit_id, purchase_numerator, purchase_denominator, list_price, weight_grams,
            volume_litres, tracking text, expiry_days, best_before_days, removal_days_before,
            alert_days_before, tax_code text, active, search text)}";

    /// Changes items that are still at their revision. What an item is, its stock unit and its
    /// tracking stay.
    UPDATE_ITEMS = "with d as materialized (select r.* from {rows:r(id, sku text, name text,
            category_id, purchase_unit_id, purchase_numerator, purchase_denominator, list_price,
            weight_grams, volume_litres, expiry_days, best_before_days, removal_days_before,
            alert_days_before, tax_code text, active, search text, revision)})
        update catalog_item as i
        set sku = d.sku, name = d.name, category_id = d.category_id,
            purchase_unit_id = d.purchase_unit_id, purchase_numerator = d.purchase_numerator,
            purchase_denominator = d.purchase_denominator, list_price = d.list_price,
            weight_grams = d.weight_grams, volume_litres = d.volume_litres,
            expiry_days = d.expiry_days, best_before_days = d.best_before_days,
            removal_days_before = d.removal_days_before,
            alert_days_before = d.alert_days_before, tax_code = d.tax_code, active = d.active,
            search = d.search, revision = i.revision + 1, changed_at = $2
        from d where i.company_id = $1 and i.id = d.id and i.revision = d.revision";

    /// A page of items by SKU.
    LIST_BY_SKU = concat!(item_columns!(), " from catalog_item as i", item_joins!(),
        item_filters!(), "and (i.sku, i.id) > ($6, $7) order by i.sku, i.id limit $8");

    /// A page of items by name.
    LIST_BY_NAME = concat!(item_columns!(), " from catalog_item as i", item_joins!(),
        item_filters!(), "and (i.name, i.id) > ($6, $7) order by i.name, i.id limit $8");

    /// A page of items that have one of the words that parts lead to, by SKU.
    FIND_BY_SKU = concat!(items_of_parts!(), item_columns!(),
        " from found as f cross join catalog_item as i", item_joins!(), item_filters!(),
        "and i.id = f.item_id and (i.sku, i.id) > ($6, $7) order by i.sku, i.id limit $8");

    /// A page of items that have one of the words that parts lead to, by name.
    FIND_BY_NAME = concat!(items_of_parts!(), item_columns!(),
        " from found as f cross join catalog_item as i", item_joins!(), item_filters!(),
        "and i.id = f.item_id and (i.name, i.id) > ($6, $7) order by i.name, i.id limit $8");

    /// Gives words to items.
    GIVE_WORDS = "insert into catalog_item_word (company_id, word, item_id)
        select $1, d.word, d.item_id from {rows:d(word text, item_id)}
        where true on conflict do nothing";

    /// Takes words from items.
    TAKE_WORDS = "delete from catalog_item_word where company_id = $1
        and (word, item_id) in (select d.word, d.item_id from {rows:d(word text, item_id)})";

    /// Keeps the parts of words.
    KEEP_PARTS = "insert into catalog_word_part (company_id, part, word)
        select $1, d.part, d.word from {rows:d(part text, word text)}
        where true on conflict do nothing";

    /// Counts what parts lead to, up to a number.
    COUNT_WORDS = "select d.number, (select count(*) from (
            select 1 from catalog_word_part as p cross join catalog_item_word as w
            where p.company_id = $1 and p.part >= d.low and p.part < d.high
                and w.company_id = p.company_id and w.word = p.word limit $2) as c) as items
        from {rows:d(number, low text, high text)}";

    /// Items that were made before items had words.
    WORDLESS = "select i.id, i.sku, i.name
        from catalog_wordless as l cross join catalog_item as i
        where l.company_id = $1 and i.company_id = l.company_id and i.id = l.item_id
        order by l.item_id limit $2 {for_update}";

    /// Writes the text in which the list looks.
    SET_SEARCH = "with d as materialized (select r.* from {rows:r(id, search text)})
        update catalog_item as i set search = d.search
        from d where i.company_id = $1 and i.id = d.id";

    /// Items that have words now.
    DELETE_WORDLESS = "delete from catalog_wordless
        where company_id = $1 and item_id in (select d.item_id from {rows:d(item_id)})";

    /// What items are found by, from an id on.
    SEARCHED = "select id, sku, name, search from catalog_item
        where company_id = $1 and id > $2 order by id limit $3";

    /// Packagings of items.
    PACKAGINGS = "select p.item_id, p.id, p.name, p.quantity
        from {rows:d(item_id)}
        cross join catalog_packaging as p
        where p.company_id = $1 and p.item_id = d.item_id
        order by p.item_id, p.quantity, p.name";

    /// Adds a packaging.
    INSERT_PACKAGING = "insert into catalog_packaging (company_id, id, item_id, name, quantity)
        values ($1, $2, $3, $4, $5)";

    /// Barcodes of items.
    BARCODES = "select b.item_id, b.id, b.code, b.kind, b.packaging_id
        from {rows:d(item_id)}
        cross join catalog_barcode as b
        where b.company_id = $1 and b.item_id = d.item_id
        order by b.item_id, b.code";

    /// The barcodes of items with what a scan of each counts for.
    CODES_OF = "select b.item_id, b.code, coalesce(p.name, '') as packaging,
            coalesce(p.quantity, 1000000) as quantity
        from {rows:d(item_id)}
        cross join catalog_barcode as b
        left join catalog_packaging as p
            on p.company_id = b.company_id and p.id = b.packaging_id
        where b.company_id = $1 and b.item_id = d.item_id
        order by b.item_id, b.code";

    /// Adds a barcode.
    INSERT_BARCODE = "insert into catalog_barcode
            (company_id, id, scan, code, kind, item_id, packaging_id)
        values ($1, $2, $3, $4, $5, $6, $7)";

    /// What scans mean; without a packaging a scan counts for one stock unit.
    SCANS = "select b.scan, b.id, b.item_id, b.packaging_id, coalesce(p.name, '') as packaging,
            coalesce(p.quantity, 1000000) as quantity
        from {rows:d(scan text)}
        cross join catalog_barcode as b
        left join catalog_packaging as p
            on p.company_id = b.company_id and p.id = b.packaging_id
        where b.company_id = $1 and b.scan = d.scan";

    /// Components of kits.
    COMPONENTS = "select k.kit_id, k.component_id, k.quantity
        from {rows:d(kit_id)}
        cross join catalog_kit_component as k
        where k.company_id = $1 and k.kit_id = d.kit_id
        order by k.kit_id, k.component_id";

    /// Empties a kit.
    DELETE_COMPONENTS = "delete from catalog_kit_component where company_id = $1 and kit_id = $2";

    /// Fills a kit.
    INSERT_COMPONENTS = "insert into catalog_kit_component (company_id, kit_id, component_id, quantity)
        select $1, $2, d.component_id, d.quantity from {rows:d(component_id, quantity)}";

    /// Raises the revision of an item whose parts changed, if it is still at this revision.
    TOUCH_ITEM = "update catalog_item set revision = revision + 1, changed_at = $4
        where company_id = $1 and id = $2 and revision = $3";
}

fn ratio(numerator: i64, denominator: i64, column: usize) -> Result<Ratio, StoreError> {
    Ratio::new(numerator, denominator).map_err(|_| StoreError::Decode {
        column,
        found: format!("{numerator}/{denominator}"),
        wanted: "a positive ratio",
    })
}

fn unit_of(row: &Row, at: usize) -> Result<Unit, StoreError> {
    Ok(Unit {
        id: row.get(at)?,
        code: row.get(at + 1)?,
        name: row.get(at + 2)?,
        whole: row.get(at + 3)?,
        family: row.get(at + 4)?,
        ratio: ratio(row.get(at + 5)?, row.get(at + 6)?, at + 5)?,
    })
}

/// An item from the columns of `item_columns!`.
pub(crate) fn item_of(row: &Row) -> Result<Item, StoreError> {
    let (stock_unit, purchase_unit) = (unit_of(row, 6)?, unit_of(row, 13)?);
    let purchase_ratio = if stock_unit.family == purchase_unit.family {
        let both = purchase_unit.ratio.times(stock_unit.ratio.invert());
        both.map_err(|error: NumberError| StoreError::Decode {
            column: 18,
            found: error.to_string(),
            wanted: "units that convert",
        })?
    } else {
        ratio(row.get(20)?, row.get(21)?, 20)?
    };
    Ok(Item {
        id: row.get(0)?,
        sku: row.get(1)?,
        name: row.get(2)?,
        kind: row.get(3)?,
        category_id: row.get(4)?,
        category: row.get(5)?,
        stock_unit,
        purchase_unit,
        purchase_ratio,
        list_price: row.get(22)?,
        weight_grams: row.get(23)?,
        volume_litres: row.get(24)?,
        tracking: row.get(25)?,
        expiry_days: row.get(26)?,
        best_before_days: row.get(30)?,
        removal_days_before: row.get(31)?,
        alert_days_before: row.get(32)?,
        tax_code: row.get(27)?,
        active: row.get(28)?,
        revision: row.get(29)?,
    })
}

/// A NUL is in no stored text, and PostgreSQL refuses to be asked for one.
fn storable(text: &&str) -> bool {
    !text.contains('\0')
}

fn keyed<K: Hash + Eq>(
    rows: Vec<Row>,
    key: impl Fn(&Item) -> K,
) -> Result<HashMap<K, Item>, StoreError> {
    rows.iter().map(|row| item_of(row).map(|item| (key(&item), item))).collect()
}

/// The items with these ids, in one statement. Ids of no item of the company are left out.
///
/// # Errors
/// Those of the engine.
pub fn items_by_id(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &[ItemId],
) -> Result<HashMap<ItemId, Item>, StoreError> {
    keyed(tx.query(&ITEMS_BY_ID, params![company_id; Rows::column(ids)])?, |item| item.id)
}

/// The items with these SKUs, in one statement. SKUs of no item of the company are left out.
///
/// # Errors
/// Those of the engine.
pub fn items_by_sku<S: AsRef<str>>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    skus: &[S],
) -> Result<HashMap<String, Item>, StoreError> {
    let skus = Rows::column(skus.iter().map(AsRef::as_ref).filter(storable));
    keyed(tx.query(&ITEMS_BY_SKU, params![company_id; skus])?, |item| item.sku.clone())
}

/// As [`items_by_id`], locked until the transaction ends.
pub(crate) fn lock_items(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &[ItemId],
) -> Result<HashMap<ItemId, Item>, StoreError> {
    tx.query(&LOCK_BY_ID, params![company_id; Rows::column(ids)])?;
    items_by_id(tx, company_id, ids)
}

/// As [`items_by_sku`], locked until the transaction ends.
pub(crate) fn lock_items_by_sku(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    skus: &[&str],
) -> Result<HashMap<String, Item>, StoreError> {
    tx.query(&LOCK_BY_SKU, params![company_id; Rows::column(skus)])?;
    items_by_sku(tx, company_id, skus)
}

/// The components of kits by kit, in one statement, each kit's by component id. What is no kit is
/// left out.
///
/// # Errors
/// Those of the engine.
pub fn kit_components(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    kits: &[ItemId],
) -> Result<HashMap<ItemId, Vec<Component>>, StoreError> {
    let mut found: HashMap<ItemId, Vec<Component>> = HashMap::new();
    for row in tx.query(&COMPONENTS, params![company_id; Rows::column(kits)])? {
        let component = Component { item_id: row.get(1)?, quantity: row.get(2)? };
        found.entry(row.get(0)?).or_default().push(component);
    }
    Ok(found)
}

/// Every unit of the company, by code.
///
/// # Errors
/// Those of the engine.
pub fn units(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<Unit>, StoreError> {
    tx.query(&UNITS, params![company_id])?.iter().map(|row| unit_of(row, 0)).collect()
}

/// Every category of the company, by code.
///
/// # Errors
/// Those of the engine.
pub fn categories(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<Category>, StoreError> {
    let category_of = |row: &Row| {
        Ok(Category {
            id: row.get(0)?,
            code: row.get(1)?,
            name: row.get(2)?,
            parent_id: row.get(3)?,
            revision: row.get(4)?,
        })
    };
    tx.query(&CATEGORIES, params![company_id])?.iter().map(category_of).collect()
}

/// What scans mean, by the text that is looked up.
pub(crate) fn scans(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    keys: &[impl AsRef<str>],
) -> Result<HashMap<String, Scan>, StoreError> {
    let scan_of = |row: Row| {
        let scan = Scan {
            barcode_id: row.get(1)?,
            item_id: row.get(2)?,
            packaging_id: row.get(3)?,
            packaging: row.get(4)?,
            quantity: row.get(5)?,
        };
        Ok((row.get(0)?, scan))
    };
    let keys = Rows::column(keys.iter().map(AsRef::as_ref).filter(storable));
    let rows = tx.query(&SCANS, params![company_id; keys])?;
    rows.into_iter().map(scan_of).collect()
}

/// The packagings of an item, smallest first.
pub(crate) fn packagings(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    item_id: ItemId,
) -> Result<Vec<PackagingRow>, StoreError> {
    let packaging_of = |row: &Row| {
        Ok(PackagingRow { packaging_id: row.get(1)?, name: row.get(2)?, quantity: row.get(3)? })
    };
    let items = Rows::column([item_id]);
    tx.query(&PACKAGINGS, params![company_id; items])?.iter().map(packaging_of).collect()
}

/// The barcodes of an item.
pub(crate) fn barcodes(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    item_id: ItemId,
) -> Result<Vec<BarcodeRow>, StoreError> {
    let barcode_of = |row: &Row| {
        Ok(BarcodeRow {
            barcode_id: row.get(1)?,
            code: row.get(2)?,
            kind: row.get(3)?,
            packaging_id: row.get(4)?,
        })
    };
    let items = Rows::column([item_id]);
    tx.query(&BARCODES, params![company_id; items])?.iter().map(barcode_of).collect()
}

/// The barcodes of items with what a scan of each counts for.
pub(crate) fn codes_of(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &[ItemId],
) -> Result<HashMap<ItemId, Vec<ItemCode>>, StoreError> {
    let mut codes: HashMap<ItemId, Vec<ItemCode>> = HashMap::new();
    for row in tx.query(&CODES_OF, params![company_id; Rows::column(items)])? {
        let code = ItemCode { code: row.get(1)?, packaging: row.get(2)?, quantity: row.get(3)? };
        codes.entry(row.get(0)?).or_default().push(code);
    }
    Ok(codes)
}

/// The item's own ratio as it is kept: 0/0 where its units' family says it.
fn own_ratio(draft: &Draft) -> (i64, i64) {
    draft.own_ratio.map_or((0, 0), |ratio| (ratio.numerator(), ratio.denominator()))
}

/// Adds items at revision 1, with the words by which they are found.
pub(crate) fn insert_items<'d>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    at: Timestamp,
    items: impl IntoIterator<Item = (ItemId, &'d Draft)>,
) -> Result<(), StoreError> {
    let (mut rows, mut words) = (Rows::new(20), Vec::new());
    for (id, item) in items {
        let after = item.words();
        let (numerator, denominator) = own_ratio(item);
        rows.push(row![
            id,
            item.sku,
            item.name,
            item.kind,
            item.category_id,
            item.stock_unit_id,
            item.purchase_unit_id,
            numerator,
            denominator,
            item.list_price,
            item.weight_grams,
            item.volume_litres,
            item.tracking,
            item.expiry_days,
            item.best_before_days,
            item.removal_days_before,
            item.alert_days_before,
            item.tax_code,
            item.active,
            search_text(&after)
        ]);
        words.push(WordChange { record: id.raw(), after, ..WordChange::default() });
    }
    tx.write_exactly(rows.len(), &INSERT_ITEMS, params![company_id, at; rows])?;
    WORDS.change(tx, company_id, &words)
}

/// Changes items that are at the revision given, as they were and as they are, and raises it.
pub(crate) fn update_items<'d>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    at: Timestamp,
    items: impl IntoIterator<Item = (ItemId, i64, [&'d Draft; 2])>,
) -> Result<(), StoreError> {
    let (mut rows, mut words) = (Rows::new(18), Vec::new());
    for (id, revision, [before, item]) in items {
        let (before, after) = (before.words(), item.words());
        let (numerator, denominator) = own_ratio(item);
        rows.push(row![
            id,
            item.sku,
            item.name,
            item.category_id,
            item.purchase_unit_id,
            numerator,
            denominator,
            item.list_price,
            item.weight_grams,
            item.volume_litres,
            item.expiry_days,
            item.best_before_days,
            item.removal_days_before,
            item.alert_days_before,
            item.tax_code,
            item.active,
            search_text(&after),
            revision
        ]);
        words.push(WordChange { record: id.raw(), before, after });
    }
    tx.write_exactly(rows.len(), &UPDATE_ITEMS, params![company_id, at; rows])?;
    WORDS.change(tx, company_id, &words)
}

/// Adds units.
pub(crate) fn insert_units(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    units: &[Unit],
) -> Result<(), StoreError> {
    let mut rows = Rows::new(7);
    for unit in units {
        let (numerator, denominator) = (unit.ratio.numerator(), unit.ratio.denominator());
        rows.push(row![
            unit.id,
            unit.code,
            unit.name,
            unit.whole,
            unit.family,
            numerator,
            denominator
        ]);
    }
    tx.write(&INSERT_UNITS, params![company_id; rows])
}

/// The words of items.
pub(crate) static WORDS: WordIndex = WordIndex {
    give: &GIVE_WORDS,
    take: &TAKE_WORDS,
    keep_parts: &KEEP_PARTS,
    count: &COUNT_WORDS,
};

/// A page of items after a sort key and id.
pub(crate) fn list_items(
    tx: &mut Tx<'_>,
    sort: ItemSort,
    search: Search,
    filters: [Value; 4],
    after: (&str, i64),
    limit: i64,
) -> Result<Vec<Item>, StoreError> {
    let [company, category, kind, active] = filters;
    let Search { parts, pattern, others } = search;
    let mut values = vec![company, Value::Text(pattern), category, kind, active];
    values.extend([Value::Text(after.0.to_owned()), Value::Int(after.1), Value::Int(limit)]);
    let statement = match (sort, parts.is_some()) {
        (ItemSort::Sku, false) => &LIST_BY_SKU,
        (ItemSort::Name, false) => &LIST_BY_NAME,
        (ItemSort::Sku, true) => &FIND_BY_SKU,
        (ItemSort::Name, true) => &FIND_BY_NAME,
    };
    values.extend(parts.into_iter().flat_map(|(low, high)| [Value::Text(low), Value::Text(high)]));
    let rows = tx.query(statement, Params::new(values).with_rows(others))?;
    rows.iter().map(item_of).collect()
}

/// The next items that were made before items had words, with SKU and name; locked.
pub(crate) fn wordless(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    limit: usize,
) -> Result<Vec<(ItemId, String, String)>, StoreError> {
    let rows = tx.query(&WORDLESS, params![company_id, limit as u64])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// Notes that items have words now, with the text in which the list looks for each.
pub(crate) fn set_search(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &[(ItemId, String)],
) -> Result<(), StoreError> {
    let (ids, mut rows) = (Rows::column(items.iter().map(|(id, _)| *id)), Rows::new(2));
    for (id, search) in items {
        rows.push(row![id, search]);
    }
    tx.write_exactly(items.len(), &SET_SEARCH, params![company_id; rows])?;
    tx.write_exactly(items.len(), &DELETE_WORDLESS, params![company_id; ids])
}

/// SKU, name and the text in which the list looks, of the next items after an id.
pub(crate) fn searched(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    after: i64,
    limit: usize,
) -> Result<Vec<(ItemId, [String; 3])>, StoreError> {
    let rows = tx.query(&SEARCHED, params![company_id, after, limit as u64])?;
    rows.iter().map(|row| Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?]))).collect()
}

/// Raises an item's revision from the one given.
pub(crate) fn touch_item(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    item_id: ItemId,
    revision: i64,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &TOUCH_ITEM, params![company_id, item_id.raw(), revision, at])
}
