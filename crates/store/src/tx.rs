//! A transaction as the verbs see it.
//!
//! Reads answer at once. Writes are queued and travel with the next read or the commit, so that a
//! verb costs a few round trips on PostgreSQL and none on SQLite, where they run at once.

use crate::lease::{IDS, Leases};
use crate::postgres::PgLink;
use crate::tables;
use crate::{Engine, Params, Row, Rows, Statement, StoreError, Value};
use base::{Id, Timestamp};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::time::Instant;

/// How a statement's effect is guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    Any,
    Exactly(u64),
}

pub(crate) struct Pending {
    pub statement: &'static Statement,
    pub params: Params,
    pub expect: Expect,
}

pub(crate) enum Link<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c mut PgLink),
}

/// A fact for the outbox: what happened, stated in the transaction in which it happened.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The company.
    pub company_id: base::CompanyId,
    /// The kind of document it is about, `purchase_order`.
    pub aggregate_kind: &'static str,
    /// The document.
    pub aggregate_id: i64,
    /// The document's revision after the fact: facts of one document are delivered in this order.
    pub seq: i64,
    /// The fact's name in the past tense, `purchasing.received`.
    pub name: &'static str,
    /// What a receiver needs to know, as JSON.
    pub payload: serde_json::Value,
    /// When.
    pub recorded_at: Timestamp,
}

/// One line of the audit trail.
#[derive(Clone, Debug)]
pub struct Audit {
    /// The company.
    pub company_id: base::CompanyId,
    /// Who did it.
    pub user_id: base::UserId,
    /// When.
    pub recorded_at: Timestamp,
    /// The request that asked for it.
    pub request_id: String,
    /// The permission's name of the verb, `purchasing.receive`.
    pub verb: &'static str,
    /// The kind of object changed.
    pub object_kind: &'static str,
    /// The object changed.
    pub object_id: i64,
    /// Before and after, or what was asked, as JSON. Never a secret.
    pub detail: serde_json::Value,
}

/// One transaction. It commits or rolls back as a whole, by what the command returns.
pub struct Tx<'c> {
    link: Link<'c>,
    leases: &'c Leases,
    pending: Vec<Pending>,
    facts: Vec<Fact>,
    audits: Vec<Audit>,
    failure: Option<StoreError>,
    statements: u64,
    /// How many of the statements may have changed something.
    writes: u64,
    /// Whether parts of a batch get savepoints.
    careful: bool,
    memos: HashMap<(TypeId, i64), Box<dyn Any>>,
    drawn: HashMap<(i64, &'static str), i64>,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(link: Link<'c>, leases: &'c Leases) -> Tx<'c> {
        Tx {
            link,
            leases,
            pending: Vec::new(),
            facts: Vec::new(),
            audits: Vec::new(),
            failure: None,
            statements: 0,
            writes: 0,
            careful: false,
            memos: HashMap::new(),
            drawn: HashMap::new(),
        }
    }

    /// The same with savepoints for the parts of batches, see [`Tx::element`].
    pub(crate) fn careful(self, careful: bool) -> Tx<'c> {
        Tx { careful, ..self }
    }

    /// Which engine this runs on. For the store and for tests: a domain never asks.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.link {
            Link::Sqlite(_) => Engine::Sqlite,
            Link::Postgres(_) => Engine::Postgres,
        }
    }

    /// How many statements this transaction has issued so far, begin and commit left out.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// Runs a read (or a write that returns rows) and returns its rows.
    ///
    /// # Errors
    /// Those of the engine; the transaction is then lost and has to end.
    pub fn query(
        &mut self,
        statement: &'static Statement,
        params: Params,
    ) -> Result<Vec<Row>, StoreError> {
        self.statements += 1;
        self.writes += u64::from(!statement.text.starts_with("select"));
        let began = Instant::now();
        let answer = match &mut self.link {
            Link::Sqlite(connection) => crate::sqlite::query(connection, statement, &params),
            Link::Postgres(link) => {
                let pending = std::mem::take(&mut self.pending);
                link.run(&pending, Some((statement, &params))).map(Option::unwrap_or_default)
            }
        };
        statement.count(began);
        self.noted(answer)
    }

    /// The only row, or `None`.
    ///
    /// # Errors
    /// As [`Tx::query`]; more than one row is an error of the statement.
    pub fn query_opt(
        &mut self,
        statement: &'static Statement,
        params: Params,
    ) -> Result<Option<Row>, StoreError> {
        let mut rows = self.query(statement, params)?;
        if rows.len() > 1 {
            let error = StoreError::Guard {
                statement: statement.name,
                expected: 1,
                affected: rows.len() as u64,
            };
            return self.noted(Err(error));
        }
        Ok(rows.pop())
    }

    /// Queues a write whose number of rows follows from its parameters.
    ///
    /// # Errors
    /// Those of the engine, perhaps only at a later call or at the commit.
    pub fn write(
        &mut self,
        statement: &'static Statement,
        params: Params,
    ) -> Result<(), StoreError> {
        self.queue(statement, params, Expect::Any)
    }

    /// Queues a guarded write that must change exactly `rows` rows.
    ///
    /// # Errors
    /// [`StoreError::Guard`] when it changes another number, perhaps only at a later call or at
    /// the commit.
    pub fn write_exactly(
        &mut self,
        rows: usize,
        statement: &'static Statement,
        params: Params,
    ) -> Result<(), StoreError> {
        self.queue(statement, params, Expect::Exactly(rows as u64))
    }

    fn queue(
        &mut self,
        statement: &'static Statement,
        params: Params,
        expect: Expect,
    ) -> Result<(), StoreError> {
        if params.rows.as_ref().is_some_and(Rows::is_empty) {
            return Ok(());
        }
        self.statements += 1;
        self.writes += 1;
        let began = Instant::now();
        let pending = Pending { statement, params, expect };
        let answer = match &mut self.link {
            Link::Sqlite(connection) => crate::sqlite::write(connection, &pending),
            Link::Postgres(_) => {
                self.pending.push(pending);
                Ok(())
            }
        };
        statement.count(began);
        self.noted(answer)
    }

    /// Sends what is queued and waits until it is done.
    ///
    /// # Errors
    /// Those of the queued writes.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        let answer = match &mut self.link {
            Link::Sqlite(_) => Ok(()),
            Link::Postgres(_) if self.pending.is_empty() => Ok(()),
            Link::Postgres(link) => {
                let pending = std::mem::take(&mut self.pending);
                link.run(&pending, None).map(|_| ())
            }
        };
        self.noted(answer)
    }

    /// What [`Tx::remember`] kept under this type and key in this transaction: settings that several
    /// verbs of one transaction read.
    #[must_use]
    pub fn recall<T: Clone + 'static>(&self, key: i64) -> Option<T> {
        self.memos.get(&(TypeId::of::<T>(), key)).and_then(|memo| memo.downcast_ref()).cloned()
    }

    /// Keeps a value until the transaction ends. Whoever changes what it was read from keeps the new
    /// value here as well.
    pub fn remember<T: Clone + 'static>(&mut self, key: i64, value: T) {
        self.memos.insert((TypeId::of::<T>(), key), Box::new(value));
    }

    /// Runs `part` so that its refusal undoes only what it wrote: one element of a batch.
    ///
    /// Nearly all elements are done, and for a savepoint SQLite keeps each page that is changed as it
    /// was. So a command runs without them at first; an element that is refused after it wrote ends
    /// that run, and the store runs the command again with a savepoint for each.
    ///
    /// # Errors
    /// Whatever `part` returns.
    pub fn element<T, E: From<StoreError>>(
        &mut self,
        part: impl FnOnce(&mut Tx<'c>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.apart(self.careful, part)
    }

    /// As [`Tx::element`], with a savepoint from the beginning, as have the elements in it: for what
    /// may well be undone, as a trial of what a file would do.
    ///
    /// # Errors
    /// Whatever `part` returns.
    pub fn trial<T, E: From<StoreError>>(
        &mut self,
        part: impl FnOnce(&mut Tx<'c>) -> Result<T, E>,
    ) -> Result<T, E> {
        let careful = std::mem::replace(&mut self.careful, true);
        let answer = self.apart(true, part);
        self.careful = careful;
        answer
    }

    /// Runs `part` and undoes all that it wrote, whatever it answers: a rehearsal, which tells what the
    /// part would do. Ids and spoken numbers that it drew are passed over, as those of any command that
    /// is undone.
    ///
    /// # Errors
    /// Whatever `part` returns.
    pub fn rehearse<T, E: From<StoreError>>(
        &mut self,
        part: impl FnOnce(&mut Tx<'c>) -> Result<T, E>,
    ) -> Result<T, E> {
        let undone = self.trial(|tx| match part(tx) {
            Ok(told) => Err::<std::convert::Infallible, _>(Undone::Told(told)),
            Err(refusal) => Err(Undone::Refused(refusal)),
        });
        match undone {
            Ok(never) => match never {},
            Err(Undone::Told(told)) => Ok(told),
            Err(Undone::Refused(refusal)) => Err(refusal),
        }
    }

    fn apart<T, E: From<StoreError>>(
        &mut self,
        savepoint: bool,
        part: impl FnOnce(&mut Tx<'c>) -> Result<T, E>,
    ) -> Result<T, E> {
        let (facts, audits, writes) = (self.facts.len(), self.audits.len(), self.writes);
        if savepoint {
            self.control("savepoint element")?;
        }
        let answer = part(self);
        if self.failure.is_some() {
            return answer;
        }
        let refusal = match answer {
            Ok(value) => {
                if savepoint {
                    self.control("release savepoint element")?;
                }
                return Ok(value);
            }
            Err(refusal) => refusal,
        };
        if !savepoint && self.writes > writes {
            return self.noted(Err(StoreError::Refused)).map_err(E::from);
        }
        self.memos.clear();
        self.facts.truncate(facts);
        self.audits.truncate(audits);
        if savepoint {
            self.pending.clear();
            self.control("rollback to savepoint element")?;
            self.control("release savepoint element")?;
        }
        Err(refusal)
    }

    fn control(&mut self, words: &'static str) -> Result<(), StoreError> {
        self.flush()?;
        let answer = match &mut self.link {
            Link::Sqlite(connection) => crate::sqlite::control(connection, words),
            Link::Postgres(link) => link.control(words),
        };
        self.noted(answer)
    }

    /// A fresh id. Ids identify and never order; they come from a leased block and are never
    /// reused, whatever becomes of the transaction.
    ///
    /// # Errors
    /// [`StoreError::LeaseNeeded`], which the store answers by leasing and running again.
    pub fn id<I: Id>(&mut self) -> Result<I, StoreError> {
        let answer = self.leases.take_id();
        self.drawn(0, IDS, answer).map(I::from_raw)
    }

    /// The next spoken number of a company's series, as in `PO-000123`. Numbers may have gaps.
    ///
    /// # Errors
    /// As [`Tx::id`].
    pub fn number(
        &mut self,
        company_id: base::CompanyId,
        series: &'static str,
    ) -> Result<String, StoreError> {
        let answer = self.leases.take_number(company_id.raw(), series);
        let number = self.drawn(company_id.raw(), series, answer)?;
        Ok(format!("{series}-{number:06}"))
    }

    /// Counts what was drawn of a series. A run that runs dry asks for more than it had drawn, for
    /// the next run begins anew and what this one drew is gone.
    fn drawn(
        &mut self,
        company_id: i64,
        series: &'static str,
        answer: Result<i64, StoreError>,
    ) -> Result<i64, StoreError> {
        let answer = match answer {
            Err(StoreError::LeaseNeeded { company_id, series, count }) => {
                // The next run will take as much of the other series, too.
                self.leases.note(&self.drawn);
                let drawn = self.drawn.get(&(company_id, series)).copied().unwrap_or_default();
                Err(StoreError::LeaseNeeded { company_id, series, count: count + 2 * drawn })
            }
            other => {
                *self.drawn.entry((company_id, series)).or_default() += 1;
                other
            }
        };
        self.noted(answer)
    }

    /// States a fact; it is written with the commit.
    pub fn state_fact(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// Adds a line to the audit trail; it is written with the commit.
    pub fn audit(&mut self, audit: Audit) {
        self.audits.push(audit);
    }

    /// Writes facts and audit rows and sends what is queued: the last step before the commit.
    pub(crate) fn finish(&mut self) -> Result<(), StoreError> {
        self.write_told()?;
        self.leases.note(&self.drawn);
        self.flush()
    }

    fn write_told(&mut self) -> Result<(), StoreError> {
        if !self.facts.is_empty() {
            let mut rows = Rows::new(8);
            for fact in std::mem::take(&mut self.facts) {
                let id: base::FactId = self.id()?;
                rows.push(crate::row![
                    fact.company_id,
                    id,
                    fact.aggregate_kind,
                    fact.aggregate_id,
                    fact.seq,
                    fact.name,
                    fact.payload.to_string(),
                    fact.recorded_at
                ]);
            }
            self.write(&tables::INSERT_FACTS, crate::params![; rows])?;
        }
        if !self.audits.is_empty() {
            let (mut rows, mut unsealed) = (Rows::new(9), Rows::new(2));
            for audit in std::mem::take(&mut self.audits) {
                let id: base::AuditId = self.id()?;
                unsealed.push(crate::row![audit.company_id, id]);
                rows.push(crate::row![
                    audit.company_id,
                    id,
                    audit.recorded_at,
                    audit.user_id,
                    audit.request_id,
                    audit.verb,
                    audit.object_kind,
                    audit.object_id,
                    audit.detail.to_string()
                ]);
            }
            self.write(&tables::INSERT_AUDIT, crate::params![; rows])?;
            self.write(&tables::INSERT_UNSEALED, crate::params![; unsealed])?;
        }
        Ok(())
    }

    /// The store error that broke this transaction, if one did. A command that swallowed it must
    /// not commit.
    pub(crate) fn take_failure(&mut self) -> Option<StoreError> {
        self.failure.take()
    }

    fn noted<T>(&mut self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &answer
            && self.failure.is_none()
        {
            self.failure = Some(error.clone());
        }
        answer
    }
}

/// Checks that a guarded write changed what it had to.
pub(crate) fn guard(pending: &Pending, affected: u64) -> Result<(), StoreError> {
    match pending.expect {
        Expect::Exactly(expected) if expected != affected => {
            Err(StoreError::Guard { statement: pending.statement.name, expected, affected })
        }
        _ => Ok(()),
    }
}

pub(crate) fn parameter_count(values: &[Value], rendered: &crate::Rendered) -> bool {
    values.len() == rendered.singles
}

/// Why a rehearsal is undone: it is over, or it was refused.
enum Undone<T, E> {
    Told(T),
    Refused(E),
}

impl<T, E: From<StoreError>> From<StoreError> for Undone<T, E> {
    fn from(error: StoreError) -> Undone<T, E> {
        Undone::Refused(error.into())
    }
}
