//! Batches: many elements in one transaction, each answered for itself.
//!
//! A batch is cut into runs that can be written as a set. What refuses a set is found by giving its
//! elements one by one, each undone alone.

use base::{Day, Problem, Rule, SalesOrderId};
use identity::Denied;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::hash::Hash;
use std::ops::Range;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// The most elements of one batch.
pub const MAX_BATCH: usize = 1_000;

/// What became of one element of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ElementOutcome {
    /// It was done.
    Done,
    /// It had been done before.
    Repeated,
    /// It was refused; nothing of it was written.
    Refused,
}

/// Why a batch as a whole was refused, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum BatchError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many elements.
    #[error("the batch has {count} orders; send at most {MAX_BATCH} at once")]
    TooMany {
        /// How many it has.
        count: usize,
    },
    /// An element was refused, and the request wants all or none.
    #[error("order {element} was refused, and so the whole batch: {}", .problem.detail)]
    Element {
        /// Its place in the batch, from 1.
        element: u64,
        /// Why.
        problem: Box<Problem>,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for BatchError {
    fn problem(&self) -> Problem {
        match self {
            BatchError::Denied(error) => error.problem(),
            BatchError::TooMany { .. } => {
                Problem::new(base::ProblemKind::TooLarge, "batch_too_large", self.to_string())
            }
            BatchError::Element { element, problem } => Problem::clone(problem).with_row(*element),
            BatchError::Store(error) => error.problem(),
        }
    }
}

/// The store's own error, which ends a batch, told from the refusal of an element.
pub(crate) trait Refusal: Rule + From<StoreError> {
    /// Gives the store's error, or the refusal back.
    fn of_store(self) -> Result<StoreError, Self>;
}

/// What became of an element: its answer, or why it was refused.
pub(crate) type Answer<T> = Result<T, Problem>;

/// Cuts so many elements into runs: a new one begins where an element does not join the one before
/// it, and where its key is in the run already.
pub(crate) fn runs<K: Hash + Eq>(
    count: usize,
    joins: impl Fn(usize, usize) -> bool,
    key: impl Fn(usize) -> Option<K>,
) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut seen = HashSet::new();
    for index in 0..count {
        let key = key(index);
        let twice = key.as_ref().is_some_and(|key| seen.contains(key));
        match runs.last_mut() {
            Some(run) if !twice && joins(index - 1, index) => run.end = index + 1,
            _ => {
                seen.clear();
                runs.push(index..index + 1);
            }
        }
        seen.extend(key);
    }
    runs
}

/// Answers for each element of the runs: `set` does a run at once, `one` an element alone.
pub(crate) fn decide<T, E: Refusal>(
    tx: &mut Tx<'_>,
    runs: Vec<Range<usize>>,
    all_or_nothing: bool,
    mut set: impl FnMut(&mut Tx<'_>, Range<usize>) -> Result<Vec<Result<T, E>>, E>,
    mut one: impl FnMut(&mut Tx<'_>, usize) -> Result<T, E>,
) -> Result<Vec<Answer<T>>, BatchError> {
    let mut answers = Vec::new();
    for run in runs {
        let first = run.start;
        for (place, answer) in together(tx, run, &mut set, &mut one)?.into_iter().enumerate() {
            match answer.map_err(|error| error.problem()) {
                Err(problem) if all_or_nothing => {
                    let element = (first + place) as u64 + 1;
                    return Err(BatchError::Element { element, problem: Box::new(problem) });
                }
                answer => answers.push(answer),
            }
        }
    }
    Ok(answers)
}

/// A run at once. What refuses it as a whole is one of its elements: each half is tried again, so
/// that one refusal among a thousand costs some twenty tries and not a thousand.
fn together<T, E: Refusal>(
    tx: &mut Tx<'_>,
    run: Range<usize>,
    set: &mut impl FnMut(&mut Tx<'_>, Range<usize>) -> Result<Vec<Result<T, E>>, E>,
    one: &mut impl FnMut(&mut Tx<'_>, usize) -> Result<T, E>,
) -> Result<Vec<Result<T, E>>, StoreError> {
    if run.len() == 1 {
        return Ok(vec![undone(tx.element(|tx| one(tx, run.start)))?]);
    }
    if let Ok(answers) = undone(tx.element(|tx| set(tx, run.clone())))? {
        return Ok(answers);
    }
    let middle = run.start + run.len() / 2;
    let mut answers = together(tx, run.start..middle, set, one)?;
    answers.extend(together(tx, middle..run.end, set, one)?);
    Ok(answers)
}

/// Tells a refusal, of which nothing is left, from the store's own error, which ends the batch.
fn undone<T, E: Refusal>(answer: Result<T, E>) -> Result<Result<T, E>, StoreError> {
    match answer.map_err(Refusal::of_store) {
        Ok(done) => Ok(Ok(done)),
        Err(Ok(error)) => Err(error),
        Err(Err(refusal)) => Ok(Err(refusal)),
    }
}

/// What a batch says of one element, beside what was made of it.
pub(crate) struct Told {
    pub outcome: ElementOutcome,
    /// The broken rule: its code, its words, and the line that broke it.
    pub code: Option<String>,
    pub detail: Option<String>,
    pub line: Option<u32>,
}

/// Tells what became of an element; `repeated` says whether its answer is one that was given before.
pub(crate) fn told<T>(answer: &Answer<T>, repeated: impl FnOnce(&T) -> bool) -> Told {
    let done = |outcome| Told { outcome, code: None, detail: None, line: None };
    match answer {
        Ok(made) if repeated(made) => done(ElementOutcome::Repeated),
        Ok(_) => done(ElementOutcome::Done),
        Err(problem) => Told {
            outcome: ElementOutcome::Refused,
            code: Some(problem.code.to_owned()),
            detail: Some(problem.detail.clone()),
            line: problem.place.as_ref().and_then(|place| place.line),
        },
    }
}

/// Refuses more elements than one batch may have.
pub(crate) fn check_size(count: usize) -> Result<(), BatchError> {
    if count > MAX_BATCH { Err(BatchError::TooMany { count }) } else { Ok(()) }
}

/// Runs of different orders that are done on one day.
pub(crate) fn by_day(
    count: usize,
    day: impl Fn(usize) -> Day,
    order: impl Fn(usize) -> SalesOrderId,
) -> Vec<Range<usize>> {
    runs(count, |before, index| day(before) == day(index), |index| Some(order(index)))
}

/// The one answer of a set of one.
pub(crate) fn only<T>(answers: Vec<T>) -> Result<T, StoreError> {
    let none = || StoreError::Unusable("an order was not answered".to_owned());
    answers.into_iter().next().ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn a_run_begins_where_elements_do_not_join_and_where_one_is_there_twice() {
        #[track_caller]
        fn check(elements: &[(i32, &str)], expected: &[(usize, usize)]) {
            let key = |index: usize| Some(elements[index].1).filter(|key| !key.is_empty());
            let joins = |before: usize, index: usize| elements[before].0 == elements[index].0;
            let runs = runs(elements.len(), joins, key);
            let told: Vec<_> = runs.into_iter().map(|run| (run.start, run.end)).collect();
            assert_eq!(told, expected);
        }
        check(&[], &[]);
        check(&[(1, "a"), (1, "b"), (1, "c")], &[(0, 3)]);
        check(&[(1, "a"), (1, "b"), (1, "a"), (1, "b")], &[(0, 2), (2, 4)]);
        check(&[(1, "a"), (2, "b"), (2, "c"), (1, "d")], &[(0, 1), (1, 3), (3, 4)]);
        check(&[(1, ""), (1, "")], &[(0, 2)]);
    }
}
