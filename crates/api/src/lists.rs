//! The lists of the API without HTTP, for whoever writes them to files.

use crate::export::{as_csv, as_xlsx};
use crate::route::ListDoor;
use crate::routes::routes;
use base::Problem;
use identity::Ctx;
use serde_json::Value;
use std::collections::BTreeMap;
use store::Tx;

/// Every list of the API by its name: the path below `/api/v1`, as in `purchase-orders`.
pub struct Lists(BTreeMap<&'static str, ListDoor>);

impl std::fmt::Debug for Lists {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl Default for Lists {
    fn default() -> Lists {
        Lists::new()
    }
}

impl Lists {
    /// All of them.
    #[must_use]
    pub fn new() -> Lists {
        let named = |(path, list): (&'static str, ListDoor)| (path.trim_start_matches('/'), list);
        Lists(routes().lists.into_iter().map(named).collect())
    }

    /// Their names.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }

    /// All lines of a list as they are in JSON, for filters as in a query. `told` hears after every
    /// page how many lines were read.
    ///
    /// # Errors
    /// A problem when there is no such list, or a filter is not understood.
    pub fn read(
        &self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        name: &str,
        filters: &[(String, String)],
        mut told: impl FnMut(usize),
    ) -> Result<Vec<Value>, Problem> {
        let list = self.0.get(name).ok_or_else(|| {
            let names = self.names().join(", ");
            Problem::not_found(
                "unknown_list",
                format!("there is no list {name:?}; there are {names}"),
            )
        })?;
        let mut pairs = filters.to_vec();
        let mut lines = Vec::new();
        loop {
            let page = list(tx, ctx, &pairs).map_err(|error| error.0)?;
            lines.extend(page.lines);
            told(lines.len());
            let Some(next) = page.next_cursor else { return Ok(lines) };
            pairs.retain(|(name, _)| name != "cursor");
            pairs.push(("cursor".to_owned(), next));
        }
    }
}

/// Lines of a list as one CSV document, as `format=csv` gives them.
///
/// # Errors
/// A problem when they cannot be written, which is a fault of the program.
pub fn to_csv(lines: &[Value]) -> Result<Vec<u8>, Problem> {
    as_csv(lines).map_err(|error| base::Rule::problem(&error))
}

/// Lines of a list as a workbook of one sheet, as `format=xlsx` gives them.
///
/// # Errors
/// A problem when there are more lines than a sheet has, or they cannot be written.
pub fn to_xlsx(lines: &[Value]) -> Result<Vec<u8>, Problem> {
    as_xlsx(lines).map_err(|error| error.0)
}
