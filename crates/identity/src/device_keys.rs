//! Device keys: what a user's devices encrypt with what they keep for work without a network.
//!
//! A key is made once for a user in a company and stays the same, so that what lies on a device can be
//! read again after the next sign-in, there or elsewhere. It is handed to that user's own sessions and
//! to nobody else: not to a program with an API key, not to an administrator.

use crate::access::Caller;
use crate::ctx::Ctx;
use crate::grants::Permission;
use crate::secret::Secret;
use crate::tables;
use base::{Id, Problem, ProblemKind, Rule};
use store::{StoreError, Tx};

/// Making one's device key. No role gives it; a session of one's own does.
pub const MAKE_DEVICE_KEY: Permission = Permission("identity.make_device_key");

/// Why a device key was not handed out, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DeviceKeyError {
    /// The caller is a program.
    #[error("a device key is for a session of its user alone; sign in with a browser")]
    NoSession,
    /// There is none yet.
    #[error("you have no device key yet; take a shift along, which makes one")]
    NotMade,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DeviceKeyError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            DeviceKeyError::NoSession => (ProblemKind::Forbidden, "device_key_needs_session"),
            DeviceKeyError::NotMade => (ProblemKind::NotFound, "device_key_not_made"),
            DeviceKeyError::Store(error) => return error.problem(),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// Hands out the caller's own device key.
///
/// # Errors
/// [`DeviceKeyError`].
pub fn device_key(tx: &mut Tx<'_>, caller: &Caller) -> Result<Secret, DeviceKeyError> {
    let ctx = of_session(caller)?;
    tables::device_key(tx, ctx)?.ok_or(DeviceKeyError::NotMade)
}

/// Makes `fresh` the caller's own device key unless there is one, and hands out the one that holds.
///
/// # Errors
/// [`DeviceKeyError`], but for [`DeviceKeyError::NotMade`].
pub fn make_device_key(
    tx: &mut Tx<'_>,
    caller: &Caller,
    fresh: &Secret,
) -> Result<Secret, DeviceKeyError> {
    let ctx = of_session(caller)?;
    if tables::insert_device_key(tx, ctx, fresh)? {
        ctx.audit(tx, MAKE_DEVICE_KEY, "user", ctx.user_id.raw(), serde_json::json!({}));
    }
    tables::device_key(tx, ctx)?.ok_or(DeviceKeyError::NotMade)
}

fn of_session(caller: &Caller) -> Result<&Ctx, DeviceKeyError> {
    caller.session_id.map(|_| &caller.ctx).ok_or(DeviceKeyError::NoSession)
}
