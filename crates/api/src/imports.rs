//! What can be imported: each import with its columns, for whoever makes a file or maps one.

use crate::app::App;
use crate::call::Caller;
use crate::problem::ApiError;
use crate::route::{All, Routes, json};
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use identity::Permission;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;
use tabular::Column;
use utoipa::ToSchema;
use utoipa::openapi::HttpMethod;

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportInfo {
    /// What it takes over, as in `items`.
    pub name: String,
    /// Where files are sent to, below `/api/v1`.
    pub path: String,
    /// The permission that it asks for.
    pub permission: String,
    /// The columns of its files, in any order; headings are their names.
    pub columns: Vec<ImportColumn>,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportColumn {
    /// Its heading.
    pub name: String,
    /// What its cells have to be.
    pub expects: String,
    /// Whether every file has it, with no cell empty.
    pub required: bool,
}

impl ImportInfo {
    fn new(path: &str, permission: Permission, columns: &[Column]) -> ImportInfo {
        let name = path.trim_start_matches('/').trim_end_matches("/import");
        let column = |column: &Column| ImportColumn {
            name: column.name.to_owned(),
            expects: column.expects.to_owned(),
            required: column.required,
        };
        ImportInfo {
            name: name.to_owned(),
            path: path.to_owned(),
            permission: permission.0.to_owned(),
            columns: columns.iter().map(column).collect(),
        }
    }
}

/// An import as its route was registered.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    permission: Permission,
    info: ImportInfo,
}

impl Import {
    pub(crate) fn new(path: &str, permission: Permission, columns: &[Column]) -> Import {
        Import { permission, info: ImportInfo::new(path, permission, columns) }
    }
}

/// All of them, for the contract and as they are served.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportPage)]
struct Page {
    /// The imports.
    lines: Vec<ImportInfo>,
}

pub(crate) fn add(routes: Routes) -> Routes {
    routes.open::<All, Page>(
        "/imports",
        "Whoever is signed in; those are listed that the caller may do.",
        "List what can be imported, with its columns",
        (HttpMethod::Get, get(imports)),
    )
}

async fn imports(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let _: All = crate::session::asked(query.as_deref())?;
    static KNOWN: OnceLock<Vec<Import>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| crate::routes().imports);
    let caller = Caller::of(&app, &headers)?;
    let lines = caller.look(&app, move |_, who| {
        let may = |import: &&Import| who.ctx.require_somewhere(import.permission).is_ok();
        Ok(known.iter().filter(may).map(|import| import.info.clone()).collect())
    });
    json(&Page { lines: lines.await? })
}
