//! Every statement about approvals, their rules and delegations.

/// The columns of an approval as the lists read them.
macro_rules! approval_columns {
    () => {
        "select a.id, a.kind, a.subject_id, a.revision, a.facts, a.permission, a.amount,
            a.requested_by, a.requested_at, a.state, a.decided_by, a.decided_at, a.reason,
            a.number, coalesce(r.code, '') as rule_code, a.why, a.people,
            (select count(*) from identity_approval_yes as y
                where y.company_id = a.company_id and y.approval_id = a.id) as given,
            a.another, a.role_id, coalesce(h.name, '') as role_name, a.up_on, a.up_permission,
            a.up_role_id, coalesce(v.name, '') as up_role_name, a.escalated_at, a.in_name_of,
            coalesce(q.display_name, '') as asked_by, coalesce(d.display_name, '') as decided_name,
            coalesce(n.display_name, '') as in_name
        from identity_approval as a
        left join identity_approval_rule as r on r.company_id = a.company_id and r.id = a.rule_id
        left join identity_role as h on h.company_id = a.company_id and h.id = a.role_id
        left join identity_role as v on v.company_id = a.company_id and v.id = a.up_role_id
        left join identity_user as q on q.id = a.requested_by
        left join identity_user as d on d.id = a.decided_by
        left join identity_user as n on n.id = a.in_name_of "
    };
}

store::statements! {
    /// Asks for an approval.
    INSERT_APPROVAL = "insert into identity_approval
        (company_id, id, kind, subject_id, revision, facts, permission, amount, requested_by,
         requested_at, state, separate, reason, number, rule_id, why, people, another, role_id, up_on,
         up_permission, up_role_id, escalated_at, in_name_of)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', 1, '', $11, $12, $13, $14, $15,
         $16, $17, $18, $19, 0, 0)";

    /// Whether a revision waits or is approved.
    APPROVAL_OPEN = "select id from identity_approval
        where company_id = $1 and kind = $2 and subject_id = $3 and revision = $4
          and state in ('waiting', 'approved')";

    /// What waits for a document, the newest revision first.
    LOCK_WAITING = "select a.id, a.revision, a.permission, a.amount, a.requested_by, a.people,
            a.another, a.role_id, coalesce((select r.name from identity_role as r
                where r.company_id = a.company_id and r.id = a.role_id), '') as role_name,
            a.up_permission, a.up_role_id, a.escalated_at
        from identity_approval as a
        where a.company_id = $1 and a.kind = $2 and a.subject_id = $3 and a.state = 'waiting'
        order by a.revision desc {for_update:a}";

    /// A decision.
    DECIDE = "update identity_approval set state = $3, decided_by = $4, decided_at = $5,
            decided_limit = $6, separate = $7, reason = $8, in_name_of = $9
        where company_id = $1 and id = $2 and state = 'waiting'";

    /// A yes.
    INSERT_YES = "insert into identity_approval_yes
        (company_id, approval_id, number, decided_by, in_name_of, decided_at, decided_limit, reason)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";

    /// Who has agreed.
    YESES = "select y.approval_id, y.decided_by, y.in_name_of from identity_approval_yes as y
        where y.company_id = $1 and y.approval_id in (select d.id from {rows:d(id)})
        order by y.approval_id, y.number";

    /// What the document has outgrown.
    VOID_APPROVALS = "update identity_approval set state = 'void'
        where company_id = $1 and kind = $2 and subject_id = $3 and revision < $4
          and state in ('waiting', 'approved')";

    /// What nobody has to decide any more.
    VOID_WAITING = "update identity_approval set state = 'void'
        where company_id = $1 and kind = $2 and subject_id = $3 and state = 'waiting'";

    /// Approvals, the newest first.
    APPROVALS = concat!(approval_columns!(), "
        where a.company_id = $1 and ($2 = '' or a.kind = $2)
          and (cast($3 as {i64}) = 0 or a.subject_id = cast($3 as {i64}))
          and ($4 = '' or a.state = $4)
          and (a.requested_at < $5 or (a.requested_at = $5 and a.id < $6))
        order by a.requested_at desc, a.id desc limit $7");

    /// What waits, the oldest first.
    WAITING_APPROVALS = concat!(approval_columns!(), "
        where a.company_id = $1 and a.state = 'waiting' and ($2 = '' or a.kind = $2)
          and (cast($3 as {i64}) = 0 or a.subject_id = cast($3 as {i64}))
          and (a.requested_at > $4 or (a.requested_at = $4 and a.id > $5))
        order by a.requested_at, a.id limit $6");

    /// Approvals by id.
    APPROVALS_BY_ID = concat!(approval_columns!(), "
        where a.company_id = $1 and a.id in (select d.id from {rows:d(id)})
        order by a.requested_at, a.id");

    /// What has waited too long, locked.
    LOCK_UP = "select id, kind, subject_id, number, up_on from identity_approval
        where company_id = $1 and state = 'waiting' and escalated_at = 0 and up_on <> ''
          and up_on <= $2
        order by id limit $3 {for_update}";

    /// Lets it go up.
    ESCALATE = "update identity_approval set escalated_at = $2
        where company_id = $1 and id in (select d.id from {rows:d(id)})
          and state = 'waiting' and escalated_at = 0";

    /// Defines a rule.
    INSERT_RULE = "insert into identity_approval_rule
        (company_id, id, kind, code, name, position, from_amount, conditions, permission, role_id,
         people, up_after_days, up_permission, up_role_id, active, revision)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, 1)";

    /// Changes a rule.
    UPDATE_RULE = "update identity_approval_rule set name = $3, position = $4, from_amount = $5,
            conditions = $6, permission = $7, role_id = $8, people = $9, up_after_days = $10,
            up_permission = $11, up_role_id = $12, active = 1, revision = revision + 1
        where company_id = $1 and id = $2";

    /// Retires a rule.
    RETIRE_RULE = "update identity_approval_rule set active = 0, revision = revision + 1
        where company_id = $1 and id = $2";

    /// A rule by its code.
    LOCK_RULE = "select id, revision from identity_approval_rule
        where company_id = $1 and kind = $2 and code = $3 {for_update}";

    /// Rules, in the order in which they are looked at.
    RULES = "select r.id, r.kind, r.code, r.name, r.position, r.from_amount, r.conditions,
            r.permission, r.role_id, coalesce(h.name, '') as role_name, r.people, r.up_after_days,
            r.up_permission, r.up_role_id, coalesce(v.name, '') as up_role_name, r.active, r.revision
        from identity_approval_rule as r
        left join identity_role as h on h.company_id = r.company_id and h.id = r.role_id
        left join identity_role as v on v.company_id = r.company_id and v.id = r.up_role_id
        where r.company_id = $1 order by r.kind, r.position, r.code";

    /// Lets a user decide in another's name.
    INSERT_DELEGATION = "insert into identity_delegation
        (company_id, id, from_user, to_user, from_on, to_on, kinds, reason, created_by, created_at,
         ended_at, ended_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0)";

    /// Ends it.
    END_DELEGATION = "update identity_delegation set ended_at = $3, ended_by = $4
        where company_id = $1 and id = $2 and ended_at = 0";

    /// A delegation that has not ended.
    LOCK_DELEGATION = "select from_user, to_user from identity_delegation
        where company_id = $1 and id = $2 and ended_at = 0 {for_update}";

    /// Whether a rule asked for an approval that waits.
    ASKED_BY_RULE = "select id from identity_approval
        where company_id = $1 and kind = $2 and subject_id = $3 and revision = $4
            and state = 'waiting' and rule_id <> 0";

    /// In whose name a user decides on a day.
    DELEGATED_TO = "select g.from_user, g.kinds, g.created_by from identity_delegation as g
        join identity_user as u on u.id = g.from_user and u.active = 1
        where g.company_id = $1 and g.to_user = $2 and g.ended_at = 0
          and g.from_on <= $3 and g.to_on >= $3
        order by g.from_user, g.id";

    /// Delegations, the latest first.
    DELEGATIONS = "select g.id, g.from_user, f.login, f.display_name, g.to_user, t.login,
            t.display_name, g.from_on, g.to_on, g.kinds, g.reason, g.created_by, g.created_at,
            g.ended_at
        from identity_delegation as g
        join identity_user as f on f.id = g.from_user
        join identity_user as t on t.id = g.to_user
        where g.company_id = $1
          and (cast($2 as {i64}) = 0 or g.from_user = cast($2 as {i64})
            or g.to_user = cast($2 as {i64}))
          and ($3 = '' or (g.ended_at = 0 and g.from_on <= $3 and g.to_on >= $3))
          and (g.from_on < $4 or (g.from_on = $4 and g.id < $5))
        order by g.from_on desc, g.id desc limit $6";
}
