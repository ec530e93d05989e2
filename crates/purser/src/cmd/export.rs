//! `purser export`: lists as files.

use crate::args::{DatabaseArgs, ExportArgs, ExportFormat};
use crate::failure::{Failure, refused};
use crate::place;
use identity::Ctx;
use indicatif::ProgressBar;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use store::Tx;

/// The name of a file that stands for standard output.
const STANDARD: &str = "-";

/// Writes one list, whole and from one snapshot; without a name, tells which lists there are.
pub(crate) fn run(args: &DatabaseArgs, asked: &ExportArgs) -> Result<ExitCode, Failure> {
    let Some(list) = asked.list.clone() else {
        println!("suppliers\ncustomers\nrules\n{}", api::Lists::new().names().join("\n"));
        return Ok(ExitCode::SUCCESS);
    };
    let filters = asked.filters.iter().map(|text| filter(text)).collect::<Result<Vec<_>, _>>()?;
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let plain = filters.is_empty() && asked.format.is_none();
    let format = asked.format.unwrap_or(ExportFormat::Csv);
    let told = ProgressBar::new_spinner();
    let bar = told.clone();
    let file = database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        if let Some(file) = importable(tx, &ctx, &list).filter(|_| plain) {
            return file;
        }
        let lists = api::Lists::new();
        let lines = lists.read(tx, &ctx, &list, &filters, |lines| {
            bar.set_message(format!("{lines} lines"));
            bar.tick();
        });
        written(&lines.map_err(|problem| Failure(problem.detail))?, format)
    });
    told.finish_and_clear();
    let file = file?;
    if asked.file == Path::new(STANDARD) {
        std::io::stdout().write_all(&file)?;
    } else {
        std::fs::write(&asked.file, file)
            .map_err(|error| Failure(format!("{}: {error}", asked.file.display())))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The list as the import of the same name reads it; nothing when there is no such import.
fn importable(tx: &mut Tx<'_>, ctx: &Ctx, list: &str) -> Option<Result<Vec<u8>, Failure>> {
    match list {
        "items" => Some(catalog::export_items(tx, ctx).map_err(refused)),
        "suppliers" => Some(partners::export_suppliers(tx, ctx).map_err(refused)),
        "customers" => Some(partners::export_customers(tx, ctx).map_err(refused)),
        "rules" => Some(planning::export_rules(tx, ctx).map_err(refused)),
        _ => None,
    }
}

fn filter(text: &str) -> Result<(String, String), Failure> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = pair.ok_or_else(|| {
        Failure(format!("--filter {text}: write a name and a value, such as state=approved"))
    })?;
    Ok((name.to_owned(), value.to_owned()))
}

fn written(lines: &[Value], format: ExportFormat) -> Result<Vec<u8>, Failure> {
    match format {
        ExportFormat::Csv => api::to_csv(lines).map_err(|problem| Failure(problem.detail)),
        ExportFormat::Xlsx => api::to_xlsx(lines).map_err(|problem| Failure(problem.detail)),
        ExportFormat::Jsonl => {
            let text: Vec<String> = lines.iter().map(|line| format!("{line}\n")).collect();
            Ok(text.concat().into_bytes())
        }
    }
}
