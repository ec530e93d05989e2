//! Who may decide an approval: whoever holds what it asks for, and whoever decides in such a person's
//! name.

use crate::access::held_by_all;
use crate::approvals::{ApprovalError, May};
use crate::ctx::Ctx;
use crate::grants::{Denied, Grants};
use crate::rules;
use crate::tables::{self, Waiting};
use base::UserId;
use std::collections::BTreeSet;
use store::{StoreError, Tx};

/// What a caller may decide, in the own name and in others'.
pub(crate) struct Authorities {
    own: Grants,
    /// Those in whose name the caller decides, with the kinds (none for all) and what they hold.
    others: Vec<(UserId, Vec<String>, Grants)>,
}

impl Authorities {
    /// Loads what the caller may, with two statements whatever others there are.
    pub(crate) fn of(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Authorities, StoreError> {
        let own = ctx.grants().clone();
        let delegated = tables::delegated_to(tx, ctx)?;
        let mut others = Vec::with_capacity(delegated.len());
        if !delegated.is_empty() {
            let users: BTreeSet<UserId> =
                delegated.iter().flat_map(|(user, _, maker)| [*user, *maker]).collect();
            let held = held_by_all(tx, ctx.company_id, &users.into_iter().collect::<Vec<_>>())?;
            let held_by = |user| held.get(&user).cloned().unwrap_or_default();
            for (user, kinds, maker) in delegated {
                let grants = Grants::new(held_by(user), None);
                // Nobody hands on more than they hold, then or since.
                if maker == user || Grants::new(held_by(maker), None).cover_all(&held_by(user)) {
                    others.push((user, kinds, grants));
                }
            }
        }
        Ok(Authorities { own, others })
    }

    /// Everybody in whose name the caller may decide documents of a kind, the own name first.
    fn names<'a>(
        &'a self,
        waiting: &'a Waiting,
    ) -> impl Iterator<Item = (Option<UserId>, &'a Grants)> {
        let others = self.others.iter().filter(|(_, kinds, _)| {
            (kinds.is_empty() || kinds.contains(&waiting.kind))
                && self.own.in_scope(&waiting.permission)
        });
        let others = others.map(|(user, _, grants)| (Some(*user), grants));
        std::iter::once((None, &self.own)).chain(others)
    }

    /// In whose name the caller may approve what waits; `given` are those who have agreed.
    ///
    /// # Errors
    /// Why in no name; of several reasons the one that came furthest.
    pub(crate) fn may_approve(
        &self,
        ctx: &Ctx,
        waiting: &Waiting,
        separate: bool,
        given: &[[UserId; 2]],
    ) -> Result<May, ApprovalError> {
        let mut refusal = waiting.lacking();
        for (in_name_of, grants) in self.names(waiting) {
            let decides = [ctx.user_id, in_name_of.unwrap_or(ctx.user_id)];
            let Some(limit) = waiting.limit_of(grants) else { continue };
            if limit.is_some_and(|limit| waiting.amount.unsigned_abs() > limit.unsigned_abs()) {
                let (permission, limit) = (waiting.permission.clone(), limit.unwrap_or(0));
                refusal = Denied::Amount { permission, limit, amount: waiting.amount }.into();
                continue;
            }
            if rules::is_own_or_second(separate, waiting.requested_by, decides, &[]) {
                refusal = ApprovalError::OwnRequest;
                continue;
            }
            if rules::is_own_or_second(false, waiting.requested_by, decides, given.as_flattened()) {
                refusal = ApprovalError::AgreedAlready;
                continue;
            }
            return Ok(May { in_name_of, limit });
        }
        Err(refusal)
    }

    /// In whose name the caller may refuse what waits.
    pub(crate) fn may_refuse(&self, waiting: &Waiting) -> Option<May> {
        self.names(waiting).find_map(|(in_name_of, grants)| {
            waiting.limit_of(grants).map(|limit| May { in_name_of, limit })
        })
    }
}

impl Waiting {
    /// The highest amount up to which somebody may approve this: what is asked for, or after it went
    /// up what it went up to. `None` when it is not theirs to decide.
    fn limit_of(&self, grants: &Grants) -> Option<Option<i64>> {
        let asked = grants.limit_as(&self.permission, self.role_id);
        let up = self.escalated.then(|| grants.limit_as(&self.up_permission, self.up_role_id));
        [asked, up.flatten()].into_iter().flatten().max_by_key(|limit| limit.unwrap_or(i64::MAX))
    }

    /// What whoever has none of it is told.
    pub(crate) fn lacking(&self) -> ApprovalError {
        match self.role.clone() {
            Some(role) => ApprovalError::RoleMissing { role },
            None => Denied::Permission { permission: self.permission.clone() }.into(),
        }
    }
}
