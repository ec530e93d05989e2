//! `purser backup` and `purser restore`.

use crate::args::{BackupArgs, DatabaseArgs, RestoreArgs};
use crate::failure::Failure;
use crate::place;
use std::path::PathBuf;
use std::process::ExitCode;
use store::{Database, Options};

pub(crate) fn run(args: &DatabaseArgs, backup: &BackupArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    if database.file().is_none() {
        return Err(Failure(
            "this command copies SQLite databases; back up PostgreSQL with pg_dump or pg_basebackup, \
             see docs/OPERATING.md"
                .to_owned(),
        ));
    }
    database.copy_to(&backup.to)?;
    println!("copied to {}", backup.to.display());
    Ok(ExitCode::SUCCESS)
}

/// Checks the backup first, then puts it in place; the database that was there is kept beside it.
pub(crate) fn restore(args: &DatabaseArgs, restore: &RestoreArgs) -> Result<ExitCode, Failure> {
    let url = place::url(args);
    let target = url.strip_prefix("sqlite:").map(PathBuf::from).ok_or_else(|| {
        Failure("this command restores SQLite databases; see docs/OPERATING.md".to_owned())
    })?;
    let options = Options { readers: 1, ..Options::default() };
    let staged = target.with_extension("restoring");
    std::fs::copy(&restore.from, &staged)?;
    let database = Database::open(&format!("sqlite:{}", staged.display()), options)?;
    place::migrate(&database)?;
    for (company, name) in place::companies(&database)? {
        let findings = reconcile::check_at_once(&database, company, None)?;
        if let Some(broken) = findings.iter().find(|finding| !finding.breaches.is_empty()) {
            return Err(Failure(format!(
                "the backup's books of {name} are not sound ({}); nothing was replaced",
                broken.check
            )));
        }
    }
    database.close();
    drop(database);
    let beside = |suffix: &str| PathBuf::from(format!("{}{suffix}", target.display()));
    if target.exists() {
        let kept = target.with_extension("before-restore.db");
        std::fs::rename(&target, &kept)?;
        println!("the database that was there is kept as {}", kept.display());
    }
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(suffix));
        let _ = std::fs::remove_file(format!("{}{suffix}", staged.display()));
    }
    std::fs::rename(&staged, &target)?;
    println!("restored {} and every check holds", target.display());
    Ok(ExitCode::SUCCESS)
}
