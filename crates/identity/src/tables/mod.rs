//! All SQL of the crate, as small typed functions.

mod approval_rules;
mod approval_statements;
mod approvals;
mod companies;
mod device_keys;
mod grants;
mod keys;
mod second_factor_statements;
mod second_factors;
mod statements;
mod users;

pub(crate) use approval_rules::*;
pub(crate) use approvals::*;
pub(crate) use companies::*;
pub(crate) use device_keys::*;
pub(crate) use grants::*;
pub(crate) use keys::*;
pub(crate) use second_factors::*;
pub(crate) use statements::DONE_SINCE;
pub(crate) use users::*;

/// Every statement of the crate.
pub(crate) static ALL: [&store::Statement;
    statements::COUNT + approval_statements::COUNT + second_factor_statements::COUNT] =
    store::statement::joined(&[
        statements::STATEMENTS,
        approval_statements::STATEMENTS,
        second_factor_statements::STATEMENTS,
    ]);
