//! Migrations: numbered SQL files per crate, each run once, in a transaction, remembered with its
//! checksum.

use crate::database::Location;
use crate::postgres::PgLink;
use crate::statement::render;
use crate::{Database, Engine, Schema, StoreError, sqlite, statistics};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

const REMEMBER: &str = "create table if not exists store_migration (
    schema_name {text} not null, file {text} not null, checksum {text} not null,
    primary key (schema_name, file)) {key_table}";

/// Brings a database up to date and returns the files that ran.
///
/// # Errors
/// [`StoreError::Unusable`] when the database has migrations that this program does not know (it
/// belongs to a newer version) or a file that ran has been edited since; the engine's errors
/// otherwise. Each file is its own transaction: what ran before an error stays.
pub(crate) fn migrate(
    database: &Database,
    schema: &'static Schema,
) -> Result<Vec<String>, StoreError> {
    match database.location() {
        Location::File(path) => {
            let connection = sqlite::open_writer(path, !database.unsafe_durability())?;
            let failed = |error: rusqlite::Error| sqlite::translate("migration", &error);
            let ran = run(
                schema,
                Engine::Sqlite,
                &mut |script| connection.execute_batch(script).map_err(failed),
                &mut || {
                    let mut known = connection
                        .prepare("select schema_name, file, checksum from store_migration")
                        .map_err(failed)?;
                    let rows = known
                        .query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))
                        .map_err(failed)?;
                    rows.collect::<Result<_, _>>().map_err(failed)
                },
                &mut || {
                    let copy = path.with_extension("before-migration.db");
                    let _ = std::fs::remove_file(&copy);
                    sqlite::copy(path, &copy)
                },
            )?;
            statistics::fix(&connection)?;
            Ok(ran)
        }
        Location::Postgres(url) => {
            let link = PgLink::open(url)?;
            run(
                schema,
                Engine::Postgres,
                &mut |script| link.batch(script),
                &mut || link.known_migrations(),
                &mut || Ok(()),
            )
        }
    }
}

type Known = HashMap<(String, String), String>;

fn run(
    schema: &'static Schema,
    engine: Engine,
    script: &mut dyn FnMut(&str) -> Result<(), StoreError>,
    known: &mut dyn FnMut() -> Result<Known, StoreError>,
    keep_copy: &mut dyn FnMut() -> Result<(), StoreError>,
) -> Result<Vec<String>, StoreError> {
    let remember = render(REMEMBER, engine).sql;
    // Two nodes that start together may both create the table; the second finds it made.
    script(&remember).or_else(|_| script(&remember))?;
    let mut before = known()?;
    let fresh = before.is_empty();
    let mut copied = fresh;
    let mut ran = Vec::new();
    for part in schema.in_order() {
        for file in part.migrations {
            let checksum = checksum(file.text);
            match before.remove(&(part.name.to_owned(), file.name.to_owned())) {
                Some(sum) if sum == checksum => continue,
                Some(_) => {
                    return Err(StoreError::Unusable(format!(
                        "migration {}/{} was changed after it ran; restore the file as it was",
                        part.name, file.name
                    )));
                }
                None => {}
            }
            if !copied {
                keep_copy()?;
                copied = true;
            }
            let body = render(file.text, engine).sql;
            let begin = if engine == Engine::Sqlite { "begin immediate" } else { "begin" };
            let applied = script(&format!(
                "{begin}; insert into store_migration (schema_name, file, checksum) \
                 values ('{}', '{}', '{checksum}'); {body}; {} commit;",
                part.name,
                file.name,
                append_only_triggers(part, &body, engine)
            ));
            if let Err(error) = applied {
                let _ = script("rollback");
                let name = (part.name.to_owned(), file.name.to_owned());
                if known()?.contains_key(&name) {
                    continue;
                }
                return Err(StoreError::Unusable(format!(
                    "migration {}/{}: {error}",
                    part.name, file.name
                )));
            }
            ran.push(format!("{}/{}", part.name, file.name));
        }
    }
    if let Some((name, file)) = before.keys().next() {
        return Err(StoreError::Unusable(format!(
            "this database was made by a newer version of Purser (it has {name}/{file}); \
             use that version"
        )));
    }
    Ok(ran)
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Triggers for the append-only tables that this file creates.
fn append_only_triggers(schema: &Schema, body: &str, engine: Engine) -> String {
    let mut script = String::new();
    if engine == Engine::Postgres && !schema.append_only.is_empty() {
        script.push_str(
            "create or replace function store_refuse_change() returns trigger language plpgsql as \
             $$ begin raise exception '% is append-only: add a correcting row', tg_table_name; \
             end $$;",
        );
    }
    for table in schema.append_only {
        if !body.contains(&format!("create table {table} (")) {
            continue;
        }
        script.push_str(&match engine {
            Engine::Sqlite => ["update", "delete"]
                .iter()
                .map(|deed| {
                    format!(
                        "create trigger {table}_no_{deed} before {deed} on {table} begin select \
                         raise(abort, '{table} is append-only: add a correcting row'); end;"
                    )
                })
                .collect(),
            Engine::Postgres => format!(
                "create trigger {table}_append_only before update or delete on {table} \
                 for each row execute function store_refuse_change();"
            ),
        });
    }
    script
}
