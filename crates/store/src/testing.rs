//! A fresh, migrated database for a test, on either engine.
//!
//! PostgreSQL is `PURSER_TEST_PG` if set, otherwise a throw-away cluster that the first test starts
//! from the installed binaries, on memory-backed storage where there is some, and that later tests
//! share. Root drops to the `postgres` user, as PostgreSQL refuses to run as root.

use crate::postgres::PgLink;
use crate::{Database, Engine, Options, Schema, Statement, StoreError};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

/// Runs `test` on a fresh database of each engine.
pub fn on_both_engines(schema: &'static Schema, test: impl Fn(&Database)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        on_engine(engine, schema, &test);
    }
}

/// Runs `test` on a fresh database of one engine.
pub fn on_engine(engine: Engine, schema: &'static Schema, test: impl Fn(&Database)) {
    let fresh = Fresh::new(engine, schema);
    test(&fresh.database);
}

/// A fresh database that goes away when dropped.
#[derive(Debug)]
pub struct Fresh {
    /// The open database.
    pub database: Database,
    /// Its address, to open it again.
    pub url: String,
    scratch: Option<PathBuf>,
    drops: Option<String>,
}

impl Fresh {
    /// A fresh, migrated database.
    #[must_use]
    pub fn new(engine: Engine, schema: &'static Schema) -> Fresh {
        match engine {
            Engine::Sqlite => Fresh::sqlite(schema),
            Engine::Postgres => Fresh::postgres(schema),
        }
    }

    fn sqlite(schema: &'static Schema) -> Fresh {
        static TEMPLATES: OnceLock<Mutex<HashMap<&'static str, Vec<u8>>>> = OnceLock::new();
        let folder = std::env::temp_dir().join(format!("purser-test-{}", random_name()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let file = folder.join("purser.db");
        let mut templates = TEMPLATES.get_or_init(Mutex::default).lock().expect("templates");
        let template = templates.entry(schema.name).or_insert_with(|| {
            let made = folder.join("template.db");
            let url = format!("sqlite:{}", made.display());
            let database = Database::open(&url, test_options()).expect("an empty database");
            database.migrate(schema).expect("the migrations run on SQLite");
            // A copy, for the file alone may lack what is still in its write-ahead log.
            let copy = folder.join("copy.db");
            database.copy_to(&copy).expect("a copy of the template");
            database.close();
            let bytes = std::fs::read(&copy).expect("the template file");
            std::fs::remove_file(&copy).expect("the copy goes away");
            bytes
        });
        std::fs::write(&file, template).expect("a copy of the template");
        drop(templates);
        let url = format!("sqlite:{}", file.display());
        let database = Database::open(&url, test_options()).expect("the copied database");
        Fresh { database, url, scratch: Some(folder), drops: None }
    }

    fn postgres(schema: &'static Schema) -> Fresh {
        let template = postgres_template(schema);
        let name = format!("purser_test_{}", random_name());
        admin(&format!("create database {name} template {template}"));
        let url = format!("{}/{name}", cluster());
        let database = Database::open(&url, test_options()).expect("the test database");
        Fresh { database, url, scratch: None, drops: Some(name) }
    }

    /// Opens the same database once more: a second node.
    #[must_use]
    pub fn open_again(&self) -> Database {
        Database::open(&self.url, test_options()).expect("the same database again")
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.database.close();
        if let Some(folder) = &self.scratch {
            let _ = std::fs::remove_dir_all(folder);
        }
        if let Some(name) = &self.drops {
            admin(&format!("drop database if exists {name} with (force)"));
        }
    }
}

fn test_options() -> Options {
    Options { unsafe_durability: true, writers: 8, readers: 2, queue: 4096 }
}

/// Prepares every statement and check of `schema` and all below it on a database and returns
/// `name: parameters: columns` lines, to compare the engines.
///
/// # Errors
/// The first statement that the engine refuses.
pub fn describe_all(
    database: &Database,
    url: &str,
    schema: &'static Schema,
) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    let mut postgres = match database.engine() {
        Engine::Postgres => Some(PgLink::open(url)?),
        Engine::Sqlite => None,
    };
    let sqlite = database.file().map(crate::sqlite::open_reader).transpose()?;
    for part in schema.in_order() {
        let checks = part.checks.iter().map(|check| &check.statement);
        for statement in part.statements.iter().copied().chain(checks) {
            let (parameters, columns) = match (&mut postgres, &sqlite) {
                (Some(link), _) => link.describe(statement)?,
                (None, Some(connection)) => crate::sqlite::describe(connection, statement)?,
                (None, None) => (0, Vec::new()),
            };
            let rendered = statement.rendered(database.engine());
            let wanted = match database.engine() {
                Engine::Postgres => rendered.singles + rendered.set.len(),
                Engine::Sqlite => rendered.singles + usize::from(!rendered.set.is_empty()),
            };
            assert_eq!(parameters, wanted, "{}: every parameter is used", statement.name);
            lines.push(format!("{}: {}: {}", statement.name, rendered.singles, columns.join(", ")));
        }
    }
    Ok(lines)
}

/// Asserts that every statement of `schema` prepares on both engines with the same shape.
pub fn assert_statements_agree(schema: &'static Schema) {
    let told = [Engine::Sqlite, Engine::Postgres].map(|engine| {
        let fresh = Fresh::new(engine, schema);
        describe_all(&fresh.database, &fresh.url, schema)
            .unwrap_or_else(|error| panic!("{engine:?}: {error}"))
    });
    let differ: Vec<_> = told[0].iter().zip(&told[1]).filter(|(a, b)| a != b).collect();
    assert!(differ.is_empty(), "SQLite and PostgreSQL read differently: {differ:#?}");
}

/// The steps by which SQLite runs a statement, one a line.
///
/// # Panics
/// When the database is none of SQLite, or the statement cannot be prepared.
#[must_use]
pub fn plan(database: &Database, statement: &'static Statement) -> String {
    let file = database.file().expect("a file");
    let connection = crate::sqlite::open_reader(file).expect("the same file again");
    let text = &statement.rendered(Engine::Sqlite).sql;
    let mut explain =
        connection.prepare(&format!("explain query plan {text}")).expect("a statement");
    let steps = explain.raw_query().mapped(|row| row.get::<_, String>(3));
    steps.collect::<Result<Vec<_>, _>>().expect("its steps").join("\n")
}

/// How many rows PostgreSQL takes a table to have; none while it has never looked.
///
/// # Panics
/// When the database cannot be asked.
#[must_use]
pub fn rows_expected(url: &str, table: &str) -> Option<i64> {
    let link = PgLink::open(url).expect("the same database again");
    link.rows_expected(table).expect("a table").filter(|rows| *rows >= 0)
}

/// Asserts that every check of `schema` holds for a company.
pub fn assert_sound(database: &Database, schema: &'static Schema, company_id: base::CompanyId) {
    let findings =
        database.read(move |tx| crate::run_checks(tx, schema, company_id)).expect("the checks run");
    let broken: Vec<_> = findings.iter().filter(|f| !f.breaches.is_empty()).collect();
    assert!(broken.is_empty(), "broken invariants: {broken:#?}");
}

fn random_name() -> String {
    let mut bytes = [0_u8; 6];
    getrandom::fill(&mut bytes).expect("randomness");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn postgres_template(schema: &'static Schema) -> String {
    static MADE: OnceLock<Mutex<HashMap<&'static str, String>>> = OnceLock::new();
    let mut made = MADE.get_or_init(Mutex::default).lock().expect("templates");
    made.entry(schema.name)
        .or_insert_with(|| {
            let mut hash = Sha256::new();
            for part in schema.in_order() {
                for file in part.migrations {
                    hash.update(file.text.as_bytes());
                }
                part.append_only.iter().for_each(|table| hash.update(table.as_bytes()));
            }
            let digest = hash.finalize();
            let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let name = format!("purser_template_{hex}");
            if try_admin(&format!("alter database {name} connection limit -1")).is_err() {
                make_template(&name, schema);
            }
            name
        })
        .clone()
}

fn make_template(name: &str, schema: &'static Schema) {
    let building = format!("purser_building_{}", random_name());
    admin(&format!("create database {building} template template0"));
    let url = format!("{}/{building}", cluster());
    let database = Database::open(&url, test_options()).expect("an empty database");
    database.migrate(schema).expect("the migrations run on PostgreSQL");
    database.close();
    drop(database);
    // Connections close a moment after their client has gone; another process may be first.
    let exists = || try_admin(&format!("alter database {name} connection limit -1")).is_ok();
    while try_admin(&format!("alter database {building} rename to {name}")).is_err() {
        if exists() {
            admin(&format!("drop database if exists {building} with (force)"));
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn try_admin(sql: &str) -> Result<(), StoreError> {
    PgLink::open(&format!("{}/postgres", cluster()))?.batch(sql)
}

fn admin(sql: &str) {
    let mut last = None;
    for _ in 0..50 {
        match try_admin(sql) {
            Ok(()) => return,
            Err(error) => last = Some(error),
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{sql}: {last:?}");
}

/// The test cluster's address without a database name.
#[must_use]
pub fn cluster() -> String {
    static CLUSTER: OnceLock<String> = OnceLock::new();
    CLUSTER
        .get_or_init(|| match std::env::var("PURSER_TEST_PG") {
            Ok(url) => url.trim_end_matches('/').to_owned(),
            Err(_) => start_cluster(),
        })
        .clone()
}

fn start_cluster() -> String {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = base.join("purser-test-pg");
    std::fs::create_dir_all(&folder).expect("a folder for the test cluster");
    let lock = std::fs::File::create(folder.join("lock")).expect("a lock file");
    lock.lock().expect("the lock of the test cluster");
    let port_file = folder.join("port");
    if let Ok(port) = std::fs::read_to_string(&port_file) {
        let url = format!("postgres://postgres@127.0.0.1:{}", port.trim());
        if PgLink::open(&format!("{url}/postgres")).is_ok() {
            return url;
        }
    }
    let binaries = find_binaries();
    let data = folder.join("data");
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir_all(&data).expect("a data folder");
    let account = drop_to(&data);
    let port = free_port();
    let run = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(binaries.join(program));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).current_dir(&base);
        if let Some((uid, gid)) = account {
            command.uid(uid).gid(gid);
        }
        let status = command.status().unwrap_or_else(|error| panic!("{program}: {error}"));
        assert!(status.success(), "{program} failed: is PostgreSQL installed? (make setup)");
    };
    let path = data.to_string_lossy().into_owned();
    run(
        "initdb",
        &["-D", &path, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
    );
    let options = format!(
        "-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={path} \
         -c max_connections=500 -c shared_buffers=256MB -c autovacuum_naptime=5min"
    );
    let log = data.join("log").to_string_lossy().into_owned();
    run("pg_ctl", &["-D", &path, "-w", "-t", "60", "-l", &log, "-o", &options, "start"]);
    std::fs::write(&port_file, port.to_string()).expect("the port file");
    format!("postgres://postgres@127.0.0.1:{port}")
}

fn find_binaries() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|v| v.path().join("bin")).collect())
        .unwrap_or_default();
    found.retain(|folder| folder.join("initdb").exists());
    found.sort();
    found
        .pop()
        .expect("PostgreSQL's server is not installed: run `make setup`, or set PURSER_TEST_PG")
}

/// As root, hands the folder to `postgres` and returns whom to run as.
fn drop_to(data: &Path) -> Option<(u32, u32)> {
    let owner = std::fs::metadata(data).expect("the data folder").uid();
    if owner != 0 {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").expect("/etc/passwd");
    let fields: Vec<&str> = passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields[0] == "postgres")
        .expect("a postgres user to run the test cluster as");
    let (uid, gid) = (fields[2].parse().expect("a uid"), fields[3].parse().expect("a gid"));
    std::os::unix::fs::chown(data, Some(uid), Some(gid)).expect("the folder changes hands");
    std::fs::set_permissions(data, std::fs::Permissions::from_mode(0o700)).expect("its mode");
    Some((uid, gid))
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}
