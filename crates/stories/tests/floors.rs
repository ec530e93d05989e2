//! The house rules that a compiler does not hold: floors, who writes which table, which columns are
//! published, where SQL may stand, and which words and numbers do not belong here.
#![allow(missing_docs)]

use sqlparser::ast::{
    Expr, Query, SelectItem, SetExpr, Statement as Sql, TableFactor, TableObject, Visit, Visitor,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use store::{Engine, Schema, Statement};

/// The floors of `ARCHITECTURE.md`. Crates of one floor do not import each other, but for what
/// stands beside the house.
const FLOORS: &[(&str, &[&str])] = &[
    ("0", &["base"]),
    ("1", &["store", "tabular"]),
    ("2", &["identity"]),
    ("3", &["catalog", "documents", "jobs", "mail", "partners", "webhooks"]),
    ("4a", &["accounting"]),
    ("4b", &["payments", "valuation"]),
    ("4c", &["stock"]),
    ("5a", &["purchasing", "sales", "counting"]),
    ("5b", &["fulfilment", "opening", "picking", "quality", "receiving"]),
    ("6", &["planning"]),
    ("7a", &["paperwork"]),
    ("7b", &["reconcile"]),
    ("8", &["api"]),
    ("9", &["purser"]),
];
/// Crates that use the doors like anyone, and may be used by the binary.
const BESIDE: &[&str] = &["scenario", "demo", "bench", "stories"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|(_, crates)| crates.contains(&name))
}

fn crates() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join("crates"))
        .expect("crates/")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn every_crate_stands_on_a_floor_and_imports_only_from_below() {
    let names = crates();
    for name in &names {
        let manifest = fs::read_to_string(root().join("crates").join(name).join("Cargo.toml"))
            .expect("a manifest");
        let dependencies = manifest
            .split("[dependencies]")
            .nth(1)
            .map_or("", |rest| rest.split("\n[").next().unwrap_or(""));
        let imported: Vec<&str> = dependencies
            .lines()
            .filter_map(|line| line.split(['=', '.', ' ']).next())
            .filter(|dependency| names.iter().any(|other| other == dependency))
            .collect();
        if BESIDE.contains(&name.as_str()) {
            continue;
        }
        let own = floor(name).unwrap_or_else(|| panic!("crate {name} stands on no floor"));
        for dependency in imported {
            let below = floor(dependency).is_some_and(|floor| floor < own);
            let beside = name == "purser" && BESIDE.contains(&dependency);
            assert!(below || beside, "{name} must not import {dependency}");
        }
    }
}

#[test]
fn sql_stands_only_in_tables_and_checks() {
    let verbs = ["select ", "insert into ", "update ", "delete from ", "with "];
    for name in crates().iter().filter(|name| *name != "store" && *name != "stories") {
        for file in rust_files(&root().join("crates").join(name).join("src")) {
            let path = file.to_string_lossy().into_owned();
            let allowed = path.ends_with("/tables.rs")
                || path.contains("/tables/")
                || path.ends_with("/checks.rs")
                || (name == "bench" && path.ends_with("/floor.rs"));
            if allowed {
                continue;
            }
            let text = fs::read_to_string(&file).expect("a source file");
            for (number, line) in text.lines().enumerate() {
                let sql = line.split('"').skip(1).step_by(2).any(|literal| {
                    let literal = literal.trim_start();
                    verbs.iter().any(|verb| {
                        literal.starts_with(verb)
                            && (literal.contains(" from ")
                                || literal.contains(" set ")
                                || literal.starts_with("insert into ")
                                || literal.starts_with("delete from "))
                    })
                });
                assert!(!sql, "{path}:{}: SQL belongs in tables.rs", number + 1);
            }
        }
    }
}

#[test]
fn no_float_stands_under_money_or_goods() {
    for (floor, names) in FLOORS.iter().take_while(|(floor, _)| *floor != "7a") {
        for name in *names {
            for file in rust_files(&root().join("crates").join(name).join("src")) {
                let text = fs::read_to_string(&file).expect("a source file");
                for (number, line) in text.lines().enumerate() {
                    let code = line.split("//").next().unwrap_or("");
                    let float = code
                        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                        .any(|word| word == "f64" || word == "f32");
                    assert!(!float, "floor {floor}, {}:{}", file.display(), number + 1);
                }
            }
        }
    }
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    for name in crates() {
        for file in rust_files(&root().join("crates").join(&name)) {
            let lines = fs::read_to_string(&file).expect("a source file").lines().count();
            assert!(lines <= 800, "{} has {lines} lines", file.display());
        }
    }
}

/// Tables with their columns, from the migrations themselves.
fn tables() -> BTreeMap<String, BTreeSet<String>> {
    let mut tables = BTreeMap::new();
    for schema in reconcile::SCHEMA.in_order() {
        for migration in schema.migrations {
            let text = store::statement::render(migration.text, Engine::Postgres).sql;
            for sql in Parser::parse_sql(&PostgreSqlDialect {}, &text).expect("a migration parses")
            {
                if let Sql::CreateTable(table) = sql {
                    let columns = table.columns.iter().map(|c| c.name.value.clone()).collect();
                    tables.insert(table.name.to_string(), columns);
                }
            }
        }
    }
    tables
}

/// The columns that a crate's README publishes.
fn published() -> BTreeMap<String, BTreeSet<String>> {
    let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in crates() {
        let readme = root().join("crates").join(&name).join("README.md");
        let text = fs::read_to_string(readme).unwrap_or_default();
        let Some(list) = text.split("## Columns published").nth(1) else { continue };
        let list = list.split("\n## ").next().unwrap_or("");
        for line in list.lines().filter_map(|line| line.trim().strip_prefix("- ")) {
            let Some((table, names)) = line.split_once(':') else { continue };
            let names =
                names.split(',').map(|name| name.trim().trim_matches(['`', '.']).to_owned());
            columns.entry(table.trim().trim_matches('`').to_owned()).or_default().extend(names);
        }
    }
    columns
}

/// What a statement touches.
#[derive(Default)]
struct Touched {
    /// Alias to table names; an alias may stand for several in sub-queries.
    aliases: BTreeMap<String, BTreeSet<String>>,
    written: BTreeSet<String>,
    locked: BTreeSet<String>,
    qualified: BTreeSet<(String, String)>,
    bare: BTreeSet<String>,
    named: BTreeSet<String>,
}

impl Touched {
    fn of(statement: &'static Statement) -> Touched {
        let sql = without_conflict_condition(&statement.rendered(Engine::Postgres).sql);
        let parsed = Parser::parse_sql(&PostgreSqlDialect {}, &sql)
            .unwrap_or_else(|error| panic!("{}: {error}\n{sql}", statement.name));
        let mut touched = Touched::default();
        for sql in &parsed {
            let _ = sql.visit(&mut touched);
        }
        touched
    }

    fn table(&mut self, name: String, alias: Option<String>) {
        self.aliases.entry(alias.unwrap_or_else(|| name.clone())).or_default().insert(name);
    }
}

impl Visitor for Touched {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Sql) -> ControlFlow<()> {
        match statement {
            Sql::Insert(insert) => {
                if let TableObject::TableName(name) = &insert.table {
                    self.written.insert(name.to_string());
                    self.table(name.to_string(), None);
                }
            }
            Sql::Update(update) => {
                if let TableFactor::Table { name, .. } = &update.table.relation {
                    self.written.insert(name.to_string());
                }
            }
            Sql::Delete(delete) => {
                let words = delete.to_string();
                let name = words.split_whitespace().nth(2).unwrap_or_default();
                self.written.insert(name.to_owned());
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                self.table(name.to_string(), alias.as_ref().map(|alias| alias.name.value.clone()));
            }
            other => {
                if let Some(alias) = other.to_string().rsplit(" AS ").next() {
                    let name = alias.split('(').next().unwrap_or("").trim().to_owned();
                    self.named.insert(name);
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if let SetExpr::Select(select) = &*query.body {
            for item in &select.projection {
                if let SelectItem::ExprWithAlias { alias, .. } = item {
                    self.named.insert(alias.value.clone());
                }
            }
            for lock in &query.locks {
                let all = select.from.iter().flat_map(|from| {
                    std::iter::once(&from.relation).chain(from.joins.iter().map(|j| &j.relation))
                });
                for factor in all {
                    if let TableFactor::Table { name, alias, args: None, .. } = factor {
                        let alias = alias.as_ref().map(|alias| alias.name.value.clone());
                        let of = lock.of.as_ref().map(ToString::to_string);
                        if of.is_none() || of == Some(alias.unwrap_or_else(|| name.to_string())) {
                            self.locked.insert(name.to_string());
                        }
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::CompoundIdentifier(parts) if parts.len() == 2 => {
                self.qualified.insert((parts[0].value.clone(), parts[1].value.clone()));
            }
            Expr::Identifier(name) => {
                self.bare.insert(name.value.clone());
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// The parser does not know the condition of a partial index in a conflict target.
fn without_conflict_condition(sql: &str) -> String {
    let Some((before, after)) = sql.split_once("on conflict (") else { return sql.to_owned() };
    let Some((target, rest)) = after.split_once(')') else { return sql.to_owned() };
    match (rest.trim_start().strip_prefix("where "), rest.find(" do ")) {
        (Some(_), Some(at)) => format!("{before}on conflict ({target}){}", &rest[at..]),
        _ => sql.to_owned(),
    }
}

fn owner(table: &str) -> &str {
    table.split('_').next().unwrap_or(table)
}

fn all_statements() -> Vec<(&'static Schema, &'static Statement)> {
    let mut all = Vec::new();
    for schema in reconcile::SCHEMA.in_order() {
        all.extend(schema.statements.iter().map(|statement| (schema, *statement)));
        all.extend(schema.checks.iter().map(|check| (schema, &check.statement)));
    }
    all
}

#[test]
fn only_the_owner_writes_or_locks_a_table() {
    for (schema, statement) in all_statements() {
        let touched = Touched::of(statement);
        for table in touched.written.iter().chain(&touched.locked) {
            assert_eq!(owner(table), schema.name, "{} touches {table}", statement.name);
        }
    }
}

#[test]
fn other_crates_read_only_published_columns() {
    let (tables, published) = (tables(), published());
    for (schema, statement) in all_statements() {
        let touched = Touched::of(statement);
        let own = |table: &str| owner(table) == schema.name || !tables.contains_key(table);
        let open = |table: &str, column: &str| {
            own(table) || published.get(table).is_some_and(|columns| columns.contains(column))
        };
        for (alias, column) in &touched.qualified {
            let Some(meant) = touched.aliases.get(alias) else { continue };
            assert!(
                meant.iter().any(|table| open(table, column)),
                "{} reads {meant:?}.{column}, which is not published",
                statement.name
            );
        }
        let foreign: Vec<&String> =
            touched.aliases.values().flatten().filter(|table| !own(table)).collect();
        if foreign.is_empty() {
            continue;
        }
        for column in touched.bare.iter().filter(|column| !touched.named.contains(*column)) {
            let mine =
                touched.aliases.values().flatten().any(|table| {
                    own(table) && tables.get(table).is_some_and(|c| c.contains(column))
                });
            let theirs: Vec<_> =
                foreign.iter().filter(|table| tables[table.as_str()].contains(column)).collect();
            assert!(
                mine || theirs.iter().all(|table| open(table, column)),
                "{} reads {column} of {theirs:?}, which is not published",
                statement.name
            );
        }
    }
}

#[test]
fn every_statement_reads_the_same_on_both_engines() {
    store::testing::assert_statements_agree(&reconcile::SCHEMA);
}
