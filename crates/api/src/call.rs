//! From a request to a door and back: who asks, what is asked, under which key.

use crate::app::App;
use crate::problem::ApiError;
use crate::session;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, header};
use base::{Problem, ProblemKind, Timestamp};
use identity::Ctx;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use store::{RequestKey, Tx};

/// The header by which our own pages tell themselves from others'.
const OWN_PAGE: &str = "x-purser";
/// The header by which a page says in whose name it asks, as company and user: `1.7`. What one user
/// left to be sent is refused in the session of another.
const MEANT_FOR: &str = "x-purser-user";

/// With what a caller comes.
#[derive(Clone, Debug)]
enum Credential {
    /// A program, with an API key.
    Key(String),
    /// A browser, with a session's cookie.
    Session(String),
}

/// What of a request does not depend on its route.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    credential: Credential,
    key: Option<String>,
    meant_for: Option<String>,
    request_id: String,
    at: Timestamp,
    /// Whether a session is let in whose user lacks the second factor that the company asks for.
    may_lack_second_factor: bool,
}

impl Caller {
    /// Reads the headers. An API key goes before a cookie.
    ///
    /// # Errors
    /// A problem when there is neither, or the idempotency key has no usable form.
    pub(crate) fn of(app: &App, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let at = (app.now)();
        let bearer = text(headers, header::AUTHORIZATION.as_str())
            .and_then(|value| value.strip_prefix("Bearer "))
            .map(|token| Credential::Key(token.trim().to_owned()));
        let cookie = || session::token_of(app, headers).map(Credential::Session);
        let credential = bearer.or_else(cookie).ok_or_else(unauthenticated)?;
        let key = text(headers, "idempotency-key").map(str::to_owned);
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
        let request_id = Caller::request_id(headers, at);
        let meant_for = text(headers, MEANT_FOR).map(str::to_owned);
        let may_lack_second_factor = false;
        Ok(Caller { credential, key, meant_for, request_id, at, may_lack_second_factor })
    }

    /// As [`Caller::of`], for a request that changes something.
    ///
    /// # Errors
    /// Also a problem when a browser was led here by another's page.
    pub(crate) fn of_write(app: &App, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let caller = Caller::of(app, headers)?;
        if matches!(caller.credential, Credential::Session(_)) {
            from_own_page(headers)?;
        }
        Ok(caller)
    }

    /// The same caller at a later moment, for a request that takes longer than one look.
    pub(crate) fn again(&self, at: Timestamp) -> Caller {
        Caller { at, ..self.clone() }
    }

    /// The same caller, also with a session whose user lacks the second factor that the company asks
    /// for: to say who it is, and to set one up.
    pub(crate) fn lacking_second_factor(self) -> Caller {
        Caller { may_lack_second_factor: true, ..self }
    }

    /// The request's id: the client's, or one of ours.
    pub(crate) fn request_id(headers: &HeaderMap, at: Timestamp) -> String {
        text(headers, "x-request-id")
            .filter(|id| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_graphic()))
            .map_or_else(|| format!("r{}", at.micros()), str::to_owned)
    }

    /// Signs the caller in, inside the transaction that does the work.
    ///
    /// # Errors
    /// A problem when the key or session is unknown, expired or ended, or another's than it is meant
    /// for.
    pub(crate) fn sign_in(&self, tx: &mut Tx<'_>) -> Result<identity::Caller, ApiError> {
        let found = match &self.credential {
            Credential::Key(key) => {
                identity::authenticate_api_key(tx, key, self.at, &self.request_id)
            }
            Credential::Session(token) if self.may_lack_second_factor => {
                identity::find_any_session(tx, token, self.at, &self.request_id)
            }
            Credential::Session(token) => {
                identity::find_session(tx, token, self.at, &self.request_id)
            }
        };
        let found = found.map_err(|error| ApiError(base::Rule::problem(&error)))?;
        let is = format!("{}.{}", found.ctx.company_id, found.ctx.user_id);
        if self.meant_for.as_ref().is_some_and(|meant| *meant != is) {
            return Err(another_user());
        }
        Ok(found)
    }

    /// Reads for the caller, and notes that the session or key was used when that is due.
    ///
    /// # Errors
    /// What `read` refuses, or the sign-in.
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        app: &App,
        mut read: impl FnMut(&mut Tx<'_>, &identity::Caller) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let own = self.clone();
        let (found, caller) = app
            .database
            .look(move |tx| {
                let caller = own.sign_in(tx)?;
                read(tx, &caller).map(|found| (found, caller))
            })
            .await?;
        note(app, caller).await;
        Ok(found)
    }

    /// Acts for the caller in a turn among those who write, without a key: an import or a rehearsal.
    ///
    /// # Errors
    /// What `act` refuses, or the sign-in.
    pub(crate) async fn take_turn<T: Send + 'static>(
        self,
        app: &App,
        mut act: impl FnMut(&mut Tx<'_>, &identity::Caller) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let (done, caller) = app
            .database
            .submit(move |tx| {
                let caller = self.sign_in(tx)?;
                act(tx, &caller).map(|done| (done, caller))
            })
            .await?;
        note(app, caller).await;
        Ok(done)
    }

    /// What tells a write of this caller under its key from all others of this process.
    pub(crate) fn own(&self, route: &'static str) -> Vec<u8> {
        let (kind, text) = match &self.credential {
            Credential::Key(text) => ("key", text),
            Credential::Session(text) => ("session", text),
        };
        let mut hash = Sha256::new();
        for part in [kind, text, route, self.key.as_deref().unwrap_or_default()] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        hash.finalize().to_vec()
    }

    /// The key that the caller sent, which names the request that is meant.
    ///
    /// # Errors
    /// A problem when the header is missing.
    pub(crate) fn sent_key(&self) -> Result<&str, ApiError> {
        self.key.as_deref().ok_or_else(|| {
            let detail = "say with the Idempotency-Key header which request you ask about: send the \
                          key that it was sent with";
            Problem::invalid("idempotency_key_missing", detail).into()
        })
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
        "sign in, or send an API key as `Authorization: Bearer pk_...`; `purser apikey create` makes \
         one",
    )
    .into()
}

fn another_user() -> ApiError {
    Problem::forbidden(
        "another_user",
        "somebody else is signed in than the request is meant for, and nothing was done; sign in as \
         that user to send it",
    )
    .into()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("\u{0}"))
}

/// Notes that a session or key was used. It is a transaction of its own after the work, so that no
/// work waits for another's note; should it fail, the next request notes it.
pub(crate) async fn note(app: &App, caller: identity::Caller) {
    let identity::Caller { ctx, due: Some(used), .. } = caller else { return };
    let noted = app.database.submit(move |tx| identity::note_use(tx, &ctx, used)).await;
    if let Err(error) = noted {
        tracing::warn!(%error, "the use of a session or key was not noted");
    }
}

/// Demands that a browser's request was made by our own pages: they send a header that no other
/// site can have a browser send, and the browser itself says where a request began.
///
/// # Errors
/// A problem when it was not.
pub(crate) fn from_own_page(headers: &HeaderMap) -> Result<(), ApiError> {
    let began_here = match text(headers, "sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => match (text(headers, "origin"), text(headers, "host")) {
            (Some(origin), Some(host)) => {
                origin.split_once("://").is_some_and(|(_, authority)| authority == host)
            }
            _ => true,
        },
    };
    if began_here && text(headers, OWN_PAGE) == Some("desk") {
        return Ok(());
    }
    Err(Problem::forbidden(
        "not_from_own_page",
        "a session acts from Purser's own pages only: send the header `X-Purser: desk` from the same \
         origin; programs use an API key",
    )
    .into())
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
