//! PostgreSQL: one connection and statement cache per worker, under a synchronous facade.
//!
//! The statements of one step travel together: queued writes are sent ahead of the read that needs
//! them, in one round trip. The first step carries the `begin` as well.

use crate::command::{Command, Outcome, run_guarded};
use crate::growth::table_of;
use crate::lease::Leases;
use crate::metrics::Metrics;
use crate::statement::Kind;
use crate::tx::{Link, Pending, Tx, guard, parameter_count};
use crate::{ConstraintKind, Engine, Params, Row, Rows, Statement, StoreError, Value, tables};
use crossbeam_channel::Receiver;
use futures_util::future::join_all;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, NoTls};

/// How often a transaction is run again before its caller hears of it.
const ATTEMPTS: u32 = 12;

/// How a writer plans: from the rows that a verb names to the keys they have, whatever a table holds
/// today, and once for each statement. Readers plan by what the tables hold; a report may well scan.
const WRITER_PLANS: &str = "set enable_seqscan = off; set enable_hashjoin = off;
    set enable_mergejoin = off; set jit = off; set plan_cache_mode = force_generic_plan;";

/// One connection with its prepared statements.
pub(crate) struct PgLink {
    runtime: Runtime,
    client: Client,
    prepared: HashMap<usize, tokio_postgres::Statement>,
    /// The words that begin the transaction, until they are sent.
    begin: Option<&'static str>,
    /// How many rows the transaction has added, by table.
    added: HashMap<&'static str, u64>,
}

impl PgLink {
    pub(crate) fn open(url: &str) -> Result<PgLink, StoreError> {
        let unusable = |error: &dyn std::fmt::Display| {
            StoreError::Unusable(format!("cannot connect to PostgreSQL: {error}"))
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| unusable(&error))?;
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::warn!(%error, "a PostgreSQL connection ended");
                }
            });
            Ok(client)
        });
        let client = client.map_err(|error: tokio_postgres::Error| {
            unusable(&error.as_db_error().map_or_else(|| error.to_string(), |db| db.to_string()))
        })?;
        let (prepared, added) = (HashMap::new(), HashMap::new());
        Ok(PgLink { runtime, client, prepared, begin: None, added })
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Runs a script of statements without parameters.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.runtime
            .block_on(self.client.batch_execute(sql))
            .map_err(|error| translate("script", &error))
    }

    pub(crate) fn control(&mut self, words: &'static str) -> Result<(), StoreError> {
        let begin = self.begin.take();
        let client = &self.client;
        self.runtime
            .block_on(async {
                if let Some(begin) = begin {
                    client.batch_execute(begin).await?;
                }
                client.batch_execute(words).await
            })
            .map_err(|error| translate(words, &error))
    }

    fn prepare(&mut self, statement: &'static Statement) -> Result<(), StoreError> {
        let key = std::ptr::from_ref(statement) as usize;
        if !self.prepared.contains_key(&key) {
            let sql = &statement.rendered(Engine::Postgres).sql;
            let prepared = self
                .runtime
                .block_on(self.client.prepare(sql))
                .map_err(|error| translate(statement.name, &error))?;
            self.prepared.insert(key, prepared);
        }
        Ok(())
    }

    fn prepared(&self, statement: &'static Statement) -> &tokio_postgres::Statement {
        &self.prepared[&(std::ptr::from_ref(statement) as usize)]
    }

    #[cfg(feature = "testing")]
    /// Prepares a statement and tells its parameter types and columns: for the test that prepares
    /// all of them.
    pub(crate) fn describe(
        &mut self,
        statement: &'static Statement,
    ) -> Result<(usize, Vec<String>), StoreError> {
        self.prepare(statement)?;
        let prepared = self.prepared(statement);
        let columns = prepared.columns().iter().map(|c| c.name().to_owned()).collect();
        for (i, kind) in prepared.params().iter().enumerate() {
            let known = [Type::INT8, Type::TEXT, Type::BYTEA, Type::INT8_ARRAY]
                .into_iter()
                .chain([Type::TEXT_ARRAY, Type::BYTEA_ARRAY]);
            if !known.into_iter().any(|known| known == *kind) {
                return Err(StoreError::Engine {
                    statement: statement.name,
                    message: format!("parameter ${} is inferred as {kind}, cast it", i + 1),
                });
            }
        }
        for column in prepared.columns() {
            if ![Type::INT8, Type::INT4, Type::TEXT, Type::BYTEA, Type::BOOL]
                .contains(column.type_())
            {
                return Err(StoreError::Engine {
                    statement: statement.name,
                    message: format!("column {} is {}, cast it", column.name(), column.type_()),
                });
            }
        }
        Ok((prepared.params().len(), columns))
    }

    /// Sends the queued writes and then the read, all in one round trip.
    pub(crate) fn run(
        &mut self,
        pending: &[Pending],
        read: Option<(&'static Statement, &Params)>,
    ) -> Result<Option<Vec<Row>>, StoreError> {
        for pending in pending {
            self.prepare(pending.statement)?;
        }
        if let Some((statement, _)) = read {
            self.prepare(statement)?;
        }
        let writes: Vec<Bound> = pending
            .iter()
            .map(|pending| Bound::new(pending.statement, &pending.params))
            .collect::<Result<_, _>>()?;
        let bound_read = read.map(|(s, params)| Bound::new(s, params)).transpose()?;
        let begin = self.begin.take();
        let this = &*self;
        let client = &this.client;
        let (begun, written, answer) = this.runtime.block_on(async {
            let begun = async {
                match begin {
                    Some(words) => client.batch_execute(words).await,
                    None => Ok(()),
                }
            };
            let written = join_all(writes.iter().zip(pending).map(|(bound, pending)| {
                let statement = this.prepared(pending.statement);
                async move {
                    let params = bound.params();
                    client.execute(statement, &params).await
                }
            }));
            let answer = async {
                match (&bound_read, read) {
                    (Some(bound), Some((statement, _))) => {
                        let params = bound.params();
                        client.query(this.prepared(statement), &params).await.map(Some)
                    }
                    _ => Ok(None),
                }
            };
            tokio::join!(begun, written, answer)
        });
        begun.map_err(|error| translate("begin", &error))?;
        for (pending, affected) in pending.iter().zip(written) {
            let affected = affected.map_err(|error| translate(pending.statement.name, &error))?;
            guard(pending, affected)?;
            if let Some(table) = table_of(pending.statement.text) {
                *self.added.entry(table).or_default() += affected;
            }
        }
        let Some((statement, _)) = read else { return Ok(None) };
        let rows = answer.map_err(|error| translate(statement.name, &error))?.unwrap_or_default();
        let width = rows.first().map_or(0, tokio_postgres::Row::len);
        let mut cells = Vec::with_capacity(rows.len() * width);
        for row in &rows {
            decode(row, &mut cells)?;
        }
        Ok(Some(Row::all(cells, width)))
    }
}

/// Adds a row's cells to those of its answer.
fn decode(row: &tokio_postgres::Row, cells: &mut Vec<Value>) -> Result<(), StoreError> {
    for (i, column) in row.columns().iter().enumerate() {
        let kind = column.type_();
        let value = if *kind == Type::INT8 {
            row.try_get::<_, Option<i64>>(i).map(|v| v.map(Value::Int))
        } else if *kind == Type::INT4 {
            row.try_get::<_, Option<i32>>(i).map(|v| v.map(|v| Value::Int(i64::from(v))))
        } else if *kind == Type::BOOL {
            row.try_get::<_, Option<bool>>(i).map(|v| v.map(|v| Value::Int(i64::from(v))))
        } else if *kind == Type::BYTEA {
            row.try_get::<_, Option<Vec<u8>>>(i).map(|v| v.map(Value::Bytes))
        } else {
            row.try_get::<_, Option<String>>(i).map(|v| v.map(Value::Text))
        };
        let value = value.map_err(|_| StoreError::Decode {
            column: i,
            found: kind.to_string(),
            wanted: "bigint, text or bytea (cast it)",
        })?;
        cells.push(value.unwrap_or(Value::Null));
    }
    Ok(())
}

/// Parameters in the shape the driver wants: single values, then one array per set column.
struct Bound {
    boxes: Vec<Box<dyn ToSql + Sync + Send>>,
}

impl Bound {
    fn new(statement: &'static Statement, params: &Params) -> Result<Bound, StoreError> {
        let rendered = statement.rendered(Engine::Postgres);
        if !parameter_count(&params.values, rendered)
            || rendered.set.is_empty() != params.rows.is_none()
        {
            return Err(StoreError::Engine {
                statement: statement.name,
                message: format!(
                    "wants {} parameters and a set of {}, got {}",
                    rendered.singles,
                    rendered.set.len(),
                    params.values.len()
                ),
            });
        }
        let mut boxes: Vec<Box<dyn ToSql + Sync + Send>> =
            params.values.iter().map(|value| single(value.clone())).collect();
        if let Some(rows) = &params.rows {
            for (column, kind) in rendered.set.iter().enumerate() {
                boxes.push(array(rows, column, *kind, statement.name)?);
            }
        }
        Ok(Bound { boxes })
    }

    fn params(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.boxes.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect()
    }
}

#[derive(Debug)]
struct SqlNull;

impl ToSql for SqlNull {
    fn to_sql(
        &self,
        _: &Type,
        _: &mut bytes::BytesMut,
    ) -> Result<tokio_postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        Ok(tokio_postgres::types::IsNull::Yes)
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    tokio_postgres::types::to_sql_checked!();
}

fn single(value: Value) -> Box<dyn ToSql + Sync + Send> {
    match value {
        Value::Null => Box::new(SqlNull),
        Value::Int(int) => Box::new(int),
        Value::Text(text) => Box::new(text),
        Value::Bytes(bytes) => Box::new(bytes),
    }
}

fn array(
    rows: &Rows,
    column: usize,
    kind: Kind,
    statement: &'static str,
) -> Result<Box<dyn ToSql + Sync + Send>, StoreError> {
    let cells = rows.values.iter().skip(column).step_by(rows.width);
    let wrong = |value: &Value| StoreError::Engine {
        statement,
        message: format!("set column {column} holds {value:?} where {kind:?} is declared"),
    };
    Ok(match kind {
        Kind::Int => Box::new(
            cells
                .map(|value| match value {
                    Value::Null => Ok(None),
                    Value::Int(int) => Ok(Some(*int)),
                    other => Err(wrong(other)),
                })
                .collect::<Result<Vec<Option<i64>>, _>>()?,
        ),
        Kind::Text => Box::new(
            cells
                .map(|value| match value {
                    Value::Null => Ok(None),
                    Value::Text(text) => Ok(Some(text.clone())),
                    other => Err(wrong(other)),
                })
                .collect::<Result<Vec<Option<String>>, _>>()?,
        ),
        Kind::Bytes => Box::new(
            cells
                .map(|value| match value {
                    Value::Null => Ok(None),
                    Value::Bytes(bytes) => Ok(Some(bytes.clone())),
                    other => Err(wrong(other)),
                })
                .collect::<Result<Vec<Option<Vec<u8>>>, _>>()?,
        ),
    })
}

fn translate(statement: &'static str, error: &tokio_postgres::Error) -> StoreError {
    let Some(db) = error.as_db_error() else {
        let message = error.to_string();
        return if error.is_closed() || message.contains("connection") {
            StoreError::Retry(format!("connection lost: {message}"))
        } else {
            let cause = std::error::Error::source(error).map(ToString::to_string);
            let message = cause.map_or(message.clone(), |cause| format!("{message}: {cause}"));
            StoreError::Engine { statement, message }
        };
    };
    let constraint = |kind| StoreError::Constraint {
        statement,
        kind,
        detail: db.constraint().unwrap_or(db.message()).to_owned(),
    };
    let code = db.code();
    if *code == SqlState::T_R_DEADLOCK_DETECTED {
        StoreError::Retry(format!("deadlock: {}", db.message()))
    } else if *code == SqlState::T_R_SERIALIZATION_FAILURE
        || code.code().starts_with("08")
        || code.code().starts_with("57P")
    {
        StoreError::Retry(db.message().to_owned())
    } else if *code == SqlState::UNIQUE_VIOLATION {
        constraint(ConstraintKind::Unique)
    } else if *code == SqlState::CHECK_VIOLATION {
        constraint(ConstraintKind::Check)
    } else if *code == SqlState::FOREIGN_KEY_VIOLATION {
        constraint(ConstraintKind::ForeignKey)
    } else if *code == SqlState::NOT_NULL_VIOLATION {
        constraint(ConstraintKind::NotNull)
    } else if *code == SqlState::RAISE_EXCEPTION {
        constraint(ConstraintKind::Trigger)
    } else {
        StoreError::Engine { statement, message: format!("{} ({})", db.message(), code.code()) }
    }
}

/// What a worker does with its commands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Writer,
    Reader,
}

/// A worker: one connection, made again when it breaks, one command at a time.
pub(crate) fn work_loop(
    url: &str,
    role: Role,
    commands: &Receiver<Box<dyn Command>>,
    leases: &Arc<Leases>,
    metrics: &Metrics,
) {
    let mut link: Option<PgLink> = None;
    while let Ok(mut command) = commands.recv() {
        if command.expired() {
            command.answer(Some(StoreError::Busy));
            continue;
        }
        let error = run_command(url, role, &mut link, command.as_mut(), leases, metrics).err();
        command.answer(error);
        if let Some(link) = &mut link {
            let due = metrics.growth.note(&std::mem::take(&mut link.added));
            if !due.is_empty() {
                gather(link, &due);
            }
        }
    }
}

/// Runs one command until it commits, is refused, or has been tried often enough.
fn run_command(
    url: &str,
    role: Role,
    link: &mut Option<PgLink>,
    command: &mut dyn Command,
    leases: &Arc<Leases>,
    metrics: &Metrics,
) -> Result<(), StoreError> {
    let mut last = StoreError::Busy;
    let mut careful = false;
    let mut attempt = 0;
    while attempt < ATTEMPTS {
        if attempt > 0 {
            metrics.retries.fetch_add(1, Relaxed);
            std::thread::sleep(jitter(attempt));
        }
        let live = match link.take().filter(|link| !link.is_closed()) {
            Some(live) => link.insert(live),
            None => match open_as(role, url) {
                Ok(opened) => link.insert(opened),
                Err(error) => {
                    last = error;
                    attempt += 1;
                    continue;
                }
            },
        };
        if role == Role::Writer {
            for need in leases.low() {
                lease(live, leases, &need)?;
            }
        }
        match run_once(live, role, careful, command, leases, metrics) {
            Ok(()) => return Ok(()),
            // Each lease is larger than what the run had drawn, so this ends by itself.
            Err(need @ StoreError::LeaseNeeded { .. }) => lease(live, leases, &need)?,
            Err(StoreError::Refused) => careful = true,
            Err(StoreError::Retry(words)) => {
                metrics.deadlocks.fetch_add(u64::from(words.starts_with("deadlock")), Relaxed);
                last = StoreError::Retry(words);
                attempt += 1;
            }
            Err(error) => return Err(error),
        }
    }
    tracing::warn!(error = %last, "gave a transaction up");
    Err(match last {
        StoreError::Retry(_) => StoreError::Busy,
        other => other,
    })
}

fn open_as(role: Role, url: &str) -> Result<PgLink, StoreError> {
    let link = PgLink::open(url)?;
    if role == Role::Writer {
        link.batch(WRITER_PLANS)?;
    }
    Ok(link)
}

fn run_once(
    link: &mut PgLink,
    role: Role,
    careful: bool,
    command: &mut dyn Command,
    leases: &Arc<Leases>,
    metrics: &Metrics,
) -> Result<(), StoreError> {
    link.begin = Some(match role {
        Role::Writer => "begin",
        Role::Reader => "begin isolation level repeatable read read only",
    });
    link.added.clear();
    let mut tx = Tx::new(Link::Postgres(link), leases).careful(careful);
    let outcome = run_guarded(command, &mut tx);
    drop(tx);
    let begun = link.begin.take().is_none();
    if !matches!(outcome, Outcome::Commit) {
        link.added.clear();
    }
    match outcome {
        Outcome::Commit if !begun => Ok(()),
        Outcome::Commit => match link.control("commit") {
            Ok(()) => {
                metrics.commits.fetch_add(1, Relaxed);
                metrics.commands.fetch_add(1, Relaxed);
                Ok(())
            }
            Err(StoreError::Retry(_)) if link.is_closed() && !command.keyed() => {
                Err(StoreError::OutcomeUnknown)
            }
            Err(error) => Err(error),
        },
        refused => {
            if begun {
                let _ = link.control("rollback");
            }
            match refused {
                Outcome::Failed(error) => Err(error),
                _ => Ok(()),
            }
        }
    }
}

/// Gathers statistics of tables. A small sample tells how large they are and what their columns hold, and
/// takes a tenth of the time. A table that another connection looks at is left out.
fn gather(link: &PgLink, tables: &[&str]) {
    // One after the other, for in one script they would be one transaction that holds every table.
    let look = format!("analyze (skip_locked) {}", tables.join(", "));
    let steps = ["set default_statistics_target = 10", &look, "reset default_statistics_target"];
    for step in steps {
        if let Err(error) = link.batch(step) {
            tracing::warn!(%error, "no statistics were gathered; the server will do it by itself");
        }
    }
}

fn lease(link: &mut PgLink, leases: &Leases, need: &StoreError) -> Result<(), StoreError> {
    let StoreError::LeaseNeeded { company_id, series, count } = need else { return Ok(()) };
    link.begin = None;
    let params = crate::params![company_id, *series, count];
    let rows = link.run(&[], Some((&tables::LEASE, &params)))?.unwrap_or_default();
    let next = rows.first().map_or_else(
        || Err(StoreError::Unusable("a lease answered nothing".to_owned())),
        |row| row.get::<i64>(0),
    )?;
    leases.add(*company_id, series, *count, next);
    Ok(())
}

/// A growing, uneven pause: two transactions that met once should not meet again.
fn jitter(attempt: u32) -> Duration {
    let mut byte = [0_u8; 1];
    let _ = getrandom::fill(&mut byte);
    Duration::from_micros(u64::from(byte[0]) * 40 * u64::from(attempt.min(8)))
}

/// Refuses a cluster that may forget what it acknowledged.
pub(crate) fn assert_durable(link: &mut PgLink) -> Result<(), StoreError> {
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let answer = link
            .runtime
            .block_on(link.client.simple_query(&format!("show {setting}")))
            .map_err(|error| translate("show", &error))?;
        let off = answer.iter().any(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0) == Some("off"),
            _ => false,
        });
        if off {
            return Err(StoreError::Unusable(format!(
                "PostgreSQL runs with {setting} = off and can lose acknowledged work; \
                 set it on, or pass --unsafe-durability for scratch work"
            )));
        }
    }
    Ok(())
}

impl PgLink {
    /// How many rows the planner takes a table to have.
    #[cfg(feature = "testing")]
    pub(crate) fn rows_expected(&self, table: &str) -> Result<Option<i64>, StoreError> {
        let text = "select cast(reltuples as bigint) from pg_class where relname = $1";
        let row = self.runtime.block_on(self.client.query_opt(text, &[&table]));
        Ok(row.map_err(|error| translate("rows expected", &error))?.map(|row| row.get(0)))
    }

    /// The migrations that ran, with their checksums.
    pub(crate) fn known_migrations(&self) -> Result<HashMap<(String, String), String>, StoreError> {
        let rows = self
            .runtime
            .block_on(
                self.client.query("select schema_name, file, checksum from store_migration", &[]),
            )
            .map_err(|error| translate("migration", &error))?;
        Ok(rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect())
    }
}
