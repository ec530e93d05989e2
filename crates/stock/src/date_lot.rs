//! `date_lot`: the days of a lot are set right when somebody read another day off the goods.

use crate::lots::LotDates;
use crate::tables;
use base::{Day, Id, LotId, Problem, Quantity, Rule, TextError, check_text};
use identity::{Ctx, Denied, Permission};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, params};
use utoipa::ToSchema;

/// May set the days of lots right.
pub const DATE_LOT: Permission = Permission("stock.date_lot");
/// A lot, in the audit trail.
const LOT: &str = "lot";

/// A request to set the days of a lot right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DateLot {
    /// The item's SKU.
    pub sku: String,
    /// The lot's code.
    pub lot: String,
    /// The last day it keeps, as it stands on the goods. Absent, nobody knows: the days then follow
    /// from how long the item keeps and the day the lot was first seen.
    #[serde(default)]
    pub expires_on: Option<Day>,
    /// Why.
    pub reason: String,
}

/// The days of a lot as they are now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotDated {
    /// The lot.
    pub lot_id: LotId,
    /// The last day it keeps; none when nobody knows or it keeps for ever.
    pub expires_on: Option<Day>,
    /// The last day it is best.
    pub best_before: Option<Day>,
    /// The last day it is picked.
    pub remove_by: Option<Day>,
    /// When somebody should look at it.
    pub alert_on: Option<Day>,
    /// Whether the expiry was read off the goods.
    pub stated: bool,
    /// How much of it is kept for demands although it is picked no more: reserve other goods for them,
    /// or ship it with a confirmation.
    pub kept_past: Quantity,
    /// Whether it had these days before: nothing was written.
    pub repeated: bool,
}

/// Why the days stay as they are, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DateLotError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A reason that cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No such item.
    #[error("there is no item {sku:?}")]
    UnknownItem {
        /// What was asked.
        sku: String,
    },
    /// The item has no such lot.
    #[error("item {sku} has no lot {lot:?}; lots come with the goods that are received")]
    UnknownLot {
        /// The item.
        sku: String,
        /// What was asked.
        lot: String,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DateLotError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            DateLotError::Denied(error) => error.problem(),
            DateLotError::Text(error) => error.problem(),
            DateLotError::UnknownItem { .. } => {
                Problem::not_found("item_not_found", detail).with_field("sku")
            }
            DateLotError::UnknownLot { .. } => {
                Problem::not_found("lot_not_found", detail).with_field("lot")
            }
            DateLotError::Store(error) => error.problem(),
        }
    }
}

/// Sets the days of a lot right, stated or not, also against what was stated before; the audit trail
/// keeps both and the reason. What is kept of the lot stays kept: the answer tells how much of it is
/// picked no more.
///
/// # Errors
/// The first broken rule in the order of [`DateLotError`].
pub fn date_lot(tx: &mut Tx<'_>, ctx: &Ctx, request: DateLot) -> Result<LotDated, DateLotError> {
    ctx.require(DATE_LOT)?;
    let DateLot { sku, lot, expires_on, reason } = request;
    if reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    check_text("reason", &reason, 500)?;
    let items = catalog::items_by_sku(tx, ctx.company_id, &[sku.as_str()])?;
    let item = items.get(&sku).ok_or_else(|| DateLotError::UnknownItem { sku: sku.clone() })?;
    let key = params![ctx.company_id, item.id, &lot];
    let found = tx.query_opt(&tables::LOCK_LOT, key)?;
    let row = found.ok_or(DateLotError::UnknownLot { sku: sku.clone(), lot: lot.clone() })?;
    let (lot_id, received_on): (LotId, Day) = (row.get(0)?, row.get(1)?);
    let before = tables::lot_dates(&row, 2)?;
    let dates = LotDates::of(item, expires_on, received_on);
    let repeated = dates == before;
    if !repeated {
        tables::set_lot_dates(tx, ctx.company_id, lot_id, &dates)?;
        let detail = serde_json::json!({
            "sku": sku,
            "lot": lot,
            "reason": reason,
            "from": { "expires_on": before.expires_on, "stated": before.stated },
            "to": { "expires_on": dates.expires_on, "stated": dates.stated },
        });
        ctx.audit(tx, DATE_LOT, LOT, lot_id.raw(), detail);
    }
    let past = dates.remove_by.is_some_and(|day| day < ctx.today);
    let kept = tables::kept_of_lot(tx, ctx.company_id, (item.id, lot_id))?;
    Ok(LotDated {
        lot_id,
        expires_on: dates.expires_on,
        best_before: dates.best_before,
        remove_by: dates.remove_by,
        alert_on: dates.alert_on,
        stated: dates.stated,
        kept_past: if past { kept } else { Quantity::ZERO },
        repeated,
    })
}
