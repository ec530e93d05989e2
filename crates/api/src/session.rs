//! Sign-in and sign-out over HTTP. A browser holds a cookie that no script can read; every write
//! that comes with it has to come from our own pages.

use crate::app::App;
use crate::call::{Caller, from_own_page, read_json, read_query};
use crate::doorkeeper::Guess;
use crate::problem::ApiError;
use crate::route::{All, Done, Routes, json, refused, whole};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base::{CompanyId, Problem, ProblemKind, SessionId, UserId};
use identity::{CompanyRow, Me, Permission, Secret, SessionFilter, SessionRow, SetUp};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;
use utoipa::openapi::HttpMethod;

/// The session's cookie over TLS: the browser takes it from this host alone, for all of it.
const SECURE_COOKIE: &str = "__Host-purser";
/// The session's cookie on loopback, where there is no TLS.
const PLAIN_COOKIE: &str = "purser";

/// Signing in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// The login; capital letters do not matter.
    login: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
    /// The company to work in, by name. Who works in one only leaves it out.
    #[serde(default)]
    company: Option<String>,
    /// The code of the second factor, of the app or a recovery code. Who has one and leaves it out is
    /// told `second_factor_needed`.
    #[serde(default)]
    code: Option<String>,
}

/// Signing in with a link.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UseLink {
    /// What the link carries.
    token: String,
}

/// The first company and its administrator.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstSetUp {
    /// The one-time token that the server printed when it started.
    token: String,
    /// What to make.
    set_up: SetUp,
}

/// Ending a session of one's own.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndSession {
    /// Which.
    session_id: SessionId,
}

/// Going on in another company.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WorkIn {
    /// Which, of those in which one holds a role.
    company_id: CompanyId,
}

/// Who is signed in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct SignedIn {
    /// Who.
    me: Me,
    /// The session; none for who comes with an API key.
    session_id: Option<SessionId>,
    /// What the caller may do, somewhere at least.
    permissions: Vec<String>,
    /// Whether the company asks for a second factor that the user does not have: then the session can do
    /// nothing but set it up.
    lacks_second_factor: bool,
}

pub(crate) fn add(routes: Routes) -> Routes {
    let nobody = "Nobody needs to be signed in; a browser's own page sends `X-Purser: desk`.";
    let anybody = "Whoever is signed in.";
    routes
        .open::<All, SignedIn>(
            "/session",
            anybody,
            "Tell who is signed in",
            (HttpMethod::Get, get(who)),
        )
        .open::<SignIn, SignedIn>("/session", nobody, "Sign in", (HttpMethod::Post, post(sign_in)))
        .open::<UseLink, SignedIn>(
            "/session/link",
            nobody,
            "Sign in with a link",
            (HttpMethod::Post, post(use_link)),
        )
        .open::<FirstSetUp, SignedIn>(
            "/session/set-up",
            nobody,
            "Set up",
            (HttpMethod::Post, post(set_up)),
        )
        .open::<All, CompanyPage>(
            "/session/companies",
            anybody,
            "List the companies one may work in",
            (HttpMethod::Get, get(companies)),
        )
        .open::<WorkIn, SignedIn>(
            "/session/company",
            anybody,
            "Go on in another company",
            (HttpMethod::Post, post(work_in)),
        )
        .open::<All, Done>("/session/end", anybody, "Sign out", (HttpMethod::Post, post(sign_out)))
        .open::<All, Page>(
            "/sessions",
            anybody,
            "List one's own sessions",
            (HttpMethod::Get, get(own_sessions)),
        )
        .open::<EndSession, Done>(
            "/sessions/end",
            anybody,
            "End a session",
            (HttpMethod::Post, post(end_session)),
        )
}

/// The page of a list, for the contract.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionPage)]
struct Page {
    /// The sessions.
    #[allow(dead_code, reason = "it describes what is served")]
    lines: Vec<SessionRow>,
}

/// The companies of who asks, for the contract.
#[derive(Serialize, ToSchema)]
struct CompanyPage {
    /// The companies.
    #[allow(dead_code, reason = "it describes what is served")]
    lines: Vec<CompanyRow>,
}

/// The session's token among the cookies.
pub(crate) fn token_of(app: &App, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(app);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(own, value)| (own == name).then(|| value.to_owned()))
}

fn cookie_name(app: &App) -> &'static str {
    if app.secure { SECURE_COOKIE } else { PLAIN_COOKIE }
}

/// The answer with the cookie set, or with an empty value taken away.
fn with_cookie(app: &App, mut response: Response, value: &str) -> Response {
    let secure = if app.secure { "; Secure" } else { "" };
    let age = if value.is_empty() { "; Max-Age=0" } else { "" };
    let name = cookie_name(app);
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// What doors ask for beyond the permission of their route, where a page has to know it beforehand.
const BEYOND_ROUTES: [Permission; 1] = [opening::BOOK_DIFFERENCE];

/// Who the caller is, and what he may.
fn signed_in(tx: &mut Tx<'_>, caller: &identity::Caller) -> Result<SignedIn, ApiError> {
    let lacks_second_factor = caller.lacks_second_factor;
    let may = |name: &&'static str| {
        !lacks_second_factor && caller.ctx.require_somewhere(Permission(name)).is_ok()
    };
    let of_routes = crate::route_infos().into_iter().map(|route| route.permission);
    let beyond = BEYOND_ROUTES.iter().map(|permission| permission.0);
    let mut permissions: Vec<&'static str> = of_routes.chain(beyond).collect();
    permissions.sort_unstable();
    permissions.dedup();
    Ok(SignedIn {
        me: identity::me(tx, &caller.ctx)?,
        session_id: caller.session_id,
        permissions: permissions.into_iter().filter(may).map(str::to_owned).collect(),
        lacks_second_factor,
    })
}

async fn who(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let _: All = asked(query.as_deref())?;
    let caller = Caller::of(&app, &headers)?;
    json(&caller.lacking_second_factor().look(&app, signed_in).await?)
}

pub(crate) fn asked<F: serde::de::DeserializeOwned>(query: Option<&str>) -> Result<F, ApiError> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(query.unwrap_or_default()).unwrap_or_default();
    read_query(&pairs)
}

async fn sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    from_own_page(&headers)?;
    let SignIn { login, password, company, code } = read_json(&headers, &body)?;
    let guess = match app.doorkeeper.guess(&login, (app.now)()).await {
        Ok(guess) => guess,
        Err(seconds) => return Ok(too_many(seconds)),
    };
    let Some(user_id) = authenticate(&app, &login, password).await? else {
        guess.was_wrong();
        tracing::warn!("a sign-in was refused");
        return Err(refused(identity::SignInError::WrongCredentials));
    };
    let begun = begin(&app, &headers, move |tx, digest, at, request_id| {
        let (company, code) = (company.as_deref(), code.as_deref());
        let asked = identity::SignIn { company, user_id, code, session: digest };
        identity::sign_in(tx, asked, at, request_id).map_err(refused)?;
        Ok(())
    })
    .await;
    match begun {
        Ok(answer) => {
            guess.was_right();
            Ok(answer)
        }
        Err(error) => {
            note_refusal(&app, &headers, &guess, &error, user_id).await;
            Err(error)
        }
    }
}

/// Counts a refused code, for the doorkeeper and for good. The transaction that refused it wrote nothing; the
/// answer waits for this one, so that nobody guesses on before it.
pub(crate) async fn note_refusal(
    app: &App,
    headers: &HeaderMap,
    guess: &Guess<'_>,
    error: &ApiError,
    user_id: UserId,
) {
    if !guess.was_refused(error) {
        return;
    }
    let at = (app.now)();
    let request_id = Caller::request_id(headers, at);
    let noted = app
        .database
        .submit(move |tx| identity::note_wrong_code(tx, user_id, at, &request_id))
        .await;
    if let Err(error) = noted {
        tracing::error!(%error, "a wrong code was not noted");
    }
}

/// The user of a login and password, if they are right; the doorkeeper has let the guess in.
pub(crate) async fn authenticate(
    app: &App,
    login: &str,
    password: String,
) -> Result<Option<UserId>, ApiError> {
    let login = login.to_owned();
    let credential = app
        .database
        .look(move |tx| identity::find_credential(tx, &login).map_err(ApiError::from))
        .await?;
    let compared = tokio::task::spawn_blocking(move || credential.authenticate(&password)).await;
    compared.map(Result::ok).map_err(|_| store::StoreError::Panicked.into())
}

async fn use_link(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    from_own_page(&headers)?;
    let asked: UseLink = read_json(&headers, &body)?;
    begin(&app, &headers, move |tx, digest, at, request_id| {
        identity::use_sign_in_link(tx, &asked.token, digest, at, request_id).map_err(refused)?;
        Ok(())
    })
    .await
}

async fn companies(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let _: All = asked(query.as_deref())?;
    // Who lacks the second factor that this company asks for may go on in another.
    let caller = Caller::of(&app, &headers)?.lacking_second_factor();
    let lines = caller
        .look(&app, |tx, caller| identity::own_companies(tx, &caller.ctx).map_err(ApiError::from));
    json(&whole(lines.await?))
}

async fn work_in(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    from_own_page(&headers)?;
    let WorkIn { company_id } = read_json(&headers, &body)?;
    let here = token_of(&app, &headers).unwrap_or_default();
    begin(&app, &headers, move |tx, digest, at, request_id| {
        identity::work_in(tx, &here, company_id, digest, at, request_id).map_err(refused)?;
        Ok(())
    })
    .await
}

async fn set_up(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    from_own_page(&headers)?;
    // Reading the request hashes the password, which takes a while on purpose: one at a time.
    let turn = app.doorkeeper.comparing.acquire().await;
    let asked: FirstSetUp = read_json(&headers, &body)?;
    drop(turn);
    begin(&app, &headers, move |tx, digest, at, request_id| {
        let FirstSetUp { token, set_up } = asked.clone();
        let name = set_up.company.name.clone();
        let done = identity::set_up(tx, &token, set_up, at, request_id).map_err(refused)?;
        let ctx = identity::ctx_for_user(tx, done.company_id, done.user_id, at, request_id)
            .map_err(refused)?;
        furnish(tx, &ctx)?;
        // Whoever sets up has just chosen the password.
        let asked = identity::SignIn {
            company: Some(&name),
            user_id: done.user_id,
            code: None,
            session: digest,
        };
        identity::sign_in(tx, asked, at, request_id).map_err(refused)?;
        Ok(())
    })
    .await
}

/// Gives a new company what every company needs: accounts, units, reasons and jobs.
///
/// # Errors
/// What a door refuses, as a problem.
pub fn furnish(tx: &mut Tx<'_>, ctx: &identity::Ctx) -> Result<(), ApiError> {
    accounting::install_accounts(tx, ctx, accounting::Template::Standard).map_err(refused)?;
    catalog::install_units(tx, ctx).map_err(refused)?;
    stock::install_reasons(tx, ctx).map_err(refused)?;
    jobs::install_jobs(tx, ctx).map_err(refused)
}

/// Starts a session by `work`, under a token that only the answer's cookie knows. A session that the
/// browser had before ends: each sign-in has a token of its own.
async fn begin(
    app: &App,
    headers: &HeaderMap,
    mut work: impl FnMut(&mut Tx<'_>, &identity::Digest, base::Timestamp, &str) -> Result<(), ApiError>
    + Send
    + 'static,
) -> Result<Response, ApiError> {
    let secret = Secret::random();
    let (token, digest, at) = (secret.reveal(), secret.digest(), (app.now)());
    let request_id = Caller::request_id(headers, at);
    let (before, own) = (token_of(app, headers), token.clone());
    let answer = app
        .database
        .submit(move |tx| {
            work(tx, &digest, at, &request_id)?;
            if let Some(before) = &before {
                end_token(tx, before, at, &request_id)?;
            }
            let caller = identity::find_any_session(tx, &own, at, &request_id).map_err(refused)?;
            signed_in(tx, &caller)
        })
        .await?;
    Ok(with_cookie(app, json(&answer)?, &token))
}

/// Ends the session of a token, if it still is one.
fn end_token(
    tx: &mut Tx<'_>,
    token: &str,
    at: base::Timestamp,
    request_id: &str,
) -> Result<(), ApiError> {
    let found = identity::find_any_session(tx, token, at, request_id);
    if let Ok(identity::Caller { ctx, session_id: Some(session_id), .. }) = found {
        identity::end_session(tx, &ctx, session_id).map_err(refused)?;
    }
    Ok(())
}

async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    from_own_page(&headers)?;
    let token = token_of(&app, &headers).ok_or_else(|| {
        ApiError(Problem::new(
            ProblemKind::Unauthenticated,
            "unauthenticated",
            "there is no session to end",
        ))
    })?;
    let at = (app.now)();
    let request_id = Caller::request_id(&headers, at);
    app.database.submit(move |tx| end_token(tx, &token, at, &request_id)).await?;
    Ok(with_cookie(&app, json(&Done::now())?, ""))
}

async fn own_sessions(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let _: All = asked(query.as_deref())?;
    let caller = Caller::of(&app, &headers)?;
    let lines = caller.look(&app, |tx, caller| {
        let filter = SessionFilter { user_id: Some(caller.ctx.user_id) };
        identity::sessions(tx, &caller.ctx, filter).map_err(refused)
    });
    json(&whole(lines.await?))
}

async fn end_session(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let caller = Caller::of_write(&app, &headers)?;
    let asked: EndSession = read_json(&headers, &body)?;
    let ended = app.database.submit(move |tx| {
        let ctx = caller.sign_in(tx)?.ctx;
        identity::end_session(tx, &ctx, asked.session_id).map_err(refused)
    });
    ended.await?;
    json(&Done::now())
}

/// Somebody tried too often.
pub(crate) fn too_many(seconds: i64) -> Response {
    let detail = format!("too many wrong passwords or codes; try again in {seconds} seconds");
    let problem = Problem::new(ProblemKind::Busy, "sign_in_throttled", detail);
    let mut response = ApiError(problem).into_response();
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}
