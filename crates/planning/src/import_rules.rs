//! `import_rules`: rules from a CSV file. A file with any error changes nothing; the same file again
//! changes nothing either. An export is such a file.

use crate::RULE;
use crate::set_rules::{Known, MAX_RULES, Plan, RuleError, SetRule, SetRulesError};
use crate::views::{ListError, RuleFilter, RuleRow, list_rules};
use base::Quantity;
use identity::Ctx;
use store::Tx;
use tabular::{Column, ImportReport, RowError};

const SKU: Column = Column::text("sku", "an item's SKU").required();
const PLACE: Column = Column::text("place", "the path of a place such as WH/Stock").required();
const MIN: Column = Column::plain("min", "a quantity such as 12").required();
const MAX: Column = Column::plain("max", "a quantity such as 48").required();
const POINT: Column = Column::plain("reorder_point", "a quantity such as 20");
const MULTIPLE: Column = Column::plain("multiple", "a quantity such as 12");
const MINIMUM: Column = Column::plain("minimum", "a quantity such as 24");
const LEAD: Column = Column::plain("lead_days", "a number of days");
const HORIZON: Column = Column::plain("horizon_days", "a number of days");
const VISIBILITY: Column = Column::plain("visibility_days", "a number of days");
const TRIGGER: Column = Column::plain("trigger", "manual or auto");
const SUPPLIER: Column = Column::text("supplier", "a supplier's code");
const SOURCE: Column = Column::text("source", "the code of the warehouse that supplies");
const SNOOZED: Column = Column::plain("snoozed_until", "a day such as 2026-01-31");

/// The columns of the file.
pub const RULE_COLUMNS: [Column; 14] = [
    SKU, PLACE, MIN, MAX, POINT, MULTIPLE, MINIMUM, LEAD, HORIZON, VISIBILITY, TRIGGER, SUPPLIER,
    SNOOZED, SOURCE,
];

/// Takes over a file of rules, or only tells what it would do (`dry_run`). The errors of all rows are
/// told at once.
///
/// # Errors
/// [`SetRulesError::Denied`] and the store's; what is wrong with the file is in the report.
pub fn import_rules(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    file: &[u8],
    dry_run: bool,
) -> Result<ImportReport, SetRulesError> {
    ctx.require(RULE)?;
    let rows = match read(file) {
        Ok(rows) => rows,
        Err(errors) => return Ok(ImportReport::refused(0, errors)),
    };
    let count = rows.len() as u64;
    if rows.len() > MAX_RULES {
        let message = format!("more than {MAX_RULES} rows; split the file");
        return Ok(ImportReport::refused(count, vec![RowError::whole(1, message)]));
    }
    let asked: Vec<SetRule> = rows.iter().map(|(_, rule)| rule.clone()).collect();
    let mut known = Known::load(tx, ctx, &asked)?;
    let (mut plan, mut errors) = (Plan::default(), Vec::new());
    for (row, asked) in &rows {
        match known.rule(asked) {
            Ok(rule) => plan.add(tx, &mut known.rules, rule)?,
            Err(error) => {
                errors.push(RowError::of(*row, column_of(&error), error.to_string()));
            }
        }
    }
    for (row, asked) in &rows {
        if let Err(error) = known.refuse_circle(asked) {
            errors.push(RowError::of(*row, column_of(&error), error.to_string()));
        }
    }
    if !errors.is_empty() {
        return Ok(ImportReport::refused(count, errors));
    }
    let (created, changed, unchanged) = (plan.created, plan.changed, plan.unchanged);
    if !dry_run {
        plan.record(tx, ctx)?;
    }
    Ok(ImportReport {
        applied: !dry_run,
        rows: count,
        created: u64::from(created),
        changed: u64::from(changed),
        unchanged: u64::from(unchanged),
        errors: Vec::new(),
    })
}

/// Writes all rules in use, by SKU and place, with the columns that [`import_rules`] reads.
///
/// # Errors
/// [`ListError`].
pub fn export_rules(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<u8>, ListError> {
    let mut filter = RuleFilter::default();
    let mut rules = Vec::new();
    loop {
        let page = list_rules(tx, ctx, &filter)?;
        rules.extend(page.lines);
        filter.cursor = page.next_cursor;
        if filter.cursor.is_none() {
            return Ok(tabular::write(&RULE_COLUMNS, rules.into_iter().map(cells_of)));
        }
    }
}

fn cells_of(rule: RuleRow) -> [String; 14] {
    fn text(value: Option<impl ToString>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    [
        rule.sku,
        rule.place,
        rule.min.to_string(),
        rule.max.to_string(),
        text(rule.reorder_point),
        rule.multiple.to_string(),
        rule.minimum.to_string(),
        text(rule.lead_days),
        text(rule.horizon_days),
        rule.visibility_days.to_string(),
        rule.trigger.to_string(),
        rule.supplier,
        text(rule.snoozed_until),
        rule.source,
    ]
}

fn read(file: &[u8]) -> Result<Vec<(u64, SetRule)>, Vec<RowError>> {
    tabular::read(file, &RULE_COLUMNS)?.map(|cells| {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let rule = SetRule {
            sku: cells.text(SKU).to_owned(),
            place: cells.text(PLACE).to_owned(),
            min: cells.value_or(MIN, Quantity::ZERO),
            max: cells.value_or(MAX, Quantity::ZERO),
            reorder_point: cells.value(POINT),
            multiple: cells.value_or(MULTIPLE, Quantity::ZERO),
            minimum: cells.value_or(MINIMUM, Quantity::ZERO),
            lead_days: cells.value(LEAD),
            horizon_days: cells.value(HORIZON),
            visibility_days: cells.value_or(VISIBILITY, 0),
            trigger: cells.value(TRIGGER),
            supplier: text(cells.text(SUPPLIER)),
            source: text(cells.text(SOURCE)),
            snoozed_until: cells.value(SNOOZED),
            retired: false,
        };
        (cells.row(), rule)
    })
}

/// The column that a rule's error is about.
fn column_of(error: &RuleError) -> Column {
    match error {
        RuleError::UnknownItem(_) => SKU,
        RuleError::UnknownPlace(_) => PLACE,
        RuleError::UnknownSupplier(_) => SUPPLIER,
        RuleError::UnknownSource(_)
        | RuleError::OwnWarehouse(_)
        | RuleError::TwoSources { .. }
        | RuleError::Circle(_) => SOURCE,
        RuleError::OutOfRange { field } => {
            RULE_COLUMNS.iter().find(|column| column.name == *field).copied().unwrap_or(SKU)
        }
        RuleError::MaxBelowMin { .. } => MAX,
        RuleError::PointNotBelowMax { .. } => POINT,
    }
}
