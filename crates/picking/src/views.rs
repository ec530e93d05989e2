//! What readers get: lists, their lines, packages, and the file for carriers.

use crate::tables::{self, Scope};
use crate::words::{PackageState, PickKind, PickState};
use crate::{PACK, READ};
use base::{
    BadCursor, Day, Id, ItemId, PackageId, Page, Paging, PickLineId, PickListId, Problem, Quantity,
    Rule, SalesOrderId, ShipmentId, Timestamp, UserId,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// Why a list was refused.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ListError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor was not made by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// There is no such pick list.
    #[error("there is no pick list {list_id}")]
    NoList {
        /// The id asked for.
        list_id: PickListId,
    },
    /// There is no such package.
    #[error("there is no package {package_id}")]
    NoPackage {
        /// The id asked for.
        package_id: PackageId,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ListError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ListError::Denied(error) => error.problem(),
            ListError::Cursor(error) => error.problem(),
            ListError::NoList { .. } => Problem::not_found("pick_list_not_found", detail),
            ListError::NoPackage { .. } => Problem::not_found("package_not_found", detail),
            ListError::Store(error) => error.problem(),
        }
    }
}

/// What to list of the pick lists.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PickListFilter {
    /// Only in this state.
    pub state: Option<PickState>,
    /// Only those of which something is to be done: open, picking or picked.
    pub active: bool,
    /// Only of this kind.
    pub kind: Option<PickKind>,
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only those of this picker.
    pub picker_id: Option<UserId>,
    /// Only those that nobody has.
    pub unassigned: bool,
    /// Only with lines for this order.
    pub order_id: Option<SalesOrderId>,
    /// Only with this number.
    pub number: Option<String>,
    /// Only those promised for this day or earlier.
    pub due_by: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A pick list in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PickListRow {
    /// Its id.
    pub list_id: PickListId,
    /// Its number.
    pub number: String,
    /// For what it is walked.
    pub kind: PickKind,
    /// What it is for: an order's number, how many orders, or channel and day.
    pub title: String,
    /// How far it has come.
    pub state: PickState,
    /// The warehouse's code.
    pub warehouse: String,
    /// The earliest day promised.
    pub due_on: Day,
    /// Who walks it.
    pub picker_id: Option<UserId>,
    /// What that person is called; empty when nobody has it.
    pub picker: String,
    /// How many orders it is for.
    pub orders: i64,
    /// How many times the picker stops.
    pub stops: i64,
    /// How many lines it has.
    pub lines: i64,
    /// How many lines have something to be picked.
    pub lines_to_pick: i64,
    /// How many lines have something that was not found.
    pub lines_missed: i64,
    /// How many lines have something that is picked and in no package.
    pub lines_to_pack: i64,
    /// How many lines have something that was picked and is not wanted any more.
    pub lines_to_put_back: i64,
    /// When it was made.
    pub planned_at: Timestamp,
    /// Raised with every change.
    pub revision: i64,
}

fn list_row(row: &Row) -> Result<PickListRow, StoreError> {
    let picker: i64 = row.get(7)?;
    Ok(PickListRow {
        list_id: row.get(0)?,
        number: row.get(1)?,
        kind: row.get(2)?,
        title: row.get(3)?,
        state: row.get(4)?,
        warehouse: row.get(5)?,
        due_on: row.get(6)?,
        picker_id: (picker != 0).then(|| UserId::from_raw(picker)),
        picker: row.get(8)?,
        orders: row.get(9)?,
        stops: row.get(10)?,
        lines: row.get(11)?,
        lines_to_pick: row.get(12)?,
        lines_missed: row.get(13)?,
        lines_to_pack: row.get(14)?,
        lines_to_put_back: row.get(15)?,
        planned_at: row.get(16)?,
        revision: row.get(17)?,
    })
}

/// Pick lists, newest first, of the warehouses that the caller may see.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_pick_lists(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: PickListFilter,
) -> Result<Page<PickListRow>, ListError> {
    let scope = Scope::new(ctx.require_somewhere(READ)?);
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let found = tx.query(
        &tables::LIST_PICK_LISTS,
        params![
            ctx.company_id,
            scope.all,
            filter.state,
            filter.active,
            filter.kind,
            filter.warehouse,
            filter.picker_id,
            filter.unassigned,
            filter.order_id,
            filter.number,
            filter.due_by,
            at,
            id,
            paging.limit();
            scope.rows
        ],
    )?;
    let rows = found.iter().map(list_row).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &PickListRow| (row.planned_at.micros(), row.list_id.raw())))
}

/// What to list of the lines of pick lists.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PickLineFilter {
    /// Only of this list.
    pub list_id: Option<PickListId>,
    /// Only for this order.
    pub order_id: Option<SalesOrderId>,
    /// Only of this item.
    pub sku: Option<String>,
    /// Only at this place, by path.
    pub place: Option<String>,
    /// Only those of which something is to be picked.
    pub to_pick: bool,
    /// Only those of which something was picked and is not wanted any more.
    pub to_put_back: bool,
    /// Only those of which something was not found.
    pub missed: bool,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A line of a pick list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PickLineRow {
    /// Its id.
    pub line_id: PickLineId,
    /// The list.
    pub list_id: PickListId,
    /// The list's number.
    pub number: String,
    /// In which order the picker stops; lines of one item, lot and place share a stop.
    pub stop: i64,
    /// The number of the line.
    pub line: i64,
    /// The place's path.
    pub place: String,
    /// The item.
    pub item_id: ItemId,
    /// Its code.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its stock unit.
    pub unit: String,
    /// The lot's number, empty for none.
    pub lot: String,
    /// The last day that the lot keeps.
    pub expires_on: Option<Day>,
    /// The order that it is for.
    pub order_id: SalesOrderId,
    /// The order's number.
    pub order_number: String,
    /// The order's line.
    pub order_line: i64,
    /// How much was to be picked.
    pub wanted: Quantity,
    /// How much still is.
    pub to_pick: Quantity,
    /// How much was taken.
    pub picked: Quantity,
    /// How much was not found.
    pub missed: Quantity,
    /// How much is not to be picked any more, for it was shipped by hand, cancelled or moved.
    pub voided: Quantity,
    /// How much is or was in packages.
    pub packed: Quantity,
    /// How much has left.
    pub shipped: Quantity,
    /// How much went back to the place.
    pub put_back: Quantity,
    /// How much was picked, is not wanted any more and has to go back.
    pub to_put_back: Quantity,
}

fn line_row(row: &Row) -> Result<PickLineRow, StoreError> {
    let day: String = row.get(11)?;
    let (wanted, picked): (Quantity, Quantity) = (row.get(15)?, row.get(17)?);
    let (missed, to_pick): (Quantity, Quantity) = (row.get(18)?, row.get(16)?);
    let recorded: Quantity = row.get(19)?;
    // What is not kept any more is void, whether or not somebody has looked at the list since.
    let gone = [picked, missed, to_pick].into_iter().try_fold(wanted, Quantity::checked_sub);
    let voided = gone.map_or(recorded, |gone| gone.max(recorded));
    Ok(PickLineRow {
        line_id: row.get(0)?,
        list_id: row.get(1)?,
        number: row.get(2)?,
        stop: row.get(3)?,
        line: row.get(4)?,
        place: row.get(5)?,
        item_id: row.get(6)?,
        sku: row.get(7)?,
        name: row.get(8)?,
        unit: row.get(9)?,
        lot: row.get(10)?,
        expires_on: Day::parse(&day).ok(),
        order_id: row.get(12)?,
        order_number: row.get(13)?,
        order_line: row.get(14)?,
        wanted,
        to_pick,
        picked,
        missed,
        voided,
        packed: row.get(20)?,
        shipped: row.get(21)?,
        put_back: row.get(22)?,
        to_put_back: row.get(23)?,
    })
}

/// Lines of pick lists in the order in which they are walked, the newest list first, of the warehouses
/// that the caller may see.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_pick_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: PickLineFilter,
) -> Result<Page<PickLineRow>, ListError> {
    let scope = Scope::new(ctx.require_somewhere(READ)?);
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (list, stop, line): (i64, i64, i64) = paging.after((i64::MAX, 0, 0))?;
    let found = tx.query(
        &tables::LIST_PICK_LINES,
        params![
            ctx.company_id,
            scope.all,
            filter.list_id,
            filter.order_id,
            filter.sku,
            filter.place,
            filter.to_pick,
            filter.to_put_back,
            filter.missed,
            list,
            stop,
            line,
            paging.limit();
            scope.rows
        ],
    )?;
    let rows = found.iter().map(line_row).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &PickLineRow| (row.list_id.raw(), row.stop, row.line)))
}

/// A pick list with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PickListDetail {
    /// The list.
    pub list: PickListRow,
    /// Its lines, in the order in which they are walked.
    pub lines: Vec<PickLineRow>,
}

/// A pick list with all its lines.
///
/// # Errors
/// [`ListError`], in its order.
pub fn pick_list(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    list_id: PickListId,
) -> Result<PickListDetail, ListError> {
    let scope = Scope::new(ctx.require_somewhere(READ)?);
    let found = tx.query_opt(
        &tables::ONE_PICK_LIST,
        params![ctx.company_id, scope.all, list_id; scope.rows],
    )?;
    let list = list_row(&found.ok_or(ListError::NoList { list_id })?)?;
    let (mut lines, mut cursor) = (Vec::new(), None);
    loop {
        let filter = PickLineFilter { list_id: Some(list_id), cursor, ..PickLineFilter::default() };
        let page = list_pick_lines(tx, ctx, filter)?;
        lines.extend(page.lines);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(PickListDetail { list, lines });
        }
    }
}

/// What to list of the packages.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PackageFilter {
    /// Only in this state.
    pub state: Option<PackageState>,
    /// Only of this carrier.
    pub carrier: Option<String>,
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only of this order.
    pub order_id: Option<SalesOrderId>,
    /// Only of this shipment.
    pub shipment_id: Option<ShipmentId>,
    /// Only with this number.
    pub number: Option<String>,
    /// Only with this number of the carrier.
    pub tracking: Option<String>,
    /// Only those closed or shipped that have no number of the carrier.
    pub without_tracking: bool,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A package in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackageRow {
    /// Its id.
    pub package_id: PackageId,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: PackageState,
    /// The order.
    pub order_id: SalesOrderId,
    /// The order's number.
    pub order_number: String,
    /// What the channel calls the order.
    pub external_ref: String,
    /// The channel's code.
    pub channel: String,
    /// The customer's code, empty without one.
    pub partner: String,
    /// The customer's name, empty without one.
    pub partner_name: String,
    /// The country that it goes to.
    pub country: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's service.
    pub service: String,
    /// The carrier's number.
    pub tracking: String,
    /// Its weight in grams; 0 when not known.
    pub weight_grams: i64,
    /// Its length in millimetres; 0 when not known.
    pub length_mm: i64,
    /// Its width in millimetres; 0 when not known.
    pub width_mm: i64,
    /// Its height in millimetres; 0 when not known.
    pub height_mm: i64,
    /// How many lines it has.
    pub lines: i64,
    /// The shipment that it left with.
    pub shipment_id: Option<ShipmentId>,
    /// The shipment's number, empty until it has left.
    pub shipment_number: String,
    /// When it was packed.
    pub packed_at: Timestamp,
    /// Who packed it.
    pub packed_by: String,
    /// Raised with every change.
    pub revision: i64,
}

fn package_row(row: &Row) -> Result<PackageRow, StoreError> {
    let shipment: i64 = row.get(19)?;
    Ok(PackageRow {
        package_id: row.get(0)?,
        number: row.get(1)?,
        state: row.get(2)?,
        order_id: row.get(3)?,
        order_number: row.get(4)?,
        external_ref: row.get(5)?,
        channel: row.get(6)?,
        partner: row.get(7)?,
        partner_name: row.get(8)?,
        country: row.get(9)?,
        warehouse: row.get(10)?,
        carrier: row.get(11)?,
        service: row.get(12)?,
        tracking: row.get(13)?,
        weight_grams: row.get(14)?,
        length_mm: row.get(15)?,
        width_mm: row.get(16)?,
        height_mm: row.get(17)?,
        lines: row.get(18)?,
        shipment_id: (shipment != 0).then(|| ShipmentId::from_raw(shipment)),
        shipment_number: row.get(20)?,
        packed_at: row.get(21)?,
        packed_by: row.get(22)?,
        revision: row.get(23)?,
    })
}

/// Packages, newest first, of the warehouses that the caller may see.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_packages(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: PackageFilter,
) -> Result<Page<PackageRow>, ListError> {
    let scope = Scope::new(ctx.require_somewhere(READ)?);
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let found = tx.query(
        &tables::LIST_PACKAGES,
        params![
            ctx.company_id,
            scope.all,
            filter.state,
            filter.carrier,
            filter.warehouse,
            filter.order_id,
            filter.shipment_id,
            filter.number,
            filter.tracking,
            filter.without_tracking,
            at,
            id,
            paging.limit();
            scope.rows
        ],
    )?;
    let rows = found.iter().map(package_row).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &PackageRow| (row.packed_at.micros(), row.package_id.raw())))
}

/// What is in a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackageLine {
    /// The number of the line.
    pub line: i64,
    /// The order's line.
    pub order_line: i64,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its stock unit.
    pub unit: String,
    /// The lot's number, empty for none.
    pub lot: String,
    /// How much, in the stock unit.
    pub quantity: Quantity,
    /// The number of the list on which it was picked.
    pub list_number: String,
    /// The place that it was taken from.
    pub place: String,
}

/// A package with what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackageDetail {
    /// The package.
    pub package: PackageRow,
    /// What is in it.
    pub lines: Vec<PackageLine>,
}

/// A package with what is in it.
///
/// # Errors
/// [`ListError`], in its order.
pub fn package(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    package_id: PackageId,
) -> Result<PackageDetail, ListError> {
    let scope = Scope::new(ctx.require_somewhere(READ)?);
    let found = tx.query_opt(
        &tables::ONE_PACKAGE,
        params![ctx.company_id, scope.all, package_id; scope.rows],
    )?;
    let package = package_row(&found.ok_or(ListError::NoPackage { package_id })?)?;
    let read = |row: &Row| {
        Ok(PackageLine {
            line: row.get(0)?,
            order_line: row.get(1)?,
            sku: row.get(2)?,
            name: row.get(3)?,
            unit: row.get(4)?,
            lot: row.get(5)?,
            quantity: row.get(6)?,
            list_number: row.get(7)?,
            place: row.get(8)?,
        })
    };
    let found = tx.query(&tables::PACKAGE_LINES, params![ctx.company_id, package_id])?;
    let lines = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(PackageDetail { package, lines })
}

/// What the file for carriers has.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CarrierFilter {
    /// Only of this carrier.
    pub carrier: Option<String>,
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// Also those that have a number of the carrier.
    pub with_tracking: bool,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A package that waits for its carrier, as the carrier's tool needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CarrierRow {
    /// The package's number, by which the carrier's number comes back.
    pub package_number: String,
    /// The order's number.
    pub order_number: String,
    /// What the channel calls the order.
    pub external_ref: String,
    /// To whom it goes.
    pub name: String,
    /// Street and house.
    pub street: String,
    /// City.
    pub city: String,
    /// Region.
    pub region: String,
    /// Postcode.
    pub postcode: String,
    /// Country.
    pub country: String,
    /// E-mail address.
    pub email: String,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's service.
    pub service: String,
    /// The carrier's number.
    pub tracking: String,
    /// Its weight in grams; 0 when not known.
    pub weight_grams: i64,
    /// Its length in millimetres; 0 when not known.
    pub length_mm: i64,
    /// Its width in millimetres; 0 when not known.
    pub width_mm: i64,
    /// Its height in millimetres; 0 when not known.
    pub height_mm: i64,
}

/// Packages that are closed and wait for their carrier, in the order of their numbers, with where they
/// go: the customer's delivery address, or what is known of it.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_carrier_file(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CarrierFilter,
) -> Result<Page<CarrierRow>, ListError> {
    let scope = Scope::new(ctx.require_somewhere(PACK)?);
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: String = paging.after(String::new())?;
    let found = tx.query(
        &tables::CARRIER_FILE,
        params![
            ctx.company_id,
            scope.all,
            filter.carrier,
            filter.warehouse,
            filter.with_tracking,
            after,
            paging.limit();
            scope.rows
        ],
    )?;
    let read = |row: &Row| {
        Ok(CarrierRow {
            package_number: row.get(0)?,
            order_number: row.get(1)?,
            external_ref: row.get(2)?,
            name: row.get(3)?,
            street: row.get(4)?,
            city: row.get(5)?,
            region: row.get(6)?,
            postcode: row.get(7)?,
            country: row.get(8)?,
            email: row.get(9)?,
            carrier: row.get(10)?,
            service: row.get(11)?,
            tracking: row.get(12)?,
            weight_grams: row.get(13)?,
            length_mm: row.get(14)?,
            width_mm: row.get(15)?,
            height_mm: row.get(16)?,
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &CarrierRow| row.package_number.clone()))
}
