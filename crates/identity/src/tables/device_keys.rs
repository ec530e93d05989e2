//! Device keys.

use super::statements::*;
use crate::ctx::Ctx;
use crate::secret::Secret;
use store::{StoreError, Tx, params};

/// The caller's key.
pub(crate) fn device_key(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Option<Secret>, StoreError> {
    let found = tx.query_opt(&DEVICE_KEY, params![ctx.company_id, ctx.user_id])?;
    let Some(row) = found else { return Ok(None) };
    let bytes: Vec<u8> = row.get(0)?;
    let secret = Secret::from_bytes(&bytes);
    secret.map(Some).ok_or_else(|| StoreError::Unusable("a device key is not of 32 bytes".into()))
}

/// Whether the caller had none: then this is it.
pub(crate) fn insert_device_key(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    secret: &Secret,
) -> Result<bool, StoreError> {
    let made = params![ctx.company_id, ctx.user_id, secret.as_bytes(), ctx.at];
    Ok(tx.query_opt(&INSERT_DEVICE_KEY, made)?.is_some())
}
