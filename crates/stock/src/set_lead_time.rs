//! `set_lead_time`: how long goods are on their way from one warehouse to another.

use crate::places::{EDIT_PLACES, Warehouse};
use crate::tables;
use crate::transfer::TransferError;
use crate::views::{ListError, READ};
use base::{Id, Page, Paging};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// The days from one warehouse to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferLeadTime {
    /// The code of the warehouse that goods leave.
    pub from: String,
    /// The code of the warehouse that they go to.
    pub to: String,
    /// Calendar days, 0 to 366.
    pub days: i64,
}

/// Sets how long goods are on their way; the other direction is a lead time of its own. Transfers
/// planned before keep their days.
///
/// # Errors
/// The first broken rule in the order of [`TransferError`].
pub fn set_lead_time(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: TransferLeadTime,
) -> Result<TransferLeadTime, TransferError> {
    ctx.require(EDIT_PLACES)?;
    let (from, to) = ends(tx, ctx, &request.from, &request.to)?;
    if !(0..=366).contains(&request.days) {
        return Err(TransferError::BadLeadTime { days: request.days });
    }
    tx.write(
        &tables::SET_LEAD_TIME,
        params![ctx.company_id, from.warehouse_id, to.warehouse_id, request.days],
    )?;
    let detail = serde_json::json!({ "from": from.code, "to": to.code, "days": request.days });
    ctx.audit(tx, EDIT_PLACES, "warehouse", from.warehouse_id.raw(), detail);
    Ok(request)
}

/// The two ends of a transfer.
pub(crate) fn ends(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    from: &str,
    to: &str,
) -> Result<(Warehouse, Warehouse), TransferError> {
    let mut find = |code: &str| {
        let found = crate::warehouse_by_code(tx, ctx.company_id, code)?;
        found.ok_or_else(|| TransferError::UnknownWarehouse { code: code.to_owned() })
    };
    let ends = (find(from)?, find(to)?);
    if ends.0.warehouse_id == ends.1.warehouse_id {
        return Err(TransferError::SameWarehouse { code: ends.0.code });
    }
    Ok(ends)
}

/// Which lead times.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TransferLeadTimeFilter {
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Lead times between warehouses, by code. What is not listed takes no time.
///
/// # Errors
/// See [`ListError`].
pub fn list_lead_times(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: TransferLeadTimeFilter,
) -> Result<Page<TransferLeadTime>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (from, to): (String, String) = paging.after(Default::default())?;
    let found =
        tx.query(&tables::LIST_LEAD_TIMES, params![ctx.company_id, from, to, paging.limit()])?;
    let read =
        |row: &Row| Ok(TransferLeadTime { from: row.get(0)?, to: row.get(1)?, days: row.get(2)? });
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line| (line.from.clone(), line.to.clone())))
}
