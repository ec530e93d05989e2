//! `purser print`: papers of records as PDF.

use super::documents::{Named, put};
use crate::args::{DatabaseArgs, PaperArg, PrintArgs};
use crate::failure::{Failure, refused};
use crate::place;
use base::{Id, PlaceId};
use identity::Ctx;
use paperwork::{Printed, RecordKind};
use std::path::PathBuf;
use std::process::ExitCode;
use store::Tx;

/// Prints a paper and writes it to a file.
pub(crate) fn run(args: &DatabaseArgs, asked: &PrintArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let (paper, name, copies) = (asked.paper, asked.name.clone(), asked.copies);
    let printed = database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        print(tx, &ctx, paper, &name, copies)
    })?;
    let own = PathBuf::from(&printed.name);
    put(asked.file.as_deref().unwrap_or(&own), &printed.bytes, asked.file.is_none())?;
    Ok(ExitCode::SUCCESS)
}

fn print(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    paper: PaperArg,
    name: &str,
    copies: Option<u32>,
) -> Result<Printed, Failure> {
    let printed = match paper {
        PaperArg::PurchaseOrder => {
            let order_id = id(tx, ctx, RecordKind::PurchaseOrder, name)?;
            paperwork::order_paper(tx, ctx, order_id)
        }
        PaperArg::Count => {
            let count_id = id(tx, ctx, RecordKind::Count, name)?;
            paperwork::count_sheet(tx, ctx, count_id)
        }
        PaperArg::PackingSlip => {
            let package_id = id(tx, ctx, RecordKind::Package, name)?;
            paperwork::packing_slip(tx, ctx, package_id)
        }
        PaperArg::PackageLabel => {
            let package_id = id(tx, ctx, RecordKind::Package, name)?;
            paperwork::package_label(tx, ctx, package_id, copies)
        }
        PaperArg::ItemLabel => {
            let item_id = id(tx, ctx, RecordKind::Item, name)?;
            paperwork::item_label(tx, ctx, item_id, copies)
        }
        PaperArg::PlaceLabel => {
            let place_id = place_of(tx, ctx, name)?;
            paperwork::place_label(tx, ctx, place_id, copies)
        }
    };
    printed.map_err(refused)
}

/// The id of a record by what it is called, or by its id.
fn id<I: Id>(tx: &mut Tx<'_>, ctx: &Ctx, kind: RecordKind, name: &str) -> Result<I, Failure> {
    let named = Named { kind, name: name.to_owned() };
    let key = named.key(tx, ctx).map_err(refused)?;
    let found = paperwork::find_record(tx, ctx, kind, &key).map_err(refused)?;
    Ok(I::from_raw(found.id))
}

/// A place by its path, or by its id.
fn place_of(tx: &mut Tx<'_>, ctx: &Ctx, name: &str) -> Result<PlaceId, Failure> {
    if let Some(place) = stock::find_place(tx, ctx.company_id, name)? {
        return Ok(place.place_id);
    }
    let raw = name.parse().map_err(|_| Failure(format!("there is no place {name}")))?;
    Ok(PlaceId::from_raw(raw))
}
