//! Packages: their statements, and the functions that read and write them.

use super::*;
use crate::model::{Label, Package, Packed};
use base::{PackageId, ShipmentId};

store::statements! {
    /// What an order is called.
    ORDER_NUMBER = "select number from sales_order where company_id = $1 and id = $2";

    /// Packages by id, and those of orders that are closed and have not left.
    FIND_PACKAGES = "select k.id, k.order_id from {rows:d(id, of_order)}
        join picking_package as k on k.company_id = $1
            and ((d.of_order = 0 and k.id = d.id)
                or (d.of_order = 1 and k.order_id = d.id and k.state = 'ready'))
        order by k.id";

    /// Packages, held.
    LOCK_PACKAGES = "select k.id, k.number, k.order_id, k.warehouse_id, k.state, k.carrier,
            k.service, k.tracking, k.weight_grams, k.length_mm, k.width_mm, k.height_mm,
            k.shipment_id, k.revision
        from {rows:d(id)} join picking_package as k on k.company_id = $1 and k.id = d.id
        order by k.id {for_update:k}";

    /// Packages by number, held.
    LOCK_NUMBERED = "select k.id, k.number, k.order_id, k.warehouse_id, k.state, k.carrier,
            k.service, k.tracking, k.weight_grams, k.length_mm, k.width_mm, k.height_mm,
            k.shipment_id, k.revision
        from {rows:d(number text)}
        join picking_package as k on k.company_id = $1 and k.number = d.number
        order by k.id {for_update:k}";

    /// A package under the caller's name for it.
    PACKAGE_BY_REF = "select id from picking_package
        where company_id = $1 and client_ref = $2 and client_ref <> ''";

    /// What is in packages.
    PACKED_IN = "select g.package_id, g.pick_line_id, g.quantity from {rows:d(id)}
        join picking_package_line as g on g.company_id = $1 and g.package_id = d.id
        order by g.package_id, g.line";

    /// Writes a package.
    INSERT_PACKAGE = "insert into picking_package
        (company_id, id, number, order_id, warehouse_id, state, carrier, service, tracking,
         weight_grams, length_mm, width_mm, height_mm, shipment_id, client_ref, packed_at, user_id,
         revision)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14, $15, $16, 1)";

    /// Puts goods into a package.
    INSERT_PACKED = "insert into picking_package_line
        (company_id, package_id, line, pick_line_id, quantity)
        select $1, d.package_id, d.line, d.pick_line_id, d.quantity
        from {rows:d(package_id, line, pick_line_id, quantity)}";

    /// Where packages stand and what stands on them.
    UPDATE_PACKAGES = "update picking_package set state = d.state, carrier = d.carrier,
            service = d.service, tracking = d.tracking, weight_grams = d.weight_grams,
            length_mm = d.length_mm, width_mm = d.width_mm, height_mm = d.height_mm,
            shipment_id = d.shipment_id, revision = picking_package.revision + 1
        from {rows:d(id, state text, carrier text, service text, tracking text, weight_grams,
            length_mm, width_mm, height_mm, shipment_id, revision)}
        where picking_package.company_id = $1 and picking_package.id = d.id
            and picking_package.revision = d.revision";
}

/// What an order is called.
pub(crate) fn order_number(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    order_id: SalesOrderId,
) -> Result<Option<String>, StoreError> {
    let found = tx.query_opt(&ORDER_NUMBER, params![company_id, order_id])?;
    found.map(|row| row.get(0)).transpose()
}

/// Packages by id, and those of orders that are closed and have not left, with their orders.
pub(crate) fn find_packages(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    packages: &[PackageId],
    orders: &[SalesOrderId],
) -> Result<BTreeMap<PackageId, SalesOrderId>, StoreError> {
    let mut set = Rows::new(2);
    packages.iter().for_each(|id| set.push(row![id, 0_i64]));
    orders.iter().for_each(|id| set.push(row![id, 1_i64]));
    let found = tx.query(&FIND_PACKAGES, params![company_id; set])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

fn package(row: &Row) -> Result<Package, StoreError> {
    let shipment: i64 = row.get(12)?;
    Ok(Package {
        id: row.get(0)?,
        number: row.get(1)?,
        order_id: row.get(2)?,
        warehouse_id: row.get(3)?,
        state: row.get(4)?,
        label: Label {
            carrier: row.get(5)?,
            service: row.get(6)?,
            tracking: row.get(7)?,
            weight_grams: row.get(8)?,
            length_mm: row.get(9)?,
            width_mm: row.get(10)?,
            height_mm: row.get(11)?,
        },
        shipment_id: (shipment != 0).then(|| ShipmentId::from_raw(shipment)),
        revision: row.get(13)?,
    })
}

/// Packages, held.
pub(crate) fn lock_packages(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: impl IntoIterator<Item = PackageId>,
) -> Result<Vec<Package>, StoreError> {
    let ids: BTreeSet<PackageId> = ids.into_iter().collect();
    let found = tx.query(&LOCK_PACKAGES, params![company_id; Rows::column(ids)])?;
    found.iter().map(package).collect()
}

/// Packages by number, held.
pub(crate) fn lock_numbered<'n>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    numbers: impl IntoIterator<Item = &'n str>,
) -> Result<BTreeMap<String, Package>, StoreError> {
    // A NUL is in no stored text, and PostgreSQL refuses to be asked for one.
    let numbers: BTreeSet<&str> = numbers.into_iter().filter(|it| !it.contains('\0')).collect();
    let found = tx.query(&LOCK_NUMBERED, params![company_id; Rows::column(numbers)])?;
    let read = |row: &Row| package(row).map(|package| (package.number.clone(), package));
    found.iter().map(read).collect()
}

/// A package under the caller's name for it.
pub(crate) fn package_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<PackageId>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&PACKAGE_BY_REF, params![ctx.company_id, client_ref])?;
    found.map(|row| row.get(0)).transpose()
}

/// What is in packages, package by package.
pub(crate) fn packed_in(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    packages: impl IntoIterator<Item = PackageId>,
) -> Result<Vec<Packed>, StoreError> {
    let found = tx.query(&PACKED_IN, params![company_id; Rows::column(packages)])?;
    let read = |row: &Row| {
        Ok(Packed { package_id: row.get(0)?, pick_line_id: row.get(1)?, quantity: row.get(2)? })
    };
    found.iter().map(read).collect()
}

/// Writes a new package.
pub(crate) fn insert_package(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    new: &Package,
    client_ref: &str,
) -> Result<(), StoreError> {
    let label = &new.label;
    let rest = params![
        ctx.company_id,
        new.id,
        new.number,
        new.order_id,
        new.warehouse_id,
        new.state,
        label.carrier,
        label.service,
        label.tracking,
        label.weight_grams,
        label.length_mm,
        label.width_mm,
        label.height_mm,
        client_ref,
        ctx.at,
        ctx.user_id
    ];
    tx.write_exactly(1, &INSERT_PACKAGE, rest)
}

/// Puts goods into a package that has so many lines already.
pub(crate) fn insert_packed(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    lines: usize,
    goods: &[Packed],
) -> Result<(), StoreError> {
    let mut set = Rows::new(4);
    for (number, packed) in (lines + 1..).zip(goods) {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        set.push(row![packed.package_id, number, packed.pick_line_id, packed.quantity]);
    }
    tx.write_exactly(goods.len(), &INSERT_PACKED, params![company_id; set])
}

/// Writes where held packages stand and what stands on them; their revisions are raised.
pub(crate) fn update_packages<'p>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    packages: impl IntoIterator<Item = &'p Package>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(11);
    for package in packages {
        let label = &package.label;
        set.push(row![
            package.id,
            package.state,
            label.carrier,
            label.service,
            label.tracking,
            label.weight_grams,
            label.length_mm,
            label.width_mm,
            label.height_mm,
            package.shipment_id.map_or(0, Id::raw),
            package.revision
        ]);
    }
    tx.write_exactly(set.len(), &UPDATE_PACKAGES, params![company_id; set])
}
