//! From a request to a door and back: who asks, what is asked, under which key.

use crate::problem::ApiError;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, header};
use base::{Problem, ProblemKind, Timestamp};
use identity::Ctx;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use store::{RequestKey, Tx};

/// What of a request does not depend on its route.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    token: String,
    key: Option<String>,
    request_id: String,
    at: Timestamp,
}

impl Caller {
    /// Reads the headers.
    ///
    /// # Errors
    /// A problem when there is no API key, or the idempotency key has no usable form.
    pub(crate) fn of(headers: &HeaderMap, at: Timestamp) -> Result<Caller, ApiError> {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("\u{0}"));
        let token = text(header::AUTHORIZATION.as_str())
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(unauthenticated)?
            .trim()
            .to_owned();
        let key = text("idempotency-key").map(str::to_owned);
        if let Some(key) = &key
            && (key.is_empty()
                || key.len() > 255
                || !key.bytes().all(|b| (0x20..0x7f).contains(&b)))
        {
            return Err(Problem::invalid(
                "bad_idempotency_key",
                "the Idempotency-Key header must be 1 to 255 printable ASCII characters",
            )
            .into());
        }
        let request_id = text("x-request-id")
            .filter(|id| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_graphic()))
            .map_or_else(|| format!("r{}", at.micros()), str::to_owned);
        Ok(Caller { token, key, request_id, at })
    }

    /// Signs the caller in, inside the transaction that does the work.
    ///
    /// # Errors
    /// A problem when the key is unknown, expired or revoked.
    pub(crate) fn sign_in(&self, tx: &mut Tx<'_>) -> Result<Ctx, ApiError> {
        identity::authenticate_api_key(tx, &self.token, self.at, &self.request_id)
            .map(|caller| caller.ctx)
            .map_err(|error| ApiError(base::Rule::problem(&error)))
    }

    /// The request's key, which every write must carry.
    ///
    /// # Errors
    /// A problem when the header is missing.
    pub(crate) fn key(
        &self,
        ctx: &Ctx,
        route: &'static str,
        fingerprint: &[u8],
    ) -> Result<RequestKey, ApiError> {
        let key = self.key.clone().ok_or_else(|| {
            Problem::invalid(
                "idempotency_key_missing",
                "every write carries an Idempotency-Key header of the client's making, so that a \
                 retry is harmless; send one, for example a UUID",
            )
        })?;
        Ok(RequestKey {
            company_id: ctx.company_id,
            principal: ctx.principal.clone(),
            route,
            key,
            fingerprint: fingerprint.to_vec(),
            at: self.at,
        })
    }
}

fn unauthenticated() -> ApiError {
    Problem::new(
        ProblemKind::Unauthenticated,
        "unauthenticated",
        "send an API key as `Authorization: Bearer pk_...`; `purser apikey create` makes one",
    )
    .into()
}

/// The SHA-256 of a request: method, route and canonical body.
pub(crate) fn fingerprint(method: &Method, route: &str, canonical: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(method.as_str().as_bytes());
    hash.update([0]);
    hash.update(route.as_bytes());
    hash.update([0]);
    hash.update(canonical);
    hash.finalize().to_vec()
}

/// Reads a JSON body strictly: unknown fields, wrong types and trailing characters are refused with
/// the path of the field.
///
/// # Errors
/// A problem that names the place.
pub(crate) fn read_json<Q: DeserializeOwned>(
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Q, ApiError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if kind.is_none_or(|kind| kind.split(';').next() != Some("application/json")) {
        return Err(Problem::invalid("not_json", "send the body as application/json").into());
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let request: Q = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let detail = format!("{path}: {}", error.inner());
        ApiError(Problem::invalid("bad_request", detail).with_field(&path))
    })?;
    reader.end().map_err(|error| {
        ApiError(Problem::invalid("bad_request", format!("after the JSON document: {error}")))
    })?;
    refuse_nul(body)?;
    Ok(request)
}

/// No stored text has a NUL, and PostgreSQL refuses to be asked for one, so no request may have any.
fn refuse_nul(body: &[u8]) -> Result<(), ApiError> {
    const ESCAPED: &[u8] = b"\\u0000";
    if !body.windows(ESCAPED.len()).any(|part| part == ESCAPED) {
        return Ok(());
    }
    // The backslash may itself be escaped; the document read again tells, and where.
    let document: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let Some(path) = path_of_nul(&document) else { return Ok(()) };
    let detail = format!("{path}: a NUL character; remove it");
    Err(Problem::invalid("bad_request", detail).with_field(&path).into())
}

/// The path of the first text with a NUL, as in `lines[0].sku`.
fn path_of_nul(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    let join = |name: &str, rest: String| match rest.as_bytes().first() {
        None => name.to_owned(),
        Some(b'[') => format!("{name}{rest}"),
        Some(_) => format!("{name}.{rest}"),
    };
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .find_map(|(at, value)| Some(join(&format!("[{at}]"), path_of_nul(value)?))),
        Value::Object(fields) => {
            fields.iter().find_map(|(name, value)| Some(join(name, path_of_nul(value)?)))
        }
        _ => None,
    }
}

/// Reads a query string strictly.
///
/// # Errors
/// A problem that says which parameter is not understood.
pub(crate) fn read_query<F: DeserializeOwned>(pairs: &[(String, String)]) -> Result<F, ApiError> {
    // No stored text has a NUL, and PostgreSQL refuses to be asked for one.
    if let Some((name, _)) = pairs.iter().find(|(_, value)| value.contains('\0')) {
        let detail = format!("{name} has a NUL character; remove it");
        return Err(Problem::invalid("bad_query", detail).with_field(name).into());
    }
    let text = serde_urlencoded::to_string(pairs).unwrap_or_default();
    serde_urlencoded::from_str(&text).map_err(|error| {
        Problem::invalid("bad_query", format!("the query is not understood: {error}")).into()
    })
}
