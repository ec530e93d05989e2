//! What steps do: each verb goes through one door, or a few in one go.

mod billing;
mod claims;
mod corrections;
mod counting;
mod goods;
mod inspecting;
mod landed_cost;
mod orders;
mod planning;
mod putting_away;
mod reservation;
mod returns;
mod sale;
mod supply;
mod transfers;

use crate::case::Step;
use crate::support::Verb;
use crate::world::{Made, Stop, World, path_of};
use base::{Day, LotId, PlaceId};
use stock::{Lot, LotDates};

pub(crate) use inspecting::SENDER;
pub(crate) use orders::detail as order;
pub(crate) use planning::{rule_of, set_rule};
pub(crate) use reservation::demand_and_reserve;

/// Every verb, by group.
pub(crate) const VERBS: &[&[Verb]] = &[
    goods::VERBS,
    returns::VERBS,
    corrections::VERBS,
    landed_cost::VERBS,
    counting::VERBS,
    reservation::VERBS,
    orders::VERBS,
    planning::VERBS,
    billing::VERBS,
    sale::VERBS,
    supply::VERBS,
    transfers::VERBS,
    putting_away::VERBS,
    claims::VERBS,
    inspecting::VERBS,
];

/// Runs one step: what it made, or the refusal of a door.
///
/// # Errors
/// A stop that is no refusal: the case asks for what cannot be, or something broke.
pub(crate) fn run(world: &mut World, step: &Step) -> Result<Result<Made, base::Problem>, String> {
    let Some(verb) = crate::support::verb(&step.verb) else {
        return Err(format!("unknown verb {}", step.verb));
    };
    match attempt(world, step, verb) {
        Ok(made) => Ok(Ok(made)),
        Err(Stop::Refused(problem)) => Ok(Err(problem)),
        Err(Stop::Failed(what)) => Err(what),
    }
}

fn attempt(world: &mut World, step: &Step, verb: &Verb) -> Result<Made, Stop> {
    let force = step.args.flag("force")?;
    let before = if force {
        world.forced = true;
        let policies = world.read(|tx, ctx| identity::policies(tx, ctx.company_id))?;
        crate::setup::set_policy(world, "negative_stock", "allowed")?;
        Some(policies.text("negative_stock").to_owned())
    } else {
        None
    };
    let mut made = Ok(Made::default());
    for _ in 0..step.args.whole_opt("repeat")?.unwrap_or(1) {
        made = (verb.run)(world, step);
        if made.is_err() {
            break;
        }
    }
    if let Some(before) = before {
        crate::setup::set_policy(world, "negative_stock", &before)?;
    }
    let made = made?;
    if let (Some(id), Some(document)) = (step.args.text_opt("id")?, &made.document) {
        world.documents.insert(id.to_owned(), document.clone());
    }
    Ok(made)
}

/// The place of a name; a warehouse's stock for a warehouse.
pub(crate) fn place(world: &World, name: Option<&str>) -> Result<PlaceId, Stop> {
    let Some(name) = name else { return Ok(world.warehouse(None)?.stock) };
    if let Some(warehouse) = world.warehouses.get(name) {
        return Ok(warehouse.stock);
    }
    let path = path_of(name, &world.warehouses);
    let found = world.read(move |tx, ctx| stock::find_place(tx, ctx.company_id, &path))?;
    Ok(found.ok_or_else(|| Stop::failed(format!("there is no place {name}")))?.place_id)
}

/// A lot, made when it is not there.
pub(crate) fn lot(
    world: &World,
    item: &catalog::Item,
    code: &str,
    received_on: Day,
    expires_on: Option<Day>,
) -> Result<LotId, Stop> {
    let dates = LotDates::of(item, expires_on, received_on);
    let wanted = [Lot { item_id: item.id, code: code.to_owned(), dates }];
    let key = (item.id, code.to_owned());
    let ctx = world.ctx.clone();
    let found = world
        .write(&ctx, move |tx, ctx| stock::dated_lots(tx, ctx.company_id, received_on, &wanted))?;
    found.get(&key).copied().ok_or_else(|| Stop::failed(format!("lot {code} was not made")))
}
