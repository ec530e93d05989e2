//! Whether a step was done.

use super::{Compare, Seen};
use crate::case::Expect;
use crate::support::Check;
use crate::world::{Stop, World};

pub(super) const CHECKS: &[Check] = &[
    Check { name: "ok", args: &[], about: "the step was done", run: ok },
    Check {
        name: "error",
        args: &["reason"],
        about: "the step was refused, for whatever reason; the reason is for people",
        run: error,
    },
    Check {
        name: "needs_confirmation",
        args: &["reason"],
        about: "the step was refused as it stands",
        run: error,
    },
];

/// Whether a check expects that its step is refused.
pub(crate) fn expects_refusal(check: &str) -> bool {
    matches!(check, "error" | "needs_confirmation")
}

fn ok(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let mut compare = Compare::default();
    if let Err(problem) = &world.record(expect.step)?.outcome {
        compare.text("step", "done", &format!("refused ({}): {}", problem.code, problem.detail));
    }
    compare.done()
}

fn error(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let mut compare = Compare::default();
    let record = world.record(expect.step)?;
    if record.outcome.is_ok() {
        compare.text("step", "refused", "done");
    } else if !record.entries.is_empty() || !record.moves.is_empty() {
        compare.text("step", "refused without effect", "something was posted");
    }
    compare.done()
}
