//! Count sheets, from opening to applying, and plans.

use crate::case::{Args, Step};
use crate::support::{Verb, any};
use crate::world::{Document, Made, Stop, World, path_of};
use base::{CountId, Rate};
use counting::{
    ApplyCounts, CancelCount, Choice, Count, CountFilter, CountLineFilter, CountedLine,
    DefineProfile, Level, OpenCount, PlanCounts, RefreshCount, ResolveConflict,
};

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "open_count",
        args: &["items", "locations", "blind", "user"],
        about: "a sheet of everything in stock, or of some items or places",
        fits: any,
        run: open_count,
    },
    Verb {
        name: "count",
        args: &["target", "item", "qty", "location", "user", "apply"],
        about: "what lies at a place is counted, on a sheet of its own when none is named; applied at \
                once if so said, and what differs is then unexplained",
        fits: any,
        run: count,
    },
    Verb {
        name: "refresh_count",
        args: &["target", "user"],
        about: "what the books expect is read anew; what was counted stays",
        fits: any,
        run: |world, step| each(world, step, refresh),
    },
    Verb {
        name: "apply_counts",
        args: &["target", "user"],
        about: "the differences of the sheet are booked, or of all open ones",
        fits: any,
        run: |world, step| each(world, step, apply),
    },
    Verb {
        name: "resolve_conflict",
        args: &["target", "item", "location", "choice", "qty", "user"],
        about: "keep_counted, rebase or recount where goods moved; unless it is counted again, the \
                sheet is then applied",
        fits: any,
        run: resolve_conflict,
    },
    Verb {
        name: "cancel_count",
        args: &["target", "user"],
        about: "an open sheet is given up",
        fits: any,
        run: |world, step| each(world, step, cancel),
    },
    Verb {
        name: "plan_counts",
        args: &["warehouse", "profile", "user"],
        about: "what is due is put on sheets",
        fits: any,
        run: plan_counts,
    },
    Verb {
        name: "abc_profile",
        args: &["levels", "levels.name", "levels.percent"],
        about: "the classes into which items fall by value",
        fits: any,
        run: abc_profile,
    },
    Verb {
        name: "check",
        args: &[],
        about: "nothing; the world is looked at",
        fits: any,
        run: |_, _| Ok(Made::default()),
    },
];

fn open_count(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let ctx = world.actor(args)?;
    let path = |name: &str| path_of(name, &world.warehouses);
    let request = OpenCount {
        places: args.words("locations")?.into_iter().map(path).collect(),
        skus: args.words("items")?.into_iter().map(str::to_owned).collect(),
        blind: args.flag("blind")?,
        ..OpenCount::default()
    };
    let opened =
        world.write(&ctx, move |tx, ctx| counting::open_count(tx, ctx, request.clone()))?;
    Ok(Made::document(Document::Count(opened.count_id)))
}

/// The sheet that a step names; without one, the sheet of counts that name none.
fn sheet_of(world: &mut World, args: &Args) -> Result<CountId, Stop> {
    if args.has("target") {
        return match world.target(args)? {
            Document::Count(count_id) => Ok(*count_id),
            other => Err(Stop::failed(format!("{other:?} is no count"))),
        };
    }
    let open = open_sheets(world)?;
    if let Some(sheet) = world.sheet.filter(|sheet| open.contains(sheet)) {
        return Ok(sheet);
    }
    let ctx = world.actor(args)?;
    let request = OpenCount { as_counted: true, ..OpenCount::default() };
    let opened =
        world.write(&ctx, move |tx, ctx| counting::open_count(tx, ctx, request.clone()))?;
    world.sheet = Some(opened.count_id);
    Ok(opened.count_id)
}

fn open_sheets(world: &World) -> Result<Vec<CountId>, Stop> {
    let filter =
        CountFilter { state: Some("open".to_owned()), limit: Some(200), ..CountFilter::default() };
    let page = world.read(move |tx, ctx| counting::list_counts(tx, ctx, filter.clone()))?;
    Ok(page.lines.iter().rev().map(|row| row.count_id).collect())
}

fn count(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let ctx = world.actor(args)?;
    let count_id = sheet_of(world, args)?;
    let line = CountedLine {
        sku: args.text("item")?.to_owned(),
        place: path_of(args.text_opt("location")?.unwrap_or("STOCK"), &world.warehouses),
        lot: None,
        quantity: args.quantity("qty")?,
    };
    let request = Count { count_id, lines: vec![line], counted_at: None };
    world.write(&ctx, move |tx, ctx| counting::count(tx, ctx, request.clone()))?;
    if args.flag("apply")? {
        apply(world, args, count_id)?;
    }
    Ok(Made::document(Document::Count(count_id)))
}

/// Does it with the sheet that a step names, or with every open one.
fn each(
    world: &mut World,
    step: &Step,
    act: fn(&World, &Args, CountId) -> Result<(), Stop>,
) -> Result<Made, Stop> {
    let args = &step.args;
    let sheets = match args.has("target") {
        true => vec![sheet_of(world, args)?],
        false => open_sheets(world)?,
    };
    for sheet in sheets {
        act(world, args, sheet)?;
    }
    Ok(Made::default())
}

fn refresh(world: &World, args: &Args, count_id: CountId) -> Result<(), Stop> {
    let request = RefreshCount { count_id };
    let ctx = world.actor(args)?;
    world.write(&ctx, move |tx, ctx| counting::refresh_count(tx, ctx, request.clone()))?;
    Ok(())
}

fn apply(world: &World, args: &Args, count_id: CountId) -> Result<(), Stop> {
    let request = ApplyCounts { count_id, reasons: Vec::new(), skip_uncounted: false };
    let ctx = world.actor(args)?;
    let applied =
        world.write(&ctx, move |tx, ctx| counting::apply_counts(tx, ctx, request.clone()))?;
    // A case calls it refused that nothing is booked until somebody else has agreed.
    if applied.waits {
        let detail = "the count waits for somebody's yes; nothing is booked";
        return Err(Stop::Refused(base::Problem::refused("needs_approval", detail)));
    }
    Ok(())
}

fn cancel(world: &World, args: &Args, count_id: CountId) -> Result<(), Stop> {
    let request = CancelCount { count_id, reason: "scenario".to_owned() };
    let ctx = world.actor(args)?;
    world.write(&ctx, move |tx, ctx| counting::cancel_count(tx, ctx, request.clone()))?;
    Ok(())
}

fn resolve_conflict(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let ctx = world.actor(args)?;
    let choice = match args.text("choice")? {
        "keep_counted" => Choice::KeepCounted,
        "rebase" => Choice::Rebase,
        "recount" => Choice::Recount,
        other => return Err(Stop::failed(format!("unknown choice {other}"))),
    };
    let count_id = sheet_of(world, args)?;
    let filter = CountLineFilter {
        count_id: Some(count_id),
        state: Some("conflict".to_owned()),
        sku: args.text_opt("item")?.map(str::to_owned),
        place: args.text_opt("location")?.map(|name| path_of(name, &world.warehouses)),
        ..CountLineFilter::default()
    };
    let page = world.read(move |tx, ctx| counting::list_count_lines(tx, ctx, filter.clone()))?;
    if page.lines.is_empty() {
        return Err(Stop::failed("no such line is in conflict"));
    }
    let lines = page.lines.iter().map(|line| line.line).collect();
    let request = ResolveConflict { count_id, lines, choice };
    world.write(&ctx, move |tx, ctx| counting::resolve_conflict(tx, ctx, request.clone()))?;
    if let Some(quantity) = args.quantity_opt("qty")?
        && choice == Choice::KeepCounted
        && page.lines.iter().any(|line| line.counted != Some(quantity))
    {
        return Err(Stop::failed("qty is not what was counted"));
    }
    if choice != Choice::Recount {
        apply(world, args, count_id)?;
    }
    Ok(Made::default())
}

fn plan_counts(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let ctx = world.actor(args)?;
    let request = PlanCounts {
        warehouse: world.warehouse(args.text_opt("warehouse")?)?.code.clone(),
        profile: args.text_opt("profile")?.map(str::to_owned),
        ..PlanCounts::default()
    };
    world.write(&ctx, move |tx, ctx| counting::plan_counts(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn abc_profile(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let level = |row: &Args| {
        Ok(Level {
            name: row.text("name")?.to_owned(),
            percent: Rate::from_nano(row.scaled_opt("percent", 9)?.unwrap_or(0)),
            cycle_days: None,
        })
    };
    let levels = step.args.list("levels").iter().map(level).collect::<Result<_, Stop>>()?;
    let request = DefineProfile { name: "scenario".to_owned(), window_days: 365, levels };
    let ctx = world.ctx.clone();
    world.write(&ctx, move |tx, ctx| counting::define_profile(tx, ctx, request.clone()))?;
    Ok(Made::default())
}
