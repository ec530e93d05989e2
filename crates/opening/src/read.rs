//! `read_files`: the files of an opening are read as they are written, each with what is wrong in it, before
//! anything that they name is looked up.
//!
//! It is for whoever fills the files in: a file is read as soon as it is there, alone or with others. What
//! they say of accounts, goods and partners, and whether they agree, a trial run of [`crate::open()`] tells.

use crate::files::{self, FILES, FileError, Files};
use crate::{OPEN, READ};
use accounting::ListError;
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// How many errors of a file are told: a file with the wrong columns has one in every row.
const MOST_ERRORS: usize = 200;

/// Files to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReadOpeningFiles)]
pub struct ReadFiles {
    /// The files; those that are not there are left out.
    pub files: Files,
}

/// What each file has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OpeningFilesRead)]
pub struct FilesRead {
    /// The files that are there, in the order in which they are taken over.
    pub files: Vec<FileRead>,
}

/// A file as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileRead {
    /// The file's name.
    pub file: String,
    /// How many rows it has, without headings and empty ones; 0 when something is wrong.
    pub rows: u64,
    /// How many errors it has.
    pub wrong: u64,
    /// The first 200 of them, by row and column.
    pub errors: Vec<FileError>,
}

/// One of the files of an opening, for whoever fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpeningFile {
    /// Its name, in a folder with `.csv` after it.
    pub file: String,
    /// What its rows are.
    pub holds: String,
    /// Whether there has to be one.
    pub required: bool,
    /// Its columns, in any order; headings are their names.
    pub columns: Vec<OpeningColumn>,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpeningColumn {
    /// Its heading.
    pub name: String,
    /// What its cells have to be.
    pub expects: String,
    /// Whether the file has it, with no cell empty.
    pub required: bool,
}

/// The files that the books are opened from, in the order in which they are taken over.
///
/// # Errors
/// [`ListError`].
pub fn list_files(ctx: &Ctx) -> Result<Vec<OpeningFile>, ListError> {
    ctx.require(READ)?;
    let file = |sheet: &files::Sheet| OpeningFile {
        file: sheet.name.to_owned(),
        holds: sheet.holds.to_owned(),
        required: sheet.name == FILES[0].name,
        columns: sheet
            .columns
            .iter()
            .map(|column| OpeningColumn {
                name: column.name.to_owned(),
                expects: column.expects.to_owned(),
                required: column.required,
            })
            .collect(),
    };
    Ok(FILES.iter().map(file).collect())
}

/// Reads the files that are there.
///
/// # Errors
/// [`ListError`]; what is wrong with the files is in the answer.
pub fn read_files(_: &mut Tx<'_>, ctx: &Ctx, request: ReadFiles) -> Result<FilesRead, ListError> {
    ctx.require(OPEN)?;
    let ReadFiles { files } = request;
    let (sheets, mut errors) = files::parse(&files, ctx.currency);
    let mut rows = sheets.rows();
    let orders = &files.sales_orders;
    if !orders.trim().is_empty() {
        match sales::read_open_orders(orders.as_bytes()) {
            Ok(count) => rows[7] = usize::try_from(count).unwrap_or(usize::MAX),
            Err(wrong) => {
                errors.extend(wrong.into_iter().map(|one| FileError::of("sales_orders", one)));
            }
        }
    }
    let there =
        FILES.iter().zip(rows).filter(|(sheet, _)| !files.get(sheet.name).trim().is_empty());
    let read = |(sheet, rows): (&files::Sheet, usize)| {
        let own = || errors.iter().filter(|error| error.file == sheet.name);
        FileRead {
            file: sheet.name.to_owned(),
            rows: rows as u64,
            wrong: own().count() as u64,
            errors: own().take(MOST_ERRORS).cloned().collect(),
        }
    };
    Ok(FilesRead { files: there.map(read).collect() })
}
