//! Mails that go out.

use crate::route::Routes;
use mail::{READ, RETRY};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .list("/mails", READ, "List mails", mail::list_mails)
        .detail("/mails/{id}", READ, "Show a mail", mail::mail)
        .verb("/mails/retry", RETRY, "Try a failed mail again", mail::retry_mail)
}
