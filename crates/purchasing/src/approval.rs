//! Who must agree to an order: asking, and forgetting that it was asked.

use crate::model::{Line, Offer, Order};
use crate::tables::{self, Loaded};
use crate::{APPROVE, follow, rules};
use accounting::RateError;
use base::{Currency, Id, ItemId, Money, NumberError, Price, Quantity, Ratio};
use identity::{
    ApprovalError, ApprovalKind, Ctx, FactKind, FactValue, NamedFact, Otherwise, RequestApproval,
};
use partners::Partner;
use std::collections::{BTreeMap, BTreeSet};
use store::{StoreError, Tx};

/// Orders to suppliers, as approvals know them.
pub static PURCHASE_ORDER: ApprovalKind = ApprovalKind {
    name: "purchase_order",
    permission: APPROVE,
    another: false,
    facts: &[
        FactKind { name: "supplier", number: false, about: "the supplier's code" },
        FactKind { name: "supplier_category", number: false, about: "the supplier's category" },
        FactKind { name: "currency", number: false, about: "the order's currency" },
        FactKind {
            name: "price_over_offer_percent",
            number: true,
            about: "how far the dearest line is over the supplier's offer for its quantity",
        },
        FactKind {
            name: "price_over_last_percent",
            number: true,
            about: "how far the dearest line is over what the supplier last asked for the item",
        },
        FactKind {
            name: "exception",
            number: false,
            about: "what is unusual: no_offer, below_minimum, off_multiple, other_currency, \
                    first_order, inactive_supplier",
        },
    ],
};

/// What became of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nobody else has to agree.
    Approved,
    /// Somebody has to.
    Waiting,
}

/// Why it could not be asked.
#[derive(Debug)]
pub(crate) enum AskError {
    Rate(RateError),
    Approval(ApprovalError),
    Number(NumberError),
    Store(StoreError),
}

macro_rules! ask_errors {
    ($($variant:ident($error:ty)),+ $(,)?) => {$(
        impl From<$error> for AskError {
            fn from(error: $error) -> AskError {
                AskError::$variant(error)
            }
        }
    )+};
}

ask_errors!(Rate(RateError), Approval(ApprovalError), Number(NumberError), Store(StoreError));

/// Asks for somebody's yes to an order: when a rule of the company does, or the company's amount, or as
/// long as there is no rule the caller's own limit. The net total counts, in the company's currency at
/// the rate of the day.
pub(crate) fn ask(tx: &mut Tx<'_>, ctx: &Ctx, loaded: &Loaded) -> Result<Standing, AskError> {
    let order = &loaded.order;
    let rate = accounting::rate_on(tx, ctx, order.currency, ctx.today)?;
    let total = rules::at_rate(order.total, order.currency, rate, ctx.currency)?;
    let above = identity::policies(tx, ctx.company_id)?.number("approve_orders_above");
    let limit = if ctx.holds(APPROVE) { ctx.amount_limit(APPROVE) } else { Some(0) };
    let facts = match identity::has_approval_rules(tx, ctx, &PURCHASE_ORDER)? {
        true => facts(tx, ctx, loaded)?,
        false => Vec::new(),
    };
    let own = Money::new(total, ctx.currency);
    let company = || {
        let above = Money::new(above, ctx.currency);
        format!("because {own} is above {above}, up to which the company asks nobody")
    };
    let by_limit = || match limit {
        Some(limit) if ctx.holds(APPROVE) => {
            let limit = Money::new(limit, ctx.currency);
            format!("because {own} is above {limit}, the limit of whoever submitted it")
        }
        _ => "because whoever submitted it approves no orders".to_owned(),
    };
    let request = RequestApproval {
        kind: &PURCHASE_ORDER,
        subject_id: order.id.raw(),
        number: order.number.clone(),
        revision: order.revision,
        facts: serde_json::json!({
            "order": order.number,
            "total": Money::new(order.total, order.currency),
            "revision": order.revision,
        }),
        named: facts,
        amount: total,
        otherwise: Otherwise {
            always: rules::needs_approval(total, None, above).then(company),
            without_rules: rules::needs_approval(total, limit, i64::MAX).then(by_limit),
        },
    };
    match identity::request_approval(tx, ctx, request)? {
        Some(_) => Ok(Standing::Waiting),
        None => Ok(Standing::Approved),
    }
}

/// Forgets what was asked or given for an order as it is.
pub(crate) fn void(tx: &mut Tx<'_>, ctx: &Ctx, order: &Order) -> Result<(), StoreError> {
    identity::void_approvals(tx, ctx, &PURCHASE_ORDER, order.id.raw(), order.revision + 1)
}

/// What rules may look at, in a few statements for all lines.
fn facts(tx: &mut Tx<'_>, ctx: &Ctx, loaded: &Loaded) -> Result<Vec<NamedFact>, AskError> {
    let order = &loaded.order;
    let partners = partners::partners_by_id(tx, ctx.company_id, &[order.partner_id])?;
    let gone = || follow::gone("supplier", order.partner_id);
    let supplier = partners.get(&order.partner_id).ok_or_else(gone)?;
    let items: BTreeSet<ItemId> = loaded.lines.iter().map(|line| line.item_id).collect();
    let wanted: BTreeSet<_> = items.iter().map(|item| (order.partner_id, *item)).collect();
    let mut offers: BTreeMap<ItemId, Vec<Offer>> = BTreeMap::new();
    for ((_, item), found) in tables::offers_of(tx, ctx.company_id, &wanted)? {
        offers.insert(item, found);
    }
    let last = tables::last_prices(tx, ctx, order, &items)?;
    let first = tables::is_first_order(tx, ctx, order)?;
    let skus: BTreeMap<ItemId, String> = {
        let ids: Vec<ItemId> = items.into_iter().collect();
        let found = catalog::items_by_id(tx, ctx.company_id, &ids)?;
        found.into_iter().map(|(id, item)| (id, item.sku)).collect()
    };
    let known = Known { order, supplier, offers, last, first, skus };
    Ok(known.facts(&loaded.lines)?)
}

/// An order among what is known of its supplier.
struct Known<'o> {
    order: &'o Order,
    supplier: &'o Partner,
    offers: BTreeMap<ItemId, Vec<Offer>>,
    /// What a stock unit last cost.
    last: BTreeMap<ItemId, Price>,
    first: bool,
    skus: BTreeMap<ItemId, String>,
}

impl Known<'_> {
    fn facts(&self, lines: &[Line]) -> Result<Vec<NamedFact>, NumberError> {
        let mut named = vec![
            NamedFact::word(
                "supplier",
                &self.supplier.code,
                format!("the supplier is {}", self.supplier.code),
            ),
            NamedFact::word(
                "currency",
                self.order.currency.code(),
                format!("the order is in {}", self.order.currency),
            ),
        ];
        if !self.supplier.category.is_empty() {
            named.push(NamedFact::word(
                "supplier_category",
                &self.supplier.category,
                format!("the supplier is of category {}", self.supplier.category),
            ));
        }
        let mut unusual = self.unusual_head();
        let (mut over_offer, mut over_last) = (None, None);
        for line in lines {
            let price = rules::unit_net(line)?;
            let offer = self.offer(line, &mut unusual);
            keep_dearest(&mut over_offer, line, price, offer);
            keep_dearest(&mut over_last, line, price, self.last.get(&line.item_id).copied());
        }
        for (name, dearest, than) in [
            ("price_over_offer_percent", over_offer, "the offer"),
            ("price_over_last_percent", over_last, "what it last cost"),
        ] {
            let Some((percent, item)) = dearest else { continue };
            let sku = self.skus.get(&item).map_or("an item", String::as_str);
            let told = format!("the price of {sku} is {percent}% over {than}");
            named.push(NamedFact::number(name, percent, told));
        }
        if !unusual.is_empty() {
            named.push(NamedFact { name: "exception", value: FactValue::Words(unusual) });
        }
        Ok(named)
    }

    fn unusual_head(&self) -> Vec<(String, String)> {
        let mut unusual = Vec::new();
        let code = &self.supplier.code;
        if self.first {
            unusual.push(("first_order", format!("it is the first order with {code}")));
        }
        if !self.supplier.active {
            unusual.push(("inactive_supplier", format!("{code} is no longer in use")));
        }
        if self.order.currency != self.supplier.currency {
            let usual: Currency = self.supplier.currency;
            unusual.push(("other_currency", format!("{code} is usually paid in {usual}")));
        }
        unusual.into_iter().map(|(word, told)| (word.to_owned(), told)).collect()
    }

    /// What a stock unit costs by the offer that holds for a line, after discount; says what is unusual
    /// about the line.
    fn offer(&self, line: &Line, unusual: &mut Vec<(String, String)>) -> Option<Price> {
        let sku = self.skus.get(&line.item_id).map_or("an item", String::as_str);
        let mut tell = |word: &str, told: String| {
            if unusual.iter().all(|(known, _)| known != word) {
                unusual.push((word.to_owned(), told));
            }
        };
        let all = self.offers.get(&line.item_id).map_or(&[][..], Vec::as_slice);
        let offers: Vec<Offer> =
            all.iter().filter(|offer| offer.currency == self.order.currency).cloned().collect();
        let day = self.order.ordered_on;
        let Some(offer) = rules::choose_offer(&offers, line.stock_quantity, day) else {
            let most = rules::choose_offer(&offers, Quantity::from_micro(i64::MAX), day);
            match most {
                Some(_) => {
                    tell("below_minimum", format!("{sku} is below what is offered at least"))
                }
                None => tell("no_offer", format!("there is no offer for {sku}")),
            }
            return None;
        };
        if !offer.multiple.is_zero() {
            let in_unit = offer.ratio.invert().convert(line.stock_quantity, base::Rounding::Down);
            if in_unit.is_ok_and(|quantity| quantity.micro() % offer.multiple.micro() != 0) {
                tell("off_multiple", format!("{sku} comes in multiples of {}", offer.multiple));
            }
        }
        let price = rules::price_in(offer.price, offer.ratio, Ratio::ONE).ok()?;
        price.apply_percent_discount(offer.discount).ok()
    }
}

/// Keeps the line that is dearest beside what its price is compared with.
fn keep_dearest(
    dearest: &mut Option<(Quantity, ItemId)>,
    line: &Line,
    price: Price,
    than: Option<Price>,
) {
    let percent = than.and_then(|than| rules::percent_over(price, than));
    if let Some(percent) = percent
        && dearest.is_none_or(|(most, _)| percent > most)
    {
        *dearest = Some((percent, line.item_id));
    }
}
