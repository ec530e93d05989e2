//! Opening the books of a going company.

use crate::route::{All, Routes, whole};
use opening::{OPEN, READ, UNDO};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .telling_verb(
            ("/openings", "/opening-progress"),
            OPEN,
            ("Open the books from files", "Tell how far an opening is"),
            |tx, ctx, request, telling| {
                opening::open_telling(tx, ctx, request, &|so_far| {
                    telling.tell(so_far.file.unwrap_or_default(), so_far.done, so_far.rows);
                })
            },
        )
        .with_files("/openings")
        .list("/openings", READ, "List openings", opening::list_openings)
        .detail("/openings/{id}", READ, "Show an opening with what it made", opening::find_opening)
        .verb("/openings/undo", UNDO, "Take the opening back", opening::undo)
        .list("/opening-files", READ, "List the files of an opening", |_, ctx, _: All| {
            opening::list_files(ctx).map(whole)
        })
        .question("/opening-files/read", OPEN, "Read files of an opening", opening::read_files)
        .with_files("/opening-files/read")
        .list("/opening-documents", READ, "List what openings made", opening::list_documents)
}
