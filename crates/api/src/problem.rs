//! Errors as RFC 9457 problem documents, turned into HTTP in this one place.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Place, Problem, ProblemKind, Rule};
use serde::Serialize;
use store::StoreError;

/// An error on its way out of a handler.
#[derive(Debug)]
pub struct ApiError(pub Problem);

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> ApiError {
        let problem = error.problem();
        if problem.kind == ProblemKind::Internal {
            tracing::error!(%error, "a request failed");
        }
        ApiError(problem)
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> ApiError {
        ApiError(problem)
    }
}

/// A problem document, as every refused request answers it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemDocument {
    /// `urn:purser:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status' name.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, with the numbers, and what to do.
    pub detail: String,
    /// A stable code for programs.
    pub code: String,
    /// Where in the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

fn status(kind: ProblemKind) -> StatusCode {
    match kind {
        ProblemKind::Invalid => StatusCode::BAD_REQUEST,
        ProblemKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ProblemKind::Forbidden => StatusCode::FORBIDDEN,
        ProblemKind::NotFound => StatusCode::NOT_FOUND,
        ProblemKind::Conflict => StatusCode::CONFLICT,
        ProblemKind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        ProblemKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = status(self.0.kind);
        let document = ProblemDocument {
            kind: format!("urn:purser:{}", self.0.code),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: self.0.detail,
            code: self.0.code.to_owned(),
            place: self.0.place,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
