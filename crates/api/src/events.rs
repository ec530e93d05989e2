//! What changes, told as it happens: a stream of server-sent events that name the areas in which
//! something was done. Whoever hears looks again; the stream itself tells no figures.

use crate::app::App;
use crate::call::Caller;
use crate::problem::ApiError;
use crate::route::Routes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base::{AuditId, Timestamp};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use std::convert::Infallible;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::sync::watch;
use utoipa::ToSchema;

/// How long it takes until somebody hears what was done, at most.
const PAUSE: Duration = Duration::from_secs(2);
/// How far back every look goes, in microseconds: what was recorded earlier may commit later.
const OVERLAP: i64 = 20_000_000;

/// The areas in which something was done since the event before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Changed {
    /// As in `purchasing` and `stock`: those in which the caller may do something.
    pub areas: Vec<String>,
}

pub(crate) fn add(routes: Routes) -> Routes {
    routes.stream::<Changed>(
        "/events",
        "Whoever is signed in. The stream ends with the session.",
        "Tell in which areas something was done, as it happens",
        get(events),
    )
}

/// What a stream knows between two looks.
struct Watcher {
    app: App,
    caller: Caller,
    closing: watch::Receiver<bool>,
    heard: HashSet<AuditId>,
}

impl Watcher {
    /// The areas in which something was done that was not heard before. It does not count as a use
    /// of the session: an open page alone keeps nobody signed in.
    async fn look(&mut self) -> Result<BTreeSet<String>, ApiError> {
        let now = (self.app.now)();
        let caller = self.caller.again(now);
        let after = Timestamp::from_micros(now.micros().saturating_sub(OVERLAP));
        static KNOWN: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
        let known = KNOWN.get_or_init(|| {
            crate::route_infos().into_iter().map(|route| route.permission).collect()
        });
        let done = self.app.database.look(move |tx| {
            let who = caller.sign_in(tx)?;
            let done = identity::done_since(tx, &who.ctx, after).map_err(ApiError::from)?;
            let seen = |of: &str| {
                known.iter().any(|permission| {
                    area(permission) == of
                        && who.ctx.require_somewhere(identity::Permission(permission)).is_ok()
                })
            };
            // Of so many acts some were not told: then every area may have changed.
            let many = done.len() == identity::MOST_DONE;
            let all = known.iter().map(|permission| area(permission)).filter(|_| many);
            let every = all.filter(|of| seen(of)).map(str::to_owned).collect();
            let told = done.into_iter().map(|(id, verb)| {
                let of = area(&verb);
                (id, seen(of).then(|| of.to_owned()))
            });
            Ok::<_, ApiError>((told.collect::<Vec<_>>(), every))
        });
        let (done, every): (_, BTreeSet<String>) = done.await?;
        let fresh: Vec<_> = done.iter().filter(|(id, _)| !self.heard.contains(id)).collect();
        let mut areas: BTreeSet<String> =
            fresh.iter().filter_map(|(_, area)| area.clone()).collect();
        if !fresh.is_empty() {
            areas.extend(every);
        }
        self.heard = done.into_iter().map(|(id, _)| id).collect();
        Ok(areas)
    }
}

/// The area of a verb or a permission.
fn area(verb: &str) -> &str {
    verb.split('.').next().unwrap_or(verb)
}

async fn events(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let caller = Caller::of(&app, &headers)?;
    let closing = app.closing();
    let mut watcher = Watcher { app, caller, closing, heard: HashSet::new() };
    // What was done before is in what the page loads; and who may not come is refused at once.
    watcher.look().await?;
    let told = stream::unfold(watcher, |mut watcher| async move {
        loop {
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = watcher.closing.changed() => return None,
            }
            let areas = watcher.look().await.ok()?;
            if !areas.is_empty() {
                let changed = Changed { areas: areas.into_iter().collect() };
                let event = Event::default().event("changed").json_data(changed).ok()?;
                return Some((Ok::<_, Infallible>(event), watcher));
            }
        }
    });
    Ok(Sse::new(told).keep_alive(KeepAlive::default()).into_response())
}
