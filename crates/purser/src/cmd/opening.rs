//! `purser opening`: the books of a going company are opened from a folder of CSV files.

use crate::args::{DatabaseArgs, OpeningArgs};
use crate::failure::{Failure, refused};
use crate::place;
use indicatif::{ProgressBar, ProgressStyle};
use opening::{FILES, Files, Open, Opened, OpenedFrom, Undo};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use store::Tx;

/// How many errors are shown to a reader; `--json` has all of them.
const SHOWN: usize = 20;

/// Opens the books, takes the opening back, or writes the files to be filled in. Exit 1 says that
/// something in the files is wrong or does not agree; nothing was then written.
pub(crate) fn run(args: &DatabaseArgs, asked: &OpeningArgs) -> Result<ExitCode, Failure> {
    match (&asked.folder, asked.date) {
        (Some(folder), _) if asked.template => template(folder),
        (Some(folder), Some(_)) => open(args, asked, folder),
        _ => undo(args, asked),
    }
}

fn template(folder: &Path) -> Result<ExitCode, Failure> {
    std::fs::create_dir_all(folder).map_err(|error| about(folder, &error))?;
    for sheet in &FILES {
        let path = folder.join(sheet.name).with_extension("csv");
        if path.exists() {
            println!("{} is there already and stays as it is", path.display());
            continue;
        }
        std::fs::write(&path, opening::template(sheet)).map_err(|error| about(&path, &error))?;
        println!("{}: {}", path.display(), sheet.holds);
        for column in sheet.columns {
            let must = if column.required { "" } else { " (optional)" };
            println!("    {}: {}{must}", column.name, column.expects);
        }
    }
    println!("delete the files that you do not need; the trial balance is always needed");
    Ok(ExitCode::SUCCESS)
}

fn open(args: &DatabaseArgs, asked: &OpeningArgs, folder: &Path) -> Result<ExitCode, Failure> {
    let opened_on = asked.date.ok_or_else(|| Failure("give --date".to_owned()))?;
    let (dry_run, book) = (asked.dry_run, asked.book_difference);
    let request = Open { opened_on, files: read(folder)?, dry_run, book_difference: None };
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows  {msg}  {elapsed}")
        .map_err(|error| Failure(error.to_string()))?;
    let bar = ProgressBar::new(0).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(120));
    let shown = bar.clone();
    let opened = database.write(move |tx| {
        let ctx = place::operator(tx, company)?;
        let open = |tx: &mut Tx<'_>, request: Open| {
            opening::open_telling(tx, &ctx, request, &|so_far| {
                shown.set_length(so_far.rows);
                shown.set_position(so_far.done);
                shown.set_message(so_far.file.unwrap_or("comparing"));
            })
            .map_err(refused)
        };
        if !book || dry_run {
            return open(tx, request.clone());
        }
        // Whatever it comes to is to be booked; the door asks how much that is.
        let trial = Open { dry_run: true, ..request.clone() };
        let tried = open(tx, trial)?;
        let book_difference = Some(tried.difference);
        open(tx, Open { book_difference, ..request.clone() })
    });
    bar.finish_and_clear();
    let opened = opened?;
    database.seal_trail(company)?;
    if asked.json {
        print(&serde_json::json!(opened))?
    } else {
        tell(&opened, dry_run)
    }
    let agrees = opened.errors.is_empty() && (opened.differences.is_empty() || book);
    Ok(if agrees { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The files of the folder. A CSV file of another name is a mistake rather than a file to be left out.
fn read(folder: &Path) -> Result<Files, Failure> {
    let mut files = Files::default();
    for entry in std::fs::read_dir(folder).map_err(|error| about(folder, &error))? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Some(text) = files.get_mut(&name) else {
            let known: Vec<&str> = FILES.iter().map(|sheet| sheet.name).collect();
            let known = known.join(", ");
            return Err(Failure(format!("{}: no such file; they are {known}", path.display())));
        };
        let bytes = std::fs::read(&path).map_err(|error| about(&path, &error))?;
        *text = String::from_utf8(bytes).map_err(|_| {
            Failure(format!("{}: not UTF-8; save the file as \"CSV UTF-8\"", path.display()))
        })?;
    }
    Ok(files)
}

fn undo(args: &DatabaseArgs, asked: &OpeningArgs) -> Result<ExitCode, Failure> {
    let request = Undo { reason: asked.reason.clone().unwrap_or_default() };
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let undone = database.write(move |tx| {
        let ctx = place::operator(tx, company)?;
        opening::undo(tx, &ctx, request.clone()).map_err(refused)
    })?;
    database.seal_trail(company)?;
    if asked.json {
        print(&serde_json::json!(undone))?;
    } else {
        let opening::Undone { opened_on, documents, moves, .. } = undone;
        println!("the opening of {opened_on} is undone: {documents} documents, {moves} moves back");
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(opened: &Opened, dry_run: bool) {
    for error in opened.errors.iter().take(SHOWN) {
        println!("{error}");
    }
    if opened.errors.len() > SHOWN {
        println!("and {} more; --json has all of them", opened.errors.len() - SHOWN);
    }
    if !opened.errors.is_empty() {
        println!("{} errors: nothing was opened", opened.errors.len());
        return;
    }
    for file in &opened.files {
        println!("{}.csv: {} rows", file.file, file.rows);
    }
    for off in &opened.differences {
        println!(
            "{} {}: the trial balance says {}, {} comes to {}; off by {}",
            off.account,
            off.name,
            off.trial_balance,
            from(off.opened_from),
            off.opened,
            off.off
        );
    }
    let day = opened.opened_on;
    if opened.applied {
        println!("the books are open from {day} on; days before are locked");
    } else if dry_run {
        println!("nothing was written: this was a trial run");
    } else {
        println!(
            "lists and trial balance differ by {}: nothing was opened. Mend the files, or book the \
             difference with --book-difference",
            opened.difference
        );
    }
    if opened.applied && !opened.differences.is_empty() {
        println!("{} stands on the opening difference", opened.difference);
    }
}

/// Where an account is opened from, in words.
fn from(what: OpenedFrom) -> String {
    match what {
        OpenedFrom::Nothing => "no file (settle it before the books are opened)".to_owned(),
        OpenedFrom::StandardCost => "the goods at their standard cost".to_owned(),
        file => format!("{file}.csv"),
    }
}

fn print(answer: &serde_json::Value) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(answer);
    println!("{}", text.map_err(|error| Failure(error.to_string()))?);
    Ok(())
}

fn about(path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("{}: {error}", path.display()))
}
