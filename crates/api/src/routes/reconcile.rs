//! The checks, and open lines by name.

use crate::route::{Routes, whole};
use reconcile::READ;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .list("/checks", READ, "Ask the books whether they are sound", |tx, ctx, filter| {
            reconcile::checks(tx, ctx, filter).map(whole)
        })
        .list(
            "/open-documents",
            accounting::VIEW,
            "List open lines with what they are called: what a payment may settle",
            reconcile::open_documents,
        )
}
