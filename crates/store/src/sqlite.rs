//! The embedded engine: one file, one writer thread that commits in groups, a few readers.

use crate::cells::{self, Bound};
use crate::command::{Command, Outcome, run_guarded};
use crate::lease::Leases;
use crate::metrics::Metrics;
use crate::tx::{Link, Pending, Tx, guard, parameter_count};
use crate::{ConstraintKind, Engine, Params, Rendered, Row, Statement, StoreError, Value, tables};
use crossbeam_channel::Receiver;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ffi};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// The oldest SQLite without the WAL-reset fault.
const OLDEST_SOUND: i32 = 3_051_003;
/// A group is closed when it has this many commands...
const GROUP_COMMANDS: usize = 256;
/// ... or has worked this long.
const GROUP_TIME: Duration = Duration::from_millis(5);

pub(crate) fn open_writer(path: &Path, durable: bool) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < OLDEST_SOUND {
        return Err(StoreError::Unusable(format!(
            "SQLite {} can lose commits; 3.51.3 or later is needed",
            rusqlite::version()
        )));
    }
    let connection = Connection::open(path).map_err(|error| {
        StoreError::Unusable(format!("cannot open {}: {error}", path.display()))
    })?;
    let synchronous = if durable { "full" } else { "off" };
    // No `temp_store = memory` here: it would keep the pages that a savepoint may need back in a list
    // of small chunks, which SQLite walks from its beginning at the end of every statement.
    connection
        .execute_batch(&format!(
            "pragma journal_mode = wal; pragma synchronous = {synchronous};
             pragma foreign_keys = on; pragma cache_size = -131072;
             pragma busy_timeout = 10000; pragma wal_autocheckpoint = 4000;"
        ))
        .map_err(|error| StoreError::Unusable(format!("{}: {error}", path.display())))?;
    connection.set_prepared_statement_cache_capacity(1024);
    keep_plans(&connection)?;
    cells::install(&connection).map_err(|error| translate("cells of a set", &error))?;
    Ok(connection)
}

pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| {
        StoreError::Unusable(format!("cannot open {}: {error}", path.display()))
    })?;
    connection
        .execute_batch(
            "pragma query_only = on; pragma cache_size = -32768; pragma temp_store = memory;
             pragma busy_timeout = 10000;",
        )
        .map_err(|error| StoreError::Unusable(format!("{}: {error}", path.display())))?;
    connection.set_prepared_statement_cache_capacity(512);
    keep_plans(&connection)?;
    cells::install(&connection).map_err(|error| translate("cells of a set", &error))?;
    Ok(connection)
}

/// A prepared statement is planned once, whatever values are bound. Otherwise SQLite parses and plans
/// some statements anew each time a value is bound that an index might be chosen by.
fn keep_plans(connection: &Connection) -> Result<(), StoreError> {
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map(|_| ())
        .map_err(|error| translate("plans that stay", &error))
}

struct Single<'v>(&'v Value);

impl rusqlite::ToSql for Single<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(int) => ValueRef::Integer(*int),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Binds a statement's parameters. Its set can be read as long as what is answered lives.
fn bind(
    prepared: &mut rusqlite::Statement<'_>,
    rendered: &Rendered,
    statement: &'static Statement,
    params: &Params,
) -> Result<Option<Bound>, StoreError> {
    let wrong = |message: String| StoreError::Engine { statement: statement.name, message };
    if !parameter_count(&params.values, rendered)
        || rendered.set.is_empty() != params.rows.is_none()
    {
        return Err(wrong(format!(
            "wants {} parameters and a set of {}, got {}",
            rendered.singles,
            rendered.set.len(),
            params.values.len()
        )));
    }
    for (i, value) in params.values.iter().enumerate() {
        prepared
            .raw_bind_parameter(i + 1, Single(value))
            .map_err(|error| wrong(error.to_string()))?;
    }
    let Some(rows) = &params.rows else { return Ok(None) };
    // The last cell, by which the rendered statement knows where the set ends.
    let last = rows.values.len() as i64 - 1;
    prepared
        .raw_bind_parameter(rendered.singles + 1, last)
        .map_err(|error| wrong(error.to_string()))?;
    Ok(Some(Bound::new(rows)))
}

pub(crate) fn query(
    connection: &Connection,
    statement: &'static Statement,
    params: &Params,
) -> Result<Vec<Row>, StoreError> {
    let rendered = statement.rendered(Engine::Sqlite);
    let failed = |error: rusqlite::Error| translate(statement.name, &error);
    let mut prepared = connection.prepare_cached(&rendered.sql).map_err(failed)?;
    let _bound = bind(&mut prepared, rendered, statement, params)?;
    let width = prepared.column_count();
    let mut rows = prepared.raw_query();
    let mut cells = Vec::with_capacity(width);
    while let Some(row) = rows.next().map_err(failed)? {
        for column in 0..width {
            cells.push(match row.get_ref(column).map_err(failed)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(int) => Value::Int(int),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                ValueRef::Real(real) => {
                    return Err(StoreError::Decode {
                        column,
                        found: format!("the real number {real}"),
                        wanted: "integer, text or bytes",
                    });
                }
            });
        }
    }
    Ok(Row::all(cells, width))
}

pub(crate) fn write(connection: &Connection, pending: &Pending) -> Result<(), StoreError> {
    let statement = pending.statement;
    let rendered = statement.rendered(Engine::Sqlite);
    let failed = |error: rusqlite::Error| translate(statement.name, &error);
    let mut prepared = connection.prepare_cached(&rendered.sql).map_err(failed)?;
    let _bound = bind(&mut prepared, rendered, statement, &pending.params)?;
    let affected = prepared.raw_execute().map_err(failed)?;
    guard(pending, affected as u64)
}

pub(crate) fn control(connection: &Connection, words: &'static str) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| translate(words, &error);
    connection.prepare_cached(words).map_err(failed)?.raw_execute().map_err(failed)?;
    Ok(())
}

pub(crate) fn translate(statement: &'static str, error: &rusqlite::Error) -> StoreError {
    let message = error.to_string();
    let rusqlite::Error::SqliteFailure(failure, words) = error else {
        return StoreError::Engine { statement, message };
    };
    let detail = words.clone().unwrap_or_default();
    let constraint = |kind| StoreError::Constraint { statement, kind, detail: detail.clone() };
    match failure.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
            constraint(ConstraintKind::Unique)
        }
        ffi::SQLITE_CONSTRAINT_CHECK => constraint(ConstraintKind::Check),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => constraint(ConstraintKind::ForeignKey),
        ffi::SQLITE_CONSTRAINT_NOTNULL => constraint(ConstraintKind::NotNull),
        ffi::SQLITE_CONSTRAINT_TRIGGER => constraint(ConstraintKind::Trigger),
        code if code & 0xff == ffi::SQLITE_BUSY || code & 0xff == ffi::SQLITE_LOCKED => {
            StoreError::Retry(message)
        }
        _ => StoreError::Engine { statement, message },
    }
}

/// The writer: drains waiting commands into one transaction, so that each can be undone alone, and
/// answers only after the one commit.
pub(crate) fn write_loop(
    connection: &Connection,
    commands: &Receiver<Box<dyn Command>>,
    leases: &Arc<Leases>,
    metrics: &Metrics,
) {
    let mut again: Vec<Box<dyn Command>> = Vec::new();
    loop {
        if again.is_empty() {
            match commands.recv() {
                Ok(command) => again.push(command),
                Err(_) => return,
            }
        }
        let needs = write_group(connection, commands, leases, metrics, &mut again);
        for need in needs {
            if let Err(error) = lease(connection, leases, &need) {
                tracing::error!(%error, "no new lease");
                for command in again.drain(..) {
                    command.answer(Some(error.clone()));
                }
            }
        }
    }
}

/// Runs one group. Commands that ran out of ids stay in `again`; their needs are returned.
fn write_group(
    connection: &Connection,
    commands: &Receiver<Box<dyn Command>>,
    leases: &Arc<Leases>,
    metrics: &Metrics,
    again: &mut Vec<Box<dyn Command>>,
) -> Vec<StoreError> {
    let low = leases.low();
    if !low.is_empty() {
        return low;
    }
    if let Err(error) = control(connection, "begin immediate") {
        for command in again.drain(..) {
            command.answer(Some(error.clone()));
        }
        return Vec::new();
    }
    let started = Instant::now();
    let mut first: std::collections::VecDeque<_> = again.drain(..).collect();
    let mut done: Vec<Box<dyn Command>> = Vec::new();
    let mut needs = Vec::new();
    let mut count = 0;
    while let Some(mut command) = first.pop_front().or_else(|| commands.try_recv().ok()) {
        count += 1;
        if command.expired() {
            command.answer(Some(StoreError::Busy));
            continue;
        }
        let alone = done.is_empty();
        match run_apart(connection, leases, command.as_mut(), alone) {
            Ok(Outcome::Commit | Outcome::Rollback) => done.push(command),
            Ok(Outcome::Failed(need @ StoreError::LeaseNeeded { .. })) => {
                needs.push(need);
                again.push(command);
            }
            Ok(Outcome::Failed(error)) => command.answer(Some(error)),
            Err(lost) => {
                done.push(command);
                done.extend(first);
                fail_group(connection, done, again, &lost);
                return Vec::new();
            }
        }
        if count >= GROUP_COMMANDS || (started.elapsed() >= GROUP_TIME && first.is_empty()) {
            break;
        }
    }
    match control(connection, "commit") {
        Ok(()) => {
            metrics.commits.fetch_add(1, Relaxed);
            metrics.commands.fetch_add(done.len() as u64, Relaxed);
            done.into_iter().for_each(|command| command.answer(None));
        }
        Err(error) => fail_group(connection, done, again, &error),
    }
    needs
}

/// Nothing of a group without commit counts: every command in it is answered with the failure.
fn fail_group(
    connection: &Connection,
    done: Vec<Box<dyn Command>>,
    again: &mut Vec<Box<dyn Command>>,
    error: &StoreError,
) {
    tracing::error!(%error, commands = done.len(), "a group of commands was rolled back");
    if !connection.is_autocommit()
        && let Err(error) = control(connection, "rollback")
    {
        tracing::error!(%error, "the rollback failed");
    }
    for command in done.into_iter().chain(again.drain(..)) {
        command.answer(Some(error.clone()));
    }
}

/// Runs a command so that nothing is left of it unless it is to be committed: the first that writes
/// in the transaction itself, whose end undoes it; a later one in a savepoint, for which SQLite keeps
/// each page that is changed as it was. An `Err` says that the whole transaction is lost.
fn run_apart(
    connection: &Connection,
    leases: &Arc<Leases>,
    command: &mut dyn Command,
    alone: bool,
) -> Result<Outcome, StoreError> {
    match run_in_savepoint(connection, leases, command, alone, false)? {
        Outcome::Failed(StoreError::Refused) => {
            run_in_savepoint(connection, leases, command, alone, true)
        }
        outcome => Ok(outcome),
    }
}

fn run_in_savepoint(
    connection: &Connection,
    leases: &Arc<Leases>,
    command: &mut dyn Command,
    alone: bool,
    careful: bool,
) -> Result<Outcome, StoreError> {
    if !alone {
        control(connection, "savepoint command")?;
    }
    let mut tx = Tx::new(Link::Sqlite(connection), leases).careful(careful);
    let outcome = run_guarded(command, &mut tx);
    drop(tx);
    if connection.is_autocommit() {
        return Err(match outcome {
            Outcome::Failed(error) => error,
            _ => StoreError::Unusable("SQLite ended the transaction by itself".to_owned()),
        });
    }
    let undone = !matches!(outcome, Outcome::Commit);
    if undone && alone {
        control(connection, "rollback")?;
        control(connection, "begin immediate")?;
    } else if undone {
        control(connection, "rollback to savepoint command")?;
    }
    if !alone {
        control(connection, "release savepoint command")?;
    }
    Ok(outcome)
}

/// Takes a block of a series in a transaction of its own.
pub(crate) fn lease(
    connection: &Connection,
    leases: &Leases,
    need: &StoreError,
) -> Result<(), StoreError> {
    let StoreError::LeaseNeeded { company_id, series, count } = need else { return Ok(()) };
    let params = crate::params![company_id, *series, count];
    let rows = query(connection, &tables::LEASE, &params)?;
    let next = rows.first().map_or_else(
        || Err(StoreError::Unusable("a lease answered nothing".to_owned())),
        |row| row.get::<i64>(0),
    )?;
    leases.add(*company_id, series, *count, next);
    Ok(())
}

/// A reader: answers reads, each on one snapshot.
pub(crate) fn read_loop(
    connection: &Connection,
    commands: &Receiver<Box<dyn Command>>,
    leases: &Arc<Leases>,
) {
    while let Ok(mut command) = commands.recv() {
        if command.expired() {
            command.answer(Some(StoreError::Busy));
            continue;
        }
        let error = match control(connection, "begin") {
            Ok(()) => {
                let mut tx = Tx::new(Link::Sqlite(connection), leases);
                let outcome = run_guarded(command.as_mut(), &mut tx);
                drop(tx);
                let ended = control(connection, "rollback").err();
                match outcome {
                    Outcome::Failed(error) => Some(error),
                    _ => ended,
                }
            }
            Err(error) => Some(error),
        };
        command.answer(error);
    }
}

/// The version of the SQLite that is built in.
#[must_use]
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// Copies one consistent state of a database to a new file, which is durable when this returns.
pub(crate) fn copy(file: &Path, target: &Path) -> Result<(), StoreError> {
    let connection = open_reader(file)?;
    let name = target.to_string_lossy().replace('\'', "''");
    connection
        .execute_batch(&format!("pragma query_only = off; vacuum into '{name}'"))
        .map_err(|error| translate("backup", &error))?;
    let synced = std::fs::File::open(target).and_then(|copy| copy.sync_all());
    synced.map_err(|error| StoreError::Unusable(format!("{}: {error}", target.display())))
}

/// Prepares a statement and tells its parameters and columns.
#[cfg(feature = "testing")]
pub(crate) fn describe(
    connection: &Connection,
    statement: &'static Statement,
) -> Result<(usize, Vec<String>), StoreError> {
    let rendered = statement.rendered(Engine::Sqlite);
    let prepared =
        connection.prepare(&rendered.sql).map_err(|error| translate(statement.name, &error))?;
    let columns = prepared.column_names().map(str::to_owned).collect();
    Ok((prepared.parameter_count(), columns))
}
