//! `purser pick`: pick lists, from the plan to packages that leave.

use super::count::{act, bytes_of};
use crate::args::{
    DatabaseArgs, PickCancelArgs, PickCommand, PickKindArg, PickListArgs, PickPackArgs,
    PickPlanArgs, PickShipArgs, PickTakeArgs,
};
use crate::failure::Failure;
use base::Quantity;
use picking::{
    CancelPicks, GoodsPutBack, IfMissing, LabelFields, MissingGoods, PackGoods, PackScan,
    PickGoods, PickKind, PickLineRow, PickScan, PlanPicks, PutBack, ShipPackages,
};
use std::path::Path;
use std::process::ExitCode;
use tabular::{Column, RowError};

const PLACE: Column = Column::text("place", "a place's path such as WH/Stock/A-1").required();
const CODE: Column = Column::text("code", "a barcode, a GS1 code or an SKU").required();
const LOT: Column = Column::text("lot", "a lot's or piece's number");
const QUANTITY: Column = Column::plain("quantity", "a quantity such as 12");
const MISSING: Column = Column::text("missing", "why the rest of the stop was not found");
const THEN: Column = Column::plain("then", "relocate or back_order");

/// Goes through the door of a command of `pick`.
pub(crate) fn run(args: &DatabaseArgs, asked: PickCommand) -> Result<ExitCode, Failure> {
    match asked {
        PickCommand::Plan(asked) => plan(args, asked)?,
        PickCommand::Show(asked) => show(args, &asked)?,
        PickCommand::Take(asked) => take(args, asked)?,
        PickCommand::PutBack(asked) => {
            let request = PutBack { list_id: asked.list_id, lines: Vec::new() };
            act(args, &asked.list, request, picking::put_back, back)?;
        }
        PickCommand::Cancel(asked) => {
            let PickCancelArgs { list_id, reason, put_back, list } = asked;
            let request = CancelPicks { list_id, reason, put_back };
            act(args, &list, request, picking::cancel_picks, back)?;
        }
        PickCommand::Pack(asked) => pack(args, asked)?,
        PickCommand::Ship(asked) => ship(args, asked)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn plan(args: &DatabaseArgs, asked: PickPlanArgs) -> Result<(), Failure> {
    let kind = match asked.kind {
        PickKindArg::Order => PickKind::Order,
        PickKindArg::Batch => PickKind::Batch,
        PickKindArg::Wave => PickKind::Wave,
    };
    let request = PlanPicks {
        warehouse: asked.warehouse,
        kind: Some(kind),
        order_ids: asked.orders,
        channel: asked.channel,
        due_by: asked.due_by,
        partly: asked.partly,
        orders_per_list: asked.orders_per_list,
        picker_id: None,
    };
    act(args, &asked.list, request, picking::plan_picks, |planned| {
        let mut told: Vec<String> = Vec::new();
        for list in &planned.lists {
            let picking::PlannedPicks { list_id, number, title, stops, lines, .. } = list;
            told.push(format!("{number} ({title}): {lines} lines, {stops} stops, id {list_id}"));
        }
        told.extend(planned.left_out.iter().map(|left| left.detail.clone()));
        if told.is_empty() {
            told.push("nothing is ready that is not on a list".to_owned());
        }
        told.join("\n")
    })?;
    Ok(())
}

fn show(args: &DatabaseArgs, asked: &PickListArgs) -> Result<(), Failure> {
    act(args, &asked.list, asked.list_id, picking::pick_list, |found| {
        let line = |line: &PickLineRow| {
            let PickLineRow { stop, place, sku, name, lot, to_pick, picked, .. } = line;
            let lot = if lot.is_empty() { String::new() } else { format!(" lot {lot}") };
            let order = &line.order_number;
            format!(
                "{stop:>4}  {place}  {sku}{lot}  {to_pick} to pick, {picked} picked  {order}  {name}"
            )
        };
        let head = format!("{} ({}): {}", found.list.number, found.list.title, found.list.state);
        std::iter::once(head).chain(found.lines.iter().map(line)).collect::<Vec<_>>().join("\n")
    })?;
    Ok(())
}

fn take(args: &DatabaseArgs, asked: PickTakeArgs) -> Result<(), Failure> {
    let lines = scans(&asked.file, !asked.no_count)?;
    let PickTakeArgs { list_id, client_ref, list, .. } = asked;
    let request = PickGoods { list_id, lines, client_ref };
    act(args, &list, request, picking::pick, |done| {
        let mut told = vec![format!("{} is {}", done.number, done.state)];
        for line in &done.added {
            told.push(format!("take {} of {} at {} instead", line.quantity, line.sku, line.place));
        }
        for line in &done.lacking {
            let picking::LackingLine { order_number, sku, quantity, .. } = line;
            told.push(format!("order {order_number} lacks {quantity} of {sku}"));
        }
        told.extend(done.count.iter().map(|count| format!("count {}", count.number)));
        told.join("\n")
    })?;
    Ok(())
}

/// The scans of a file; all that is wrong with it is told at once.
fn scans(file: &Path, count: bool) -> Result<Vec<PickScan>, Failure> {
    let bytes = bytes_of(file)?;
    let columns = [PLACE, CODE, LOT, QUANTITY, MISSING, THEN];
    let read = tabular::read(&bytes, &columns).and_then(|table| {
        table.map(|cells| {
            let then = cells.value_or(THEN, IfMissing::Relocate);
            let reason = given(cells.text(MISSING));
            PickScan {
                place: cells.text(PLACE).to_owned(),
                code: cells.text(CODE).to_owned(),
                lot: given(cells.text(LOT)),
                quantity: cells.value(QUANTITY),
                missing: reason.map(|reason| MissingGoods { reason, then, count }),
            }
        })
    });
    read.map_err(wrong)
}

/// What a cell says; an empty one says nothing.
fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn wrong(errors: Vec<RowError>) -> Failure {
    Failure(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn back(done: &GoodsPutBack) -> String {
    let mut told = vec![format!("{} is {}", done.number, done.state)];
    for line in &done.lines {
        told.push(format!("{} of {} went back to {}", line.quantity, line.sku, line.place));
    }
    told.join("\n")
}

fn pack(args: &DatabaseArgs, asked: PickPackArgs) -> Result<(), Failure> {
    let lines = asked.file.as_deref().map_or(Ok(Vec::new()), packed)?;
    let request = PackGoods {
        order_id: asked.order_id,
        package_id: None,
        warehouse: None,
        everything: asked.file.is_none(),
        lines,
        close: true,
        label: LabelFields {
            carrier: asked.carrier,
            service: asked.service,
            tracking: asked.tracking,
            weight_grams: asked.weight_grams,
            ..LabelFields::default()
        },
        client_ref: String::new(),
    };
    act(args, &asked.list, request, picking::pack, |done| {
        let picking::GoodsPacked { number, order_number, package_id, .. } = done;
        let left: Vec<String> =
            done.left.iter().map(|left| format!("{} of {}", left.quantity, left.sku)).collect();
        let left = match left.is_empty() {
            true => "nothing picked is left to pack".to_owned(),
            false => format!("left to pack: {}", left.join(", ")),
        };
        format!("{number} of {order_number} is packed, id {package_id}; {left}")
    })?;
    Ok(())
}

/// What a file says was packed.
fn packed(file: &Path) -> Result<Vec<PackScan>, Failure> {
    let bytes = bytes_of(file)?;
    let read = tabular::read(&bytes, &[CODE, LOT, QUANTITY]).and_then(|table| {
        table.map(|cells| PackScan {
            code: cells.text(CODE).to_owned(),
            lot: given(cells.text(LOT)),
            quantity: cells.value::<Quantity>(QUANTITY),
        })
    });
    read.map_err(wrong)
}

fn ship(args: &DatabaseArgs, asked: PickShipArgs) -> Result<(), Failure> {
    let PickShipArgs { packages, orders, day, list } = asked;
    let request = ShipPackages {
        package_ids: packages,
        order_ids: orders,
        happened_on: day,
        confirm_expired: false,
    };
    act(args, &list, request, picking::ship_packages, |done| {
        let mut told: Vec<String> = Vec::new();
        for shipped in &done.shipments {
            let (number, order) = (&shipped.shipment.number, &shipped.order_number);
            told.push(format!("{number} of {order}: {}", shipped.packages.join(", ")));
        }
        if !done.repeated.is_empty() {
            told.push(format!("{} packages had left before", done.repeated.len()));
        }
        told.join("\n")
    })?;
    Ok(())
}
