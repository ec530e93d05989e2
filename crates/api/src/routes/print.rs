//! Papers of records as PDF.

use crate::download::{Download, FileAnswer};
use crate::route::Routes;
use base::{CountId, ItemId, PackageId, PlaceId, PurchaseOrderId};
use paperwork::Printed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How labels are wanted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct Labels {
    /// How many, 1 to 500; one when absent.
    copies: Option<u32>,
    /// `true` has a browser save the file.
    download: bool,
}

fn answer(printed: Printed, saved: bool) -> FileAnswer {
    let Printed { name, bytes } = printed;
    FileAnswer { name, media_type: "application/pdf".to_owned(), bytes, saved }
}

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .file(
            "/purchase-orders/{id}/pdf",
            purchasing::READ,
            "Print an order to a supplier",
            |tx, ctx, id: PurchaseOrderId, asked: &Download| {
                let printed = paperwork::order_paper(tx, ctx, id)?;
                Ok::<_, paperwork::PrintError>(answer(printed, asked.download))
            },
        )
        .file(
            "/counts/{id}/pdf",
            counting::READ,
            "Print a count sheet",
            |tx, ctx, id: CountId, asked: &Download| {
                let printed = paperwork::count_sheet(tx, ctx, id)?;
                Ok::<_, paperwork::PrintError>(answer(printed, asked.download))
            },
        )
        .file(
            "/packages/{id}/packing-slip",
            picking::READ,
            "Print what goes into a package",
            |tx, ctx, id: PackageId, asked: &Download| {
                let printed = paperwork::packing_slip(tx, ctx, id)?;
                Ok::<_, paperwork::PrintError>(answer(printed, asked.download))
            },
        )
        .file(
            "/packages/{id}/label",
            picking::READ,
            "Print a package's label",
            |tx, ctx, id: PackageId, asked: &Labels| {
                let printed = paperwork::package_label(tx, ctx, id, asked.copies)?;
                Ok::<_, paperwork::PrintError>(answer(printed, asked.download))
            },
        )
        .file(
            "/items/{id}/label",
            catalog::READ,
            "Print an item's label",
            |tx, ctx, id: ItemId, asked: &Labels| {
                let printed = paperwork::item_label(tx, ctx, id, asked.copies)?;
                Ok::<_, paperwork::PrintError>(answer(printed, asked.download))
            },
        )
        .file(
            "/places/{id}/label",
            stock::READ,
            "Print a place's label",
            |tx, ctx, id: PlaceId, asked: &Labels| {
                let printed = paperwork::place_label(tx, ctx, id, asked.copies)?;
                Ok::<_, paperwork::PrintError>(answer(printed, asked.download))
            },
        )
}
