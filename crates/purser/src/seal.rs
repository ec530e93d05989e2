//! The sealer: while a server runs, the audit trail is sealed every few seconds. Each node has one;
//! they wait for one another and do no work twice.

use crate::place;
use crate::worker::Worker;
use std::time::Duration;
use store::Database;

/// How long the sealer rests between its rounds.
const REST: Duration = Duration::from_secs(5);

/// Starts sealing the audit trails of all companies of a database. Its last round seals what was
/// written while requests under way came to their end.
pub(crate) fn start(database: &Database) -> Worker {
    let database = database.clone();
    Worker::start("sealer", REST, move |_| seal_all(&database))
}

/// One round. What fails is told and tried again in the next.
fn seal_all(database: &Database) {
    let companies = match place::companies(database) {
        Ok(companies) => companies,
        Err(failure) => return tracing::warn!(%failure, "the audit trail was not sealed"),
    };
    for (company, _) in companies {
        match database.seal_trail(company) {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "sealed rows of the audit trail"),
            Err(error) => tracing::warn!(%error, "the audit trail was not sealed"),
        }
    }
}
