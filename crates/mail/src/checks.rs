//! What must hold about mails, told apart from the code that keeps it so.

store::checks! {
    SENT_ONES_SAY_WHEN = "mail: a mail that was sent says when, and no other does",
        "select m.id, m.state from mail_mail as m
         where m.company_id = $1 and (m.state = 'sent') <> (m.sent_at is not null)";

    ONLY_QUEUED_ONES_ARE_LEASED = "mail: only a mail that is queued is leased, and was tried then",
        "select m.id, m.state from mail_mail as m
         where m.company_id = $1 and m.leased_until > 0
             and (m.state <> 'queued' or m.attempts < 1)";
}
