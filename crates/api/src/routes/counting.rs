//! Count sheets, plans and figures.

use crate::route::Routes;
use counting::{APPLY, APPROVE, COUNT, DEFINE, PLAN, READ, RESOLVE};

pub(super) fn add(routes: Routes) -> Routes {
    plans(sheets(routes))
}

fn sheets(routes: Routes) -> Routes {
    routes
        .verb("/counts", COUNT, "Open a count sheet", counting::open_count)
        .list("/counts", READ, "List count sheets", counting::list_counts)
        .list("/count-lines", READ, "List lines of count sheets", counting::list_count_lines)
        .verb("/counts/count", COUNT, "Enter what was counted", counting::count)
        .verb("/counts/refresh", COUNT, "Read the books anew", counting::refresh_count)
        .verb("/counts/resolve", RESOLVE, "Resolve conflicts", counting::resolve_conflict)
        .verb("/counts/apply", APPLY, "Book a sheet's differences", counting::apply_counts)
        .verb("/counts/approve", APPROVE, "Approve a sheet and book it", counting::approve_counts)
        .verb("/counts/decide", APPROVE, "Decide on a sheet that waits", counting::decide_count)
        .verb("/counts/cancel", COUNT, "Give a sheet up", counting::cancel_count)
        .list("/count-accuracy", READ, "Tell how accurate the books were", counting::list_accuracy)
}

fn plans(routes: Routes) -> Routes {
    routes
        .verb("/count-places", DEFINE, "Say how places are counted", counting::define_places)
        .list("/count-places", READ, "List how places are counted", counting::list_places)
        .verb("/count-profiles", DEFINE, "Define a profile of classes", counting::define_profile)
        .verb(
            "/count-profiles/remove",
            DEFINE,
            "Remove a profile with the classes that it gave",
            counting::remove_profile,
        )
        .list("/count-profiles", READ, "List profiles with their levels", counting::list_profiles)
        .rehearsed_verb(
            ("/count-classes", "/count-classes/rehearse"),
            DEFINE,
            ("Classify items", "Tell into which classes items would fall"),
            counting::classify_items,
            counting::rehearse_classify,
        )
        .list("/count-classes", READ, "List the classes of items", counting::list_classes)
        .rehearsed_verb(
            ("/count-plans", "/count-plans/rehearse"),
            PLAN,
            ("Put on sheets what is due", "Tell what a plan would put on sheets"),
            counting::plan_counts,
            counting::rehearse_plan,
        )
        .list("/count-requests", READ, "List places that ran empty", counting::list_count_requests)
        .list("/next-counts", READ, "List when places are next counted", counting::list_next_counts)
}
