//! Pick lists, packages, and what leaves in them.

use crate::route::Routes;
use picking::{PACK, PICK, PLAN, READ, TRACKING_COLUMNS};
use sales::SHIP;

pub(super) fn add(routes: Routes) -> Routes {
    packages(lists(routes))
}

fn lists(routes: Routes) -> Routes {
    routes
        .verb("/pick-lists", PLAN, "Put on lists what is kept for orders", picking::plan_picks)
        .list("/pick-lists", READ, "List pick lists", picking::list_pick_lists)
        .detail("/pick-lists/{id}", READ, "Show a pick list", picking::pick_list)
        .list("/pick-lines", READ, "List lines of pick lists", picking::list_pick_lines)
        .verb("/pick-lists/assign", PICK, "Say who walks a list", picking::assign_picks)
        .verb("/pick-lists/pick", PICK, "Take goods for a list", picking::pick)
        .verb("/pick-lists/put-back", PICK, "Put back what was taken", picking::put_back)
        .verb("/pick-lists/cancel", PLAN, "Give a pick list up", picking::cancel_picks)
}

fn packages(routes: Routes) -> Routes {
    routes
        .verb("/packages", PACK, "Pack what was picked", picking::pack)
        .list("/packages", READ, "List packages", picking::list_packages)
        .detail("/packages/{id}", READ, "Show a package", picking::package)
        .verb("/packages/label", PACK, "Say what stands on a package", picking::label_package)
        .verb("/packages/unpack", PACK, "Open a package again", picking::unpack)
        .verb("/packages/ship", SHIP, "Ship packages, up to 1,000", picking::ship_packages)
        .list(
            "/ready-packages",
            PACK,
            "List the packages that wait for their carrier, with where they go",
            picking::list_carrier_file,
        )
        .import(
            "/tracking/import",
            PACK,
            "Import carriers' tracking numbers from CSV",
            TRACKING_COLUMNS,
            picking::import_tracking,
        )
}
