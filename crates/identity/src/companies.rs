//! Opening companies: the first with the set-up token, the others by permission.

use crate::ctx::Ctx;
use crate::grants::{Denied, Permission};
use crate::model::Company;
use crate::rules;
use crate::secret::{Digest, Password, Secret};
use crate::tables::{self, Granting};
use crate::templates::{ADMINISTRATOR, TEMPLATES};
use base::{CompanyId, Currency, Id, Problem, ProblemKind, RoleId, Rule, TextError, Timestamp};
use base::{UserId, Zone};
use serde::{Deserialize, Serialize};
use store::{Rows, StoreError, Tx, row};
use utoipa::ToSchema;

/// Opening a further company.
pub const CREATE_COMPANY: Permission = Permission("identity.create_company");
/// Opening the first company. No role gives it; the set-up token does.
pub const SET_UP: Permission = Permission("identity.set_up");

/// What a company starts with.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCompany {
    /// Its name, as on its documents.
    pub name: String,
    /// The currency of its books. It cannot be changed later.
    pub currency: Currency,
    /// The time zone in which its days begin.
    pub zone: Zone,
    /// Its country, as two capital letters of ISO 3166.
    pub country: String,
}

/// The first company and the first administrator.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// The company.
    pub company: CreateCompany,
    /// The administrator's login.
    pub login: String,
    /// The administrator's name.
    pub display_name: String,
    /// The administrator's password.
    pub password: Password,
}

/// What set-up made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetUpDone {
    /// The company.
    pub company_id: CompanyId,
    /// The administrator.
    pub user_id: UserId,
}

/// Why a company was not opened.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum CompanyError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There are users already.
    #[error("set-up is done; sign in instead")]
    AlreadySetUp,
    /// The token is not the one that was printed last.
    #[error("the set-up token is wrong; the server printed the valid one when it last started")]
    WrongToken,
    /// A text is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The country is no code.
    #[error("{country:?} is not a country; write two capital letters such as GB")]
    NotACountry {
        /// What was given.
        country: String,
    },
    /// Another company has the name.
    #[error("there is a company named {name:?} already; choose another name")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for CompanyError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            CompanyError::Denied(denied) => return denied.problem(),
            CompanyError::Text(error) => return error.problem(),
            CompanyError::Store(error) => return error.problem(),
            CompanyError::AlreadySetUp => (ProblemKind::Conflict, "already_set_up"),
            CompanyError::WrongToken => (ProblemKind::Unauthenticated, "wrong_set_up_token"),
            CompanyError::NotACountry { .. } => (ProblemKind::Invalid, "not_a_country"),
            CompanyError::NameTaken { .. } => (ProblemKind::Conflict, "company_name_taken"),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// Makes `digest` the set-up token, in place of any earlier one. Says `false` and does nothing when
/// there are users already.
///
/// # Errors
/// Those of the store.
pub fn issue_set_up_token(
    tx: &mut Tx<'_>,
    digest: &Digest,
    at: Timestamp,
) -> Result<bool, StoreError> {
    if tables::any_user(tx)? {
        return Ok(false);
    }
    tables::upsert_set_up(tx, digest, at)?;
    Ok(true)
}

/// Opens the first company with its first administrator. The token works once; nothing else makes
/// a first user.
///
/// # Errors
/// [`CompanyError`].
pub fn set_up(
    tx: &mut Tx<'_>,
    token: &str,
    request: SetUp,
    at: Timestamp,
    request_id: &str,
) -> Result<SetUpDone, CompanyError> {
    let issued = tables::lock_set_up(tx)?;
    if tables::any_user(tx)? {
        return Err(CompanyError::AlreadySetUp);
    }
    let digest = Secret::parse(token).map(|secret| secret.digest());
    if !digest.zip(issued).is_some_and(|(digest, issued)| digest.matches(&issued)) {
        return Err(CompanyError::WrongToken);
    }
    rules::check_login(&request.login)?;
    rules::check_name("display_name", &request.display_name)?;
    let (company, administrator) = open(tx, request.company, at)?;
    let user_id: UserId = tx.id()?;
    let login = rules::plain_login(&request.login);
    let password = Some(request.password.stored());
    let company_id = company.company_id;
    tables::insert_user(tx, company_id, user_id, &login, &request.display_name, password, at)?;
    administer(tx, company_id, administrator, user_id, at)?;
    tables::use_set_up(tx, at)?;
    let ctx = Ctx::all_rights(&company, user_id, at, request_id);
    let detail = serde_json::json!({"name": company.name, "login": login});
    ctx.audit(tx, SET_UP, "company", company_id.raw(), detail);
    Ok(SetUpDone { company_id, user_id })
}

/// Opens a further company, of which the caller becomes an administrator.
///
/// # Errors
/// [`CompanyError`].
pub fn create_company(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CreateCompany,
) -> Result<CompanyId, CompanyError> {
    ctx.require(CREATE_COMPANY)?;
    let (company, administrator) = open(tx, request, ctx.at)?;
    let id = company.company_id;
    administer(tx, id, administrator, ctx.user_id, ctx.at)?;
    let detail = serde_json::json!({"name": company.name, "currency": company.currency.code()});
    ctx.audit(tx, CREATE_COMPANY, "company", id.raw(), detail);
    Ok(id)
}

/// One company.
///
/// # Errors
/// Those of the store.
pub fn find_company(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Option<Company>, StoreError> {
    tables::company(tx, company_id)
}

/// All companies by name: for the command line and jobs, which work for each in turn.
///
/// # Errors
/// Those of the store.
pub fn companies(tx: &mut Tx<'_>) -> Result<Vec<Company>, StoreError> {
    tables::companies(tx)
}

/// Writes a company with the built-in roles and says which of them is the administrator's.
pub(crate) fn open(
    tx: &mut Tx<'_>,
    request: CreateCompany,
    at: Timestamp,
) -> Result<(Company, RoleId), CompanyError> {
    let CreateCompany { name, currency, zone, country } = request;
    rules::check_name("name", &name)?;
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(CompanyError::NotACountry { country });
    }
    if tables::company_named(tx, &name)? {
        return Err(CompanyError::NameTaken { name });
    }
    let company = Company { company_id: tx.id()?, name, currency, zone, country };
    tables::insert_company(tx, &company, at)?;
    let (mut roles, mut patterns) = (Rows::new(3), Rows::new(2));
    let mut administrator = None;
    for template in TEMPLATES {
        let role_id: RoleId = tx.id()?;
        roles.push(row![role_id, template.name, true]);
        for pattern in template.all() {
            patterns.push(row![role_id, pattern]);
        }
        if template.name == ADMINISTRATOR {
            administrator = Some(role_id);
        }
    }
    tables::insert_roles(tx, company.company_id, roles)?;
    tables::insert_patterns(tx, company.company_id, patterns)?;
    Ok((company, administrator.expect("administrator is among the templates")))
}

/// Makes a user an administrator, by nobody else's grant.
pub(crate) fn administer(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    role_id: RoleId,
    user_id: UserId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (warehouse_id, limit, by) = (None, None, user_id);
    let grant = Granting { company_id, user_id, role_id, warehouse_id, limit, by, at };
    tables::upsert_grant(tx, &grant)
}
