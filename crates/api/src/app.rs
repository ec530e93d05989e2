//! What every handler shares: the database and the clock.

use crate::doorkeeper::Doorkeeper;
use crate::files::File;
use crate::left::Left;
use crate::progress::Progress;
use base::Timestamp;
use std::sync::Arc;
use store::Database;
use tokio::sync::watch;

/// Finds a file by its path.
type Finder = dyn Fn(&str) -> Option<File> + Send + Sync;

/// The state of the HTTP door.
#[derive(Clone)]
pub struct App {
    /// Where everything is.
    pub database: Database,
    /// What time it is. A value of the server, so that a demo or a test can be in any year.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Whether browsers reach it by TLS, so that they keep the session's cookie from all else.
    pub(crate) secure: bool,
    /// The web UI's files by their path, such as `index.html`.
    pub(crate) files: Arc<Finder>,
    pub(crate) doorkeeper: Arc<Doorkeeper>,
    pub(crate) left: Arc<Left>,
    pub(crate) progress: Arc<Progress>,
    /// Tells streams, which have no end of their own, that the server stops.
    closing: Arc<watch::Sender<bool>>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("database", &self.database).finish_non_exhaustive()
    }
}

impl App {
    /// The door over a database, with the machine's clock.
    #[must_use]
    pub fn new(database: Database) -> App {
        App::with_clock(database, machine_time)
    }

    /// The door over a database, with another clock.
    #[must_use]
    pub fn with_clock(
        database: Database,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> App {
        App {
            database,
            now: Arc::new(now),
            secure: false,
            files: Arc::new(|_| None),
            doorkeeper: Arc::default(),
            left: Arc::default(),
            progress: Arc::default(),
            closing: Arc::new(watch::Sender::new(false)),
        }
    }

    /// The door as browsers reach it by TLS, its own or a proxy's.
    #[must_use]
    pub fn over_tls(self, secure: bool) -> App {
        App { secure, ..self }
    }

    /// What ends every stream once the server stops.
    pub fn end_streams(&self) -> impl FnOnce() + Send + use<> {
        let closing = Arc::clone(&self.closing);
        move || {
            closing.send_replace(true);
        }
    }

    /// Hears when the server stops.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// The door with a web UI.
    #[must_use]
    pub fn with_files(self, files: impl Fn(&str) -> Option<File> + Send + Sync + 'static) -> App {
        App { files: Arc::new(files), ..self }
    }
}

fn machine_time() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}
