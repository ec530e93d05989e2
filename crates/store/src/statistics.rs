//! Fixed statistics for SQLite's planner.
//!
//! Without statistics SQLite takes every index whose first columns are given for a good one. Every
//! key here begins with the company, and a database has few companies: the index would lead through
//! the whole table. Gathered statistics (`analyze`) would follow the data, and with them the plans: a
//! young database would be planned for its emptiness. So each index gets the same figures for good,
//! as if every table were large and of one company; a statement's plan is then the same on the first
//! day and after a year. See `docs/decisions/0004-fixed-plans.md`.

use crate::StoreError;
use crate::sqlite::translate;
use rusqlite::Connection;

/// How many rows a table is taken to have.
const ROWS: i64 = 1_000_000;
/// A column that divides a table into few parts leaves one row of this many...
const WORD: i64 = 8;
/// ... and one that names a thing leaves one of this many.
const NAME: i64 = 5_000;
/// ... and of a whole company's rows the table's own key leaves so many, by which SQLite walks through
/// the table itself, and not through an index that leads into it row by row.
const WALKED: i64 = ROWS / 10 * 8;
/// What is left at the least when all columns of an index that is not unique are given.
const LEAST: i64 = 10;

/// Writes the figures of every index, unless they stand there already.
///
/// The table of statistics is made anew in the same transaction, so that connections that are open
/// read their schema, and with it the figures, again.
pub(crate) fn fix(connection: &Connection) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| translate("statistics", &error);
    let figures = figures(connection).map_err(failed)?;
    // Without the table there is nothing to read, and nothing stands there.
    if written(connection).is_ok_and(|written| written == figures) {
        return Ok(());
    }
    connection
        .execute_batch("begin immediate; drop table if exists sqlite_stat1; analyze sqlite_schema;")
        .map_err(failed)?;
    let ended = connection
        .prepare("insert into sqlite_stat1 (tbl, idx, stat) values (?1, ?2, ?3)")
        .and_then(|mut insert| {
            figures.into_iter().try_for_each(|figure| insert.execute(figure).map(|_| ()))
        })
        .and_then(|()| connection.execute_batch("commit; analyze sqlite_schema;"))
        .map_err(failed);
    if ended.is_err() && !connection.is_autocommit() {
        connection.execute_batch("rollback").map_err(failed)?;
    }
    ended
}

type Figure = (String, String, String);

/// The figures that the database has.
fn written(connection: &Connection) -> rusqlite::Result<Vec<Figure>> {
    let mut figures =
        connection.prepare("select tbl, idx, stat from sqlite_stat1 order by tbl, idx")?;
    figures.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
}

fn figures(connection: &Connection) -> rusqlite::Result<Vec<Figure>> {
    let mut indexes = connection.prepare(
        "select t.name, i.name, i.\"unique\", i.origin = 'pk' and t.wr
         from pragma_table_list as t join pragma_index_list(t.name) as i
         where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite_%'",
    )?;
    let mut columns = connection
        .prepare("select coalesce(name, '') from pragma_index_info(?1) order by seqno")?;
    let found = indexes.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?))
    })?;
    let mut figures = Vec::new();
    for index in found {
        let (table, name, unique, is_table): (String, String, bool, bool) = index?;
        let keys = columns.query_map([&name], |row| row.get::<_, String>(0))?;
        let keys: Vec<String> = keys.collect::<Result<_, _>>()?;
        // SQLite calls the key of a table without rowid by the table's own name.
        let called = if is_table { table.clone() } else { name };
        figures.push((table, called, figure(&keys, unique, is_table)));
    }
    figures.sort();
    Ok(figures)
}

/// The rows of a table, then the rows that are left when the first, the first two, ... columns of an
/// index are given.
fn figure(columns: &[String], unique: bool, is_table: bool) -> String {
    let mut left = ROWS;
    let mut figure = ROWS.to_string();
    for (i, column) in columns.iter().enumerate() {
        let share = match column.as_str() {
            "company_id" => 1,
            "warehouse_id" | "incoming" | "active" | "class" | "role" => WORD,
            word if word.ends_with("kind") || word.ends_with("state") => WORD,
            _ => NAME,
        };
        left = (left / share).max(LEAST);
        if is_table && left == ROWS {
            left = WALKED;
        }
        if unique && i + 1 == columns.len() {
            left = 1;
        }
        figure.push_str(&format!(" {left}"));
    }
    figure
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(columns: &[&str], unique: bool, is_table: bool) -> String {
        let columns: Vec<_> = columns.iter().map(|&column| column.to_owned()).collect();
        figure(&columns, unique, is_table)
    }

    #[test]
    fn a_company_alone_leaves_the_whole_table() {
        assert_eq!(of(&["company_id", "id"], true, false), "1000000 1000000 1");
        let kinds = ["company_id", "owner_kind", "owner_id"];
        assert_eq!(of(&kinds, false, false), "1000000 1000000 125000 25");
        let places = ["company_id", "item_id", "place_id"];
        assert_eq!(of(&places, false, false), "1000000 1000000 200 10");
    }

    #[test]
    fn the_table_itself_is_walked_rather_than_an_index_that_leads_into_it() {
        assert_eq!(of(&["company_id", "id"], true, true), "1000000 800000 1");
        assert_eq!(of(&["company_id"], true, true), "1000000 1");
    }
}
