-- Mails that go out. A mail is queued in the transaction of what it tells of, and taken by whoever
-- delivers it under a lease.

-- due_at is when it is tried next; leased_until is 0 while nobody has it. content is the attached file,
-- empty without one.
create table mail_mail (
    company_id {i64} not null,
    id {i64} not null,
    record_kind {text} not null,
    record_id {i64} not null,
    record_name {text} not null,
    purpose {text} not null constraint mail_mail_purpose check (purpose in ('order', 'reminder')),
    recipient {text} not null,
    subject {text} not null,
    body {text} not null,
    message_id {text} not null,
    state {text} not null constraint mail_mail_state check (state in ('queued', 'sent', 'failed')),
    attempts {i64} not null,
    due_at {i64} not null,
    leased_until {i64} not null,
    answer {text} not null,
    queued_at {i64} not null,
    queued_by {i64} not null,
    sent_at {i64},
    file_name {text} not null,
    media_type {text} not null,
    content {bytes} not null,
    primary key (company_id, id),
    constraint mail_mail_message unique (company_id, message_id),
    constraint mail_mail_company foreign key (company_id) references identity_company (company_id)
) {table};

create index mail_mail_due on mail_mail (company_id, state, due_at);
create index mail_mail_by_record
    on mail_mail (company_id, record_kind, record_id, purpose, queued_at);
create index mail_mail_by_queued on mail_mail (company_id, queued_at, id);
