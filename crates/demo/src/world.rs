//! The demo's world: items with prices, suppliers with offers, what lies in the warehouse when the
//! books open, and what is on its way. Planned once from the files and a seed; the same seed gives
//! the same world.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base::{Currency, Day, DayError, NumberError, Price, Problem, Quantity, Rounding, Rule};

use crate::classify::{Class, ServiceKind, is_goods_code};
use crate::levels::whole_cases;
use crate::open_days::open_on_or_before;
use crate::orders::Trade;
use crate::prices::{PriceSource, base_prices, cost};
use crate::read::{CountryIndex, Data, ItemIndex};
use crate::seed::Hash;
use crate::suppliers::{Offer, Supplier, SupplierIndex, assign, offer, suppliers};
use crate::supply::{OrderedLine, SupplierOrder, Supply};

/// The seed of the demo.
pub const SEED: u64 = 20_101_201;

/// What the opening knows that nobody could have known then. The output states it; nothing after
/// the opening knows more than its day.
pub const FOREKNOWLEDGE: [&str; 6] = [
    "base prices are medians over the whole file, and costs are 55-65 % of them",
    "60 % of value comes from overseas, measured over the whole file",
    "opening stock is the real demand of the first two weeks",
    "purchase orders open at the opening bring the real demand of weeks 3 to 8",
    "an item first wanted later has a launch order for the real demand of its first 8 weeks, \
     received 7 days before",
    "demand leaves out what customers cancelled in full within 14 days",
];

/// Days of demand that lie in stock at the opening.
const STOCK_DAYS: i64 = 14;
/// The weeks after the opening that open purchase orders bring.
const ORDERED_WEEKS: std::ops::RangeInclusive<i64> = 3..=8;
/// Days of demand that a launch order brings.
const LAUNCH_DAYS: i64 = 56;
/// Days between a launch order's arrival and the first demand.
const LAUNCH_LEAD: i64 = 7;
/// The bank balance at the opening, in pence.
const OPENING_BANK: i64 = 50_000_000;

/// Why a world could not be planned.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The data has no lead time ratios.
    #[error("lead_ratio.csv has no rows")]
    NoLeadRatios,
    /// The exchange table has no rate for a supplier's currency.
    #[error("there is no exchange rate for {currency}")]
    NoRate {
        /// The currency.
        currency: Currency,
    },
    /// An amount or a quantity cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// A day lies beyond the calendar.
    #[error(transparent)]
    Day(#[from] DayError),
}

impl Rule for WorldError {
    fn problem(&self) -> Problem {
        match self {
            WorldError::NoLeadRatios => {
                Problem::invalid("demo_without_lead_ratios", self.to_string())
            }
            WorldError::NoRate { .. } => Problem::invalid("demo_without_rate", self.to_string()),
            WorldError::Number(error) => error.problem(),
            WorldError::Day(error) => error.problem(),
        }
    }
}

/// Whether an item is goods or which service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// It is stocked.
    Goods,
    /// It is not.
    Service(ServiceKind),
}

/// An item of the world, at the same position as in the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The stock code.
    pub code: String,
    /// The description; the code where the file has none.
    pub name: String,
    /// Goods or which service.
    pub kind: ItemKind,
    /// GBP per piece, net of VAT: the list price. Zero for services.
    pub base_price: Price,
    /// Where the base price comes from.
    pub price_source: PriceSource,
    /// GBP per piece that a supplier is paid. Zero for services.
    pub cost: Price,
}

/// A wholesale customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The number in the file.
    pub number: u32,
    /// The country of its first invoice. Eight customers have a second one later; tax follows the
    /// invoice's country.
    pub country: CountryIndex,
    /// The day of its first invoice.
    pub since: Day,
}

/// What lies in the warehouse at the opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningStock {
    /// The item.
    pub item: ItemIndex,
    /// Pieces.
    pub quantity: i64,
    /// Their value at cost, in pence.
    pub value_minor: i64,
}

/// Why an order was planned before the replay began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Open at the opening, for a week after it, 3 to 8.
    Week(i64),
    /// For items that are first wanted later.
    Launch,
}

/// An order to a supplier that is planned, not proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedOrder {
    /// Unique: `OPEN-S07-W3`, `LAUNCH-S07-2011-02-14`.
    pub reference: String,
    /// To whom.
    pub supplier: SupplierIndex,
    /// Why.
    pub purpose: Purpose,
    /// When it was sent. Before the opening: it is open then.
    pub ordered_on: Day,
    /// The day promised, on which its goods arrive but for lines with a changed promise.
    pub due_on: Day,
    /// By item.
    pub lines: Vec<OrderedLine>,
}

/// The balances with which the books open, in pence; debits positive. They sum to zero. GRNI and
/// all else is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialBalance {
    /// Stock at cost.
    pub stock: i64,
    /// Cash at bank.
    pub bank: i64,
    /// The rest.
    pub capital: i64,
}

/// The world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// What everything that is drawn depends on.
    pub seed: u64,
    /// The first day of the books.
    pub opening: Day,
    /// Goods and services, at the positions of the data.
    pub items: Vec<Item>,
    /// By code.
    pub suppliers: Vec<Supplier>,
    /// One for each item of goods, by item.
    pub offers: Vec<Offer>,
    /// By number.
    pub customers: Vec<Customer>,
    /// By item; items without stock are left out.
    pub opening_stock: Vec<OpeningStock>,
    /// By the day sent, then by reference.
    pub planned_orders: Vec<PlannedOrder>,
    /// What comes of each planned order, at the same positions.
    pub planned_supply: Vec<Supply>,
    /// The opening balances.
    pub trial_balance: TrialBalance,
    /// Lead time over its median, in ten-thousandths.
    pub lead_ratios: Vec<i64>,
}

impl World {
    /// Plans the world that opens on a day.
    ///
    /// # Errors
    ///
    /// `NoLeadRatios`, then as they come up.
    pub fn plan(
        data: &Data,
        classes: &[Class],
        trade: &Trade,
        seed: u64,
        opening: Day,
    ) -> Result<World, WorldError> {
        if data.lead_ratios.is_empty() {
            return Err(WorldError::NoLeadRatios);
        }
        let items = items(data, classes, seed)?;
        let suppliers = suppliers(seed);
        let demand = Demand::of(data);
        let values = demand.values(&items)?;
        let assigned = assign(seed, &items, &suppliers, &values);
        let offers = assigned
            .into_iter()
            .map(|(item, supplier)| {
                let (from, of) = (&suppliers[supplier.0], &items[item.0]);
                offer(seed, opening, (item, of), (supplier, from))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let opening_stock = opening_stock(&items, &demand, opening)?;
        let stock = opening_stock.iter().map(|row| row.value_minor).sum::<i64>();
        let mut world = World {
            seed,
            opening,
            items,
            suppliers,
            offers,
            customers: customers(trade),
            opening_stock,
            planned_orders: Vec::new(),
            planned_supply: Vec::new(),
            trial_balance: TrialBalance {
                stock,
                bank: OPENING_BANK,
                capital: -(stock + OPENING_BANK),
            },
            lead_ratios: data.lead_ratios.clone(),
        };
        world.planned_orders = world.plan_orders(&demand)?;
        world.planned_supply = world
            .planned_orders
            .iter()
            .map(|order| world.supply(&order.as_supplier_order(), order.due_on))
            .collect::<Result<_, _>>()?;
        Ok(world)
    }

    /// The item at an index of the data.
    #[must_use]
    pub fn item(&self, index: ItemIndex) -> &Item {
        &self.items[index.0]
    }

    /// The supplier at an index of this world.
    #[must_use]
    pub fn supplier(&self, index: SupplierIndex) -> &Supplier {
        &self.suppliers[index.0]
    }

    /// The offer for an item; none for services.
    #[must_use]
    pub fn offer(&self, item: ItemIndex) -> Option<&Offer> {
        let at = self.offers.binary_search_by_key(&item, |offer| offer.item).ok()?;
        self.offers.get(at)
    }

    /// Whether a planned order is open at the opening, and so part of it.
    #[must_use]
    pub fn is_open_at_opening(&self, order: &PlannedOrder) -> bool {
        order.ordered_on < self.opening
    }

    /// A hash of all there is in the world. Equal worlds have equal ones.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hash = Hash::new();
        // Writing into a hash cannot fail.
        let _ = write!(hash, "{self:?}");
        hash.value()
    }

    /// Open orders for weeks 3 to 8, and launch orders.
    fn plan_orders(&self, demand: &Demand) -> Result<Vec<PlannedOrder>, WorldError> {
        let mut orders = BTreeMap::new();
        for offer in &self.offers {
            self.plan_item(offer, demand, &mut orders)?;
        }
        let mut planned = orders
            .into_iter()
            .map(|((supplier, purpose, due_on), lines)| {
                self.planned_order(supplier, purpose, due_on, lines)
            })
            .collect::<Result<Vec<_>, _>>()?;
        planned.sort_by(|one, other| {
            (one.ordered_on, &one.reference).cmp(&(other.ordered_on, &other.reference))
        });
        Ok(planned)
    }

    /// Adds an item's lines to the planned orders. What whole cases bring beyond a week's demand is
    /// taken off the next week's.
    fn plan_item(
        &self,
        offer: &Offer,
        demand: &Demand,
        orders: &mut BTreeMap<(SupplierIndex, Purpose, Day), Vec<OrderedLine>>,
    ) -> Result<(), WorldError> {
        let (item, price) = (offer.item, offer.price);
        let Some(first) = demand.first(item, self.opening) else {
            return Ok(());
        };
        let mut add = |purpose, due_on, lacking: i64| {
            let quantity = whole_cases(lacking.max(offer.minimum), offer.multiple)?;
            let lines = orders.entry((offer.supplier, purpose, due_on)).or_default();
            lines.push(OrderedLine { item, quantity, price });
            Ok::<i64, WorldError>(quantity)
        };
        if first >= self.opening.plus(ORDERED_WEEKS.end() * 7)? {
            let due_on = open_on_or_before(first.plus(-LAUNCH_LEAD)?)?;
            add(Purpose::Launch, due_on, demand.between(item, first, LAUNCH_DAYS)?)?;
            return Ok(());
        }
        let mut surplus = 0;
        for week in ORDERED_WEEKS {
            let begins = self.opening.plus((week - 1) * 7)?;
            let lacking = demand.between(item, begins, 7)? - surplus;
            surplus = -lacking;
            if lacking > 0 {
                surplus += add(Purpose::Week(week), open_on_or_before(begins)?, lacking)?;
            }
        }
        Ok(())
    }

    fn planned_order(
        &self,
        supplier: SupplierIndex,
        purpose: Purpose,
        due_on: Day,
        lines: Vec<OrderedLine>,
    ) -> Result<PlannedOrder, WorldError> {
        let Supplier { code, lead_days, .. } = self.supplier(supplier);
        let sent = open_on_or_before(due_on.plus(-lead_days)?)?;
        let (reference, ordered_on) = match purpose {
            // Open at the opening even where the supplier would need less time.
            Purpose::Week(week) => {
                let before = open_on_or_before(self.opening.plus(-1)?)?;
                (format!("OPEN-{code}-W{week}"), sent.min(before))
            }
            Purpose::Launch => (format!("LAUNCH-{code}-{due_on}"), sent),
        };
        Ok(PlannedOrder { reference, supplier, purpose, ordered_on, due_on, lines })
    }
}

impl PlannedOrder {
    /// As the supplier sees it.
    #[must_use]
    pub fn as_supplier_order(&self) -> SupplierOrder<'_> {
        SupplierOrder {
            supplier: self.supplier,
            reference: &self.reference,
            ordered_on: self.ordered_on,
            lines: &self.lines,
        }
    }
}

fn items(data: &Data, classes: &[Class], seed: u64) -> Result<Vec<Item>, WorldError> {
    let prices = base_prices(data, classes)?;
    data.items
        .iter()
        .zip(prices)
        .map(|(row, (base_price, price_source))| {
            let kind = ServiceKind::of_code(&row.code).map_or(ItemKind::Goods, ItemKind::Service);
            let name = if row.description.is_empty() { &row.code } else { &row.description };
            Ok(Item {
                code: row.code.clone(),
                name: name.clone(),
                kind,
                base_price,
                price_source,
                cost: cost(seed, &row.code, base_price)?,
            })
        })
        .collect()
}

/// Trade is in order of time, so the first invoice of a customer is met first.
fn customers(trade: &Trade) -> Vec<Customer> {
    let mut customers = BTreeMap::new();
    for invoice in &trade.invoices {
        if let Some(number) = invoice.customer {
            let (country, since) = (invoice.country, invoice.day);
            customers.entry(number).or_insert(Customer { number, country, since });
        }
    }
    customers.into_values().collect()
}

fn opening_stock(
    items: &[Item],
    demand: &Demand,
    opening: Day,
) -> Result<Vec<OpeningStock>, WorldError> {
    let mut stock = Vec::new();
    for (at, item) in items.iter().enumerate().filter(|(_, item)| is_goods_code(&item.code)) {
        let quantity = demand.between(ItemIndex(at), opening, STOCK_DAYS)?;
        if quantity > 0 {
            let value_minor = value(item.cost, quantity)?;
            stock.push(OpeningStock { item: ItemIndex(at), quantity, value_minor });
        }
    }
    Ok(stock)
}

/// What pieces are worth at a cost in GBP, in pence.
fn value(cost: Price, pieces: i64) -> Result<i64, NumberError> {
    cost.extend(Quantity::from_units(pieces)?, Currency::GBP, Rounding::HalfUp)
}

/// Pieces wanted by item and day, from the daily file.
struct Demand(Vec<BTreeMap<Day, i64>>);

impl Demand {
    fn of(data: &Data) -> Demand {
        let mut days = vec![BTreeMap::new(); data.items.len()];
        for row in data.daily.iter().filter(|row| row.demand() > 0) {
            *days[row.item.0].entry(row.day).or_default() += row.demand();
        }
        Demand(days)
    }

    /// The first day on or after `from` on which the item was wanted.
    fn first(&self, item: ItemIndex, from: Day) -> Option<Day> {
        self.0[item.0].range(from..).next().map(|(day, _)| *day)
    }

    /// Pieces wanted in so many days from `from` on.
    fn between(&self, item: ItemIndex, from: Day, days: i64) -> Result<i64, DayError> {
        Ok(self.0[item.0].range(from..from.plus(days)?).map(|(_, pieces)| pieces).sum())
    }

    /// What all that was wanted of each item cost, in pence.
    fn values(&self, items: &[Item]) -> Result<Vec<i64>, NumberError> {
        let all =
            |(days, item): (&BTreeMap<Day, i64>, &Item)| value(item.cost, days.values().sum());
        self.0.iter().zip(items).map(all).collect()
    }
}
