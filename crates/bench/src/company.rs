//! The company that trades: a warehouse, a web channel, a thousand items with plenty of stock at
//! moving average, and suppliers. It is set up through the same doors that everybody uses.

use crate::{BenchError, ITEMS, refused};
use base::{Currency, Price, PurchaseOrderId, Quantity, Timestamp, Zone};
use catalog::{CreateItems, NewItem};
use identity::{CreateCompany, Ctx, Password, Secret, SetUp};
use partners::NewPartner;
use purchasing::{CreateOrder, OrderLine, Receive, ReceiveLine, SubmitOrder};
use sales::{DefineChannel, Prices, RevenueAt, WhenShort};
use stock::CreateWarehouse;
use store::{Database, Tx};

/// 2026-01-05T09:00Z: everything happens at this moment, so that runs are alike.
const START: Timestamp = Timestamp::from_micros(1_767_603_600_000_000);
/// How many suppliers take turns.
const SUPPLIERS: u64 = 20;
/// How many pieces of each item are there at the start.
const PIECES: i64 = 1_000_000;
/// How many lines an opening order has.
const OPENING_LINES: usize = 100;

pub(crate) const CHANNEL: &str = "WEB";
pub(crate) const WAREHOUSE: &str = "WH";

/// Who acts, and for whom.
#[derive(Clone, Debug)]
pub(crate) struct Company {
    pub ctx: Ctx,
}

/// The number of an item.
pub(crate) fn sku(item: usize) -> String {
    format!("P{item:04}")
}

/// The code of the supplier of an operation.
pub(crate) fn supplier(operation: u64) -> String {
    format!("S{:02}", operation % SUPPLIERS)
}

/// What a piece costs, and what it is sold for.
pub(crate) fn prices() -> Result<(Price, Price), BenchError> {
    let cost = Price::parse("6").map_err(refused("a price"))?;
    let sale = Price::parse("10").map_err(refused("a price"))?;
    Ok((cost, sale))
}

/// Sets the company up.
pub(crate) fn found(database: &Database) -> Result<Company, BenchError> {
    let ctx = set_up(database)?;
    let inside = ctx.clone();
    database.write(move |tx| furnish(tx, &inside))?;
    let all: Vec<usize> = (0..ITEMS).collect();
    for chunk in all.chunks(OPENING_LINES) {
        let (ctx, chunk) = (ctx.clone(), chunk.to_vec());
        database.write(move |tx| open_stock(tx, &ctx, &chunk))?;
    }
    Ok(Company { ctx })
}

/// The company and its administrator, with a password that nobody knows.
fn set_up(database: &Database) -> Result<Ctx, BenchError> {
    let token = Secret::random();
    let password = Password::new(&Secret::random().reveal()).map_err(refused("set_up"))?;
    let request = SetUp {
        company: CreateCompany {
            name: "Bench".to_owned(),
            currency: Currency::GBP,
            zone: Zone::parse("Europe/London").map_err(refused("set_up"))?,
            country: "GB".to_owned(),
        },
        login: "bench".to_owned(),
        display_name: "Bench".to_owned(),
        password,
    };
    database.write(move |tx| {
        identity::issue_set_up_token(tx, &token.digest(), START)?;
        let made = identity::set_up(tx, &token.reveal(), request.clone(), START, "bench")
            .map_err(refused("set_up"))?;
        identity::ctx_for_user(tx, made.company_id, made.user_id, START, "bench")
            .map_err(refused("sign in"))
    })
}

fn furnish(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), BenchError> {
    let (_, sale) = prices()?;
    accounting::install_accounts(tx, ctx, accounting::Template::Standard)
        .map_err(refused("install_accounts"))?;
    catalog::install_units(tx, ctx).map_err(refused("install_units"))?;
    stock::install_reasons(tx, ctx).map_err(refused("install_reasons"))?;
    let request = CreateWarehouse { code: WAREHOUSE.to_owned(), name: "Main".to_owned() };
    stock::create_warehouse(tx, ctx, request).map_err(refused("create_warehouse"))?;
    let request = DefineChannel {
        code: CHANNEL.to_owned(),
        name: "Web shop".to_owned(),
        warehouse: WAREHOUSE.to_owned(),
        when_short: Some(WhenShort::Refuse),
        reserve_at: None,
        prepaid: true,
        prices: Prices::Net,
        revenue_at: RevenueAt::Shipment,
        terms_days: 0,
        tax_code: None,
        active: None,
        revision: None,
    };
    sales::define_channel(tx, ctx, request).map_err(refused("define_channel"))?;
    let items = (0..ITEMS)
        .map(|item| NewItem { list_price: sale, ..NewItem::new(sku(item), "Thing") })
        .collect();
    catalog::create_items(tx, ctx, CreateItems { items, all_or_nothing: true })
        .map_err(refused("create_items"))?;
    for number in 0..SUPPLIERS {
        let code = supplier(number);
        let country = "GB".parse().map_err(refused("a country"))?;
        partners::create_partner(tx, ctx, NewPartner::supplier(&code, &code, country))
            .map_err(refused("create_partner"))?;
    }
    Ok(())
}

/// Opening stock comes the way all stock comes: ordered and received, so that it has a cost.
pub(crate) fn open_stock(tx: &mut Tx<'_>, ctx: &Ctx, items: &[usize]) -> Result<(), BenchError> {
    let lines: Vec<_> = items.iter().map(|item| (*item, PIECES)).collect();
    let order_id = order(tx, ctx, supplier(0), &lines)?;
    purchasing::receive(tx, ctx, receipt(order_id, &lines)).map_err(refused("receive"))?;
    Ok(())
}

/// An order that is approved at once.
pub(crate) fn order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    supplier: String,
    lines: &[(usize, i64)],
) -> Result<PurchaseOrderId, BenchError> {
    let request = to_create(supplier, lines)?;
    let made = purchasing::create_order(tx, ctx, request).map_err(refused("create_order"))?;
    let request = SubmitOrder { order_id: made.order_id };
    purchasing::submit_order(tx, ctx, request).map_err(refused("submit_order"))?;
    Ok(made.order_id)
}

/// Such an order as it is asked for.
pub(crate) fn to_create(
    supplier: String,
    lines: &[(usize, i64)],
) -> Result<CreateOrder, BenchError> {
    let (cost, _) = prices()?;
    let line = |&(item, pieces): &(usize, i64)| OrderLine {
        sku: sku(item),
        quantity: Quantity::units(pieces),
        unit: None,
        price: Some(cost),
        discount: None,
        tax_code: String::new(),
        due_on: None,
    };
    Ok(CreateOrder {
        supplier,
        warehouse: WAREHOUSE.to_owned(),
        currency: None,
        ordered_on: None,
        billing: None,
        lines: lines.iter().map(line).collect(),
        note: String::new(),
        client_ref: String::new(),
    })
}

/// The receipt of all of such an order.
pub(crate) fn receipt(order_id: PurchaseOrderId, lines: &[(usize, i64)]) -> Receive {
    let line = |(number, &(_, pieces)): (i64, &(usize, i64))| ReceiveLine {
        line: number,
        quantity: Quantity::units(pieces),
        unit: None,
        outcome: purchasing::Outcome::Accepted,
        lot: None,
        expires_on: None,
        place: None,
        reason: String::new(),
        evidence: Vec::new(),
    };
    Receive {
        order_id,
        received_on: None,
        delivery_note: String::new(),
        lines: (1..).zip(lines).map(line).collect(),
        confirm_over: false,
        client_ref: String::new(),
    }
}
