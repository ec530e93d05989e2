//! Reading and locking places, lots and stock rows.

use super::*;

pub(crate) fn parse_kind(word: &str) -> Result<PlaceKind, StoreError> {
    PlaceKind::parse(word)
        .ok_or_else(|| StoreError::Unusable(format!("a place has the unknown kind {word}")))
}

/// The places of a posting by id.
pub(crate) fn load_places(
    tx: &mut Tx<'_>,
    company: CompanyId,
    ids: impl IntoIterator<Item = PlaceId>,
) -> Result<BTreeMap<PlaceId, Place>, StoreError> {
    let ids: BTreeSet<PlaceId> = ids.into_iter().collect();
    let rows = tx.query(&LOAD_PLACES, params![company; Rows::column(ids)])?;
    rows.iter()
        .map(|row| {
            let place = Place {
                id: row.get(0)?,
                pool_id: row.get(1)?,
                kind: parse_kind(&row.get::<String>(2)?)?,
                class: row.get(3)?,
                path: row.get(4)?,
            };
            Ok((place.id, place))
        })
        .collect()
}

/// The rows of these keys, locked; rows to which goods come are made first.
pub(crate) fn lock_rows(
    tx: &mut Tx<'_>,
    company: CompanyId,
    all: &BTreeSet<RowKey>,
    to: &BTreeSet<RowKey>,
) -> Result<BTreeMap<RowKey, StockRow>, StoreError> {
    tx.write(&ENSURE_ROWS, params![company; key_set(to)])?;
    read_rows(&tx.query(&LOCK_ROWS, params![company; key_set(all)])?)
}

/// The rows of these keys as they stand, without a lock.
pub(crate) fn look_rows(
    tx: &mut Tx<'_>,
    company: CompanyId,
    keys: &BTreeSet<RowKey>,
) -> Result<BTreeMap<RowKey, StockRow>, StoreError> {
    read_rows(&tx.query(&LOOK_ROWS, params![company; key_set(keys)])?)
}

fn key_set(keys: &BTreeSet<RowKey>) -> Rows {
    let mut rows = Rows::new(3);
    keys.iter().for_each(|key| rows.push(row![key.item, key.place, key.lot]));
    rows
}

fn read_rows(found: &[Row]) -> Result<BTreeMap<RowKey, StockRow>, StoreError> {
    let read = |row: &Row| {
        let key = row_key(row, 0)?;
        let since: String = row.get(5)?;
        let stock_row = StockRow {
            key,
            on_hand: row.get(3)?,
            reserved: row.get(4)?,
            since: base::Day::parse(&since).ok(),
            seq: row.get(6)?,
            held: row.get::<i64>(7)? > 0,
        };
        Ok((key, stock_row))
    };
    found.iter().map(read).collect()
}

/// A row's key from three columns.
pub(crate) fn row_key(row: &Row, first: usize) -> Result<RowKey, StoreError> {
    Ok(RowKey { item: row.get(first)?, place: row.get(first + 1)?, lot: row.get(first + 2)? })
}

/// An optional day as its column holds it.
pub(crate) fn day_text(day: Option<base::Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}
