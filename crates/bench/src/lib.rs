//! The product measured beside a hand-written floor, on one database and in one run.
//!
//! How many orders a second a machine takes says little about the product: disks and machines
//! differ. The *floor* writes the least that such an order has to leave behind, with the same store,
//! engine and durability. Product and floor take turns in short slices, so that whatever else the
//! machine does burdens both, and their ratio is what the product's rules, audit trail, facts and
//! request keys cost.
//!
//! Reading order: the company that trades, the product's operations, how they go over HTTP, the
//! floor's, how a slice is timed, what is reported.

mod company;
mod count;
mod desk;
pub mod floor;
mod measure;
mod pass;
mod product;
mod read;
mod replenish;
mod report;
mod tables;
mod wire;

use base::CompanyId;
use measure::Bench;
use std::path::Path;
use store::{Database, Schema, StoreError};
use wire::Site;

pub use count::{Counted, count};
pub use desk::{Furnish, Furnished, furnish};
pub use pass::Pass;
pub use read::{Asked, availability, value};
pub use replenish::{Replenished, replenish};
pub use report::{Report, Side};

/// How many items the catalogue has.
pub const ITEMS: usize = 1_000;
/// How many turns product and floor take.
pub const SLICES: usize = 10;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// A sales order of three lines is accepted, then shipped: two transactions.
    W1,
    /// A purchase order of three lines is approved, received and billed: three transactions.
    W2,
}

/// How it is measured.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address of a fresh database, in the forms of [`Database::open`].
    pub database: String,
    /// How many clients work at once, at least one.
    pub clients: usize,
    /// How many operations the product does, and then the floor, in all; at least one.
    pub operations: usize,
    /// Over HTTP on so many nodes of this process, each with connections of its own; at the doors
    /// when absent.
    pub http: Option<usize>,
}

/// Why nothing was measured.
#[derive(thiserror::Error, Debug)]
pub enum BenchError {
    /// Zero clients or operations.
    #[error("give at least one client and one operation")]
    NothingToDo,
    /// No node, or several over one SQLite file.
    #[error("give one node, or with PostgreSQL as many as you like")]
    Nodes,
    /// The database was used before.
    #[error("the database {url:?} is not fresh; give a new file or an empty database")]
    NotFresh {
        /// Its address.
        url: String,
    },
    /// Acknowledged work could be lost, so the figures would not be those of the product.
    #[error("the database's settings can lose acknowledged work; measure with durable settings")]
    Unsafe,
    /// The product refused what it has to do.
    #[error("{verb} was refused: {reason}")]
    Refused {
        /// What it was to do.
        verb: &'static str,
        /// What it answered.
        reason: String,
    },
    /// A check of the books did not hold after the run.
    #[error("the check {check:?} does not hold after the run: {breach}")]
    Unsound {
        /// The check.
        check: &'static str,
        /// Its first breach.
        breach: String,
    },
    /// The operating system did not answer.
    #[error("{0}")]
    System(String),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Turns a door's refusal into an error that names the verb.
pub(crate) fn refused<E: std::fmt::Display>(verb: &'static str) -> impl FnOnce(E) -> BenchError {
    move |error| BenchError::Refused { verb, reason: error.to_string() }
}

/// Sets up a company on a fresh database, lets product and floor take turns, and checks the books.
///
/// # Errors
/// The first that applies in the order of [`BenchError`].
pub fn run(which: Which, options: &Options) -> Result<Report, BenchError> {
    if options.clients == 0 || options.operations == 0 {
        return Err(BenchError::NothingToDo);
    }
    let database = open_fresh(&options.database)?;
    let company = company::found(&database)?;
    let items = floor::prepare(&database, ITEMS)?;
    let company_id = company.ctx.company_id;
    let open = |nodes| Site::open(&database, &options.database, &company, nodes);
    let site = options.http.map(open).transpose()?;
    let bench = Bench {
        database: &database,
        site: site.as_ref(),
        company: &company,
        items,
        which,
        clients: options.clients,
    };
    let report = bench.measure(options.operations)?;
    drop(site);
    assert_sound(&database, company_id)?;
    database.close();
    Ok(report)
}

/// Opens a database that has never been migrated, and gives it the tables of product and floor.
fn open_fresh(url: &str) -> Result<Database, BenchError> {
    open_with(url, &floor::SCHEMA)
}

/// Opens a database that has never been migrated, and gives it the tables of a schema.
fn open_with(url: &str, schema: &'static Schema) -> Result<Database, BenchError> {
    let not_fresh = || BenchError::NotFresh { url: url.to_owned() };
    let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
    if path.is_some_and(|path| Path::new(path).exists()) {
        return Err(not_fresh());
    }
    let database = Database::open(url, store::Options::default())?;
    if database.unsafe_durability() || path == Some(":memory:") {
        return Err(BenchError::Unsafe);
    }
    // The store's own tables come first, so that nothing is touched where there is more already: a
    // database with the product's tables is unusable to who knows the store's alone.
    match database.migrate(&store::SCHEMA) {
        Ok(ran) if !ran.is_empty() => {}
        Ok(_) | Err(StoreError::Unusable(_)) => return Err(not_fresh()),
        Err(error) => return Err(error.into()),
    }
    database.migrate(schema)?;
    Ok(database)
}

fn assert_sound(database: &Database, company_id: CompanyId) -> Result<(), BenchError> {
    let findings = reconcile::check_at_once(database, company_id, None)?;
    for finding in findings {
        if let Some(breach) = finding.breaches.into_iter().next() {
            return Err(BenchError::Unsound { check: finding.check, breach });
        }
    }
    Ok(())
}
