//! Where received goods shall lie: proposed, and put away.

use crate::case::Step;
use crate::support::{Verb, any};
use crate::world::{Document, Made, Proposed, SOURCE, Stop, World};
use stock::{BroughtBy, ProposePutaway, PutAway, PutAwayLine};

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "propose_putaway",
        args: &["item", "qty", "uom"],
        about: "places are proposed for goods by the rules of the set-up",
        fits: any,
        run: propose,
    },
    Verb {
        name: "put_away",
        args: &["target", "lines", "lines.item", "lines.qty"],
        about: "goods that a receipt brought come from the input place into stock",
        fits: any,
        run: put_away,
    },
];

fn propose(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let item = world.item(args.text("item")?)?.item.clone();
    let unit = args.text_opt("uom")?.unwrap_or(&item.stock_unit.code).to_owned();
    let request = ProposePutaway {
        warehouse: world.warehouse(None)?.code.clone(),
        sku: item.sku,
        quantity: args.quantity("qty")?,
        unit: Some(unit.clone()),
    };
    let answer = world.read(move |tx, ctx| stock::propose_putaway(tx, ctx, request.clone()))?;
    Ok(Made { proposed: Some(Proposed { unit, answer }), ..Made::default() })
}

fn put_away(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let Document::Goods(goods) = world.target(args)? else {
        return Err(Stop::failed("the target brought no goods"));
    };
    let mut lines = Vec::new();
    for line in args.list("lines") {
        lines.push(PutAwayLine {
            sku: line.text("item")?.to_owned(),
            lot: None,
            quantity: line.quantity("qty")?,
            to: None,
        });
    }
    let request = PutAway {
        warehouse: world.warehouse(None)?.code.clone(),
        of: Some(BroughtBy { kind: SOURCE.to_owned(), id: goods.source_id.to_string() }),
        lines,
        happened_on: Some(world.day(args)?),
        ..PutAway::default()
    };
    let ctx = world.actor(args)?;
    world.write(&ctx, move |tx, ctx| quality::put_away(tx, ctx, request.clone()))?;
    Ok(Made::default())
}
