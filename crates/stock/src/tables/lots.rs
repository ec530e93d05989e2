//! Lots: their statements, and the functions that read and write them.

use super::*;
use crate::{Lot, LotDates};
use base::{Day, ItemId, LotId, Quantity};

store::statements! {
    /// Makes lots that do not exist yet.
    ENSURE_LOTS = "insert into stock_lot
            (company_id, id, item_id, code, expires_on, best_before, remove_by, alert_on, stated,
             received_on)
        select $1, d.id, d.item_id, d.code, d.expires_on, d.best_before, d.remove_by, d.alert_on,
            d.stated, d.received_on
        from {rows:d(id, item_id, code text, expires_on text, best_before text, remove_by text,
            alert_on text, stated, received_on text)} where true
        on conflict (company_id, item_id, code) do nothing";

    /// Gives days to lots that have none, or whose days nobody has stated.
    DATE_LOTS = "update stock_lot
        set expires_on = d.expires_on, best_before = d.best_before, remove_by = d.remove_by,
            alert_on = d.alert_on, stated = d.stated
        from {rows:d(item_id, code text, expires_on text, best_before text, remove_by text,
            alert_on text, stated)}
        where stock_lot.company_id = $1 and stock_lot.item_id = d.item_id
            and stock_lot.code = d.code
            and (stock_lot.expires_on = '' or (stock_lot.stated = 0 and d.stated = 1))";

    /// Lots by item and code.
    FIND_LOTS = "select l.id, l.item_id, l.code, l.expires_on
        from {rows:d(item_id, code text)}
        join stock_lot as l on l.company_id = $1 and l.item_id = d.item_id and l.code = d.code";

    /// A lot with its days, held while they are set right.
    LOCK_LOT = "select l.id, l.received_on, l.expires_on, l.best_before, l.remove_by, l.alert_on,
            l.stated
        from stock_lot as l
        where l.company_id = $1 and l.item_id = $2 and l.code = $3 {for_update:l}";

    /// Sets the days of a lot.
    SET_LOT_DATES = "update stock_lot
        set expires_on = $3, best_before = $4, remove_by = $5, alert_on = $6, stated = $7
        where company_id = $1 and id = $2";

    /// What is kept of a lot.
    KEPT_OF_LOT = "select cast(coalesce(sum(r.reserved), 0) as {i64}) as kept from stock_row as r
        where r.company_id = $1 and r.item_id = $2 and r.lot_id = $3";

    /// The first of some lots that had expired by a day.
    EXPIRED_LOT = "select i.sku, l.code, l.expires_on from {rows:d(lot_id)}
        join stock_lot as l on l.company_id = $1 and l.id = d.lot_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        where l.expires_on <> '' and l.expires_on < cast($2 as {text})
        order by i.sku, l.code limit 1";

    /// Lots, soonest expiry first and those without one last, with a cursor.
    LIST_LOTS = "select x.sku, x.name, x.code, x.expires_on, x.best_before, x.remove_by, x.alert_on,
            x.stated, x.received_on, x.on_hand, x.reserved, x.ends
        from (select i.sku as sku, i.name as name, l.code as code, l.expires_on as expires_on,
                l.best_before as best_before, l.remove_by as remove_by, l.alert_on as alert_on,
                l.stated as stated, l.received_on as received_on,
                case when l.expires_on = '' then '~' else l.expires_on end as ends,
                (select cast(coalesce(sum(r.on_hand), 0) as {i64}) from stock_row as r
                 where r.company_id = l.company_id and r.item_id = l.item_id
                    and r.lot_id = l.id) as on_hand,
                (select cast(coalesce(sum(r.reserved), 0) as {i64}) from stock_row as r
                 where r.company_id = l.company_id and r.item_id = l.item_id
                    and r.lot_id = l.id) as reserved
            from stock_lot as l
            join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
            where l.company_id = $1
                and (cast($2 as {text}) is null or i.sku = cast($2 as {text}))
                and (cast($3 as {text}) is null or l.code = cast($3 as {text}))
                and (cast($4 as {text}) is null
                    or (l.alert_on <> '' and l.alert_on <= cast($4 as {text})))) as x
        where (cast($5 as {i64}) = 0 or x.on_hand <> 0)
            and (x.ends, x.sku, x.code)
                > (cast($6 as {text}), cast($7 as {text}), cast($8 as {text}))
        order by x.ends, x.sku, x.code limit cast($9 as {i64})";
}

/// Makes the lots that there are not yet.
pub(crate) fn ensure_lots(
    tx: &mut Tx<'_>,
    company: CompanyId,
    received_on: Day,
    wanted: &[&Lot],
) -> Result<(), StoreError> {
    let mut wanted = wanted.to_vec();
    wanted.sort_by(|a, b| (a.item_id, &a.code).cmp(&(b.item_id, &b.code)));
    wanted.dedup_by(|a, b| (a.item_id, &a.code) == (b.item_id, &b.code));
    let mut made = Rows::new(9);
    for lot in wanted {
        let id: LotId = tx.id()?;
        let [expires_on, best_before, remove_by, alert_on] = days(&lot.dates);
        made.push(row![
            id,
            lot.item_id,
            lot.code,
            expires_on,
            best_before,
            remove_by,
            alert_on,
            lot.dates.stated,
            received_on
        ]);
    }
    tx.write(&ENSURE_LOTS, params![company; made]).map(drop)
}

/// Gives their days to lots that lack them.
pub(crate) fn date_lots(
    tx: &mut Tx<'_>,
    company: CompanyId,
    known: &[&Lot],
) -> Result<(), StoreError> {
    let mut dated = Rows::new(7);
    for lot in known.iter().filter(|lot| lot.dates.expires_on.is_some()) {
        let [expires_on, best_before, remove_by, alert_on] = days(&lot.dates);
        dated.push(row![
            lot.item_id,
            lot.code,
            expires_on,
            best_before,
            remove_by,
            alert_on,
            lot.dates.stated
        ]);
    }
    if dated.is_empty() {
        return Ok(());
    }
    tx.write(&DATE_LOTS, params![company; dated]).map(drop)
}

/// The days of a lot in a row, from a column on.
pub(crate) fn lot_dates(row: &Row, from: usize) -> Result<LotDates, StoreError> {
    let day = |at| row.get::<String>(from + at).map(|text| Day::parse(&text).ok());
    Ok(LotDates {
        expires_on: day(0)?,
        best_before: day(1)?,
        remove_by: day(2)?,
        alert_on: day(3)?,
        stated: row.get(from + 4)?,
    })
}

/// Sets the days of a lot.
pub(crate) fn set_lot_dates(
    tx: &mut Tx<'_>,
    company: CompanyId,
    lot_id: LotId,
    dates: &LotDates,
) -> Result<(), StoreError> {
    let [expires_on, best_before, remove_by, alert_on] = days(dates);
    tx.write_exactly(
        1,
        &SET_LOT_DATES,
        params![company, lot_id, expires_on, best_before, remove_by, alert_on, dates.stated],
    )
}

/// What is kept of a lot of an item.
pub(crate) fn kept_of_lot(
    tx: &mut Tx<'_>,
    company: CompanyId,
    (item_id, lot_id): (ItemId, LotId),
) -> Result<Quantity, StoreError> {
    let found = tx.query_opt(&KEPT_OF_LOT, params![company, item_id, lot_id])?;
    found.map_or(Ok(Quantity::ZERO), |row| row.get(0))
}

fn days(dates: &LotDates) -> [String; 4] {
    [dates.expires_on, dates.best_before, dates.remove_by, dates.alert_on].map(day_text)
}

/// Lots by item and code, with the day on which they expire.
pub(crate) type FoundLots = BTreeMap<(ItemId, String), (LotId, Option<Day>)>;

/// The lots that there are.
pub(crate) fn find_lots(
    tx: &mut Tx<'_>,
    company: CompanyId,
    wanted: &[Lot],
) -> Result<FoundLots, StoreError> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut keys = Rows::new(2);
    wanted.iter().for_each(|lot| keys.push(row![lot.item_id, lot.code]));
    let found = tx.query(&FIND_LOTS, params![company; keys])?;
    let read = |row: &Row| {
        let expires_on = Day::parse(&row.get::<String>(3)?).ok();
        Ok(((row.get(1)?, row.get(2)?), (row.get(0)?, expires_on)))
    };
    found.iter().map(read).collect()
}

/// The first of some lots that had expired by a day, with its item and expiry.
pub(crate) fn expired_lot(
    tx: &mut Tx<'_>,
    company: CompanyId,
    day: Day,
    lots: BTreeSet<LotId>,
) -> Result<Option<(String, String, Day)>, StoreError> {
    if lots.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&EXPIRED_LOT, params![company, day; Rows::column(lots)])?;
    found.map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).transpose()
}
