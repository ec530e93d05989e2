//! W3: one run of replenishment over so many rules, most of which are short, and a second one that
//! finds everything as it was; beside the floor, which reads the same rows and writes as many
//! proposals without keeping why.

use crate::company::{self, Company, WAREHOUSE, sku, supplier};
use crate::pass::{Pass, passes, timed};
use crate::{BenchError, Options, assert_sound, floor, open_fresh, refused};
use base::{Id, ItemId, Quantity, Rate};
use catalog::{CreateItems, NewItem};
use planning::{MAX_RULES, MAX_SPOTS, RunReplenishment, SetRule, SetRules};
use purchasing::{DefineOffer, DefineOffers};
use store::{Database, Engine, Tx};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replenished {
    /// On which engine.
    pub engine: Engine,
    /// The run that proposes.
    pub first: Pass,
    /// The run that finds nothing to do.
    pub second: Pass,
    /// The floor.
    pub floor: Pass,
}

impl Replenished {
    /// The report for people.
    #[must_use]
    pub fn text(&self) -> String {
        let Replenished { engine, first, second, floor } = self;
        let title = format!("replenishment of {} rules on {engine:?}", first.elements);
        let told = |pass: &Pass| format!("{} proposed", pass.made);
        passes(
            &title,
            "rules",
            &[
                ("first run", *first, told(first)),
                ("second run", *second, told(second)),
                ("floor", *floor, told(floor)),
            ],
        )
    }
}

/// Sets up a company with as many rules as there are operations, runs replenishment twice and the
/// floor once, and checks the books. Clients and HTTP play no part.
///
/// # Errors
/// The first that applies in the order of [`BenchError`].
pub fn replenish(options: &Options) -> Result<Replenished, BenchError> {
    if options.operations == 0 {
        return Err(BenchError::NothingToDo);
    }
    let database = open_fresh(&options.database)?;
    let company = company::found(&database)?;
    floor::prepare(&database, 1)?;
    rules(&database, &company, options.operations)?;
    let first = run(&database, &company)?;
    let second = run(&database, &company)?;
    let floor = run_floor(&database, &company)?;
    assert_sound(&database, company.ctx.company_id)?;
    let engine = database.engine();
    database.close();
    Ok(Replenished { engine, first, second, floor })
}

/// A rule and an offer for each of `count` items, the first of which have stock; every third item
/// is wanted by somebody.
fn rules(database: &Database, company: &Company, count: usize) -> Result<(), BenchError> {
    let all: Vec<usize> = (0..count).collect();
    for part in all.chunks(MAX_RULES) {
        let (ctx, part) = (company.ctx.clone(), part.to_vec());
        database.write(move |tx| furnish(tx, &ctx, &part))?;
    }
    Ok(())
}

fn furnish(tx: &mut Tx<'_>, ctx: &identity::Ctx, part: &[usize]) -> Result<(), BenchError> {
    let new = part.iter().filter(|at| **at >= crate::ITEMS);
    let items: Vec<NewItem> = new.map(|at| NewItem::new(sku(*at), "Thing")).collect();
    catalog::create_items(tx, ctx, CreateItems { items, all_or_nothing: true })
        .map_err(refused("create_items"))?;
    terms(tx, ctx, part, Some((10, 40)))?;
    want(tx, ctx, part)
}

/// What suppliers ask for items, and rules with these levels, least and most.
pub(crate) fn terms(
    tx: &mut Tx<'_>,
    ctx: &identity::Ctx,
    part: &[usize],
    levels: Option<(i64, i64)>,
) -> Result<(), BenchError> {
    let (cost, _) = company::prices()?;
    let offer = |at: &usize| DefineOffer {
        supplier: supplier(*at as u64),
        sku: sku(*at),
        currency: None,
        unit: None,
        min_quantity: Quantity::ZERO,
        multiple: Quantity::units(6),
        lead_days: 7,
        from_on: None,
        to_on: None,
        price: cost,
        discount: Rate::ZERO,
        supplier_sku: String::new(),
    };
    let offers = DefineOffers { offers: part.iter().map(offer).collect() };
    purchasing::define_offers(tx, ctx, offers).map_err(refused("define_offers"))?;
    let Some((min, max)) = levels else { return Ok(()) };
    let rule = |at: &usize| SetRule {
        sku: sku(*at),
        place: format!("{WAREHOUSE}/Stock"),
        min: Quantity::units(min),
        max: Quantity::units(max),
        reorder_point: None,
        multiple: Quantity::ZERO,
        minimum: Quantity::ZERO,
        lead_days: None,
        horizon_days: None,
        visibility_days: 0,
        trigger: None,
        supplier: None,
        source: None,
        snoozed_until: None,
        retired: false,
    };
    let rules = SetRules { rules: part.iter().map(rule).collect() };
    planning::set_rules(tx, ctx, rules).map_err(refused("set_rules"))?;
    Ok(())
}

fn want(tx: &mut Tx<'_>, ctx: &identity::Ctx, part: &[usize]) -> Result<(), BenchError> {
    let wanted: Vec<usize> = part.iter().copied().filter(|at| at.is_multiple_of(3)).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let warehouse = stock::warehouse_by_code(tx, ctx.company_id, WAREHOUSE)?
        .ok_or_else(|| refused::<&str>("demand")("there is no warehouse"))?;
    let skus: Vec<String> = wanted.iter().map(|at| sku(*at)).collect();
    let items = catalog::items_by_sku(tx, ctx.company_id, &skus)?;
    let lines = (1..)
        .zip(items.values())
        .map(|(line_id, item)| stock::Wanted {
            owner_id: 1,
            line_id,
            item_id: item.id,
            quantity: Quantity::units(3),
            due_on: ctx.today,
        })
        .collect();
    let demand = stock::Demand {
        owner_kind: "bench",
        warehouse_id: warehouse.warehouse_id,
        place_path: String::new(),
        shortage: stock::Shortage::BackOrder,
        reserve: false,
        lines,
    };
    stock::demand(tx, ctx, demand).map_err(refused("demand"))?;
    Ok(())
}

pub(crate) fn run(database: &Database, company: &Company) -> Result<Pass, BenchError> {
    let mut request = RunReplenishment::default();
    timed(|pass| {
        let (ctx, asked) = (company.ctx.clone(), request.clone());
        let (part, statements) = database.write(move |tx| {
            let before = tx.statements();
            let part = planning::run_replenishment(tx, &ctx, asked.clone())
                .map_err(refused("run_replenishment"))?;
            Ok::<_, BenchError>((part, tx.statements() - before))
        })?;
        pass.elements += part.looked_at;
        pass.made += part.proposed;
        pass.statements += statements;
        request.cursor = part.next_cursor;
        Ok(request.cursor.is_some())
    })
}

fn run_floor(database: &Database, company: &Company) -> Result<Pass, BenchError> {
    let company = company.ctx.company_id;
    let mut after = ItemId::from_raw(0);
    timed(|pass| {
        let (part, statements) = database.write(move |tx| {
            let before = tx.statements();
            let part = floor::propose(tx, company, after, MAX_SPOTS)?;
            Ok::<_, BenchError>((part, tx.statements() - before))
        })?;
        pass.statements += statements;
        let Some((rules, proposed, last)) = part else { return Ok(false) };
        pass.elements += rules;
        pass.made += proposed;
        after = last;
        Ok(true)
    })
}
