//! What every handler shares: the database and the clock.

use base::Timestamp;
use std::sync::Arc;
use store::Database;

/// The state of the HTTP door.
#[derive(Clone)]
pub struct App {
    /// Where everything is.
    pub database: Database,
    /// What time it is. A value of the server, so that a demo or a test can be in any year.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
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
        App { database, now: Arc::new(now) }
    }
}

fn machine_time() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}
