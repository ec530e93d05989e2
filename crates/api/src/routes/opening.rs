//! Opening the books of a going company.

use crate::route::Routes;
use opening::{OPEN, READ, UNDO};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/openings", OPEN, "Open the books from files", opening::open)
        .with_files("/openings")
        .list("/openings", READ, "List openings", opening::list_openings)
        .verb("/openings/undo", UNDO, "Take the opening back", opening::undo)
}
