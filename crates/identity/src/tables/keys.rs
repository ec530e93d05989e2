//! API keys.

use super::grants::pattern;
use super::statements::*;
use crate::api_keys::CreateApiKey;
use crate::ctx::Ctx;
use crate::rules::Pattern;
use crate::secret::Digest;
use crate::views::{ApiKeyRow, MOST_ROWS};
use base::{ApiKeyId, CompanyId, Day, Id, Timestamp, UserId};
use store::{Rows, StoreError, Tx, params};

/// A key as it is stored.
pub(crate) struct ApiKey {
    pub company_id: CompanyId,
    pub user_id: UserId,
    pub digest: Vec<u8>,
    pub expires_on: Day,
    pub last_used_on: Option<Day>,
    pub revoked: bool,
    /// What it may do.
    pub scopes: Vec<Pattern>,
}

pub(crate) fn insert_api_key(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    api_key_id: ApiKeyId,
    user_id: UserId,
    request: &CreateApiKey,
    digest: &Digest,
) -> Result<(), StoreError> {
    let CreateApiKey { name, expires_on, .. } = request;
    tx.write(
        &INSERT_API_KEY,
        params![ctx.company_id, api_key_id, user_id, name, digest.0, ctx.today, expires_on],
    )
}

pub(crate) fn insert_scopes(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    api_key_id: ApiKeyId,
    scopes: Rows,
) -> Result<(), StoreError> {
    tx.write(&INSERT_SCOPES, params![company_id, api_key_id; scopes])
}

pub(crate) fn api_key(tx: &mut Tx<'_>, api_key_id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
    let rows = tx.query(&API_KEY, params![api_key_id])?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(ApiKey {
        company_id: row.get(0)?,
        user_id: row.get(1)?,
        digest: row.get(2)?,
        expires_on: row.get(3)?,
        last_used_on: row.get(4)?,
        revoked: row.get(5)?,
        scopes: rows.iter().map(|row| pattern(row, 6)).collect::<Result<_, _>>()?,
    }))
}

/// Whether the key stops by this: one that was revoked before does not.
pub(crate) fn revoke_api_key(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    api_key_id: ApiKeyId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.query_opt(&REVOKE_API_KEY, params![company_id, api_key_id, at])?.is_some())
}

pub(crate) fn touch_api_key(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    api_key_id: ApiKeyId,
    on: Day,
) -> Result<(), StoreError> {
    tx.write(&TOUCH_API_KEY, params![company_id, api_key_id, on])
}

pub(crate) fn api_keys(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: Option<UserId>,
) -> Result<Vec<ApiKeyRow>, StoreError> {
    let mut found: Vec<ApiKeyRow> = Vec::new();
    let user_id = user_id.map_or(0, Id::raw);
    for row in tx.query(&API_KEYS, params![company_id, user_id])? {
        let api_key_id = row.get(0)?;
        if found.last().is_none_or(|last| last.api_key_id != api_key_id) {
            if found.len() as i64 == MOST_ROWS {
                break;
            }
            found.push(ApiKeyRow {
                api_key_id,
                name: row.get(1)?,
                user_id: row.get(2)?,
                login: row.get(3)?,
                scopes: Vec::new(),
                created_on: row.get(4)?,
                expires_on: row.get(5)?,
                last_used_on: row.get(6)?,
                revoked_at: row.get(7)?,
            });
        }
        if let Some(last) = found.last_mut() {
            last.scopes.push(row.get(8)?);
        }
    }
    Ok(found)
}
