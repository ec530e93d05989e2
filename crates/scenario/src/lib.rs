//! Business scenarios: a small world, steps, and figures that must hold.
//!
//! A company writes in YAML what it expects of its books before it goes live. A case is set up and run
//! through the doors of the product, like any other user of them, and its figures are compared
//! exactly. Nothing here decides a figure; a case that asks for something that no door offers is
//! skipped before it runs, and the report says why.
//!
//! Reading order: what a case is, what is supported, the small world, what steps do, what checks see,
//! the run and its report.

mod case;
mod yaml;

mod support;

mod observe;
mod setup;
mod world;

mod checks;
mod steps;

mod report;
mod run;

pub use case::{Args, Case, Expect, Step};
pub use report::{Mismatch, Outcome, Report, Verdict};
pub use run::{Options, RunError, run, run_on};
pub use support::supported;
pub use yaml::{Data, Node, YamlError};
