//! Statements: one text for both engines, with a handful of tokens.
//!
//! | token | SQLite | PostgreSQL |
//! | --- | --- | --- |
//! | `$1` | `?1` | `$1` |
//! | `{rows:d(a, b text, c bytes)}` | its cells, counted by `generate_series` | `unnest` of typed arrays |
//! | `{i64}` `{text}` `{bytes}` | `integer` `text` `blob` | `bigint` `text collate "C"` `bytea` |
//! | `{for_update}` `{for_share}` | nothing: there is one writer | `for update` `for share` |
//! | `{for_update:a}` `{for_share:a}` | nothing | `for update of a` `for share of a` |
//! | `{greatest}` `{least}` | `max` `min` | `greatest` `least` |
//! | `{table}` | `strict` | nothing |
//! | `{key_table}` | `strict, without rowid` | nothing |
//!
//! The set parameter always comes after the single ones. Its columns are integers unless the token
//! says `text` or `bytes`. Two habits keep one text valid on both engines: `where true` before
//! `on conflict` in an `insert ... select`, and `cast(sum(x) as {i64})` around sums.

use crate::cells::CELL;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Which database a text is rendered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// The embedded default, one file.
    Sqlite,
    /// Any number of nodes over one cluster.
    Postgres,
}

/// The kind of a set parameter's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit integers.
    Int,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// A statement as one engine reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The text.
    pub sql: String,
    /// How many single parameters come first.
    pub singles: usize,
    /// The kinds of the set parameter's columns, empty without one.
    pub set: Vec<Kind>,
}

/// A named statement, made by [`statements!`](crate::statements).
#[derive(Debug)]
pub struct Statement {
    /// The crate and constant, as `purchasing::INSERT_ORDER`.
    pub name: &'static str,
    /// The text with tokens.
    pub text: &'static str,
    rendered: [OnceLock<Rendered>; 2],
    runs: AtomicU64,
    nanos: AtomicU64,
}

impl Statement {
    /// A statement of this name and text.
    #[must_use]
    pub const fn new(name: &'static str, text: &'static str) -> Statement {
        Statement {
            name,
            text,
            rendered: [OnceLock::new(), OnceLock::new()],
            runs: AtomicU64::new(0),
            nanos: AtomicU64::new(0),
        }
    }

    /// How often this process has run the statement, and how long it waited for it. On PostgreSQL
    /// queued writes travel with the read after them, whose time is then that of the whole step.
    pub fn spent(&self) -> (u64, Duration) {
        (self.runs.load(Relaxed), Duration::from_nanos(self.nanos.load(Relaxed)))
    }

    /// Counts a run that began then.
    pub(crate) fn count(&self, began: Instant) {
        let nanos = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.runs.fetch_add(1, Relaxed);
        self.nanos.fetch_add(nanos, Relaxed);
    }

    /// The statement for an engine, rendered once.
    pub fn rendered(&'static self, engine: Engine) -> &'static Rendered {
        self.rendered[engine as usize].get_or_init(|| render(self.text, engine))
    }
}

/// Declares statements as documented constants and lists them all in `STATEMENTS`, so that one test
/// can prepare every one of them on both engines.
#[macro_export]
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$meta])* pub(crate) static $name: $crate::Statement =
            $crate::Statement::new(concat!(env!("CARGO_PKG_NAME"), "::", stringify!($name)), $text);)*
        /// Every statement above.
        pub(crate) static STATEMENTS: &[&$crate::Statement] = &[$(&$name),*];
        /// How many they are, for whoever joins those of several files.
        #[allow(dead_code)]
        pub(crate) const COUNT: usize = [$(stringify!($name)),*].len();
    };
}

/// The statements of several files as one list; `N` is their number in all.
#[must_use]
pub const fn joined<const N: usize>(sets: &[&[&'static Statement]]) -> [&'static Statement; N] {
    let mut all = [sets[0][0]; N];
    let (mut set, mut at, mut filled) = (0, 0, 0);
    while set < sets.len() {
        while at < sets[set].len() {
            all[filled] = sets[set][at];
            (at, filled) = (at + 1, filled + 1);
        }
        (set, at) = (set + 1, 0);
    }
    assert!(filled == N);
    all
}

/// Renders a text with tokens for an engine. Unknown tokens are left as they are, so that preparing
/// the statement fails loudly.
#[must_use]
pub fn render(text: &str, engine: Engine) -> Rendered {
    let singles = count_singles(text);
    let mut set = Vec::new();
    let mut sql = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find(['{', '$']) {
        sql.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('$') {
            sql.push(if engine == Engine::Sqlite { '?' } else { '$' });
            rest = after;
            continue;
        }
        let Some(end) = rest.find('}') else { break };
        let token = &rest[1..end];
        match token.strip_prefix("rows:") {
            Some(shape) => set = push_rows(&mut sql, shape, singles, engine),
            None => push_token(&mut sql, token, engine),
        }
        let is_set = token.starts_with("rows:");
        rest = &rest[end + 1..];
        let after = rest.trim_start();
        if is_set && engine == Engine::Sqlite && after.starts_with("join ") {
            // SQLite keeps the order of a cross join: it reads the set and looks each row up,
            // where it might else walk the whole table to spare a sort.
            sql.push_str(" cross ");
            rest = after;
        }
    }
    sql.push_str(rest);
    Rendered { sql, singles, set }
}

fn count_singles(text: &str) -> usize {
    text.split('$')
        .skip(1)
        .filter_map(|after| {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            after[..digits].parse::<usize>().ok()
        })
        .max()
        .unwrap_or(0)
}

fn push_token(sql: &mut String, token: &str, engine: Engine) {
    let sqlite = engine == Engine::Sqlite;
    let (word, of) = token.split_once(':').map_or((token, None), |(w, of)| (w, Some(of)));
    let text = match (word, sqlite) {
        ("i64", true) => "integer",
        ("i64", false) => "bigint",
        ("text", true) => "text",
        // In a cast it is the type alone; a column also states its order.
        ("text", false) if sql.trim_end().ends_with(" as") => "text",
        ("text", false) => "text collate \"C\"",
        ("bytes", true) => "blob",
        ("bytes", false) => "bytea",
        ("greatest", true) => "max",
        ("greatest", false) => "greatest",
        ("least", true) => "min",
        ("least", false) => "least",
        ("table", true) => "strict",
        ("key_table", true) => "strict, without rowid",
        ("for_update", false) => "for update",
        ("for_share", false) => "for share",
        ("table" | "key_table", false) | ("for_update" | "for_share", true) => "",
        _ => {
            sql.push('{');
            sql.push_str(token);
            sql.push('}');
            return;
        }
    };
    sql.push_str(text);
    if let (Some(alias), false) = (of, sqlite) {
        sql.push_str(" of ");
        sql.push_str(alias);
    }
}

/// Writes the set parameter's table expression and returns its columns' kinds.
fn push_rows(sql: &mut String, shape: &str, singles: usize, engine: Engine) -> Vec<Kind> {
    let (alias, columns) = shape
        .trim_end_matches(')')
        .split_once('(')
        .expect("a rows token is written {rows:alias(column, ...)}");
    let columns: Vec<(&str, Kind)> = columns
        .split(',')
        .map(|column| match column.trim().split_once(' ') {
            Some((name, "text")) => (name, Kind::Text),
            Some((name, "bytes")) => (name, Kind::Bytes),
            Some((name, other)) => panic!("column {name} of a rows token has kind {other}"),
            None => (column.trim(), Kind::Int),
        })
        .collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    match engine {
        Engine::Sqlite => {
            let picks: Vec<String> = columns
                .iter()
                .enumerate()
                .map(|(i, (name, _))| format!("{CELL}(e.value + {i}) as {name}"))
                .collect();
            let number = singles + 1;
            // The limit makes SQLite read the set once, before what it is joined with; without it
            // the cells are asked for again for every row of the other table.
            sql.push_str(&format!(
                "(select {} from generate_series(0, ?{number}, {}) as e limit -1) as {alias}",
                picks.join(", "),
                columns.len()
            ));
        }
        Engine::Postgres => {
            let arrays: Vec<String> = columns
                .iter()
                .enumerate()
                .map(|(i, (_, kind))| {
                    let array = match kind {
                        Kind::Int => "bigint[]",
                        Kind::Text => "text[]",
                        Kind::Bytes => "bytea[]",
                    };
                    format!("${}::{array}", singles + 1 + i)
                })
                .collect();
            sql.push_str(&format!(
                "unnest({}) as {alias}({})",
                arrays.join(", "),
                names.join(", ")
            ));
        }
    }
    columns.into_iter().map(|(_, kind)| kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_reads_differently_on_each_engine() {
        let text = "select d.a from {rows:d(a, b text)} where d.a > $1 {for_update:d}";
        let sqlite = render(text, Engine::Sqlite);
        assert_eq!(
            sqlite.sql.trim_end(),
            "select d.a from (select purser_cell(e.value + 0) as a, purser_cell(e.value + 1) as b \
             from generate_series(0, ?2, 2) as e limit -1) as d where d.a > ?1"
        );
        assert_eq!((sqlite.singles, sqlite.set.len()), (1, 2));
        let postgres = render(text, Engine::Postgres);
        assert_eq!(
            postgres.sql,
            "select d.a from unnest($2::bigint[], $3::text[]) as d(a, b) where d.a > $1 \
             for update of d"
        );
    }

    #[test]
    fn what_is_joined_with_a_set_is_looked_up_from_it() {
        let text = "select t.a from {rows:d(a)} join t on t.a = d.a order by t.a";
        assert!(render(text, Engine::Sqlite).sql.contains("as d cross join t on t.a = d.a"));
        assert!(render(text, Engine::Postgres).sql.contains("as d(a) join t on t.a = d.a"));
    }

    #[test]
    fn an_unknown_token_stays_and_fails_when_prepared() {
        assert_eq!(render("{nonsense}", Engine::Sqlite).sql, "{nonsense}");
    }
}
