//! A partner as it is asked for, and why it was refused.

use base::{Currency, Problem, Rule, TextError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Country, CustomerKind, Partner};

/// A partner to be made. It has no bank details until `change_bank_details` gives it some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPartner {
    /// Its number, 1 to 64 characters, unique in the company.
    pub code: String,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// Whether it may be bought from.
    #[serde(default)]
    pub supplier: bool,
    /// Whether it may be sold to.
    #[serde(default)]
    pub customer: bool,
    /// What it is as a customer.
    #[serde(default = "business")]
    pub customer_kind: CustomerKind,
    /// Where it resides.
    pub country: Country,
    /// The currency it deals in; the company's when not given.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// How many days after its date an invoice or bill is due, 0 to 3,650.
    #[serde(default = "thirty")]
    pub payment_days: i64,
    /// Where documents are sent; empty for none.
    #[serde(default)]
    pub email: String,
    /// Its tax number; empty for none.
    #[serde(default)]
    pub tax_number: String,
    /// The language of its documents, as in `en` or `de-CH`; empty for the company's.
    #[serde(default)]
    pub language: String,
    /// What sort of supplier or customer it is, in the company's own words, such as `overseas`; empty
    /// for none.
    #[serde(default)]
    pub category: String,
}

fn business() -> CustomerKind {
    CustomerKind::Business
}

fn thirty() -> i64 {
    30
}

impl NewPartner {
    /// A supplier paid after 30 days in the company's currency.
    #[must_use]
    pub fn supplier(code: impl Into<String>, name: impl Into<String>, country: Country) -> Self {
        NewPartner { supplier: true, ..NewPartner::neither(code.into(), name.into(), country) }
    }

    /// A business customer who pays after 30 days in the company's currency.
    #[must_use]
    pub fn customer(code: impl Into<String>, name: impl Into<String>, country: Country) -> Self {
        NewPartner { customer: true, ..NewPartner::neither(code.into(), name.into(), country) }
    }

    fn neither(code: String, name: String, country: Country) -> NewPartner {
        NewPartner {
            code,
            name,
            supplier: false,
            customer: false,
            customer_kind: business(),
            country,
            currency: None,
            payment_days: thirty(),
            email: String::new(),
            tax_number: String::new(),
            language: String::new(),
            category: String::new(),
        }
    }

    /// The partner as it would be asked for.
    pub(crate) fn of(partner: &Partner) -> NewPartner {
        NewPartner {
            code: partner.code.clone(),
            name: partner.name.clone(),
            supplier: partner.supplier,
            customer: partner.customer,
            customer_kind: partner.customer_kind,
            country: partner.country,
            currency: Some(partner.currency),
            payment_days: partner.payment_days,
            email: partner.email.clone(),
            tax_number: partner.tax_number.clone(),
            language: partner.language.clone(),
            category: partner.category.clone(),
        }
    }
}

/// Why a partner was refused.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum PartnerError {
    /// A text is empty, too long or has a forbidden character.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It is neither.
    #[error("{code} is neither supplier nor customer; say which, or both")]
    NoRole {
        /// The partner.
        code: String,
    },
    /// The days are out of range.
    #[error("payment_days is {days}; give 0 (at once) to 3650")]
    PaymentDays {
        /// The days asked for.
        days: i64,
    },
    /// The address is none.
    #[error("\"{email}\" is no e-mail address; write one such as orders@example.com")]
    Email {
        /// The text.
        email: String,
    },
    /// The language is none.
    #[error("\"{language}\" is no language; write a tag such as en or de-CH")]
    Language {
        /// The text.
        language: String,
    },
    /// Another partner has this code.
    #[error("another partner has the code {code}")]
    CodeTaken {
        /// The code.
        code: String,
    },
}

impl PartnerError {
    /// The field, which is also the column of a file.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            PartnerError::Text(
                TextError::Empty { field }
                | TextError::TooLong { field, .. }
                | TextError::Forbidden { field, .. },
            ) => field,
            PartnerError::NoRole { .. } => "supplier",
            PartnerError::PaymentDays { .. } => "payment_days",
            PartnerError::Email { .. } => "email",
            PartnerError::Language { .. } => "language",
            PartnerError::CodeTaken { .. } => "code",
        }
    }
}

impl Rule for PartnerError {
    fn problem(&self) -> Problem {
        let code = match self {
            PartnerError::Text(error) => return error.problem(),
            PartnerError::NoRole { .. } => "no_role",
            PartnerError::PaymentDays { .. } => "payment_days_out_of_range",
            PartnerError::Email { .. } => "email_invalid",
            PartnerError::Language { .. } => "language_invalid",
            PartnerError::CodeTaken { .. } => "code_taken",
        };
        Problem::refused(code, self.to_string()).with_field(self.field())
    }
}
