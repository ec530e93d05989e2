//! Every statement of the crate.

store::statements! {
    /// Opens a company.
    INSERT_COMPANY = "insert into identity_company
        (company_id, name, currency, zone, country, created_at) values ($1, $2, $3, $4, $5, $6)";

    /// One company.
    COMPANY = "select company_id, name, currency, zone, country from identity_company
        where company_id = $1";

    /// All companies.
    COMPANIES = "select company_id, name, currency, zone, country from identity_company
        order by name";

    /// The companies in which an active user holds a role.
    COMPANIES_OF = "select c.company_id, c.name, c.currency, c.zone, c.country
        from identity_company c
        where exists (select 1 from identity_grant g
            join identity_user u on u.id = g.user_id and u.active = 1
            where g.company_id = c.company_id and g.user_id = $1)
        order by c.name";

    /// The same companies, locked, so that two administrators cannot remove each other.
    LOCK_COMPANIES_OF = "select c.company_id from identity_company c
        where exists (select 1 from identity_grant g
            where g.company_id = c.company_id and g.user_id = $1)
        order by c.company_id {for_update:c}";

    /// Of these companies, those that nobody can administer.
    WITHOUT_ADMINISTRATOR = "select d.company_id from {rows:d(company_id)}
        where not exists (select 1 from identity_grant g
            join identity_user u on u.id = g.user_id and u.active = 1
            join identity_role_pattern p
              on p.company_id = g.company_id and p.role_id = g.role_id and p.pattern = '*'
            where g.company_id = d.company_id and g.warehouse_id = 0
              and g.amount_limit is null)";

    /// The company of a name.
    COMPANY_NAMED = "select company_id from identity_company where name = $1";

    /// The set-up token.
    UPSERT_SET_UP = "insert into identity_set_up (company_id, digest, issued_at)
        values (0, $1, $2)
        on conflict (company_id) do update set digest = excluded.digest,
            issued_at = excluded.issued_at";

    /// The set-up token, locked: of two set-ups at once, the second finds a user.
    LOCK_SET_UP = "select digest from identity_set_up
        where company_id = 0 and used_at is null {for_update}";

    /// Uses up the set-up token.
    USE_SET_UP = "update identity_set_up set used_at = $1 where company_id = 0 and used_at is null";

    /// Whether there is a user at all.
    ANY_USER = "select id from identity_user limit 1";

    /// A user who comes into being.
    INSERT_USER = "insert into identity_user
        (company_id, id, login, display_name, password, active, created_at)
        values ($1, $2, $3, $4, $5, 1, $6)";

    /// The user of a login.
    USER_OF_LOGIN = "select id from identity_user where login = $1";

    /// An active user of a company, or who holds a role in it, by login.
    MEMBER_OF_LOGIN = "select u.id from identity_user as u
        where u.login = $2 and u.active = 1
            and (u.company_id = $1 or exists (select 1 from identity_grant as g
                where g.company_id = $1 and g.user_id = u.id))";

    /// A user who can be charged with something in a company.
    MEMBER = "select u.display_name from identity_user as u
        where u.id = $2 and u.active = 1
            and (u.company_id = $1 or exists (select 1 from identity_grant as g
                where g.company_id = $1 and g.user_id = u.id))";

    /// The names of a user and of a company.
    NAMES = "select u.login, u.display_name, c.name from identity_user u
        join identity_company c on c.company_id = $1 where u.id = $2";

    /// What an active user's password is compared with.
    CREDENTIAL = "select id, password from identity_user where login = $1 and active = 1";

    /// Locks a user, whatever company administers it.
    LOCK_WHOEVER = "select id from identity_user where id = $1 {for_update}";

    /// Locks a user of a company.
    LOCK_USER = "select id from identity_user where company_id = $1 and id = $2 {for_update}";

    /// Another password.
    SET_PASSWORD = "update identity_user set password = $2 where id = $1";

    /// Off or on.
    SET_ACTIVE = "update identity_user set active = $2 where id = $1";

    /// What was done after a moment, the newest first.
    DONE_SINCE = "select id, verb from store_audit
        where company_id = $1 and recorded_at > $2 order by recorded_at desc, id desc limit $3";

    /// What was done to one record, the newest first.
    AUDIT_OF_RECORD = "select a.id, a.recorded_at, a.user_id, coalesce(u.login, '') as login,
            coalesce(u.display_name, '') as display_name, a.verb, a.object_kind, a.object_id,
            a.request_id, a.detail
        from store_audit as a left join identity_user as u on u.id = a.user_id
        where a.company_id = $1 and a.object_kind = $2 and a.object_id = $3
            and (cast($4 as {text}) is null or a.verb = cast($4 as {text}))
            and (cast($5 as {text}) is null or u.login = cast($5 as {text}))
            and (cast($6 as {i64}) = 1 or substr(a.verb, 1, 9) <> 'identity.')
            and (a.recorded_at < $7 or (a.recorded_at = $7 and a.id < $8))
        order by a.recorded_at desc, a.id desc limit $9";

    /// What was done, the newest first.
    AUDIT_TRAIL = "select a.id, a.recorded_at, a.user_id, coalesce(u.login, '') as login,
            coalesce(u.display_name, '') as display_name, a.verb, a.object_kind, a.object_id,
            a.request_id, a.detail
        from store_audit as a left join identity_user as u on u.id = a.user_id
        where a.company_id = $1 and a.recorded_at <= $7
            and (a.recorded_at < $7 or a.id < $8)
            and (cast($2 as {text}) is null or a.object_kind = cast($2 as {text}))
            and (cast($3 as {i64}) is null or a.object_id = cast($3 as {i64}))
            and (cast($4 as {text}) is null or a.verb = cast($4 as {text}))
            and (cast($5 as {text}) is null or u.login = cast($5 as {text}))
            and (cast($6 as {i64}) = 1 or substr(a.verb, 1, 9) <> 'identity.')
        order by a.recorded_at desc, a.id desc limit $9";

    /// The users of a company, and those who hold a role in it.
    USERS = "select d.id, d.login, d.display_name, d.active, d.has_password, d.since,
            d.second_factor, x.reset_at, coalesce(b.display_name, '') as reset_by, x.reason,
            cast(case when d.company_id = $1 then 1 else 0 end as {i64}) as is_own
        from (select u.company_id, u.id, u.login, u.display_name, u.active,
                cast(case when u.password is null then 0 else 1 end as {i64}) as has_password,
                cast(coalesce(f.confirmed_at, 0) as {i64}) as since,
                case when f.confirmed_at > 0 then 'on'
                    when cast($4 as {i64}) = 2 then 'missing'
                    when cast($4 as {i64}) = 1 and exists (select 1 from identity_grant g
                        join identity_role r on r.company_id = g.company_id and r.id = g.role_id
                        where g.company_id = $1 and g.user_id = u.id and r.second_factor = 1)
                        then 'missing'
                    else 'off' end as second_factor
            from identity_user u
            left join identity_second_factor f
                on f.company_id = u.company_id and f.user_id = u.id
            where (u.company_id = $1 or exists (select 1 from identity_grant g
                  where g.company_id = $1 and g.user_id = u.id))
              and u.login > $2 and u.active >= $3
              and (cast($7 as {text}) is null or u.login = cast($7 as {text}))) as d
        left join identity_second_factor_reset x on d.company_id = $1
            and x.company_id = d.company_id and x.user_id = d.id and x.number = (select max(y.number)
                from identity_second_factor_reset y
                where y.company_id = d.company_id and y.user_id = d.id)
        left join identity_user b on b.id = x.reset_by
        where cast($5 as {text}) is null or d.second_factor = cast($5 as {text})
        order by d.login limit $6";

    /// New roles.
    INSERT_ROLES = "insert into identity_role (company_id, id, name, built_in)
        select $1, d.id, d.name, d.built_in from {rows:d(id, name text, built_in)}";

    /// What roles give.
    INSERT_PATTERNS = "insert into identity_role_pattern (company_id, role_id, pattern)
        select $1, d.role_id, d.pattern from {rows:d(role_id, pattern text)}";

    /// Before a role gives something else.
    DELETE_PATTERNS = "delete from identity_role_pattern where company_id = $1 and role_id = $2";

    /// The role of a name.
    ROLE_NAMED = "select id from identity_role where company_id = $1 and name = $2 {for_update}";

    /// What a role gives.
    PATTERNS_OF_ROLE = "select pattern from identity_role_pattern
        where company_id = $1 and role_id = $2 order by pattern";

    /// All roles, a row for each pattern.
    ROLES = "select r.id, r.name, r.built_in, p.pattern, r.second_factor
        from identity_role r
        join identity_role_pattern p on p.company_id = r.company_id and p.role_id = r.id
        where r.company_id = $1 order by r.name, p.pattern";

    /// What an active user holds in a company, a row for each pattern.
    HELD_PATTERNS = "select c.company_id, c.name, c.currency, c.zone, c.country, g.role_id,
            g.warehouse_id, g.amount_limit, p.pattern
        from identity_grant g
        join identity_company c on c.company_id = g.company_id
        join identity_user u on u.id = g.user_id and u.active = 1
        join identity_role_pattern p on p.company_id = g.company_id and p.role_id = g.role_id
        where g.company_id = $1 and g.user_id = $2
        order by g.role_id, g.warehouse_id, p.pattern";

    /// What active users hold in a company, a row for each pattern.
    HELD_PATTERNS_OF = "select g.user_id, g.role_id, g.warehouse_id, g.amount_limit, p.pattern
        from identity_grant g
        join identity_user u on u.id = g.user_id and u.active = 1
        join identity_role_pattern p on p.company_id = g.company_id and p.role_id = g.role_id
        where g.company_id = $1 and g.user_id in (select d.user_id from {rows:d(user_id)})
        order by g.user_id, g.role_id, g.warehouse_id, p.pattern";

    /// The active users who hold a role in a company.
    MEMBERS = "select u.id, u.login, u.display_name from identity_user u
        where u.active = 1 and exists (select 1 from identity_grant g
            where g.company_id = $1 and g.user_id = u.id)
        order by u.login";

    /// Grants a role, or changes the limit.
    UPSERT_GRANT = "insert into identity_grant
        (company_id, user_id, role_id, warehouse_id, amount_limit, granted_by, granted_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (company_id, user_id, role_id, warehouse_id) do update set
            amount_limit = excluded.amount_limit, granted_by = excluded.granted_by,
            granted_at = excluded.granted_at";

    /// Takes a role away.
    DELETE_GRANT = "delete from identity_grant
        where company_id = $1 and user_id = $2 and role_id = $3 and warehouse_id = $4
        returning user_id";

    /// Who holds what.
    GRANTS = "select g.user_id, u.login, r.name, g.warehouse_id, g.amount_limit, g.granted_by,
            g.granted_at
        from identity_grant g
        join identity_user u on u.id = g.user_id
        join identity_role r on r.company_id = g.company_id and r.id = g.role_id
        where g.company_id = $1 and (cast($2 as {i64}) = 0 or g.user_id = cast($2 as {i64}))
        order by u.login, r.name, g.warehouse_id limit $3";

    /// A new key.
    INSERT_API_KEY = "insert into identity_api_key
        (company_id, id, user_id, name, digest, created_on, expires_on)
        values ($1, $2, $3, $4, $5, $6, $7)";

    /// What a key may do.
    INSERT_SCOPES = "insert into identity_api_key_scope (company_id, api_key_id, pattern)
        select $1, $2, d.pattern from {rows:d(pattern text)}";

    /// A key by its id, which is unique over all companies: a row for each scope.
    API_KEY = "select k.company_id, k.user_id, k.digest, k.expires_on, k.last_used_on,
            cast(case when k.revoked_at is null then 0 else 1 end as {i64}) as revoked, s.pattern
        from identity_api_key k
        join identity_api_key_scope s on s.company_id = k.company_id and s.api_key_id = k.id
        where k.id = $1 order by s.pattern";

    /// A key that stops, unless it has already.
    REVOKE_API_KEY = "update identity_api_key set revoked_at = $3
        where company_id = $1 and id = $2 and revoked_at is null returning id";

    /// A key that was used.
    TOUCH_API_KEY = "update identity_api_key set last_used_on = $3
        where company_id = $1 and id = $2 and (last_used_on is null or last_used_on < $3)";

    /// Keys, a row for each scope.
    API_KEYS = "select k.id, k.name, k.user_id, u.login, k.created_on, k.expires_on,
            k.last_used_on, k.revoked_at, s.pattern
        from identity_api_key k
        join identity_user u on u.id = k.user_id
        join identity_api_key_scope s on s.company_id = k.company_id and s.api_key_id = k.id
        where k.company_id = $1 and (cast($2 as {i64}) = 0 or k.user_id = cast($2 as {i64}))
        order by k.created_on, k.id, s.pattern";

    /// A session begins.
    INSERT_SESSION = "insert into identity_session
        (company_id, id, user_id, digest, started_at, seen_at, by_password)
        values ($1, $2, $3, $4, $5, $6, $7)";

    /// A session by its token, with what decides whether its user lacks a second factor.
    SESSION = "select s.company_id, s.id, s.user_id, s.started_at, s.seen_at,
            cast(case when s.ended_at is null then 0 else 1 end as {i64}) as ended,
            coalesce((select p.value from identity_policy p
                where p.company_id = s.company_id and p.name = 'second_factor'), '') as policy,
            cast(case when exists (select 1 from identity_second_factor f
                where f.user_id = s.user_id and f.confirmed_at > 0)
                then 1 else 0 end as {i64}) as has_second_factor,
            cast(case when exists (select 1 from identity_grant g
                join identity_role r on r.company_id = g.company_id and r.id = g.role_id
                where g.company_id = s.company_id and g.user_id = s.user_id and r.second_factor = 1)
                then 1 else 0 end as {i64}) as asked_by_role, s.by_password
        from identity_session s where s.digest = $1";

    /// Whose session it is.
    SESSION_OWNER = "select user_id from identity_session where company_id = $1 and id = $2";

    /// A session that was used.
    TOUCH_SESSION = "update identity_session set seen_at = $3
        where company_id = $1 and id = $2 and seen_at < $3";

    /// A session ends.
    END_SESSION = "update identity_session set ended_at = $3
        where company_id = $1 and id = $2 and ended_at is null";

    /// All sessions of a user end.
    END_SESSIONS_OF = "update identity_session set ended_at = $2
        where user_id = $1 and ended_at is null";

    /// Sessions that are not over.
    SESSIONS = "select id, user_id, started_at, seen_at from identity_session
        where company_id = $1 and (cast($2 as {i64}) = 0 or user_id = cast($2 as {i64}))
          and ended_at is null and seen_at > $3 and started_at > $4
        order by seen_at desc, id limit $5";

    /// A sign-in link.
    INSERT_LINK = "insert into identity_sign_in_link (company_id, digest, user_id, expires_at)
        values ($1, $2, $3, $4)";

    /// A sign-in link by its token, locked: it works once.
    LOCK_LINK = "select company_id, user_id, expires_at,
            cast(case when used_at is null then 0 else 1 end as {i64}) as used
        from identity_sign_in_link where digest = $1 {for_update}";

    /// Uses up a sign-in link.
    USE_LINK = "update identity_sign_in_link set used_at = $3
        where company_id = $1 and digest = $2 and used_at is null";

    /// What a user's devices encrypt with.
    DEVICE_KEY = "select secret from identity_device_key where company_id = $1 and user_id = $2";

    /// A device key, unless the user has one.
    INSERT_DEVICE_KEY = "insert into identity_device_key (company_id, user_id, secret, made_at)
        values ($1, $2, $3, $4) on conflict (company_id, user_id) do nothing returning user_id";

    /// A company's own choices.
    POLICIES = "select name, value from identity_policy where company_id = $1";

    /// A company's choice of one policy.
    UPSERT_POLICY = "insert into identity_policy (company_id, name, value) values ($1, $2, $3)
        on conflict (company_id, name) do update set value = excluded.value";
}
