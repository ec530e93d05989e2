//! The HTTP door.
//!
//! A route is registered once, with its permission; that serves it, describes it in the contract
//! and makes it refuse whoever lacks the permission. Handlers know no rule and no SQL: they read the
//! request, submit the domain's verb to the store, and tell the answer.

mod app;
pub mod approvals;
mod call;
mod device_key;
mod doorkeeper;
mod download;
mod events;
mod export;
mod files;
mod health;
mod imports;
mod left;
mod lists;
mod openapi;
mod problem;
mod progress;
pub mod reference;
mod route;
mod routes;
mod second_factor;
mod session;

pub use app::App;
pub use download::FileAnswer;
pub use files::File;
pub use lists::{Lists, to_csv, to_xlsx};
pub use problem::{ApiError, ProblemDocument};
pub use route::{RouteInfo, Routes, Sent};
pub use routes::routes;
pub use session::furnish;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;

/// The largest request body, in bytes.
pub const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// How long a request may take.
const REQUEST_TIME: Duration = Duration::from_secs(30);

/// The contract as JSON.
#[must_use]
pub fn openapi() -> serde_json::Value {
    let (_, _, description) = routes().into_router();
    serde_json::to_value(description.document()).unwrap_or_default()
}

/// Every route with its permission.
#[must_use]
pub fn route_infos() -> Vec<RouteInfo> {
    routes().into_router().1
}

/// Names that two types of the contract claim; there must be none.
#[must_use]
pub fn name_collisions() -> Vec<String> {
    routes().into_router().2.collisions
}

/// The whole HTTP door over an app.
pub fn router(app: App) -> Router {
    let (routes, _, _) = routes().into_router();
    let document = openapi();
    let page = reference::page(&document);
    let unsafe_durability = app.database.unsafe_durability();
    let api = routes
        .route("/openapi.json", get(move || async move { axum::Json(document) }))
        .fallback(health::unknown)
        .method_not_allowed_fallback(health::wrong_method);
    Router::new()
        .nest("/api/v1", api)
        .route("/api", get(move || async move { Html(page) }))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .fallback(files::serve)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(tower_http::timeout::TimeoutLayer::with_status_code(
            axum::http::StatusCode::SERVICE_UNAVAILABLE,
            REQUEST_TIME,
        ))
        .layer(CatchPanicLayer::custom(|_| health::panicked()))
        .layer(axum::middleware::map_response(move |response: Response| {
            std::future::ready(guarded(response, unsafe_durability))
        }))
        .with_state(app)
}

/// Headers that every answer carries.
fn guarded(mut response: Response, unsafe_durability: bool) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    ));
    if unsafe_durability {
        headers.insert("x-purser-durability", HeaderValue::from_static("unsafe"));
    }
    response.into_response()
}
