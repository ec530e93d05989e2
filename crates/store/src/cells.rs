//! The cells of a set parameter, as SQLite reads them: a function of SQL that answers the n-th cell of
//! the set that is bound on its thread. Nothing is written as JSON and parsed again for each cell.

use crate::{Rows, Value};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, types};
use std::cell::RefCell;
use std::sync::Arc;

/// The function's name in a rendered statement.
pub(crate) const CELL: &str = "purser_cell";

thread_local! {
    /// The set of the statement that runs on this thread. One runs at a time: each is read to its end
    /// before the next begins.
    static BOUND: RefCell<Arc<Vec<Value>>> = RefCell::default();
}

/// A set that can be read as long as this lives.
pub(crate) struct Bound(());

impl Bound {
    /// Binds a set on this thread.
    pub(crate) fn new(rows: &Rows) -> Bound {
        BOUND.set(Arc::clone(&rows.values));
        Bound(())
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        BOUND.take();
    }
}

/// Teaches a connection what the rendered statements call: numbers in order, and the cells.
pub(crate) fn install(connection: &Connection) -> rusqlite::Result<()> {
    rusqlite::vtab::series::load_module(connection)?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function(CELL, 1, flags, |call| {
        let at: i64 = call.get(0)?;
        BOUND.with_borrow(|values| {
            let value = usize::try_from(at).ok().and_then(|at| values.get(at));
            value.map(owned).ok_or(rusqlite::Error::InvalidParameterName(format!("cell {at}")))
        })
    })
}

fn owned(value: &Value) -> types::Value {
    match value {
        Value::Null => types::Value::Null,
        Value::Int(int) => types::Value::Integer(*int),
        Value::Text(text) => types::Value::Text(text.clone()),
        Value::Bytes(bytes) => types::Value::Blob(bytes.clone()),
    }
}
