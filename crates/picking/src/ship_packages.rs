//! `ship_packages`: packages leave, and with them their goods, from exactly where they were taken.

use crate::SHIP_PACKAGES;
use crate::held::{Held, RecordError};
use crate::model::{PACKAGE, Package, Packed};
use crate::rules;
use crate::tables::{self, Named};
use crate::words::PackageState;
use base::{
    Day, Id, ItemId, NumberError, PackageId, PickLineId, Problem, ProblemKind, Quantity, Rule,
    SalesOrderId, ShipmentId, WarehouseId,
};
use identity::{Ctx, Denied};
use sales::{SHIP, Ship, ShipError, ShipLine, Shipped, Unshipped};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use stock::Pick;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// The most packages, and orders, of one request.
pub const MAX_PACKAGES: usize = 1_000;
/// The longest text on a shipment.
const LONGEST: usize = 200;

/// Packages that leave: those named, and the closed ones of the orders named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShipPackages {
    /// Packages.
    pub package_ids: Vec<PackageId>,
    /// Orders whose closed packages leave.
    pub order_ids: Vec<SalesOrderId>,
    /// The day on which they left; today when absent.
    pub happened_on: Option<Day>,
    /// Ship goods although their lot has expired.
    pub confirm_expired: bool,
}

/// What left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackagesShipped {
    /// One shipment for each order and warehouse.
    pub shipments: Vec<ShippedPackages>,
    /// Packages that had left before; nothing was done again.
    pub repeated: Vec<PackageId>,
}

/// A shipment with its packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShippedPackages {
    /// What was shipped.
    pub shipment: Shipped,
    /// The order's number.
    pub order_number: String,
    /// The numbers of its packages.
    pub packages: Vec<String>,
}

/// Why nothing was shipped, in order of precedence. All packages of a request leave, or none.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ShipPackagesError {
    /// No permission in any warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No packages are named.
    #[error("name packages, or orders whose packages leave")]
    Empty,
    /// Too many.
    #[error("the request names {count} packages and orders; name at most {MAX_PACKAGES} at once")]
    TooMany {
        /// How many it names.
        count: usize,
    },
    /// There is no such package.
    #[error("there is no package {package_id}")]
    NotFound {
        /// The id asked for.
        package_id: PackageId,
    },
    /// Nothing of an order is packed.
    #[error("order {order} has no closed package; pack what was picked for it")]
    NothingPacked {
        /// The order, by number if there is one.
        order: String,
    },
    /// A package is not ready.
    #[error("package {number} is {state}; close it before it leaves")]
    NotReady {
        /// The package.
        number: String,
        /// Where it stands.
        state: PackageState,
    },
    /// A set would leave in part.
    #[error(
        "line {line} of order {order} is a set, and its parts in the packages make no whole sets: {parts}"
    )]
    Uneven {
        /// The order.
        order: String,
        /// Its line.
        line: i64,
        /// How much of each part is packed, and of how much.
        parts: String,
    },
    /// The goods could not leave.
    #[error(transparent)]
    Ship(#[from] ShipError),
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RecordError> for ShipPackagesError {
    fn from(error: RecordError) -> ShipPackagesError {
        match error {
            RecordError::Number(error) => error.into(),
            RecordError::Store(error) => error.into(),
        }
    }
}

impl Rule for ShipPackagesError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ShipPackagesError::Denied(error) => error.problem(),
            ShipPackagesError::Empty => {
                Problem::invalid("no_packages", detail).with_field("package_ids")
            }
            ShipPackagesError::TooMany { .. } => {
                Problem::new(ProblemKind::TooLarge, "batch_too_large", detail)
            }
            ShipPackagesError::NotFound { .. } => Problem::not_found("package_not_found", detail),
            ShipPackagesError::NothingPacked { .. } => Problem::refused("nothing_packed", detail),
            ShipPackagesError::NotReady { .. } => {
                Problem::new(ProblemKind::Conflict, "package_not_ready", detail)
            }
            ShipPackagesError::Uneven { line, .. } => {
                Problem::refused("uneven_line", detail).with_line(u32::try_from(*line).unwrap_or(0))
            }
            ShipPackagesError::Ship(error) => error.problem(),
            ShipPackagesError::Number(error) => error.problem(),
            ShipPackagesError::Store(error) => error.problem(),
        }
    }
}

/// Ships packages: one shipment for each order and warehouse, in one transaction, from the places and
/// lots at which their goods were picked. A package that has left is not shipped again.
///
/// # Errors
/// The first broken rule in the order of [`ShipPackagesError`]; nothing has then left.
pub fn ship_packages(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ShipPackages,
) -> Result<PackagesShipped, ShipPackagesError> {
    ctx.require_somewhere(SHIP)?;
    let count = request.package_ids.len() + request.order_ids.len();
    if count == 0 {
        return Err(ShipPackagesError::Empty);
    }
    if count > MAX_PACKAGES {
        return Err(ShipPackagesError::TooMany { count });
    }
    let (named, orders) = (&request.package_ids, &request.order_ids);
    let found = tables::find_packages(tx, ctx.company_id, named, orders)?;
    all_found(tx, ctx, &request, &found)?;
    let orders: Vec<SalesOrderId> = found.values().copied().collect();
    let mut held = Held::of_orders(tx, ctx, &orders)?;
    let packages = tables::lock_packages(tx, ctx.company_id, found.into_keys())?;
    let (packages, repeated) = ready(packages)?;
    let contents = tables::packed_in(tx, ctx.company_id, packages.iter().map(|it| it.id))?;
    let orders: Vec<SalesOrderId> = packages.iter().map(|package| package.order_id).collect();
    let orders = sales::hold_unshipped(tx, ctx, &orders)?;
    let orders: BTreeMap<_, &Unshipped> = orders.iter().map(|it| (it.order_id, it)).collect();

    let mut shipments = Vec::new();
    for round in rounds(&packages) {
        let mut leaving = Vec::with_capacity(round.len());
        for parcel in &round {
            leaving.push(plan(&held, &orders, parcel, &contents, &request)?);
        }
        let (ships, from): (Vec<Ship>, Vec<Vec<Pick>>) = leaving.into_iter().unzip();
        let shipped = sales::ship_picked(tx, ctx, &ships, &from)?;
        for (parcel, shipment) in round.into_iter().zip(shipped) {
            shipments.push((parcel, shipment));
        }
    }
    record(tx, ctx, &mut held, &contents, &shipments)?;
    let shipments = shipments.into_iter().map(|(parcel, shipment)| ShippedPackages {
        order_number: orders.get(&parcel.order_id).map_or("", |it| it.number.as_str()).to_owned(),
        packages: parcel.packages.iter().map(|package| package.number.clone()).collect(),
        shipment,
    });
    Ok(PackagesShipped { shipments: shipments.collect(), repeated })
}

/// Whether all that was named is there.
fn all_found(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &ShipPackages,
    found: &BTreeMap<PackageId, SalesOrderId>,
) -> Result<(), ShipPackagesError> {
    if let Some(lost) = request.package_ids.iter().find(|id| !found.contains_key(id)) {
        return Err(ShipPackagesError::NotFound { package_id: *lost });
    }
    let packed: BTreeSet<SalesOrderId> = found.values().copied().collect();
    if let Some(order) = request.order_ids.iter().find(|id| !packed.contains(id)) {
        let number = tables::order_number(tx, ctx.company_id, *order)?;
        let order = number.unwrap_or_else(|| order.to_string());
        return Err(ShipPackagesError::NothingPacked { order });
    }
    Ok(())
}

/// Packages that can leave, and those that have.
fn ready(packages: Vec<Package>) -> Result<(Vec<Package>, Vec<PackageId>), ShipPackagesError> {
    let (mut ready, mut repeated) = (Vec::new(), Vec::new());
    for package in packages {
        match package.state {
            PackageState::Ready => ready.push(package),
            PackageState::Shipped => repeated.push(package.id),
            state => {
                return Err(ShipPackagesError::NotReady { number: package.number, state });
            }
        }
    }
    Ok((ready, repeated))
}

/// The packages of one shipment.
#[derive(Clone)]
struct Parcel<'p> {
    order_id: SalesOrderId,
    warehouse_id: WarehouseId,
    packages: Vec<&'p Package>,
}

/// Shipments, in rounds that have an order once each: what several warehouses packed of one order are
/// several shipments, one after the other.
fn rounds(packages: &[Package]) -> Vec<Vec<Parcel<'_>>> {
    let mut parcels: BTreeMap<(SalesOrderId, WarehouseId), Vec<&Package>> = BTreeMap::new();
    for package in packages {
        parcels.entry((package.order_id, package.warehouse_id)).or_default().push(package);
    }
    let mut rounds: Vec<Vec<Parcel<'_>>> = Vec::new();
    let mut last: Option<(SalesOrderId, usize)> = None;
    for ((order_id, warehouse_id), packages) in parcels {
        let round = last.filter(|(order, _)| *order == order_id).map_or(0, |(_, round)| round + 1);
        last = Some((order_id, round));
        if rounds.len() == round {
            rounds.push(Vec::new());
        }
        rounds[round].push(Parcel { order_id, warehouse_id, packages });
    }
    rounds
}

/// What leaves with the packages of one shipment: its lines, and where their goods were taken.
fn plan(
    held: &Held,
    orders: &BTreeMap<SalesOrderId, &Unshipped>,
    parcel: &Parcel<'_>,
    contents: &[Packed],
    request: &ShipPackages,
) -> Result<(Ship, Vec<Pick>), ShipPackagesError> {
    let order_id = parcel.order_id;
    let order = orders.get(&order_id).ok_or(ShipError::NotFound { order_id })?;
    let ids: BTreeSet<PackageId> = parcel.packages.iter().map(|package| package.id).collect();
    let quantities = sums(contents.iter().filter(|packed| ids.contains(&packed.package_id)))?;
    let (mut from, mut leaves) = (Vec::new(), BTreeMap::new());
    for Named { line, sku, .. } in &held.lines {
        let Some(quantity) = quantities.get(&line.id) else { continue };
        from.push(line.goods(*quantity));
        let of_line: &mut BTreeMap<ItemId, (Quantity, &str)> =
            leaves.entry(line.order_line_id).or_default();
        let (sum, _) = of_line.entry(line.item_id).or_insert((Quantity::ZERO, sku.as_str()));
        *sum = sum.checked_add(*quantity)?;
    }
    let mut lines = Vec::with_capacity(leaves.len());
    for (line_id, items) in leaves {
        let line = order.lines.iter().find(|line| line.line_id.raw() == line_id);
        let lost = || StoreError::Unusable("an order's line was not found again".to_owned());
        let line = line.ok_or_else(lost)?;
        let mut wanted: BTreeMap<ItemId, Quantity> = BTreeMap::new();
        for demand in order.demands.iter().filter(|demand| demand.line_id == line_id) {
            let sum = wanted.entry(demand.item_id).or_default();
            *sum = sum.checked_add(demand.quantity)?;
        }
        let leaving = |item: &ItemId| items.get(item).map_or(Quantity::ZERO, |(leaves, _)| *leaves);
        let shares: Vec<_> = wanted.iter().map(|(item, all)| (leaving(item), *all)).collect();
        let quantity = rules::share_of_line(line.quantity, &shares)?;
        let part = |(sku, leaves): (&str, Quantity)| format!("{leaves} of {sku}");
        let parts = || items.values().map(|(leaves, sku)| part((sku, *leaves)));
        let quantity = quantity.ok_or_else(|| ShipPackagesError::Uneven {
            order: order.number.clone(),
            line: line.line,
            parts: parts().collect::<Vec<_>>().join(", "),
        })?;
        let confirm_expired = request.confirm_expired;
        lines.push(ShipLine { line: line.line, quantity, confirm_expired });
    }
    let text = |word: fn(&Package) -> &String| joined(parcel.packages.iter().map(|it| word(it)));
    let ship = Ship {
        order_id,
        warehouse_id: Some(parcel.warehouse_id),
        lines: Some(lines),
        happened_on: request.happened_on,
        carrier: text(|package| &package.label.carrier),
        tracking: text(|package| &package.label.tracking),
        client_ref: None,
    };
    Ok((ship, from))
}

fn sums<'p>(
    contents: impl Iterator<Item = &'p Packed>,
) -> Result<BTreeMap<PickLineId, Quantity>, NumberError> {
    let mut sums: BTreeMap<PickLineId, Quantity> = BTreeMap::new();
    for packed in contents {
        let sum = sums.entry(packed.pick_line_id).or_default();
        *sum = sum.checked_add(packed.quantity)?;
    }
    Ok(sums)
}

/// Words that differ, as far as a shipment has room for them: the packages have all.
fn joined<'t>(texts: impl Iterator<Item = &'t String>) -> Option<String> {
    let mut all = String::new();
    let mut seen = BTreeSet::new();
    for text in texts.filter(|text| !text.is_empty()) {
        let more = if all.is_empty() { text.clone() } else { format!(", {text}") };
        let fits = all.chars().count() + more.chars().count() <= LONGEST;
        if fits && seen.insert(text) {
            all.push_str(&more);
        }
    }
    (!all.is_empty()).then_some(all)
}

/// Writes that the packages have left, and their goods with them.
fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &mut Held,
    contents: &[Packed],
    shipments: &[(Parcel<'_>, Shipped)],
) -> Result<(), ShipPackagesError> {
    let quantities = sums(contents.iter())?;
    for named in &mut held.lines {
        if let Some(quantity) = quantities.get(&named.line.id) {
            named.line.shipped = named.line.shipped.checked_add(*quantity)?;
        }
    }
    held.record(tx, ctx)?;
    let mut left = Vec::new();
    for (parcel, shipment) in shipments {
        let shipment_id: ShipmentId = shipment.shipment_id;
        for package in &parcel.packages {
            let package = Package {
                state: PackageState::Shipped,
                shipment_id: Some(shipment_id),
                ..Package::clone(package)
            };
            let detail = serde_json::json!({
                "number": package.number, "shipment": shipment.number,
                "carrier": package.label.carrier, "tracking": package.label.tracking,
            });
            ctx.audit(tx, SHIP_PACKAGES, PACKAGE, package.id.raw(), detail.clone());
            let revision = package.revision + 1;
            ctx.fact(tx, PACKAGE, package.id.raw(), revision, "picking.shipped", detail);
            left.push(package);
        }
    }
    Ok(tables::update_packages(tx, ctx.company_id, &left)?)
}
