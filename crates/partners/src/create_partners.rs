//! Making partners, one or many at once.

use std::collections::HashMap;

use base::{Id, PartnerId, Problem, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{StoreError, Tx};
use utoipa::ToSchema;

use crate::model::Draft;
use crate::partner::{NewPartner, PartnerError};
use crate::permissions::EDIT;
use crate::{rules, tables};

/// The most partners of one request.
pub const MAX_PARTNERS: usize = 1_000;

/// Partners to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePartners {
    /// The partners, at most 1,000. A partner is known by its code.
    pub partners: Vec<NewPartner>,
    /// Whether one refusal stops all.
    #[serde(default)]
    pub all_or_nothing: bool,
}

/// What became of each partner, in the order asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartnersCreated {
    /// One answer for each partner.
    pub partners: Vec<PartnerAnswer>,
}

/// What became of one partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum PartnerAnswer {
    /// It was made.
    Done {
        /// Its number.
        code: String,
        /// Its id.
        partner_id: PartnerId,
    },
    /// It was there before, just as asked.
    Repeated {
        /// Its number.
        code: String,
        /// Its id.
        partner_id: PartnerId,
    },
    /// It was refused; the others were not.
    Refused {
        /// Its number.
        code: String,
        /// The broken rule.
        problem: String,
        /// The rule in words.
        message: String,
        /// The field at fault.
        field: String,
    },
}

/// Why partners were not made.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum CreatePartnersError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The request is too large.
    #[error("{got} partners; at most {max} in one request")]
    TooMany {
        /// The most allowed.
        max: usize,
        /// The number asked for.
        got: usize,
    },
    /// One was refused, and the request wants all or none.
    #[error("partner {element}: {error}; nothing was made")]
    Refused {
        /// The partner's position in the request, from 1.
        element: u64,
        /// Why.
        error: PartnerError,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for CreatePartnersError {
    fn problem(&self) -> Problem {
        match self {
            CreatePartnersError::Denied(error) => error.problem(),
            CreatePartnersError::TooMany { .. } => {
                Problem::invalid("too_many_partners", self.to_string())
            }
            CreatePartnersError::Refused { element, error } => error.problem().with_row(*element),
            CreatePartnersError::Store(error) => error.problem(),
        }
    }
}

/// Makes partners. Each is decided against those before it; one that is there already, just as
/// asked, is answered as repeated.
///
/// # Errors
/// See [`CreatePartnersError`].
pub fn create_partners(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CreatePartners,
) -> Result<PartnersCreated, CreatePartnersError> {
    ctx.require(EDIT)?;
    let got = request.partners.len();
    if got > MAX_PARTNERS {
        return Err(CreatePartnersError::TooMany { max: MAX_PARTNERS, got });
    }
    let codes: Vec<&str> = request.partners.iter().map(|new| new.code.as_str()).collect();
    let mut known: HashMap<String, (PartnerId, Draft)> =
        tables::partners_by_code(tx, ctx.company_id, &codes)?
            .into_iter()
            .map(|(code, partner)| (code, (partner.id, Draft::of(&partner))))
            .collect();

    let mut answers = Vec::with_capacity(got);
    let mut made = Vec::new();
    for (index, fields) in request.partners.iter().enumerate() {
        match decide(fields, ctx, &known) {
            Ok(Decision::New(draft)) => {
                let partner_id = tx.id()?;
                known.insert(draft.code.clone(), (partner_id, draft.clone()));
                made.push((partner_id, draft));
                answers.push(PartnerAnswer::Done { code: fields.code.clone(), partner_id });
            }
            Ok(Decision::There(partner_id)) => {
                answers.push(PartnerAnswer::Repeated { code: fields.code.clone(), partner_id });
            }
            Err(error) if request.all_or_nothing => {
                return Err(CreatePartnersError::Refused { element: index as u64 + 1, error });
            }
            Err(error) => answers.push(refused(&fields.code, &error)),
        }
    }
    let drafts = made.iter().map(|(partner_id, draft)| (*partner_id, draft));
    tables::insert_partners(tx, ctx.company_id, ctx.at, drafts)?;
    for (partner_id, draft) in &made {
        let (id, payload) = (partner_id.raw(), json!({ "code": draft.code }));
        ctx.fact(tx, "partner", id, 1, "partners.partner_created", payload);
        ctx.audit(tx, EDIT, "partner", id, json!({ "created": draft.told() }));
    }
    Ok(PartnersCreated { partners: answers })
}

/// Makes one partner, or finds it there just as asked.
///
/// # Errors
/// See [`CreatePartnersError`].
pub fn create_partner(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    partner: NewPartner,
) -> Result<PartnerAnswer, CreatePartnersError> {
    let request = CreatePartners { partners: vec![partner], all_or_nothing: true };
    Ok(create_partners(tx, ctx, request)?.partners.remove(0))
}

enum Decision {
    New(Draft),
    There(PartnerId),
}

fn decide(
    fields: &NewPartner,
    ctx: &Ctx,
    known: &HashMap<String, (PartnerId, Draft)>,
) -> Result<Decision, PartnerError> {
    let draft = rules::draft(fields, true, ctx.currency)?;
    match known.get(&draft.code) {
        None => Ok(Decision::New(draft)),
        Some((partner_id, there)) if *there == draft => Ok(Decision::There(*partner_id)),
        Some(_) => Err(PartnerError::CodeTaken { code: draft.code }),
    }
}

fn refused(code: &str, error: &PartnerError) -> PartnerAnswer {
    PartnerAnswer::Refused {
        code: code.to_owned(),
        problem: error.problem().code.to_owned(),
        message: error.to_string(),
        field: error.field().to_owned(),
    }
}
