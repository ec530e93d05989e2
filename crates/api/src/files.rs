//! The web UI's files: what has its content's hash in its name is kept for a year, all else is asked
//! for again and answered by 304 when it is the same.

use crate::app::App;
use crate::health;
use crate::reference::STYLE;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use std::borrow::Cow;

/// A file of the web UI.
#[derive(Clone, Debug)]
pub struct File {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// What the web UI's pages may do: run our own scripts, ask our own server, and nothing else. The
/// component library sets styles at run time.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const YEAR: &str = "public, max-age=31536000, immutable";
/// How a file may be packed, the best first: the encoding's name and the ending of the packed file.
const PACKED: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// A file of the web UI; at any other path its one page, which finds its way by the address.
pub(crate) async fn serve(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    if method != Method::GET && method != Method::HEAD {
        return health::wrong_method().await;
    }
    if path.ends_with(".br") || path.ends_with(".gz") {
        return health::unknown().await;
    }
    let is_asset = path.starts_with("assets/");
    if let Some(file) = (app.files)(path).filter(|_| !path.is_empty()) {
        let kept = if is_asset { YEAR } else { "no-cache" };
        return answer(&app, path, file, kept, &headers);
    }
    if is_asset || path == "api" || path.starts_with("api/") {
        return health::unknown().await;
    }
    match (app.files)("index.html") {
        Some(file) => answer(&app, "index.html", file, "no-cache", &headers),
        None => Html(not_built()).into_response(),
    }
}

fn answer(app: &App, path: &str, file: File, kept: &'static str, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let packed = PACKED.iter().find_map(|(encoding, ending)| {
        let takes = accepts(accepted.unwrap_or_default(), encoding);
        let packed = takes.then(|| (app.files)(&format!("{path}{ending}"))).flatten();
        packed.map(|file| (*encoding, file))
    });
    let (encoding, file) = match packed {
        Some((encoding, file)) => (Some(encoding), file),
        None => (None, file),
    };
    let tag: String = file.sha256.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known.split(',').any(|own| own.trim() == tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.bytes.into_owned().into_response()
    };
    let kind = HeaderValue::from_static(kind_of(path));
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, kind);
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.insert(header::ETAG, tag);
    }
    if let Some(encoding) = encoding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Whether a browser takes an encoding.
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|offer| {
        let (name, quality) = offer.split_once(';').unwrap_or((offer, ""));
        name.trim() == encoding && quality.trim() != "q=0"
    })
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "webmanifest" => "application/json",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}

/// What is shown where the web UI was not built.
fn not_built() -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Purser</title>\
         <style>{STYLE}</style></head><body><h1>Purser</h1><p>This binary was built without the web \
         UI. Run <code>make web</code> (it needs Node 20 or later) and build again. All else \
         works: see the <a href=\"/api\">API reference</a>.</p></body></html>"
    )
}
