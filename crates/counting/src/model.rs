//! The nouns of counting: sheets and their lines.

use base::{
    CountId, CountLineId, Id, ItemId, LotId, PlaceId, Quantity, Timestamp, UserId, WarehouseId,
};
use stock::ShelfKey;

store::words! {
    /// How a sheet came to its lines.
    CountKind: "all, places, items, as_counted, cycle, zero" {
        /// Everything that lies in the warehouse.
        All = "all",
        /// Everything that lies at some places.
        Places = "places",
        /// Some items, wherever they lie.
        Items = "items",
        /// Nothing at first: a line is added when it is counted.
        AsCounted = "as_counted",
        /// What a plan found due.
        Cycle = "cycle",
        /// Places that ran empty, to see that they are.
        Zero = "zero",
    }

    /// How far a sheet has come.
    CountState: "open, applied, cancelled" {
        /// It is counted.
        Open = "open",
        /// Its differences are booked.
        Applied = "applied",
        /// It was given up; nothing was booked.
        Cancelled = "cancelled",
    }

    /// How far a line has come.
    LineState: "open, counted, conflict, applied, skipped, cancelled" {
        /// To be counted, or to be counted again.
        Open = "open",
        /// Counted.
        Counted = "counted",
        /// Goods moved between counting and applying; somebody has to say what holds.
        Conflict = "conflict",
        /// Booked, or found to be as expected.
        Applied = "applied",
        /// Not counted when the sheet was applied.
        Skipped = "skipped",
        /// Given up with its sheet.
        Cancelled = "cancelled",
    }

    /// By what a place is due.
    DueBy: "place, class" {
        /// By its own cycle, that of a place around it, or the yearly day.
        Place = "place",
        /// By the class of an item that lies there.
        Class = "class",
    }

    /// What holds when goods moved between counting and applying.
    Choice: "keep_counted, rebase, recount" {
        /// What was counted lies there now, whatever moved.
        KeepCounted = "keep_counted",
        /// What moved came on top of what was counted: the difference stays.
        Rebase = "rebase",
        /// Nobody knows: another person counts again.
        Recount = "recount",
    }
}

/// A sheet's head as a verb needs it, locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub id: CountId,
    pub number: String,
    pub warehouse_id: WarehouseId,
    pub kind: CountKind,
    pub blind: bool,
    pub state: CountState,
    /// How many lines it has: the number of the last.
    pub lines: i64,
    /// The position of its last fact.
    pub seq: i64,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// A line as loaded and as decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub id: CountLineId,
    pub line: i64,
    pub item_id: ItemId,
    pub place_id: PlaceId,
    pub lot: i64,
    /// How far a count may be off, in percent of what is expected; none is as far as it likes.
    pub threshold_percent: Option<i64>,
    pub expected: Quantity,
    /// The row's position when `expected` was read.
    pub expected_seq: i64,
    pub counted: Option<Quantity>,
    /// Who counted last; 0 with `entries` 0 is nobody.
    pub counted_by: UserId,
    pub counted_at: i64,
    pub entries: i64,
    pub again: bool,
    pub confirmed: bool,
    pub state: LineState,
    pub reason: String,
    pub evidence: String,
    pub value: i64,
}

impl Line {
    pub fn key(&self) -> ShelfKey {
        ShelfKey { item_id: self.item_id, place_id: self.place_id, lot: self.lot }
    }

    pub fn lot_id(&self) -> Option<LotId> {
        (self.lot != 0).then(|| LotId::from_raw(self.lot))
    }
}
