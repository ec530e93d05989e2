//! Who is signed in, for whoever shows it.

use crate::ctx::Ctx;
use crate::tables;
use base::{CompanyId, Currency, Day, Timestamp, UserId, Zone};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Who is signed in, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The user.
    pub user_id: UserId,
    /// The login.
    pub login: String,
    /// The name.
    pub display_name: String,
    /// The company in whose books the user works.
    pub company_id: CompanyId,
    /// Its name.
    pub company: String,
    /// The currency of its books.
    pub currency: Currency,
    /// Its time zone.
    pub zone: Zone,
    /// The day that it is there.
    pub today: Day,
    /// The moment that it is, by the server's clock.
    pub now: Timestamp,
}

/// Tells a caller who he is. One's own name needs no permission.
///
/// # Errors
/// Those of the store.
pub fn me(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Me, StoreError> {
    let (login, display_name, company) = tables::names(tx, ctx.company_id, ctx.user_id)?;
    Ok(Me {
        user_id: ctx.user_id,
        login,
        display_name,
        company_id: ctx.company_id,
        company,
        currency: ctx.currency,
        zone: ctx.zone.clone(),
        today: ctx.today,
        now: ctx.at,
    })
}
