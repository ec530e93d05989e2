//! `purser report`: the lists that are reports.

use super::export;
use crate::args::{DatabaseArgs, ExportArgs, ReportArgs};
use crate::failure::Failure;
use std::process::ExitCode;

/// Where reports stand among the lists.
const REPORTS: &str = "reports/";

/// Writes one report, whole and from one snapshot; without a name, tells which reports there are.
pub(crate) fn run(args: &DatabaseArgs, asked: ReportArgs) -> Result<ExitCode, Failure> {
    let lists = api::Lists::new();
    let names: Vec<&str> =
        lists.names().into_iter().filter_map(|name| name.strip_prefix(REPORTS)).collect();
    let Some(report) = asked.report else {
        println!("{}", names.join("\n"));
        return Ok(ExitCode::SUCCESS);
    };
    if !names.contains(&report.as_str()) {
        let known = names.join(", ");
        return Err(Failure(format!("there is no report {report:?}; there are {known}")));
    }
    let list = ExportArgs {
        list: Some(format!("{REPORTS}{report}")),
        file: asked.file,
        filters: asked.filters,
        format: asked.format,
        company: asked.company,
    };
    export::run(args, &list)
}
