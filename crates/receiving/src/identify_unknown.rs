//! `identify_unknown`: somebody says what item the goods are. They still have no value: it is not known
//! who ordered them.

use crate::{IDENTIFY_UNKNOWN, MATCH, UNKNOWN_GOODS, UnknownError, tables};
use base::{Id, Quantity, UnknownGoodsId};
use catalog::{Item, ItemKind};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// What unknown goods are.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentifyUnknown {
    /// The goods.
    pub unknown_goods_id: UnknownGoodsId,
    /// The item.
    pub sku: String,
    /// How many of its stock units they are, when they were counted otherwise, as in cartons.
    #[serde(default)]
    pub quantity: Option<Quantity>,
}

/// Unknown goods as identified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownIdentified {
    /// The goods.
    pub unknown_goods_id: UnknownGoodsId,
    /// How much there is, in the item's stock unit.
    pub quantity: Quantity,
}

/// Says what item unknown goods are, as long as nothing of them ended.
///
/// # Errors
/// The first broken rule in the order of [`UnknownError`].
pub fn identify_unknown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: IdentifyUnknown,
) -> Result<UnknownIdentified, UnknownError> {
    let mut goods = tables::lock_waiting(tx, ctx, request.unknown_goods_id, MATCH)?;
    let sku = request.sku;
    let item = catalog::items_by_sku(tx, ctx.company_id, &[&sku])?.remove(&sku);
    let item = item.ok_or(UnknownError::UnknownItem { sku })?;
    if goods.waiting != goods.quantity {
        return Err(UnknownError::Begun { number: goods.number });
    }
    let quantity = request.quantity.unwrap_or(goods.quantity);
    if !quantity.is_positive() {
        let (number, waiting) = (goods.number, goods.waiting);
        return Err(UnknownError::WrongQuantity { number, quantity, waiting });
    }
    check_item(&item, quantity)?;
    let before = goods.quantity;
    (goods.item_id, goods.quantity, goods.waiting) = (Some(item.id), quantity, quantity);
    tables::update_unknown(tx, ctx, &mut goods)?;
    let detail = serde_json::json!({
        "number": goods.number, "sku": item.sku, "quantity": quantity, "counted": before,
    });
    ctx.audit(tx, IDENTIFY_UNKNOWN, UNKNOWN_GOODS, goods.id.raw(), detail.clone());
    let name = "receiving.unknown_identified";
    ctx.fact(tx, UNKNOWN_GOODS, goods.id.raw(), goods.seq, name, detail);
    Ok(UnknownIdentified { unknown_goods_id: goods.id, quantity })
}

/// Whether an item can be goods of this quantity.
pub(crate) fn check_item(item: &Item, quantity: Quantity) -> Result<(), UnknownError> {
    if item.kind != ItemKind::Goods {
        return Err(UnknownError::NotGoods { sku: item.sku.clone() });
    }
    if item.stock_unit.whole && quantity.micro() % Quantity::MICRO != 0 {
        return Err(UnknownError::NotWhole { quantity, kept: item.stock_unit.code.clone() });
    }
    Ok(())
}
