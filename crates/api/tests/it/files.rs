use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use store::Engine;
use store::testing::Fresh;
use tower::ServiceExt;

fn file(path: &str) -> Option<api::File> {
    let bytes: &[u8] = match path {
        "index.html" => b"the desk",
        "assets/a-1.js" => b"plain",
        "assets/a-1.js.br" => b"packed",
        _ => return None,
    };
    let mut sha256 = [0; 32];
    sha256[0] = u8::try_from(bytes.len()).expect("small");
    Some(api::File { bytes: bytes.into(), sha256 })
}

fn ask(router: &Router, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    runtime.block_on(async {
        let (parts, body) = router.clone().oneshot(request).await.expect("an answer").into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        (parts.status, parts.headers, String::from_utf8_lossy(&body).into_owned())
    })
}

#[test]
fn the_web_ui_is_one_page_whose_files_are_kept_and_packed() {
    let fresh = Fresh::new(Engine::Sqlite, &reconcile::SCHEMA);
    let router = api::router(api::App::new(fresh.database.clone()).with_files(file));
    for path in ["/", "/buying/orders/7"] {
        let (status, headers, body) = ask(&router, path, &[]);
        assert_eq!((status, body.as_str()), (StatusCode::OK, "the desk"));
        assert_eq!(headers["cache-control"], "no-cache");
        let policy = headers["content-security-policy"].to_str().expect("text");
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    let (_, plain, body) = ask(&router, "/assets/a-1.js", &[]);
    assert_eq!(body, "plain");
    assert!(plain["cache-control"].to_str().expect("text").contains("immutable"));
    let (_, packed, body) = ask(&router, "/assets/a-1.js", &[("accept-encoding", "gzip, br")]);
    assert_eq!((body.as_str(), packed["content-encoding"].as_bytes()), ("packed", &b"br"[..]));
    assert_ne!(plain["etag"], packed["etag"]);
    let tag = plain["etag"].to_str().expect("text");
    let (status, _, body) = ask(&router, "/assets/a-1.js", &[("if-none-match", tag)]);
    assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    // What is missing is missing: no page in place of a script, none in place of a route.
    for path in ["/assets/a-0.js", "/assets/a-1.js.br", "/api/v1/nonsense", "/api/v2"] {
        assert_eq!(ask(&router, path, &[]).0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn a_binary_without_the_web_ui_says_how_to_build_it() {
    let fresh = Fresh::new(Engine::Sqlite, &reconcile::SCHEMA);
    let router = api::router(api::App::new(fresh.database.clone()));
    let (status, _, body) = ask(&router, "/", &[]);
    assert!(status == StatusCode::OK && body.contains("make web"), "{body}");
}
