//! The nouns: units, items, kits, scans.

use std::collections::{BTreeMap, BTreeSet};

use base::{BarcodeId, CategoryId, ItemId, PackagingId, Price, Quantity, Ratio, UnitId, words_of};

use crate::{ItemKind, Tracking};

/// A unit of measure. Units of one family convert into one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Its code, unique in the company: `kg`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether only whole numbers of it exist.
    pub whole: bool,
    /// The family's base unit; a base unit names itself.
    pub family: UnitId,
    /// How much of the base unit one of it is: a gram is 1/1000 of a kilogram.
    pub ratio: Ratio,
}

/// An item: what is bought, kept, sold or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Its number, unique in the company.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ItemKind,
    /// Its category.
    pub category_id: Option<CategoryId>,
    /// The code of its category, empty without one.
    pub category: String,
    /// The unit in which stock is kept.
    pub stock_unit: Unit,
    /// The unit in which it is usually bought.
    pub purchase_unit: Unit,
    /// How many stock units make one purchase unit.
    pub purchase_ratio: Ratio,
    /// The list price of one stock unit in the company's currency; zero for none.
    pub list_price: Price,
    /// The weight of one stock unit in grams; zero when not known.
    pub weight_grams: Quantity,
    /// The volume of one stock unit in litres; zero when not known.
    pub volume_litres: Quantity,
    /// How finely it is told apart.
    pub tracking: Tracking,
    /// How many days it keeps after it was made; zero when it does not expire.
    pub expiry_days: i64,
    /// How many days before it expires it is best; zero for the day itself.
    pub best_before_days: i64,
    /// How many days before it expires it is last picked; zero for the day itself.
    pub removal_days_before: i64,
    /// How many days before it expires somebody should look at it; zero for the day itself.
    pub alert_days_before: i64,
    /// The code of its tax; what it means, the books know.
    pub tax_code: String,
    /// Whether it may be used in new documents.
    pub active: bool,
    /// Raised with every change.
    pub revision: i64,
}

impl Item {
    /// The item's own ratio of purchase unit to stock unit: nothing where their family says it.
    #[must_use]
    pub fn own_ratio(&self) -> Option<Ratio> {
        (self.stock_unit.family != self.purchase_unit.family).then_some(self.purchase_ratio)
    }
}

/// A component of a kit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component {
    /// The component, always goods.
    pub item_id: ItemId,
    /// How many of its stock units are in one kit.
    pub quantity: Quantity,
}

/// What a scan means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The barcode.
    pub barcode_id: BarcodeId,
    /// The item.
    pub item_id: ItemId,
    /// The packaging, when the barcode is of one.
    pub packaging_id: Option<PackagingId>,
    /// The packaging's name, empty without one.
    pub packaging: String,
    /// How many stock units one scan counts for.
    pub quantity: Quantity,
}

/// A category: only a name, and the one above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Its code, unique in the company.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The category above it.
    pub parent_id: Option<CategoryId>,
    /// Raised with every change.
    pub revision: i64,
}

/// What is written of an item: an item as asked for, with its references found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub sku: String,
    pub name: String,
    pub kind: ItemKind,
    pub category_id: Option<CategoryId>,
    pub stock_unit_id: UnitId,
    pub purchase_unit_id: UnitId,
    pub own_ratio: Option<Ratio>,
    pub list_price: Price,
    pub weight_grams: Quantity,
    pub volume_litres: Quantity,
    pub tracking: Tracking,
    pub expiry_days: i64,
    pub best_before_days: i64,
    pub removal_days_before: i64,
    pub alert_days_before: i64,
    pub tax_code: String,
    pub active: bool,
}

impl Draft {
    pub(crate) fn of(item: &Item) -> Draft {
        Draft {
            sku: item.sku.clone(),
            name: item.name.clone(),
            kind: item.kind,
            category_id: item.category_id,
            stock_unit_id: item.stock_unit.id,
            purchase_unit_id: item.purchase_unit.id,
            own_ratio: item.own_ratio(),
            list_price: item.list_price,
            weight_grams: item.weight_grams,
            volume_litres: item.volume_litres,
            tracking: item.tracking,
            expiry_days: item.expiry_days,
            best_before_days: item.best_before_days,
            removal_days_before: item.removal_days_before,
            alert_days_before: item.alert_days_before,
            tax_code: item.tax_code.clone(),
            active: item.active,
        }
    }

    /// The words by which it is found.
    pub(crate) fn words(&self) -> BTreeSet<String> {
        words_of([self.sku.as_str(), self.name.as_str()])
    }

    /// The draft as the audit trail tells it.
    pub(crate) fn told(&self) -> serde_json::Value {
        serde_json::json!({
            "sku": self.sku,
            "name": self.name,
            "kind": self.kind,
            "category_id": self.category_id,
            "stock_unit_id": self.stock_unit_id,
            "purchase_unit_id": self.purchase_unit_id,
            "own_ratio": self.own_ratio.map(|ratio| [ratio.numerator(), ratio.denominator()]),
            "list_price": self.list_price,
            "weight_grams": self.weight_grams,
            "volume_litres": self.volume_litres,
            "tracking": self.tracking,
            "expiry_days": self.expiry_days,
            "best_before_days": self.best_before_days,
            "removal_days_before": self.removal_days_before,
            "alert_days_before": self.alert_days_before,
            "tax_code": self.tax_code,
            "active": self.active,
        })
    }

    /// The fields in which `after` differs, each as it was and as it is.
    pub(crate) fn changes(&self, after: &Draft) -> serde_json::Value {
        let (before, after) = (self.told(), after.told());
        let fields = before.as_object().into_iter().flatten();
        let changed = fields.filter_map(|(name, was)| {
            let is = &after[name];
            (was != is).then(|| (name.clone(), serde_json::json!([was, is])))
        });
        changed.collect::<serde_json::Map<_, _>>().into()
    }

    /// The draft with changed fields as they were before; none when that cannot be read.
    pub(crate) fn put_back(&self, changes: &serde_json::Value) -> Option<Draft> {
        let mut draft = self.clone();
        for (name, [was, _]) in read::<BTreeMap<String, [serde_json::Value; 2]>>(changes)? {
            match name.as_str() {
                "name" => draft.name = read(&was)?,
                "category_id" => draft.category_id = read(&was)?,
                "purchase_unit_id" => draft.purchase_unit_id = read(&was)?,
                "own_ratio" => {
                    let ratio = read::<Option<[i64; 2]>>(&was)?;
                    let ratio =
                        ratio.map(|[numerator, denominator]| Ratio::new(numerator, denominator));
                    draft.own_ratio = ratio.transpose().ok()?;
                }
                "list_price" => draft.list_price = read(&was)?,
                "weight_grams" => draft.weight_grams = read(&was)?,
                "volume_litres" => draft.volume_litres = read(&was)?,
                "expiry_days" => draft.expiry_days = read(&was)?,
                "best_before_days" => draft.best_before_days = read(&was)?,
                "removal_days_before" => draft.removal_days_before = read(&was)?,
                "alert_days_before" => draft.alert_days_before = read(&was)?,
                "tax_code" => draft.tax_code = read(&was)?,
                "active" => draft.active = read(&was)?,
                _ => return None,
            }
        }
        Some(draft)
    }
}

/// A value as it was told.
fn read<T: serde::de::DeserializeOwned>(told: &serde_json::Value) -> Option<T> {
    serde_json::from_value(told.clone()).ok()
}
