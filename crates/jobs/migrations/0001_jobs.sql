-- Work that comes again, one row for each job of a company.

-- minute is that of the company's day (0 to 1439) for a daily job, and how many lie between two runs for
-- one that comes every so many. next_at is when it is due by itself; asked_at is 0 unless somebody asked
-- for a run. token counts the runs: a run's end is noted under its own alone. leased_until is 0 while no
-- node has it.
create table jobs_job (
    company_id {i64} not null,
    name {text} not null,
    state {text} not null constraint jobs_job_state check (state in ('active', 'paused', 'failed')),
    schedule {text} not null constraint jobs_job_schedule check (schedule in ('daily', 'every')),
    minute {i64} not null constraint jobs_job_minute check (minute >= 0 and minute <= 1440),
    next_at {i64} not null,
    asked_at {i64} not null,
    asked_by {i64} not null,
    failures {i64} not null,
    token {i64} not null,
    leased_until {i64} not null,
    primary key (company_id, name),
    constraint jobs_job_company foreign key (company_id) references identity_company (company_id)
) {key_table};

-- Every run. ended_at is 0 while it runs; asked_by is 0 for one that came by itself.
create table jobs_run (
    company_id {i64} not null,
    id {i64} not null,
    name {text} not null,
    token {i64} not null,
    asked {i64} not null,
    asked_by {i64} not null,
    began_at {i64} not null,
    ended_at {i64} not null,
    outcome {text} not null constraint jobs_run_outcome
        check (outcome in ('running', 'done', 'failed', 'lost')),
    told {text} not null,
    primary key (company_id, id),
    constraint jobs_run_token unique (company_id, name, token),
    constraint jobs_run_job foreign key (company_id, name) references jobs_job (company_id, name)
) {table};

create index jobs_run_time on jobs_run (company_id, began_at, id);
