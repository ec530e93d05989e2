//! The nouns of stock: places, rows, reservations and how goods are taken.

use base::{Day, ItemId, LotId, PlaceId, PoolId, Quantity};
use valuation::Class;

/// What a place stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// A place of our own, where goods lie.
    Internal,
    /// Goods of ours on their way.
    Transit,
    /// Where received goods come from.
    Supplier,
    /// Where shipped goods go.
    Customer,
    /// Where lost goods go and found goods come from.
    Loss,
}

impl PlaceKind {
    /// The word in the database and the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            PlaceKind::Internal => "internal",
            PlaceKind::Transit => "transit",
            PlaceKind::Supplier => "supplier",
            PlaceKind::Customer => "customer",
            PlaceKind::Loss => "loss",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<PlaceKind> {
        [Self::Internal, Self::Transit, Self::Supplier, Self::Customer, Self::Loss]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    /// Whether goods there are ours: only such places have stock rows.
    #[must_use]
    pub const fn holds_stock(self) -> bool {
        matches!(self, PlaceKind::Internal | PlaceKind::Transit)
    }
}

/// A place as a posting needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub id: PlaceId,
    pub pool_id: PoolId,
    pub kind: PlaceKind,
    pub class: Class,
    pub path: String,
}

/// Which stock row it is; lot 0 is "no lot".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowKey {
    pub item: ItemId,
    pub place: PlaceId,
    pub lot: i64,
}

/// A stock row as loaded and as decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StockRow {
    pub key: RowKey,
    pub on_hand: Quantity,
    pub reserved: Quantity,
    pub since: Option<Day>,
    pub seq: i64,
    pub held: bool,
}

/// How goods are taken when several rows have some.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Removal {
    /// The row that has had stock longest.
    Fifo,
    /// The row that has had stock shortest.
    Lifo,
    /// The lot that expires first; goods without expiry last.
    Fefo,
    /// The place whose code comes first.
    Closest,
}

impl Removal {
    /// The word in the database and the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Removal::Fifo => "fifo",
            Removal::Lifo => "lifo",
            Removal::Fefo => "fefo",
            Removal::Closest => "closest",
        }
    }

    /// The strategy of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Removal> {
        [Self::Fifo, Self::Lifo, Self::Fefo, Self::Closest]
            .into_iter()
            .find(|strategy| strategy.as_str() == word)
    }
}

/// A row that a reservation may take from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub key: RowKey,
    pub available: Quantity,
    pub since: Option<Day>,
    pub expires_on: Option<Day>,
    pub path: String,
    pub removal: Removal,
}

/// Goods kept at one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    pub key: RowKey,
    pub quantity: Quantity,
}

/// The lot's number in a row key.
pub(crate) fn lot_key(lot: Option<LotId>) -> i64 {
    lot.map_or(0, base::Id::raw)
}
