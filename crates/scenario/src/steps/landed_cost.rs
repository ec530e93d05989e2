//! Freight, duty and the like, spread over receipts: `valuation::split` and `valuation::correct_costs`.

use super::goods::open_key;
use crate::case::{Args, Step};
use crate::support::{Verb, any};
use crate::world::{Document, Landed, Made, SOURCE, Share, Stop, World};
use accounting::{Area, Entry, Line, OpenKey, Role};
use base::{Day, Quantity};
use identity::Ctx;
use stock::Kind;
use valuation::{CostChange, SplitBase, SplitBy};

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "landed_cost",
        args: &[
            "target",
            "targets",
            "amount",
            "from_bill",
            "only_items",
            "lines",
            "lines.name",
            "lines.amount",
            "lines.split",
            "date",
        ],
        about: "costs are split over the lines of receipts: equal, quantity (also when not said), \
                weight, volume or value",
        fits: any,
        run: landed_cost,
    },
    Verb {
        name: "cancel_landed_cost",
        args: &["target", "date"],
        about: "every share of a landed cost is taken back",
        fits: any,
        run: cancel_landed_cost,
    },
];

/// A receipt line that bears costs.
struct Bearer {
    item: catalog::Item,
    move_id: base::MoveId,
    quantity: Quantity,
    base: SplitBase,
}

fn bearers(world: &World, args: &Args) -> Result<Vec<Bearer>, Stop> {
    let mut names = args.words("targets")?;
    names.extend(args.text_opt("target")?);
    let only = args.words("only_items")?;
    let mut bearers = Vec::new();
    for name in names {
        let goods = match world.document(name)? {
            Document::Goods(goods) => goods,
            Document::Receipt(receipt) => &receipt.goods,
            _ => return Err(Stop::failed(format!("{name} is no receipt"))),
        };
        for moved in &goods.moves {
            let known = world.items.values().find(|known| known.item.id == moved.item_id);
            let item = known.ok_or_else(|| Stop::failed("a receipt has an unknown item"))?;
            if !only.is_empty() && !only.contains(&item.item.sku.as_str()) {
                continue;
            }
            bearers.push(Bearer {
                move_id: moved.move_id,
                quantity: moved.quantity,
                base: SplitBase {
                    quantity: moved.quantity,
                    weight: item.item.weight_grams,
                    volume: item.item.volume_litres,
                    value: moved.value,
                },
                item: item.item.clone(),
            });
        }
    }
    Ok(bearers)
}

fn split_by(word: Option<&str>) -> Result<SplitBy, Stop> {
    Ok(match word {
        None | Some("quantity") => SplitBy::Quantity,
        Some("equal") => SplitBy::Equal,
        Some("weight") => SplitBy::Weight,
        Some("volume") => SplitBy::Volume,
        Some("value") => SplitBy::Value,
        Some(other) => return Err(Stop::failed(format!("unknown split {other}"))),
    })
}

fn landed_cost(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let bearers = bearers(world, args)?;
    let decimals = ctx.currency.decimals();
    let mut costs = Vec::new();
    for line in args.list("lines") {
        let amount = line.scaled_opt("amount", decimals)?.unwrap_or(0);
        let name = line.text_opt("name")?.unwrap_or("cost").to_owned();
        costs.push((name, amount, split_by(line.text_opt("split")?)?));
    }
    if let Some(amount) = args.scaled_opt("amount", decimals)? {
        costs.push(("cost".to_owned(), amount, SplitBy::Quantity));
    }
    let base: Vec<SplitBase> = bearers.iter().map(|bearer| bearer.base).collect();
    let mut shares = Vec::new();
    for (name, amount, by) in &costs {
        let parts = valuation::split(*amount, *by, &base)
            .map_err(|error| Stop::Refused(base::Rule::problem(&error)))?;
        for (bearer, share) in bearers.iter().zip(parts) {
            shares.push(Share {
                name: name.clone(),
                item_id: bearer.item.id,
                move_id: bearer.move_id,
                quantity: bearer.quantity,
                share,
                sold: 0,
            });
        }
    }
    let open = match args.text_opt("from_bill")? {
        Some(bill) => clearing_line(world, bill)?,
        None => open_key(world),
    };
    let bases = match costs.first() {
        Some((_, _, by)) => base
            .iter()
            .map(|one| one.weight_by(*by))
            .collect::<Result<_, _>>()
            .map_err(|error| Stop::failed(error.to_string()))?,
        None => Vec::new(),
    };
    book(world, &ctx, day, &mut shares, &open)?;
    Ok(Made::document(Document::Landed(Landed { shares, open, bases })))
}

/// The open line that a bill made on the clearing account.
fn clearing_line(world: &World, bill: &str) -> Result<OpenKey, Stop> {
    let step = world.bills.get(bill).copied();
    for entry in &world.record(step)?.entries {
        let found = world.entry(*entry)?;
        for line in found.lines {
            let kind = match line.open_kind.as_deref() {
                Some("bill") => "bill",
                Some("bill_line") => "bill_line",
                Some("bill_expense") => "bill_expense",
                _ => continue,
            };
            if world.role_of(line.account_id) != Some(Role::LandedCostClearing) {
                continue;
            }
            let id = line.open_source_id.unwrap_or(0);
            return Ok(OpenKey { kind, id, partner_id: line.partner_id });
        }
    }
    Err(Stop::failed(format!("{bill} has nothing on the clearing account")))
}

/// Books shares on their receipts, and notes what of them was sold.
fn book(
    world: &mut World,
    ctx: &Ctx,
    day: Day,
    shares: &mut [Share],
    open: &OpenKey,
) -> Result<(), Stop> {
    let id = world.draw();
    let changes: Vec<CostChange> = shares
        .iter()
        .map(|share| CostChange {
            move_id: share.move_id,
            change: share.share,
            kind: Kind::LandedCost,
            source_kind: SOURCE,
            source_id: id,
        })
        .collect();
    let total: i64 = shares.iter().map(|share| share.share).sum();
    let open = *open;
    let sold = world.write(ctx, move |tx, ctx| {
        let done = valuation::correct_costs(tx, ctx, Area::Stock, day, changes.clone())
            .map_err(stock::PostError::from)?;
        let mut lines: Vec<Line> =
            done.corrections.iter().flat_map(|one| one.lines.iter().cloned()).collect();
        lines.push(Line::new(Role::LandedCostClearing, -total).open(open));
        let entry = Entry {
            kind: "landed_cost",
            source_kind: SOURCE,
            source_id: id,
            happened_on: day,
            memo: "landed cost".to_owned(),
            lines,
        };
        accounting::post(tx, ctx, &done.books, vec![entry])?;
        Ok::<_, stock::PostError>(done.corrections.iter().map(|one| one.sold).collect::<Vec<_>>())
    })?;
    for (share, sold) in shares.iter_mut().zip(sold) {
        share.sold = sold;
    }
    Ok(())
}

fn cancel_landed_cost(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let Document::Landed(landed) = world.target(&step.args)?.clone() else {
        return Err(Stop::failed("the target must be a landed cost"));
    };
    let mut back: Vec<Share> = landed.shares;
    for share in &mut back {
        share.share = -share.share;
    }
    book(world, &ctx, day, &mut back, &landed.open)?;
    Ok(Made::document(Document::Landed(Landed {
        shares: back,
        open: landed.open,
        bases: landed.bases,
    })))
}
