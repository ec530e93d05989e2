//! Why something about webhooks was not done.

use crate::words::WebhookState;
use base::{BadCursor, DayError, DeliveryId, Problem, ProblemKind, Rule, TextError, WebhookId};
use identity::Denied;
use store::StoreError;

/// Why something about webhooks was not done, in order of precedence. Nothing has then changed.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum WebhookError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such webhook.
    #[error("there is no webhook {0}")]
    NotFound(WebhookId),
    /// There is no such delivery.
    #[error("there is no delivery {0}")]
    NoDelivery(DeliveryId),
    /// The cursor was not given by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The webhook is retired, or already as asked.
    #[error("webhook {name:?} is {state}; register a new one if facts are to go there again")]
    Retired {
        /// The webhook's name.
        name: String,
        /// How it stands.
        state: WebhookState,
    },
    /// The webhook does not stand as it would have to.
    #[error("webhook {name:?} is {state} already")]
    Already {
        /// The webhook's name.
        name: String,
        /// How it stands.
        state: WebhookState,
    },
    /// A name is needed.
    #[error("the webhook has no name; name it by who listens there")]
    NoName,
    /// Another webhook has the name.
    #[error("there is a webhook {0:?} already; choose another name")]
    NameTaken(String),
    /// The company has too many webhooks.
    #[error("there are {most} webhooks already; retire one that nobody listens to")]
    TooMany {
        /// How many there may be.
        most: i64,
    },
    /// The address cannot be spoken to.
    #[error("{address:?} cannot be delivered to: {fault}; write https://host/path")]
    BadAddress {
        /// The address.
        address: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// No facts are wanted.
    #[error("the webhook wants no facts; name some, such as sales.shipped, sales.* or *")]
    NoFacts,
    /// Too many patterns.
    #[error("{got} names of facts are more than {most}; use patterns such as sales.*")]
    TooManyFacts {
        /// How many were given.
        got: usize,
        /// How many there may be.
        most: usize,
    },
    /// A pattern names no facts.
    #[error("{0:?} names no facts; write sales.shipped, sales.* or *")]
    NotAPattern(String),
    /// A pattern names facts that nobody states.
    #[error(
        "there are no facts {0:?}; list those that there are: GET /api/v1/webhook-facts, or \
         purser export webhook-facts"
    )]
    NoSuchFacts(String),
    /// The old secret would live too long.
    #[error("the secret before can stay in use for 0 to {most} hours, not for {got}")]
    WrongHours {
        /// What was asked.
        got: i64,
        /// The most.
        most: i64,
    },
    /// The delivery is on its way at this moment.
    #[error("delivery {0} is on its way at this moment; see in its attempts what becomes of it")]
    NotEnded(DeliveryId),
    /// The span ends before it begins.
    #[error("the span ends before it begins; name a later to_day")]
    EmptySpan,
    /// A day is none that can be reckoned with.
    #[error(transparent)]
    Day(#[from] DayError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for WebhookError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let conflict = |code| Problem::new(ProblemKind::Conflict, code, detail.clone());
        match self {
            WebhookError::Denied(error) => error.problem(),
            WebhookError::Text(error) => error.problem(),
            WebhookError::NotFound(_) => Problem::not_found("webhook_not_found", detail),
            WebhookError::NoDelivery(_) => Problem::not_found("delivery_not_found", detail),
            WebhookError::Cursor(error) => error.problem(),
            WebhookError::Retired { .. } => conflict("webhook_retired"),
            WebhookError::Already { .. } => conflict("webhook_state"),
            WebhookError::NoName => {
                Problem::invalid("webhook_name_missing", detail).with_field("name")
            }
            WebhookError::NameTaken(_) => conflict("webhook_name_taken").with_field("name"),
            WebhookError::TooMany { .. } => conflict("webhooks_too_many"),
            WebhookError::BadAddress { .. } => {
                Problem::refused("webhook_address", detail).with_field("address")
            }
            WebhookError::NoFacts => {
                Problem::invalid("webhook_without_facts", detail).with_field("facts")
            }
            WebhookError::TooManyFacts { .. } => {
                Problem::invalid("webhook_too_many_facts", detail).with_field("facts")
            }
            WebhookError::NotAPattern(_) => {
                Problem::invalid("webhook_pattern", detail).with_field("facts")
            }
            WebhookError::NoSuchFacts(_) => {
                Problem::invalid("webhook_no_such_facts", detail).with_field("facts")
            }
            WebhookError::WrongHours { .. } => {
                Problem::invalid("webhook_hours", detail).with_field("keep_hours")
            }
            WebhookError::NotEnded(_) => conflict("delivery_waits"),
            WebhookError::EmptySpan => {
                Problem::invalid("webhook_span", detail).with_field("to_day")
            }
            WebhookError::Day(error) => error.problem(),
            WebhookError::Store(error) => error.problem(),
        }
    }
}
