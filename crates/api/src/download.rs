//! Files as answers: a browser shows what is harmless to show, saves all else, and runs nothing.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What of a file a browser may show: all else it saves.
const SHOWN: [&str; 3] = ["application/pdf", "image/png", "image/jpeg"];

/// Nothing in a file acts, and none is taken for a page of ours.
const SANDBOX: &str = "default-src 'none'; sandbox; frame-ancestors 'self'";

/// Browsers show no PDF in a sandbox: their viewer, which keeps it from acting, is refused there, too.
const VIEWER: &str = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; \
                      frame-ancestors 'self'";

/// How a file is wanted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Download {
    /// `true` has a browser save the file, whatever it is.
    pub download: bool,
}

/// A file as an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAnswer {
    /// Its name.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether a browser saves it, whatever it is.
    pub saved: bool,
}

impl FileAnswer {
    /// `inline` or `attachment`, with the file's name for old and new readers.
    fn disposition(&self) -> String {
        let shown = !self.saved && SHOWN.contains(&self.media_type.as_str());
        let way = if shown { "inline" } else { "attachment" };
        let plain =
            |c: char| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' };
        let ascii: String = self.name.chars().map(plain).collect();
        let exact: String = self.name.bytes().map(encoded).collect();
        format!("{way}; filename=\"{ascii}\"; filename*=UTF-8''{exact}")
    }
}

fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b".-_~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

impl IntoResponse for FileAnswer {
    fn into_response(self) -> Response {
        let unknown = HeaderValue::from_static("application/octet-stream");
        let kind = if self.media_type.starts_with("text/") {
            format!("{}; charset=utf-8", self.media_type)
        } else {
            self.media_type.clone()
        };
        let policy = if self.media_type == "application/pdf" { VIEWER } else { SANDBOX };
        let disposition = HeaderValue::from_str(&self.disposition())
            .unwrap_or(HeaderValue::from_static("attachment"));
        let mut response = self.bytes.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&kind).unwrap_or(unknown));
        headers.insert(header::CONTENT_DISPOSITION, disposition);
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_shows_pictures_and_pdfs_and_saves_all_else() {
        #[track_caller]
        fn check(name: &str, media_type: &str, saved: bool, expected: &str) {
            let (name, media_type) = (name.to_owned(), media_type.to_owned());
            let answer = FileAnswer { name, media_type, bytes: Vec::new(), saved };
            assert_eq!(answer.disposition(), expected);
        }
        let pdf = "inline; filename=\"PO-1.pdf\"; filename*=UTF-8''PO-1.pdf";
        check("PO-1.pdf", "application/pdf", false, pdf);
        let saved = pdf.replace("inline", "attachment");
        check("PO-1.pdf", "application/pdf", true, &saved);
        check(
            "Gr\u{f6}\u{df}e\"; x=.csv",
            "text/csv",
            false,
            "attachment; filename=\"Gr__e__ x_.csv\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%22%3B%20x%3D.csv",
        );
    }
}
