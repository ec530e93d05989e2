//! Pure decisions: whether an item is sound, how units convert, what a barcode says.

use std::collections::HashMap;

use base::{
    CategoryId, NumberError, Problem, Quantity, Ratio, Rule, TextError, check_code, check_text,
};

use crate::model::{Category, Draft, Item, Unit};
use crate::{BarcodeKind, ItemError, ItemKind, NewItem, Tracking};

/// The longest name, in characters.
pub(crate) const NAME_LENGTH: usize = 200;
const TAX_CODE_LENGTH: usize = 64;
const EXPIRY_DAYS: i64 = 36_500;

/// What an item may refer to.
#[derive(Debug)]
pub(crate) struct World {
    units: HashMap<String, Unit>,
    categories: HashMap<String, CategoryId>,
}

impl World {
    pub(crate) fn new(units: Vec<Unit>, categories: Vec<Category>) -> World {
        World {
            units: units.into_iter().map(|unit| (unit.code.clone(), unit)).collect(),
            categories: categories.into_iter().map(|found| (found.code, found.id)).collect(),
        }
    }

    fn unit(&self, field: &'static str, code: &str) -> Result<&Unit, ItemError> {
        let unknown = || ItemError::UnknownUnit { field, unit: code.to_owned() };
        self.units.get(code).ok_or_else(unknown)
    }
}

/// Reads `12`, `0.5` or `1/3`.
pub(crate) fn parse_ratio(text: &str) -> Result<Ratio, NumberError> {
    match text.split_once('/') {
        Some((above, below)) => Ratio::parse(above)?.times(Ratio::parse(below)?.invert()),
        None => Ratio::parse(text),
    }
}

/// The item as it is written, when it is sound.
pub(crate) fn draft(fields: &NewItem, active: bool, world: &World) -> Result<Draft, ItemError> {
    check_code("sku", &fields.sku)?;
    if fields.name.is_empty() {
        return Err(TextError::Empty { field: "name" }.into());
    }
    check_text("name", &fields.name, NAME_LENGTH)?;
    check_text("tax_code", &fields.tax_code, TAX_CODE_LENGTH)?;
    let category_id = match fields.category.as_str() {
        "" => None,
        code => {
            let unknown = || ItemError::UnknownCategory { category: code.to_owned() };
            Some(*world.categories.get(code).ok_or_else(unknown)?)
        }
    };
    let stock_unit = world.unit("stock_unit", &fields.stock_unit)?;
    let purchase_unit = match fields.purchase_unit.as_str() {
        "" => stock_unit,
        code => world.unit("purchase_unit", code)?,
    };
    let own_ratio = own_ratio(stock_unit, purchase_unit, &fields.purchase_ratio)?;
    check_numbers(fields)?;
    check_tracking(fields, stock_unit)?;
    Ok(Draft {
        sku: fields.sku.clone(),
        name: fields.name.clone(),
        kind: fields.kind,
        category_id,
        stock_unit_id: stock_unit.id,
        purchase_unit_id: purchase_unit.id,
        own_ratio,
        list_price: fields.list_price,
        weight_grams: fields.weight_grams,
        volume_litres: fields.volume_litres,
        tracking: fields.tracking,
        expiry_days: fields.expiry_days,
        best_before_days: fields.best_before_days,
        removal_days_before: fields.removal_days_before,
        alert_days_before: fields.alert_days_before,
        tax_code: fields.tax_code.clone(),
        active,
    })
}

fn own_ratio(stock: &Unit, purchase: &Unit, text: &str) -> Result<Option<Ratio>, ItemError> {
    let given = match text {
        "" => None,
        text => Some(
            parse_ratio(text)
                .map_err(|error| ItemError::Ratio { ratio: text.to_owned(), error })?,
        ),
    };
    let (purchase_unit, stock_unit) = (purchase.code.clone(), stock.code.clone());
    if stock.family != purchase.family {
        return match given {
            Some(ratio) => Ok(Some(ratio)),
            None => Err(ItemError::RatioNeeded { purchase_unit, stock_unit }),
        };
    }
    match (purchase.ratio.times(stock.ratio.invert()), given) {
        (Err(_), _) => Err(ItemError::UnitsTooFarApart { purchase_unit, stock_unit }),
        (Ok(family), Some(ratio)) if family != ratio => {
            let family_ratio = format!("{}/{}", family.numerator(), family.denominator());
            Err(ItemError::RatioFixed { purchase_unit, stock_unit, family_ratio })
        }
        (Ok(_), _) => Ok(None),
    }
}

fn check_numbers(fields: &NewItem) -> Result<(), ItemError> {
    let numbers = [
        ("list_price", fields.list_price.micro(), fields.list_price.to_string()),
        ("weight_grams", fields.weight_grams.micro(), fields.weight_grams.to_string()),
        ("volume_litres", fields.volume_litres.micro(), fields.volume_litres.to_string()),
    ];
    match numbers.into_iter().find(|(_, micro, _)| *micro < 0) {
        Some((field, _, value)) => Err(ItemError::Negative { field, value }),
        None => Ok(()),
    }
}

/// The days that are counted back from the day on which a lot expires.
fn days_before(fields: &NewItem) -> [(&'static str, i64); 3] {
    [
        ("best_before_days", fields.best_before_days),
        ("removal_days_before", fields.removal_days_before),
        ("alert_days_before", fields.alert_days_before),
    ]
}

fn check_tracking(fields: &NewItem, stock_unit: &Unit) -> Result<(), ItemError> {
    let days = fields.expiry_days;
    if !(0..=EXPIRY_DAYS).contains(&days) {
        return Err(ItemError::ExpiryOutOfRange { days });
    }
    let most = if days > 0 { days } else { EXPIRY_DAYS };
    let before = days_before(fields);
    if let Some(&(field, days)) = before.iter().find(|(_, days)| !(0..=most).contains(days)) {
        return Err(ItemError::DaysBeforeOutOfRange { field, days, most });
    }
    let before = before.into_iter().find(|(_, days)| *days > 0);
    let tracked = fields.tracking != Tracking::None;
    if fields.kind != ItemKind::Goods && (tracked || days > 0 || before.is_some()) {
        return Err(ItemError::NeverOnAShelf { kind: fields.kind });
    }
    if days > 0 && !tracked {
        return Err(ItemError::ExpiryNeedsTracking { days });
    }
    if let Some((field, days)) = before.filter(|_| !tracked) {
        return Err(ItemError::DaysBeforeNeedTracking { field, days });
    }
    if fields.tracking == Tracking::Serial && !stock_unit.whole {
        return Err(ItemError::SerialNeedsWholeUnit { unit: stock_unit.code.clone() });
    }
    Ok(())
}

/// What goods on the shelf rely on does not change: kind, stock unit, tracking.
pub(crate) fn check_fixed(item: &Item, asked: &NewItem) -> Result<(), ItemError> {
    let fixed = [
        ("kind", item.kind.word(), asked.kind.word()),
        ("stock_unit", item.stock_unit.code.as_str(), asked.stock_unit.as_str()),
        ("tracking", item.tracking.word(), asked.tracking.word()),
    ];
    match fixed.into_iter().find(|(_, is, asked)| is != asked) {
        Some((field, is, asked)) => {
            Err(ItemError::Fixed { field, is: is.to_owned(), asked: asked.to_owned() })
        }
        None => Ok(()),
    }
}

/// Why a quantity could not be brought to an item's stock unit.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ConversionError {
    /// The unit has nothing to do with the item's units.
    #[error(
        "{sku} is kept in {stock_unit} and bought in {purchase_unit}; {unit} converts into neither"
    )]
    Unrelated {
        /// The item.
        sku: String,
        /// The unit asked for.
        unit: String,
        /// Its stock unit.
        stock_unit: String,
        /// Its purchase unit.
        purchase_unit: String,
    },
    /// Only whole numbers of the unit exist.
    #[error("{sku}: {quantity} {unit} is not possible, as {unit} comes in whole numbers")]
    NotWhole {
        /// The item.
        sku: String,
        /// The quantity, as asked for or as it would be in the stock unit.
        quantity: Quantity,
        /// Its unit.
        unit: String,
    },
    /// The result is no whole number of millionths.
    #[error(
        "{sku}: {quantity} {unit} is not an exact quantity of {stock_unit} (one {unit} is {numerator}/{denominator} {stock_unit})"
    )]
    Inexact {
        /// The item.
        sku: String,
        /// The quantity asked for.
        quantity: Quantity,
        /// Its unit.
        unit: String,
        /// The item's stock unit.
        stock_unit: String,
        /// The ratio's numerator.
        numerator: i64,
        /// The ratio's denominator.
        denominator: i64,
    },
    /// The result cannot be held.
    #[error("{sku}: {quantity} {unit} is more than can be counted")]
    OutOfRange {
        /// The item.
        sku: String,
        /// The quantity asked for.
        quantity: Quantity,
        /// Its unit.
        unit: String,
    },
}

impl Rule for ConversionError {
    fn problem(&self) -> Problem {
        let code = match self {
            ConversionError::Unrelated { .. } => "unit_unrelated",
            ConversionError::NotWhole { .. } => "quantity_not_whole",
            ConversionError::Inexact { .. } => "quantity_inexact",
            ConversionError::OutOfRange { .. } => "quantity_out_of_range",
        };
        Problem::refused(code, self.to_string())
    }
}

/// How many of the item's stock unit one `unit` is.
///
/// # Errors
///
/// `Unrelated` when the unit is neither the item's own nor of the family of one of its units;
/// `OutOfRange` when the ratio cannot be held.
pub fn ratio_to_stock(item: &Item, unit: &Unit) -> Result<Ratio, ConversionError> {
    let (stock, purchase) = (&item.stock_unit, &item.purchase_unit);
    let ratio = if unit.id == stock.id {
        Ok(Ratio::ONE)
    } else if unit.id == purchase.id {
        Ok(item.purchase_ratio)
    } else if unit.family == stock.family {
        unit.ratio.times(stock.ratio.invert())
    } else if unit.family == purchase.family {
        let purchases = unit.ratio.times(purchase.ratio.invert());
        purchases.and_then(|ratio| ratio.times(item.purchase_ratio))
    } else {
        return Err(ConversionError::Unrelated {
            sku: item.sku.clone(),
            unit: unit.code.clone(),
            stock_unit: stock.code.clone(),
            purchase_unit: purchase.code.clone(),
        });
    };
    ratio.map_err(|_| ConversionError::OutOfRange {
        sku: item.sku.clone(),
        quantity: Quantity::ONE,
        unit: unit.code.clone(),
    })
}

/// The quantity in the item's stock unit, exactly.
///
/// # Errors
///
/// As [`ratio_to_stock`]; `NotWhole` when a unit of whole numbers would be split; `Inexact` and
/// `OutOfRange` when the result cannot be held.
pub fn to_stock_unit(
    item: &Item,
    quantity: Quantity,
    unit: &Unit,
) -> Result<Quantity, ConversionError> {
    check_whole(item, quantity, unit)?;
    let ratio = ratio_to_stock(item, unit)?;
    let (sku, code) = (item.sku.clone(), unit.code.clone());
    let converted = ratio.convert_exact(quantity).map_err(|error| match error {
        NumberError::TooPrecise { .. } => ConversionError::Inexact {
            sku,
            quantity,
            unit: code,
            stock_unit: item.stock_unit.code.clone(),
            numerator: ratio.numerator(),
            denominator: ratio.denominator(),
        },
        _ => ConversionError::OutOfRange { sku, quantity, unit: code },
    })?;
    check_whole(item, converted, &item.stock_unit)?;
    Ok(converted)
}

fn check_whole(item: &Item, quantity: Quantity, unit: &Unit) -> Result<(), ConversionError> {
    if is_possible(quantity, unit) {
        return Ok(());
    }
    Err(ConversionError::NotWhole { sku: item.sku.clone(), quantity, unit: unit.code.clone() })
}

/// Whether the unit can be split like this.
pub(crate) fn is_possible(quantity: Quantity, unit: &Unit) -> bool {
    !unit.whole || quantity.micro() % Quantity::MICRO == 0
}

/// A GTIN whose last digit does not belong to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongCheckDigit {
    pub expected: u8,
    pub found: u8,
}

/// What sort of code this is: eight, twelve, thirteen or fourteen digits are a GTIN, anything else
/// is the company's own.
pub(crate) fn barcode_kind(code: &str) -> Result<BarcodeKind, WrongCheckDigit> {
    let kind = match code.len() {
        8 => BarcodeKind::Gtin8,
        12 => BarcodeKind::Gtin12,
        13 => BarcodeKind::Gtin13,
        14 => BarcodeKind::Gtin14,
        _ => return Ok(BarcodeKind::Internal),
    };
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(BarcodeKind::Internal);
    }
    let digits: Vec<u8> = code.bytes().rev().map(|byte| byte - b'0').collect();
    let weighted = digits.iter().skip(1).zip([3, 1].iter().cycle()).map(|(d, w)| u32::from(d * w));
    let expected = u8::try_from((10 - weighted.sum::<u32>() % 10) % 10).unwrap_or(0);
    let found = digits[0];
    if expected == found { Ok(kind) } else { Err(WrongCheckDigit { expected, found }) }
}

/// What a code is looked up by: a GTIN filled with zeros to 14 digits, as scanners differ in the
/// leading zeros they send.
pub(crate) fn scan_key(code: &str) -> String {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    if digits && matches!(code.len(), 8 | 12 | 13 | 14) {
        format!("{code:0>14}")
    } else {
        code.to_owned()
    }
}

/// Whether a category would be below itself with this parent.
pub(crate) fn would_loop(
    categories: &[Category],
    category_id: CategoryId,
    parent_id: CategoryId,
) -> bool {
    let above: HashMap<CategoryId, Option<CategoryId>> =
        categories.iter().map(|found| (found.id, found.parent_id)).collect();
    let mut at = Some(parent_id);
    // No path is longer than there are categories, even if one already went in circles.
    for _ in 0..=categories.len() {
        match at {
            Some(id) if id == category_id => return true,
            Some(id) => at = above.get(&id).copied().flatten(),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
