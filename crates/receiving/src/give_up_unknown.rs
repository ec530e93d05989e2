//! `give_up_unknown`: the goods never become ours. They go back to whoever brought them, or are
//! disposed of, with a reason. Neither stock nor the books knew of them.

use crate::receive_unknown::{end, part};
use crate::tables::NewEnd;
use crate::words::{Leaving, UnknownState};
use crate::{GIVE_UP_UNKNOWN, SETTLE, UnknownError, tables};
use base::{Quantity, TextError, UnknownGoodsId, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// Unknown goods that leave.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveUpUnknown {
    /// The goods.
    pub unknown_goods_id: UnknownGoodsId,
    /// How: `returned` or `disposed`.
    pub how: Leaving,
    /// How much; all that waits when left out.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// Why, and to whom, 1 to 500 characters.
    pub reason: String,
}

/// Unknown goods of which a part ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownEnded {
    /// The goods.
    pub unknown_goods_id: UnknownGoodsId,
    /// How much of them still waits.
    pub waiting: Quantity,
    /// Whether anything still waits.
    pub state: UnknownState,
}

/// Notes that unknown goods left.
///
/// # Errors
/// The first broken rule in the order of [`UnknownError`].
pub fn give_up_unknown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: GiveUpUnknown,
) -> Result<UnknownEnded, UnknownError> {
    check_text("reason", &request.reason, 500)?;
    let mut goods = tables::lock_waiting(tx, ctx, request.unknown_goods_id, SETTLE)?;
    if request.reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    let quantity = part(&goods, request.quantity)?;
    let ended = NewEnd { reason: &request.reason, ..NewEnd::new(request.how.end(), quantity) };
    end(tx, ctx, &mut goods, GIVE_UP_UNKNOWN, ended)?;
    let (waiting, state) = (goods.waiting, goods.state);
    Ok(UnknownEnded { unknown_goods_id: goods.id, waiting, state })
}
