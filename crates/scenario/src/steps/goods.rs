//! Goods in, out and between places, without an order: `stock::post`.

use crate::case::{Args, Step};
use crate::support::{Verb, any};
use crate::world::{Document, Goods, Made, Moved, OPEN_KIND, SOURCE, Stop, World};
use accounting::{Area, Line, OpenKey, Role};
use base::{Day, PlaceId, Price, Quantity, Rate, Rounding};
use identity::Ctx;
use stock::{Adjust, Cost, Counter, Difference, Kind, Move, Posting};

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "receive",
        args: &[
            "item",
            "qty",
            "unit_cost",
            "uom",
            "discount_percent",
            "lot",
            "expiry",
            "location",
            "warehouse",
            "origin",
            "date",
            "lines",
            "lines.item",
            "lines.qty",
            "lines.unit_cost",
        ],
        about: "goods come from a supplier without an order, or from our own production",
        fits: origin_is_known,
        run: receive,
    },
    Verb {
        name: "deliver",
        args: &[
            "item",
            "qty",
            "uom",
            "lot",
            "sale_price",
            "force",
            "confirm_expired",
            "date",
            "lines",
            "lines.item",
            "lines.qty",
        ],
        about: "goods leave for a customer without an order; sale_price books the sale as well",
        fits: any,
        run: deliver,
    },
    Verb {
        name: "issue",
        args: &["item", "qty"],
        about: "goods are used up, to an expense",
        fits: any,
        run: issue,
    },
    Verb {
        name: "adjust",
        args: &["item", "qty", "location", "reason", "force", "date"],
        about: "a difference between shelf and books, found or unexplained",
        fits: any,
        run: adjust,
    },
    Verb {
        name: "transfer",
        args: &["item", "qty", "from", "to", "via"],
        about: "goods go from place to place, via TRANSIT when said",
        fits: any,
        run: transfer,
    },
    Verb {
        name: "dropship",
        args: &["item", "qty", "unit_cost"],
        about: "goods go from a supplier straight to a customer",
        fits: any,
        run: dropship,
    },
    Verb { name: "check", args: &[], about: "nothing; a point to look at", fits: any, run: look },
];

fn origin_is_known(_: &crate::Case, step: &Step) -> Result<(), String> {
    match step.args.text_opt("origin").ok().flatten() {
        None | Some("purchase" | "production") => Ok(()),
        Some(other) => Err(format!("argument origin: {other}")),
    }
}

fn look(_: &mut World, _: &Step) -> Result<Made, Stop> {
    Ok(Made::default())
}

/// The lines of a step: those of its list, or the step itself.
fn lines_of(args: &Args) -> Vec<Args> {
    if args.has("lines") { args.list("lines") } else { vec![args.clone()] }
}

/// A posting of a scenario's own.
pub(super) fn posting(world: &mut World, day: Day, memo: &str, moves: Vec<Move>) -> Posting {
    Posting {
        area: Area::Stock,
        happened_on: day,
        source_kind: SOURCE,
        source_id: world.draw(),
        memo: memo.to_owned(),
        moves,
        lines: Vec::new(),
    }
}

/// Posts goods and keeps what moved.
pub(super) fn post(
    world: &World,
    ctx: &Ctx,
    posting: Posting,
    places: &[PlaceId],
    open: Option<OpenKey>,
) -> Result<Goods, Stop> {
    let source_id = posting.source_id;
    let asked: Vec<_> = posting.moves.iter().map(|m| (m.item_id, m.quantity)).collect();
    let posted = world.write(ctx, move |tx, ctx| stock::post(tx, ctx, posting.clone()))?;
    let moves = posted.moves.iter().zip(asked).zip(places);
    let moves = moves.map(|((moved, (item_id, quantity)), place)| Moved {
        item_id,
        move_id: moved.move_id,
        quantity,
        value: moved.value,
        place: *place,
    });
    Ok(Goods { moves: moves.collect(), open, source_id })
}

/// An open line of a scenario's own.
pub(super) fn open_key(world: &mut World) -> OpenKey {
    OpenKey { kind: OPEN_KIND, id: world.draw(), partner_id: None }
}

fn receive(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let open = open_key(world);
    let made_here = args.text_opt("origin")? == Some("production");
    let counter = match made_here {
        true => Counter::role(Role::Expense),
        false => Counter::open(Role::Grni, open),
    };
    let warehouse = world.warehouse(args.text_opt("warehouse")?)?;
    let (supplier, default) = (warehouse.supplier, warehouse.arrivals());
    let to = match args.text_opt("location")? {
        Some(name) => super::place(world, Some(name))?,
        None => default,
    };
    let mut moves = Vec::new();
    for line in lines_of(args) {
        let item = world.item(line.text("item")?)?.item.clone();
        let asked = line.quantity("qty")?;
        let quantity = world.in_stock_unit(&item, asked, line.text_opt("uom")?)?;
        let cost = match line.price_opt("unit_cost")? {
            Some(price) => {
                let taken_off = line.scaled_opt("discount_percent", 7)?.unwrap_or(0);
                let net = price.apply_percent_discount(Rate::from_nano(taken_off))?;
                Cost::Given(net.extend(asked, ctx.currency, Rounding::HalfUp)?)
            }
            None => Cost::Method,
        };
        let lot_id = match line.text_opt("lot")? {
            Some(code) => Some(super::lot(world, &item, code, day, line.day_opt("expiry")?)?),
            None => None,
        };
        moves.push(Move {
            lot_id,
            cost,
            kind: Kind::Receipt,
            counter: Some(counter.clone()),
            ..Move::plain(item.id, supplier, to, quantity)
        });
    }
    let places = vec![to; moves.len()];
    let posting = posting(world, day, "receipt", moves);
    let goods = post(world, &ctx, posting, &places, (!made_here).then_some(open))?;
    Ok(Made::document(Document::Goods(goods)))
}

fn deliver(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let warehouse = world.warehouse(None)?;
    let (from, customer) = (warehouse.stock, warehouse.customer);
    let confirm_expired = args.flag("confirm_expired")?;
    let (mut moves, mut sale) = (Vec::new(), 0);
    for line in lines_of(args) {
        let item = world.item(line.text("item")?)?.item.clone();
        let asked = line.quantity("qty")?;
        let quantity = world.in_stock_unit(&item, asked, line.text_opt("uom")?)?;
        let lot_id = match line.text_opt("lot")? {
            Some(code) => Some(super::lot(world, &item, code, day, None)?),
            None => None,
        };
        if let Some(price) = args.price_opt("sale_price")? {
            sale += price.extend(asked, ctx.currency, Rounding::HalfUp)?;
        }
        moves.push(Move {
            lot_id,
            kind: Kind::Issue,
            counter: Some(Counter::role(Role::Cogs)),
            confirm_expired,
            ..Move::plain(item.id, from, customer, quantity)
        });
    }
    let places = vec![from; moves.len()];
    let open = open_key(world);
    let mut posting = posting(world, day, "delivery", moves);
    if sale != 0 {
        posting.lines = vec![
            Line::debit(Role::Receivable, sale).open(open).due(day),
            Line::credit(Role::Revenue, sale),
        ];
    }
    let goods = post(world, &ctx, posting, &places, None)?;
    Ok(Made::document(Document::Goods(goods)))
}

fn issue(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let warehouse = world.warehouse(None)?;
    let (from, loss) = (warehouse.stock, warehouse.loss);
    let item = world.item(args.text("item")?)?.item.id;
    let goods = Move {
        kind: Kind::Issue,
        counter: Some(Counter::role(Role::Expense)),
        ..Move::plain(item, from, loss, args.quantity("qty")?)
    };
    let posting = posting(world, day, "issue", vec![goods]);
    let goods = post(world, &ctx, posting, &[from], None)?;
    Ok(Made::document(Document::Goods(goods)))
}

/// Books a difference between shelf and books.
pub(super) fn book_difference(
    world: &World,
    ctx: &Ctx,
    day: Day,
    sku: &str,
    location: Option<&str>,
    quantity: Quantity,
    reason: &str,
) -> Result<(), Stop> {
    let name = location.unwrap_or("STOCK");
    let request = Adjust {
        happened_on: Some(day),
        memo: "scenario".to_owned(),
        lines: vec![Difference {
            sku: sku.to_owned(),
            place: crate::world::path_of(name, &world.warehouses),
            lot: None,
            quantity,
            reason: reason.to_owned(),
            evidence: Vec::new(),
        }],
        client_ref: String::new(),
    };
    world.write(ctx, move |tx, ctx| stock::adjust(tx, ctx, request.clone()))?;
    Ok(())
}

fn adjust(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let reason = match args.text_opt("reason")? {
        Some("found") => "found",
        _ => "unexplained",
    };
    let (sku, location) = (args.text("item")?, args.text_opt("location")?);
    book_difference(world, &ctx, day, sku, location, args.quantity("qty")?, reason)?;
    Ok(Made::default())
}

fn transfer(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let item = world.item(args.text("item")?)?.item.id;
    let from = super::place(world, Some(args.text("from")?))?;
    let to = super::place(world, Some(args.text("to")?))?;
    let quantity = args.quantity("qty")?;
    // Goods are in the transit of the warehouse that they leave.
    let origin =
        args.text("from")?.split('/').next().filter(|code| world.warehouses.contains_key(*code));
    let transit = world.warehouse(origin)?.transit;
    let moves = match args.has("via") {
        true => vec![
            Move::plain(item, from, transit, quantity),
            Move::plain(item, transit, to, quantity),
        ],
        false => vec![Move::plain(item, from, to, quantity)],
    };
    let places = vec![from; moves.len()];
    let posting = posting(world, day, "transfer", moves);
    let goods = post(world, &ctx, posting, &places, None)?;
    Ok(Made::document(Document::Goods(goods)))
}

fn dropship(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let item = world.item(args.text("item")?)?.item.id;
    let quantity = args.quantity("qty")?;
    let cost = match args.price_opt("unit_cost")? {
        Some(price) => price,
        None => world.unit_costs()?.get(&item).copied().unwrap_or(Price::ZERO),
    };
    let value = cost.extend(quantity, ctx.currency, Rounding::HalfUp)?;
    let warehouse = world.warehouse(None)?;
    let (supplier, customer) = (warehouse.supplier, warehouse.customer);
    let open = open_key(world);
    let goods = Move {
        cost: Cost::Given(value),
        kind: Kind::DropShip,
        counter: Some(Counter::open(Role::Grni, open)),
        through: Some(Counter::role(Role::Cogs)),
        ..Move::plain(item, supplier, customer, quantity)
    };
    let posting = posting(world, day, "drop shipment", vec![goods]);
    let goods = post(world, &ctx, posting, &[customer], Some(open))?;
    Ok(Made::document(Document::Goods(goods)))
}
