//! `record_unknown`: goods stand at the dock, and nobody knows what they are or who ordered them.

use crate::model::Unknown;
use crate::words::{UnknownState, Why};
use crate::{RECORD_UNKNOWN, SCAN, UNKNOWN_GOODS, UnknownError, tables};
use base::{Day, Id, Quantity, UnknownGoodsId, UserId, check_code, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Goods that nobody can place.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RecordUnknown {
    /// The code of the warehouse; the only one when left out.
    pub warehouse: Option<String>,
    /// The supplier that brought them, by code, when somebody knows.
    pub supplier: Option<String>,
    /// What stands on them: a barcode, a GS1 code with its fields, or an SKU. A code that an item has
    /// says which one they are.
    pub code: String,
    /// What they look like.
    pub description: String,
    /// How much there is: in the item's stock unit when the code says which it is, else as counted.
    pub quantity: Quantity,
    /// The lot's or the piece's number.
    pub lot: Option<String>,
    /// The last day the lot keeps.
    pub expires_on: Option<Day>,
    /// Whether they are damaged.
    pub damaged: bool,
    /// Where they lie, in words; the warehouse's quarantine when left out.
    pub place: Option<String>,
    /// Who sees to them; the caller when left out.
    pub owner: Option<UserId>,
    /// By when; by the policy `unknown_goods_due_days` when left out.
    pub due_on: Option<Day>,
    /// The client's own key: a second one with it is the same goods.
    pub client_ref: String,
}

/// Unknown goods as taken down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownRecorded {
    /// The goods.
    pub unknown_goods_id: UnknownGoodsId,
    /// Their number.
    pub number: String,
    /// Whether they were there before: nothing was done again.
    pub repeated: bool,
}

/// Takes goods down that nobody can place. They are counted and not valued.
///
/// # Errors
/// The first broken rule in the order of [`UnknownError`].
pub fn record_unknown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RecordUnknown,
) -> Result<UnknownRecorded, UnknownError> {
    check_text("code", &request.code, 200)?;
    check_text("description", &request.description, 500)?;
    check_text("place", request.place.as_deref().unwrap_or_default(), 200)?;
    check_text("client_ref", &request.client_ref, 200)?;
    request.lot.as_ref().map_or(Ok(()), |lot| check_code("lot", lot))?;
    let found = tables::warehouse(tx, ctx, request.warehouse.as_deref())?;
    let warehouse =
        found.map_err(|(code, known)| UnknownError::UnknownWarehouse { code, known })?;
    ctx.require_in(SCAN, warehouse.warehouse_id)?;
    if let Some(earlier) = tables::unknown_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    let partner_id = match request.supplier {
        None => None,
        Some(code) => {
            let found = tables::supplier(tx, ctx, &code)?;
            Some(found.ok_or(UnknownError::UnknownSupplier { code })?)
        }
    };
    let code = request.code.trim().to_owned();
    let found = catalog::scanned(tx, ctx, &[code.as_str()])?.remove(&code);
    let description = request.description.trim().to_owned();
    if found.is_none() && description.is_empty() {
        return Err(UnknownError::NotDescribed);
    }
    let quantity = request.quantity;
    if !quantity.is_positive() {
        let number = "new unknown goods".to_owned();
        return Err(UnknownError::WrongQuantity { number, quantity, waiting: Quantity::ZERO });
    }
    let item_id = found.map(|scanned| scanned.item_id);
    if let Some(item_id) = item_id {
        let items = catalog::items_by_id(tx, ctx.company_id, &[item_id])?;
        if let Some(item) = items.get(&item_id) {
            crate::identify_unknown::check_item(item, quantity)?;
        }
    }
    let place = match request.place.filter(|place| !place.trim().is_empty()) {
        Some(place) => place,
        None => tables::quarantine(tx, ctx, warehouse.warehouse_id)?,
    };
    let due_on = request.due_on.map_or_else(|| tables::due_on(tx, ctx), Ok)?;
    let goods = Unknown {
        id: tx.id()?,
        number: tx.number(ctx.company_id, "UG")?,
        client_ref: request.client_ref,
        partner_id,
        warehouse_id: warehouse.warehouse_id,
        blind_receipt_id: None,
        why: if item_id.is_some() { Why::Found } else { Why::ItemUnknown },
        item_id,
        code,
        description,
        lot: request.lot.unwrap_or_default(),
        expires_on: request.expires_on,
        damaged: request.damaged,
        place,
        quantity,
        waiting: quantity,
        state: UnknownState::Waiting,
        owner_id: request.owner.map_or(Ok(ctx.user_id), |owner| check_owner(tx, ctx, owner))?,
        due_on,
        found_on: ctx.today,
        seq: 1,
    };
    tables::insert_unknown(tx, ctx, std::slice::from_ref(&goods))?;
    let Unknown { id: unknown_goods_id, number, .. } = goods;
    let detail = serde_json::json!({
        "number": number, "quantity": quantity, "owner": goods.owner_id, "due_on": due_on,
    });
    ctx.audit(tx, RECORD_UNKNOWN, UNKNOWN_GOODS, unknown_goods_id.raw(), detail.clone());
    let name = "receiving.unknown_recorded";
    ctx.fact(tx, UNKNOWN_GOODS, unknown_goods_id.raw(), 1, name, detail);
    Ok(UnknownRecorded { unknown_goods_id, number, repeated: false })
}

/// A user who can see to goods.
pub(crate) fn check_owner(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    owner: UserId,
) -> Result<UserId, UnknownError> {
    match identity::ctx_for_user(tx, ctx.company_id, owner, ctx.at, &ctx.request_id) {
        Ok(_) => Ok(owner),
        Err(identity::SignInError::Store(error)) => Err(StoreError::into(error)),
        Err(_) => Err(UnknownError::UnknownOwner { owner }),
    }
}
