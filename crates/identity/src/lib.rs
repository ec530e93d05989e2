//! Who may do what: companies, users, roles, grants, keys, sessions, policies and approvals.
//!
//! Every door of the house takes a [`Ctx`]: who asks, for which company, when, and what they may do.
//! It is made here and nowhere else, from grants read in the same request, so that taking a role
//! away works at once.

mod access;
mod api_keys;
mod approval_kinds;
mod approval_rules;
mod approvals;
mod audit_trail;
mod authority;
mod change_second_factor;
mod checks;
mod companies;
mod ctx;
mod delegations;
mod device_keys;
mod done_since;
mod duties;
mod escalate;
mod grants;
mod inbox;
mod me;
mod model;
mod note_wrong_code;
mod own_companies;
mod policies;
mod recovery_codes;
mod report;
mod reset_second_factor;
mod roles;
mod rules;
mod second_factor;
mod secret;
mod sessions;
mod set_up_second_factor;
mod tables;
mod templates;
#[cfg(feature = "testing")]
pub mod testing;
mod totp;
mod users;
mod views;

pub use access::{
    Caller, Credential, SignInError, Use, companies_of, ctx_for_user, find_credential, note_use,
};
pub use api_keys::{
    ApiKeyError, CREATE_API_KEY, CreateApiKey, LONGEST_KEY_DAYS, REVOKE_API_KEY, api_key_text,
    authenticate_api_key, create_api_key, revoke_api_key,
};
pub use approval_kinds::{ApprovalKind, FactKind, FactValue, NamedFact};
pub use approval_rules::{
    ApprovalRule, ApprovalRuleDefined, ApprovalRuleError, ApprovalRuleFilter, ApprovalRuleRow,
    ChangeApprovalRule, Condition, DEFINE_APPROVAL_RULE, RetireApprovalRule, approval_rules,
    change_approval_rule, define_approval_rule, has_approval_rules, retire_approval_rule,
};
pub use approvals::{
    Agreed, ApprovalError, Decide, Decision, Otherwise, RequestApproval, Verdict, asked_by_rule,
    decide, request_approval, void_approvals, void_waiting,
};
pub use audit_trail::{AUDIT, AuditError, AuditFilter, AuditRow, audit_trail};
pub use change_second_factor::{
    RENEW_RECOVERY_CODES, TURN_OFF_SECOND_FACTOR, renew_recovery_codes, turn_off_second_factor,
};
pub use companies::{
    CREATE_COMPANY, CompanyError, CreateCompany, SET_UP, SetUp, SetUpDone, companies,
    create_company, find_company, issue_set_up_token, set_up,
};
pub use ctx::Ctx;
pub use delegations::{
    DELEGATE, Delegate, Delegated, DelegationError, DelegationFilter, DelegationRow, EndDelegation,
    delegate, delegations, end_delegation,
};
pub use device_keys::{DeviceKeyError, MAKE_DEVICE_KEY, device_key, make_device_key};
pub use done_since::{Done, MOST_DONE, done_since};
pub use duties::{UserRights, user_rights};
pub use escalate::{
    ApprovalsEscalated, ESCALATE, EscalateApprovals, EscalatedApproval, escalate_approvals,
};
pub use grants::{Denied, Grants, ListError, Permission};
pub use inbox::{
    ApprovalFilter, ApprovalListError, ApprovalRow, ApprovalState, DECIDE, WaitingFilter, Whose,
    approval_state, approvals, find_approval, waiting_approvals,
};
pub use me::{Me, me};
pub use model::Company;
pub use note_wrong_code::{WRONG_CODE, note_wrong_code};
pub use own_companies::{CompanyFilter, CompanyRow, CompanySort, list_companies, own_companies};
pub use policies::{Policies, PolicyError, SET_POLICY, policies, set_policy};
pub use recovery_codes::{RECOVERY_CODES, RecoveryCodes};
pub use report::ReportError;
pub use reset_second_factor::{
    RESET_SECOND_FACTOR, ResetSecondFactor, ResetSecondFactorError, reset_second_factor,
};
pub use roles::{
    CHANGE_ROLE, CREATE_ROLE, ChangeRole, CreateRole, GRANT, GrantRole, REQUIRE_SECOND_FACTOR,
    REVOKE, RequireSecondFactor, RevokeRole, RoleError, change_role, create_role, grant,
    require_second_factor, revoke,
};
pub use second_factor::{
    MOST_WRONG_CODES, Proof, SecondFactor, SecondFactorError, SecondFactorReset, SecondFactorState,
    TooManyWrongCodes, WrongSecondFactor, second_factor,
};
pub use secret::{Digest, Password, PasswordError, Secret};
pub use sessions::{
    ABSOLUTE, END_SESSION, IDLE, ISSUE_SIGN_IN_LINK, LINK, SIGN_IN, SignIn, WORK_IN, end_session,
    find_any_session, find_session, issue_sign_in_link, sign_in, start_session, use_sign_in_link,
    work_in,
};
pub use set_up_second_factor::{CONFIRM_SECOND_FACTOR, begin_second_factor, confirm_second_factor};
pub use totp::TotpSecret;
pub use users::{
    CREATE_USER, CreateUser, SET_ACTIVE, SET_PASSWORD, SetActive, SetPassword, UserError,
    create_user, find_member, is_member, set_active, set_password,
};
pub use views::{
    ApiKeyFilter, ApiKeyRow, GrantFilter, GrantRow, MOST_ROWS, READ, RoleFilter, RoleRow,
    SessionFilter, SessionRow, UserFilter, UserRow, api_keys, grants, roles, sessions, users,
};

/// Every permission that a role can give here.
pub static PERMISSIONS: &[Permission] = &[
    CHANGE_ROLE,
    CREATE_API_KEY,
    CREATE_COMPANY,
    CREATE_ROLE,
    CREATE_USER,
    DECIDE,
    DEFINE_APPROVAL_RULE,
    DELEGATE,
    END_SESSION,
    ESCALATE,
    GRANT,
    ISSUE_SIGN_IN_LINK,
    READ,
    REQUIRE_SECOND_FACTOR,
    RESET_SECOND_FACTOR,
    REVOKE,
    REVOKE_API_KEY,
    SET_ACTIVE,
    SET_PASSWORD,
    SET_POLICY,
];

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "identity",
    migrations: store::migrations!(
        "0001_identity.sql",
        "0002_device_key.sql",
        "0003_approval_rules.sql",
        "0004_second_factor.sql",
        "0005_wrong_codes.sql",
        "0006_buyers_plan_transfers.sql",
        "0007_session_by_password.sql"
    ),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &["identity_approval_yes", "identity_second_factor_reset"],
    below: &[&store::SCHEMA],
};
