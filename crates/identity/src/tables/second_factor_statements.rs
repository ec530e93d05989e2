//! The statements about second factors.

store::statements! {
    /// The user of a factor, locked: always before the factor itself, in whatever is done.
    LOCK_OWNER = "select id from identity_user where id = $1 {for_update}";

    /// A user's factor, locked: of two requests with one code the second finds it used.
    LOCK_FACTOR = "select company_id, secret, made_at, confirmed_at, last_step, wrong_in_a_row
        from identity_second_factor where user_id = $1 {for_update}";

    /// What a user is told of the own factor.
    OWN_FACTOR = "select cast(coalesce(f.confirmed_at, 0) as {i64}) as since,
            cast((select count(*) from identity_recovery_code c where c.company_id = f.company_id
                and c.user_id = f.user_id and c.used_at = 0) as {i64}) as codes_left,
            cast(case when u.password is null then 0 else 1 end as {i64}) as has_password,
            cast(coalesce(f.wrong_in_a_row, 0) as {i64}) as wrong_in_a_row,
            cast(coalesce(f.wrong_codes, 0) as {i64}) as wrong_codes,
            cast(coalesce(f.wrong_at, 0) as {i64}) as wrong_at
        from identity_user u
        left join identity_second_factor f on f.company_id = u.company_id and f.user_id = u.id
        where u.id = $1";

    /// A secret to be confirmed, in the place of one that was not.
    BEGIN_FACTOR = "insert into identity_second_factor
        (company_id, user_id, secret, made_at, confirmed_at, last_step)
        select u.company_id, u.id, cast($2 as {bytes}), cast($3 as {i64}), 0, 0
        from identity_user u where u.id = $1
        on conflict (company_id, user_id) do update set secret = excluded.secret,
            made_at = excluded.made_at
        where identity_second_factor.confirmed_at = 0
        returning user_id";

    /// The factor is on.
    CONFIRM_FACTOR = "update identity_second_factor set last_step = $3, confirmed_at = $4
        where company_id = $1 and user_id = $2 and confirmed_at = 0";

    /// A code of a step was used.
    ACCEPT_STEP = "update identity_second_factor set last_step = $3, wrong_in_a_row = 0
        where company_id = $1 and user_id = $2 and last_step < $3";

    /// A recovery code was right.
    END_WRONG_CODES = "update identity_second_factor set wrong_in_a_row = 0
        where company_id = $1 and user_id = $2";

    /// A code was wrong.
    COUNT_WRONG_CODE = "update identity_second_factor set wrong_in_a_row = wrong_in_a_row + 1,
            wrong_codes = wrong_codes + 1, wrong_at = $2
        where user_id = $1 and confirmed_at > 0 returning company_id, wrong_in_a_row";

    /// Fresh recovery codes.
    INSERT_RECOVERY_CODES = "insert into identity_recovery_code
        (company_id, user_id, number, digest, used_at)
        select $1, $2, d.number, d.digest, 0 from {rows:d(number, digest bytes)}";

    /// A recovery code is used up.
    USE_RECOVERY_CODE = "update identity_recovery_code set used_at = $4
        where company_id = $1 and user_id = $2 and digest = $3 and used_at = 0 returning number";

    /// Before there are others.
    DELETE_RECOVERY_CODES = "delete from identity_recovery_code
        where company_id = $1 and user_id = $2";

    /// The factor is off.
    DELETE_FACTOR = "delete from identity_second_factor where company_id = $1 and user_id = $2";

    /// Somebody else took it away.
    INSERT_RESET = "insert into identity_second_factor_reset
        (company_id, user_id, number, reset_by, reset_at, reason)
        select $1, $2, (select coalesce(max(r.number), 0) + 1 from identity_second_factor_reset r
            where r.company_id = $1 and r.user_id = $2), $3, $4, cast($5 as {text})";

    /// When that was last.
    LAST_RESET = "select r.reset_at, coalesce(b.display_name, '') as reset_by, r.reason
        from identity_user u
        join identity_second_factor_reset r on r.company_id = u.company_id and r.user_id = u.id
        left join identity_user b on b.id = r.reset_by
        where u.id = $1 order by r.number desc limit 1";

    /// All sessions of a user end but one.
    END_OTHER_SESSIONS_OF = "update identity_session set ended_at = $3
        where user_id = $1 and id <> $2 and ended_at is null";

    /// Whether whoever holds a role has to have a second factor.
    REQUIRE_OF_ROLE = "update identity_role set second_factor = $3
        where company_id = $1 and id = $2";
}
