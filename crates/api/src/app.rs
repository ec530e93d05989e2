//! What every handler shares: the database and the clock.

use base::Timestamp;
use store::Database;

/// The state of the HTTP door.
#[derive(Clone, Debug)]
pub struct App {
    /// Where everything is.
    pub database: Database,
    /// What time it is. A value of the server, so that a test can be in any year.
    pub now: fn() -> Timestamp,
}

impl App {
    /// The door over a database, with the machine's clock.
    #[must_use]
    pub fn new(database: Database) -> App {
        App { database, now: machine_time }
    }
}

fn machine_time() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}
