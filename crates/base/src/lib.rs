//! The ground floor: values that refuse to mix.
//!
//! Every number in Purser is an integer with a fixed scale, every operation that could overflow
//! says so in its type, and every rounding is named by whoever asks for it. There are no floats,
//! no clock, no database and no HTTP here.
//!
//! Reading order: plain numbers, then what they measure (money, goods, prices, rates), then time,
//! identity, and how a broken rule is told to the outside.

#[macro_use]
mod wire;

mod number;

mod allocate;

mod currency;
mod money;

mod quantity;
mod ratio;

mod price;
mod rate;

mod day;

mod id;

mod page;
mod problem;
mod search;
mod text;

mod period;
mod spans;
mod spread;

pub use allocate::allocate;
pub use currency::{Currency, CurrencyError};
pub use day::{Day, DayError, Timestamp, Zone};
pub use id::*;
pub use money::{Money, MoneyError};
pub use number::{NumberError, Rounding, div_round, format_scaled, mul_div, parse_scaled};
pub use page::{BadCursor, PAGE_LIMIT, Page, Paging};
pub use period::Period;
pub use price::Price;
pub use problem::{Place, Problem, ProblemKind, Rule};
pub use quantity::Quantity;
pub use rate::Rate;
pub use ratio::Ratio;
pub use search::{parts_of, range_of, search_text, words_of, words_typed};
pub use spans::Spans;
pub use spread::{Spread, percent, ratio};
pub use text::{TextError, check_code, check_multiline, check_text};
