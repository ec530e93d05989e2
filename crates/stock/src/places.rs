//! `create_warehouse`, `create_place`: where goods can lie.

use crate::model::PlaceKind;
use crate::tables;
use base::{
    CompanyId, Id, PlaceId, PoolId, Problem, Rule, TextError, WarehouseId, check_code, check_text,
};
use identity::{Ctx, Denied, Permission};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// May create warehouses and places.
pub const EDIT_PLACES: Permission = Permission("stock.edit_places");

/// A warehouse and the places that its documents use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warehouse {
    /// Its id.
    pub warehouse_id: WarehouseId,
    /// Its code, the first part of its places' paths.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The pool in which its goods are valued.
    pub pool_id: PoolId,
    /// Where receipts come in.
    pub input: PlaceId,
    /// Where goods lie by default.
    pub stock: PlaceId,
    /// Where goods wait for a decision.
    pub quarantine: PlaceId,
    /// Where received goods come from.
    pub supplier: PlaceId,
    /// Where shipped goods go.
    pub customer: PlaceId,
    /// Where lost goods go and found goods come from.
    pub loss: PlaceId,
    /// Where goods on their way are.
    pub transit: PlaceId,
    /// In how many steps it receives: 1 into stock, 2 into the input place first.
    pub receipt_steps: i64,
}

impl Warehouse {
    /// Where goods lie when they were just received.
    #[must_use]
    pub const fn arrivals(&self) -> PlaceId {
        if self.receipt_steps == 2 { self.input } else { self.stock }
    }
}

/// A new warehouse.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWarehouse {
    /// A short code without a slash, such as `WH`.
    pub code: String,
    /// A name for people.
    pub name: String,
}

/// A new place inside another.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePlace {
    /// The path of the place around it, such as `WH/Stock`.
    pub parent: String,
    /// Its own code without a slash, such as `A-01`.
    pub code: String,
}

/// A place as made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlaceCreated {
    /// Its id.
    pub place_id: PlaceId,
    /// Its path.
    pub path: String,
}

/// Why a place was not made.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum PlaceError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A code or name that cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A code with a slash.
    #[error("the code {0:?} contains a slash; slashes separate places in a path")]
    Slash(String),
    /// The place around it does not exist.
    #[error("there is no place {0:?}; create it first")]
    UnknownParent(String),
    /// The path is in use.
    #[error("{0:?} exists already; choose another code")]
    Exists(String),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PlaceError {
    fn problem(&self) -> Problem {
        let code = match self {
            PlaceError::Denied(denied) => return denied.problem(),
            PlaceError::Text(error) => return error.problem(),
            PlaceError::Store(error) => return error.problem(),
            PlaceError::Slash(_) => "slash_in_code",
            PlaceError::UnknownParent(_) => "unknown_place",
            PlaceError::Exists(_) => "place_exists",
        };
        Problem::refused(code, self.to_string())
    }
}

/// Makes a warehouse with its input, stock and quarantine places. The first warehouse of a company
/// also makes the places outside: supplier, customer, loss and transit. By the policy
/// `valuation_pool` all warehouses share one pool, so that an item has one cost in the company, or
/// each that is made from now on has a pool of its own, with a transit place in which what it sent
/// keeps its cost.
///
/// # Errors
/// The first broken rule in the order of [`PlaceError`].
pub fn create_warehouse(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CreateWarehouse,
) -> Result<Warehouse, PlaceError> {
    ctx.require(EDIT_PLACES)?;
    check_place_code(&request.code)?;
    check_text("name", &request.name, 200)?;
    if find_place(tx, ctx.company_id, &request.code)?.is_some() {
        return Err(PlaceError::Exists(request.code));
    }
    let alone = identity::policies(tx, ctx.company_id)?.is("valuation_pool", "warehouse");
    let outside = Outside::find_or_make(tx, ctx)?;
    let warehouse_id: WarehouseId = tx.id()?;
    let root: PlaceId = tx.id()?;
    let pool_id = if alone { tx.id()? } else { outside.pool };
    let inside = |tx: &mut Tx<'_>| tx.id::<PlaceId>();
    let (input, stock, quarantine) = (inside(tx)?, inside(tx)?, inside(tx)?);
    let transit = if alone { inside(tx)? } else { outside.transit };
    let code = request.code;
    let mut set = Rows::new(8);
    let mut place = |id: PlaceId, parent: i64, own: &str, kind: PlaceKind, class: &str| {
        let path = if own == code { code.clone() } else { format!("{code}/{own}") };
        set.push(row![id, parent, warehouse_id, pool_id, own, path, kind.as_str(), class]);
    };
    place(root, 0, &code, PlaceKind::Internal, "normal");
    place(input, root.raw(), "Input", PlaceKind::Internal, "normal");
    place(stock, root.raw(), "Stock", PlaceKind::Internal, "normal");
    place(quarantine, root.raw(), "Quarantine", PlaceKind::Internal, "quarantine");
    if alone {
        place(transit, root.raw(), "Transit", PlaceKind::Transit, "transit");
    }
    tx.write(&tables::INSERT_PLACES, params![ctx.company_id; set])?;
    let made = Warehouse {
        warehouse_id,
        code,
        name: request.name,
        pool_id,
        input,
        stock,
        quarantine,
        supplier: outside.supplier,
        customer: outside.customer,
        loss: outside.loss,
        transit,
        receipt_steps: 1,
    };
    insert_warehouse(tx, ctx, &made)?;
    let detail = serde_json::json!({ "code": made.code, "name": made.name });
    ctx.audit(tx, EDIT_PLACES, "warehouse", warehouse_id.raw(), detail);
    Ok(made)
}

fn insert_warehouse(tx: &mut Tx<'_>, ctx: &Ctx, w: &Warehouse) -> Result<(), StoreError> {
    tx.write(
        &tables::INSERT_WAREHOUSE,
        params![
            ctx.company_id,
            w.warehouse_id,
            w.code,
            w.name,
            w.pool_id,
            w.input,
            w.stock,
            w.quarantine,
            w.supplier,
            w.customer,
            w.loss,
            w.transit
        ],
    )
}

fn check_place_code(code: &str) -> Result<(), PlaceError> {
    check_code("code", code)?;
    if code.contains('/') {
        return Err(PlaceError::Slash(code.to_owned()));
    }
    Ok(())
}

/// The places outside every warehouse.
struct Outside {
    supplier: PlaceId,
    customer: PlaceId,
    loss: PlaceId,
    transit: PlaceId,
    pool: PoolId,
}

impl Outside {
    fn find(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Option<Outside>, StoreError> {
        let mut found: BTreeMap<PlaceKind, (PlaceId, PoolId)> = BTreeMap::new();
        for row in &tx.query(&tables::PLACES_OUTSIDE, params![ctx.company_id])? {
            found.insert(tables::parse_kind(&row.get::<String>(1)?)?, (row.get(0)?, row.get(2)?));
        }
        let of = |kind| found.get(&kind).copied();
        Ok(of(PlaceKind::Supplier)
            .zip(of(PlaceKind::Customer))
            .zip(of(PlaceKind::Loss).zip(of(PlaceKind::Transit)))
            .map(|((supplier, customer), (loss, transit))| Outside {
                supplier: supplier.0,
                customer: customer.0,
                loss: loss.0,
                transit: transit.0,
                pool: transit.1,
            }))
    }

    fn find_or_make(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Outside, StoreError> {
        if let Some(found) = Outside::find(tx, ctx)? {
            return Ok(found);
        }
        let pool: PoolId = tx.id()?;
        let mut set = Rows::new(8);
        let mut outside =
            |kind: PlaceKind, name: &str, class: &str| -> Result<PlaceId, StoreError> {
                let id: PlaceId = tx.id()?;
                set.push(row![id, 0_i64, 0_i64, pool, name, name, kind.as_str(), class]);
                Ok(id)
            };
        let made = Outside {
            supplier: outside(PlaceKind::Supplier, "Supplier", "normal")?,
            customer: outside(PlaceKind::Customer, "Customer", "normal")?,
            loss: outside(PlaceKind::Loss, "Loss", "normal")?,
            transit: outside(PlaceKind::Transit, "Transit", "transit")?,
            pool,
        };
        tx.write(&tables::INSERT_PLACES, params![ctx.company_id; set])?;
        Ok(made)
    }
}

/// Makes a place inside another; it inherits the other's warehouse, pool and class.
///
/// # Errors
/// The first broken rule in the order of [`PlaceError`].
pub fn create_place(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CreatePlace,
) -> Result<PlaceCreated, PlaceError> {
    ctx.require(EDIT_PLACES)?;
    check_place_code(&request.code)?;
    let Some(parent) = find_place(tx, ctx.company_id, &request.parent)? else {
        return Err(PlaceError::UnknownParent(request.parent));
    };
    let path = format!("{}/{}", parent.path, request.code);
    if find_place(tx, ctx.company_id, &path)?.is_some() {
        return Err(PlaceError::Exists(path));
    }
    let place_id: PlaceId = tx.id()?;
    let mut set = Rows::new(8);
    set.push(row![
        place_id,
        parent.place_id,
        parent.warehouse_id,
        parent.pool_id,
        request.code,
        path,
        parent.kind.as_str(),
        parent.class
    ]);
    tx.write(&tables::INSERT_PLACES, params![ctx.company_id; set])?;
    ctx.audit(tx, EDIT_PLACES, "place", place_id.raw(), serde_json::json!({ "path": path }));
    Ok(PlaceCreated { place_id, path })
}

/// A place as others need to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPlace {
    /// Its id.
    pub place_id: PlaceId,
    /// Its warehouse, none outside.
    pub warehouse_id: WarehouseId,
    /// The pool in which its goods are valued.
    pub pool_id: PoolId,
    /// Its path.
    pub path: String,
    /// What it stands for.
    pub kind: PlaceKind,
    /// Its class of stock.
    pub class: valuation::Class,
}

/// The place of a path.
///
/// # Errors
/// The store's own.
pub fn find_place(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    path: &str,
) -> Result<Option<FoundPlace>, StoreError> {
    let found = tx.query_opt(&tables::FIND_PLACE, params![company_id, path])?;
    found.as_ref().map(read_place).transpose()
}

/// The places in use of these paths, in one statement. Paths of no such place are left out.
///
/// # Errors
/// The store's own.
pub fn find_places<'p>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    paths: impl IntoIterator<Item = &'p str>,
) -> Result<BTreeMap<String, FoundPlace>, StoreError> {
    // A NUL is in no stored text, and PostgreSQL refuses to be asked for one.
    let paths: BTreeSet<&str> = paths.into_iter().filter(|path| !path.contains('\0')).collect();
    if paths.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = tx.query(&tables::FIND_PLACES, params![company_id; Rows::column(paths)])?;
    let read = |row: &Row| read_place(row).map(|place| (place.path.clone(), place));
    found.iter().map(read).collect()
}

fn read_place(row: &Row) -> Result<FoundPlace, StoreError> {
    Ok(FoundPlace {
        place_id: row.get(0)?,
        warehouse_id: row.get(1)?,
        pool_id: row.get(2)?,
        path: row.get(3)?,
        kind: tables::parse_kind(&row.get::<String>(4)?)?,
        class: row.get(5)?,
    })
}

/// A warehouse by id.
///
/// # Errors
/// The store's own.
pub fn warehouse(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    warehouse_id: WarehouseId,
) -> Result<Option<Warehouse>, StoreError> {
    let found = tx.query_opt(
        &tables::FIND_WAREHOUSE,
        params![company_id, warehouse_id, store::Value::Null],
    )?;
    found.as_ref().map(read_warehouse).transpose()
}

/// A warehouse by code.
///
/// # Errors
/// The store's own.
pub fn warehouse_by_code(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    code: &str,
) -> Result<Option<Warehouse>, StoreError> {
    let found =
        tx.query_opt(&tables::FIND_WAREHOUSE, params![company_id, store::Value::Null, code])?;
    found.as_ref().map(read_warehouse).transpose()
}

/// All warehouses by code.
///
/// # Errors
/// The store's own.
pub fn warehouses(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<Warehouse>, StoreError> {
    tx.query(&tables::LIST_WAREHOUSES, params![company_id])?.iter().map(read_warehouse).collect()
}

fn read_warehouse(row: &Row) -> Result<Warehouse, StoreError> {
    Ok(Warehouse {
        warehouse_id: row.get(0)?,
        code: row.get(1)?,
        name: row.get(2)?,
        pool_id: row.get(3)?,
        input: row.get(4)?,
        stock: row.get(5)?,
        quarantine: row.get(6)?,
        supplier: row.get(7)?,
        customer: row.get(8)?,
        loss: row.get(9)?,
        transit: row.get(10)?,
        receipt_steps: row.get(11)?,
    })
}
