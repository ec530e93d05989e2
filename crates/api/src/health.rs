//! Health, readiness and metrics: what an operator's tools ask.

use crate::app::App;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use store::{StoreError, Tx};

/// The process runs.
pub(crate) async fn live() -> &'static str {
    "alive\n"
}

/// The database answers; says so when its settings can lose acknowledged work.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let asked = app.database.look(|tx: &mut Tx<'_>| store::ping(tx)).await;
    match asked {
        Ok(()) if app.database.unsafe_durability() => "ready (unsafe durability)\n".into_response(),
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// Counts in Prometheus' text format.
pub(crate) async fn metrics(State(app): State<App>) -> Response {
    let counts = app.database.counts();
    let lines = [
        ("purser_store_commits_total", "Transactions committed.", counts.commits),
        ("purser_store_commands_total", "Commands answered after a commit.", counts.commands),
        ("purser_store_retries_total", "Transactions run again.", counts.retries),
        ("purser_store_deadlocks_total", "Deadlocks among the retries.", counts.deadlocks),
        ("purser_store_busy_total", "Commands turned away, the queue being full.", counts.busy),
    ];
    let mut text = String::new();
    for (name, help, value) in lines {
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}\n"));
    }
    let waiting = app.database.waiting();
    text.push_str(&format!(
        "# HELP purser_store_waiting Commands that wait to be written.\n\
         # TYPE purser_store_waiting gauge\npurser_store_waiting {waiting}\n"
    ));
    push_statements(&mut text);
    let kind = HeaderValue::from_static("text/plain; version=0.0.4");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// How often each statement ran in this process and how long it was waited for, by its name.
fn push_statements(text: &mut String) {
    let spent = reconcile::SCHEMA.spent();
    text.push_str(
        "# HELP purser_store_statement_runs_total Runs of a statement.\n\
         # TYPE purser_store_statement_runs_total counter\n",
    );
    for (name, runs, _) in &spent {
        let line = format!("purser_store_statement_runs_total{{statement=\"{name}\"}} {runs}\n");
        text.push_str(&line);
    }
    text.push_str(
        "# HELP purser_store_statement_microseconds_total Time waited for a statement.\n\
         # TYPE purser_store_statement_microseconds_total counter\n",
    );
    for (name, _, time) in &spent {
        let micros = time.as_micros();
        text.push_str(&format!(
            "purser_store_statement_microseconds_total{{statement=\"{name}\"}} {micros}\n"
        ));
    }
}

/// Any path that is no route.
pub(crate) async fn unknown() -> Response {
    let problem = base::Problem::not_found(
        "no_such_route",
        "there is no such route; /api/v1/openapi.json describes all of them",
    );
    crate::problem::ApiError(problem).into_response()
}

/// Any method that a route does not have.
pub(crate) async fn wrong_method() -> Response {
    let problem = base::Problem::invalid(
        "method_not_allowed",
        "the route has no such method; verbs are POST, lists and records are GET",
    );
    let mut response = crate::problem::ApiError(problem).into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

/// The error of a store that cannot be used, for the panic handler.
pub(crate) fn panicked() -> Response {
    crate::problem::ApiError::from(StoreError::Panicked).into_response()
}
