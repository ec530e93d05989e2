//! Counting what lies where.
//!
//! A plan says what is due ([`define_places`], [`classify_items`], [`plan_counts`]). A count sheet
//! holds the lines to be counted ([`open_count`]); people enter what they see ([`count()`]), and what
//! the books expect is taken at that moment, with the stock row's position. When goods move before
//! the sheet is applied, the line is in conflict and somebody says what holds ([`resolve_conflict`]).
//! Applied, all differences of a sheet are booked in one posting ([`apply_counts`],
//! [`approve_counts`]); whoever counted does not approve.

mod model;
mod rules;

mod open_count;

mod count;
mod decide_count;
mod refresh_count;
mod resolve_conflict;

mod apply_counts;
mod cancel_count;

mod define_places;
mod define_profile;
mod remove_profile;

mod classify_items;
mod next_counts;
mod plan_counts;

mod checks;
mod tables;
mod views;

use identity::Permission;

pub use apply_counts::{
    ApplyCounts, ApplyCountsError, Conflict, CountsApplied, LineReason, apply_counts,
    approve_counts,
};
pub use cancel_count::{CancelCount, CancelCountError, CountCancelled, cancel_count};
pub use classify_items::{
    ClassFilter, ClassRow, ClassSort, Classify, ClassifyError, ItemsClassified, LevelFilled,
    classify_items, list_classes, rehearse_classify,
};
pub use count::{Count, CountEntered, CountError, CountedLine, EnteredLine, count};
pub use decide_count::{DecideCount, decide_count};
pub use define_places::{
    CountPlaceFilter, CountPlaceRow, DefineCountPlaces, DefinePlacesError, PlaceRule,
    PlacesDefined, define_places, list_places,
};
pub use define_profile::{
    DefineProfile, Level, ProfileDefined, ProfileError, ProfileFilter, ProfileRow, define_profile,
    list_profiles,
};
pub use model::{Choice, CountKind, CountState, DueBy, LineState};
pub use next_counts::{
    CountRequestFilter, CountRequestRow, NextCountFilter, NextCountRow, NextCountSort,
    list_count_requests, list_next_counts,
};
pub use open_count::{CountOpened, OpenCount, OpenCountError, open_count};
pub use plan_counts::{
    CountsPlanned, PlanCounts, PlanError, PlannedSheet, plan_counts, rehearse_plan,
};
pub use refresh_count::{CountRefreshed, RefreshCount, RefreshCountError, refresh_count};
pub use remove_profile::{ProfileRemoved, RemoveProfile, RemoveProfileError, remove_profile};
pub use resolve_conflict::{
    ConflictResolved, ResolveConflict, ResolveConflictError, resolve_conflict,
};
pub use views::{
    AccuracyFilter, AccuracyRow, CountFilter, CountLineFilter, CountLineRow, CountRow, ListError,
    list_accuracy, list_count_lines, list_counts,
};

/// May see sheets, plans and figures.
pub const READ: Permission = Permission("counting.read");
/// May open sheets, count, refresh and cancel them.
pub const COUNT: Permission = Permission("counting.count");
/// May say what holds when goods moved in between.
pub const RESOLVE: Permission = Permission("counting.resolve");
/// May book the differences of a sheet.
pub const APPLY: Permission = Permission("counting.apply");
/// May agree to differences beyond a limit.
pub const APPROVE: Permission = Permission("counting.approve");
/// May say how and how often places and items are counted.
pub const DEFINE: Permission = Permission("counting.define");
/// May put on sheets what is due.
pub const PLAN: Permission = Permission("counting.plan");

/// Sheets, as approvals know them.
pub static COUNTS: identity::ApprovalKind = identity::ApprovalKind {
    name: SOURCE,
    permission: APPROVE,
    another: false,
    facts: &[
        identity::FactKind { name: "count_kind", number: false, about: "how the sheet came to be" },
        identity::FactKind { name: "reason", number: false, about: "the codes of its reasons" },
        identity::FactKind { name: "lines", number: true, about: "how many lines differ" },
    ],
};

/// The kind of document under which differences are booked and facts are stated.
pub const SOURCE: &str = "count";

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "counting",
    migrations: store::migrations!(
        "0001_counts.sql",
        "0002_classes.sql",
        "0003_open_counts.sql",
        "0004_asked_counts.sql"
    ),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &["counting_entry"],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &accounting::SCHEMA,
        &stock::SCHEMA,
    ],
};
