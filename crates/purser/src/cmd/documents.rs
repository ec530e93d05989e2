//! `purser attach`, `purser documents`, `purser document`: files on records.

use super::count::{act, bytes_of};
use crate::args::{
    AttachArgs, DatabaseArgs, DocumentCommand, DocumentGetArgs, DocumentsArgs, record_kind,
};
use crate::failure::{Failure, refused};
use crate::place;
use base::Page;
use documents::{Attach, Detach, DocumentFilter, DocumentRow, File};
use identity::Ctx;
use paperwork::{DocumentError, RecordError, RecordKey, RecordKind};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::Tx;

/// A record as it is named on the command line.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub kind: RecordKind,
    pub name: String,
}

impl Named {
    /// Reads a kind and a name; nothing when none was given.
    pub(crate) fn of(given: &[String]) -> Result<Option<Named>, Failure> {
        let [kind, name] = given else { return Ok(None) };
        let kind = record_kind(kind).map_err(|error| Failure(format!("{kind}: {error}")))?;
        Ok(Some(Named { kind, name: name.clone() }))
    }

    /// The record's key: what it is called, or else its id.
    pub(crate) fn key(&self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<RecordKey, RecordError> {
        let name = RecordKey::Name(self.name.clone());
        match (paperwork::find_record(tx, ctx, self.kind, &name), self.name.parse::<i64>()) {
            (Err(RecordError::NotFound { .. }), Ok(id)) => Ok(RecordKey::Id(id)),
            (found, _) => found.map(|record| RecordKey::Id(record.id)),
        }
    }
}

/// Attaches a file.
pub(crate) fn attach(args: &DatabaseArgs, asked: AttachArgs) -> Result<ExitCode, Failure> {
    let record = Named::of(&asked.to)?
        .ok_or_else(|| Failure("name the record: --to purchase-order PO-000123".to_owned()))?;
    let content = bytes_of(&asked.file)?;
    let own = asked.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = asked.name.or(own.filter(|name| name != "-"));
    let name = name.ok_or_else(|| Failure("say what it is called: --name FILE".to_owned()))?;
    let attach = Attach {
        document_type: asked.document_type,
        name,
        expires_on: asked.expires_on,
        replaces: asked.replaces,
        note: asked.note,
    };
    let request = (record, attach, content);
    act(
        args,
        &asked.list,
        request,
        |tx, ctx, (record, attach, content)| {
            let key = record.key(tx, ctx)?;
            let file = File { content: &content, claimed: "" };
            paperwork::attach(tx, ctx, (record.kind, &key), &attach, file)
        },
        |done| {
            let before = if done.repeated { " (attached before)" } else { "" };
            format!(
                "document {}, version {}: {} of {} bytes{before}",
                done.document_id, done.version, done.media_type, done.size
            )
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Lists documents.
pub(crate) fn list(args: &DatabaseArgs, asked: &DocumentsArgs) -> Result<ExitCode, Failure> {
    let record = Named::of(&asked.of)?;
    let filter = DocumentFilter {
        document_type: asked.document_type,
        expires_before: asked.expires_before,
        uploaded_by: asked.uploaded_by.clone(),
        current: (!asked.all).then_some(true),
        ..DocumentFilter::default()
    };
    let database = place::open(args)?;
    let company = place::company(&database, asked.list.company.as_deref())?;
    let rows = database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        let mut filter = filter.clone();
        if let Some(record) = &record {
            let key = record.key(tx, &ctx).map_err(refused)?;
            let found = paperwork::find_record(tx, &ctx, record.kind, &key).map_err(refused)?;
            filter.record_kind = Some(found.kind);
            filter.record_id = Some(found.id.to_string());
        }
        let mut rows: Vec<DocumentRow> = Vec::new();
        loop {
            let page: Result<Page<DocumentRow>, DocumentError> =
                paperwork::list_documents(tx, &ctx, &filter);
            let page = page.map_err(refused)?;
            rows.extend(page.lines);
            let Some(next) = page.next_cursor else { return Ok::<_, Failure>(rows) };
            filter.cursor = Some(next);
        }
    })?;
    if asked.list.json {
        let text = serde_json::to_string_pretty(&rows);
        println!("{}", text.map_err(|error| Failure(error.to_string()))?);
        return Ok(ExitCode::SUCCESS);
    }
    for row in &rows {
        let expires = row.expires_on.map_or(String::new(), |day| format!(", until {day}"));
        let gone = if row.current { "" } else { ", replaced or detached" };
        println!(
            "{}  {} {}  {} version {}{expires}{gone}  {}",
            row.document_id, row.record_kind, row.record, row.document_type, row.version, row.name
        );
    }
    println!("{} documents", rows.len());
    Ok(ExitCode::SUCCESS)
}

/// Goes through the door of a command of `document`.
pub(crate) fn run(args: &DatabaseArgs, asked: DocumentCommand) -> Result<ExitCode, Failure> {
    match asked {
        DocumentCommand::Get(asked) => get(args, &asked)?,
        DocumentCommand::Detach(asked) => {
            let request = Detach { document_id: asked.document_id, reason: asked.reason };
            act(
                args,
                &asked.list,
                request,
                |tx, ctx, request| paperwork::detach(tx, ctx, &request),
                |done| format!("document {} is detached", done.document_id),
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn get(args: &DatabaseArgs, asked: &DocumentGetArgs) -> Result<(), Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let id = asked.document_id;
    let found = database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        paperwork::content(tx, &ctx, id).map_err(refused)
    })?;
    let own = PathBuf::from(&found.name);
    put(asked.file.as_deref().unwrap_or(&own), &found.bytes, asked.file.is_none())
}

/// Writes a file; `-` is standard output. A file that is there is kept unless it was named.
pub(crate) fn put(file: &Path, bytes: &[u8], keep: bool) -> Result<(), Failure> {
    if file == Path::new("-") {
        std::io::stdout().write_all(bytes)?;
        return Ok(());
    }
    if keep && file.exists() {
        return Err(Failure(format!("{} is there already; name another file", file.display())));
    }
    std::fs::write(file, bytes).map_err(|error| Failure(format!("{}: {error}", file.display())))?;
    println!("{}: {} bytes", file.display(), bytes.len());
    Ok(())
}
