//! One pass over many elements, timed: a run of replenishment, the counting of a sheet, a report, a
//! number of look-ups.

use crate::BenchError;
use crate::measure::{TICK_MICROS, cpu_ticks};
use std::fmt::Write as _;
use std::time::Instant;

/// What one pass took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Rules, lines, moves or reads: what there was to do.
    pub elements: u64,
    /// What came of it: proposals, corrections, rows.
    pub made: u64,
    /// Transactions.
    pub transactions: u64,
    /// Statements of all of them, begin and commit left out.
    pub statements: u64,
    /// How long it took, in microseconds.
    pub micros: u64,
    /// The processor time of this process meanwhile, in microseconds, to a hundredth of a second.
    pub cpu_micros: u64,
}

/// Times a pass of parts; `part` answers with whether there is more.
pub(crate) fn timed(
    mut part: impl FnMut(&mut Pass) -> Result<bool, BenchError>,
) -> Result<Pass, BenchError> {
    let mut pass = Pass::default();
    let (began, cpu) = (Instant::now(), cpu_ticks()?);
    loop {
        pass.transactions += 1;
        if !part(&mut pass)? {
            break;
        }
    }
    pass.micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    pass.cpu_micros = (cpu_ticks()? - cpu) * TICK_MICROS;
    Ok(pass)
}

/// The report for people: each pass with its name and what came of it.
pub(crate) fn passes(title: &str, elements: &str, passes: &[(&str, Pass, String)]) -> String {
    let mut text = format!("{title}\n");
    for (name, pass, told) in passes {
        let a_second = (pass.elements * 1_000_000).checked_div(pass.micros).unwrap_or_default();
        let _ = writeln!(
            text,
            "{name:>14}: {told}, {}.{:03} ms, {} ms of processor, {a_second} {elements} a second, \
             {} statements in {} transactions",
            pass.micros / 1_000,
            pass.micros % 1_000,
            pass.cpu_micros / 1_000,
            pass.statements,
            pass.transactions
        );
    }
    text
}
