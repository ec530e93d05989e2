//! Goods of a going company: each row of the file is one move into its place, at its value, and so
//! one layer.

use crate::SOURCE;
use crate::files::{EXPIRES_ON, LOT, Numbered, PLACE, QUANTITY, SKU, StockRow, VALUE};
use accounting::{Area, Role};
use base::{Day, Id, ItemId, LotId, OpeningId, PlaceId, Quantity};
use catalog::{Item, ItemKind, Tracking};
use identity::Ctx;
use std::collections::{BTreeMap, HashMap, HashSet};
use stock::{
    Cost, Counter, FoundPlace, Kind, Lot, LotDates, LotError, Move, Posted, Posting, Warehouse,
};
use store::{StoreError, Tx};
use tabular::RowError;

/// What the rows name.
struct Known {
    items: HashMap<String, Item>,
    places: BTreeMap<String, FoundPlace>,
    warehouses: Vec<Warehouse>,
}

/// A row whose words are understood.
struct Found<'a> {
    row: &'a StockRow,
    item_id: ItemId,
    place_id: PlaceId,
    lot: Option<Lot>,
}

/// The moves that bring the goods, in the order of the file, or what is wrong with the rows.
pub(crate) fn moves(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    day: Day,
    rows: &[Numbered<StockRow>],
) -> Result<Result<Vec<Move>, Vec<RowError>>, StoreError> {
    let skus: HashSet<&str> = rows.iter().map(|row| row.is.sku.as_str()).collect();
    let known = Known {
        items: catalog::items_by_sku(tx, ctx.company_id, &skus.into_iter().collect::<Vec<_>>())?,
        places: stock::find_places(tx, ctx.company_id, rows.iter().map(|r| r.is.place.as_str()))?,
        warehouses: stock::warehouses(tx, ctx.company_id)?,
    };
    let (mut found, mut errors, mut pieces) = (Vec::new(), Vec::new(), HashSet::new());
    for Numbered { row, is } in rows {
        match known.find(is, day, &mut pieces) {
            Ok(goods) => found.push(goods),
            Err((column, message)) => errors.push(RowError::of(*row, column, message)),
        }
    }
    let Some(loss) = known.warehouses.first().map(|warehouse| warehouse.loss) else {
        let message = "the company has no warehouse; create one first";
        return Ok(if rows.is_empty() {
            Ok(Vec::new())
        } else {
            Err(vec![RowError::whole(1, message)])
        });
    };
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let wanted: Vec<Lot> = found.iter().filter_map(|goods| goods.lot.clone()).collect();
    let lots = match stock::dated_lots(tx, ctx.company_id, day, &wanted) {
        Ok(lots) => lots,
        Err(LotError::Store(error)) => return Err(error),
        Err(other) => return Ok(Err(vec![other_expiry(rows, &other)])),
    };
    Ok(Ok(found.iter().map(|goods| goods.enters(loss, &lots)).collect()))
}

/// The row that states another expiry of a lot than those before it.
fn other_expiry(rows: &[Numbered<StockRow>], error: &LotError) -> RowError {
    let states = |is: &StockRow| match error {
        LotError::OtherExpiry { lot, stated, .. } => {
            is.lot == *lot && is.expires_on == Some(*stated)
        }
        LotError::Store(_) => false,
    };
    let row = rows.iter().find(|row| states(&row.is)).map_or(1, |row| row.row);
    RowError::of(row, EXPIRES_ON, error.to_string())
}

type Refusal = (tabular::Column, String);

impl Known {
    fn find<'a>(
        &self,
        row: &'a StockRow,
        day: Day,
        pieces: &mut HashSet<(ItemId, &'a str)>,
    ) -> Result<Found<'a>, Refusal> {
        let item =
            self.items.get(&row.sku).ok_or((SKU, format!("there is no item {:?}", row.sku)))?;
        if item.kind != ItemKind::Goods {
            return Err((SKU, format!("{} is a {}; only goods lie in stock", item.sku, item.kind)));
        }
        let whole = row.quantity.micro() % Quantity::MICRO == 0;
        if item.stock_unit.whole && !whole {
            let unit = &item.stock_unit.code;
            return Err((QUANTITY, format!("{} is kept in whole {unit}", item.sku)));
        }
        let (place_id, valued) = self.place(row)?;
        if !valued && row.value != 0 {
            let message =
                format!("goods at {} belong to somebody else; their value is 0", row.place);
            return Err((VALUE, message));
        }
        let lot = lot(item, row, day, pieces)?;
        Ok(Found { row, item_id: item.id, place_id, lot })
    }

    /// The place of a row, and whether goods there are worth anything in our books.
    fn place(&self, row: &StockRow) -> Result<(PlaceId, bool), Refusal> {
        if row.place.is_empty() {
            return match self.warehouses.as_slice() {
                [only] => Ok((only.stock, true)),
                _ => Err((PLACE, "there are several warehouses; name the place".to_owned())),
            };
        }
        let place = self.places.get(&row.place).filter(|place| place.kind.holds_stock());
        let place = place.ok_or((PLACE, format!("there is no place {:?} for goods", row.place)))?;
        Ok((place.place_id, place.class.is_valued()))
    }
}

fn lot<'a>(
    item: &Item,
    row: &'a StockRow,
    day: Day,
    pieces: &mut HashSet<(ItemId, &'a str)>,
) -> Result<Option<Lot>, Refusal> {
    match (item.tracking, row.lot.as_str()) {
        (Tracking::None, "") => return Ok(None),
        (Tracking::None, _) => {
            return Err((LOT, format!("{} is not tracked; leave the lot out", item.sku)));
        }
        (tracking, "") => {
            return Err((LOT, format!("{} is tracked by {tracking}; give its number", item.sku)));
        }
        (Tracking::Serial, code) if row.quantity != Quantity::ONE => {
            return Err((QUANTITY, format!("one piece has the serial number {code}")));
        }
        (Tracking::Serial, code) if !pieces.insert((item.id, code)) => {
            return Err((LOT, format!("the piece {code} is there twice")));
        }
        _ => {}
    }
    base::check_code("lot", &row.lot).map_err(|error| (LOT, error.to_string()))?;
    let dates = LotDates::of(item, row.expires_on, day);
    Ok(Some(Lot { item_id: item.id, code: row.lot.clone(), dates }))
}

impl Found<'_> {
    fn enters(&self, loss: PlaceId, lots: &BTreeMap<(ItemId, String), LotId>) -> Move {
        let lot = |lot: &Lot| lots.get(&(lot.item_id, lot.code.clone())).copied();
        Move {
            lot_id: self.lot.as_ref().and_then(lot),
            cost: Cost::Given(self.row.value),
            kind: Kind::Opening,
            counter: Some(Counter::role(Role::OpeningDifference)),
            ..Move::plain(self.item_id, loss, self.place_id, self.row.quantity)
        }
    }
}

/// The moves that take the goods of an opening out again, at what they are worth: all of them leave,
/// so together they take what they brought.
pub(crate) fn back(tx: &mut Tx<'_>, ctx: &Ctx, id: OpeningId) -> Result<Vec<Move>, StoreError> {
    let moves = stock::moves_of(tx, ctx.company_id, SOURCE, &[id.raw()])?;
    let back = moves.into_iter().map(|done| Move {
        lot_id: (done.lot != 0).then(|| LotId::from_raw(done.lot)),
        kind: Kind::Opening,
        counter: Some(Counter::role(Role::OpeningDifference)),
        reverses: Some(done.move_id),
        ..Move::plain(done.item_id, done.to, done.from, done.quantity)
    });
    Ok(back.collect())
}

/// Books moves of an opening; nothing when there are none.
pub(crate) fn post(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpeningId,
    day: Day,
    moves: Vec<Move>,
) -> Result<Option<Posted>, stock::PostError> {
    if moves.is_empty() {
        return Ok(None);
    }
    let posting = Posting {
        area: Area::All,
        happened_on: day,
        source_kind: SOURCE,
        source_id: id.raw(),
        memo: "goods in stock".to_owned(),
        moves,
        lines: Vec::new(),
    };
    stock::post(tx, ctx, posting).map(Some)
}
