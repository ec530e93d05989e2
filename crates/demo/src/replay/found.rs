//! The company before its first day: books, users, master data, terms.

use accounting::{DefineTaxCode, RateFrom, SetRate, TaxKind, Template};
use base::{Currency, Day, ItemId, Money, Price, Quantity, Rate, Timestamp, Zone};
use catalog::{CreateItems, ItemAnswer, ItemKind as CatalogKind, NewItem};
use identity::{CreateCompany, CreateUser, Ctx, GrantRole, Password, Secret, SetUp};
use partners::{Country, CreatePartners, NewPartner};
use purchasing::{DefineOffer, DefineOffers};
use sales::{DefineChannel, Prices, ReserveAt, RevenueAt, WhenShort};
use stock::{CreateWarehouse, Warehouse};
use store::{Database, Tx};

use crate::exchange::MONTHLY_RATES;
use crate::read::Data;
use crate::tax::{EU_REVERSE_CHARGE, EXPORT_ZERO, UK_STANDARD, UK_STANDARD_RATES};
use crate::world::{ItemKind, World};

use super::{DemoError, clock, refused};

/// The warehouse.
pub(super) const WAREHOUSE: &str = "WH";
/// The place where its goods lie.
pub(super) const SHELF: &str = "WH/Stock";
/// The channel of customers with a number.
pub(super) const WHOLESALE: &str = "WHOLESALE";
/// The web shop.
pub(super) const WEB: &str = "WEB";
/// The tax code of what is outside every tax.
pub(super) const OUTSIDE: &str = "OUTSIDE";

/// The company's name.
const COMPANY: &str = "Purser Demo Gifts";
/// What anna approves by herself, in pence; above it, lee does.
const BUYER_LIMIT: i64 = 250_000;
/// How many rows go in one request.
const CHUNK: usize = 1_000;

/// Who works here and what they work with.
#[derive(Debug)]
pub(super) struct Frame {
    pub company: String,
    /// Takes orders and leads.
    pub lee: Ctx,
    /// Buys.
    pub anna: Ctx,
    /// Keeps the warehouse.
    pub will: Ctx,
    /// Keeps the books.
    pub fay: Ctx,
    pub warehouse: Warehouse,
    /// The web shop's id.
    pub web: i64,
    /// The items, at the positions of the data.
    pub items: Vec<ItemId>,
}

impl Frame {
    /// A user at a time of a day.
    pub fn at(&self, who: &Ctx, day: Day, minute: u16) -> Result<Ctx, DemoError> {
        at(who, day, minute)
    }
}

fn at(who: &Ctx, day: Day, minute: u16) -> Result<Ctx, DemoError> {
    Ok(who.at_moment(moment(day, minute, &who.zone)?))
}

/// The moment of a minute of a day.
pub(super) fn moment(day: Day, minute: u16, zone: &Zone) -> Result<Timestamp, DemoError> {
    let (hour, minute) = (minute / 60, minute % 60);
    let small = |number: u16| i8::try_from(number).unwrap_or(0);
    Ok(Timestamp::at(day, small(hour), small(minute), zone)?)
}

/// Makes the company with its users, accounts, units, reasons, taxes, rates, warehouse, channels,
/// items, suppliers and offers, the evening before the opening.
pub(super) fn found(database: &Database, data: &Data, world: &World) -> Result<Frame, DemoError> {
    let zone = Zone::parse("Europe/London")?;
    let eve = world.opening.plus(-1)?;
    let at_eve = moment(eve, clock(18, 0), &zone)?;
    let lee = set_up(database, zone, at_eve)?;
    let [anna, will, fay] = users(database, &lee)?;
    let ctx = lee.clone();
    let (warehouse, web) = database.write(move |tx| furnish(tx, &ctx))?;
    taxes_and_rates(database, &lee, world)?;
    let items = items(database, &lee, world)?;
    suppliers(database, &lee, world)?;
    debug_assert_eq!(data.items.len(), world.items.len());
    Ok(Frame { company: COMPANY.to_owned(), lee, anna, will, fay, warehouse, web, items })
}

/// The company and lee, its administrator. Set-up asks for a password: it gets one that nobody
/// knows.
fn set_up(database: &Database, zone: Zone, at: Timestamp) -> Result<Ctx, DemoError> {
    let token = Secret::random();
    let password = Password::new(&Secret::random().reveal()).map_err(refused("set up"))?;
    let request = SetUp {
        company: CreateCompany {
            name: COMPANY.to_owned(),
            currency: Currency::GBP,
            zone,
            country: "GB".to_owned(),
        },
        login: "lee.leader".to_owned(),
        display_name: "Lee, leader".to_owned(),
        password,
    };
    database.write(move |tx| {
        identity::issue_set_up_token(tx, &token.digest(), at)?;
        let made = identity::set_up(tx, &token.reveal(), request.clone(), at, "demo")
            .map_err(refused("set up"))?;
        identity::ctx_for_user(tx, made.company_id, made.user_id, at, "demo")
            .map_err(refused("sign in"))
    })
}

/// Anna, will and fay, without passwords.
fn users(database: &Database, lee: &Ctx) -> Result<[Ctx; 3], DemoError> {
    let lee = lee.clone();
    database.write(move |tx| {
        let mut made = |login: &str, name: &str, role: &str, limit: Option<i64>| {
            let user = CreateUser {
                login: login.to_owned(),
                display_name: name.to_owned(),
                password: None,
            };
            let user_id = identity::create_user(tx, &lee, user).map_err(refused("create user"))?;
            let grant = GrantRole {
                login: login.to_owned(),
                role: role.to_owned(),
                warehouse_id: None,
                amount_limit: limit.map(|minor| Money::new(minor, Currency::GBP)),
            };
            identity::grant(tx, &lee, grant).map_err(refused("grant"))?;
            identity::ctx_for_user(tx, lee.company_id, user_id, lee.at, "demo")
                .map_err(refused("sign in"))
        };
        Ok([
            made("anna.buyer", "Anna, buyer", "buyer_lead", Some(BUYER_LIMIT))?,
            made("will.warehouse", "Will, warehouse", "warehouse", None)?,
            made("fay.finance", "Fay, finance", "finance", None)?,
        ])
    })
}

fn furnish(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(Warehouse, i64), DemoError> {
    accounting::install_accounts(tx, ctx, Template::Standard).map_err(refused("accounts"))?;
    catalog::install_units(tx, ctx).map_err(refused("units"))?;
    stock::install_reasons(tx, ctx).map_err(refused("reasons"))?;
    super::counts::define_profile(tx, ctx)?;
    let made = CreateWarehouse { code: WAREHOUSE.to_owned(), name: "Warehouse".to_owned() };
    let warehouse = stock::create_warehouse(tx, ctx, made).map_err(refused("warehouse"))?;
    let wholesale = channel(WHOLESALE, "Wholesale, invoiced on 30 days", WAREHOUSE, false);
    sales::define_channel(tx, ctx, wholesale).map_err(refused("channel"))?;
    let web = sales::define_channel(tx, ctx, web_shop(WAREHOUSE)).map_err(refused("channel"))?;
    let id = web.channel_id.parse().map_err(|_| base::NumberError::OutOfRange)?;
    Ok((warehouse, id))
}

/// The web shop, selling from a warehouse.
pub(super) fn web_shop(warehouse: &str) -> DefineChannel {
    channel(WEB, "Web shop, paid when ordered", warehouse, true)
}

fn channel(code: &str, name: &str, warehouse: &str, prepaid: bool) -> DefineChannel {
    DefineChannel {
        code: code.to_owned(),
        name: name.to_owned(),
        warehouse: warehouse.to_owned(),
        when_short: Some(WhenShort::BackOrder),
        reserve_at: Some(ReserveAt::Accept),
        prepaid,
        prices: Prices::Net,
        revenue_at: if prepaid { RevenueAt::Shipment } else { RevenueAt::Invoice },
        terms_days: if prepaid { 0 } else { 30 },
        tax_code: None,
        active: None,
        revision: None,
    }
}

fn taxes_and_rates(database: &Database, lee: &Ctx, world: &World) -> Result<(), DemoError> {
    let long_ago = Day::of(2010, 1, 1)?;
    let mut codes = Vec::new();
    let code = |code: &str, name: &str, kind: TaxKind, rates: Vec<RateFrom>| DefineTaxCode {
        code: code.to_owned(),
        name: name.to_owned(),
        kind,
        recoverable: Rate::ONE,
        rates,
    };
    let nothing = || vec![RateFrom { from: long_ago, rate: Rate::ZERO }];
    let standard = UK_STANDARD_RATES
        .iter()
        .map(|((year, month, day), rate)| {
            Ok(RateFrom { from: Day::of(*year, *month, *day)?, rate: *rate })
        })
        .collect::<Result<Vec<_>, DemoError>>()?;
    codes.push(code(UK_STANDARD, "UK VAT, standard rate", TaxKind::Standard, standard));
    codes.push(code(EU_REVERSE_CHARGE, "EU business, zero", TaxKind::Zero, nothing()));
    codes.push(code(EXPORT_ZERO, "Export, zero", TaxKind::Zero, nothing()));
    codes.push(code(OUTSIDE, "Outside the scope of VAT", TaxKind::Outside, nothing()));
    let mut rates = Vec::new();
    for (at, month) in MONTHLY_RATES.iter().enumerate() {
        // The first month's rate also holds before the opening.
        let from = if at == 0 { long_ago } else { Day::of(month.year, month.month, 1)? };
        for (currency, rate) in [(Currency::USD, month.usd), (Currency::EUR, month.eur)] {
            rates.push(SetRate { currency, from, rate, source: "illustrative".to_owned() });
        }
    }
    debug_assert!(world.opening > long_ago);
    let ctx = lee.clone();
    database.write(move |tx| {
        for code in codes.clone() {
            accounting::define_tax_code(tx, &ctx, code).map_err(refused("tax code"))?;
        }
        for rate in rates.clone() {
            accounting::set_rate(tx, &ctx, rate).map_err(refused("exchange rate"))?;
        }
        Ok(())
    })
}

fn items(database: &Database, lee: &Ctx, world: &World) -> Result<Vec<ItemId>, DemoError> {
    let items: Vec<NewItem> = world
        .items
        .iter()
        .map(|item| NewItem {
            kind: match item.kind {
                ItemKind::Goods => CatalogKind::Goods,
                ItemKind::Service(_) => CatalogKind::Service,
            },
            list_price: item.base_price,
            // What customers are taxed is decided by sale; of purchases the data has no tax.
            tax_code: OUTSIDE.to_owned(),
            ..NewItem::new(&item.code, &item.name)
        })
        .collect();
    let mut ids = Vec::with_capacity(items.len());
    for chunk in items.chunks(CHUNK) {
        let (ctx, items) = (lee.clone(), chunk.to_vec());
        let made = database.write(move |tx| {
            let request = CreateItems { items: items.clone(), all_or_nothing: true };
            catalog::create_items(tx, &ctx, request).map_err(refused("create items"))
        })?;
        // All or nothing was asked, so none was refused.
        ids.extend(made.items.into_iter().filter_map(|answer| match answer {
            ItemAnswer::Done { item_id, .. } | ItemAnswer::Repeated { item_id, .. } => {
                Some(item_id)
            }
            ItemAnswer::Refused { .. } => None,
        }));
    }
    Ok(ids)
}

fn suppliers(database: &Database, lee: &Ctx, world: &World) -> Result<(), DemoError> {
    let mut partners = Vec::new();
    for supplier in &world.suppliers {
        let country = country(supplier.country)?;
        partners.push(NewPartner {
            currency: Some(supplier.currency),
            payment_days: supplier.terms_days,
            email: format!("orders@{}.example", supplier.code.to_lowercase()),
            ..NewPartner::supplier(&supplier.code, supplier.name, country)
        });
    }
    let ctx = lee.clone();
    database.write(move |tx| {
        let request = CreatePartners { partners: partners.clone(), all_or_nothing: true };
        partners::create_partners(tx, &ctx, request).map_err(refused("create suppliers"))
    })?;
    let from_on = Some(Day::of(2010, 1, 1)?);
    let mut offers = Vec::new();
    for offer in &world.offers {
        offers.push(DefineOffer {
            supplier: world.supplier(offer.supplier).code.clone(),
            sku: world.item(offer.item).code.clone(),
            currency: None,
            unit: None,
            min_quantity: Quantity::from_units(offer.minimum)?,
            multiple: Quantity::from_units(offer.multiple)?,
            lead_days: offer.lead_days,
            from_on,
            to_on: None,
            price: offer.price,
            discount: Rate::ZERO,
            supplier_sku: String::new(),
        });
    }
    for chunk in offers.chunks(CHUNK) {
        let (ctx, offers) = (lee.clone(), chunk.to_vec());
        database.write(move |tx| {
            let request = DefineOffers { offers: offers.clone() };
            purchasing::define_offers(tx, &ctx, request).map_err(refused("define offers"))
        })?;
    }
    Ok(())
}

/// Customers that order for the first time.
pub(super) fn customers<'a>(
    new: impl Iterator<Item = (u32, &'a str)>,
) -> Result<Vec<NewPartner>, DemoError> {
    new.map(|(number, country)| {
        let country = self::country(country_code(country))?;
        Ok(NewPartner::customer(number.to_string(), format!("Customer {number}"), country))
    })
    .collect()
}

fn country(code: &'static str) -> Result<Country, DemoError> {
    code.parse().map_err(|error: partners::UnknownCountry| DemoError::Refused {
        verb: format!("country {code}"),
        problem: Box::new(base::Problem::invalid("unknown_country", error.to_string())),
    })
}

/// The two letters of ISO 3166 for a country in the file's spelling. Where the file names none,
/// the customer is taken to be in the United Kingdom, as its tax is.
fn country_code(name: &str) -> &'static str {
    const CODES: [(&str, &str); 36] = [
        ("Australia", "AU"),
        ("Austria", "AT"),
        ("Bahrain", "BH"),
        ("Belgium", "BE"),
        ("Brazil", "BR"),
        ("Canada", "CA"),
        ("Channel Islands", "JE"),
        ("Cyprus", "CY"),
        ("Czech Republic", "CZ"),
        ("Denmark", "DK"),
        ("EIRE", "IE"),
        ("Finland", "FI"),
        ("France", "FR"),
        ("Germany", "DE"),
        ("Greece", "GR"),
        ("Hong Kong", "HK"),
        ("Iceland", "IS"),
        ("Israel", "IL"),
        ("Italy", "IT"),
        ("Japan", "JP"),
        ("Lebanon", "LB"),
        ("Lithuania", "LT"),
        ("Malta", "MT"),
        ("Netherlands", "NL"),
        ("Norway", "NO"),
        ("Poland", "PL"),
        ("Portugal", "PT"),
        ("RSA", "ZA"),
        ("Saudi Arabia", "SA"),
        ("Singapore", "SG"),
        ("Spain", "ES"),
        ("Sweden", "SE"),
        ("Switzerland", "CH"),
        ("USA", "US"),
        ("United Arab Emirates", "AE"),
        ("United Kingdom", "GB"),
    ];
    CODES.iter().find(|(known, _)| *known == name).map_or("GB", |(_, code)| code)
}

/// A price that is given back is below zero.
pub(super) fn signed(price: Price, negative: bool) -> Price {
    if negative { Price::from_micro(-price.micro()) } else { price }
}
