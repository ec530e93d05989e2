//! Routes: each is registered once, with its permission, and is thereby served and described.

use crate::app::App;
use crate::call::{Caller, fingerprint, note, read_json, read_query};
use crate::download::FileAnswer;
use crate::export::{Form, as_csv, as_xlsx};
use crate::imports::Import;
use crate::openapi::Description;
use crate::problem::ApiError;
use crate::progress::Telling;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use base::{Page, Problem, Rule};
use identity::{Ctx, Permission, Secret};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::str::FromStr;
use store::{StoreError, Tx};
use tabular::Column;
use utoipa::ToSchema;
use utoipa::openapi::HttpMethod;

/// What a test needs to know of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// The method.
    pub method: &'static str,
    /// The path below `/api/v1`.
    pub path: &'static str,
    /// The permission that it asks for before anything else.
    pub permission: &'static str,
}

/// A page of a list, its lines as in JSON, for the filters given as in a query.
pub(crate) type ListDoor = Box<
    dyn Fn(&mut Tx<'_>, &Ctx, &[(String, String)]) -> Result<Page<Value>, ApiError> + Send + Sync,
>;

/// Among whom a question waits its turn.
#[derive(Clone, Copy)]
enum Turn {
    /// Those who read.
    Reader,
    /// Those who write.
    Writer,
}

/// A door to which a fresh secret is given.
pub(crate) type SecretDoor<Q, A, E> = fn(&mut Tx<'_>, &Ctx, Q, &Secret) -> Result<A, E>;
/// A door that tells how far it is.
pub(crate) type TellingDoor<Q, A, E> = fn(&mut Tx<'_>, &Ctx, Q, &Telling) -> Result<A, E>;
/// How an answer shows its secret.
pub(crate) type Show<A> = fn(A, &Secret) -> A;

/// The routes as they are collected.
#[derive(Default)]
pub struct Routes {
    handlers: BTreeMap<&'static str, MethodRouter<App>>,
    pub(crate) infos: Vec<RouteInfo>,
    pub(crate) lists: BTreeMap<&'static str, ListDoor>,
    pub(crate) imports: Vec<Import>,
    pub(crate) description: Description,
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.infos).finish()
    }
}

impl Routes {
    fn add(&mut self, info: RouteInfo, handler: MethodRouter<App>) {
        let path = info.path;
        self.infos.push(info);
        self.serve(path, handler);
    }

    fn serve(&mut self, path: &'static str, handler: MethodRouter<App>) {
        let merged = match self.handlers.remove(path) {
            Some(before) => before.merge(handler),
            None => handler,
        };
        self.handlers.insert(path, merged);
    }

    /// A route of signing in and out, which asks for no permission and knows itself who may come.
    #[must_use]
    pub(crate) fn open<Q: ToSchema, A: ToSchema>(
        mut self,
        path: &'static str,
        who: &'static str,
        summary: &'static str,
        (method, handler): (HttpMethod, MethodRouter<App>),
    ) -> Routes {
        self.description.open::<Q, A>(path, method, who, summary);
        self.serve(path, handler);
        self
    }

    /// A stream of server-sent events, each with an `E` as its data. It asks for no permission and
    /// knows itself who hears what.
    #[must_use]
    pub(crate) fn stream<E: ToSchema>(
        mut self,
        path: &'static str,
        who: &'static str,
        summary: &'static str,
        handler: MethodRouter<App>,
    ) -> Routes {
        self.description.stream::<E>(path, who, summary);
        self.serve(path, handler);
        self
    }

    /// A verb: `POST` with a JSON request and a JSON answer, once per idempotency key.
    #[must_use]
    pub fn verb<Q, A, E>(
        mut self,
        path: &'static str,
        permission: Permission,
        summary: &'static str,
        door: fn(&mut Tx<'_>, &Ctx, Q) -> Result<A, E>,
    ) -> Routes
    where
        Q: DeserializeOwned + Serialize + ToSchema + Clone + Send + Sync + 'static,
        A: DeserializeOwned + Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.description.verb::<Q, A>(path, permission, summary);
        self.acting(path, permission, Needs::Permission, door)
    }

    /// As [`Routes::verb`], for what everybody may do to what is their own: the door asks for the
    /// permission where it is another's.
    #[must_use]
    pub(crate) fn own_verb<Q, A, E>(
        mut self,
        path: &'static str,
        permission: Permission,
        summary: &'static str,
        door: fn(&mut Tx<'_>, &Ctx, Q) -> Result<A, E>,
    ) -> Routes
    where
        Q: DeserializeOwned + Serialize + ToSchema + Clone + Send + Sync + 'static,
        A: DeserializeOwned + Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.description.own_verb::<Q, A>(path, permission, summary);
        self.acting(path, permission, Needs::Own, door)
    }

    fn acting<Q, A, E>(
        mut self,
        path: &'static str,
        permission: Permission,
        needs: Needs,
        door: fn(&mut Tx<'_>, &Ctx, Q) -> Result<A, E>,
    ) -> Routes
    where
        Q: DeserializeOwned + Serialize + ToSchema + Clone + Send + Sync + 'static,
        A: DeserializeOwned + Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        let handler =
            post(move |State(app): State<App>, headers: HeaderMap, body: Bytes| async move {
                let caller = Caller::of_write(&app, &headers)?;
                let request: Q = read_json(&headers, &body)?;
                let asked = Asked { needs, ..Asked::of(path, permission, &request) };
                let once = once(&app, caller, asked, move |tx, ctx| {
                    door(tx, ctx, request.clone()).map_err(refused)
                });
                let once = once.await?;
                answer_of(&once)
            });
        self.add(RouteInfo { method: "POST", path, permission: permission.0 }, handler);
        self
    }

    /// A question that is too long for a query: `POST` with a JSON request and a JSON answer. Nothing is
    /// written, so it needs no key, and takes no turn from those who write.
    #[must_use]
    pub fn question<Q, A, E>(
        self,
        path: &'static str,
        permission: Permission,
        summary: &'static str,
        door: fn(&mut Tx<'_>, &Ctx, Q) -> Result<A, E>,
    ) -> Routes
    where
        Q: DeserializeOwned + ToSchema + Clone + Send + Sync + 'static,
        A: Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.ask(path, permission, summary, door, Turn::Reader)
    }

    /// A verb that can be rehearsed: at the second path, with the same request, it is told what the verb
    /// would do. The rehearsal does it and takes all of it back, so it needs no key; as it does it, it
    /// waits its turn among those who write.
    #[must_use]
    pub fn rehearsed_verb<Q, A, R, E>(
        self,
        (path, rehearsal): (&'static str, &'static str),
        permission: Permission,
        (summary, told): (&'static str, &'static str),
        door: fn(&mut Tx<'_>, &Ctx, Q) -> Result<A, E>,
        rehearse: impl Fn(&mut Tx<'_>, &Ctx, Q) -> Result<R, E> + Copy + Send + Sync + 'static,
    ) -> Routes
    where
        Q: DeserializeOwned + Serialize + ToSchema + Clone + Send + Sync + 'static,
        A: DeserializeOwned + Serialize + ToSchema + Send + 'static,
        R: Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.verb(path, permission, summary, door).ask(
            rehearsal,
            permission,
            told,
            rehearse,
            Turn::Writer,
        )
    }

    fn ask<Q, A, E>(
        mut self,
        path: &'static str,
        permission: Permission,
        summary: &'static str,
        door: impl Fn(&mut Tx<'_>, &Ctx, Q) -> Result<A, E> + Copy + Send + Sync + 'static,
        turn: Turn,
    ) -> Routes
    where
        Q: DeserializeOwned + ToSchema + Clone + Send + Sync + 'static,
        A: Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.description.question::<Q, A>(path, permission, summary);
        let handler =
            post(move |State(app): State<App>, headers: HeaderMap, body: Bytes| async move {
                let caller = Caller::of_write(&app, &headers)?;
                let request: Q = read_json(&headers, &body)?;
                drop(body);
                let answer = move |tx: &mut Tx<'_>, who: &identity::Caller| {
                    who.ctx.require_somewhere(permission).map_err(refused)?;
                    door(tx, &who.ctx, request.clone()).map_err(refused)
                };
                json(&match turn {
                    Turn::Reader => caller.look(&app, answer).await?,
                    Turn::Writer => caller.take_turn(&app, answer).await?,
                })
            });
        self.add(RouteInfo { method: "POST", path, permission: permission.0 }, handler);
        self
    }

    /// A verb to which a fresh secret belongs. `show` puts it into the first answer; the answer that is
    /// kept for a repeat is without it.
    #[must_use]
    pub fn secret_verb<Q, A, E>(
        mut self,
        path: &'static str,
        permission: Permission,
        summary: &'static str,
        (door, show): (SecretDoor<Q, A, E>, Show<A>),
    ) -> Routes
    where
        Q: DeserializeOwned + Serialize + ToSchema + Clone + Send + Sync + 'static,
        A: DeserializeOwned + Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.description.verb::<Q, A>(path, permission, summary);
        let handler =
            post(move |State(app): State<App>, headers: HeaderMap, body: Bytes| async move {
                let caller = Caller::of_write(&app, &headers)?;
                let request: Q = read_json(&headers, &body)?;
                let asked = Asked::of(path, permission, &request);
                let secret = Secret::random();
                let fresh = secret.clone();
                let once = once(&app, caller, asked, move |tx, ctx| {
                    door(tx, ctx, request.clone(), &fresh).map_err(refused)
                });
                let mut once = once.await?;
                if !once.replayed {
                    once.answer = show(once.answer, &secret);
                }
                answer_of(&once)
            });
        self.add(RouteInfo { method: "POST", path, permission: permission.0 }, handler);
        self
    }

    /// A verb that takes long and tells how far it is: whoever sent it asks at `progress`, with its key.
    #[must_use]
    pub(crate) fn telling_verb<Q, A, E>(
        mut self,
        (path, progress): (&'static str, &'static str),
        permission: Permission,
        (summary, how_far): (&'static str, &'static str),
        door: TellingDoor<Q, A, E>,
    ) -> Routes
    where
        Q: DeserializeOwned + Serialize + ToSchema + Clone + Send + Sync + 'static,
        A: DeserializeOwned + Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.description.verb::<Q, A>(path, permission, summary);
        self.description.progress(progress, permission, how_far);
        let handler =
            post(move |State(app): State<App>, headers: HeaderMap, body: Bytes| async move {
                let caller = Caller::of_write(&app, &headers)?;
                let request: Q = read_json(&headers, &body)?;
                let asked = Asked::of(path, permission, &request);
                let telling = app.progress.begin(caller.own(path));
                let once = once(&app, caller, asked, move |tx, ctx| {
                    door(tx, ctx, request.clone(), &telling).map_err(refused)
                });
                answer_of(&once.await?)
            });
        self.add(RouteInfo { method: "POST", path, permission: permission.0 }, handler);
        let handler = get(
            move |State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap| async move {
                let _: All = read_query(&pairs_of(query.as_deref()))?;
                let caller = Caller::of(&app, &headers)?;
                caller.sent_key()?;
                let so_far = app.progress.of(&caller.own(path));
                // The session's use is not noted: the note would wait for the very work that is asked about.
                let looked = app.database.look(move |tx| {
                    let who = caller.sign_in(tx)?;
                    who.ctx.require_somewhere(permission).map_err(refused)
                });
                looked.await?;
                json(&so_far)
            },
        );
        self.add(RouteInfo { method: "GET", path: progress, permission: permission.0 }, handler);
        self
    }

    /// Lets the requests at a path, of the verb before this, carry whole files.
    #[must_use]
    pub fn with_files(mut self, path: &'static str) -> Routes {
        if let Some(handler) = self.handlers.remove(path) {
            self.handlers.insert(path, handler.layer(DefaultBodyLimit::max(IMPORT_LIMIT)));
        }
        self
    }

    /// A list: `GET` with filters in the query, a page in JSON, or with `format=csv` all of it.
    #[must_use]
    pub fn list<F, T, E>(
        self,
        path: &'static str,
        permission: Permission,
        summary: &'static str,
        door: fn(&mut Tx<'_>, &Ctx, F) -> Result<Page<T>, E>,
    ) -> Routes
    where
        F: DeserializeOwned + ToSchema + Clone + Send + Sync + 'static,
        T: Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.list_from("cursor", path, permission, summary, door)
    }

    /// As [`Routes::list`], where the filter calls the cursor by another name. Clients do not see
    /// that: for them it is `cursor` everywhere.
    #[must_use]
    pub fn list_from<F, T, E>(
        mut self,
        cursor: &'static str,
        path: &'static str,
        permission: Permission,
        summary: &'static str,
        door: fn(&mut Tx<'_>, &Ctx, F) -> Result<Page<T>, E>,
    ) -> Routes
    where
        F: DeserializeOwned + ToSchema + Clone + Send + Sync + 'static,
        T: Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.description.list::<F, T>(path, permission, summary, cursor);
        let read = move |tx: &mut Tx<'_>, ctx: &Ctx, pairs: &[(String, String)]| {
            let mut pairs = pairs.to_vec();
            rename(&mut pairs, "cursor", cursor);
            let page = door(tx, ctx, read_query(&pairs)?).map_err(refused)?;
            Ok(Page { lines: values(&page.lines)?, next_cursor: page.next_cursor })
        };
        self.lists.insert(path, Box::new(read));
        let handler = get(
            move |State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap| async move {
                let caller = Caller::of(&app, &headers)?;
                let mut pairs: Vec<(String, String)> =
                    serde_urlencoded::from_str(query.as_deref().unwrap_or_default())
                        .unwrap_or_default();
                let form = Form::read(take(&mut pairs, "format"))?;
                rename(&mut pairs, "cursor", cursor);
                let page = async |pairs: &[(String, String)]| {
                    let filter: F = read_query(pairs)?;
                    caller
                        .look(&app, move |tx, who| {
                            who.ctx.require_somewhere(permission).map_err(refused)?;
                            door(tx, &who.ctx, filter.clone()).map_err(refused)
                        })
                        .await
                };
                if form == Form::Json {
                    return json(&page(&pairs).await?);
                }
                let mut lines = Vec::new();
                loop {
                    let part: Page<T> = page(&pairs).await?;
                    lines.extend(part.lines);
                    let Some(next) = part.next_cursor else { break };
                    take(&mut pairs, cursor);
                    pairs.push((cursor.to_owned(), next));
                }
                let lines = values(&lines)?;
                file_answer(
                    form,
                    if form == Form::Csv { as_csv(&lines)? } else { as_xlsx(&lines)? },
                )
            },
        );
        self.add(RouteInfo { method: "GET", path, permission: permission.0 }, handler);
        self
    }

    /// One record by its id in the path, or 404.
    #[must_use]
    pub fn detail<I, T, E>(
        mut self,
        path: &'static str,
        permission: Permission,
        summary: &'static str,
        door: fn(&mut Tx<'_>, &Ctx, I) -> Result<T, E>,
    ) -> Routes
    where
        I: FromStr + Copy + Send + 'static,
        T: Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.description.detail::<T>(path, permission, summary);
        let handler = get(
            move |State(app): State<App>, Path(key): Path<String>, headers: HeaderMap| async move {
                let caller = Caller::of(&app, &headers)?;
                let id = key.parse::<I>().map_err(|_| {
                    ApiError(Problem::not_found("not_found", "there is no such record"))
                })?;
                let found = caller.look(&app, move |tx, who| {
                    who.ctx.require_somewhere(permission).map_err(refused)?;
                    door(tx, &who.ctx, id).map_err(refused)
                });
                json(&found.await?)
            },
        );
        self.add(RouteInfo { method: "GET", path, permission: permission.0 }, handler);
        self
    }

    /// An import: `POST` of a CSV file with these columns, with `dry_run=true` only tried. It needs no
    /// key, for the same file a second time changes nothing.
    #[must_use]
    pub fn import<R, E>(
        mut self,
        path: &'static str,
        permission: Permission,
        summary: &'static str,
        columns: &'static [Column],
        door: fn(&mut Tx<'_>, &Ctx, &[u8], bool) -> Result<R, E>,
    ) -> Routes
    where
        R: Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.description.import::<R>(path, permission, summary);
        self.imports.push(Import::new(path, permission, columns));
        let handler = post(
            move |State(app): State<App>,
                  RawQuery(query): RawQuery,
                  headers: HeaderMap,
                  body: Bytes| async move {
                let caller = Caller::of_write(&app, &headers)?;
                let pairs: Vec<(String, String)> =
                    serde_urlencoded::from_str(query.as_deref().unwrap_or_default())
                        .unwrap_or_default();
                let Try { dry_run } = read_query(&pairs)?;
                let report = caller.take_turn(&app, move |tx, who| {
                    who.ctx.require_somewhere(permission).map_err(refused)?;
                    door(tx, &who.ctx, &body, dry_run).map_err(refused)
                });
                json(&report.await?)
            },
        );
        let handler = handler.layer(DefaultBodyLimit::max(IMPORT_LIMIT));
        self.add(RouteInfo { method: "POST", path, permission: permission.0 }, handler);
        self
    }

    /// An upload: `POST` of a whole file as the body, with what is said of it in the query, once per
    /// idempotency key.
    #[must_use]
    pub fn upload<Q, A, E>(
        mut self,
        path: &'static str,
        permission: Permission,
        summary: &'static str,
        door: fn(&mut Tx<'_>, &Ctx, &Q, Sent<'_>) -> Result<A, E>,
    ) -> Routes
    where
        Q: DeserializeOwned + Serialize + ToSchema + Send + Sync + 'static,
        A: DeserializeOwned + Serialize + ToSchema + Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.description.upload::<Q, A>(path, permission, summary);
        let handler = post(
            move |State(app): State<App>,
                  RawQuery(query): RawQuery,
                  headers: HeaderMap,
                  body: Bytes| async move {
                let caller = Caller::of_write(&app, &headers)?;
                let request: Q = read_query(&pairs_of(query.as_deref()))?;
                let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
                let kind = kind.unwrap_or_default().to_owned();
                let mut canonical = serde_json::to_vec(&(&request, &kind)).unwrap_or_default();
                canonical.extend_from_slice(&body);
                let print = fingerprint(&Method::POST, path, &canonical);
                drop(canonical);
                let asked = Asked { path, permission, needs: Needs::Permission, print };
                let once = once(&app, caller, asked, move |tx, ctx| {
                    let sent = Sent { content: &body, content_type: &kind };
                    door(tx, ctx, &request, sent).map_err(refused)
                });
                let once = once.await?;
                answer_of(&once)
            },
        );
        let handler = handler.layer(DefaultBodyLimit::max(UPLOAD_LIMIT));
        self.add(RouteInfo { method: "POST", path, permission: permission.0 }, handler);
        self
    }

    /// A file by the id of its record in the path, with what is asked of it in the query, or 404.
    #[must_use]
    pub fn file<I, F, E>(
        mut self,
        path: &'static str,
        permission: Permission,
        summary: &'static str,
        door: fn(&mut Tx<'_>, &Ctx, I, &F) -> Result<FileAnswer, E>,
    ) -> Routes
    where
        I: FromStr + Copy + Send + 'static,
        F: DeserializeOwned + ToSchema + Send + Sync + 'static,
        E: Rule + From<StoreError> + Send + 'static,
    {
        self.description.file::<F>(path, permission, summary);
        let handler = get(
            move |State(app): State<App>,
                  Path(key): Path<String>,
                  RawQuery(query): RawQuery,
                  headers: HeaderMap| async move {
                let caller = Caller::of(&app, &headers)?;
                let id = key.parse::<I>().map_err(|_| {
                    ApiError(Problem::not_found("not_found", "there is no such record"))
                })?;
                let asked: F = read_query(&pairs_of(query.as_deref()))?;
                let found = caller.look(&app, move |tx, who| {
                    who.ctx.require_somewhere(permission).map_err(refused)?;
                    door(tx, &who.ctx, id, &asked).map_err(refused)
                });
                Ok::<Response, ApiError>(found.await?.into_response())
            },
        );
        self.add(RouteInfo { method: "GET", path, permission: permission.0 }, handler);
        self
    }

    /// The router of all of them.
    pub(crate) fn into_router(self) -> (Router<App>, Vec<RouteInfo>, Description) {
        let mut router = Router::new();
        for (path, handler) in self.handlers {
            router = router.route(path, handler);
        }
        (router, self.infos, self.description)
    }
}

/// The answer of a verb that has nothing else to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// Always true: a refusal is a problem document.
    pub done: bool,
}

impl Done {
    /// Done.
    #[must_use]
    pub fn now() -> Done {
        Done { done: true }
    }
}

/// The largest file that is imported in one request, in bytes.
const IMPORT_LIMIT: usize = 64 * 1024 * 1024;

/// The largest file that is uploaded in one request, in bytes: what the policy allows at the most.
const UPLOAD_LIMIT: usize = 33 * 1024 * 1024;

/// A file as it was sent.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'b> {
    /// Its bytes.
    pub content: &'b [u8],
    /// What the sender says it is; empty for nothing.
    pub content_type: &'b str,
}

/// A request with a key: where it came to, what it needs, and what tells it from another.
struct Asked {
    path: &'static str,
    permission: Permission,
    needs: Needs,
    print: Vec<u8>,
}

/// What whoever asks needs before the door is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// The route's permission, somewhere.
    Permission,
    /// Nothing: what is asked about may be their own, which the door knows.
    Own,
}

impl Asked {
    /// A request in JSON. It is told from another as it was read, not as it was written.
    fn of<Q: Serialize>(path: &'static str, permission: Permission, request: &Q) -> Asked {
        let canonical = serde_json::to_vec(request).unwrap_or_default();
        let print = fingerprint(&Method::POST, path, &canonical);
        Asked { path, permission, needs: Needs::Permission, print }
    }
}

/// Acts once per idempotency key, in the name of who asks.
async fn once<A>(
    app: &App,
    caller: Caller,
    asked: Asked,
    act: impl Fn(&mut Tx<'_>, &Ctx) -> Result<A, ApiError> + Send + 'static,
) -> Result<store::Once<A>, ApiError>
where
    A: DeserializeOwned + Serialize + Send + 'static,
{
    let Asked { path, permission, needs, print } = asked;
    let (waiting, working) = app.left.begin(caller.own(path))?;
    let ended = app
        .database
        .submit_keyed(move |tx| {
            let _working = &working;
            let who = caller.sign_in(tx)?;
            let ctx = &who.ctx;
            if needs == Needs::Permission {
                ctx.require_somewhere(permission).map_err(refused)?;
            }
            let key = caller.key(ctx, path, &print)?;
            let once = store::once(tx, &key, &mut |tx: &mut Tx<'_>| act(tx, ctx))?;
            Ok::<_, ApiError>((once, who))
        })
        .await;
    waiting.answer();
    let (once, who) = ended?;
    note(app, who).await;
    Ok(once)
}

/// The answer to a request with a key, and whether it was given before.
fn answer_of<A: Serialize>(once: &store::Once<A>) -> Result<Response, ApiError> {
    let mut response = json(&once.answer)?;
    if once.replayed {
        response.headers_mut().insert("idempotent-replay", HeaderValue::from_static("true"));
    }
    Ok(response)
}

fn pairs_of(query: Option<&str>) -> Vec<(String, String)> {
    serde_urlencoded::from_str(query.unwrap_or_default()).unwrap_or_default()
}

/// Whether an import is only tried.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Try {
    dry_run: bool,
}

/// The filter of a list that has none.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct All {}

/// A list that is always given whole.
pub(crate) fn whole<T>(lines: Vec<T>) -> Page<T> {
    Page { lines, next_cursor: None }
}

/// A rule's refusal as a problem.
pub(crate) fn refused(error: impl Rule) -> ApiError {
    ApiError(error.problem())
}

fn rename(pairs: &mut [(String, String)], from: &str, to: &str) {
    for (key, _) in pairs.iter_mut().filter(|(key, _)| key == from) {
        to.clone_into(key);
    }
}

fn take(pairs: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let at = pairs.iter().position(|(key, _)| key == name)?;
    Some(pairs.remove(at).1)
}

/// Lines as they are in JSON.
fn values<T: Serialize>(lines: &[T]) -> Result<Vec<Value>, ApiError> {
    let read = lines.iter().map(serde_json::to_value).collect::<Result<_, _>>();
    read.map_err(|error| {
        ApiError::from(StoreError::Unusable(format!("a line is not JSON: {error}")))
    })
}

fn file_answer(form: Form, file: Vec<u8>) -> Result<Response, ApiError> {
    let kind = HeaderValue::from_static(form.content_type());
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind)], file).into_response())
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<Response, ApiError> {
    let body = serde_json::to_vec(value).map_err(|error| {
        ApiError::from(StoreError::Unusable(format!("an answer is not JSON: {error}")))
    })?;
    let kind = HeaderValue::from_static("application/json");
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind)], body).into_response())
}
