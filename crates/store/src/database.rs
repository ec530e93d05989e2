//! A database on either engine: open it, bring its schema up to date, read and write.

use crate::command::{Command, Typed};
use crate::lease::Leases;
use crate::metrics::{Counts, Metrics};
use crate::postgres::{self, PgLink, Role};
use crate::{Engine, Schema, StoreError, Tx, sqlite};
use crossbeam_channel::{Sender, TrySendError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// How a database is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Accept settings under which a power cut may lose acknowledged work. For tests and scratch.
    pub unsafe_durability: bool,
    /// PostgreSQL connections that write. SQLite has one writer.
    pub writers: usize,
    /// Connections that read.
    pub readers: usize,
    /// How many commands may wait before others are turned away.
    pub queue: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { unsafe_durability: false, writers: 16, readers: 4, queue: 4096 }
    }
}

/// Where a database lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    File(PathBuf),
    Postgres(String),
}

struct Inner {
    location: Location,
    options: Options,
    metrics: Arc<Metrics>,
    writes: Mutex<Option<Sender<Box<dyn Command>>>>,
    reads: Mutex<Option<Sender<Box<dyn Command>>>>,
    workers: Mutex<Vec<JoinHandle<()>>>,
    /// Removed with the last handle: the folder of `sqlite::memory:`.
    scratch: Option<PathBuf>,
}

/// A handle on an open database; clones share its workers.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("location", &self.inner.location).finish_non_exhaustive()
    }
}

impl Database {
    /// Opens `sqlite:PATH`, `sqlite::memory:` (a private file in a temporary folder) or
    /// `postgres://...`. The schema is left as it is, see [`Database::migrate`].
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when the address is not understood, the database cannot be reached,
    /// or its settings can lose acknowledged work and `unsafe_durability` is not given.
    pub fn open(url: &str, options: Options) -> Result<Database, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Database::start(Location::Postgres(url.to_owned()), options, None);
        }
        match url.strip_prefix("sqlite:") {
            Some(":memory:") => {
                let folder = scratch_folder()?;
                let file = folder.join("purser.db");
                let options = Options { unsafe_durability: true, ..options };
                Database::start(Location::File(file), options, Some(folder))
            }
            Some(path) if !path.is_empty() => {
                let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
                if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder).map_err(|error| {
                        StoreError::Unusable(format!("cannot create {}: {error}", folder.display()))
                    })?;
                }
                Database::start(Location::File(path), options, None)
            }
            _ => Err(StoreError::Unusable(format!(
                "the database address {url:?} is not understood; \
                 use sqlite:PATH, sqlite::memory: or postgres://user@host/name"
            ))),
        }
    }

    fn start(
        location: Location,
        options: Options,
        scratch: Option<PathBuf>,
    ) -> Result<Database, StoreError> {
        let (writes, write_queue) = crossbeam_channel::bounded(options.queue);
        let (reads, read_queue) = crossbeam_channel::bounded(options.queue);
        let leases = Arc::new(Leases::default());
        let metrics = Arc::new(Metrics::default());
        let mut workers = Vec::new();
        match &location {
            Location::File(path) => {
                let writer = sqlite::open_writer(path, !options.unsafe_durability)?;
                let (shared, counts) = (leases.clone(), metrics.clone());
                workers.push(spawn("writer", move || {
                    sqlite::write_loop(&writer, &write_queue, &shared, &counts);
                })?);
                for _ in 0..options.readers.max(1) {
                    let reader = sqlite::open_reader(path)?;
                    let (queue, shared) = (read_queue.clone(), leases.clone());
                    workers.push(spawn("reader", move || {
                        sqlite::read_loop(&reader, &queue, &shared);
                    })?);
                }
            }
            Location::Postgres(url) => {
                let mut link = PgLink::open(url)?;
                if !options.unsafe_durability {
                    postgres::assert_durable(&mut link)?;
                }
                drop(link);
                let roles = [
                    (Role::Writer, options.writers.max(1), write_queue),
                    (Role::Reader, options.readers.max(1), read_queue),
                ];
                for (role, count, queue) in roles {
                    for _ in 0..count {
                        let (url, queue) = (url.clone(), queue.clone());
                        let (shared, counts) = (leases.clone(), metrics.clone());
                        workers.push(spawn("worker", move || {
                            postgres::work_loop(&url, role, &queue, &shared, &counts);
                        })?);
                    }
                }
            }
        }
        Ok(Database {
            inner: Arc::new(Inner {
                location,
                options,
                metrics,
                writes: Mutex::new(Some(writes)),
                reads: Mutex::new(Some(reads)),
                workers: Mutex::new(workers),
                scratch,
            }),
        })
    }

    /// Which engine the database runs on.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.inner.location {
            Location::File(_) => Engine::Sqlite,
            Location::Postgres(_) => Engine::Postgres,
        }
    }

    /// The file of a SQLite database.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.inner.location {
            Location::File(path) => Some(path),
            Location::Postgres(_) => None,
        }
    }

    /// Copies a SQLite database to a new file while it is in use: one consistent state of it.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when the file exists, or the database is not SQLite.
    pub fn copy_to(&self, target: &Path) -> Result<(), StoreError> {
        let Some(file) = self.file() else {
            return Err(StoreError::Unusable("only a SQLite database is one file".to_owned()));
        };
        if target.exists() {
            let target = target.display();
            return Err(StoreError::Unusable(format!("{target} exists; choose another file")));
        }
        sqlite::copy(file, target)
    }

    /// Whether settings are accepted that can lose acknowledged work.
    #[must_use]
    pub fn unsafe_durability(&self) -> bool {
        self.inner.options.unsafe_durability
    }

    /// What the store has counted since it was opened.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.inner.metrics.counts()
    }

    pub(crate) fn location(&self) -> &Location {
        &self.inner.location
    }

    /// Runs the migrations of `schema` and all below it that have not run yet.
    ///
    /// # Errors
    /// See [`crate::migrate`].
    pub fn migrate(&self, schema: &'static Schema) -> Result<Vec<String>, StoreError> {
        crate::migrate::migrate(self, schema)
    }

    /// Runs `work` in a transaction and waits for its answer: committed when it is `Ok`, rolled back
    /// when it is `Err`. `work` may run more than once and must not act outside its transaction.
    ///
    /// # Errors
    /// What `work` refuses, or the store's own error.
    pub fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        received(self.send(&self.inner.writes, work, false, true))
    }

    /// As [`Database::write`], for asynchronous callers: a full queue answers [`StoreError::Busy`].
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn submit<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        awaited(self.send(&self.inner.writes, work, false, false)).await
    }

    /// As [`Database::submit`] for work that a request key guards: it is safe to run again after a
    /// commit of unknown outcome.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn submit_keyed<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        awaited(self.send(&self.inner.writes, work, true, false)).await
    }

    pub(crate) fn write_keyed<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        received(self.send(&self.inner.writes, work, true, true))
    }

    /// Runs `work` on one snapshot and waits for its answer. It cannot write.
    ///
    /// # Errors
    /// What `work` refuses, or the store's own error.
    pub fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        received(self.send(&self.inner.reads, work, false, true))
    }

    /// As [`Database::read`], for asynchronous callers.
    ///
    /// # Errors
    /// As [`Database::read`].
    pub async fn look<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        awaited(self.send(&self.inner.reads, work, false, false)).await
    }

    fn send<T, E, F>(
        &self,
        queue: &Mutex<Option<Sender<Box<dyn Command>>>>,
        work: F,
        keyed: bool,
        patient: bool,
    ) -> Result<oneshot::Receiver<Result<T, E>>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let sender = queue
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
            .ok_or_else(|| StoreError::Unusable("the database was closed".to_owned()))?;
        let (command, receiver) = Typed::new(work, keyed, patient);
        let command: Box<dyn Command> = Box::new(command);
        if patient {
            sender.send(command).map_err(|_| StoreError::Panicked)?;
            return Ok(receiver);
        }
        match sender.try_send(command) {
            Ok(()) => Ok(receiver),
            Err(TrySendError::Full(_)) => {
                self.inner.metrics.busy.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                Err(StoreError::Busy)
            }
            Err(TrySendError::Disconnected(_)) => Err(StoreError::Panicked),
        }
    }

    /// How many commands wait to be written.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let queue = self.inner.writes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        queue.as_ref().map_or(0, Sender::len)
    }

    /// Takes no more work, finishes what waits, and closes the connections.
    pub fn close(&self) {
        self.inner.close();
    }
}

impl Inner {
    fn close(&self) {
        for queue in [&self.writes, &self.reads] {
            queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        }
        let workers = std::mem::take(
            &mut *self.workers.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        );
        for worker in workers {
            if worker.join().is_err() {
                tracing::error!("a database worker ended in a panic");
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
        if let Some(folder) = &self.scratch {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn received<T, E: From<StoreError>>(
    sent: Result<oneshot::Receiver<Result<T, E>>, StoreError>,
) -> Result<T, E> {
    sent?.blocking_recv().unwrap_or_else(|_| Err(StoreError::Panicked.into()))
}

async fn awaited<T, E: From<StoreError>>(
    sent: Result<oneshot::Receiver<Result<T, E>>, StoreError>,
) -> Result<T, E> {
    sent?.await.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    std::thread::Builder::new()
        .name(format!("purser-{name}"))
        .spawn(work)
        .map_err(|error| StoreError::Unusable(format!("cannot start a thread: {error}")))
}

fn scratch_folder() -> Result<PathBuf, StoreError> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes)
        .map_err(|error| StoreError::Unusable(format!("no randomness: {error}")))?;
    let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let folder = std::env::temp_dir().join(format!("purser-{name}"));
    std::fs::create_dir_all(&folder).map_err(|error| {
        StoreError::Unusable(format!("cannot create a scratch folder: {error}"))
    })?;
    Ok(folder)
}

/// Asks whether the database answers and is migrated.
///
/// # Errors
/// The engine's own.
pub fn ping(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.query(&crate::tables::PING, crate::params![]).map(|_| ())
}
