//! The small world is made, through the doors that a company's own set-up goes through.

use crate::case::{Args, Case};
use crate::world::{Known, SOURCE, Stop, SuppliedOnSale, World, path_of};
use crate::yaml::{Data, Node};
use accounting::{Area, Role, SetRate, Template};
use base::{
    Currency, Day, Id, Price, Quantity, Rate, Rounding, Timestamp, UserId, Zone, div_round,
    parse_scaled,
};
use catalog::{CreateItems, DefineCategory, DefineUnit, ItemKind, NewItem, Tracking};
use counting::{DefineCountPlaces, PlaceRule};
use identity::{CreateCompany, CreateUser, Ctx, GrantRole, SetUp};
use partners::NewPartner;
use purchasing::{DefineOffer, DefineOffers};
use sales::{DefineChannel, Prices, ReserveAt, RevenueAt, WhenShort};
use std::collections::{BTreeMap, BTreeSet};
use stock::{
    Cost, Counter, CreatePlace, CreateWarehouse, Kind, Move, Posting, PutawayRule, ReceiptSteps,
    Removal, SetPutaway, TransferLeadTime,
};
use store::Database;
use valuation::{Method, SetMethod, SetStandard, StandardPrice};

/// The customer of every sale.
pub(crate) const CUSTOMER: &str = "CUSTOMER";
/// The channel of every sale.
pub(crate) const CHANNEL: &str = "SCENARIO";

/// Roles as cases name them, and the product's.
const ROLES: &[(&str, &str)] = &[
    ("purchase_manager", "buyer_lead"),
    ("stock_user", "warehouse"),
    ("stock_manager", "administrator"),
];

/// Makes the company of a case and everything in its set-up.
pub(crate) fn build(database: &Database, case: &Case) -> Result<World, Stop> {
    let currency = currency_of(case)?;
    let ctx = company(database, case, currency)?;
    let mut world = World::new(database.clone(), ctx.on(case.today));
    furnish(&mut world)?;
    policies(&mut world, case)?;
    units(&mut world, case)?;
    items(&mut world, case)?;
    warehouses(&mut world, case)?;
    partners_of(&world, case)?;
    offers(&world, case)?;
    users(&mut world, case)?;
    rates(&world, case)?;
    removal(&world, case)?;
    putaway(&world, case)?;
    controls(&world, case)?;
    count_rules(&world, case)?;
    channel(&world)?;
    opening(&mut world, case)?;
    rules(&mut world, case)?;
    world.new_entries()?;
    world.new_moves()?;
    Ok(world)
}

/// A key of the set-up.
fn key<'a>(case: &'a Case, name: &str) -> Option<&'a Node> {
    case.setup.iter().find(|(key, _)| key == name).map(|(_, node)| node)
}

/// The maps in a list of the set-up.
fn rows(case: &Case, name: &str) -> Vec<Args> {
    let nodes = key(case, name).map_or(&[][..], Node::items);
    nodes.iter().map(|node| Args::new(node.clone(), case.today)).collect()
}

/// The company's currency; a code that is none stands for one with as many decimals.
fn currency_of(case: &Case) -> Result<Currency, Stop> {
    let Some(node) = key(case, "currency") else { return parse_currency("GBP") };
    let args = Args::new(node.clone(), case.today);
    let code = args.text_opt("code")?.unwrap_or("GBP");
    match (Currency::parse(code), args.has("rounding")) {
        (Ok(currency), _) => Ok(currency),
        (Err(_), true) if args.scaled_opt("rounding", 6)? == Some(1_000_000) => {
            parse_currency("JPY")
        }
        (Err(_), true) if args.scaled_opt("rounding", 6)? == Some(1_000) => parse_currency("KWD"),
        (Err(error), _) => Err(Stop::failed(error.to_string())),
    }
}

fn parse_currency(code: &str) -> Result<Currency, Stop> {
    Currency::parse(code).map_err(|error| Stop::failed(error.to_string()))
}

/// A company of its own: the first of the database, or one more beside those that are there.
fn company(database: &Database, case: &Case, currency: Currency) -> Result<Ctx, Stop> {
    let zone = Zone::parse("UTC").map_err(|error| Stop::failed(error.to_string()))?;
    let at =
        Timestamp::at(case.today, 9, 0, &zone).map_err(|error| Stop::failed(error.to_string()))?;
    let broken = |error: &dyn std::error::Error| Stop::failed(format!("set-up: {error}"));
    let others = database.read(identity::companies).map_err(|error| broken(&error))?;
    let request = CreateCompany {
        name: format!("Scenario {} {}", case.id, others.len() + 1),
        currency,
        zone,
        country: "GB".to_owned(),
    };
    let id = match others.first() {
        None => {
            let secret = identity::Secret::random();
            let (digest, token) = (secret.digest(), secret.reveal());
            let password = identity::Password::new(&identity::Secret::random().reveal());
            let set_up = SetUp {
                company: request,
                login: "scenario".to_owned(),
                display_name: "Scenario".to_owned(),
                password: password.map_err(|error| broken(&error))?,
            };
            let done = database.write(move |tx| {
                identity::issue_set_up_token(tx, &digest, at)?;
                identity::set_up(tx, &token, set_up.clone(), at, SOURCE)
            });
            done.map_err(|error| broken(&error))?.company_id
        }
        Some(first) => {
            let mut ctx = Ctx::all_rights(first, UserId::from_raw(0), at, SOURCE);
            let reader = ctx.clone();
            let users = database
                .read(move |tx| identity::users(tx, &reader, identity::UserFilter::default()))
                .map_err(|error| broken(&error))?;
            if let Some(user) = users.first() {
                ctx = Ctx::all_rights(first, user.user_id, at, SOURCE);
            }
            database
                .write(move |tx| identity::create_company(tx, &ctx, request.clone()))
                .map_err(|error| broken(&error))?
        }
    };
    let found = database.read(move |tx| identity::find_company(tx, id));
    let found = found.map_err(|error| broken(&error))?;
    let company = found.ok_or_else(|| Stop::failed("the company is gone"))?;
    Ok(Ctx::all_rights(&company, UserId::from_raw(0), at, SOURCE))
}

fn furnish(world: &mut World) -> Result<(), Stop> {
    let ctx = world.ctx.clone();
    world.write(&ctx, |tx, ctx| accounting::install_accounts(tx, ctx, Template::Standard))?;
    world.write(&ctx, stock::install_reasons)?;
    let accounts = world.read(accounting::accounts)?;
    let roles = accounts.into_iter().filter_map(|row| Some((row.account_id, row.role?)));
    world.roles = roles.collect();
    Ok(())
}

/// Sets a policy of the company.
pub(crate) fn set_policy(world: &World, name: &str, value: &str) -> Result<(), Stop> {
    let (name, value) = (name.to_owned(), value.to_owned());
    let ctx = world.ctx.clone();
    world.write(&ctx, move |tx, ctx| identity::set_policy(tx, ctx, &name, &value))
}

fn policies(world: &mut World, case: &Case) -> Result<(), Stop> {
    set_policy(world, "reserve_at", "manual")?;
    set_policy(world, "when_short", "back_order")?;
    for (name, node) in &case.policy {
        let value = node.text().unwrap_or_default().to_owned();
        if crate::support::is_company_policy(name) {
            set_policy(world, name, &value)?;
        }
        world.policy.insert(name.clone(), value);
    }
    let empty = Node { line: 1, data: Data::Map(Vec::new()) };
    let company = Args::new(key(case, "company").cloned().unwrap_or(empty), case.today);
    if let Some(value) = company.text_opt("negative_stock")? {
        set_policy(world, "negative_stock", value)?;
    }
    if let Some(day) = company.day_opt("annual_count_date")? {
        let policy = i64::from(day.month()) * 100 + i64::from(day.day_of_month());
        set_policy(world, "annual_count_date", &policy.to_string())?;
    }
    // What a scenario leaves out of an item is no reason to keep its replenishment waiting.
    set_policy(world, "automation_requires", "supplier")?;
    for (name, policy) in
        [("days_to_purchase", "days_to_purchase"), ("supply_period_days", "horizon_days")]
    {
        if let Some(days) = company.text_opt(name)? {
            set_policy(world, policy, days)?;
        }
    }
    if company.text_opt("approval")? == Some("two_step") {
        let decimals = world.ctx.currency.decimals();
        let limit = company.scaled_opt("approval_amount", decimals)?.unwrap_or(0);
        set_policy(world, "approve_orders_above", &limit.to_string())?;
    }
    for item in rows(case, "items") {
        if item.text_opt("cost_per")? == Some("warehouse") {
            set_policy(world, "valuation_pool", "warehouse")?;
        }
    }
    let allowances: BTreeSet<String> = rows(case, "items")
        .iter()
        .filter_map(|item| item.text_opt("over_receipt_allowance_percent").ok().flatten())
        .map(str::to_owned)
        .collect();
    match allowances.len() {
        0 => Ok(()),
        1 => set_policy(world, "receipt_tolerance_percent", allowances.first().map_or("0", |v| v)),
        _ => Err(Stop::failed("the receipt tolerance is one for the whole company")),
    }
}

/// How places are counted.
fn count_rules(world: &World, case: &Case) -> Result<(), Stop> {
    let mut rules = Vec::new();
    for row in rows(case, "locations") {
        let rule = PlaceRule {
            place: path_of(row.text_opt("code")?.unwrap_or("STOCK"), &world.warehouses),
            cycle_days: row.whole_opt("cycle_days")?,
            zero_confirmation: row.flag("zero_confirmation")?,
            threshold_percent: row.whole_opt("count_threshold_percent")?,
            last_counted_on: row.day_opt("last_count")?,
        };
        if row.keys().any(|name| name != "code") {
            rules.push(rule);
        }
    }
    let (ctx, request) = (world.ctx.clone(), DefineCountPlaces { places: rules });
    world.write(&ctx, move |tx, ctx| counting::define_places(tx, ctx, request.clone()))?;
    Ok(())
}

fn units(world: &mut World, case: &Case) -> Result<(), Stop> {
    let derived = rows(case, "uoms");
    let mut named: BTreeSet<String> = BTreeSet::from(["unit".to_owned()]);
    for item in rows(case, "items") {
        named.extend(item.text_opt("uom")?.map(str::to_owned));
    }
    for row in &derived {
        named.insert(row.text("per")?.to_owned());
    }
    // Pieces that are told apart one by one exist as wholes alone.
    let mut pieces = BTreeSet::new();
    for item in rows(case, "items") {
        if item.text_opt("tracking")? == Some("serial") {
            pieces.insert(item.text_opt("uom")?.unwrap_or("unit").to_owned());
        }
    }
    let mut wanted = Vec::new();
    for row in &derived {
        named.remove(row.text("uom")?);
        wanted.push(DefineUnit {
            code: row.text("uom")?.to_owned(),
            name: row.text("uom")?.to_owned(),
            whole: row.flag("whole")?,
            base: row.text("per")?.to_owned(),
            ratio: row.text("factor")?.to_owned(),
        });
    }
    let bases = named.into_iter().map(|code| DefineUnit {
        name: code.clone(),
        whole: pieces.contains(&code),
        code,
        base: String::new(),
        ratio: String::new(),
    });
    let ctx = world.ctx.clone();
    for unit in bases.chain(wanted) {
        world.write(&ctx, move |tx, ctx| catalog::define_unit(tx, ctx, unit.clone()))?;
    }
    let units = world.read(|tx, ctx| catalog::units(tx, ctx.company_id))?;
    world.units = units.into_iter().map(|unit| (unit.code.clone(), unit)).collect();
    Ok(())
}

fn items(world: &mut World, case: &Case) -> Result<(), Stop> {
    let ctx = world.ctx.clone();
    for method in Method::ALL {
        let category = DefineCategory {
            code: method.to_string(),
            name: method.to_string(),
            parent: String::new(),
        };
        let made = world
            .write(&ctx, move |tx, ctx| catalog::define_category(tx, ctx, category.clone()))?;
        let request = SetMethod { category_id: made.category_id, method: *method };
        world.write(&ctx, move |tx, ctx| valuation::set_method(tx, ctx, request.clone()))?;
    }
    let wanted = rows(case, "items").iter().map(new_item).collect::<Result<Vec<_>, _>>()?;
    if wanted.is_empty() {
        return Ok(());
    }
    let skus: Vec<String> = wanted.iter().map(|item| item.sku.clone()).collect();
    let request = CreateItems { items: wanted, all_or_nothing: true };
    world.write(&ctx, move |tx, ctx| catalog::create_items(tx, ctx, request.clone()))?;
    let found = world.read(move |tx, ctx| catalog::items_by_sku(tx, ctx.company_id, &skus))?;
    let mut prices = Vec::new();
    for row in rows(case, "items") {
        let sku = row.text("sku")?;
        let item = found.get(sku).cloned();
        let item = item.ok_or_else(|| Stop::failed(format!("item {sku} was not made")))?;
        if let Some(price) = row.price_opt("standard_cost")? {
            prices.push(StandardPrice { item_id: item.id, price });
        }
        if row.flag("landed_cost")? {
            world.landed_services.insert(sku.to_owned());
        }
        if let Some(word) = row.text_opt("supply_on_sale")? {
            let stock_first = match word {
                "stock_first" => true,
                "always" => false,
                other => return Err(Stop::failed(format!("unknown supply_on_sale {other}"))),
            };
            let mut direct = None;
            for supplier in row.list("suppliers") {
                if supplier.flag("drop_ship")? {
                    direct = Some(supplier.text("supplier")?.to_owned());
                    break;
                }
            }
            world.supplied.insert(sku.to_owned(), SuppliedOnSale { stock_first, direct });
        }
        let decimals = row.whole_opt("cost_decimals")?.and_then(|n| u32::try_from(n).ok());
        world.items.insert(sku.to_owned(), Known { item, cost_decimals: decimals });
    }
    let request = SetStandard { prices };
    world.write(&ctx, move |tx, ctx| valuation::set_standard(tx, ctx, request.clone()))
}

fn new_item(row: &Args) -> Result<NewItem, Stop> {
    let sku = row.text("sku")?;
    let service = row.text_opt("kind")? == Some("service");
    let tracking = match row.text_opt("tracking")? {
        None | Some("none") => Tracking::None,
        Some("lot") => Tracking::Lot,
        Some("serial") => Tracking::Serial,
        Some(other) => return Err(Stop::failed(format!("unknown tracking {other}"))),
    };
    let method = row.text_opt("cost_method")?.unwrap_or("average");
    Ok(NewItem {
        kind: if service { ItemKind::Service } else { ItemKind::Goods },
        category: if service { String::new() } else { method.to_owned() },
        stock_unit: row.text_opt("uom")?.unwrap_or("unit").to_owned(),
        purchase_unit: row.text_opt("purchase_uom")?.unwrap_or_default().to_owned(),
        list_price: row.price_opt("sale_price")?.unwrap_or(Price::ZERO),
        weight_grams: row.quantity_opt("weight")?.unwrap_or(Quantity::ZERO),
        volume_litres: row.quantity_opt("volume")?.unwrap_or(Quantity::ZERO),
        tracking,
        expiry_days: row.whole_opt("expiry_days")?.unwrap_or(0),
        best_before_days: row.whole_opt("best_before_days")?.unwrap_or(0),
        removal_days_before: row.whole_opt("removal_days_before")?.unwrap_or(0),
        alert_days_before: row.whole_opt("alert_days_before")?.unwrap_or(0),
        ..NewItem::new(sku, sku)
    })
}

/// Every word that stands behind one of some names, anywhere in the case.
fn words_of(case: &Case, names: &[&str]) -> BTreeSet<String> {
    fn walk(node: &Node, name: &str, names: &[&str], found: &mut BTreeSet<String>) {
        if names.contains(&name) {
            found.extend(node.text().map(str::to_owned));
        }
        for one in node.items() {
            walk(one, name, names, found);
        }
        for (name, value) in node.entries() {
            walk(value, name, names, found);
        }
    }
    let mut found = BTreeSet::new();
    for (name, node) in &case.setup {
        walk(node, name, names, &mut found);
    }
    let steps = case.steps.iter().map(|step| &step.args);
    for args in steps.chain(case.expect.iter().map(|expect| &expect.args)) {
        for name in args.keys() {
            if let Some(node) = args.node(name) {
                walk(node, name, names, &mut found);
            }
        }
    }
    found
}

fn warehouses(world: &mut World, case: &Case) -> Result<(), Stop> {
    let mut codes: Vec<String> = Vec::new();
    if let Some(node) = key(case, "warehouses") {
        codes.extend(node.items().iter().filter_map(Node::text).map(str::to_owned));
    }
    if let Some(node) = key(case, "warehouse") {
        codes.extend(node.get("code").and_then(Node::text).map(str::to_owned));
    }
    if codes.is_empty() {
        codes.push("WH".to_owned());
    }
    let ctx = world.ctx.clone();
    for code in codes {
        let request = CreateWarehouse { code: code.clone(), name: code.clone() };
        let made =
            world.write(&ctx, move |tx, ctx| stock::create_warehouse(tx, ctx, request.clone()))?;
        world.warehouses.insert(code, made);
    }
    for row in rows(case, "transfer_lead_days") {
        let lead = TransferLeadTime {
            from: row.text("from")?.to_owned(),
            to: row.text("to")?.to_owned(),
            days: row.whole_opt("days")?.unwrap_or(0),
        };
        world.write(&ctx, move |tx, ctx| stock::set_lead_time(tx, ctx, lead.clone()))?;
    }
    let steps = key(case, "warehouse").and_then(|node| node.get("receipt_steps"));
    if steps.and_then(Node::text) == Some("2") {
        let code = world.warehouse(None)?.code.clone();
        let wanted = ReceiptSteps { warehouse: code.clone(), steps: 2 };
        world.write(&ctx, move |tx, ctx| stock::set_receipt_steps(tx, ctx, wanted.clone()))?;
        world.warehouses.entry(code).and_modify(|made| made.receipt_steps = 2);
    }
    let mut names = words_of(case, &["location", "locations", "from", "to"]);
    names.extend(
        rows(case, "locations")
            .iter()
            .filter_map(|row| row.text_opt("code").ok().flatten().map(str::to_owned)),
    );
    // A transfer's `from` and `to` may be warehouses; validity days are not places either.
    names.retain(|name| crate::case::day(name, case.today).is_none());
    let paths: BTreeSet<String> =
        names.iter().map(|name| path_of(name, &world.warehouses)).collect();
    for path in paths {
        let mut parent = String::new();
        for part in path.split('/') {
            let whole =
                if parent.is_empty() { part.to_owned() } else { format!("{parent}/{part}") };
            let wanted = whole.clone();
            let found =
                world.read(move |tx, ctx| stock::find_place(tx, ctx.company_id, &wanted))?;
            if found.is_none() {
                let request = CreatePlace { parent: parent.clone(), code: part.to_owned() };
                world.write(&ctx, move |tx, ctx| stock::create_place(tx, ctx, request.clone()))?;
            }
            parent = whole;
        }
    }
    Ok(())
}

fn putaway(world: &World, case: &Case) -> Result<(), Stop> {
    let mut rules = Vec::new();
    for row in rows(case, "putaway") {
        let item = &world.item(row.text("item")?)?.item;
        rules.push(PutawayRule {
            sku: item.sku.clone(),
            place: path_of(row.text("location")?, &world.warehouses),
            priority: row.whole_opt("priority")?.unwrap_or(1),
            capacity: world.in_stock_unit(item, row.quantity("capacity")?, row.text_opt("uom")?)?,
        });
    }
    let request = SetPutaway { rules };
    let ctx = world.ctx.clone();
    world.write(&ctx, move |tx, ctx| stock::set_putaway(tx, ctx, request.clone()))?;
    Ok(())
}

fn controls(world: &World, case: &Case) -> Result<(), Stop> {
    let ctx = world.ctx.clone();
    for row in rows(case, "controls") {
        let request = quality::SetPoint {
            sku: None,
            name: row.text("point")?.to_owned(),
            lower: row.quantity_opt("lower")?,
            upper: row.quantity_opt("upper")?,
        };
        world.write(&ctx, move |tx, ctx| quality::set_point(tx, ctx, request.clone()))?;
    }
    Ok(())
}

fn partners_of(world: &World, case: &Case) -> Result<(), Stop> {
    let mut suppliers = words_of(case, &["supplier", "suppliers"]);
    if case.steps.iter().any(|step| step.verb == "plan_receipt") {
        suppliers.insert(crate::steps::SENDER.to_owned());
    }
    suppliers.extend(
        rows(case, "suppliers")
            .iter()
            .filter_map(|row| row.text_opt("code").ok().flatten().map(str::to_owned)),
    );
    let country: partners::Country = "GB".parse().map_err(|_| Stop::failed("GB is no country"))?;
    let ctx = world.ctx.clone();
    let suppliers = suppliers.iter().map(|code| NewPartner::supplier(code, code, country));
    for partner in suppliers.chain([NewPartner::customer(CUSTOMER, "Customer", country)]) {
        world.write(&ctx, move |tx, ctx| partners::create_partner(tx, ctx, partner.clone()))?;
    }
    Ok(())
}

fn rules(world: &mut World, case: &Case) -> Result<(), Stop> {
    for row in rows(case, "rules") {
        crate::steps::set_rule(world, &row, None)?;
    }
    Ok(())
}

fn offers(world: &World, case: &Case) -> Result<(), Stop> {
    let mut wanted = Vec::new();
    for item in rows(case, "items") {
        for row in item.list("suppliers") {
            // A supplier whose price does not matter offers at none.
            let price = row.price_opt("price")?.unwrap_or(Price::ZERO);
            let unit = match row.text_opt("uom")? {
                Some(unit) => Some(unit),
                None => item.text_opt("purchase_uom")?.or(item.text_opt("uom")?),
            };
            wanted.push(DefineOffer {
                supplier: row.text("supplier")?.to_owned(),
                sku: item.text("sku")?.to_owned(),
                currency: None,
                unit: unit.map(str::to_owned),
                min_quantity: row.quantity_opt("min_qty")?.unwrap_or_default(),
                multiple: Quantity::ZERO,
                lead_days: row.whole_opt("lead_days")?.unwrap_or(0),
                from_on: Some(earliest(case)),
                to_on: None,
                price,
                discount: Rate::ZERO,
                supplier_sku: String::new(),
            });
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let request = DefineOffers { offers: wanted };
    let ctx = world.ctx.clone();
    world.write(&ctx, move |tx, ctx| purchasing::define_offers(tx, ctx, request.clone()))?;
    Ok(())
}

fn users(world: &mut World, case: &Case) -> Result<(), Stop> {
    let ctx = world.ctx.clone();
    for row in rows(case, "users") {
        let name = row.text("login")?.to_owned();
        // A login is one in the whole database, which may have companies of other cases.
        let login = format!("{name}-{}", ctx.company_id);
        let request =
            CreateUser { login: login.clone(), display_name: name.clone(), password: None };
        let made =
            world.write(&ctx, move |tx, ctx| identity::create_user(tx, ctx, request.clone()))?;
        for role in row.words("roles")? {
            let role = ROLES.iter().find(|(case, _)| *case == role).map_or(role, |(_, own)| own);
            let grant = GrantRole {
                login: login.clone(),
                role: role.to_owned(),
                warehouse_id: None,
                amount_limit: None,
            };
            world.write(&ctx, move |tx, ctx| identity::grant(tx, ctx, grant.clone()))?;
        }
        world.users.insert(name, made);
    }
    Ok(())
}

fn rates(world: &World, case: &Case) -> Result<(), Stop> {
    let ctx = world.ctx.clone();
    for row in rows(case, "rates") {
        let currency = parse_currency(row.text("currency")?)?;
        let per = parse_scaled(row.text("per_company_unit")?, 9)?;
        let nano = i128::from(Rate::ONE.nano());
        let rate = div_round(nano * nano, i128::from(per), Rounding::HalfUp)?;
        let (from, rate) = (row.day("date")?, Rate::from_nano(rate));
        let request = SetRate { currency, from, rate, source: String::new() };
        world.write(&ctx, move |tx, ctx| accounting::set_rate(tx, ctx, request.clone()))?;
    }
    Ok(())
}

fn removal(world: &World, case: &Case) -> Result<(), Stop> {
    let Some(word) = key(case, "removal").and_then(Node::text) else { return Ok(()) };
    let strategy =
        Removal::parse(word).ok_or_else(|| Stop::failed(format!("unknown removal {word}")))?;
    let ctx = world.ctx.clone();
    let mut categories: Vec<Option<base::CategoryId>> =
        world.items.values().map(|known| known.item.category_id).collect();
    categories.push(None);
    categories.sort_unstable();
    categories.dedup();
    for category in categories {
        world.write(&ctx, move |tx, ctx| stock::set_removal(tx, ctx, category, strategy))?;
    }
    Ok(())
}

fn channel(world: &World) -> Result<(), Stop> {
    let request = DefineChannel {
        code: CHANNEL.to_owned(),
        name: "Scenario".to_owned(),
        warehouse: world.warehouse(None)?.code.clone(),
        when_short: Some(WhenShort::BackOrder),
        reserve_at: Some(ReserveAt::Manual),
        prepaid: false,
        prices: Prices::Net,
        revenue_at: RevenueAt::Invoice,
        terms_days: 30,
        tax_code: None,
        active: None,
        revision: None,
    };
    let ctx = world.ctx.clone();
    world.write(&ctx, move |tx, ctx| sales::define_channel(tx, ctx, request.clone()))?;
    Ok(())
}

/// The earliest day that the case names for something that happens, D at the latest.
fn earliest(case: &Case) -> Day {
    let dated = case.steps.iter().filter_map(|step| step.args.day_opt("date").ok().flatten());
    dated.fold(case.today, Ord::min)
}

fn opening(world: &mut World, case: &Case) -> Result<(), Stop> {
    let mut by_day: BTreeMap<Day, Vec<Move>> = BTreeMap::new();
    let first = earliest(case);
    for row in rows(case, "stock") {
        let in_date = row.day_opt("in_date")?;
        let quantity = row.quantity("qty")?;
        let goods = opening_move(world, &row, in_date.unwrap_or(case.today), quantity, None)?;
        by_day.entry(in_date.unwrap_or(first)).or_default().push(goods);
    }
    let mut reserved: BTreeMap<String, Quantity> = BTreeMap::new();
    for row in rows(case, "stock_records") {
        let goods = opening_move(world, &row, case.today, row.quantity("qty")?, None)?;
        by_day.entry(first).or_default().push(goods);
        let sum = reserved.entry(row.text("item")?.to_owned()).or_default();
        *sum = sum.checked_add(row.quantity_opt("reserved")?.unwrap_or_default())?;
    }
    for row in rows(case, "opening_layers") {
        let layers = row.node("layers").map_or(&[][..], Node::items);
        for layer in layers {
            let number = |index: usize, name: &str| {
                let text = layer.items().get(index).and_then(Node::text);
                let text = text.ok_or_else(|| Stop::failed(format!("a layer needs its {name}")))?;
                Ok::<i64, Stop>(parse_scaled(text, 6)?)
            };
            let quantity = Quantity::from_micro(number(0, "quantity")?);
            let rate = Price::from_micro(number(1, "rate")?);
            let value = rate.extend(quantity.abs(), world.ctx.currency, Rounding::HalfUp)?;
            let goods = opening_move(world, &row, case.today, quantity, Some(value))?;
            by_day.entry(first).or_default().push(goods);
        }
    }
    for (day, moves) in by_day {
        let posting = Posting {
            area: Area::Stock,
            happened_on: day,
            source_kind: SOURCE,
            source_id: world.draw(),
            memo: "opening".to_owned(),
            moves,
            lines: Vec::new(),
        };
        let ctx = world.ctx.on(day);
        world.write(&ctx, move |tx, ctx| stock::post(tx, ctx, posting.clone()))?;
    }
    for (sku, quantity) in reserved.into_iter().filter(|(_, quantity)| quantity.is_positive()) {
        crate::steps::demand_and_reserve(world, &sku, quantity)?;
    }
    Ok(())
}

/// Stock of a going company; below zero it is what was sold before it came.
fn opening_move(
    world: &World,
    row: &Args,
    in_date: Day,
    quantity: Quantity,
    value: Option<i64>,
) -> Result<Move, Stop> {
    let known = world.item(row.text("item")?)?;
    let item = known.item.clone();
    let name = row.text_opt("location")?.unwrap_or("STOCK");
    let path = path_of(name, &world.warehouses);
    let found = world.read(move |tx, ctx| stock::find_place(tx, ctx.company_id, &path))?;
    let place = found.ok_or_else(|| Stop::failed(format!("there is no place {name}")))?.place_id;
    let lot_id = match row.text_opt("lot")? {
        Some(code) => Some(crate::steps::lot(world, &item, code, in_date, None)?),
        None => None,
    };
    let supplier = world.warehouse(None)?.supplier;
    let (from, to) = if quantity.is_negative() { (place, supplier) } else { (supplier, place) };
    Ok(Move {
        lot_id,
        cost: value.map_or(Cost::Method, Cost::Given),
        kind: Kind::Opening,
        counter: Some(Counter::role(Role::OpeningDifference)),
        ..Move::plain(item.id, from, to, quantity.abs())
    })
}
