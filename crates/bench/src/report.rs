//! What was found: integers only, fractions in thousandths.

use crate::Which;
use std::fmt::Write as _;
use store::Engine;

/// What one side did, summed over its slices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Operations done.
    pub operations: u64,
    /// How long they took, in microseconds.
    pub micros: u64,
    /// The processor time of this process meanwhile, in microseconds, to a hundredth of a second.
    /// SQLite works in this process, a PostgreSQL server does not.
    pub cpu_micros: u64,
    /// Transactions answered.
    pub transactions: u64,
    /// Commits of the engine: on SQLite many transactions share one.
    pub commits: u64,
    /// Transactions run again because the database asked for it.
    pub retries: u64,
    /// How many of those were deadlocks.
    pub deadlocks: u64,
    /// Statements of one operation, begin and commit left out.
    pub statements: u64,
    /// By how many bytes an operation of the last slice made the database larger; SQLite only.
    pub bytes: Option<u64>,
    /// By how many rows an operation of the last slice made the database larger.
    pub rows: Option<u64>,
}

impl Side {
    /// Operations in a second, in thousandths.
    #[must_use]
    pub fn per_second_permille(&self) -> u64 {
        quotient(self.operations, 1_000_000_000, self.micros)
    }

    /// The processor time of this process for one operation, in microseconds.
    #[must_use]
    pub fn cpu_micros_per_operation(&self) -> u64 {
        quotient(self.cpu_micros, 1, self.operations)
    }
}

/// What a run found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// What was measured.
    pub which: Which,
    /// On which engine.
    pub engine: Engine,
    /// By how many clients at once.
    pub clients: usize,
    /// Over HTTP on so many nodes; at the doors when absent.
    pub http: Option<usize>,
    /// The product.
    pub product: Side,
    /// The floor.
    pub floor: Side,
}

impl Report {
    /// The product's operations in a second to the floor's, in thousandths: 384 is 38.4 %.
    #[must_use]
    pub fn ratio_permille(&self) -> u64 {
        quotient(self.floor.micros, self.product.operations * 1_000, self.product.micros)
            .checked_div(self.floor.operations)
            .unwrap_or(0)
    }

    /// The report for a reader.
    #[must_use]
    pub fn text(&self) -> String {
        let what = match self.which {
            Which::W1 => "W1: a sales order of three lines, accepted and shipped",
            Which::W2 => "W2: a purchase order of three lines, approved, received and billed",
        };
        let engine = match self.engine {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        };
        let way = match self.http {
            None => String::new(),
            Some(1) => " over HTTP".to_owned(),
            Some(nodes) => format!(" over HTTP on {nodes} nodes"),
        };
        let (product, floor) = (&self.product, &self.floor);
        let mut text = format!(
            "{what}\n{engine}, {} clients{way}, {} operations each of product and floor, in turns\n\n",
            self.clients, product.operations
        );
        let mut line = |name: &str, left: String, right: String| {
            let _ = writeln!(text, "{name:<34}{left:>14}{right:>14}");
        };
        let mut both =
            |name: &str, of: &dyn Fn(&Side) -> String| line(name, of(product), of(floor));
        both("", &|side| if std::ptr::eq(side, product) { "product" } else { "floor" }.to_owned());
        both("operations per second", &|side| tenths(side.per_second_permille()));
        both("statements per operation", &|side| side.statements.to_string());
        both("transactions", &|side| side.transactions.to_string());
        both("commits", &|side| side.commits.to_string());
        both("retries", &|side| side.retries.to_string());
        both("deadlocks", &|side| side.deadlocks.to_string());
        both("cpu microseconds per operation", &|side| side.cpu_micros_per_operation().to_string());
        let perhaps = |count: Option<u64>| count.map_or_else(|| "-".to_owned(), |n| n.to_string());
        both("rows per operation", &|side| perhaps(side.rows));
        both("bytes per operation", &|side| perhaps(side.bytes));
        let _ = writeln!(text, "\nratio: {} % of the floor", tenths(self.ratio_permille() * 100));
        text
    }
}

/// `count * factor / by`; zero when nothing was timed.
fn quotient(count: u64, factor: u64, by: u64) -> u64 {
    let whole = u128::from(count) * u128::from(factor);
    whole.checked_div(u128::from(by)).map_or(0, |found| u64::try_from(found).unwrap_or(u64::MAX))
}

/// Thousandths with one digit after the point, cut off.
fn tenths(permille: u64) -> String {
    format!("{}.{}", permille / 1_000, permille / 100 % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let product = Side { operations: 100, micros: 2_000_000, ..Side::default() };
        let floor = Side { operations: 100, micros: 500_000, ..Side::default() };
        Report { which: Which::W1, engine: Engine::Sqlite, clients: 2, http: None, product, floor }
    }

    #[test]
    fn the_ratio_is_the_products_speed_to_the_floors() {
        assert_eq!(report().product.per_second_permille(), 50_000);
        assert_eq!(report().floor.per_second_permille(), 200_000);
        assert_eq!(report().ratio_permille(), 250);
        assert!(report().text().ends_with("ratio: 25.0 % of the floor\n"), "{}", report().text());
    }

    #[test]
    fn a_run_of_no_time_divides_by_nothing() {
        let nothing = Side::default();
        assert_eq!(nothing.per_second_permille(), 0);
        assert_eq!(nothing.cpu_micros_per_operation(), 0);
        assert_eq!(Report { floor: nothing, ..report() }.ratio_permille(), 0);
    }
}
