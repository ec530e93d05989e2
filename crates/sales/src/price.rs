//! What an order comes to before anything is written: channel, customer, items and taxes found in
//! one read, each line checked and priced.

use crate::accept::{AcceptError, AcceptLine, AcceptOrder};
use crate::model::{Amounts, Draft, DraftLine, LineTax, Terms};
use crate::rules;
use crate::tables::{self, Asked, FoundItem, FoundPartner};
use crate::words::{LineKind, RevenueAt};
use accounting::Role;
use base::{Day, ItemId, PartnerId, Price, Quantity, Rounding, SalesOrderId, check_text};
use catalog::{Component, ItemKind};
use identity::Ctx;
use std::collections::{BTreeSet, HashMap};
use store::{StoreError, Tx};

/// The most lines of one order.
const MAX_LINES: usize = 5_000;
/// The longest reference, in characters.
const MAX_REF: usize = 200;

/// An order as it was found and priced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Prepared {
    /// It was accepted before.
    Known(SalesOrderId),
    /// It can be written.
    New(Box<Draft>),
}

/// Finds and prices orders: one read, and another when there are kits.
pub(crate) fn prepare(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &[&AcceptOrder],
    mut number: impl FnMut(&mut Tx<'_>, usize) -> Result<String, StoreError>,
) -> Result<Vec<Result<Prepared, AcceptError>>, StoreError> {
    let mut answers: Vec<Option<Result<Prepared, AcceptError>>> =
        orders.iter().map(|order| check_shape(order).err().map(Err)).collect();
    let asked: Vec<(usize, &AcceptOrder)> = (0..orders.len())
        .filter(|&index| answers[index].is_none())
        .map(|index| (index, orders[index]))
        .collect();
    let found = tables::look_up(tx, ctx, &asked)?;
    let kits: BTreeSet<ItemId> = found
        .iter()
        .flat_map(|asked| &asked.lines)
        .filter_map(|line| line.item.as_ref())
        .filter(|item| item.kind == ItemKind::Kit)
        .map(|item| item.id)
        .collect();
    let kits: Vec<ItemId> = kits.into_iter().collect();
    let components = if kits.is_empty() {
        HashMap::new()
    } else {
        catalog::kit_components(tx, ctx.company_id, &kits)?
    };
    for ((index, order), asked) in asked.into_iter().zip(found) {
        let answer = match asked.known {
            Some(id) => Ok(Prepared::Known(id)),
            None => match draft(ctx, order, asked, &components) {
                Ok(mut draft) => {
                    draft.id = tx.id()?;
                    draft.number = number(tx, index)?;
                    for line in &mut draft.lines {
                        line.id = tx.id()?;
                    }
                    Ok(Prepared::New(Box::new(draft)))
                }
                Err(error) => Err(error),
            },
        };
        answers[index] = Some(answer);
    }
    Ok(answers.into_iter().flatten().collect())
}

fn check_shape(order: &AcceptOrder) -> Result<(), AcceptError> {
    let text = |field, text: &Option<String>, most| {
        text.as_deref().map_or(Ok(()), |text| check_text(field, text, most))
    };
    text("external_ref", &order.external_ref, MAX_REF)?;
    text("client_ref", &order.client_ref, MAX_REF)?;
    text("country", &order.country, 100)?;
    for line in &order.lines {
        text("description", &line.description, 500)?;
    }
    match order.lines.len() {
        0 => Err(AcceptError::NoLines),
        count if count > MAX_LINES => Err(AcceptError::TooManyLines { count, most: MAX_LINES }),
        _ => Ok(()),
    }
}

fn draft(
    ctx: &Ctx,
    order: &AcceptOrder,
    asked: Asked,
    kits: &HashMap<ItemId, Vec<Component>>,
) -> Result<Draft, AcceptError> {
    let terms =
        asked.terms.ok_or_else(|| AcceptError::UnknownChannel { code: order.channel.clone() })?;
    if !terms.active {
        return Err(AcceptError::ChannelInactive { code: order.channel.clone() });
    }
    let mut terms = terms.terms;
    terms.when_short = order.when_short.unwrap_or(terms.when_short);
    let partner = customer(order, asked.partner)?;
    let ordered_on = order.ordered_on.unwrap_or(ctx.today);
    let mut lines = Vec::with_capacity(order.lines.len());
    for (index, (line, found)) in order.lines.iter().zip(asked.lines).enumerate() {
        lines.push(draft_line(index as i64 + 1, line, found, ordered_on, kits)?);
    }
    let total = price(ctx, &terms, asked.tax_by_document, &mut lines)?;
    let given = order.country.clone();
    let country = given.or_else(|| partner.as_ref().map(|(_, country)| country.clone()));
    Ok(Draft {
        id: base::Id::from_raw(0),
        number: String::new(),
        cost_at: cost_at(&terms, asked.cost_at_invoice),
        terms,
        external_ref: order.external_ref.clone().unwrap_or_default(),
        client_ref: order.client_ref.clone().unwrap_or_default(),
        partner_id: partner.map(|(id, _)| id),
        country: country.unwrap_or_default(),
        ordered_on,
        ordered_at: order.ordered_at.unwrap_or(ctx.at),
        due_on: order.due_on.unwrap_or(ordered_on),
        total,
        lines,
    })
}

/// When the cost of an order's goods is a cost of sales: never later than their revenue.
fn cost_at(terms: &Terms, at_invoice: bool) -> RevenueAt {
    if terms.revenue_at == RevenueAt::Invoice && at_invoice {
        RevenueAt::Invoice
    } else {
        RevenueAt::Shipment
    }
}

fn customer(
    order: &AcceptOrder,
    found: Option<FoundPartner>,
) -> Result<Option<(PartnerId, String)>, AcceptError> {
    let Some(code) = order.partner.as_ref().filter(|code| !code.is_empty()) else {
        return Ok(None);
    };
    let Some(partner) = found else {
        return Err(AcceptError::UnknownPartner { code: code.clone() });
    };
    if !partner.customer || !partner.active {
        return Err(AcceptError::NotACustomer { code: code.clone() });
    }
    Ok(Some((partner.id, partner.country)))
}

fn draft_line(
    number: i64,
    line: &AcceptLine,
    found: tables::FoundLine,
    ordered_on: Day,
    kits: &HashMap<ItemId, Vec<Component>>,
) -> Result<DraftLine, AcceptError> {
    let sku = line.sku.as_deref().unwrap_or("");
    let item = match (sku.is_empty(), found.item) {
        (true, _) => None,
        (false, None) => {
            return Err(AcceptError::UnknownItem { line: number, sku: sku.to_owned() });
        }
        (false, Some(item)) if !item.active => {
            return Err(AcceptError::ItemInactive { line: number, sku: sku.to_owned() });
        }
        (false, Some(item)) => Some(item),
    };
    let kind = kind_of(number, line, item.as_ref())?;
    let quantity = line.quantity;
    if !quantity.is_positive() {
        return Err(AcceptError::NotPositive { line: number, quantity });
    }
    let kit = item.as_ref().is_some_and(|item| item.kind == ItemKind::Kit);
    let whole = kit || item.as_ref().is_some_and(|item| item.whole);
    if whole && !rules::is_whole(quantity) {
        return Err(AcceptError::NotWhole { line: number, quantity });
    }
    let price = price_of(number, kind, line.price, item.as_ref())?;
    let role = role_of(number, kind, line.role)?;
    let tax = match (found.tax, found.tax_asked) {
        (Some(tax), _) => tax,
        (None, code) if code.is_empty() => LineTax::outside(),
        (None, code) => {
            return Err(AcceptError::UnknownTaxCode { line: number, code, day: ordered_on });
        }
    };
    let goods = match item.as_ref().filter(|_| kind.has_goods()) {
        Some(item) => goods_of(number, item, quantity, kits)?,
        None => Vec::new(),
    };
    let name = item.as_ref().map(|item| item.name.clone());
    Ok(DraftLine {
        id: base::Id::from_raw(0),
        line: number,
        kind,
        item_id: item.map(|item| item.id),
        goods,
        kit,
        description: line.description.clone().or(name).unwrap_or_default(),
        quantity,
        price,
        tax,
        role,
        amounts: Amounts::default(),
    })
}

impl LineTax {
    /// No tax at all.
    fn outside() -> LineTax {
        LineTax { code_id: None, code: String::new(), rate: base::Rate::ZERO }
    }
}

fn kind_of(
    line: i64,
    asked: &AcceptLine,
    item: Option<&FoundItem>,
) -> Result<LineKind, AcceptError> {
    let is_goods = item.map(|item| item.kind != ItemKind::Service);
    let kind = asked.kind.unwrap_or(match is_goods {
        Some(true) => LineKind::Goods,
        Some(false) => LineKind::Service,
        None => LineKind::Charge,
    });
    if kind.has_goods() == is_goods.unwrap_or(false) {
        Ok(kind)
    } else {
        Err(AcceptError::WrongKind { line, kind })
    }
}

fn price_of(
    line: i64,
    kind: LineKind,
    asked: Option<Price>,
    item: Option<&FoundItem>,
) -> Result<Price, AcceptError> {
    let listed = item.map(|item| item.list_price).filter(|price| *price != Price::ZERO);
    let price = match kind {
        LineKind::Free => asked.unwrap_or(Price::ZERO),
        _ => asked.or(listed).ok_or(AcceptError::NoPrice { line })?,
    };
    let fits = match kind {
        LineKind::Goods => price >= Price::ZERO,
        LineKind::Free => price == Price::ZERO,
        LineKind::Discount => price < Price::ZERO,
        LineKind::Service | LineKind::Charge => true,
    };
    if fits { Ok(price) } else { Err(AcceptError::PriceNotAllowed { line, kind, price }) }
}

fn role_of(line: i64, kind: LineKind, asked: Option<Role>) -> Result<Role, AcceptError> {
    let usual = match kind {
        LineKind::Goods | LineKind::Service => Role::Revenue,
        LineKind::Charge => Role::ShippingIncome,
        LineKind::Discount => Role::Discounts,
        LineKind::Free => Role::Marketing,
    };
    let role = asked.unwrap_or(usual);
    let own = role == usual || !kind.has_goods();
    if own && !role.is_control() && !role.is_tax() && role != Role::Bank {
        Ok(role)
    } else {
        Err(AcceptError::RoleNotAllowed { line, role })
    }
}

fn goods_of(
    line: i64,
    item: &FoundItem,
    quantity: Quantity,
    kits: &HashMap<ItemId, Vec<Component>>,
) -> Result<Vec<(ItemId, Quantity)>, AcceptError> {
    if item.kind != ItemKind::Kit {
        return Ok(vec![(item.id, quantity)]);
    }
    let Some(components) = kits.get(&item.id).filter(|components| !components.is_empty()) else {
        return Err(AcceptError::EmptyKit { line, sku: item.sku.clone() });
    };
    let whole = quantity.micro() / Quantity::MICRO;
    let all = components.iter().map(|component| {
        let micro = component.quantity.micro().checked_mul(whole);
        let micro = micro.ok_or(base::NumberError::OutOfRange)?;
        Ok((component.item_id, Quantity::from_micro(micro)))
    });
    all.collect()
}

/// Prices the lines and returns what they come to.
fn price(
    ctx: &Ctx,
    terms: &Terms,
    by_document: bool,
    lines: &mut [DraftLine],
) -> Result<Amounts, AcceptError> {
    let mut priced = Vec::with_capacity(lines.len());
    for line in lines.iter() {
        let amount = line.price.extend(line.quantity, ctx.currency, Rounding::HalfUp)?;
        priced.push((amount, &line.tax));
    }
    let amounts = rules::price_lines(terms.prices, by_document, &priced)?;
    let total = rules::total(amounts.iter().copied())?;
    lines.iter_mut().zip(amounts).for_each(|(line, amounts)| line.amounts = amounts);
    Ok(total)
}
