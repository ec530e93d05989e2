//! What to buy next.
mod basis;
pub mod rules;
pub use basis::{ALGORITHM, Basis, Break, Candidate, Choose, Dated, Levels};
