//! What must hold of who may do what.

store::checks! {
    /// I-27: four eyes.
    APPROVER_IS_ANOTHER = "I-27 the requester is not the approver where the policy said so",
        "select id, kind, subject_id, decided_by from identity_approval
         where company_id = $1 and state = 'approved' and separate = 1
           and (decided_by = requested_by or in_name_of = requested_by)";

    /// I-27: as many as the rule asks for, each another person.
    ALL_AGREED = "I-27 as many people agreed as have to, and nobody twice in whatever name",
        "select a.id, a.kind, a.subject_id, a.people from identity_approval as a
         where a.company_id = $1 and a.state = 'approved'
           and ((a.people > 1 and (select count(*) from identity_approval_yes as y
                 where y.company_id = a.company_id and y.approval_id = a.id) < a.people)
             or exists (select 1 from identity_approval_yes as y
                 join identity_approval_yes as z on z.company_id = y.company_id
                   and z.approval_id = y.approval_id and z.number > y.number
                 where y.company_id = a.company_id and y.approval_id = a.id
                   and (z.decided_by in (y.decided_by, y.in_name_of)
                     or (z.in_name_of <> 0
                       and z.in_name_of in (y.decided_by, y.in_name_of)))))";

    /// I-27: each yes within the limit of the one in whose name it was given.
    EACH_YES_MAY = "I-27 each yes was given within the limit of the one in whose name it was given",
        "select y.approval_id, y.number, y.decided_by, y.decided_limit, a.amount
         from identity_approval_yes as y
         join identity_approval as a on a.company_id = y.company_id and a.id = y.approval_id
         where y.company_id = $1 and y.decided_limit < a.amount";

    /// I-27: limits.
    APPROVER_MAY = "I-27 the approver's limit at the decision was at least the amount",
        "select id, kind, subject_id, amount, decided_limit from identity_approval
         where company_id = $1 and state = 'approved' and decided_limit < amount";

    /// No decided approval without its decision, none waiting with one.
    APPROVALS_DECIDED = "an approval has who and when exactly when it was decided",
        "select id, state from identity_approval
         where company_id = $1
           and ((state in ('approved', 'refused') and (decided_by is null or decided_at is null))
             or (state = 'waiting' and (decided_by is not null or decided_at is not null)))";

    /// Grants point at what exists.
    GRANTS_POINT = "a grant refers to a role of the company and to a user",
        "select g.user_id, g.role_id from identity_grant g
         left join identity_role r on r.company_id = g.company_id and r.id = g.role_id
         left join identity_user u on u.id = g.user_id
         where g.company_id = $1 and (r.id is null or u.id is null)";

    /// Somebody can still let others in.
    ADMINISTRATED = "a company with users has an active administrator",
        "select c.company_id from identity_company c
         where c.company_id = $1
           and exists (select 1 from identity_grant g where g.company_id = c.company_id)
           and not exists (
             select 1 from identity_grant g
             join identity_user u on u.id = g.user_id and u.active = 1
             join identity_role_pattern p on p.company_id = g.company_id
               and p.role_id = g.role_id and p.pattern = '*'
             where g.company_id = c.company_id and g.warehouse_id = 0 and g.amount_limit is null)";

    /// Keys end.
    KEYS_END = "an API key has a scope and belongs to a user",
        "select k.id from identity_api_key k
         where k.company_id = $1
           and (not exists (select 1 from identity_user u where u.id = k.user_id)
             or not exists (select 1 from identity_api_key_scope s
                 where s.company_id = k.company_id and s.api_key_id = k.id))";

    /// Whoever lost the device gets in again.
    RECOVERY_CODES = "a second factor that is on has ten recovery codes, and one that is not has none",
        "select f.user_id from identity_second_factor f
         where f.company_id = $1
           and (select count(*) from identity_recovery_code c
                where c.company_id = f.company_id and c.user_id = f.user_id)
             <> case when f.confirmed_at > 0 then 10 else 0 end";

    /// No code is accepted twice.
    CODES_ONCE = "a second factor that is on accepts no code of before it was confirmed",
        "select f.user_id, f.confirmed_at, f.last_step from identity_second_factor f
         where f.company_id = $1 and f.confirmed_at > 0
           and f.last_step < f.confirmed_at / 30000000 - 1";
}
