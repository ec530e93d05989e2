//! A real retailer's year, read and planned as the demo's world, and replayed.
//!
//! All but the replay is pure: files in, values out; no database, no clock, and chance only from a
//! fixed seed. The replay ([`run`]) books the world through the product's doors, like anyone.
//!
//! Reading order: chance and days, reading, what each line is, the trade, its tax; then prices,
//! suppliers, how they answer orders, how much to keep; the world and its days; and last the replay.

mod seed;

mod open_days;

mod read;

mod classify;
mod orders;
mod tax;

mod exchange;
mod prices;

mod suppliers;
mod supply;

mod levels;

mod world;

mod hidden;

mod calendar;

mod replay;

pub use calendar::{BACK_ORDER_DAYS, Calendar, DayPlan, Event, NORTH_FROM};
pub use classify::{
    Class, Facts, Matches, Reading, ServiceKind, Unread, classify, classify_lines, is_goods_code,
    match_adjustments,
};
pub use exchange::{MONTHLY_RATES, MonthlyRate, rate_on};
pub use hidden::{Cause, Difference, Hidden, is_counted};
pub use levels::{
    LevelInputs, Levels, ORDER_DAYS, REVIEW_DAYS, SAFETY_DAYS, TrailingDemand, WINDOW_DAYS, levels,
    planned_lead_days, whole_cases,
};
pub use open_days::{is_open, open_on_or_after, open_on_or_before};
pub use orders::{Channel, Invoice, InvoiceLine, StockNote, Trade};
pub use prices::PriceSource;
pub use read::{
    AdjustmentKind, AdjustmentRow, CountryIndex, DATA_VARIABLE, DailyRow, Data, InvoiceKind,
    InvoiceNo, ItemIndex, ItemRow, Line, ReadError, Sources, data_folder,
};
pub use replay::{
    DemoError, Figures, Growth, MOST_DAYS, Options, Outcome, PlaceFigures, Progress, SiteTally,
    Tally, page, run, screen,
};
pub use seed::{Draw, Hash};
pub use suppliers::{Offer, Supplier, SupplierIndex};
pub use supply::{
    BilledLine, DeliveredLine, Delivery, LineOutcome, OrderedLine, PromiseChange, SupplierBill,
    SupplierOrder, Supply, lead_days, line_outcome,
};
pub use tax::{
    EU_REVERSE_CHARGE, EXPORT_ZERO, SaleTax, TaxReason, UK_STANDARD, UK_STANDARD_RATES, sale_tax,
    uk_standard_rate,
};
pub use world::{
    Customer, FOREKNOWLEDGE, Item, ItemKind, OpeningStock, PlannedOrder, Purpose, SEED,
    TrialBalance, World, WorldError,
};
