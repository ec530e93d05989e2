//! `pack`: picked goods of an order go into a package, each scanned against what was picked.

use crate::PACK;
use crate::held::{Held, RecordError};
use crate::label_package::{LabelError, LabelFields};
use crate::model::{Label, PACKAGE, Package, Packed};
use crate::rules;
use crate::tables::{self, Named};
use crate::words::PackageState;
use base::{
    Id, ItemId, NumberError, PackageId, Problem, ProblemKind, Quantity, Rounding, Rule,
    SalesOrderId, TextError, WarehouseId, check_text, mul_div,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Goods of an order that go into a package.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackGoods {
    /// The order.
    pub order_id: SalesOrderId,
    /// An open package that they are added to; a new one when left out.
    #[serde(default)]
    pub package_id: Option<PackageId>,
    /// The code of the warehouse, for orders of which several have picked something.
    #[serde(default)]
    pub warehouse: Option<String>,
    /// What was scanned.
    #[serde(default)]
    pub lines: Vec<PackScan>,
    /// Everything that is picked and not packed, besides what was scanned.
    #[serde(default)]
    pub everything: bool,
    /// Close the package, so that it is ready for its carrier; when it is not closed, more may go in.
    #[serde(default = "yes")]
    pub close: bool,
    /// What stands on it. Without a weight it is that of its goods, where all of them have one.
    #[serde(default)]
    pub label: LabelFields,
    /// The client's own key of a new package: a second one with it is the same.
    #[serde(default)]
    pub client_ref: String,
}

fn yes() -> bool {
    true
}

/// Goods that were scanned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PackScan {
    /// The item: a barcode, a GS1 code with its fields, or an SKU.
    pub code: String,
    /// The lot's or the piece's number, when the code does not say it and several were picked.
    pub lot: Option<String>,
    /// How many of what was scanned, a case counting for what it holds; 1 when left out.
    pub quantity: Option<Quantity>,
}

/// A package after goods went into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GoodsPacked {
    /// The package.
    pub package_id: PackageId,
    /// Its number.
    pub number: String,
    /// The order.
    pub order_id: SalesOrderId,
    /// The order's number.
    pub order_number: String,
    /// Where it stands.
    pub state: PackageState,
    /// Its weight in grams; 0 when not known.
    pub weight_grams: i64,
    /// What went into it now.
    pub packed: Vec<PackedGoods>,
    /// What of the order is picked and in no package.
    pub left: Vec<PackedGoods>,
    /// Whether the package was there before; nothing was done again.
    pub repeated: bool,
}

/// Goods of one item and lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackedGoods {
    /// The item.
    pub sku: String,
    /// The lot, empty for none.
    pub lot: String,
    /// How much, in the stock unit.
    pub quantity: Quantity,
}

/// Why nothing was packed, in order of precedence. `scan` is the scan's place in the request, from 1.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum PackError {
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such order.
    #[error("there is no order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: SalesOrderId,
    },
    /// Nothing of the order is picked and unpacked, there or anywhere.
    #[error("nothing of order {number} is picked and not packed; pick it first")]
    NothingPicked {
        /// The order.
        number: String,
    },
    /// Several warehouses have picked something.
    #[error("goods of order {number} were picked in {warehouses}; say in which they are packed")]
    Several {
        /// The order.
        number: String,
        /// The codes of the warehouses.
        warehouses: String,
    },
    /// No permission in the warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// What stands on the package is not right.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// There is no such package of the order.
    #[error("order {number} has no package {package_id}")]
    UnknownPackage {
        /// The order.
        number: String,
        /// The id asked for.
        package_id: PackageId,
    },
    /// Nothing goes into the package any more.
    #[error("package {number} is {state}; pack into another one")]
    NotOpen {
        /// The package.
        number: String,
        /// Where it stands.
        state: PackageState,
    },
    /// Nothing is in the package, or would be.
    #[error("nothing was scanned; name what goes into the package, or pack everything")]
    Empty,
    /// No item has the code.
    #[error("scan {scan}: no item has the code {code:?}")]
    UnknownCode {
        /// The scan.
        scan: usize,
        /// The code.
        code: String,
    },
    /// The item does not belong to the order, or was not picked.
    #[error("scan {scan}: {sku} was not picked for order {number}; take it out")]
    WrongItem {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// The order.
        number: String,
    },
    /// Several lots were picked, and nobody said which goes in.
    #[error("scan {scan}: {sku} was picked from {lots}; scan the lot's number, too")]
    LotMissing {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// The lots that were picked.
        lots: String,
    },
    /// Another lot was picked.
    #[error("scan {scan}: {sku} was picked from {lots}, not from {lot}")]
    WrongLot {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// The lot that was scanned.
        lot: String,
        /// The lots that were picked.
        lots: String,
    },
    /// Nothing, or less, goes in.
    #[error("scan {scan}: the quantity is {quantity}; it must be above zero")]
    NotPositive {
        /// The scan.
        scan: usize,
        /// What was asked.
        quantity: Quantity,
    },
    /// More than was picked.
    #[error(
        "scan {scan}: {asked} of {sku} were scanned, but {to_pack} are picked and not packed; \
         take the rest out"
    )]
    TooMany {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// What was scanned, in the stock unit.
        asked: Quantity,
        /// What is to be packed.
        to_pack: Quantity,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RecordError> for PackError {
    fn from(error: RecordError) -> PackError {
        match error {
            RecordError::Number(error) => error.into(),
            RecordError::Store(error) => error.into(),
        }
    }
}

impl Rule for PackError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let (code, scan) = match self {
            PackError::NotFound { .. } => return Problem::not_found("order_not_found", detail),
            PackError::NothingPicked { .. } => return Problem::refused("nothing_picked", detail),
            PackError::Several { .. } => {
                return Problem::refused("several_warehouses", detail).with_field("warehouse");
            }
            PackError::Denied(error) => return error.problem(),
            PackError::Text(error) => return error.problem(),
            PackError::Label(error) => return error.problem(),
            PackError::UnknownPackage { .. } => {
                return Problem::not_found("package_not_found", detail).with_field("package_id");
            }
            PackError::NotOpen { .. } => {
                return Problem::new(ProblemKind::Conflict, "package_not_open", detail);
            }
            PackError::Empty => {
                return Problem::invalid("nothing_scanned", detail).with_field("lines");
            }
            PackError::UnknownCode { scan, .. } => ("unknown_code", scan),
            PackError::WrongItem { scan, .. } => ("wrong_item", scan),
            PackError::LotMissing { scan, .. } => ("lot_missing", scan),
            PackError::WrongLot { scan, .. } => ("wrong_lot", scan),
            PackError::NotPositive { scan, .. } => ("quantity_not_positive", scan),
            PackError::TooMany { scan, .. } => ("exceeds_picked", scan),
            PackError::Number(error) => return error.problem(),
            PackError::Store(error) => return error.problem(),
        };
        Problem::refused(code, detail).with_line(u32::try_from(*scan).unwrap_or(0))
    }
}

/// Packs picked goods of one order. Each scan is checked against what was picked for the order, is
/// still wanted, and is in no package; those before it count.
///
/// # Errors
/// The first broken rule in the order of [`PackError`]; nothing has then been written.
pub fn pack(tx: &mut Tx<'_>, ctx: &Ctx, request: PackGoods) -> Result<GoodsPacked, PackError> {
    check_text("client_ref", &request.client_ref, 200)?;
    let order_id = request.order_id;
    let number = tables::order_number(tx, ctx.company_id, order_id)?
        .ok_or(PackError::NotFound { order_id })?;
    let mut held = Held::of_orders(tx, ctx, &[order_id])?;
    if let Some(package_id) = tables::package_by_ref(tx, ctx, &request.client_ref)? {
        return repeated(tx, ctx, &number, package_id);
    }
    let open = match request.package_id {
        None => None,
        Some(package_id) => {
            let found = tables::lock_packages(tx, ctx.company_id, [package_id])?.pop();
            let ours = found.filter(|package| package.order_id == order_id);
            let unknown = || PackError::UnknownPackage { number: number.clone(), package_id };
            Some(ours.ok_or_else(unknown)?)
        }
    };
    held.hold_demands(tx, ctx)?;
    let warehouse_id = match &open {
        Some(package) => package.warehouse_id,
        None => warehouse(tx, ctx, &held, &request, &number)?,
    };
    ctx.require_in(PACK, warehouse_id)?;
    if let Some(package) = open.as_ref().filter(|it| it.state != PackageState::Open) {
        return Err(PackError::NotOpen { number: package.number.clone(), state: package.state });
    }
    let before = match &open {
        None => Vec::new(),
        Some(package) => tables::packed_in(tx, ctx.company_id, [package.id])?,
    };
    let mut label = open.as_ref().map_or_else(Label::default, |package| package.label.clone());
    request.label.put_on(&mut label)?;
    let rooms = rooms(&held, order_id, warehouse_id)?;
    let goods = check(tx, ctx, &held, rooms, &request, &number)?;
    if goods.is_empty() && (before.is_empty() || !request.close) {
        return Err(PackError::Empty);
    }
    let packing = Packing { open, label, before, goods, warehouse_id, number };
    record(tx, ctx, held, packing, &request)
}

/// What is about to be written.
struct Packing {
    open: Option<Package>,
    label: Label,
    before: Vec<Packed>,
    /// By the line's place among the held ones.
    goods: BTreeMap<usize, Quantity>,
    warehouse_id: WarehouseId,
    /// The order's number.
    number: String,
}

/// What can be packed: by the line's place among the held ones, what is picked, wanted and unpacked.
fn rooms(
    held: &Held,
    order_id: SalesOrderId,
    warehouse_id: WarehouseId,
) -> Result<BTreeMap<usize, Quantity>, NumberError> {
    let mut rooms = BTreeMap::new();
    for (at, Named { line, .. }) in held.lines.iter().enumerate() {
        let here = held.list(line.list_id).is_some_and(|list| list.warehouse_id == warehouse_id);
        if line.order_id != order_id || !here {
            continue;
        }
        let room = line.unpacked()?.checked_sub(held.holds(line)?.to_put_back)?;
        if room.is_positive() {
            rooms.insert(at, room);
        }
    }
    Ok(rooms)
}

/// The warehouse in which goods of the order were picked and not packed.
fn warehouse(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &Held,
    request: &PackGoods,
    number: &str,
) -> Result<WarehouseId, PackError> {
    let mut ids = BTreeSet::new();
    for Named { line, .. } in &held.lines {
        if line.order_id == request.order_id && line.unpacked()?.is_positive() {
            ids.extend(held.list(line.list_id).map(|list| list.warehouse_id));
        }
    }
    let mut all = stock::warehouses(tx, ctx.company_id)?;
    all.retain(|warehouse| ids.contains(&warehouse.warehouse_id));
    let named = |code: &String| request.warehouse.as_ref().is_none_or(|asked| asked == code);
    let several = all.len() > 1 && request.warehouse.is_none();
    if several {
        let warehouses = all.iter().map(|it| it.code.as_str()).collect::<Vec<_>>().join(", ");
        return Err(PackError::Several { number: number.to_owned(), warehouses });
    }
    let found = all.into_iter().find(|warehouse| named(&warehouse.code));
    let found = found.map(|warehouse| warehouse.warehouse_id);
    found.ok_or_else(|| PackError::NothingPicked { number: number.to_owned() })
}

/// What goes in: each scan against what those before it left, then everything else when it is asked
/// for.
fn check(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &Held,
    mut rooms: BTreeMap<usize, Quantity>,
    request: &PackGoods,
    number: &str,
) -> Result<BTreeMap<usize, Quantity>, PackError> {
    let codes: Vec<&str> = request.lines.iter().map(|scan| scan.code.as_str()).collect();
    let codes = catalog::scanned(tx, ctx, &codes)?;
    let mut goods: BTreeMap<usize, Quantity> = BTreeMap::new();
    for (scan, asked) in (1..).zip(&request.lines) {
        let code = asked.code.clone();
        let scanned = codes.get(&code).ok_or(PackError::UnknownCode { scan, code })?;
        let lot = asked.lot.as_ref().or(scanned.lot.as_ref()).or(scanned.serial.as_ref());
        let (item, sku) = (scanned.item_id, scanned.sku.clone());
        let lines = lines(held, (item, sku.clone()), lot, request.order_id, (scan, number))?;
        let quantity = asked.quantity.unwrap_or(Quantity::ONE);
        if !quantity.is_positive() {
            return Err(PackError::NotPositive { scan, quantity });
        }
        let each = scanned.quantity.micro();
        let quantity = mul_div(quantity.micro(), each, Quantity::MICRO, Rounding::HalfUp)?;
        let asked = Quantity::from_micro(quantity);
        let room = |at: &usize| rooms.get(at).copied().unwrap_or_default();
        let (parts, over) = rules::spread(asked, lines.iter().map(room))?;
        if over.is_positive() {
            let to_pack = asked.checked_sub(over)?;
            return Err(PackError::TooMany { scan, sku, asked, to_pack });
        }
        for (at, part) in lines.into_iter().zip(parts).filter(|(_, part)| part.is_positive()) {
            let room = rooms.entry(at).or_default();
            *room = room.checked_sub(part)?;
            let sum = goods.entry(at).or_default();
            *sum = sum.checked_add(part)?;
        }
    }
    if request.everything {
        for (at, room) in rooms.into_iter().filter(|(_, room)| room.is_positive()) {
            let sum = goods.entry(at).or_default();
            *sum = sum.checked_add(room)?;
        }
    }
    Ok(goods)
}

/// The lines of an order that a scan can be about.
fn lines(
    held: &Held,
    (item_id, sku): (ItemId, String),
    lot: Option<&String>,
    order_id: SalesOrderId,
    (scan, number): (usize, &str),
) -> Result<Vec<usize>, PackError> {
    let ours = |(_, named): &(usize, &Named)| {
        let line = &named.line;
        line.order_id == order_id && line.item_id == item_id && line.picked.is_positive()
    };
    let mut lines: Vec<(usize, &Named)> = held.lines.iter().enumerate().filter(ours).collect();
    if lines.is_empty() {
        return Err(PackError::WrongItem { scan, sku, number: number.to_owned() });
    }
    let lots: BTreeSet<&String> = lines.iter().map(|(_, named)| &named.lot).collect();
    let told = || lots.iter().map(|lot| lot.as_str()).collect::<Vec<_>>().join(", ");
    if lots.iter().any(|lot| !lot.is_empty()) {
        match lot {
            None if lots.len() > 1 => {
                return Err(PackError::LotMissing { scan, sku, lots: told() });
            }
            None => {}
            Some(lot) => {
                lines.retain(|(_, named)| named.lot == *lot);
                if lines.is_empty() {
                    let lot = lot.clone();
                    return Err(PackError::WrongLot { scan, sku, lot, lots: told() });
                }
            }
        }
    }
    Ok(lines.into_iter().map(|(at, _)| at).collect())
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut held: Held,
    packing: Packing,
    request: &PackGoods,
) -> Result<GoodsPacked, PackError> {
    let Packing { open, mut label, before, goods, warehouse_id, number } = packing;
    let package_id = match &open {
        Some(package) => package.id,
        None => tx.id()?,
    };
    let (mut contents, mut told) = (Vec::new(), Vec::new());
    for (at, quantity) in goods {
        let named = &mut held.lines[at];
        named.line.packed = named.line.packed.checked_add(quantity)?;
        contents.push(Packed { package_id, pick_line_id: named.line.id, quantity });
        told.push(PackedGoods { sku: named.sku.clone(), lot: named.lot.clone(), quantity });
    }
    if request.close && label.weight_grams == 0 {
        label.weight_grams = weight(tx, ctx, &held, before.iter().chain(&contents))?;
    }
    let state = if request.close { PackageState::Ready } else { PackageState::Open };
    let package = match open {
        Some(package) => {
            let package = Package { state, label, ..package };
            tables::update_packages(tx, ctx.company_id, [&package])?;
            Package { revision: package.revision + 1, ..package }
        }
        None => {
            let package = Package {
                id: package_id,
                number: tx.number(ctx.company_id, "PK")?,
                order_id: request.order_id,
                warehouse_id,
                state,
                label,
                shipment_id: None,
                revision: 1,
            };
            tables::insert_package(tx, ctx, &package, &request.client_ref)?;
            package
        }
    };
    tables::insert_packed(tx, ctx.company_id, before.len(), &contents)?;
    held.record(tx, ctx)?;
    let detail = serde_json::json!({
        "number": package.number, "order": number, "state": state, "packed": told,
        "weight_grams": package.label.weight_grams,
    });
    ctx.audit(tx, PACK, PACKAGE, package_id.raw(), detail.clone());
    ctx.fact(tx, PACKAGE, package_id.raw(), package.revision, "picking.packed", detail);
    let mut left = Vec::new();
    for (at, quantity) in rooms(&held, request.order_id, warehouse_id)? {
        let Named { sku, lot, .. } = &held.lines[at];
        left.push(PackedGoods { sku: sku.clone(), lot: lot.clone(), quantity });
    }
    Ok(GoodsPacked {
        package_id,
        number: package.number,
        order_id: request.order_id,
        order_number: number,
        state,
        weight_grams: package.label.weight_grams,
        packed: told,
        left,
        repeated: false,
    })
}

/// What the goods of a package weigh together.
fn weight<'p>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &Held,
    contents: impl Iterator<Item = &'p Packed>,
) -> Result<i64, PackError> {
    let items: BTreeMap<_, ItemId> =
        held.lines.iter().map(|named| (named.line.id, named.line.item_id)).collect();
    let goods: Vec<(ItemId, Quantity)> = contents
        .filter_map(|packed| Some((*items.get(&packed.pick_line_id)?, packed.quantity)))
        .collect();
    let ids: Vec<ItemId> = goods.iter().map(|(item, _)| *item).collect();
    let known = catalog::items_by_id(tx, ctx.company_id, &ids)?;
    let each = |item: ItemId| known.get(&item).map_or(Quantity::ZERO, |item| item.weight_grams);
    Ok(rules::weight(goods.into_iter().map(|(item, quantity)| (quantity, each(item))))?)
}

fn repeated(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    number: &str,
    package_id: PackageId,
) -> Result<GoodsPacked, PackError> {
    let found = tables::lock_packages(tx, ctx.company_id, [package_id])?.pop();
    let unknown = || PackError::UnknownPackage { number: number.to_owned(), package_id };
    let package = found.ok_or_else(unknown)?;
    ctx.require_in(PACK, package.warehouse_id)?;
    let contents = tables::packed_in(tx, ctx.company_id, [package_id])?;
    let lines = contents.iter().map(|packed| packed.pick_line_id).collect();
    let lines = tables::lines_by_id(tx, ctx.company_id, &lines)?;
    let lines: BTreeMap<_, &Named> = lines.iter().map(|named| (named.line.id, named)).collect();
    let packed = contents.iter().filter_map(|packed| {
        let Named { sku, lot, .. } = lines.get(&packed.pick_line_id)?;
        let (sku, lot) = (sku.clone(), lot.clone());
        Some(PackedGoods { sku, lot, quantity: packed.quantity })
    });
    Ok(GoodsPacked {
        package_id,
        number: package.number,
        order_id: package.order_id,
        order_number: number.to_owned(),
        state: package.state,
        weight_grams: package.label.weight_grams,
        packed: packed.collect(),
        left: Vec::new(),
        repeated: true,
    })
}
