//! What stock is worth, and what a piece of it costs when it moves.
//!
//! The value of an item lies in *standings*: one per item, pool and class. Goods taken in bring a
//! value, goods taken out carry their share of it away, and the last piece takes what is left, so
//! that the sum of everything ever booked is the standing value to the last minor unit. Unit costs
//! are derived for showing.
//!
//! Reading order: the nouns, then the pure decisions over them.

mod model;
mod rules;

pub use model::*;
pub use rules::*;
