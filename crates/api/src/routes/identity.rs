//! Users, roles, keys, policies and approvals.

use crate::route::{Done, Routes, whole};
use identity::{
    AUDIT, CHANGE_ROLE, CREATE_COMPANY, CREATE_ROLE, CREATE_USER, GRANT, READ,
    REQUIRE_SECOND_FACTOR, RESET_SECOND_FACTOR, REVOKE, SET_ACTIVE,
};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/companies", CREATE_COMPANY, "Open a further company", identity::create_company)
        .verb("/users", CREATE_USER, "Create a user", identity::create_user)
        .list("/users", READ, "List users", |tx, ctx, filter| {
            identity::users(tx, ctx, filter).map(whole)
        })
        .verb("/users/active", SET_ACTIVE, "Switch a user on or off", |tx, ctx, request| {
            identity::set_active(tx, ctx, request).map(|()| Done::now())
        })
        .verb(
            "/users/reset-second-factor",
            RESET_SECOND_FACTOR,
            "Take a user's second factor away",
            |tx, ctx, request| {
                identity::reset_second_factor(tx, ctx, request).map(|()| Done::now())
            },
        )
        .verb("/roles", CREATE_ROLE, "Create a role", identity::create_role)
        .list("/roles", READ, "List roles", |tx, ctx, filter| {
            identity::roles(tx, ctx, filter).map(whole)
        })
        .verb("/roles/change", CHANGE_ROLE, "Change a role", |tx, ctx, request| {
            identity::change_role(tx, ctx, request).map(|()| Done::now())
        })
        .verb(
            "/roles/second-factor",
            REQUIRE_SECOND_FACTOR,
            "Say whether whoever holds a role has to have a second factor",
            |tx, ctx, request| {
                identity::require_second_factor(tx, ctx, request).map(|()| Done::now())
            },
        )
        .verb("/grants", GRANT, "Grant a role to a user", |tx, ctx, request| {
            identity::grant(tx, ctx, request).map(|()| Done::now())
        })
        .list("/grants", READ, "List grants", |tx, ctx, filter| {
            identity::grants(tx, ctx, filter).map(whole)
        })
        .verb("/grants/revoke", REVOKE, "Take a role away", |tx, ctx, request| {
            identity::revoke(tx, ctx, request).map(|()| Done::now())
        })
        .list("/api-keys", READ, "List API keys", |tx, ctx, filter| {
            identity::api_keys(tx, ctx, filter).map(whole)
        })
        .list("/audit", AUDIT, "List what was done, the newest first", identity::audit_trail)
}
