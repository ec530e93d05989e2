//! What is wanted, and what is kept for it: `stock::demand`, `reserve`, `release`.

use crate::case::Step;
use crate::support::{Verb, any};
use crate::world::{Document, Made, SOURCE, Stop, World, path_of};
use base::{Id, ItemId, Quantity, WarehouseId};
use sales::ReserveOrder;
use stock::{Demand, Expectation, Shortage, Standing, Wanted, Way};

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "demand",
        args: &["item", "qty", "location", "warehouse", "date"],
        about: "somebody wants goods on a day; nothing is kept yet",
        fits: any,
        run: demand,
    },
    Verb {
        name: "reserve",
        args: &["target", "qty"],
        about: "what is free is kept for a demand or a sale",
        fits: any,
        run: reserve,
    },
    Verb {
        name: "unreserve",
        args: &["target"],
        about: "what is kept for a demand or a sale is free again",
        fits: any,
        run: unreserve,
    },
    Verb {
        name: "incoming",
        args: &["item", "qty", "warehouse", "date"],
        about: "goods are planned to come on a day",
        fits: any,
        run: incoming,
    },
];

fn demand(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let warehouse_id = world.warehouse(args.text_opt("warehouse")?)?.warehouse_id;
    let place_path = match args.text_opt("location")? {
        Some(name) => path_of(name, &world.warehouses),
        None => String::new(),
    };
    let item_id = world.item(args.text("item")?)?.item.id;
    let (quantity, due_on) = (args.quantity("qty")?, world.day(args)?);
    let owner_id = world.draw();
    let line = Wanted { owner_id, line_id: 1, item_id, quantity, due_on };
    let request = Demand {
        owner_kind: SOURCE,
        warehouse_id,
        place_path,
        shortage: Shortage::BackOrder,
        reserve: false,
        lines: vec![line],
    };
    let ctx = world.ctx.clone();
    world.write(&ctx, move |tx, ctx| stock::demand(tx, ctx, request.clone()))?;
    Ok(Made::document(Document::Demand(owner_id)))
}

/// Wants goods at the first warehouse and keeps what is there, for the opening.
pub(crate) fn demand_and_reserve(
    world: &mut World,
    sku: &str,
    quantity: Quantity,
) -> Result<(), Stop> {
    let (item_id, owner_id) = (world.item(sku)?.item.id, world.draw());
    let line = Wanted { owner_id, line_id: 1, item_id, quantity, due_on: world.ctx.today };
    let request = Demand {
        owner_kind: SOURCE,
        warehouse_id: world.warehouse(None)?.warehouse_id,
        place_path: String::new(),
        shortage: Shortage::BackOrder,
        reserve: true,
        lines: vec![line],
    };
    let ctx = world.ctx.clone();
    world.write(&ctx, move |tx, ctx| stock::demand(tx, ctx, request.clone()))?;
    Ok(())
}

/// Whose demands a target's are.
pub(crate) fn owner_of(document: &Document) -> Result<(&'static str, i64), Stop> {
    match document {
        Document::Demand(id) => Ok((SOURCE, *id)),
        Document::Sale(id) => Ok(("sales_order", id.raw())),
        _ => Err(Stop::failed("the target must be a demand or a sale")),
    }
}

impl World {
    /// The demands of a document as they stand.
    pub fn demands(&self, document: &Document) -> Result<Vec<Standing>, Stop> {
        let (kind, id) = owner_of(document)?;
        let ctx = self.ctx.clone();
        self.write(&ctx, move |tx, ctx| stock::demands_of(tx, ctx, kind, &[id]))
    }
}

fn reserve(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let ctx = world.actor(&step.args)?;
    let document = world.target(&step.args)?;
    let up_to = step.args.quantity_opt("qty")?;
    if let (Document::Sale(order_id), None) = (document, up_to) {
        let request = ReserveOrder { order_id: *order_id };
        world.write(&ctx, move |tx, ctx| sales::reserve_order(tx, ctx, request.clone()))?;
        return Ok(Made::default());
    }
    let (kind, id) = owner_of(document)?;
    world.write(&ctx, move |tx, ctx| {
        let demands = stock::demands_of(tx, ctx, kind, &[id])?;
        let asked: Vec<_> =
            demands.into_iter().map(|one| (one, up_to.unwrap_or(one.quantity))).collect();
        stock::reserve(tx, ctx, &asked)
    })?;
    Ok(Made::default())
}

fn unreserve(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let ctx = world.actor(&step.args)?;
    let (kind, id) = owner_of(world.target(&step.args)?)?;
    world.write(&ctx, move |tx, ctx| {
        let demands = stock::demands_of(tx, ctx, kind, &[id])?;
        let asked: Vec<_> = demands.into_iter().map(|one| (one, one.reserved)).collect();
        stock::release(tx, ctx, &asked, false)
    })?;
    Ok(Made::default())
}

fn incoming(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let warehouse_id: WarehouseId = world.warehouse(args.text_opt("warehouse")?)?.warehouse_id;
    let item_id: ItemId = world.item(args.text("item")?)?.item.id;
    let planned = [Expectation {
        source_id: world.draw(),
        item_id,
        quantity: args.quantity("qty")?,
        due_on: world.day(args)?,
    }];
    let ctx = world.ctx.clone();
    world.write(&ctx, move |tx, ctx| {
        stock::expect(tx, ctx, warehouse_id, Way::Incoming, SOURCE, &planned)
    })?;
    Ok(Made::default())
}
