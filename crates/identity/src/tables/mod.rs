//! All SQL of the crate, as small typed functions.

mod approvals;
mod companies;
mod device_keys;
mod grants;
mod keys;
mod statements;
mod users;

pub(crate) use approvals::*;
pub(crate) use companies::*;
pub(crate) use device_keys::*;
pub(crate) use grants::*;
pub(crate) use keys::*;
pub(crate) use statements::{DONE_SINCE, STATEMENTS};
pub(crate) use users::*;
