//! The key under which a browser keeps what its user takes along. It is handed to that user's own
//! sessions; no answer of it is kept for a repeat, and none by a cache.

use crate::app::App;
use crate::call::{Caller, read_json};
use crate::problem::ApiError;
use crate::route::{All, Routes, json, refused};
use crate::session::asked;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use identity::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::HttpMethod;

/// A user's device key.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct DeviceKey {
    /// 256 bits as hexadecimal digits. Keep it in memory alone.
    secret: String,
}

impl DeviceKey {
    fn of(secret: &Secret) -> DeviceKey {
        DeviceKey { secret: secret.reveal() }
    }
}

/// Nothing is asked: a key is made of randomness alone.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MakeDeviceKey {}

pub(crate) fn add(routes: Routes) -> Routes {
    let own = "A user's own session; no API key.";
    routes
        .open::<All, DeviceKey>(
            "/me/device-key",
            own,
            "Tell one's own device key",
            (HttpMethod::Get, get(tell)),
        )
        .open::<MakeDeviceKey, DeviceKey>(
            "/me/device-key",
            own,
            "Make one's device key, unless there is one",
            (HttpMethod::Post, post(make)),
        )
}

async fn tell(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let _: All = asked(query.as_deref())?;
    let caller = Caller::of(&app, &headers)?;
    let key = caller.look(&app, |tx, who| identity::device_key(tx, who).map_err(refused));
    json(&DeviceKey::of(&key.await?))
}

async fn make(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let caller = Caller::of_write(&app, &headers)?;
    let _: MakeDeviceKey = read_json(&headers, &body)?;
    let fresh = Secret::random();
    let made = app.database.submit(move |tx| {
        let who = caller.sign_in(tx)?;
        identity::make_device_key(tx, &who, &fresh).map_err(refused)
    });
    json(&DeviceKey::of(&made.await?))
}
