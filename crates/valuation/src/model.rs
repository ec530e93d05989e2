//! The nouns of valuation: standings, layers, shortages, and what a decision books.

use base::{
    Currency, ItemId, LayerId, NumberError, PoolId, Price, Problem, ProblemKind, Quantity, Rule,
};

/// How the cost of goods is found when they leave (the costing method of an item).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Standard cost: always worth quantity times a price set by hand; what goods really cost
    /// beyond it is a variance.
    Standard,
    /// Moving average: every unit costs value over quantity.
    Average,
    /// First in, first out: the oldest open layer leaves first.
    Fifo,
    /// Last in, first out: the newest open layer leaves first.
    Lifo,
}

impl Method {
    /// Whether goods lie in layers that are used up one after another.
    #[must_use]
    pub const fn is_queue(self) -> bool {
        matches!(self, Method::Fifo | Method::Lifo)
    }
}

/// What kind of stock it is, which picks the account.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Ours, and free to use.
    Normal,
    /// Ours, awaiting a decision.
    Quarantine,
    /// Ours, and on its way.
    Transit,
    /// Somebody else's: counted, never valued.
    Consigned,
}

impl Class {
    /// Whether goods of this class are worth anything in our books.
    #[must_use]
    pub const fn is_valued(self) -> bool {
        !matches!(self, Class::Consigned)
    }
}

/// Which standing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StandingKey {
    /// The item.
    pub item: ItemId,
    /// The pool in which its cost is kept.
    pub pool: PoolId,
    /// The class of stock.
    pub class: Class,
}

/// What one item is worth in one pool and class.
///
/// - `value` is the sum of everything ever booked here.
/// - A quantity of zero is worth zero; a quantity above zero is never worth less than zero.
/// - Average, FIFO and LIFO: below zero, the shortages add up to what is missing, in quantity and value;
///   otherwise there are none.
/// - FIFO and LIFO: above zero, the open layers add up to quantity and value; otherwise there are none.
/// - Standard: the value is the quantity times the standard price, rounded half up, at any quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which one it is.
    pub key: StandingKey,
    /// The company's currency.
    pub currency: Currency,
    /// The costing method.
    pub method: Method,
    /// How much there is; below zero where policy allows.
    pub quantity: Quantity,
    /// What it is worth, in minor units of the company's currency.
    pub value: i64,
    /// The standard price, used by the standard method alone.
    pub standard: Price,
    /// What a unit cost when it was last known; counts while the quantity is not above zero.
    pub last_cost: Price,
    /// The open layers of a queue method, by `seq`.
    pub layers: Vec<OpenLayer>,
    /// What went out below zero and is not covered yet, by `seq`.
    pub shortages: Vec<Shortage>,
}

/// What is left of goods that came in together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenLayer {
    /// The layer row that brought them.
    pub layer: LayerId,
    /// Their place in the queue.
    pub seq: i64,
    /// How much is left; zero closes the layer.
    pub quantity: Quantity,
    /// What is left of their value, in minor units.
    pub value: i64,
}

/// What went out that was not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// The layer row of the issue.
    pub issue: LayerId,
    /// Its place in the order of shortages.
    pub seq: i64,
    /// How much is still uncovered; zero settles the shortage.
    pub quantity: Quantity,
    /// The value it was issued at, in minor units.
    pub value: i64,
}

/// Why value was booked.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Stock of a going company, at its opening.
    Opening,
    /// Goods from a supplier.
    Receipt,
    /// Goods back from a customer, at the value they left with.
    CustomerReturn,
    /// Goods found.
    Found,
    /// Goods from another pool or class, at the value they carry.
    TransferIn,
    /// Goods to a customer, or used.
    Issue,
    /// Goods back to a supplier.
    SupplierReturn,
    /// Goods lost, scrapped or written off.
    Loss,
    /// Goods to another pool or class.
    TransferOut,
    /// Goods that passed through, in and out at one value; not part of what came into stock.
    DropShip,
    /// A done quantity was wrong.
    QuantityCorrection,
    /// The cost of goods was learnt late, as by a bill at another price.
    CostCorrection,
    /// Freight, duty and the like.
    LandedCost,
    /// A shortage was covered at another cost than it was issued at.
    Settlement,
    /// A new standard price or a new cost.
    Revaluation,
    /// A new costing method.
    MethodChange,
    /// History replayed.
    Recomputation,
}

/// The identity that a decision gives to the main row it books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// The id of the row.
    pub layer: LayerId,
    /// Its place in the order of the item and pool.
    pub seq: i64,
    /// Why it is booked.
    pub kind: Kind,
}

/// One row of the append-only ledger of value. The first of a booking has the id of its [`Post`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Why.
    pub kind: Kind,
    /// What comes in, or below zero what goes out.
    pub quantity: Quantity,
    /// By how much the standing value changes, in minor units.
    pub value: i64,
    /// The earlier row that this one corrects.
    pub corrects: Option<LayerId>,
}

/// One row of the append-only record of which layer an issue used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// The row that brought the goods.
    pub layer: LayerId,
    /// The row that took them.
    pub issue: LayerId,
    /// How much of the layer it took.
    pub quantity: Quantity,
    /// The value that went with it, in minor units.
    pub value: i64,
}

/// Everything a decision changes in one standing, as rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Rows to append to the ledger of value. Their values sum to the change of the standing.
    pub entries: Vec<Entry>,
    /// Rows to append to the record of uses.
    pub uses: Vec<Use>,
    /// Open layers as they are now; those with quantity zero are gone.
    pub layers: Vec<OpenLayer>,
    /// Shortages as they are now; those with quantity zero are gone.
    pub shortages: Vec<Shortage>,
    /// The method from now on.
    pub method: Method,
    /// The quantity from now on.
    pub quantity: Quantity,
    /// The value from now on.
    pub value: i64,
    /// The standard price from now on.
    pub standard: Price,
    /// The last known cost from now on.
    pub last_cost: Price,
}

/// Policy: what a receipt does to goods that went out before they were there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShortageSettlement {
    /// The receipt gives the oversold goods their cost; the issue is corrected.
    RevaluePastIssue,
    /// While stock is not above zero, its cost is the price of the last receipt; the difference is
    /// a cost of its own and the issue keeps its cost.
    LastReceiptPrice,
    /// The issue, and what is still short, keep their cost; the difference is a cost of its own.
    KeepIssueRate,
}

/// Policy: whether more may leave than is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NegativeStock {
    /// No.
    Refused,
    /// Yes, at the last known cost.
    Allowed,
}

/// Policy: when a standard-cost item books the difference between price and standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StandardVariance {
    /// With the receipt: GRNI opens at the order price.
    AtReceipt,
    /// With the bill: GRNI opens and closes at standard.
    AtBill,
}

/// Policy: where a bill at another price than the receipt's goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PriceDifference {
    /// To an account of its own; stock keeps its value.
    SeparateAccount,
    /// Into the cost of the receipt, as far as its goods are left.
    IntoStock,
}

/// Policy: at which cost a done quantity is corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CorrectionCost {
    /// At the cost of the document that is corrected.
    AtDocumentCost,
    /// At the current cost of the item: its average, its standard, the head of its queue.
    AtCurrentCost,
}

/// Policy: what the value is based on when the costing method changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MethodChangePrice {
    /// The value stays; the new method starts from it.
    Keep,
    /// The item is worth what it would be had it always been on the new method: this, as replayed.
    AverageOfHistory {
        /// The replayed value, in minor units.
        value: i64,
    },
}

/// Why a decision about value was refused, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ValuationError {
    /// Nothing, or less, was to be moved.
    #[error("the quantity is {quantity}; it must be above zero")]
    QuantityNotPositive {
        /// What was asked.
        quantity: Quantity,
    },
    /// Goods cannot come in or go out at less than nothing.
    #[error("the value is {value} minor units; it must not be below zero")]
    NegativeValue {
        /// What was asked.
        value: i64,
    },
    /// A price below zero.
    #[error("the cost is {cost}; it must not be below zero")]
    NegativeCost {
        /// What was asked.
        cost: Price,
    },
    /// Goods of others are counted, not valued.
    #[error("goods of others have no value here, but {value} minor units were given; leave it out")]
    ConsignedHasNoValue {
        /// What was given.
        value: i64,
    },
    /// There is less than was asked.
    #[error("{asked} was to leave but only {there} is there")]
    NotEnough {
        /// What was to leave.
        asked: Quantity,
        /// What is there.
        there: Quantity,
    },
    /// More was to come back, or be shared, than there was.
    #[error("{asked} was asked of a document of {whole}; ask for no more than it has")]
    MoreThanDocument {
        /// What was asked.
        asked: Quantity,
        /// What the document has.
        whole: Quantity,
    },
    /// A cost cannot be split by what no line has.
    #[error("no line has a {by} to split by; choose another split")]
    NothingToSplitBy {
        /// The split.
        by: crate::rules::SplitBy,
    },
    /// A bill was claimed beyond its amount.
    #[error("{asked} minor units were claimed but only {left} of the bill are left")]
    ClaimExceedsBill {
        /// What was claimed.
        asked: i64,
        /// What is left to claim.
        left: i64,
    },
    /// A number cannot be held.
    #[error("valuation: {0}")]
    Number(#[from] NumberError),
}

impl Rule for ValuationError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            ValuationError::QuantityNotPositive { .. } => {
                (ProblemKind::Invalid, "quantity_not_positive")
            }
            ValuationError::NegativeValue { .. } => (ProblemKind::Invalid, "negative_value"),
            ValuationError::NegativeCost { .. } => (ProblemKind::Invalid, "negative_cost"),
            ValuationError::ConsignedHasNoValue { .. } => {
                (ProblemKind::Refused, "consigned_has_no_value")
            }
            ValuationError::NotEnough { .. } => (ProblemKind::Refused, "insufficient_stock"),
            ValuationError::MoreThanDocument { .. } => (ProblemKind::Refused, "more_than_document"),
            ValuationError::NothingToSplitBy { .. } => {
                (ProblemKind::Refused, "nothing_to_split_by")
            }
            ValuationError::ClaimExceedsBill { .. } => (ProblemKind::Refused, "claim_exceeds_bill"),
            ValuationError::Number(error) => return error.problem(),
        };
        Problem::new(kind, code, self.to_string())
    }
}
