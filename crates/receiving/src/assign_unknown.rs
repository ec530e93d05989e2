//! `assign_unknown`: somebody else sees to the goods, or by another day.

use crate::record_unknown::check_owner;
use crate::{ASSIGN_UNKNOWN, MATCH, UNKNOWN_GOODS, UnknownError, tables};
use base::{Day, Id, UnknownGoodsId, UserId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// Who sees to unknown goods, and by when.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignUnknown {
    /// The goods.
    pub unknown_goods_id: UnknownGoodsId,
    /// Who; as it is when left out.
    #[serde(default)]
    pub owner: Option<UserId>,
    /// By when; as it is when left out.
    #[serde(default)]
    pub due_on: Option<Day>,
}

/// Who sees to unknown goods now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownAssigned {
    /// The goods.
    pub unknown_goods_id: UnknownGoodsId,
    /// Who.
    pub owner: UserId,
    /// By when.
    pub due_on: Day,
}

/// Gives unknown goods to somebody.
///
/// # Errors
/// The first broken rule in the order of [`UnknownError`].
pub fn assign_unknown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AssignUnknown,
) -> Result<UnknownAssigned, UnknownError> {
    let mut goods = tables::lock_waiting(tx, ctx, request.unknown_goods_id, MATCH)?;
    if let Some(owner) = request.owner {
        goods.owner_id = check_owner(tx, ctx, owner)?;
    }
    goods.due_on = request.due_on.unwrap_or(goods.due_on);
    tables::update_unknown(tx, ctx, &mut goods)?;
    let detail = serde_json::json!({
        "number": goods.number, "owner": goods.owner_id, "due_on": goods.due_on,
    });
    ctx.audit(tx, ASSIGN_UNKNOWN, UNKNOWN_GOODS, goods.id.raw(), detail.clone());
    let name = "receiving.unknown_assigned";
    ctx.fact(tx, UNKNOWN_GOODS, goods.id.raw(), goods.seq, name, detail);
    Ok(UnknownAssigned { unknown_goods_id: goods.id, owner: goods.owner_id, due_on: goods.due_on })
}
