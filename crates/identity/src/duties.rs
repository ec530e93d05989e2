//! Who may do what, over all users of a company: for reports on duties that should not come together.

use crate::access::held_by_all;
use crate::ctx::Ctx;
use crate::grants::Grants;
use crate::tables;
use base::{Id, UserId};
use std::collections::{BTreeSet, HashMap};
use store::{StoreError, Tx};

/// A user with all rights in the company.
#[derive(Debug, Clone)]
pub struct UserRights {
    /// The user.
    pub user_id: UserId,
    /// The login.
    pub login: String,
    /// The name.
    pub display_name: String,
    grants: Grants,
    roles: HashMap<i64, String>,
}

impl UserRights {
    /// The roles that give the user a permission somewhere in the company, by name; none when the user
    /// does not have it.
    #[must_use]
    pub fn roles_giving(&self, permission: &str) -> BTreeSet<String> {
        let named = |role: i64| self.roles.get(&role).cloned();
        self.grants.roles_giving(permission).filter_map(named).collect()
    }
}

/// The rights of every active user with a role in the company, by login, in three statements.
///
/// # Errors
/// Those of the store.
pub fn user_rights(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<UserRights>, StoreError> {
    let members = tables::members(tx, ctx.company_id)?;
    let users: Vec<UserId> = members.iter().map(|member| member.user_id).collect();
    let mut held = held_by_all(tx, ctx.company_id, &users)?;
    let roles = tables::roles(tx, ctx.company_id)?;
    let roles: HashMap<i64, String> =
        roles.into_iter().map(|role| (role.role_id.raw(), role.name)).collect();
    let rights = |member: tables::Member| UserRights {
        user_id: member.user_id,
        login: member.login,
        display_name: member.display_name,
        grants: Grants::new(held.remove(&member.user_id).unwrap_or_default(), None),
        roles: roles.clone(),
    };
    Ok(members.into_iter().map(rights).collect())
}
