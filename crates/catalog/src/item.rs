//! An item as it is asked for, with its references by code, and why it was refused.

use base::{NumberError, Price, Problem, Quantity, Rule, TextError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Item, ItemKind, Tracking};

/// An item to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    /// Its number, 1 to 64 characters, unique in the company.
    pub sku: String,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// What it is. It stays so.
    #[serde(default = "goods")]
    pub kind: ItemKind,
    /// The code of its category; empty for none.
    #[serde(default)]
    pub category: String,
    /// The code of the unit in which stock is kept. It stays so.
    #[serde(default = "pieces")]
    pub stock_unit: String,
    /// The code of the unit in which it is usually bought; empty for the stock unit.
    #[serde(default)]
    pub purchase_unit: String,
    /// How many stock units make one purchase unit, as `12`, `0.5` or `1/3`; empty where the units'
    /// family says it.
    #[serde(default)]
    pub purchase_ratio: String,
    /// The list price of one stock unit in the company's currency; zero for none.
    #[serde(default = "no_price")]
    pub list_price: Price,
    /// The weight of one stock unit in grams; zero when not known.
    #[serde(default = "nothing")]
    pub weight_grams: Quantity,
    /// The volume of one stock unit in litres; zero when not known.
    #[serde(default = "nothing")]
    pub volume_litres: Quantity,
    /// How finely it is told apart. It stays so.
    #[serde(default = "untracked")]
    pub tracking: Tracking,
    /// How many days it keeps after it was made, up to 36,500; zero when it does not expire.
    #[serde(default)]
    pub expiry_days: i64,
    /// How many days before it expires it is best; zero for the day itself.
    #[serde(default)]
    pub best_before_days: i64,
    /// How many days before it expires it is last picked; zero for the day itself.
    #[serde(default)]
    pub removal_days_before: i64,
    /// How many days before it expires somebody should look at it; zero for the day itself.
    #[serde(default)]
    pub alert_days_before: i64,
    /// The code of its tax, up to 64 characters; empty for the company's usual one.
    #[serde(default)]
    pub tax_code: String,
}

fn goods() -> ItemKind {
    ItemKind::Goods
}

fn pieces() -> String {
    "pcs".to_owned()
}

fn no_price() -> Price {
    Price::ZERO
}

fn nothing() -> Quantity {
    Quantity::ZERO
}

fn untracked() -> Tracking {
    Tracking::None
}

impl NewItem {
    /// Goods in pieces with this number and name, everything else left open.
    #[must_use]
    pub fn new(sku: impl Into<String>, name: impl Into<String>) -> NewItem {
        NewItem {
            sku: sku.into(),
            name: name.into(),
            kind: ItemKind::Goods,
            category: String::new(),
            stock_unit: pieces(),
            purchase_unit: String::new(),
            purchase_ratio: String::new(),
            list_price: Price::ZERO,
            weight_grams: Quantity::ZERO,
            volume_litres: Quantity::ZERO,
            tracking: Tracking::None,
            expiry_days: 0,
            best_before_days: 0,
            removal_days_before: 0,
            alert_days_before: 0,
            tax_code: String::new(),
        }
    }

    /// The item as it would be asked for.
    pub(crate) fn of(item: &Item) -> NewItem {
        NewItem {
            sku: item.sku.clone(),
            name: item.name.clone(),
            kind: item.kind,
            category: item.category.clone(),
            stock_unit: item.stock_unit.code.clone(),
            purchase_unit: item.purchase_unit.code.clone(),
            purchase_ratio: ratio_text(item),
            list_price: item.list_price,
            weight_grams: item.weight_grams,
            volume_litres: item.volume_litres,
            tracking: item.tracking,
            expiry_days: item.expiry_days,
            best_before_days: item.best_before_days,
            removal_days_before: item.removal_days_before,
            alert_days_before: item.alert_days_before,
            tax_code: item.tax_code.clone(),
        }
    }
}

/// The item's own ratio as text, `12` or `1/3`; empty where its units' family says it.
pub(crate) fn ratio_text(item: &Item) -> String {
    item.own_ratio().map_or_else(String::new, |ratio| match ratio.denominator() {
        1 => ratio.numerator().to_string(),
        denominator => format!("{}/{denominator}", ratio.numerator()),
    })
}

/// Why an item was refused.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ItemError {
    /// A text is empty, too long or has a forbidden character.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The company has no unit with this code.
    #[error("there is no unit {unit}; define it first")]
    UnknownUnit {
        /// The field that names it.
        field: &'static str,
        /// The code.
        unit: String,
    },
    /// The company has no category with this code.
    #[error("there is no category {category}; define it first")]
    UnknownCategory {
        /// The code.
        category: String,
    },
    /// The ratio is no positive number or fraction.
    #[error(
        "purchase_ratio {ratio} is not accepted ({error}); write how many stock units make one purchase unit, such as 12 or 1/3"
    )]
    Ratio {
        /// The text.
        ratio: String,
        /// What is wrong with it.
        error: NumberError,
    },
    /// The units are of different families, so the item has to say how they convert.
    #[error(
        "{purchase_unit} and {stock_unit} do not convert by themselves; give purchase_ratio, how many {stock_unit} make one {purchase_unit}"
    )]
    RatioNeeded {
        /// The purchase unit.
        purchase_unit: String,
        /// The stock unit.
        stock_unit: String,
    },
    /// The units are of one family, which says another ratio.
    #[error(
        "one {purchase_unit} is {family_ratio} {stock_unit} for every item; leave purchase_ratio empty"
    )]
    RatioFixed {
        /// The purchase unit.
        purchase_unit: String,
        /// The stock unit.
        stock_unit: String,
        /// The ratio of the family.
        family_ratio: String,
    },
    /// The units are of one family but too far apart to be converted.
    #[error("{purchase_unit} and {stock_unit} are too far apart to be converted exactly")]
    UnitsTooFarApart {
        /// The purchase unit.
        purchase_unit: String,
        /// The stock unit.
        stock_unit: String,
    },
    /// A number is below zero.
    #[error("{field} is {value}; it cannot be negative")]
    Negative {
        /// The field.
        field: &'static str,
        /// The number.
        value: String,
    },
    /// The days before the expiry are out of range.
    #[error("{field} is {days}; give 0 (the day it expires) to {most}")]
    DaysBeforeOutOfRange {
        /// The field.
        field: &'static str,
        /// The days asked for.
        days: i64,
        /// The most that there may be: what the item keeps, or 36,500 where that varies.
        most: i64,
    },
    /// What expires by lots that say when has to be told apart.
    #[error("{field} is {days}, but goods that expire are tracked by lot or serial")]
    DaysBeforeNeedTracking {
        /// The field.
        field: &'static str,
        /// The days asked for.
        days: i64,
    },
    /// Only goods can be told apart or expire.
    #[error("a {kind} is never on a shelf, so tracking must be none and all its days 0")]
    NeverOnAShelf {
        /// What the item is.
        kind: ItemKind,
    },
    /// Serial numbers are for whole pieces.
    #[error("serial numbers need a whole stock unit, and {unit} is none")]
    SerialNeedsWholeUnit {
        /// The stock unit.
        unit: String,
    },
    /// The days are out of range.
    #[error("expiry_days is {days}; give 0 (does not expire) to 36500")]
    ExpiryOutOfRange {
        /// The days asked for.
        days: i64,
    },
    /// What expires has to be told apart.
    #[error("expiry_days is {days}, but goods that expire are tracked by lot or serial")]
    ExpiryNeedsTracking {
        /// The days asked for.
        days: i64,
    },
    /// This cannot change any more.
    #[error("{field} is {is} and stays so, not {asked}; retire this item and make another")]
    Fixed {
        /// The field.
        field: &'static str,
        /// What it is.
        is: String,
        /// What was asked for.
        asked: String,
    },
    /// Another item has this SKU.
    #[error("another item has the SKU {sku}")]
    SkuTaken {
        /// The SKU.
        sku: String,
    },
}

impl ItemError {
    /// The field, which is also the column of a file.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            ItemError::Text(
                TextError::Empty { field }
                | TextError::TooLong { field, .. }
                | TextError::Forbidden { field, .. },
            )
            | ItemError::UnknownUnit { field, .. }
            | ItemError::Negative { field, .. }
            | ItemError::DaysBeforeOutOfRange { field, .. }
            | ItemError::DaysBeforeNeedTracking { field, .. }
            | ItemError::Fixed { field, .. } => field,
            ItemError::UnknownCategory { .. } => "category",
            ItemError::Ratio { .. }
            | ItemError::RatioNeeded { .. }
            | ItemError::RatioFixed { .. } => "purchase_ratio",
            ItemError::UnitsTooFarApart { .. } => "purchase_unit",
            ItemError::NeverOnAShelf { .. } | ItemError::SerialNeedsWholeUnit { .. } => "tracking",
            ItemError::ExpiryOutOfRange { .. } | ItemError::ExpiryNeedsTracking { .. } => {
                "expiry_days"
            }
            ItemError::SkuTaken { .. } => "sku",
        }
    }
}

impl Rule for ItemError {
    fn problem(&self) -> Problem {
        let code = match self {
            ItemError::Text(error) => return error.problem(),
            ItemError::UnknownUnit { .. } => "unit_unknown",
            ItemError::UnknownCategory { .. } => "category_unknown",
            ItemError::Ratio { .. } => "ratio_invalid",
            ItemError::RatioNeeded { .. } => "ratio_needed",
            ItemError::RatioFixed { .. } => "ratio_fixed",
            ItemError::UnitsTooFarApart { .. } => "units_too_far_apart",
            ItemError::Negative { .. } => "negative",
            ItemError::NeverOnAShelf { .. } => "never_on_a_shelf",
            ItemError::SerialNeedsWholeUnit { .. } => "serial_needs_whole_unit",
            ItemError::ExpiryOutOfRange { .. } => "expiry_out_of_range",
            ItemError::ExpiryNeedsTracking { .. } => "expiry_needs_tracking",
            ItemError::DaysBeforeOutOfRange { .. } => "days_before_out_of_range",
            ItemError::DaysBeforeNeedTracking { .. } => "expiry_needs_tracking",
            ItemError::Fixed { .. } => "fixed",
            ItemError::SkuTaken { .. } => "sku_taken",
        };
        Problem::refused(code, self.to_string()).with_field(self.field())
    }
}
