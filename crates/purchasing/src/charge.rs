//! What the lines of a supplier's document come to, in its currency and in the company's: shared by
//! bills and credit notes.

use crate::bill::BillExpense;
use crate::follow;
use crate::model::{Line, Order, Waiting};
use crate::rules::{self, Tax};
use crate::tables::Loaded;
use crate::words::MatchState;
use accounting::{Line as EntryLine, OpenKey, RateError, Role, TaxRate};
use base::{
    Currency, Day, ItemId, NumberError, PartnerId, Price, Problem, ProblemKind, PurchaseLineId,
    PurchaseOrderId, Quantity, Rate, Rounding, Rule, TaxCodeId, TextError,
};
use catalog::Item;
use identity::Ctx;
use std::collections::{BTreeMap, HashMap};
use store::{StoreError, Tx};

/// Why a line of a supplier's document was refused, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ChargeError {
    /// There is no such order of the supplier.
    #[error("there is no purchase order {order_id} of this supplier")]
    UnknownOrder {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// The order is in another currency.
    #[error("order {number} is in {ordered} and the document in {billed}; enter it in the order's")]
    OtherCurrency {
        /// The order.
        number: String,
        /// Its currency.
        ordered: Currency,
        /// The document's.
        billed: Currency,
    },
    /// The order was never approved, or called off.
    #[error("order {number} is {state}; only an approved order is billed")]
    NotApproved {
        /// The order.
        number: String,
        /// Its state.
        state: crate::OrderState,
    },
    /// The order has no such line.
    #[error("order {number} has no line {line}")]
    UnknownLine {
        /// The order.
        number: String,
        /// The line asked for.
        line: i64,
    },
    /// The unit is neither the line's nor the item's, or does not convert exactly.
    #[error("line {line}: {quantity} {unit} cannot be told in the unit of the line or of stock")]
    WrongUnit {
        /// The line.
        line: i64,
        /// How much.
        quantity: Quantity,
        /// The unit asked for.
        unit: String,
    },
    /// There is no such tax code.
    #[error("there is no tax code {code:?} with a rate on {day}")]
    UnknownTax {
        /// The code asked for.
        code: String,
        /// The document's day.
        day: Day,
    },
    /// The account of an expense equals a list that a bill does not belong to.
    #[error("{role} is not an account for expenses; choose another, such as expense")]
    NotAnExpense {
        /// The role asked for.
        role: Role,
    },
    /// A description cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ChargeError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ChargeError::UnknownOrder { .. } => Problem::not_found("order_not_found", detail),
            ChargeError::OtherCurrency { .. } => {
                Problem::refused("other_currency", detail).with_field("currency")
            }
            ChargeError::NotApproved { .. } => {
                Problem::new(ProblemKind::Conflict, "order_not_approved", detail)
            }
            ChargeError::UnknownLine { .. } => Problem::refused("unknown_line", detail),
            ChargeError::WrongUnit { .. } => Problem::refused("wrong_unit", detail),
            ChargeError::UnknownTax { .. } => Problem::refused("tax_code_not_found", detail),
            ChargeError::NotAnExpense { .. } => {
                Problem::refused("not_an_expense", detail).with_field("role")
            }
            ChargeError::Text(error) => error.problem(),
            ChargeError::Number(error) => error.problem(),
            ChargeError::Store(error) => error.problem(),
        }
    }
}

/// Where a document stands: whose it is, of which day, in which currency and at which rate.
pub(crate) struct Where {
    pub partner_id: PartnerId,
    pub day: Day,
    pub currency: Currency,
    /// What one unit of the currency is worth in the company's.
    pub rate: Rate,
    pub home: Currency,
    taxes: BTreeMap<String, TaxRate>,
    items: HashMap<ItemId, Item>,
}

/// Loads what the lines of a document are reckoned with.
pub(crate) fn terms(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &BTreeMap<PurchaseOrderId, Loaded>,
    partner_id: PartnerId,
    currency: Currency,
    day: Day,
) -> Result<Where, RateError> {
    let lines: Vec<Line> = orders.values().flat_map(|loaded| loaded.lines.clone()).collect();
    Ok(Where {
        partner_id,
        day,
        currency,
        rate: accounting::rate_on(tx, ctx, currency, day)?,
        home: ctx.currency,
        taxes: follow::taxes(tx, ctx, day)?,
        items: follow::items(tx, ctx, &lines)?,
    })
}

/// What a line of a document comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Charge {
    /// Before tax, in the document's currency.
    pub net: i64,
    /// Its tax, in the same.
    pub tax: Tax,
    /// What it costs us: net and the tax that nobody gives back.
    pub cost: i64,
    /// The same in the company's currency.
    pub cost_home: i64,
    /// What is owed for it in the company's currency.
    pub owed_home: i64,
    net_home: i64,
    recoverable_home: i64,
    declared_home: i64,
    tax_code: Option<TaxCodeId>,
}

impl Charge {
    /// The lines on the tax accounts; `sign` -1 takes them back.
    pub(crate) fn tax_lines(&self, sign: i64) -> Vec<EntryLine> {
        let Some(code) = self.tax_code else { return Vec::new() };
        let net = sign * self.net_home;
        let mut lines =
            vec![EntryLine::new(Role::InputTax, sign * self.recoverable_home).tax(code, net)];
        if self.declared_home != 0 {
            let tax = -sign * self.declared_home;
            lines.push(EntryLine::new(Role::OutputTax, tax).tax(code, -net));
        }
        lines
    }
}

impl Where {
    /// What a net amount comes to under a tax code.
    pub(crate) fn charge(&self, net: i64, tax_code: &str) -> Result<Charge, ChargeError> {
        let rate = self.taxes.get(tax_code);
        if rate.is_none() && !tax_code.is_empty() {
            return Err(ChargeError::UnknownTax { code: tax_code.to_owned(), day: self.day });
        }
        let tax = rules::tax_on(net, rate)?;
        let cost = rules::sum([net, tax.sunk])?;
        let at_home = |minor| rules::at_rate(minor, self.currency, self.rate, self.home);
        let (cost_home, recoverable_home) = (at_home(cost)?, at_home(tax.recoverable)?);
        let declared_home = at_home(tax.declared)?;
        Ok(Charge {
            net,
            tax,
            cost,
            cost_home,
            owed_home: rules::sum([cost_home, recoverable_home, -declared_home])?,
            net_home: at_home(net)?,
            recoverable_home,
            declared_home,
            tax_code: rate.map(|rate| rate.id),
        })
    }

    /// The order and line that a document names.
    pub(crate) fn find<'o>(
        &self,
        orders: &'o mut BTreeMap<PurchaseOrderId, Loaded>,
        order_id: PurchaseOrderId,
        line: i64,
    ) -> Result<(&'o Order, &'o mut Line), ChargeError> {
        let loaded = orders
            .get_mut(&order_id)
            .filter(|loaded| loaded.order.partner_id == self.partner_id)
            .ok_or(ChargeError::UnknownOrder { order_id })?;
        let (order, number) = (&loaded.order, loaded.order.number.clone());
        if order.currency != self.currency {
            let (ordered, billed) = (order.currency, self.currency);
            return Err(ChargeError::OtherCurrency { number, ordered, billed });
        }
        if !order.state.is_due() && order.state != crate::OrderState::Closed {
            return Err(ChargeError::NotApproved { number, state: order.state });
        }
        let at = loaded.lines.iter().position(|found| found.line == line);
        let at = at.ok_or(ChargeError::UnknownLine { number, line })?;
        Ok((&loaded.order, &mut loaded.lines[at]))
    }

    /// A quantity in the stock unit.
    pub(crate) fn in_stock_unit(
        &self,
        line: &Line,
        quantity: Quantity,
        unit: &Option<String>,
    ) -> Result<Quantity, ChargeError> {
        let kept = &follow::item(&self.items, line.item_id)?.stock_unit.code;
        let converted = line.in_stock_unit(quantity, unit.as_deref(), kept);
        converted.and_then(Result::ok).ok_or_else(|| ChargeError::WrongUnit {
            line: line.line,
            quantity,
            unit: unit.clone().unwrap_or_else(|| line.unit.clone()),
        })
    }
}

/// What a quantity in the stock unit costs at a price per unit of the line.
pub(crate) fn net_of(
    line: &Line,
    price: Price,
    quantity: Quantity,
    currency: Currency,
) -> Result<i64, NumberError> {
    let units = line.ratio.invert().convert(quantity, Rounding::HalfUp)?;
    price.extend(units, currency, Rounding::HalfUp)
}

/// What an expense comes to.
pub(crate) fn expense(terms: &Where, asked: &BillExpense) -> Result<Charge, ChargeError> {
    base::check_text("description", &asked.description, 500)?;
    let allowed = (!asked.role.is_control() && !asked.role.is_tax())
        || asked.role == Role::LandedCostClearing;
    if !allowed {
        return Err(ChargeError::NotAnExpense { role: asked.role });
    }
    let net = asked.price.extend(asked.quantity, terms.currency, Rounding::HalfUp)?;
    terms.charge(net, &asked.tax_code)
}

/// A line for goods of an order, as decided.
pub(crate) struct Goods {
    pub order_id: PurchaseOrderId,
    pub line_id: PurchaseLineId,
    pub item_id: ItemId,
    /// In the stock unit; of a credit note, what is credited.
    pub quantity: Quantity,
    /// Per unit of the line.
    pub price: Price,
    pub tax_code: String,
    pub charge: Charge,
    pub billed_before: Quantity,
    /// What it clears.
    pub matched: Waiting,
    /// What waits for goods to come.
    pub ahead: Waiting,
    /// What the bill is above the goods' value, in the company's currency at the bill's rate.
    pub difference: i64,
    /// What the change of the rate since the receipt makes of it.
    pub exchange: i64,
    pub state: MatchState,
    key: OpenKey,
}

impl Goods {
    /// A line of which nothing is settled yet.
    pub(crate) fn new(
        order: &Order,
        line: &Line,
        quantity: Quantity,
        charge: Charge,
        tax_code: String,
    ) -> Goods {
        Goods {
            order_id: order.id,
            line_id: line.id,
            item_id: line.item_id,
            quantity,
            price: line.price,
            tax_code,
            charge,
            billed_before: line.billed,
            matched: Waiting::default(),
            ahead: Waiting::default(),
            difference: 0,
            exchange: 0,
            state: MatchState::Matched,
            key: follow::open_key(order, line),
        }
    }

    /// Splits the cost over what it clears and what waits ahead, and finds the differences: that of
    /// the price in the document's currency at its rate, the rest is the exchange's. A correction
    /// clears nothing and is a price difference as a whole.
    pub(crate) fn settle(
        &mut self,
        terms: &Where,
        matched: Waiting,
        ahead: Quantity,
        correction: bool,
    ) -> Result<(), NumberError> {
        let cost = self.charge.cost;
        let of_matched =
            if correction { cost } else { rules::share(cost, self.quantity, matched.quantity)? };
        let foreign = rules::sum([cost, -of_matched])?;
        let at_home = |minor| rules::at_rate(minor, terms.currency, terms.rate, terms.home);
        let value = at_home(foreign)?;
        let matched_home = rules::sum([self.charge.cost_home, -value])?;
        let whole = rules::sum([matched_home, -matched.value])?;
        self.difference = if terms.currency == terms.home {
            whole
        } else {
            at_home(rules::sum([of_matched, -matched.foreign])?)?
        };
        self.exchange = rules::sum([whole, -self.difference])?;
        self.matched = matched;
        self.ahead = Waiting { quantity: ahead, value, foreign };
        Ok(())
    }

    /// What a bill books against the debt to the supplier, but for the price difference.
    pub(crate) fn debits(&self, terms: &Where) -> Vec<EntryLine> {
        let on = |role, waiting: Waiting| {
            let (value, foreign) = (waiting.value, waiting.foreign);
            rules::open_line(role, self.key, value, foreign, terms.currency, terms.home)
                .item(self.item_id)
        };
        let mut lines = vec![on(Role::Grni, self.matched), on(Role::BilledNotReceived, self.ahead)];
        lines.push(EntryLine::new(Role::ExchangeDifference, self.exchange));
        lines.extend(self.charge.tax_lines(1));
        lines
    }

    /// What a credit note books against the supplier's debt to us: what waited is cleared.
    pub(crate) fn credits(&self, terms: &Where) -> Vec<EntryLine> {
        let (value, foreign) = (-self.matched.value, -self.matched.foreign);
        let role = Role::BilledNotReceived;
        let mut lines = vec![
            rules::open_line(role, self.key, value, foreign, terms.currency, terms.home)
                .item(self.item_id),
            EntryLine::new(Role::PriceDifference, -self.difference).item(self.item_id),
            EntryLine::new(Role::ExchangeDifference, -self.exchange),
        ];
        lines.extend(self.charge.tax_lines(-1));
        lines
    }
}
