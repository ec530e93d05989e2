//! Roles and who holds them.

use super::statements::*;
use crate::ctx::Ctx;
use crate::model::Company;
use crate::rules::Pattern;
use crate::views::{GrantRow, MOST_ROWS, RoleRow};
use base::{CompanyId, Id, Money, RoleId, Timestamp, UserId, WarehouseId};
use store::{Row, Rows, StoreError, Tx, params};

/// One pattern of one role that a user holds.
pub(crate) struct HeldPattern {
    pub role_id: RoleId,
    pub warehouse_id: Option<WarehouseId>,
    pub limit: Option<i64>,
    pub pattern: Pattern,
}

/// A role for a user.
pub(crate) struct Granting {
    pub company_id: CompanyId,
    pub user_id: UserId,
    pub role_id: RoleId,
    pub warehouse_id: Option<WarehouseId>,
    pub limit: Option<i64>,
    pub by: UserId,
    pub at: Timestamp,
}

pub(crate) fn insert_roles(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    roles: Rows,
) -> Result<(), StoreError> {
    tx.write(&INSERT_ROLES, params![company_id; roles])
}

pub(crate) fn insert_patterns(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    patterns: Rows,
) -> Result<(), StoreError> {
    tx.write(&INSERT_PATTERNS, params![company_id; patterns])
}

pub(crate) fn delete_patterns(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    role_id: RoleId,
) -> Result<(), StoreError> {
    tx.write(&DELETE_PATTERNS, params![company_id, role_id])
}

pub(crate) fn role_named(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    name: &str,
) -> Result<Option<RoleId>, StoreError> {
    tx.query_opt(&ROLE_NAMED, params![company_id, name])?.map(|row| row.get(0)).transpose()
}

pub(crate) fn patterns_of_role(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    role_id: RoleId,
) -> Result<Vec<Pattern>, StoreError> {
    let rows = tx.query(&PATTERNS_OF_ROLE, params![company_id, role_id])?;
    rows.iter().map(|row| pattern(row, 0)).collect()
}

pub(crate) fn roles(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<RoleRow>, StoreError> {
    let mut found: Vec<RoleRow> = Vec::new();
    for row in tx.query(&ROLES, params![company_id])? {
        let role_id = row.get(0)?;
        if found.last().is_none_or(|last| last.role_id != role_id) {
            found.push(RoleRow {
                role_id,
                name: row.get(1)?,
                built_in: row.get(2)?,
                permissions: Vec::new(),
                second_factor: row.get(4)?,
            });
        }
        if let Some(last) = found.last_mut() {
            last.permissions.push(row.get(3)?);
        }
    }
    Ok(found)
}

/// The company with the patterns that an active user holds there; nothing without any.
pub(crate) fn held_patterns(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
) -> Result<Option<(Company, Vec<HeldPattern>)>, StoreError> {
    let rows = tx.query(&HELD_PATTERNS, params![company_id, user_id])?;
    let Some(first) = rows.first() else { return Ok(None) };
    let held = |row: &Row| {
        Ok(HeldPattern {
            role_id: row.get(5)?,
            warehouse_id: warehouse(row, 6)?,
            limit: row.get(7)?,
            pattern: pattern(row, 8)?,
        })
    };
    let patterns = rows.iter().map(held).collect::<Result<_, StoreError>>()?;
    Ok(Some((super::companies::read(first)?, patterns)))
}

/// The patterns that active users hold in a company, by user and grant.
pub(crate) fn held_patterns_of(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    users: &[UserId],
) -> Result<Vec<(UserId, HeldPattern)>, StoreError> {
    let rows = tx.query(&HELD_PATTERNS_OF, params![company_id; Rows::column(users)])?;
    let held = |row: &Row| {
        let held = HeldPattern {
            role_id: row.get(1)?,
            warehouse_id: warehouse(row, 2)?,
            limit: row.get(3)?,
            pattern: pattern(row, 4)?,
        };
        Ok((row.get(0)?, held))
    };
    rows.iter().map(held).collect()
}

/// Everybody who may act in a company.
pub(crate) struct Member {
    pub user_id: UserId,
    pub login: String,
    pub display_name: String,
}

/// The active users who hold a role in a company, by login.
pub(crate) fn members(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<Member>, StoreError> {
    let member = |row: &Row| {
        Ok(Member { user_id: row.get(0)?, login: row.get(1)?, display_name: row.get(2)? })
    };
    tx.query(&MEMBERS, params![company_id])?.iter().map(member).collect()
}

pub(crate) fn upsert_grant(tx: &mut Tx<'_>, grant: &Granting) -> Result<(), StoreError> {
    let Granting { company_id, user_id, role_id, warehouse_id, limit, by, at } = grant;
    let warehouse_id = warehouse_id.map_or(0, Id::raw);
    tx.write(&UPSERT_GRANT, params![company_id, user_id, role_id, warehouse_id, limit, by, at])
}

/// Takes a role away and says whether it was held.
pub(crate) fn delete_grant(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
    role_id: RoleId,
    warehouse_id: Option<WarehouseId>,
) -> Result<bool, StoreError> {
    let warehouse_id = warehouse_id.map_or(0, Id::raw);
    let gone = tx.query_opt(&DELETE_GRANT, params![company_id, user_id, role_id, warehouse_id])?;
    Ok(gone.is_some())
}

pub(crate) fn grants(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    user_id: Option<UserId>,
) -> Result<Vec<GrantRow>, StoreError> {
    let user_id = user_id.map_or(0, Id::raw);
    let rows = tx.query(&GRANTS, params![ctx.company_id, user_id, MOST_ROWS])?;
    rows.iter()
        .map(|row| {
            let limit: Option<i64> = row.get(4)?;
            Ok(GrantRow {
                user_id: row.get(0)?,
                login: row.get(1)?,
                role: row.get(2)?,
                warehouse_id: warehouse(row, 3)?,
                amount_limit: limit.map(|limit| Money::new(limit, ctx.currency)),
                granted_by: row.get(5)?,
                granted_at: row.get(6)?,
            })
        })
        .collect()
}

fn warehouse(row: &Row, column: usize) -> Result<Option<WarehouseId>, StoreError> {
    let id: WarehouseId = row.get(column)?;
    Ok(Some(id).filter(|id| id.raw() != 0))
}

pub(super) fn pattern(row: &Row, column: usize) -> Result<Pattern, StoreError> {
    row.get::<String>(column).map(Pattern::from_stored)
}
