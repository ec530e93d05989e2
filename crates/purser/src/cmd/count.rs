//! `purser count`: count sheets, from the plan to the books.

use crate::args::{
    CountApplyArgs, CountCancelArgs, CountChoice, CountClassifyArgs, CountCommand, CountEnterArgs,
    CountOpenArgs, CountPlanArgs, CountResolveArgs, CountSheetArgs, DatabaseArgs, ListArgs,
};
use crate::failure::{Failure, refused};
use crate::place;
use base::{CountId, Quantity, Rule};
use counting::{
    ApplyCounts, CancelCount, Choice, Classify, Count, CountedLine, CountsApplied, OpenCount,
    PlanCounts, RefreshCount, ResolveConflict,
};
use identity::Ctx;
use serde::Serialize;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use store::{StoreError, Tx};
use tabular::Column;

const SKU: Column = Column::text("sku", "an item's SKU").required();
const PLACE: Column = Column::text("place", "a place's path such as WH/Stock").required();
const LOT: Column = Column::text("lot", "a lot's or piece's number");
const QUANTITY: Column = Column::plain("quantity", "a quantity such as 12").required();

/// Goes through the door of a command of `count`. Exit 1 says that lines are in conflict.
pub(crate) fn run(args: &DatabaseArgs, asked: CountCommand) -> Result<ExitCode, Failure> {
    match asked {
        CountCommand::Plan(asked) => plan(args, asked),
        CountCommand::Classify(asked) => classify(args, asked),
        CountCommand::Open(asked) => open(args, asked),
        CountCommand::Enter(asked) => enter(args, asked),
        CountCommand::Refresh(asked) => refresh(args, asked),
        CountCommand::Resolve(asked) => resolve(args, asked),
        CountCommand::Apply(asked) => apply(args, asked),
        CountCommand::Cancel(asked) => cancel(args, asked),
    }
}

/// Goes through a door as the operator and tells what came of it: in words, or all of it as JSON.
pub(crate) fn act<Q, A, E>(
    args: &DatabaseArgs,
    list: &ListArgs,
    request: Q,
    door: fn(&mut Tx<'_>, &Ctx, Q) -> Result<A, E>,
    words: impl Fn(&A) -> String,
) -> Result<A, Failure>
where
    Q: Clone + Send + 'static,
    A: Serialize + Send + 'static,
    E: Rule + From<StoreError> + Send + 'static,
{
    let database = place::open(args)?;
    let company = place::company(&database, list.company.as_deref())?;
    let answer = database.write(move |tx| {
        let ctx = place::operator(tx, company)?;
        door(tx, &ctx, request.clone()).map_err(refused)
    })?;
    database.seal_trail(company)?;
    if list.json {
        let text = serde_json::to_string_pretty(&answer);
        println!("{}", text.map_err(|error| Failure(error.to_string()))?);
    } else {
        println!("{}", words(&answer));
    }
    Ok(answer)
}

fn plan(args: &DatabaseArgs, asked: CountPlanArgs) -> Result<ExitCode, Failure> {
    let CountPlanArgs { warehouse, profile, blind, dry_run, list } = asked;
    let request = PlanCounts { warehouse, profile, blind, most_lines: None };
    let door = if dry_run { counting::rehearse_plan } else { counting::plan_counts };
    act(args, &list, request, door, |planned| {
        let sheet = |sheet: &counting::PlannedSheet| match dry_run {
            true => format!("a sheet ({}) of {} lines", sheet.kind, sheet.lines),
            false => format!(
                "{} ({}): {} lines, id {}",
                sheet.number, sheet.kind, sheet.lines, sheet.count_id
            ),
        };
        match planned.sheets.is_empty() {
            true => "nothing is due that is not on a sheet".to_owned(),
            false => planned.sheets.iter().map(sheet).collect::<Vec<_>>().join("\n"),
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn classify(args: &DatabaseArgs, asked: CountClassifyArgs) -> Result<ExitCode, Failure> {
    let CountClassifyArgs { profile, dry_run, list } = asked;
    let door = if dry_run { counting::rehearse_classify } else { counting::classify_items };
    act(args, &list, Classify { profile }, door, |done| {
        let level = |level: &counting::LevelFilled| {
            format!("{}: {} items, {} left", level.level, level.items, level.value)
        };
        let levels: Vec<String> = done.levels.iter().map(level).collect();
        format!("{}\n{} items, {} with another class", levels.join("\n"), done.items, done.moved)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn open(args: &DatabaseArgs, asked: CountOpenArgs) -> Result<ExitCode, Failure> {
    let CountOpenArgs { warehouse, places, skus, as_counted, blind, list } = asked;
    let request = OpenCount { warehouse, places, skus, as_counted, blind, ..OpenCount::default() };
    act(args, &list, request, counting::open_count, |opened| {
        format!("{}: {} lines, id {}", opened.number, opened.lines, opened.count_id)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn enter(args: &DatabaseArgs, asked: CountEnterArgs) -> Result<ExitCode, Failure> {
    let lines = lines_of(&asked.file)?;
    let request = Count { count_id: asked.sheet, lines, counted_at: asked.counted_at };
    act(args, &asked.list, request, counting::count, |entered| {
        let again = entered.lines.iter().filter(|line| line.again).count();
        format!("{} lines entered, {again} to be counted by another person", entered.lines.len())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What a file holds; `-` is standard input.
pub(crate) fn bytes_of(file: &Path) -> Result<Vec<u8>, Failure> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file).map_err(|error| Failure(format!("{}: {error}", file.display())))
}

/// The lines of a file; all that is wrong with it is told at once.
fn lines_of(file: &Path) -> Result<Vec<CountedLine>, Failure> {
    let bytes = bytes_of(file)?;
    let read = tabular::read(&bytes, &[SKU, PLACE, LOT, QUANTITY]).and_then(|table| {
        table.map(|cells| CountedLine {
            sku: cells.text(SKU).to_owned(),
            place: cells.text(PLACE).to_owned(),
            lot: cells.given(LOT).map(str::to_owned),
            quantity: cells.value_or(QUANTITY, Quantity::ZERO),
        })
    });
    read.map_err(|errors| {
        Failure(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

fn refresh(args: &DatabaseArgs, asked: CountSheetArgs) -> Result<ExitCode, Failure> {
    let request = RefreshCount { count_id: asked.sheet };
    act(args, &asked.list, request, counting::refresh_count, |done| {
        format!("{} lines had moved", done.lines.len())
    })?;
    Ok(ExitCode::SUCCESS)
}

fn resolve(args: &DatabaseArgs, asked: CountResolveArgs) -> Result<ExitCode, Failure> {
    let choice = match asked.choice {
        CountChoice::KeepCounted => Choice::KeepCounted,
        CountChoice::Rebase => Choice::Rebase,
        CountChoice::Recount => Choice::Recount,
    };
    let request = ResolveConflict { count_id: asked.sheet, lines: asked.lines, choice };
    act(args, &asked.list, request, counting::resolve_conflict, |done| {
        format!("{} lines resolved, {} left in conflict", done.lines.len(), done.left)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn apply(args: &DatabaseArgs, asked: CountApplyArgs) -> Result<ExitCode, Failure> {
    let CountApplyArgs { sheet, skip_uncounted, list } = asked;
    let request = ApplyCounts { count_id: sheet, reasons: Vec::new(), skip_uncounted };
    let told = move |applied: &CountsApplied| told(applied, sheet);
    let applied = act(args, &list, request, counting::apply_counts, told)?;
    Ok(if applied.conflicts.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(applied: &CountsApplied, sheet: CountId) -> String {
    if applied.conflicts.is_empty() {
        let (found, value) = (applied.differences, applied.value.amount_text());
        return format!("{found} differences booked, {value} {}", applied.value.currency);
    }
    let mut lines = vec![format!(
        "nothing is booked: goods of {} lines moved; run `purser count resolve {sheet}`",
        applied.conflicts.len()
    )];
    lines.extend(applied.conflicts.iter().map(|conflict| {
        let counting::Conflict { line, expected, counted, on_hand } = conflict;
        format!("line {line}: expected {expected}, counted {counted}, now {on_hand}")
    }));
    lines.join("\n")
}

fn cancel(args: &DatabaseArgs, asked: CountCancelArgs) -> Result<ExitCode, Failure> {
    let request = CancelCount { count_id: asked.sheet, reason: asked.reason };
    act(args, &asked.list, request, counting::cancel_count, |done| {
        format!("{} is given up", done.number)
    })?;
    Ok(ExitCode::SUCCESS)
}
