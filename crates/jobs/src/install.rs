//! `install_jobs`: a new company has its jobs from its first moment on.

use crate::tables;
use identity::Ctx;
use store::{StoreError, Tx};

/// Gives a company the jobs that it has not, as they are by default. Those that it has stay as they are.
/// For whoever sets a company up; a server does the same for one that lacks some.
///
/// # Errors
/// Those of the engine.
pub fn install_jobs(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), StoreError> {
    tables::begin(tx, ctx.company_id, &ctx.zone, ctx.at)
}
