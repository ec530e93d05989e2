//! `create_orders`: orders are written as drafts, up to a thousand in one request.
//!
//! Each order is decided for itself: created, found to be there already by its client's reference, or
//! refused with its own error, without holding up the others. The number of statements does not
//! depend on the number of orders or lines.

use crate::model::{Line, Offer, Order, Waiting};
use crate::tables::{self, Offers};
use crate::words::{Billing, OrderState};
use crate::{CREATE_ORDER, ORDER, rules};
use base::{
    Currency, Day, Id, ItemId, Money, NumberError, Price, Problem, ProblemKind, PurchaseOrderId,
    Quantity, Rate, Rule, TextError, check_multiline, check_text,
};
use catalog::{Item, ItemKind, Unit};
use identity::{Ctx, Denied};
use partners::Partner;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use stock::Warehouse;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// How many orders one request may have.
pub const MAX_ORDERS: usize = 1_000;

/// Orders to be written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOrders {
    /// The orders, at most 1,000.
    pub orders: Vec<CreateOrder>,
    /// Whether one refusal refuses all of them.
    #[serde(default)]
    pub all_or_nothing: bool,
}

/// An order to be written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOrder {
    /// The supplier's code.
    pub supplier: String,
    /// The code of the warehouse that the goods go to.
    pub warehouse: String,
    /// The currency; the supplier's when left out.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// The day of the order; today when left out.
    #[serde(default)]
    pub ordered_on: Option<Day>,
    /// When the supplier bills; on receipt when left out.
    #[serde(default)]
    pub billing: Option<Billing>,
    /// What is ordered.
    pub lines: Vec<OrderLine>,
    /// A note to the supplier.
    #[serde(default)]
    pub note: String,
    /// The client's own key of the order: a second one with it is the same order.
    #[serde(default)]
    pub client_ref: String,
}

/// A line to be ordered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderLine {
    /// The item's SKU.
    pub sku: String,
    /// How much, above zero.
    pub quantity: Quantity,
    /// The unit of quantity and price; the item's purchase unit when left out.
    #[serde(default)]
    pub unit: Option<String>,
    /// What one unit costs before discount, net of tax. When left out, the supplier's offer for the
    /// quantity; without one, for an order in the company's currency, what the item costs us now.
    #[serde(default)]
    pub price: Option<Price>,
    /// What is taken off the price: 0.05 is 5 %. With the offer's price, the offer's.
    #[serde(default)]
    pub discount: Option<Rate>,
    /// The tax code; none when left out.
    #[serde(default)]
    pub tax_code: String,
    /// The day it is wanted; by the offer's lead time when left out, else the day of the order.
    #[serde(default)]
    pub due_on: Option<Day>,
}

impl CreateOrder {
    /// An order that names nothing but a supplier and lines.
    pub(crate) fn naming(supplier: &str, lines: &[OrderLine]) -> CreateOrder {
        CreateOrder {
            supplier: supplier.to_owned(),
            warehouse: String::new(),
            currency: None,
            ordered_on: None,
            billing: None,
            lines: lines.to_vec(),
            note: String::new(),
            client_ref: String::new(),
        }
    }
}

/// An order as it is after the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderCreated {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub number: String,
    /// How far it has come.
    pub state: OrderState,
    /// Its net total.
    pub total: Money,
    /// Whether it was there before: nothing was written again.
    pub repeated: bool,
}

/// Why one order was not written, in order of precedence. Lines count from 1.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum CreateOrderError {
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The company has no such supplier in use.
    #[error("there is no supplier {code:?} in use")]
    UnknownSupplier {
        /// The code asked for.
        code: String,
    },
    /// There is no such warehouse.
    #[error("there is no warehouse {code:?}")]
    UnknownWarehouse {
        /// The code asked for.
        code: String,
    },
    /// Nothing is ordered.
    #[error("the order has no lines; name what to buy")]
    Empty,
    /// There is no such item in use.
    #[error("line {line}: there is no item {sku:?} in use")]
    UnknownItem {
        /// The line.
        line: i64,
        /// The SKU asked for.
        sku: String,
    },
    /// Only goods are ordered.
    #[error("line {line}: {sku} is a {kind}; order goods, and bill services without an order")]
    NotGoods {
        /// The line.
        line: i64,
        /// The item.
        sku: String,
        /// What it is.
        kind: ItemKind,
    },
    /// Nothing, or less, is ordered.
    #[error("line {line}: the quantity is {quantity}; it must be above zero")]
    NotPositive {
        /// The line.
        line: i64,
        /// What was asked.
        quantity: Quantity,
    },
    /// The unit does not convert into the stock unit.
    #[error("line {line}: {sku} is kept in {kept}, and {unit:?} does not convert into it")]
    WrongUnit {
        /// The line.
        line: i64,
        /// The item.
        sku: String,
        /// The unit asked for.
        unit: String,
        /// The item's stock unit.
        kept: String,
    },
    /// The quantity cannot be kept in the stock unit.
    #[error("line {line}: {quantity} {unit} is not a whole number of {kept}")]
    NotWhole {
        /// The line.
        line: i64,
        /// What was asked.
        quantity: Quantity,
        /// In this unit.
        unit: String,
        /// The item's stock unit.
        kept: String,
    },
    /// The supplier offers no price, and the item has no cost to go by.
    #[error(
        "line {line}: {supplier} has no offer for {quantity} {unit} of {sku} in {currency} on {day}; give a price"
    )]
    NoOffer {
        /// The line.
        line: i64,
        /// The supplier.
        supplier: String,
        /// The item.
        sku: String,
        /// How much.
        quantity: Quantity,
        /// In this unit.
        unit: String,
        /// The order's currency.
        currency: Currency,
        /// The order's day.
        day: Day,
    },
    /// A price below zero, or a discount outside 0 to 1.
    #[error("line {line}: a price is not below zero, and a discount is from 0 to 1")]
    BadPrice {
        /// The line.
        line: i64,
    },
    /// There is no such tax code.
    #[error("line {line}: there is no tax code {code:?} with a rate on {day}")]
    UnknownTax {
        /// The line.
        line: i64,
        /// The code asked for.
        code: String,
        /// The order's day.
        day: Day,
    },
    /// Another order of the same request has the reference.
    #[error("another order of this request has the reference {client_ref:?}")]
    ReferenceTwice {
        /// The reference.
        client_ref: String,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
}

impl Rule for CreateOrderError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let refused = |code, line: &i64| {
            Problem::refused(code, detail.clone()).with_line(u32::try_from(*line).unwrap_or(0))
        };
        match self {
            CreateOrderError::Text(error) => error.problem(),
            CreateOrderError::UnknownSupplier { .. } => {
                Problem::refused("unknown_supplier", detail).with_field("supplier")
            }
            CreateOrderError::UnknownWarehouse { .. } => {
                Problem::refused("unknown_warehouse", detail).with_field("warehouse")
            }
            CreateOrderError::Empty => Problem::invalid("order_empty", detail).with_field("lines"),
            CreateOrderError::UnknownItem { line, .. } => refused("unknown_item", line),
            CreateOrderError::NotGoods { line, .. } => refused("not_goods", line),
            CreateOrderError::NotPositive { line, .. } => refused("quantity_not_positive", line),
            CreateOrderError::WrongUnit { line, .. } => refused("wrong_unit", line),
            CreateOrderError::NotWhole { line, .. } => refused("quantity_not_whole", line),
            CreateOrderError::NoOffer { line, .. } => refused("no_offer", line),
            CreateOrderError::BadPrice { line } => refused("bad_price", line),
            CreateOrderError::UnknownTax { line, .. } => refused("tax_code_not_found", line),
            CreateOrderError::ReferenceTwice { .. } => {
                Problem::refused("client_ref_twice", detail).with_field("client_ref")
            }
            CreateOrderError::Number(error) => error.problem(),
        }
    }
}

/// Why no order of a request was written.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum CreateOrdersError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many at once.
    #[error("{got} orders in one request; send at most {MAX_ORDERS}")]
    TooMany {
        /// How many were sent.
        got: usize,
    },
    /// One was refused where all or none were asked.
    #[error("order {number} of the request: {error}")]
    Refused {
        /// Which one, from 1.
        number: usize,
        /// Why.
        error: CreateOrderError,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for CreateOrdersError {
    fn problem(&self) -> Problem {
        match self {
            CreateOrdersError::Denied(error) => error.problem(),
            CreateOrdersError::TooMany { .. } => {
                Problem::new(ProblemKind::TooLarge, "too_many_orders", self.to_string())
            }
            CreateOrdersError::Refused { error, .. } => {
                Problem { detail: self.to_string(), ..error.problem() }
            }
            CreateOrdersError::Store(error) => error.problem(),
        }
    }
}

/// What became of each order of a request.
pub type OrderAnswers = Vec<Result<OrderCreated, CreateOrderError>>;

/// Writes orders as drafts and answers for each.
///
/// # Errors
/// [`CreateOrdersError`], in its order; the refusal of a single order is its answer.
pub fn create_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CreateOrders,
) -> Result<OrderAnswers, CreateOrdersError> {
    ctx.require(ORDER)?;
    if request.orders.len() > MAX_ORDERS {
        return Err(CreateOrdersError::TooMany { got: request.orders.len() });
    }
    let known = load(tx, ctx, &request.orders)?;
    let mut answers = Vec::with_capacity(request.orders.len());
    let (mut orders, mut lines) = (Vec::new(), Vec::new());
    let mut references = BTreeSet::new();
    for (index, asked) in request.orders.iter().enumerate() {
        if let Some(earlier) = known.earlier.get(&asked.client_ref) {
            answers.push(Ok(earlier.clone()));
            continue;
        }
        let answer = if asked.client_ref.is_empty() || references.insert(&asked.client_ref) {
            known.decide(asked)
        } else {
            Err(CreateOrderError::ReferenceTwice { client_ref: asked.client_ref.clone() })
        };
        match answer {
            Ok(draft) => {
                answers.push(Ok(draft.written(tx, ctx, &mut orders, &mut lines)?));
            }
            Err(error) if request.all_or_nothing => {
                return Err(CreateOrdersError::Refused { number: index + 1, error });
            }
            Err(error) => answers.push(Err(error)),
        }
    }
    tables::insert_orders(tx, ctx, &orders)?;
    tables::insert_lines(tx, ctx.company_id, &lines)?;
    for order in &orders {
        let detail = serde_json::json!({ "order": order.number, "total": order.total });
        ctx.audit(tx, CREATE_ORDER, "purchase_order", order.id.raw(), detail.clone());
        let id = order.id.raw();
        ctx.fact(tx, "purchase_order", id, 1, "purchasing.order_created", detail);
    }
    Ok(answers)
}

/// Writes one order as a draft.
///
/// # Errors
/// [`CreateOrdersError`], in its order.
pub fn create_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CreateOrder,
) -> Result<OrderCreated, CreateOrdersError> {
    let orders = CreateOrders { orders: vec![request], all_or_nothing: true };
    let mut answers = create_orders(tx, ctx, orders)?;
    match answers.pop() {
        Some(Ok(created)) => Ok(created),
        Some(Err(error)) => Err(CreateOrdersError::Refused { number: 1, error }),
        None => Err(StoreError::Unusable("an order got no answer".to_owned()).into()),
    }
}

/// Everything that the orders of a request name.
pub(crate) struct Known {
    partners: HashMap<String, Partner>,
    warehouses: HashMap<String, Warehouse>,
    items: HashMap<String, Item>,
    units: Vec<Unit>,
    offers: Offers,
    tax_codes: BTreeSet<String>,
    /// What a stock unit costs now, of the items of lines without a price; in the company's currency.
    costs: BTreeMap<ItemId, Price>,
    home: Currency,
    earlier: HashMap<String, OrderCreated>,
    today: Day,
}

fn load(tx: &mut Tx<'_>, ctx: &Ctx, orders: &[CreateOrder]) -> Result<Known, StoreError> {
    let company = ctx.company_id;
    let codes: BTreeSet<&str> = orders.iter().map(|order| order.supplier.as_str()).collect();
    let partners = partners::partners_by_code(tx, company, &codes.into_iter().collect::<Vec<_>>())?;
    let lines = || orders.iter().flat_map(|order| &order.lines);
    let skus: BTreeSet<&str> = lines().map(|line| line.sku.as_str()).collect();
    let items = catalog::items_by_sku(tx, company, &skus.into_iter().collect::<Vec<_>>())?;
    let warehouses = stock::warehouses(tx, company)?;
    let mut wanted = BTreeSet::new();
    for order in orders {
        for line in &order.lines {
            if let (Some(partner), Some(item)) =
                (partners.get(&order.supplier), items.get(&line.sku))
            {
                wanted.insert((partner.id, item.id));
            }
        }
    }
    let unpriced = lines().filter(|line| line.price.is_none());
    let unpriced: BTreeSet<ItemId> =
        unpriced.filter_map(|line| items.get(&line.sku)).map(|item| item.id).collect();
    let costs = match unpriced.is_empty() {
        true => BTreeMap::new(),
        false => valuation::unit_cost(tx, ctx, &unpriced.into_iter().collect::<Vec<_>>())?,
    };
    let references = orders.iter().map(|order| order.client_ref.as_str());
    Ok(Known {
        costs,
        home: ctx.currency,
        units: catalog::units(tx, company)?,
        offers: tables::offers_of(tx, company, &wanted)?,
        tax_codes: accounting::tax_codes_on(tx, company, ctx.today)?
            .into_iter()
            .map(|rate| rate.code)
            .collect(),
        earlier: tables::orders_by_ref(tx, company, references)?,
        warehouses: warehouses.into_iter().map(|w| (w.code.clone(), w)).collect(),
        partners,
        items,
        today: ctx.today,
    })
}

/// An order as decided, before it has ids.
struct Draft<'a> {
    asked: &'a CreateOrder,
    partner: &'a Partner,
    warehouse: &'a Warehouse,
    currency: Currency,
    ordered_on: Day,
    total: i64,
    lines: Vec<LineDraft>,
}

/// A line as decided, before it has an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineDraft {
    pub item_id: ItemId,
    pub quantity: Quantity,
    pub unit: String,
    pub ratio: base::Ratio,
    pub stock_quantity: Quantity,
    pub price: Price,
    pub discount: Rate,
    pub tax_code: String,
    pub net: i64,
    pub due_on: Day,
}

/// Whose order it is, in which currency and of which day.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub partner: &'a Partner,
    pub currency: Currency,
    pub ordered_on: Day,
}

impl Known {
    /// What lines added to an order name.
    pub(crate) fn of_lines(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        supplier: &str,
        lines: &[OrderLine],
    ) -> Result<Known, StoreError> {
        load(tx, ctx, &[CreateOrder::naming(supplier, lines)])
    }

    /// What lines added to several orders name.
    pub(crate) fn of_orders(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        orders: &[CreateOrder],
    ) -> Result<Known, StoreError> {
        load(tx, ctx, orders)
    }

    /// A supplier in use.
    pub(crate) fn supplier(&self, code: &str) -> Result<&Partner, CreateOrderError> {
        self.partners
            .get(code)
            .filter(|partner| partner.supplier && partner.active)
            .ok_or_else(|| CreateOrderError::UnknownSupplier { code: code.to_owned() })
    }

    fn decide<'a>(&'a self, asked: &'a CreateOrder) -> Result<Draft<'a>, CreateOrderError> {
        check_text("client_ref", &asked.client_ref, 200)?;
        check_multiline("note", &asked.note, 4_000)?;
        let partner = self.supplier(&asked.supplier)?;
        let warehouse = self
            .warehouses
            .get(&asked.warehouse)
            .ok_or_else(|| CreateOrderError::UnknownWarehouse { code: asked.warehouse.clone() })?;
        if asked.lines.is_empty() {
            return Err(CreateOrderError::Empty);
        }
        let currency = asked.currency.unwrap_or(partner.currency);
        let ordered_on = asked.ordered_on.unwrap_or(self.today);
        let terms = Terms { partner, currency, ordered_on };
        let lines = asked
            .lines
            .iter()
            .zip(1..)
            .map(|(line, number)| self.line(terms, number, line))
            .collect::<Result<Vec<_>, _>>()?;
        let total = rules::sum(lines.iter().map(|line| line.net))?;
        Ok(Draft { asked, partner, warehouse, currency, ordered_on, total, lines })
    }

    /// What a stock unit of an item costs now, to go by where nobody offers it.
    fn cost_of(&self, item: &Item, currency: Currency) -> Option<Price> {
        let cost = self.costs.get(&item.id).copied();
        cost.filter(|cost| *cost > Price::ZERO && currency == self.home)
    }

    /// Decides a line: its item, unit, price and day.
    pub(crate) fn line(
        &self,
        terms: Terms<'_>,
        number: i64,
        asked: &OrderLine,
    ) -> Result<LineDraft, CreateOrderError> {
        let item = self.items.get(&asked.sku).filter(|item| item.active).ok_or_else(|| {
            CreateOrderError::UnknownItem { line: number, sku: asked.sku.clone() }
        })?;
        if item.kind != ItemKind::Goods {
            let (sku, kind) = (item.sku.clone(), item.kind);
            return Err(CreateOrderError::NotGoods { line: number, sku, kind });
        }
        let unit = asked.unit.clone().unwrap_or_else(|| item.purchase_unit.code.clone());
        let ratio = rules::ratio_to_stock(item, &self.units, &unit);
        let ratio = ratio.ok_or_else(|| CreateOrderError::WrongUnit {
            line: number,
            sku: item.sku.clone(),
            unit: unit.clone(),
            kept: item.stock_unit.code.clone(),
        })?;
        let stock_quantity = in_stock(item, number, asked.quantity, &unit, ratio)?;
        let offers = self.offers.get(&(terms.partner.id, item.id));
        let offer = offers.and_then(|offers| {
            let here: Vec<Offer> =
                offers.iter().filter(|offer| offer.currency == terms.currency).cloned().collect();
            rules::choose_offer(&here, stock_quantity, terms.ordered_on).cloned()
        });
        let (price, discount) = match (asked.price, &offer) {
            (Some(price), _) => (price, asked.discount.unwrap_or_default()),
            (None, Some(offer)) => (
                rules::price_in(offer.price, offer.ratio, ratio)?,
                asked.discount.unwrap_or(offer.discount),
            ),
            (None, None) => match self.cost_of(item, terms.currency) {
                Some(cost) => (
                    rules::price_in(cost, base::Ratio::ONE, ratio)?,
                    asked.discount.unwrap_or_default(),
                ),
                None => return Err(no_offer(terms, number, item, asked.quantity, &unit)),
            },
        };
        if price < Price::ZERO || discount < Rate::ZERO || discount > Rate::ONE {
            return Err(CreateOrderError::BadPrice { line: number });
        }
        if !asked.tax_code.is_empty() && !self.tax_codes.contains(&asked.tax_code) {
            let (code, day) = (asked.tax_code.clone(), terms.ordered_on);
            return Err(CreateOrderError::UnknownTax { line: number, code, day });
        }
        let lead = offer.map_or(0, |offer| offer.lead_days);
        let due_on = asked.due_on.or(terms.ordered_on.plus(lead).ok());
        Ok(LineDraft {
            item_id: item.id,
            quantity: asked.quantity,
            net: rules::net(price, discount, asked.quantity, terms.currency)?,
            unit,
            ratio,
            stock_quantity,
            price,
            discount,
            tax_code: asked.tax_code.clone(),
            due_on: due_on.unwrap_or(terms.ordered_on),
        })
    }
}

/// The quantity in the item's stock unit.
fn in_stock(
    item: &Item,
    line: i64,
    quantity: Quantity,
    unit: &str,
    ratio: base::Ratio,
) -> Result<Quantity, CreateOrderError> {
    if !quantity.is_positive() {
        return Err(CreateOrderError::NotPositive { line, quantity });
    }
    let whole = |found: &Quantity| !item.stock_unit.whole || found.micro() % Quantity::MICRO == 0;
    ratio.convert_exact(quantity).ok().filter(whole).ok_or_else(|| CreateOrderError::NotWhole {
        line,
        quantity,
        unit: unit.to_owned(),
        kept: item.stock_unit.code.clone(),
    })
}

fn no_offer(
    terms: Terms<'_>,
    line: i64,
    item: &Item,
    quantity: Quantity,
    unit: &str,
) -> CreateOrderError {
    CreateOrderError::NoOffer {
        line,
        supplier: terms.partner.code.clone(),
        sku: item.sku.clone(),
        quantity,
        unit: unit.to_owned(),
        currency: terms.currency,
        day: terms.ordered_on,
    }
}

impl Draft<'_> {
    /// The rows to write, with ids and a number.
    fn written(
        self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        orders: &mut Vec<Order>,
        lines: &mut Vec<Line>,
    ) -> Result<OrderCreated, StoreError> {
        let id: PurchaseOrderId = tx.id()?;
        let number = tx.number(ctx.company_id, "PO")?;
        for (draft, line) in self.lines.into_iter().zip(1..) {
            lines.push(draft.written(tx.id()?, id, line));
        }
        orders.push(Order {
            id,
            number: number.clone(),
            client_ref: self.asked.client_ref.clone(),
            partner_id: self.partner.id,
            warehouse_id: self.warehouse.warehouse_id,
            currency: self.currency,
            ordered_on: self.ordered_on,
            billing: self.asked.billing.unwrap_or(Billing::OnReceipt),
            state: OrderState::Draft,
            revision: 1,
            seq: 1,
            note: self.asked.note.clone(),
            total: self.total,
            sent_at: None,
            sent_to: String::new(),
            acknowledged_on: None,
        });
        Ok(OrderCreated {
            order_id: id,
            number,
            state: OrderState::Draft,
            total: Money::new(self.total, self.currency),
            repeated: false,
        })
    }
}

impl LineDraft {
    /// The line under an id, of which nothing has happened yet.
    pub(crate) fn written(
        self,
        id: base::PurchaseLineId,
        order_id: PurchaseOrderId,
        line: i64,
    ) -> Line {
        Line {
            id,
            order_id,
            line,
            item_id: self.item_id,
            quantity: self.quantity,
            unit: self.unit,
            ratio: self.ratio,
            stock_quantity: self.stock_quantity,
            price: self.price,
            discount: self.discount,
            tax_code: self.tax_code,
            net: self.net,
            due_on: self.due_on,
            promised_on: None,
            received: Quantity::ZERO,
            billed: Quantity::ZERO,
            returned: Quantity::ZERO,
            grni: Waiting::default(),
            ahead: Waiting::default(),
            closed_short: false,
            close_reason: String::new(),
            expected: false,
            place_id: None,
        }
    }
}
