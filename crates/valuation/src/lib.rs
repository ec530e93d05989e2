//! What stock is worth, and what a piece of it costs when it moves.
//!
//! The value of an item lies in *standings*: one per item, pool and class. Goods taken in bring a
//! value, goods taken out carry their share of it away, and the last piece takes what is left, so
//! that the sum of everything ever booked is the standing value to the last minor unit. Unit costs
//! are derived for showing.
//!
//! Reading order: the nouns, the pure decisions over them, the doors, then what readers get.

mod model;
mod words;

pub mod rules;

mod ledger;

mod correct_cost;
mod value;

mod change_cost;
mod change_method;
mod rehearse;
mod revalue;
mod set_method;

mod turnover;
mod views;

mod checks;
mod tables;

use identity::Permission;

pub use change_cost::{ChangeCost, CostChanged, StandingChanged, change_cost};
pub use change_method::{ChangeMethod, MethodBasis, MethodChanged, change_method};
pub use correct_cost::{
    CorrectCostsError, CostChange, CostCorrected, CostsCorrected, correct_costs,
};
pub use model::*;
pub use rehearse::{
    CostRehearsed, MethodRehearsed, rehearse_category_method, rehearse_cost, rehearse_method,
};
pub use revalue::RevalueError;
pub use rules::{SplitBase, SplitBy, claim, split};
pub use set_method::{
    MAX_PRICES, MethodSet, SetError, SetMethod, SetStandard, StandardPrice, set_method,
    set_standard,
};
pub use turnover::{TurnoverBy, TurnoverFilter, TurnoverRow, turnover};
pub use value::{Change, Cost, Valuation, ValueError, Valued, value};
pub use views::{
    CategoryMethodFilter, CategoryMethodRow, CategoryMethodSort, CostActFilter, CostActKind,
    CostActRow, CostActSort, ItemMethodFilter, ItemMethodRow, ItemMethodSort, LayerCursor,
    LayerLine, LayersOf, MAX_PAGE, StandingCursor, StandingFilter, StandingRow, ValueFilter,
    ValueRow, category_methods, cost_acts, item_methods, layers_of, standings, stock_value,
    unit_cost,
};

/// May see what stock is worth.
pub const READ: Permission = Permission("valuation.read");
/// May give items a new cost, up to an amount.
pub const REVALUE: Permission = Permission("valuation.revalue");
/// May change the costing method of items, up to an amount.
pub const CHANGE_METHOD: Permission = Permission("valuation.change_method");
/// May set the costing method of categories.
pub const SET_METHOD: Permission = Permission("valuation.set_method");
/// May set standard prices of items that are not in stock.
pub const SET_STANDARD: Permission = Permission("valuation.set_standard");

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "valuation",
    migrations: store::migrations!("0001_valuation.sql", "0002_costing.sql"),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &["valuation_layer", "valuation_use"],
    below: &[&store::SCHEMA, &identity::SCHEMA, &catalog::SCHEMA, &accounting::SCHEMA],
};
