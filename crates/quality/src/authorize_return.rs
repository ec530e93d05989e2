//! `authorize_return`: a customer may send goods back, and the warehouse expects them.
//!
//! Of an order, a line comes back at most as far as it left, did not come back and is not expected
//! already; the order is held while that is decided. A sale that the books do not know (it left
//! before they were opened) names item, price and tax itself.

use crate::AUTHORIZE;
use crate::error::ReturnError;
use crate::model::{LINE, Left, RETURN};
use crate::words::ReturnReason;
use crate::{rules, tables};
use accounting::TaxRate;
use base::{
    CustomerReturnId, CustomerReturnLineId, Day, Id, ItemId, PartnerId, Price, Quantity, Rate,
    SalesOrderId, TaxCodeId, check_text,
};
use catalog::ItemKind;
use identity::Ctx;
use sales::{Prices, Sold, SoldLine};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use stock::{Expectation, Warehouse, Way};
use store::Tx;
use utoipa::ToSchema;

/// Goods that a customer may send back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorizeReturn {
    /// The order they left on; absent for a sale that the books do not know.
    #[serde(default)]
    pub order_id: Option<SalesOrderId>,
    /// The customer's code; that of the order when it has one.
    #[serde(default)]
    pub partner: Option<String>,
    /// The code of the warehouse they come to; the one that shipped them when absent.
    #[serde(default)]
    pub warehouse: Option<String>,
    /// Why they come back.
    pub reason: ReturnReason,
    /// More about it.
    #[serde(default)]
    pub note: String,
    /// What comes back; everything that left and did not come back when absent.
    #[serde(default)]
    pub lines: Option<Vec<AuthorizeLine>>,
    /// When the sale was, for the tax of a sale that the books do not know; today when absent.
    #[serde(default)]
    pub sold_on: Option<Day>,
    /// Whether prices given here are net or gross; of an order, as its prices are.
    #[serde(default)]
    pub prices: Option<Prices>,
    /// When they are expected; today when absent.
    #[serde(default)]
    pub expected_on: Option<Day>,
    /// Take back what left longer ago than the policy `return_window_days` says.
    #[serde(default)]
    pub confirm_late: bool,
    /// The client's own key of the return: a second one with it is the same return.
    #[serde(default)]
    pub client_ref: String,
}

/// Goods of one line.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorizeLine {
    /// The order's line.
    #[serde(default)]
    pub line: Option<i64>,
    /// The item's SKU, of a sale that the books do not know.
    #[serde(default)]
    pub sku: Option<String>,
    /// How much, in the stock unit; all that may come back of the order's line when absent.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// What the customer gets for one; the price of the sale when absent.
    #[serde(default)]
    pub price: Option<Price>,
    /// The tax code of a sale that the books do not know; none is outside every tax.
    #[serde(default)]
    pub tax_code: Option<String>,
}

/// A return as authorized.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnAuthorized {
    /// The return.
    pub return_id: CustomerReturnId,
    /// Its number, for the label.
    pub number: String,
    /// Whether it was there before: nothing was done again.
    pub repeated: bool,
}

/// A line about to be written.
pub(crate) struct NewLine {
    pub id: CustomerReturnLineId,
    pub order_line: Option<i64>,
    pub item_id: ItemId,
    pub quantity: Quantity,
    pub price: Option<Price>,
    pub tax_code_id: Option<TaxCodeId>,
    pub tax_rate: Rate,
    /// What is expected for it.
    pub goods: BTreeMap<ItemId, Quantity>,
}

/// A return about to be written.
pub(crate) struct NewReturn {
    pub id: CustomerReturnId,
    pub number: String,
    pub order_id: Option<SalesOrderId>,
    pub partner_id: Option<PartnerId>,
    pub warehouse: Warehouse,
    pub prices: Prices,
    pub lines: Vec<NewLine>,
}

/// Lets a customer send goods back.
///
/// # Errors
/// The first broken rule in the order of [`ReturnError`].
pub fn authorize_return(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AuthorizeReturn,
) -> Result<ReturnAuthorized, ReturnError> {
    ctx.require_somewhere(AUTHORIZE)?;
    let sold = match request.order_id {
        Some(order_id) => {
            Some(sales::hold_sold(tx, ctx, order_id)?.ok_or(ReturnError::NoOrder { order_id })?)
        }
        None => None,
    };
    let warehouse = warehouse(tx, ctx, &request, sold.as_ref())?;
    ctx.require_in(AUTHORIZE, warehouse.warehouse_id)?;
    check_text("note", &request.note, 500)?;
    check_text("client_ref", &request.client_ref, 200)?;
    if let Some((return_id, number)) = tables::return_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(ReturnAuthorized { return_id, number, repeated: true });
    }
    let lines = match &sold {
        Some(sold) => of_order(tx, ctx, &request, sold)?,
        None => of_unknown(tx, ctx, &request)?,
    };
    if lines.is_empty() {
        return Err(ReturnError::Empty);
    }
    let new = NewReturn {
        id: tx.id()?,
        number: tx.number(ctx.company_id, "RMA")?,
        order_id: request.order_id,
        partner_id: partner(tx, ctx, &request, sold.as_ref())?,
        prices: sold.as_ref().map(Sold::prices).or(request.prices).unwrap_or(Prices::Net),
        warehouse,
        lines,
    };
    record(tx, ctx, new, &request)
}

fn warehouse(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &AuthorizeReturn,
    sold: Option<&Sold>,
) -> Result<Warehouse, ReturnError> {
    let found = match (&request.warehouse, sold) {
        (Some(code), _) if !code.contains('\0') => {
            stock::warehouse_by_code(tx, ctx.company_id, code)?
        }
        (None, Some(sold)) => stock::warehouse(tx, ctx.company_id, sold.warehouse_id())?,
        _ => None,
    };
    let code = request.warehouse.clone().unwrap_or_default();
    found.ok_or(ReturnError::NoWarehouse { code })
}

fn partner(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &AuthorizeReturn,
    sold: Option<&Sold>,
) -> Result<Option<PartnerId>, ReturnError> {
    if let Some(id) = sold.and_then(Sold::partner_id) {
        return Ok(Some(id));
    }
    let Some(code) = &request.partner else { return Ok(None) };
    let found = partners::partners_by_code(tx, ctx.company_id, &[code.as_str()])?;
    let known = found.get(code).ok_or_else(|| ReturnError::NoPartner { code: code.clone() })?;
    Ok(Some(known.id))
}

/// The lines of a return of an order.
fn of_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &AuthorizeReturn,
    sold: &Sold,
) -> Result<Vec<NewLine>, ReturnError> {
    let left = tables::left(tx, ctx, sold.order_id())?;
    let expected = tables::expected_of(tx, ctx, sold.order_id())?;
    let known: BTreeMap<i64, SoldLine> =
        sold.lines().filter(|line| line.kind.has_goods()).map(|line| (line.line, line)).collect();
    let days = identity::policies(tx, ctx.company_id)?.number("return_window_days");
    let open = |line: &SoldLine| {
        let expected = expected.get(&line.line).copied().unwrap_or(Quantity::ZERO);
        line.shipped.checked_sub(line.returned)?.checked_sub(expected)
    };
    let asked = match &request.lines {
        Some(lines) => lines.clone(),
        None => {
            let mut all = Vec::new();
            for line in known.values() {
                if open(line)?.is_positive() {
                    all.push(AuthorizeLine { line: Some(line.line), ..AuthorizeLine::default() });
                }
            }
            all
        }
    };
    let mut named = BTreeSet::new();
    let mut lines = Vec::with_capacity(asked.len());
    for (at, asked) in (1_i64..).zip(&asked) {
        let AuthorizeLine { line: Some(number), sku: None, tax_code: None, .. } = *asked else {
            return Err(ReturnError::Unclear { line: at });
        };
        let line = known.get(&number).ok_or(ReturnError::UnknownLine { line: number })?;
        if !named.insert(number) {
            return Err(ReturnError::Twice { line: number });
        }
        let open = open(line)?;
        let quantity = asked.quantity.unwrap_or(open);
        if asked.quantity.is_some() || open.is_positive() {
            check_quantity(number, quantity, line.whole)?;
        }
        check_price(number, asked.price)?;
        let of_line: Vec<&Left> = left.iter().filter(|left| left.order_line == number).collect();
        if !request.confirm_late {
            check_window(number, &of_line, ctx.today, days)?;
        }
        if quantity > open || !quantity.is_positive() {
            return Err(ReturnError::ExceedsShipped { line: number, asked: quantity, open });
        }
        let item_id = line.item_id.ok_or(ReturnError::UnknownLine { line: number })?;
        lines.push(NewLine {
            id: tx.id()?,
            order_line: Some(number),
            item_id,
            quantity,
            price: asked.price,
            tax_code_id: None,
            tax_rate: Rate::ZERO,
            goods: rules::goods_of(&of_line, line.shipped, line.returned, quantity)?,
        });
    }
    Ok(lines)
}

fn check_window(line: i64, left: &[&Left], today: Day, days: i64) -> Result<(), ReturnError> {
    let Some(left_on) = left.iter().map(|left| left.happened_on).max() else { return Ok(()) };
    match left_on.plus(days) {
        Ok(last) if last < today => Err(ReturnError::TooLate { line, left_on, days }),
        _ => Ok(()),
    }
}

fn check_quantity(line: i64, quantity: Quantity, whole: bool) -> Result<(), ReturnError> {
    let divided = whole && quantity.micro() % Quantity::MICRO != 0;
    if !quantity.is_positive() || divided {
        return Err(ReturnError::BadQuantity { line, quantity });
    }
    Ok(())
}

fn check_price(line: i64, price: Option<Price>) -> Result<(), ReturnError> {
    match price {
        Some(price) if price.micro() < 0 => Err(ReturnError::BadPrice { line }),
        _ => Ok(()),
    }
}

/// The lines of a return of a sale that the books do not know.
fn of_unknown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &AuthorizeReturn,
) -> Result<Vec<NewLine>, ReturnError> {
    let asked = request.lines.as_deref().unwrap_or_default();
    let skus: Vec<&str> = asked.iter().filter_map(|line| line.sku.as_deref()).collect();
    let items = catalog::items_by_sku(tx, ctx.company_id, &skus)?;
    let day = request.sold_on.unwrap_or(ctx.today);
    let taxes: BTreeMap<String, TaxRate> = accounting::tax_codes_on(tx, ctx.company_id, day)?
        .into_iter()
        .map(|tax| (tax.code.clone(), tax))
        .collect();
    let mut lines = Vec::with_capacity(asked.len());
    for (line, asked) in (1_i64..).zip(asked) {
        let (None, Some(sku), Some(quantity), Some(price)) =
            (asked.line, &asked.sku, asked.quantity, asked.price)
        else {
            return Err(ReturnError::Unclear { line });
        };
        let stocked = |item: &&catalog::Item| item.kind == ItemKind::Goods;
        let item = items
            .get(sku)
            .filter(stocked)
            .ok_or_else(|| ReturnError::UnknownItem { line, sku: sku.clone() })?;
        check_quantity(line, quantity, item.stock_unit.whole)?;
        check_price(line, Some(price))?;
        let tax = match &asked.tax_code {
            Some(code) => Some(taxes.get(code).ok_or_else(|| ReturnError::UnknownTax {
                line,
                code: code.clone(),
                day,
            })?),
            None => None,
        };
        lines.push(NewLine {
            id: tx.id()?,
            order_line: None,
            item_id: item.id,
            quantity,
            price: Some(price),
            tax_code_id: tax.map(|tax| tax.id),
            tax_rate: tax.map_or(Rate::ZERO, |tax| tax.rate),
            goods: BTreeMap::from([(item.id, quantity)]),
        });
    }
    Ok(lines)
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    new: NewReturn,
    request: &AuthorizeReturn,
) -> Result<ReturnAuthorized, ReturnError> {
    tables::insert_return(tx, ctx, &new, request)?;
    let due_on = request.expected_on.unwrap_or(ctx.today);
    let mut planned = Vec::new();
    for line in &new.lines {
        for (&item_id, &quantity) in &line.goods {
            planned.push(Expectation { source_id: line.id.raw(), item_id, quantity, due_on });
        }
    }
    stock::expect(tx, ctx, new.warehouse.warehouse_id, Way::Incoming, LINE, &planned)?;
    let told = serde_json::json!({
        "number": new.number, "order_id": new.order_id, "reason": request.reason,
        "lines": new.lines.len(),
    });
    ctx.fact(tx, RETURN, new.id.raw(), 1, "quality.return_authorized", told.clone());
    ctx.audit(tx, AUTHORIZE, RETURN, new.id.raw(), told);
    Ok(ReturnAuthorized { return_id: new.id, number: new.number, repeated: false })
}
